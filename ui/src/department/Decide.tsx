import { Button, Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { decideTask } from "../api/department-calls";
import type { Outcome, TaskView } from "../api/types";
import { DateField } from "../shared/DateField";
import { isNoDay } from "../shared/day";
import { useDraft } from "../shared/draft";
import { Field } from "../shared/Field";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { Row, Rows } from "../shared/Rows";
import { useReadAgain, useTaskChanged } from "./queries";
import { SealLine, Sure } from "./Sure";

interface Opinion {
  outcome: Outcome | null;
  opinion: string;
  rows: { label: string; value: string }[];
  valid_from: string;
  valid_until: string | null;
}

/** Decides a task (准予 / 不予). What is decided is final, so it is shown once more before it goes. */
export function Decide({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const { result, texts } = view;
  const [draft, change, drop] = useDraft<Opinion>(`department.decide.${view.id}`, () => ({
    outcome: null,
    opinion: "",
    rows: result.rows,
    valid_from: result.valid_from,
    valid_until: result.valid_until ?? null,
  }));
  const [insist, setInsist] = useState(false);
  const [confirming, setConfirming] = useState(false);
  // Half a date is none yet.
  const [left, setLeft] = useState(false);
  const decide = useCommand(
    decideTask,
    (decided) => {
      drop();
      changed(decided);
    },
    useReadAgain(),
  );
  const set = (part: Partial<Opinion>) => change((before) => ({ ...before, ...part }));

  const certified = draft.outcome === "granted" && Boolean(result.certificate_title);
  const textOf = (outcome: Outcome | null) =>
    (outcome === "granted" ? texts?.grant : outcome === "denied" ? texts?.refuse : null) ?? "";
  const template = textOf(draft.outcome);
  // The text for choosing comes at once where nobody has written anything of their own.
  const choose = (outcome: Outcome) => {
    const untouched = ["", textOf("granted"), textOf("denied")].includes(draft.opinion.trim());
    set({ outcome, ...(untouched ? { opinion: textOf(outcome) } : {}) });
  };
  const opinionMissing = !draft.opinion.trim();
  // The text says that it is refused, and only the department can say why.
  const reasonMissing =
    draft.outcome === "denied" && !opinionMissing && draft.opinion.trim() === template.trim();
  const wrongDay = (name: string, value: string | null) =>
    isNoDay(value) ? t("field.wrong-date", { name, value }) : null;
  const fromFault = draft.valid_from
    ? wrongDay(t("decide.validFrom"), draft.valid_from)
    : t("field.required");
  const before = draft.valid_until !== null && draft.valid_until < draft.valid_from;
  const untilFault =
    wrongDay(t("decide.validUntil"), draft.valid_until) ??
    (!fromFault && before
      ? t("decide.datesWrong", { from: draft.valid_from, until: draft.valid_until })
      : null);
  const wrongDate = !certified ? null : fromFault ? "valid-from" : untilFault ? "valid-until" : null;
  const emptyRow = certified && draft.rows.some(({ value }) => !value.trim());
  const ask = () => {
    setInsist(true);
    if (!draft.outcome) document.querySelector<HTMLElement>("[data-testid=task-decide-grant]")?.focus();
    else if (opinionMissing || reasonMissing) document.getElementById("task-opinion")?.focus();
    else if (wrongDate) document.getElementById(wrongDate)?.focus();
    else if (!emptyRow) setConfirming(true);
  };
  const send = () => {
    setConfirming(false);
    if (!draft.outcome) return;
    const certificate = { rows: draft.rows, valid_from: draft.valid_from, valid_until: draft.valid_until };
    void decide.run({
      id: view.id,
      version: view.version,
      outcome: draft.outcome,
      opinion: draft.opinion.trim(),
      ...(certified ? { certificate } : {}),
    });
  };
  useShortcut("submit", ask);

  return (
    <Section title={t("decide.title")} className="decide">
      <Radio.Group
        className="decide-outcome"
        aria-label={t("decide.outcome")}
        value={draft.outcome}
        onChange={(event) => choose(event.target.value as Outcome)}
      >
        <Radio value="granted" data-testid="task-decide-grant">
          {t("outcome.granted")}
        </Radio>
        <Radio value="denied" data-testid="task-decide-deny">
          {t("outcome.denied")}
        </Radio>
      </Radio.Group>
      {insist && !draft.outcome && <p className="bad">{t("decide.outcomeMissing")}</p>}
      <Field
        id="task-opinion"
        label={t(draft.outcome === "denied" ? "decide.reason" : "decide.opinion")}
        required
        fault={
          insist && opinionMissing
            ? t("field.required")
            : insist && reasonMissing
              ? t("decide.reasonMissing")
              : null
        }
      >
        <Input.TextArea
          id="task-opinion"
          data-testid="task-opinion"
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={1000}
          value={draft.opinion}
          onChange={(event) => set({ opinion: event.target.value })}
        />
      </Field>
      {template && draft.opinion.trim() !== template && (
        <Button
          size="small"
          className="decide-template"
          data-testid="task-template"
          onClick={() => set({ opinion: template })}
        >
          {t("decide.template")}
        </Button>
      )}
      {certified && (
        <fieldset className="certificate">
          <legend lang="zh-CN">{result.certificate_title}</legend>
          {draft.rows.map(({ label, value }, at) => (
            <Field
              key={label}
              id={`certificate-${at}`}
              label={label}
              fault={insist && !value.trim() ? t("field.required") : null}
            >
              <Input
                id={`certificate-${at}`}
                lang="zh-CN"
                value={value}
                onChange={(event) =>
                  set({
                    rows: draft.rows.map((row, other) =>
                      other === at ? { label, value: event.target.value } : row,
                    ),
                  })
                }
              />
            </Field>
          ))}
          <div className="fields">
            <Field
              id="valid-from"
              label={t("decide.validFrom")}
              required
              fault={insist || left ? fromFault : null}
            >
              <DateField
                id="valid-from"
                value={draft.valid_from || null}
                onChange={(day) => set({ valid_from: day ?? "" })}
                onBlur={() => setLeft(true)}
              />
            </Field>
            <Field
              id="valid-until"
              label={t("decide.validUntil")}
              hint={draft.valid_until === null ? t("decision.forever") : undefined}
              fault={insist || left ? untilFault : null}
            >
              <DateField
                id="valid-until"
                value={draft.valid_until}
                onChange={(day) => set({ valid_until: day })}
                onBlur={() => setLeft(true)}
              />
            </Field>
          </div>
        </fieldset>
      )}
      <Problem
        of={decide.problem}
        nameOf={(pointer) => fieldName(pointer, draft) ?? undefined}
        onRetry={decide.problem?.uncertain ? () => void decide.retry() : undefined}
      />
      <p className="decide-foot">
        <Button
          type="primary"
          size="large"
          danger={draft.outcome === "denied"}
          loading={decide.busy}
          onClick={ask}
          data-testid="task-decide-submit"
        >
          {t("decide.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
      </p>
      <Sure
        of={view}
        open={confirming}
        title={t("decide.confirmTitle")}
        ok={draft.outcome ? t(`decide.confirm.${draft.outcome}`) : ""}
        danger={draft.outcome === "denied"}
        width={600}
        onOk={send}
        onClose={() => setConfirming(false)}
      >
        <p>
          {draft.outcome && (
            <b className={`outcome outcome-${draft.outcome}`}>{t(`outcome.${draft.outcome}`)}</b>
          )}{" "}
          <span lang="zh-CN">
            {draft.outcome === "granted" ? view.papers_to_come.granted : view.papers_to_come.denied}
          </span>
        </p>
        <p className="paper-preview" lang="zh-CN">
          {draft.opinion}
        </p>
        {certified && (
          <Rows>
            <Row title={t("fact.certificate")}>
              <span lang="zh-CN">{result.certificate_title}</span>
            </Row>
            {draft.rows.map(({ label, value }) => (
              <Row key={label} title={label} lang="zh-CN">
                <span lang="zh-CN">{value}</span>
              </Row>
            ))}
            <Row title={t("decide.validUntil")}>{draft.valid_until ?? t("decision.forever")}</Row>
          </Rows>
        )}
        <p>{t("decide.confirmWords")}</p>
        <SealLine of={view} />
      </Sure>
    </Section>
  );

  function fieldName(pointer: string, { rows }: Opinion): string | null {
    const row = /^\/certificate\/rows\/(\d+)/.exec(pointer)?.[1];
    if (row) return rows[Number(row)]?.label ?? null;
    if (pointer === "/opinion") return t("decide.opinion");
    if (pointer === "/outcome") return t("decide.outcome");
    if (pointer === "/certificate/valid_from") return t("decide.validFrom");
    return pointer === "/certificate/valid_until" ? t("decide.validUntil") : null;
  }
}
