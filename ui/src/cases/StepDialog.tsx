import { Input, Modal, Radio } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import type { Outcome } from "../api/types";
import { Field } from "../shared/Field";
import { useFocusBack } from "../shared/focus";
import { Problem } from "../shared/Problem";
import { isEnter } from "../shared/shortcuts";
import { useAskedLeave } from "../shared/useAskedLeave";
import { walkBoxes } from "../shared/walk";
import { competentOf, GroundFields, openGround, type Grounds } from "./GroundFields";
import { numberOf, type Act, type Missing, type Step, type Texts } from "./steps";

const LONGEST = 1000;
/** One line of a notice. */
const LONGEST_LINE = 500;

interface Props {
  acts: Act[];
  /** What a notice can name. */
  missing: Missing[];
  /** The notice names just what is open; nobody chooses. */
  fixed?: boolean;
  /** Leads to what nobody has looked at, without which no notice says everything. */
  onLook?: () => void;
  /** From what a decision's text starts. */
  texts?: Texts;
  /** How many notices there were before; another is allowed by a manager, who says why. */
  earlier?: number;
  busy: boolean;
  problem: Failure | null;
  onStep: (step: Step) => void;
  onRetry?: () => void;
  onClose: () => void;
}

const NO_TEXTS: Texts = { granted: "", denied: "" };

const FIRST: Record<Act, string> = {
  "ask-supplement": "step-allowed",
  reject: "step-ground",
  accept: "step-ok",
  decide: "step-outcome",
  withdraw: "step-text",
};

