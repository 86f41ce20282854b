import { expect, test } from "vitest";
import type { TaskView } from "../api/types";
import { stepsOf, type Officer } from "./steps";

const approver: Officer = { id: "a", roles: ["approver"] };
const delegate: Officer = { id: "d", roles: ["delegate"] };
const both: Officer = { id: "b", roles: ["approver", "delegate"] };

const task = (part: object) =>
  ({
    state: "assigned",
    deemed_accepted: false,
    claimed_by: null,
    notices: [],
    opinions: [],
    papers: [],
    review_and_decision_in_one: true,
    ...part,
  }) as unknown as TaskView;

const reviewedBy = (by_account: string) => ({
  state: "reviewed",
  opinions: [{ step: "review", by_account }],
});

test("what was assigned is accepted, asked about or rejected by an approver whom nobody came before", () => {
  expect(stepsOf(task({}), approver)).toEqual({ accept: null, ask: null, reject: null });
  expect(stepsOf(task({}), delegate)).toEqual({ accept: "role", ask: "role", reject: "role" });
  const claimed = task({ claimed_by: { id: "x", name: "赵文静" } });
  expect(stepsOf(claimed, approver)).toEqual({ accept: "claimed", ask: "claimed", reject: "claimed" });
  expect(stepsOf(task({ claimed_by: { id: "a", name: "王建国" } }), approver).accept).toBeNull();
});

test("a second notice is a delegate's", () => {
  const told = task({ notices: [{}] });
  expect(stepsOf(told, approver).ask).toBe("againDelegate");
  expect(stepsOf(told, delegate)).toEqual({ accept: "role", ask: null, reject: "role" });
  expect(stepsOf({ ...told, claimed_by: { id: "x", name: null } }, both).ask).toBe("claimed");
  expect(stepsOf({ ...told, claimed_by: { id: "x", name: null } }, delegate).ask).toBe("claimed");
});

test("where one person may do both, who may decide decides, and who may not reviews", () => {
  const accepted = task({ state: "accepted" });
  expect(stepsOf(accepted, both)).toEqual({ decide: null });
  expect(stepsOf(accepted, approver)).toEqual({ decide: "delegateOnly", review: null });
});

test("where it takes two, whoever reviewed does not decide", () => {
  const two = { review_and_decision_in_one: false };
  expect(stepsOf(task({ ...two, state: "accepted" }), both)).toEqual({ review: null });
  expect(stepsOf(task({ ...two, ...reviewedBy("b") }), both)).toEqual({ decide: "samePerson" });
  expect(stepsOf(task({ ...two, ...reviewedBy("b") }), delegate)).toEqual({ decide: null });
  expect(stepsOf(task({ ...two, ...reviewedBy("b") }), approver)).toEqual({ decide: "delegateOnly" });
  expect(stepsOf(task(reviewedBy("b")), both)).toEqual({ decide: null });
});

test("what silence has accepted can have its notice, once", () => {
  const silent = task({ state: "accepted", deemed_accepted: true });
  expect(stepsOf(silent, both)).toEqual({ confirm: null, decide: null });
  const noticed = task({ ...silent, papers: [{ kind: "acceptance-notice" }] });
  expect(stepsOf(noticed, both)).toEqual({ decide: null });
});

test.each(["supplement-asked", "rejected", "decided", "decided-at-window", "withdrawn"])(
  "nothing is done to a task that is %s",
  (state) => expect(stepsOf(task({ state }), both)).toEqual({}),
);
