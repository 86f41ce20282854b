import { expect, test } from "vitest";
import type { CaseView, ItemView, KnownApplicant } from "../api/types";
import { newDraft } from "./filing";
import { withApplicant, withEarlier, withKnown } from "./known";

const item = {
  form_schema: { properties: { head: {}, area: {}, kinds: {} } },
  questions: [{ code: "proof", text: "拿什么证明？", options: [{ code: "licence", label: "营业执照" }] }],
} as unknown as ItemView;
const earlier = {
  form: { head: "赵大海", area: 48.5, kinds: ["热食"] },
  answers: [{ question: "拿什么证明？", answer: "营业执照" }],
} as unknown as CaseView;
const known = {
  applicant: { kind: "person", name: "赵大海", id_number: "110101198503122477", phone: "13800000001" },
  updated_at: "2026-06-01T01:00:00Z",
} as unknown as KnownApplicant;

test("nothing of an earlier application stays under another person but what was changed since", () => {
  const draft = newDraft("f");
  draft.applicant.id_number = known.applicant.id_number;
  const taken = withEarlier(withKnown(draft, known), item, earlier);
  expect(taken.form).toEqual(earlier.form);
  expect(taken.answers).toEqual({ proof: "licence" });
  const typed = { ...taken, form: { ...taken.form, area: 60 }, ticked: ["signed"], unmet: { dated: "" } };
  const other = withApplicant(typed, { id_number: "990100198001010026" });
  expect([other.form, other.answers, other.earlier]).toEqual([{ area: 60 }, {}, null]);
  expect([other.ticked, other.unmet]).toEqual([[], {}]);
  const same = withApplicant(typed, { phone: "13900000009" });
  expect([same.form, same.ticked]).toEqual([typed.form, ["signed"]]);
});
