import { readDraft } from "../shared/draft";
import { isTouched, type Draft } from "./filing";

/** Whether this desk has a filing that was begun and not taken. */
export function hasUnsentFiling(): boolean {
  const sitting = readDraft<{ id: string }>("filing");
  const draft = sitting && readDraft<Draft>(`filing.${sitting.id}`);
  return draft !== null && !draft.taken && isTouched(draft);
}
