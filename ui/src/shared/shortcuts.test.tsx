import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { shortcutOf, useShortcut } from "./shortcuts";

const press = (init: KeyboardEventInit) => new KeyboardEvent("keydown", init);

test("a shortcut is known by its keys", () => {
  expect(shortcutOf(press({ key: "Enter", ctrlKey: true }))).toBe("submit");
  expect(shortcutOf(press({ key: "˜", code: "KeyN", altKey: true }))).toBe("next");
  expect(shortcutOf(press({ key: "F2" }))).toBe("find");
  expect(shortcutOf(press({ key: "2", code: "Digit2", altKey: true }))).toBe("menu2");
  expect(shortcutOf(press({ key: "Enter" }))).toBeNull();
  const d = { key: "D", code: "KeyD", ctrlKey: true };
  expect(shortcutOf(press({ ...d, shiftKey: true }))).toBe("desk");
  expect(shortcutOf(press(d))).toBeNull();
});

test("nothing fires while an input method is composing", () => {
  expect(shortcutOf(press({ key: "Enter", ctrlKey: true, isComposing: true }))).toBeNull();
  expect(shortcutOf(press({ key: "Enter", ctrlKey: true, keyCode: 229 }))).toBeNull();
  expect(shortcutOf(press({ key: "/", isComposing: true }))).toBeNull();
});

function Desk({ onFind, onSubmit }: { onFind: () => void; onSubmit: () => void }) {
  useShortcut("find", onFind);
  useShortcut("submit", onSubmit);
  return <input aria-label="field" />;
}

test("a sign typed into a field is text, a key with Ctrl is not", () => {
  const find = vi.fn();
  const submit = vi.fn();
  render(<Desk onFind={find} onSubmit={submit} />);
  const field = screen.getByLabelText("field");

  fireEvent.keyDown(field, { key: "/" });
  expect(find).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "/" });
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true, isComposing: true });

  expect(find).toHaveBeenCalledTimes(1);
  expect(submit).toHaveBeenCalledTimes(1);
});

test("a key that is held does its thing once, and the browser does nothing by it either", () => {
  const submit = vi.fn();
  render(<Desk onFind={vi.fn()} onSubmit={submit} />);
  const held = { key: "Enter", ctrlKey: true, repeat: true };
  expect(fireEvent.keyDown(document.body, held)).toBe(false);
  expect(submit).not.toHaveBeenCalled();
});

test("nothing happens behind an open dialog", () => {
  const submit = vi.fn();
  render(
    <>
      <Desk onFind={vi.fn()} onSubmit={submit} />
      <div role="dialog" aria-modal="true" />
    </>,
  );
  fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
  expect(submit).not.toHaveBeenCalled();
});
