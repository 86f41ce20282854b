import { Button, Checkbox, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askSupplement } from "../api/department-calls";
import type { TaskView } from "../api/types";
import { useDraft } from "../shared/draft";
import { Field } from "../shared/Field";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { walkBoxes } from "../shared/walk";
import { useReadAgain, useTaskChanged } from "./queries";
import { SealLine, Sure } from "./Sure";

/** What an approver marks as missing: points of the item with a note each, and things in own words. */
interface Notice {
  ticked: string[];
  notes: Record<string, string>;
  others: { material: string | null; reason: string }[];
  allowed: string;
}

const LONGEST = 500;

/** A notice is one line a point on its paper. */
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ").trim();

/** Tells the applicant once what is missing (补正告知): exactly the ticked points, each with its note. */
export function AskSupplement({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const again = view.notices.length > 0;
  const [draft, change, drop] = useDraft<Notice>(`department.ask.${view.id}`, () => ({
    // A hall hands on no case with a blocking point open; what is only advised is told where somebody wants it told.
    ticked: [] as string[],
    notes: {},
    others: [],
    allowed: "",
  }));
  const [insist, setInsist] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const ask = useCommand(
    askSupplement,
    (asked) => {
      drop();
      changed(asked);
    },
    useReadAgain(),
  );
  const nameOf = (code: string | null) =>
    view.materials.find((material) => material.code === code)?.name ?? code;
  const noteOf = (code: string, reason: string) => draft.notes[code] ?? reason;
  // What the machine has found met is not told as missing.
  const canLack = view.points.filter(({ by_machine, met }) => !(by_machine && met));
  const ticked = canLack.filter(({ code }) => draft.ticked.includes(code));
  const points = [
    ...ticked.map(({ code, material, reason }) => ({
      code,
      material,
      reason: oneLine(noteOf(code, reason)),
    })),
    ...draft.others.map(({ material, reason }) => ({ code: null, material, reason: oneLine(reason) })),
  ];
  const emptyNote = points.some(({ reason }) => !reason);
  const allowedMissing = again && !draft.allowed.trim();

  const submit = () => {
    setInsist(true);
    if (!points.length) return document.querySelector<HTMLElement>(".notice-points input")?.focus();
    if (emptyNote)
      return document.querySelector<HTMLElement>(".notice-points .note-missing textarea")?.focus();
    if (allowedMissing) return document.getElementById("ask-allowed")?.focus();
    setConfirming(true);
  };
  const send = () => {
    setConfirming(false);
    void ask.run({
      id: view.id,
      version: view.version,
      points: points.map(({ code, material, reason }) => ({
        reason,
        ...(code ? { code } : {}),
        ...(material ? { material } : {}),
      })),
      ...(again ? { allowed: draft.allowed.trim() } : {}),
    });
  };
  useShortcut("submit", submit);
  const tick = (code: string) =>
    change((before) => ({
      ...before,
      ticked: before.ticked.includes(code)
        ? before.ticked.filter((other) => other !== code)
        : [...before.ticked, code],
    }));
  const setOther = (at: number, part: Partial<Notice["others"][number]>) =>
    change((before) => ({
      ...before,
      others: before.others.map((other, nth) => (nth === at ? { ...other, ...part } : other)),
    }));

  return (
    <Section title={t(again ? "ask.titleAgain" : "ask.title")} className="decide">
      <p className="quiet">{t(again ? "ask.hintAgain" : "ask.hint")}</p>
      {insist && !points.length && <p className="bad">{t("ask.nothing")}</p>}
      <ul className="plain-list notice-points" onKeyDown={walkBoxes}>
        {canLack.map(({ code, material, text, reason }) => {
          const chosen = draft.ticked.includes(code);
          const missing = insist && chosen && !oneLine(noteOf(code, reason));
          return (
            <li key={code} className={missing ? "note-missing" : undefined}>
              <Checkbox checked={chosen} onChange={() => tick(code)} data-testid={`ask-${code}`}>
                <span lang="zh-CN">
                  {material && <b>{nameOf(material)}：</b>}
                  {text}
                </span>
              </Checkbox>
              {chosen && (
                <Input.TextArea
                  lang="zh-CN"
                  aria-label={t("ask.noteOf", { point: text })}
                  aria-invalid={missing}
                  autoSize={{ minRows: 1, maxRows: 4 }}
                  maxLength={LONGEST}
                  value={noteOf(code, reason)}
                  onChange={(event) => {
                    const note = event.target.value;
                    change((before) => ({ ...before, notes: { ...before.notes, [code]: note } }));
                  }}
                />
              )}
            </li>
          );
        })}
        {draft.others.map((other, at) => (
          <li key={at} className={insist && !oneLine(other.reason) ? "note-missing" : undefined}>
            <div className="notice-other">
              <Select
                aria-label={t("ask.material")}
                value={other.material ?? ""}
                onChange={(value: string) => setOther(at, { material: value || null })}
                options={[
                  { value: "", label: t("ask.noMaterial") },
                  ...view.materials.map(({ code, name }) => ({ value: code, label: name })),
                ]}
              />
              <Button
                size="small"
                onClick={() =>
                  change((before) => ({ ...before, others: before.others.filter((_, nth) => nth !== at) }))
                }
              >
                {t("ask.remove")}
              </Button>
            </div>
            <Input.TextArea
              lang="zh-CN"
              aria-label={t("ask.other")}
              autoSize={{ minRows: 1, maxRows: 4 }}
              maxLength={LONGEST}
              value={other.reason}
              onChange={(event) => setOther(at, { reason: event.target.value })}
            />
          </li>
        ))}
      </ul>
      {insist && emptyNote && <p className="bad">{t("ask.noteMissing")}</p>}
      <Button
        size="small"
        className="notice-add"
        onClick={() =>
          change((before) => ({ ...before, others: [...before.others, { material: null, reason: "" }] }))
        }
      >
        {t("ask.add")}
      </Button>
      {again && (
        <Field
          id="ask-allowed"
          label={t("ask.allowed")}
          required
          fault={insist && allowedMissing ? t("field.required") : null}
        >
          <Input.TextArea
            id="ask-allowed"
            data-testid="ask-allowed"
            lang="zh-CN"
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={1000}
            value={draft.allowed}
            onChange={(event) => {
              const allowed = event.target.value;
              change((before) => ({ ...before, allowed }));
            }}
          />
        </Field>
      )}
      <Problem
        of={ask.problem}
        nameOf={fieldName}
        onRetry={ask.problem?.uncertain ? () => void ask.retry() : undefined}
      />
      <p className="decide-foot">
        <Button type="primary" size="large" loading={ask.busy} onClick={submit} data-testid="ask-submit">
          {t("ask.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
      </p>
      <Sure
        of={view}
        open={confirming}
        title={t("ask.confirmTitle")}
        ok={t("ask.confirm")}
        width={680}
        onOk={send}
        onClose={() => setConfirming(false)}
      >
        <div className="paper-preview" lang="zh-CN">
          <h3>{view.papers_to_come.supplement_notice}</h3>
          <p>{view.applicant.name}：</p>
          <ol>
            {points.map(({ code, material, reason }, at) => (
              <li key={code ?? `other-${at}`}>
                {material && <b>{nameOf(material)}：</b>}
                {reason}
              </li>
            ))}
          </ol>
        </div>
        {again && (
          <p>
            {t("ask.allowed")}：<span lang="zh-CN">{draft.allowed}</span>
          </p>
        )}
        <p>{t("ask.confirmWords", { count: points.length })}</p>
        <SealLine of={view} />
      </Sure>
    </Section>
  );

  function fieldName(pointer: string): string | undefined {
    if (pointer === "/allowed") return t("ask.allowed");
    const nth = /^\/points\/(\d+)/.exec(pointer)?.[1];
    return nth === undefined ? undefined : t("ask.nth", { nth: Number(nth) + 1 });
  }
}
