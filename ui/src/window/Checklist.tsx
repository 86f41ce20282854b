import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import { Problem } from "../shared/Problem";
import type { Gap } from "./filing";

interface Props {
  gaps: Gap[];
  busy: boolean;
  problem: Failure | null;
  nameOf?: (pointer: string) => string | undefined;
  onGap: (gap: Gap) => void;
  onSubmit: () => void;
  onRetry: () => void;
  onStartOver: () => void;
}

/** What is still missing, always in view; each line leads to its field. */
export function Checklist({ gaps, busy, problem, nameOf, onGap, onSubmit, onRetry, onStartOver }: Props) {
  const { t } = useTranslation();
  return (
    <aside className="checklist" aria-label={t("window.checklist")}>
      <h2>{gaps.length ? t("window.missing", { count: gaps.length }) : t("window.complete")}</h2>
      <ul className="plain-list checklist-gaps">
        {gaps.map((gap) => (
          <li key={keyOf(gap)}>
            <button type="button" onClick={() => onGap(gap)}>
              <GapWords of={gap} />
            </button>
          </li>
        ))}
      </ul>
      {!gaps.length && !problem && <p className="good">{t("window.completeHint")}</p>}
      <Problem of={problem} nameOf={nameOf} onRetry={problem?.uncertain ? onRetry : undefined} />
      <Button block size="large" type="primary" loading={busy} data-testid="filing-submit" onClick={onSubmit}>
        {t("window.submit")} <kbd>Ctrl+Enter</kbd>
      </Button>
      <Button block onClick={onStartOver} data-testid="filing-start-over">
        {t("window.startOver")}
      </Button>
    </aside>
  );
}

const keyOf = (gap: Gap) => JSON.stringify(gap);

function GapWords({ of: gap }: { of: Gap }) {
  const { t } = useTranslation();
  if (gap.part === "item") return t("gap.item");
  const { code } = gap.fault;
  if (gap.part === "material") {
    const { name } = gap;
    if (code === "required") return t("gap.material", { name });
    return code === "uploading" ? t("gap.uploading", { name }) : t("gap.wrong", { name });
  }
  const name = gap.part === "form" ? gap.title : t(`gap.applicant.${gap.field}`);
  return code === "required" ? t("gap.missing", { name }) : t("gap.wrong", { name });
}
