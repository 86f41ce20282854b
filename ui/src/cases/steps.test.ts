import { expect, test } from "vitest";
import type { CaseView, ItemView, SessionView } from "../api/types";
import { missingOf, stepsOf } from "./steps";

const who = (role: string) => ({ account: { roles: [role] } }) as unknown as SessionView;
const clerk = who("window_clerk");
const item = { delegated: ["accept", "decide"], materials: [], points: [] } as unknown as ItemView;
const taken = {
  state: "taken",
  notices: [],
  deemed_accepted: false,
  delivery_to_department: null,
} as unknown as CaseView;
const sent = { ...taken, delivery_to_department: {} } as unknown as CaseView;

test("a window offers what its rights, the state and the delegation allow", () => {
  expect(stepsOf(taken, item, clerk)).toEqual(["ask-supplement", "accept", "decide", "reject", "withdraw"]);
  expect(stepsOf(taken, { ...item, delegated: ["accept"] }, clerk)).not.toContain("decide");
  expect(stepsOf(taken, { ...item, delegated: [] }, clerk)).toEqual(["ask-supplement", "withdraw"]);
  expect(stepsOf(sent, item, clerk)).toEqual(["withdraw"]);
  expect(stepsOf({ ...sent, state: "accepted" }, item, clerk)).toEqual(["withdraw"]);
  expect(stepsOf({ ...taken, state: "decided" }, item, clerk)).toEqual([]);
  expect(stepsOf(taken, item, who("output_clerk"))).toEqual([]);
});

test("a second notice is a manager's", () => {
  const again = { ...taken, notices: [{}] } as unknown as CaseView;
  expect(stepsOf(again, item, clerk)).not.toContain("ask-supplement");
  expect(stepsOf(again, item, who("supervisor"))).toEqual(["ask-supplement"]);
  expect(stepsOf(taken, item, who("supervisor"))).toEqual([]);
});

test("a notice comes with what is open chosen, and names what was not handed in of what is asked for", () => {
  const of = {
    ...item,
    materials: [
      {
        code: "a",
        name: "申请书",
        standard: "",
        points: [
          { code: "signed", reason: "没有签字" },
          { code: "neat", reason: "不工整" },
          { code: "signed-by-agent", reason: "代理人没有签字" },
          { code: "dated", reason: "日期不对" },
        ],
      },
      { code: "b", name: "照片", standard: "", points: [] },
      {
        code: "c",
        name: "租赁合同",
        standard: "",
        required: true,
        points: [{ code: "lease", reason: "不符" }],
      },
    ],
  } as unknown as ItemView;
  const view = {
    ...taken,
    materials: [{ code: "a" }],
    points: [
      { code: "signed", met: false, blocking: true },
      { code: "neat", met: false, blocking: false },
      { code: "dated", met: true, blocking: true, by_machine: true },
    ],
  } as unknown as CaseView;
  expect(missingOf(view, of).map(({ of, code, open }) => [of, code, open])).toEqual([
    ["point", "signed", true],
    ["point", "neat", false],
    ["material", "b", false],
  ]);
});
