/** Which steps a task allows somebody now, and why not one that they might look for. */
import type { Role, TaskView } from "../api/types";

export type StepName = "accept" | "ask" | "reject" | "confirm" | "review" | "decide";

/** Why a step that the task allows is not for this person now. */
export type Why = "role" | "delegateOnly" | "againDelegate" | "claimed" | "samePerson";

export interface Officer {
  id: string;
  roles: readonly (Role | (string & {}))[];
}

/** What the task allows: null for what somebody may do, the reason otherwise. What it does not allow is left out. */
export type Steps = Partial<Record<StepName, Why | null>>;

const OPEN = ["assigned", "supplement-asked", "accepted", "reviewed"];

export const isOpen = ({ state }: Pick<TaskView, "state">) => OPEN.includes(state);

export const hasNotice = ({ papers }: Pick<TaskView, "papers">) =>
  papers.some(({ kind }) => kind === "acceptance-notice");

/** Who else has taken it up; null when nobody has, or the officer. */
export const claimedByOther = ({ claimed_by }: Pick<TaskView, "claimed_by">, { id }: Officer) =>
  claimed_by && claimed_by.id !== id ? claimed_by : null;

export function stepsOf(view: TaskView, officer: Officer): Steps {
  const approver = officer.roles.includes("approver");
  const delegate = officer.roles.includes("delegate");
  const taken = claimedByOther(view, officer) !== null;
  const ofApprover = (): Why | null => (!approver ? "role" : taken ? "claimed" : null);
  const decide = (): Why | null => {
    if (!delegate) return "delegateOnly";
    const reviewer = view.opinions.find(({ step }) => step === "review");
    const same = !view.review_and_decision_in_one && reviewer?.by_account === officer.id;
    return same ? "samePerson" : null;
  };
  switch (view.state) {
    case "assigned": {
      const again = view.notices.length > 0;
      const askAgain = !delegate ? "againDelegate" : taken ? "claimed" : null;
      const ask = again ? askAgain : ofApprover();
      return { accept: ofApprover(), ask, reject: ofApprover() };
    }
    case "accepted": {
      const silent = view.deemed_accepted && !hasNotice(view);
      const steps: Steps = silent ? { confirm: ofApprover() } : {};
      // Where one person may do both, only who may not decide leaves it at a review.
      if (!view.review_and_decision_in_one) return { ...steps, review: ofApprover() };
      return { ...steps, decide: decide(), ...(delegate ? {} : { review: ofApprover() }) };
    }
    case "reviewed":
      return { decide: decide() };
    default:
      return {};
  }
}
