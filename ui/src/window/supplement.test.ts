import { expect, test } from "vitest";
import type { CaseView } from "../api/types";
import { FOOD } from "./samples";
import { askedOf, gapsOf, stillRefused, supplementOf, type Supplement } from "./supplement";

const empty: Supplement = { materials: {}, ticked: [], form: null };
const paper = { file: null, paperOnly: true, copies: 1 };

const told = (...points: { code: string | null; material: string | null; reason: string }[]) =>
  ({
    notices: [{ number: "1", supplied_at: null, points }],
    materials: [],
    points: [],
  }) as unknown as CaseView;

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
  expect(askedOf(view, FOOD, empty)).toEqual({
    materials: [],
    points: [],
    own: [],
    byMaterial: [],
    told: [],
  });
});

const nothing: ReadonlySet<string> = new Set();

test("what is missing is a material that is not here, or what nobody has looked at", () => {
  const view = told(
    { code: null, material: "application", reason: "缺少“申请书”，请提交。" },
    { code: "no-ban", material: null, reason: "在名单上" },
  );
  view.points = [
    { code: "signed", met: false, blocking: true, by_machine: false },
    { code: "neat", met: false, blocking: false, by_machine: false },
  ] as CaseView["points"];
  const gaps = (draft: Supplement, uploading = nothing) =>
    gapsOf(view, askedOf(view, FOOD, draft), draft, uploading).map((gap) => "code" in gap && gap.code);
  expect(gaps(empty)).toEqual(["application", "no-ban"]);
  const handed = { ...empty, materials: { application: paper } };
  expect(gaps(handed)).toEqual(["signed", "no-ban"]);
  expect(gaps({ ...handed, ticked: ["signed", "no-ban"] })).toEqual([]);
  expect(gaps({ ...handed, ticked: ["signed", "no-ban"] }, new Set(["application"]))).toEqual([
    "application",
  ]);
  const typed = { ...paper, dated: "昨天" };
  expect(gaps({ ...handed, materials: { application: typed }, ticked: ["signed", "no-ban"] })).toEqual([
    "application",
  ]);
  // What is with the hall already may have been put right where it lies.
  view.materials = [{ code: "application" }] as CaseView["materials"];
  expect(gaps({ ...empty, ticked: ["told-0", "signed", "no-ban"] })).toEqual([]);
});

test("a refusal is said by the words of its place, as long as it is true", () => {
  const view = told({ code: null, material: "application", reason: "请重新提交" });
  const errors = [
    { pointer: "/materials", code: "required", params: { code: "application" }, value: "申请书" },
    { pointer: "/points/told-0", code: "point-open" },
    { pointer: "/points/lease-number", code: "point-violated", params: { point: "场所写到门牌号" } },
    { pointer: "/form/premises", code: "required" },
  ];
  const refused = { errors, draft: { ...empty, form: {} } };
  const still = (now: Supplement) =>
    stillRefused(refused, FOOD, now, askedOf(view, FOOD, now)).map(({ place }) =>
      place?.part === "form"
        ? place.title
        : place && ("name" in place ? place.name : "text" in place && place.text),
    );
  expect(still({ ...empty, form: {} })).toEqual(["申请书", "请重新提交", "场所写到门牌号", "经营场所"]);
  expect(still({ ...empty, form: { premises: "桂花街12号" } })).toEqual(["申请书", "请重新提交"]);
  expect(still({ ...empty, form: {}, materials: { application: paper } })).toEqual(["经营场所"]);
});
