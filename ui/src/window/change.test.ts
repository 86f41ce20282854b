import { expect, test } from "vitest";
import { keptInSight, outOfSight, withItem, withVersion } from "./change";
import { newDraft, type Draft } from "./filing";
import { FOOD, HYGIENE } from "./samples";

const file = { sha256: "9f86", size: 10, media_type: "application/pdf", name: "合同.pdf" };
const food: Draft = {
  ...newDraft("filing"),
  item: FOOD.code,
  applicant: { kind: "person", name: "王小明", id_number: "11010519491231002X", phone: "13800138000" },
  acting: true,
  agent: { name: "赵志强", id_number: "", phone: "", authority: "", until: null },
  answers: { place: "rent" },
  form: { premises: "桂花街12号", area: 48.5, note: "急" },
  materials: {
    application: { file: null, paperOnly: true, copies: 1 },
    lease: { file, paperOnly: false, copies: 2, dated: "2026-11-20" },
  },
  ticked: ["signed"],
  unmet: { neat: "潦草" },
};
const hygiene = withItem(food, FOOD, HYGIENE);

test("what has a place in the new item goes along", () => {
  expect(hygiene).toMatchObject({ item: HYGIENE.code, acting: true, form: { premises: "桂花街12号" } });
  expect(hygiene.applicant).toEqual(food.applicant);
  expect(hygiene.agent).toEqual(food.agent);
  // By its kind, under another code; and by its code.
  expect(hygiene.materials["rental-contract"]).toMatchObject({ file, copies: 2, dated: "2026-11-20" });
  expect(hygiene.materials.application).toMatchObject({ paperOnly: true });
});

test("what has none is kept in sight, a field of another type too", () => {
  expect(hygiene.form).not.toHaveProperty("area");
  expect(keptInSight(hygiene)).toMatchObject([
    { part: "answer", label: "租用", itemName: "食品经营许可" },
    { part: "form", title: "经营面积（平方米）", value: 48.5 },
    { part: "form", title: "备注", value: "急" },
    { part: "tick", text: "申请书已签字" },
    { part: "tick", text: "书写工整", unmet: "潦草" },
  ]);
});

test("going back restores everything, also what was put out of sight", () => {
  const changed = outOfSight({ ...hygiene, form: { ...hygiene.form, premises: "吉祥街3号" } });
  expect(keptInSight(changed)).toEqual([]);
  const back = withItem(changed, HYGIENE, FOOD);
  expect(back).toMatchObject({
    answers: food.answers,
    form: { premises: "吉祥街3号", area: 48.5, note: "急" },
    ticked: ["signed"],
    unmet: { neat: "潦草" },
    kept: [],
  });
  expect(back.materials.lease).toMatchObject({ file, copies: 2, dated: "2026-11-20" });
  expect(back.materials.application).toMatchObject({ paperOnly: true });
});

test("over three items nothing is lost", () => {
  const third = {
    ...HYGIENE,
    code: "3",
    name: "第三",
    form_schema: { type: "object", properties: {} },
    materials: [],
  };
  const back = withItem(withItem(hygiene, HYGIENE, third), third, FOOD);
  expect(back.form).toEqual(food.form);
  expect(back.materials.lease).toMatchObject({ file });
  expect(back.kept).toEqual([]);
});

test("an applicant of whom nothing is known becomes one who may apply", () => {
  expect(withItem(newDraft("1"), undefined, HYGIENE).applicant.kind).toBe("organisation");
  expect(hygiene.applicant.kind).toBe("person");
});

test("a value that the new item does not offer is kept and not chosen", () => {
  const choice = (values: string[]) => ({
    ...HYGIENE,
    code: values.join(),
    form_schema: { type: "object", properties: { kind: { type: "string", title: "类别", enum: values } } },
  });
  const [first, second] = [choice(["甲", "乙"]), choice(["乙", "丙"])];
  const draft = { ...newDraft("1"), item: first.code, form: { kind: "甲" } };
  expect(withItem(draft, first, second)).toMatchObject({ form: {}, kept: [{ value: "甲" }] });
  expect(withItem({ ...draft, form: { kind: "乙" } }, first, second)).toMatchObject({ form: { kind: "乙" } });
});

test("an item that was published anew keeps the ticks of what says the same", () => {
  const draft = {
    ...withItem(newDraft("1"), undefined, FOOD),
    ticked: ["no-ban", "signed"],
    unmet: { neat: "潦草" },
  };
  const reworded = FOOD.points.map((point) =>
    point.code === "no-ban" ? { ...point, text: "另有要求" } : point,
  );
  const anew = { ...FOOD, version: FOOD.version + 1, points: reworded };
  expect(withVersion(draft, anew)).toMatchObject({
    anew: true,
    ticked: ["signed"],
    unmet: { neat: "潦草" },
    seen: { version: anew.version },
  });
  // Of a draft from before it was written down, nobody knows.
  expect(withVersion({ ...draft, seen: null }, anew)).toMatchObject({ anew: false, ticked: draft.ticked });
});
