import { useTranslation } from "react-i18next";
import type { CaseState, DeliveryState, Light, Outcome, TaskState } from "../api/types";

/** A case's state as a word on a ground of its own. What silence has accepted says so while it is under review. */
export function StateMark({
  state,
  deemed,
  outcome,
  testId,
}: {
  state: CaseState | TaskState;
  deemed?: boolean;
  outcome?: Outcome | null;
  testId?: string;
}) {
  const { t } = useTranslation();
  return (
    <span className={`mark mark-${state}`} data-testid={testId} data-state={state}>
      {t(deemed && state === "accepted" ? "acceptance.deemed" : `state.${state}`)}
      {outcome && <span className={`outcome outcome-${outcome}`}>{t(`outcome.${outcome}`)}</span>}
    </span>
  );
}

/** How much time is left, as colour and as a word; nothing where no clock runs. */
export function LightMark({ light, due }: { light: Light; due: string | null }) {
  const { t } = useTranslation();
  if (!due) return null;
  return (
    <span className={`light light-${light}`}>
      <span aria-hidden="true" className="light-dot" />
      {t(`light.${light}`)}
    </span>
  );
}

export function DeliveryMark({ state }: { state: DeliveryState }) {
  const { t } = useTranslation();
  return <span className={`mark mark-delivery-${state}`}>{t(`delivery.${state}`)}</span>;
}

/** Says that an entry of the catalogue has not been checked against its source. */
export function Unverified() {
  const { t } = useTranslation();
  return <span className="mark mark-unverified">{t("unverified")}</span>;
}

/** What of a case rests on entries that have not been checked against their source. */
export function UnverifiedNotes({ of: notes }: { of: string[] }) {
  const { t } = useTranslation();
  if (!notes.length) return null;
  return (
    <details className="unverified-notes">
      <summary>{t("unverifiedCount", { count: notes.length })}</summary>
      <ul lang="zh-CN">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
