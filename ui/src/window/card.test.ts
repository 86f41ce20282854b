import { expect, test } from "vitest";
import { CARD } from "../devices/sample";
import { withCardAt } from "./card";
import { newDraft } from "./filing";
import { withApplicant } from "./known";

test("of another agent nothing stays but what their card says", () => {
  const draft = { ...newDraft("f"), acting: true };
  draft.agent = { ...draft.agent, name: "赵志强", id_number: "990100197511030110", phone: "13900000003" };
  expect(withCardAt(draft, CARD, true).agent).toMatchObject({ name: CARD.name, phone: "" });
  draft.agent.id_number = CARD.number;
  expect(withCardAt(draft, CARD, true).agent).toMatchObject({ name: CARD.name, phone: "13900000003" });
});

test("another number typed over a card's is somebody else: nothing of the card stays", () => {
  const read = withCardAt(newDraft("filing"), CARD, false);
  expect(read.applicant).toMatchObject({ name: CARD.name, address: CARD.address });
  const typed = withApplicant(read, { id_number: "990100198001010026" });
  expect([typed.applicant.name, typed.applicant.address, typed.card]).toEqual(["", "", null]);
  const renamed = withApplicant(read, { name: "白小兰" });
  expect(withApplicant(renamed, { id_number: "990100198001010026" }).applicant.name).toBe("白小兰");
});

test("a card goes to whose card was asked for", () => {
  const draft = newDraft("f");
  const applicants = withCardAt(draft, CARD, false);
  expect([applicants.applicant.name, applicants.agent.name]).toEqual([CARD.name, ""]);
  const agents = withCardAt(draft, CARD, true);
  expect([agents.applicant.name, agents.agent.name, agents.agent.id_number]).toEqual([
    "",
    CARD.name,
    CARD.number,
  ]);
});
