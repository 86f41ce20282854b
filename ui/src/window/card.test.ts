import { expect, test } from "vitest";
import { CARD } from "../devices/sample";
import { withCardAt } from "./card";
import { newDraft } from "./filing";

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
