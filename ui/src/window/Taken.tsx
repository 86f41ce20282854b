import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CaseView } from "../api/types";
import { StateMark } from "../cases/marks";
import { Papers } from "../cases/Papers";
import { PrintAll } from "../cases/PrintAll";
import { PrinterTroubles } from "../cases/Printers";
import { caseQuery } from "../cases/queries";
import { isAtWindow } from "../cases/steps";
import { useFocusOnArrival, useLanding } from "../shared/focus";
import { Loaded, Section } from "../shared/Page";
import { useRemembered } from "../shared/remembered";
import { useShortcut } from "../shared/shortcuts";
import { useNamed } from "../shared/words";
import { CaseActs } from "./CaseActs";

interface Props {
  caseId: string;
  onNext: () => void;
}

/** The case is taken: the number to say, the receipt to hand over, and on to the next. */
export function Taken({ caseId, onNext }: Props) {
  return (
    <Loaded query={useQuery(caseQuery(caseId))}>{(view) => <Result of={view} onNext={onNext} />}</Loaded>
  );
}

function Result({ of: view, onNext }: { of: CaseView; onNext: () => void }) {
  const { t } = useTranslation();
  const next = useRef<HTMLButtonElement>(null);
  const [auto, setAuto] = useRemembered("print-receipt", "no");
  const { papers, notices } = view;
  const named = useNamed();
  useFocusOnArrival(next);
  // A step takes its button away.
  useLanding(() => next.current?.focus(), true, view.version);
  useShortcut("next", onNext);

  return (
    <div className="taken">
      <section
        className="taken-number"
        data-state={view.outcome === "denied" ? "denied" : view.state}
        aria-live="polite"
        aria-labelledby="taken-title"
      >
        <h2 id="taken-title">{named(`taken.titles.${view.state}`, t("taken.title"))}</h2>
        <p className="big-number" data-testid="filing-number" data-number={view.number}>
          {view.number_spoken}
        </p>
        <p lang="zh-CN">
          {view.item_name} · {view.applicant_masked}
        </p>
        {view.state !== "taken" && (
          <p className="taken-outcome" data-testid="taken-outcome">
            <StateMark state={view.state} outcome={view.outcome} />{" "}
            {notices[0] && t("taken.notice", { number: notices[0].number })}
          </p>
        )}
        {isAtWindow(view) && <p className="warn">{t("taken.atWindow")}</p>}
        <p>
          <Link to={`/cases/${view.id}`} data-testid="filing-case-link">
            {t("taken.toCase")}
          </Link>
        </p>
      </section>
      {/* What is left to this window is not left for later only because another page has the steps. */}
      {isAtWindow(view) && <CaseActs of={view} />}
      <Section
        title={t(papers.length > 1 ? "papers.title" : "taken.receipt")}
        aside={
          <Checkbox
            checked={auto === "yes"}
            onChange={(event) => setAuto(event.target.checked ? "yes" : "no")}
            data-testid="print-receipt-auto"
          >
            {t("taken.auto")}
          </Checkbox>
        }
      >
        <PrinterTroubles />
        <Papers papers={papers} />
        <PrintAll of={papers} auto={auto === "yes"} />
        {(view.state === "issued" || view.state === "rejected") && <p>{t("taken.toOutput")}</p>}
      </Section>
      <Button ref={next} block size="large" type="primary" onClick={onNext} data-testid="filing-next">
        {t("taken.next")} <kbd>Alt+N</kbd>
      </Button>
    </div>
  );
}
