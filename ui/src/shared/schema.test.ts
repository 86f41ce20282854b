import { expect, test } from "vitest";
import { faultsOf, inFormOrder, rowsOf, titleAt, withoutUnfilled } from "./schema";

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["premises", "scope"],
  properties: {
    premises: { type: "string", title: "经营场所", minLength: 5 },
    area: { type: "number", title: "经营面积", exclusiveMinimum: 0, maximum: 1000 },
    seats: { type: "integer", title: "座位", minimum: 1 },
    kind: { type: "string", title: "主体业态", enum: ["餐饮", "销售"] },
    scope: { type: "array", title: "经营项目", minItems: 1, items: { type: "string" } },
    opening: { type: "string", format: "date", title: "开业日期" },
    staff: { type: "array", title: "人员", items: { $ref: "#/$defs/person" } },
  },
  $defs: {
    person: { type: "object", required: ["name"], properties: { name: { type: "string", title: "姓名" } } },
  },
};

const brief = (data: object) => faultsOf(schema, data).map(({ pointer, code }) => `${pointer} ${code}`);

test("a complete form has no fault", () => {
  expect(brief({ premises: "桂花街12号", scope: ["热食"], area: 20.5, opening: "2026-12-01" })).toEqual([]);
});

test("each fault names its field once", () => {
  expect(brief({})).toEqual(["/premises required", "/scope required"]);
  expect(brief({ premises: "", scope: [] })).toEqual(["/premises required", "/scope required"]);
  expect(brief({ premises: "街", scope: ["x"], area: 0, kind: "其他", opening: "2026-13-01" })).toEqual([
    "/premises too-short",
    "/area out-of-range",
    "/kind not-one-of",
    "/opening wrong-date",
  ]);
  expect(brief({ premises: "桂花街12号", scope: ["x"], staff: [{}] })).toEqual(["/staff/0/name required"]);
});

test("a limit is told with the fault", () => {
  expect(faultsOf(schema, { premises: "街", scope: ["x"] })[0]?.params).toMatchObject({ min: 5 });
  // What is counted is choices here, and no characters.
  const two = {
    ...schema,
    properties: { ...schema.properties, scope: { ...schema.properties.scope, minItems: 2 } },
  };
  const [fault] = faultsOf(two, { premises: "桂花街12号", scope: ["x"] });
  expect(fault).toMatchObject({ code: "too-few", params: { min: 2 } });
});

test("a number that is none, is no whole one or lies out of its range is told with the range", () => {
  const complete = { premises: "桂花街12号", scope: ["x"] };
  expect(brief({ ...complete, area: "1e5", seats: 3.5 })).toEqual([
    "/area not-a-number",
    "/seats not-an-integer",
  ]);
  expect(brief({ ...complete, area: 1000.5, seats: 0 })).toEqual([
    "/area out-of-range",
    "/seats out-of-range",
  ]);
  expect(faultsOf(schema, { ...complete, area: 0 })[0]?.params).toEqual({ above: 0, most: 1000 });
});

test("a text with a character that nobody sees is wrong", () => {
  expect(brief({ premises: "桂花街\u200b12号", scope: ["x"] })).toEqual(["/premises control-character"]);
  expect(brief({ premises: "桂花街\n12号", scope: ["x"] })).toEqual([]);
});

test("faults stand in the order of the form", () => {
  const order = (ui: object) =>
    inFormOrder(schema, ui as never, faultsOf(schema, { scope: [], kind: "其他", staff: [{}] })).map(
      ({ pointer }) => pointer,
    );
  expect(order({})).toEqual(["/premises", "/kind", "/scope", "/staff/0/name"]);
  expect(order({ "ui:order": ["scope", "*", "premises"] })).toEqual([
    "/scope",
    "/kind",
    "/staff/0/name",
    "/premises",
  ]);
});

test("titles are found through arrays and references", () => {
  expect(titleAt(schema, "/staff/3/name")).toBe("姓名");
  expect(titleAt(schema, "/nothing")).toBeUndefined();
});

const filled = { scope: ["热食", "冷食"], premises: "桂花街12号", staff: [{ name: "李四" }], more: 1 };

test("a filled form reads in the order of its layout", () => {
  const titles = (ui: object) => rowsOf(schema, ui as never, filled).map(({ title }) => title);
  expect(titles({ "ui:order": ["staff", "scope", "*"] })).toEqual([
    "人员 1",
    "姓名",
    "经营项目",
    "经营场所",
    "more",
  ]);
  const { person } = schema.$defs;
  const people = {
    ...schema,
    $defs: { person: { ...person, properties: { id: { title: "号码" }, ...person.properties } } },
  };
  const inner = rowsOf(
    people,
    { staff: { items: { "ui:order": ["name", "id"] } } },
    { staff: [{ id: "1", name: "李四" }] },
  );
  expect(inner.map(({ title }) => title)).toEqual(["人员 1", "姓名", "号码"]);
});

test("a list that must have an entry and has none is not filled in; one that may be empty says so", () => {
  const data = { premises: "", scope: [], staff: [] };
  expect(withoutUnfilled(schema, data)).toEqual({ premises: "", staff: [] });
  expect(withoutUnfilled(schema, filled)).toEqual(filled);
});

test("a filled form without a layout reads in the order of its schema", () => {
  const rows = rowsOf(schema, {}, filled);
  expect(rows.map(({ title, value }) => [title, value])).toEqual([
    ["经营场所", "桂花街12号"],
    ["经营项目", ["热食", "冷食"]],
    ["人员 1", null],
    ["姓名", "李四"],
    ["more", 1],
  ]);
});