/** A step that cannot be taken back: chosen, filled in, and said once more before it is done. */
export function StepDialog(props: Props) {
  const {
    acts,
    missing,
    fixed = false,
    onLook,
    texts = NO_TEXTS,
    earlier = 0,
    busy,
    problem,
    onStep,
    onRetry,
    onClose,
  } = props;
  const { t } = useTranslation();
  const again = earlier > 0;
  const nameOf = (act: Act) =>
    act === "ask-supplement" && again ? t("act.againNth", { nth: earlier + 1 }) : t(`act.${act}`);
  const [act, setAct] = useState<Act | null>(acts.length === 1 ? acts[0]! : null);
  const [chosen, setChosen] = useState(() => missing.filter(({ open }) => open).map(keyOf));
  const [own, setOwn] = useState<Record<string, string>>({});
  const [allowed, setAllowed] = useState("");
  const [grounds, setGrounds] = useState<Grounds>({ ground: null, authority: "" });
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  // What was written for one paper is never taken for another.
  const [written, setWritten] = useState<Record<string, string>>({});
  const [insist, setInsist] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  useFocusBack();
  // Arrows go from one act to the next; only a number leads on into what it asks for.
  const byNumber = useRef(true);
  const pick = (picked: Act, numbered: boolean) => {
    byNumber.current = numbered;
    setInsist(false);
    setAct(picked);
  };

  const paper = act === "decide" ? (outcome ?? "") : (act ?? "");
  const words = written[paper] ?? (act === "decide" && outcome ? texts[outcome] : "");
  const setWords = (text: string) => setWritten((before) => ({ ...before, [paper]: text }));
  const reason = words.trim();
  // The text says that it is denied, and only who decides can say why.
  const reasonMissing = act === "decide" && outcome === "denied" && reason === texts.denied.trim();
  const told = missing.filter((one) => chosen.includes(keyOf(one)));
  const unseen = act === "ask-supplement" ? missing.filter((one) => one.unseen) : [];
  const stepOf = (): Step | null => {
    switch (act) {
      case null:
        return null;
      case "ask-supplement": {
        if (!told.length || (again && !allowed.trim())) return null;
        if (unseen.length) return null;
        const codes = (of: Missing["of"]) => told.filter((one) => one.of === of).map(({ code }) => code);
        return {
          act,
          points: codes("point"),
          materials: codes("material"),
          words: Object.fromEntries(
            codes("point").flatMap((code) => (own[code]?.trim() ? [[code, own[code].trim()]] : [])),
          ),
          allowed: again ? allowed.trim() : null,
        };
      }
      case "reject": {
        const { ground } = grounds;
        if (!ground || !reason || openGround(grounds)) return null;
        return {
          act,
          ground,
          reason,
          competent_authority: competentOf(grounds),
        };
      }
      case "accept":
        return { act };
      case "decide":
        return outcome && reason && !reasonMissing ? { act, outcome, reason } : null;
      case "withdraw":
        return reason ? { act, text: reason } : null;
    }
  };
  const submit = () => {
    if (unseen.length) return onLook?.();
    setInsist(true);
    const step = stepOf();
    if (step && !busy) return onStep(step);
    const wrong = body.current?.querySelector<HTMLElement>(
      "[aria-invalid=true], [data-missing=true] input, [data-missing=true]",
    );
    wrong?.focus();
  };
  // What is to be filled in for the act gets the keyboard when the act is chosen by its number.
  const begin = useCallback(() => {
    if (!act) return body.current?.querySelector<HTMLElement>("input")?.focus();
    if (!byNumber.current) return;
    const first = document.getElementById(FIRST[act]) ?? body.current?.querySelector(".step-missing");
    const field = first?.matches("input, textarea, button") ? first : first?.querySelector("input");
    (field ?? document.getElementById("step-ok"))?.focus();
  }, [act]);
  useEffect(begin, [begin]);
  const first = useRef(begin);
  useEffect(() => {
    // What the dialog shows is there a moment after it.
    const soon = setTimeout(() => {
      if (!body.current?.contains(document.activeElement)) first.current();
    });
    return () => clearTimeout(soon);
  }, []);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const typing = (event.target as HTMLElement).matches(
      "textarea, input:not([type=radio], [type=checkbox])",
    );
    if (isEnter(event) && (event.ctrlKey || (event.repeat && !typing))) {
      // The key that is still held from before must not press the button that has the keyboard now.
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) submit();
      return;
    }
    // In a text a number is a number, and chooses with Alt. There the layout may make another sign of it.
    if (event.ctrlKey || event.metaKey || (typing && !event.altKey)) return;
    const number = event.altKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : event.key;
    const picked = acts.find((one) => `${numberOf(one)}` === number);
    if (picked && acts.length > 1) {
      event.preventDefault();
      pick(picked, true);
    }
  };
  const typed = [allowed, grounds.authority, ...Object.values(own), ...Object.values(written)];
  const leave = useAskedLeave(
    typed.some((text) => text.trim()),
    onClose,
  );
  const isFinal = act !== null && act !== "accept" && !unseen.length;
  const lacking = (missing: boolean) => insist && missing;

  return (
    <Modal
      open
      width={720}
      title={act && acts.length === 1 ? nameOf(act) : t("act.title")}
      onCancel={leave}
      mask={{ closable: false }}
      onOk={submit}
      okText={
        <>
          {unseen.length ? t("act.look") : act ? t(`act.do.${act}`) : t("act.choose")} <kbd>Ctrl+Enter</kbd>
        </>
      }
      cancelText={t("cancel")}
      confirmLoading={busy}
      // The keys hold in all of the dialog, its buttons too.
      modalRender={(dialog) => <div onKeyDown={onKeyDown}>{dialog}</div>}
      okButtonProps={{ id: "step-ok", danger: isFinal, "data-testid": "step-ok" }}
      afterOpenChange={(open) => {
        // The dialog takes the keyboard as it opens; who was faster keeps it.
        if (open && !body.current?.contains(document.activeElement)) begin();
      }}
    >
      <div ref={body} className="step">
        {acts.length > 1 && (
          <div className="choices" role="radiogroup" aria-label={t("act.title")}>
            {acts.map((one) => (
              <label key={one} className="choice">
                <input
                  type="radio"
                  name="step-act"
                  checked={act === one}
                  onChange={() => pick(one, false)}
                  data-testid={`step-act-${one}`}
                />
                <kbd>{numberOf(one)}</kbd> {nameOf(one)}
              </label>
            ))}
            <span className="quiet">{t("act.keys")}</span>
          </div>
        )}
        {act === "ask-supplement" && (
          <>
            <p>{t(unseen.length ? "act.unseen" : fixed ? "act.noticeFixed" : "act.noticeChoose")}</p>
            <ul
              className="plain-list step-missing"
              data-missing={lacking(!told.length)}
              onKeyDown={walkBoxes}
            >
              {(unseen.length ? unseen : missing).map((one) => (
                <li key={keyOf(one)} lang="zh-CN">
                  {fixed ? (
                    // Nobody has found it so yet: it is named as what is to be looked at.
                    <MissingWords of={one.unseen ? { ...one, text: one.unseen } : one} />
                  ) : (
                    <label className="point-line">
                      <input
                        type="checkbox"
                        data-testid={`step-missing-${one.code}`}
                        checked={chosen.includes(keyOf(one))}
                        onChange={({ target }) =>
                          setChosen((before) =>
                            target.checked
                              ? [...before, keyOf(one)]
                              : before.filter((other) => other !== keyOf(one)),
                          )
                        }
                      />
                      <span className="grow">
                        <MissingWords of={one} />
                      </span>
                    </label>
                  )}
                  {!fixed && one.of === "point" && chosen.includes(keyOf(one)) && (
                    <Input
                      className="point-words"
                      aria-label={t("act.ownWords", { point: one.text })}
                      placeholder={one.text}
                      data-testid={`step-words-${one.code}`}
                      maxLength={LONGEST_LINE}
                      value={own[one.code] ?? ""}
                      onChange={({ target }) => setOwn((before) => ({ ...before, [one.code]: target.value }))}
                    />
                  )}
                </li>
              ))}
            </ul>
            {lacking(!told.length) && <p className="bad">{t("act.nothingChosen")}</p>}
            {again && (
              <Words
                id="step-allowed"
                label={t("act.allowed")}
                hint={t("act.allowedHint")}
                value={allowed}
                fault={lacking(!allowed.trim()) ? t("field.required") : null}
                onChange={setAllowed}
              />
            )}
          </>
        )}
        {act === "reject" && (
          <GroundFields
            of={grounds}
            prefix="step"
            insist={insist}
            onChange={(part) => setGrounds((before) => ({ ...before, ...part }))}
          />
        )}
        {act === "decide" && (
          <Field
            id="step-outcome"
            label={t("decide.outcome")}
            required
            fault={lacking(!outcome) ? t("field.answer-required") : null}
          >
            <Radio.Group
              id="step-outcome"
              data-missing={lacking(!outcome)}
              value={outcome}
              onChange={(event) => setOutcome(event.target.value as Outcome)}
              options={(["granted", "denied"] as const).map((value) => ({
                value,
                label: t(`outcome.${value}`),
              }))}
            />
          </Field>
        )}
        {(act === "reject" || act === "decide" || act === "withdraw") && (
          <Words
            id="step-text"
            label={t(`act.reason.${act}`)}
            value={words}
            fault={
              lacking(!reason)
                ? t("field.required")
                : lacking(reasonMissing)
                  ? t("decide.reasonMissing")
                  : null
            }
            onChange={setWords}
          />
        )}
        {act && !unseen.length && (
          <p className="step-final">
            {act === "ask-supplement" && again
              ? t("act.finalAgain", { nth: earlier + 1 })
              : t(`act.final.${act}`)}
          </p>
        )}
        <Problem of={problem} onRetry={problem?.uncertain ? onRetry : undefined} />
      </div>
    </Modal>
  );
}

const keyOf = ({ of, code }: Missing) => `${of} ${code}`;

function MissingWords({ of: one }: { of: Missing }) {
  const { t } = useTranslation();
  if (one.of === "material") return t("act.lacking", { name: one.text });
  return (
    <>
      {one.under && <b>{one.under}：</b>}
      {one.text}
    </>
  );
}

interface WordsProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  fault: string | null;
  onChange: (value: string) => void;
}

/** What will stand on a paper, or be remembered, in somebody's own words. */
function Words({ id, label, hint, value, fault, onChange }: WordsProps) {
  return (
    <Field id={id} label={label} required fault={fault} hint={hint}>
      <Input.TextArea
        id={id}
        data-testid={id}
        lang="zh-CN"
        aria-invalid={fault !== null}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={LONGEST}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
