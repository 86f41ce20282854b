import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { DateField } from "./DateField";

const told: (string | null)[] = [];

function Desk({ first = null }: { first?: string | null }) {
  const [value, setValue] = useState(first);
  return (
    <DateField
      id="until"
      label="until"
      value={value}
      onChange={(text) => {
        told.push(text);
        setValue(text);
      }}
    />
  );
}

const field = () => screen.getByLabelText<HTMLInputElement>("until");
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });
const leave = () => {
  fireEvent.keyDown(field(), { key: "Tab" });
  fireEvent.blur(field());
};

test("what is no day stays in the field, and is told", () => {
  render(<Desk />);
  field().focus();
  type("明年年底");
  leave();
  expect(told.at(-1)).toBe("明年年底");
  expect(field().value).toBe("明年年底");
});

test("what was no day when the page was left is there when it is opened again, until it is one", () => {
  render(<Desk first="2026-13-01" />);
  expect(field().value).toBe("2026-13-01");
  field().focus();
  type("2026.1.1");
  expect(field().value).toBe("2026.1.1");
  type("2026.1.12");
  leave();
  expect(told.at(-1)).toBe("2026-01-12");
  expect(field().value).toBe("2026-01-12");
  type("");
  expect(told.at(-1)).toBeNull();
});

test.each(["2026年12月31日", "20261231", "2026.12.31"])("%s is a day", (text) => {
  render(<Desk />);
  field().focus();
  type(text);
  leave();
  expect(told.at(-1)).toBe("2026-12-31");
});

test("what was there before does not come back over what is typed after it was cleared", () => {
  render(<Desk first="2026-01-01" />);
  field().focus();
  type("");
  expect(told.at(-1)).toBeNull();
  type("2");
  expect(field().value).toBe("2");
});
