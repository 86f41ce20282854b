import type { Service } from "./api/types";
import { hasDraft, readDraft } from "./shared/draft";
import { isTouched, mended, type Draft } from "./window/filing";
import { contentOf, keptKey, type Kept } from "./window/useKeeping";

/** Whether something of the filing at this desk is here alone: neither taken nor kept by the hall. */
function hasUnsentFiling(): boolean {
  const sitting = readDraft<{ id: string }>("hall.filing");
  const draft = sitting && readDraft<Draft>(`hall.filing.${sitting.id}`);
  if (!draft || draft.taken || !isTouched(draft)) return false;
  const kept = readDraft<Kept>(keptKey(sitting.id));
  return contentOf(kept) !== JSON.stringify(mended(draft, sitting.id));
}

/** What else is typed at a desk of the hall and sent by its own button. */
const FURTHER = ["hand-over", "supplement", "enquiry"];

/** Whether something was typed at this desk that has not been sent. */
export const hasUnsent = (service: Service): boolean =>
  service === "hall"
    ? hasUnsentFiling() || FURTHER.some((what) => hasDraft(`hall.${what}`))
    : hasDraft("department");
