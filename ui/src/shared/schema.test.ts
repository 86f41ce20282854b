import { expect, test } from "vitest";
import { faultsOf, rowsOf, titleAt } from "./schema";

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["premises", "scope"],
  properties: {
    premises: { type: "string", title: "经营场所", minLength: 5 },
    area: { type: "number", title: "经营面积", exclusiveMinimum: 0 },
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
    "/area too-small",
    "/kind not-one-of",
    "/opening wrong-date",
  ]);
  expect(brief({ premises: "桂花街12号", scope: ["x"], staff: [{}] })).toEqual(["/staff/0/name required"]);
});

test("a limit is told with the fault", () => {
  expect(faultsOf(schema, { premises: "街", scope: ["x"] })[0]?.params).toMatchObject({ min: 5 });
});

test("titles are found through arrays and references", () => {
  expect(titleAt(schema, "/staff/3/name")).toBe("姓名");
  expect(titleAt(schema, "/nothing")).toBeUndefined();
});

test("a filled form reads in the order of its schema", () => {
  const rows = rowsOf(schema, {
    scope: ["热食", "冷食"],
    premises: "桂花街12号",
    staff: [{ name: "李四" }],
    more: 1,
  });
  expect(rows.map(({ title, value }) => [title, value])).toEqual([
    ["经营场所", "桂花街12号"],
    ["经营项目", ["热食", "冷食"]],
    ["人员 1", null],
    ["姓名", "李四"],
    ["more", 1],
  ]);
});
