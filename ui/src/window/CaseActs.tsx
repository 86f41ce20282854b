import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure";
import {
  acceptCase,
  askSupplement,
  decideCase,
  rejectCase,
  withdrawCase,
  type Seen,
} from "../api/hall-calls";
import type { CaseView } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand, type Attempt } from "../shared/useCommand";
import { itemOfCaseQuery, useCaseChanged } from "../cases/queries";
import { StepDialog } from "../cases/StepDialog";
import { isAtWindow, missingOf, stepsOf, type Act, type Step } from "../cases/steps";

type Wanted = Seen & { step: Step };

function takeStep({ step, ...of }: Wanted, attempt: Attempt): Promise<CaseView> {
  switch (step.act) {
    case "ask-supplement": {
      const { points, materials, words, allowed } = step;
      return askSupplement({ ...of, body: { points, materials, words, allowed } }, attempt);
    }
    case "reject": {
      const { ground, reason, competent_authority } = step;
      return rejectCase({ ...of, body: { ground, reason, competent_authority } }, attempt);
    }
    case "accept":
      return acceptCase(of, attempt);
    case "decide": {
      const { outcome, reason } = step;
      return decideCase({ ...of, body: { outcome, reason } }, attempt);
    }
    case "withdraw":
      return withdrawCase({ ...of, text: step.text }, attempt);
  }
}

/** Why nothing can be done here with a case by who looks at it. */
function whyNone(view: CaseView): "department" | "supplement" | "here" {
  if (view.state === "supplement-asked") return "supplement";
  const withDepartment = ["taken", "accepted"].includes(view.state) && !isAtWindow(view);
  return withDepartment ? "department" : "here";
}

/** What may be done with the case by who looks at it; nothing where nothing may. */
export function CaseActs({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const session = useCurrentSession();
  const { data: item, ...reading } = useQuery(itemOfCaseQuery(view));
  const changed = useCaseChanged();
  const [open, setOpen] = useState<Act | "any" | null>(null);
  const acts = stepsOf(view, item, session);
  const take = useCommand(
    takeStep,
    (after) => {
      setOpen(null);
      changed(after);
    },
    () => changed(),
  );
  const next = () => {
    // What the case waits for comes first; the steps have buttons.
    const supplement = document.querySelector<HTMLElement>(
      ".hand-in input[type=file], .hand-in input[data-point], .hand-in button",
    );
    if (supplement) supplement.focus();
    else if (acts.length) setOpen("any");
    else if (!reading.isPending) void message.info({ key: "acts", content: t(`act.none.${whyNone(view)}`) });
  };
  useShortcut("then", next);
  if (!acts.length) return null;
  const again = view.notices.length > 0;
  const close = () => {
    take.clear();
    setOpen(null);
  };
  return (
    <div className="action-bar" data-testid="case-acts">
      <span>
        {t("act.title")} <kbd>Alt+T</kbd>
      </span>
      {acts.includes("accept") && <span className="warn">{t("act.atWindow")}</span>}
      {acts.map((act) => (
        <Button
          key={act}
          type={act === "accept" || act === "decide" ? "primary" : "default"}
          onClick={() => setOpen(act)}
          data-testid={`act-${act}`}
        >
          {t(act === "ask-supplement" && again ? "act.again" : `act.${act}`)}
        </Button>
      ))}
      {!item && reading.error && (
        <Problem of={Failure.of(reading.error)} onRetry={() => void reading.refetch()} />
      )}
      {open && item && (
        <StepDialog
          acts={open === "any" ? acts : [open]}
          missing={missingOf(view, item)}
          texts={{ granted: item.decision_texts.grant, denied: item.decision_texts.refuse }}
          earlier={view.notices.length}
          busy={take.busy || reading.isPlaceholderData}
          problem={take.problem}
          onStep={(step) => void take.run({ id: view.id, version: view.version, step })}
          onRetry={() => void take.retry()}
          onClose={close}
        />
      )}
    </div>
  );
}
