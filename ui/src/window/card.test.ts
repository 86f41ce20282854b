import { expect, test } from "vitest";
import { CARD } from "../devices/sample";
import { withCardAt } from "./card";
import { newDraft } from "./filing";

test("of another agent nothing stays but what their card says", () => {
  const draft = { ...newDraft("f"), acting: true };
  draft.agent = { ...draft.agent, name: "赵志强", id_number: "990100197511030110", phone: "13900000003" };
  expect(withCardAt(draft, CARD, true).agent).toMatchObject({ name: CARD.name, phone: "" });
  draft.agent.id_number = CARD.number;
  expect(withCardAt(draft, CARD, true).agent).toMatchObject({ name: CARD.name, phone: "13900000003" });
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
