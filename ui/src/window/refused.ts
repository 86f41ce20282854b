/** What the hall did not take, and where on the desk it is. */
import type { Failure } from "../api/failure";
import type { ItemView } from "../api/types";
import { placeOf, stillRefused, type Draft, type Place, type Refusal } from "./filing";

/** What of a failed call is still true of the draft. */
export function openProblem(
  problem: Failure | null,
  refusal: Refusal | null,
  draft: Draft,
  item: ItemView | undefined,
): Failure | null {
  if (!problem?.errors.length || !refusal || !item) return problem;
  const open = stillRefused(refusal, draft, item);
  return open.length ? problem.about(open.map(({ error }) => error)) : null;
}

/** The place that a problem's pointer means, in the draft as it was sent. */
export function nameOfPlace(
  pointer: string,
  refusal: Refusal | null,
  item: ItemView | undefined,
): Place | undefined {
  if (!item || !refusal) return undefined;
  const { errors, draft, review } = refusal;
  const error = errors.find((one) => one.pointer === pointer);
  return placeOf({ pointer, params: error?.params }, draft, item, review);
}
