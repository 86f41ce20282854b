import type { Service } from "./api/types";
import { hasDraft, readDraft } from "./shared/draft";
import { isTouched, type Draft } from "./window/filing";

/** Whether a filing was begun at this desk and not taken. */
function hasUnsentFiling(): boolean {
  const sitting = readDraft<{ id: string }>("hall.filing");
  const draft = sitting && readDraft<Draft>(`hall.filing.${sitting.id}`);
  return draft !== null && !draft.taken && isTouched(draft);
}

/** What else is typed at a desk of the hall and sent by its own button. */
const FURTHER = ["hand-over", "supplement", "enquiry"];

/** Whether something was typed at this desk that has not been sent. */
export const hasUnsent = (service: Service): boolean =>
  service === "hall"
    ? hasUnsentFiling() || FURTHER.some((what) => hasDraft(`hall.${what}`))
    : hasDraft("department");
