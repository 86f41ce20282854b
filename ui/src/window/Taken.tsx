import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { printPaper } from "../api/hall-calls";
import type { CaseView } from "../api/types";
import { Papers } from "../cases/Papers";
import { PrinterTroubles } from "../cases/Printers";
import { caseQuery, useCaseChanged } from "../cases/queries";
import { useFocusOnArrival } from "../shared/focus";
import { Loaded, Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useRemembered } from "../shared/remembered";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";

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
  const receipt = view.papers.filter(({ kind }) => kind === "intake-receipt");
  const problem = useAutoPrint(receipt[0], auto === "yes");
  useFocusOnArrival(next);
  useShortcut("next", onNext);

  return (
    <div className="taken">
      <section className="taken-number" aria-live="polite" aria-labelledby="taken-title">
        <h2 id="taken-title">{t("taken.title")}</h2>
        <p className="big-number" data-testid="filing-number" data-number={view.number}>
          {view.number_spoken}
        </p>
        <p lang="zh-CN">
          {view.item_name} · {view.applicant_masked}
        </p>
        <p>
          <Link to={`/cases/${view.id}`} data-testid="filing-case-link">
            {t("taken.toCase")}
          </Link>
        </p>
      </section>
      <Section
        title={t("taken.receipt")}
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
        <Papers papers={receipt} />
        <Problem of={problem} />
      </Section>
      <Button ref={next} block size="large" type="primary" onClick={onNext} data-testid="filing-next">
        {t("taken.next")} <kbd>Alt+N</kbd>
      </Button>
    </div>
  );
}

/** Prints a paper that has never been printed as soon as it is there, once. */
function useAutoPrint(paper: CaseView["papers"][number] | undefined, wanted: boolean) {
  const changed = useCaseChanged();
  const { run, problem } = useCommand(printPaper, () => changed());
  const asked = useRef(false);
  const ready = wanted && paper?.state === "ready" && paper.prints.length === 0;
  const id = paper?.id;
  useEffect(() => {
    if (!ready || !id || asked.current) return;
    asked.current = true;
    void run({ id });
  }, [ready, id, run]);
  return problem;
}
