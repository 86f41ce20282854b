import { render, screen } from "@testing-library/react";
import { useRef } from "react";
import { expect, test } from "vitest";
import { letGo, useFocusOnArrival } from "./focus";

function Late() {
  const field = useRef<HTMLInputElement>(null);
  useFocusOnArrival(field);
  return <input ref={field} aria-label="late" />;
}

const page = (arrived: boolean) => (
  <>
    <input aria-label="scan" />
    <button>menu</button>
    {arrived && <Late />}
  </>
);

test("a screen that arrives takes the keyboard", () => {
  const { rerender } = render(page(false));
  screen.getByText("menu").focus();
  rerender(page(true));
  expect(document.activeElement).toBe(screen.getByLabelText("late"));
});

test("a field that somebody types into keeps it", () => {
  const { rerender } = render(page(false));
  screen.getByLabelText("scan").focus();
  rerender(page(true));
  expect(document.activeElement).toBe(screen.getByLabelText("scan"));
});

test("who opens another screen from a field lets go of it", () => {
  const { rerender } = render(page(false));
  screen.getByLabelText("scan").focus();
  letGo();
  rerender(page(true));
  expect(document.activeElement).toBe(screen.getByLabelText("late"));
});
