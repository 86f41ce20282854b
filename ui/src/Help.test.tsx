import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import "./i18n";
import { zh } from "./i18n/zh";
import { HelpDrawer, ShortcutList } from "./Help";
import { useShortcut } from "./shared/shortcuts";

function Desk({ onSubmit, topic = "window" }: { onSubmit: () => void; topic?: "window" | "department" }) {
  const [open, setOpen] = useState<"help" | "keys" | null>(null);
  const close = () => setOpen(null);
  useShortcut("help", () => setOpen("help"));
  useShortcut("keys", () => setOpen("keys"));
  useShortcut("submit", onSubmit);
  return (
    <>
      <HelpDrawer topic={topic} open={open === "help"} onClose={close} desks={2} demo={false} />
      <ShortcutList topic={topic} open={open === "keys"} onClose={close} desks={2} demo={false} />
    </>
  );
}

test.each([
  ["the help", { key: "F1" }],
  ["the list of keys", { key: "?", shiftKey: true }],
])("keys do nothing behind %s, and work again once it is closed", async (_, opening) => {
  const submit = vi.fn();
  render(<Desk onSubmit={submit} />);
  fireEvent.keyDown(document.body, opening);
  const dialog = await screen.findByRole("dialog");
  fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
  expect(submit).not.toHaveBeenCalled();

  fireEvent.keyDown(dialog, { key: "Escape", keyCode: 27 });
  await waitFor(() => {
    fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
    expect(submit).toHaveBeenCalled();
  });
});

test("the help has the keyboard, and its keys are those of the desk, its own first", async () => {
  render(<Desk onSubmit={() => {}} topic="department" />);
  fireEvent.keyDown(document.body, { key: "F1" });
  const text = await screen.findByRole("group", { name: zh.help.topics.department.title });
  await waitFor(() => expect(document.activeElement).toBe(text));
  const keys = [...text.querySelectorAll("td")].map((cell) => cell.textContent);
  expect(keys).toContain(zh.shortcut.claim);
  expect(keys).not.toContain(zh.shortcut.looked);
  expect(keys.indexOf(zh.shortcut.claim)).toBeLessThan(keys.indexOf(zh.shortcut.find));
});
