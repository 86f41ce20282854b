import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, expect, test } from "vitest";
import type { FieldProblem, Json } from "../api/types";
import i18n from "../i18n";
import { SchemaForm } from "./SchemaForm";
import { numberIn } from "./SchemaInputs";

beforeAll(() => i18n.changeLanguage("zh"));

const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["area", "kind", "opening"],
  properties: {
    area: { type: "number", title: "经营面积", exclusiveMinimum: 0, maximum: 100000 },
    staff: { type: "integer", title: "从业人数", minimum: 1, maximum: 10000 },
    kind: { type: "string", title: "主体业态", enum: ["销售", "餐饮"] },
    opening: { type: "string", format: "date", title: "开业日期" },
  },
};

let data: Json = {};

function Page({
  from = {},
  showAll = false,
  refused = [],
}: {
  from?: Json;
  showAll?: boolean;
  refused?: FieldProblem[];
}) {
  const [form, setForm] = useState<Json>(from);
  return (
    <SchemaForm
      schema={SCHEMA}
      uiSchema={{}}
      data={form}
      showAll={showAll}
      refused={refused}
      onChange={(changed) => {
        data = changed;
        setForm(changed);
      }}
    />
  );
}

const field = (name: string) => document.getElementById(`root_${name}`) as HTMLInputElement;

function type(name: string, text: string) {
  fireEvent.change(field(name), { target: { value: text } });
  fireEvent.blur(field(name));
}

test.each([
  ["48.5", 48.5],
  ["８０", 80],
  ["８０．５", 80.5],
  [" -1 ", -1],
  ["48.50", 48.5],
  ["", undefined],
  ["  ", undefined],
  ["1e5", "1e5"],
  ["0x10", "0x10"],
  ["1,000", "1,000"],
  ["48.", "48."],
  ["abc", "abc"],
  ["1234567890123456", "1234567890123456"],
])("the number in %j is %j", (text, number) => {
  expect(numberIn(text)).toBe(number);
});

test.each([
  ["area", "99999999999", 99999999999, "经营面积“99999999999”超出范围，应大于 0、不大于 100000"],
  ["area", "0", 0, "经营面积“0”超出范围，应大于 0、不大于 100000"],
  ["area", "1e5", "1e5", "经营面积“1e5”不是数字，应大于 0、不大于 100000"],
  ["area", "abc", "abc", "经营面积“abc”不是数字，应大于 0、不大于 100000"],
  ["staff", "-1", -1, "从业人数“-1”超出范围，应不小于 1、不大于 10000"],
  ["staff", "3.5", 3.5, "从业人数“3.5”须为整数，应不小于 1、不大于 10000"],
  ["opening", "abc", "abc", "开业日期“abc”不是日期，应如 2026-03-01"],
  ["opening", "2026-02-30", "2026-02-30", "开业日期“2026-02-30”不是日期，应如 2026-03-01"],
])("%s keeps %s as it was typed, and says what is wrong with it", (name, text, value, words) => {
  render(<Page />);
  type(name, text);
  expect(field(name).value).toBe(text);
  expect(data[name]).toBe(value);
  expect(screen.getByText(words)).toBeTruthy();
});

test("full-width digits are a number and stay as they were typed", () => {
  render(<Page />);
  type("area", "８０");
  expect(data.area).toBe(80);
  expect(field("area").value).toBe("８０");
  expect(document.querySelector(".ant-form-item-has-error")).toBeNull();
});

test("a date may be typed without signs", () => {
  render(<Page />);
  type("opening", "20261201");
  expect(data.opening).toBe("2026-12-01");
});

test("what is no date replaces the message that a date is missing, and the date that was there", () => {
  render(<Page from={{ opening: "2026-12-01" }} showAll />);
  type("opening", "");
  expect(data.opening).toBeUndefined();
  type("opening", "abc");
  expect(data.opening).toBe("abc");
  expect(screen.getByText("开业日期“abc”不是日期，应如 2026-03-01")).toBeTruthy();
});

test("the choices begin with the first real one", () => {
  render(<Page />);
  fireEvent.keyDown(field("kind"), { key: "ArrowDown", keyCode: 40 });
  fireEvent.keyDown(field("kind"), { key: "Enter", keyCode: 13 });
  expect(data.kind).toBe("销售");
});

test("what a service found wrong stands beside its field", () => {
  const problem = {
    pointer: "/kind",
    code: "missing-glyphs",
    params: { characters: ["𠮷 U+20BB7", "😀 U+1F600"] },
  };
  render(<Page refused={[problem]} />);
  expect(screen.getByText("含有打印不出的字：𠮷 U+20BB7、😀 U+1F600")).toBeTruthy();
  expect(document.querySelectorAll(".ant-form-item-has-error")).toHaveLength(1);
});

test("a list in which nothing is chosen any more is not there", () => {
  const scope = {
    type: "array",
    title: "经营项目",
    minItems: 1,
    uniqueItems: true,
    items: { type: "string", enum: ["热食", "冷食"] },
  };
  render(
    <SchemaForm
      schema={{ ...SCHEMA, properties: { ...SCHEMA.properties, scope } }}
      uiSchema={{ scope: { "ui:widget": "checkboxes" } }}
      data={{ scope: ["热食"] }}
      showAll={false}
      refused={[]}
      onChange={(changed) => {
        data = changed;
      }}
    />,
  );
  fireEvent.click(screen.getByLabelText("热食"));
  expect("scope" in data).toBe(false);
});
