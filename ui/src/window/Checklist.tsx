import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import { Problem } from "../shared/Problem";
import type { Advice, Gap } from "./filing";

interface Props {
  gaps: Gap[];
  advice: Advice[];
  busy: boolean;
  problem: Failure | null;
  nameOf?: (pointer: string) => string | undefined;
  onGap: (gap: Gap) => void;
  onAdvice: (advice: Advice) => void;
  onNextGap: () => void;
  onSubmit: () => void;
  onRetry: () => void;
  onStartOver: () => void;
  /** What else can be done with the case at this sitting, where something can. */
  onActs?: () => void;
  /** How the sitting is kept and shown. */
  children?: ReactNode;
}

/** What is still missing, always in view; each line leads to its field. What is only advised stands below. */
export function Checklist(props: Props) {
  const { gaps, advice, busy, problem, nameOf, onGap, onAdvice, onNextGap, onSubmit, onRetry, onStartOver } =
    props;
  const { onActs, children } = props;
  const { t } = useTranslation();
  const checking = gaps.length === 1 && gaps[0]?.part === "review" && gaps[0].state === "checking";
  const heading = checking
    ? t("window.checking")
    : gaps.length
      ? t("window.missing", { count: gaps.length })
      : t("window.complete");
  return (
    <aside className="checklist" aria-label={t("window.checklist")}>
      <div className="checklist-head">
        <h2>
          <span role="status" data-testid="checklist-heading">
            {heading}
          </span>
        </h2>
        <Button size="small" disabled={!gaps.length} onClick={onNextGap} data-testid="checklist-next">
          {t("window.nextGap")} <kbd>F8</kbd>
        </Button>
      </div>
      <div className="checklist-gaps">
        <ul className="plain-list" aria-label={t("window.checklist")}>
          {gaps.map((gap) => (
            <li key={keyOf(gap)} data-gap={gap.part}>
              <button
                type="button"
                className={gap.part === "point" ? "gap gap-point" : "gap"}
                onClick={() => onGap(gap)}
              >
                <GapWords of={gap} />
              </button>
            </li>
          ))}
        </ul>
        {advice.length > 0 && (
          <>
            <h3>{t("window.advice")}</h3>
            <ul className="plain-list" aria-label={t("window.advice")}>
              {advice.map((one) => (
                <li key={keyOf(one)}>
                  <button type="button" className="gap gap-advice" onClick={() => onAdvice(one)}>
                    <AdviceWords of={one} />
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {!gaps.length && !problem && <p className="good">{t("window.completeHint")}</p>}
      <Problem of={problem} nameOf={nameOf} onRetry={problem?.uncertain ? onRetry : undefined} />
      <div className="checklist-buttons">
        <Button
          block
          size="large"
          type="primary"
          loading={busy}
          data-testid="filing-submit"
          onClick={onSubmit}
        >
          {t("window.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
        {onActs && (
          <Button block onClick={onActs} data-testid="filing-acts">
            {t("window.acts")} <kbd>Alt+T</kbd>
          </Button>
        )}
        <Button block onClick={onStartOver} data-testid="filing-start-over">
          {t("window.startOver")} <kbd>Alt+N</kbd>
        </Button>
      </div>
      {children}
    </aside>
  );
}

export const keyOf = (one: Gap | Advice) => {
  if (one.part === "form") return `form ${one.pointer} ${one.fault.code}`;
  if ("code" in one) return `${one.part} ${one.code}`;
  return "field" in one ? `${one.part} ${one.field}` : one.part;
};

export function GapWords({ of: gap }: { of: Gap }) {
  const { t } = useTranslation();
  switch (gap.part) {
    case "item":
      return t("gap.item");
    case "review":
      return t(`gap.review.${gap.state}`);
    case "kind":
      return t("gap.kind");
    case "question":
      return t("gap.question", { text: gap.text });
    case "point":
      return t(gap.fault.code === "point-open" ? "gap.point" : "gap.violated", { text: gap.text });
    case "material": {
      const { name } = gap;
      if (gap.fault.code === "required") return t("gap.material", { name });
      return gap.fault.code === "uploading" ? t("gap.uploading", { name }) : t("gap.wrong", { name });
    }
  }
  const name =
    gap.part === "form"
      ? gap.title
      : gap.part === "agent"
        ? t("gap.agent", { name: t(`agent.${gap.field}`) })
        : t(`gap.applicant.${gap.field}`);
  return gap.fault.code === "required" ? t("gap.missing", { name }) : t("gap.wrong", { name });
}

function AdviceWords({ of: advice }: { of: Advice }) {
  const { t } = useTranslation();
  switch (advice.part) {
    case "point":
      return t(advice.violated ? "gap.violated" : "gap.point", { text: advice.text });
    case "original":
      return t(`gap.original.${advice.original}`, { name: advice.name });
    case "old":
      return t("gap.old", { name: advice.name, days: advice.days });
  }
}
