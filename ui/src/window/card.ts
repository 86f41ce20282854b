/** What an identity card says goes to whose card it is. */
import type { IdCard } from "../devices/calls";
import { withCard } from "../devices/ReadCard";
import { bareNumber } from "../shared/identity";
import { newDraft, OPTIONAL_FIELDS, type Draft } from "./filing";
import { numberOf, withAgent, withApplicant } from "./known";

/** The draft with the card of the agent, or else of the applicant. */
export function withCardAt(draft: Draft, card: IdCard, ofAgent: boolean): Draft {
  if (!ofAgent) {
    const read = withApplicant(draft, withCard(draft.applicant, card));
    if (read.applicant.kind !== "person") return read;
    const { name, address } = read.applicant;
    return {
      ...read,
      card: { number: numberOf(read.applicant), at: "", filled: { name, address: address ?? "" } },
    };
  }
  const before = bareNumber(draft.agent.id_number);
  const number = bareNumber(card.number);
  // Of somebody else nothing stays.
  const kept = before === "" || before === number ? draft.agent : newDraft(draft.filing).agent;
  return withAgent(draft, { ...kept, name: card.name, id_number: number });
}

/**
 * From where a card was asked for, the hand goes on to what the card did not say; unless it went elsewhere meanwhile, or
 * was at none of these fields.
 */
export function goOnFrom<Field extends string>(
  at: Element | null,
  fields: Field[],
  elementOf: (field: Field) => HTMLElement | null,
): void {
  if (document.activeElement !== at || !fields.some((field) => elementOf(field) === at)) return;
  const isEmpty = (element: HTMLElement | null) => element instanceof HTMLInputElement && !element.value;
  const asked = fields.filter((field) => !OPTIONAL_FIELDS.includes(field));
  asked.map(elementOf).find(isEmpty)?.focus();
}
