import { expect, test } from "vitest";
import type { CaseView } from "../api/types";
import { FOOD } from "./samples";
import { askedOf, supplementOf, type Supplement } from "./supplement";

const empty: Supplement = { materials: {}, ticked: [], form: null };
const paper = { file: null, paperOnly: true, copies: 1 };

const told = (...points: { code: string | null; material: string | null; reason: string }[]) =>
  ({ notices: [{ number: "1", supplied_at: null, points }] }) as unknown as CaseView;

test("a point of the item is asked for where it stands, and one of none apart", () => {
  const view = told(
    { code: "signed", material: "application", reason: "没有签字" },
    { code: "no-ban", material: null, reason: "在名单上" },
  );
  const asked = askedOf(view, FOOD, { ...empty, ticked: ["signed"] });
  expect(asked.materials.map(({ code }) => code)).toEqual(["application"]);
  expect(asked.points.map(({ point, finding }) => [point.code, finding])).toEqual([["signed", "met"]]);
  expect(asked.own.map(({ point }) => point.code)).toEqual(["no-ban"]);
});

test("what comes anew is looked at anew, and answers what was said of it in free words", () => {
  const view = told({ code: null, material: "application", reason: "请重新提交" });
  const before = askedOf(view, FOOD, empty);
  expect(before.points.map(({ point, finding }) => [point.code, finding])).toEqual([["told-0", "open"]]);
  const draft = { ...empty, materials: { application: paper } };
  const asked = askedOf(view, FOOD, draft);
  expect(asked.points.map(({ point }) => point.code)).toEqual(["told-0", "signed", "neat"]);
  expect(supplementOf(draft, FOOD, asked)).toEqual({
    materials: [
      { code: "application", sha256: null, file_name: null, copies: 1, original: true, dated: null },
    ],
    ticked: ["told-0"],
  });
});

test("what a department said of nothing the item knows is ticked by its number", () => {
  const asked = askedOf(told({ code: null, material: null, reason: "请补充说明" }), FOOD, empty);
  expect(asked.own.map(({ point }) => [point.code, point.text])).toEqual([["told-0", "请补充说明"]]);
});

test("only the notice that is open is asked for", () => {
  const view = told({ code: "signed", material: "application", reason: "没有签字" });
  view.notices[0]!.supplied_at = "2026-11-22T01:00:00Z";
  expect(askedOf(view, FOOD, empty)).toEqual({ materials: [], points: [], own: [], byMaterial: [] });
});
