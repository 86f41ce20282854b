import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import "./i18n";
import { HelpDrawer, ShortcutList } from "./Help";
import { useShortcut } from "./shared/shortcuts";

function Desk({ onSubmit }: { onSubmit: () => void }) {
  const [open, setOpen] = useState<"help" | "keys" | null>(null);
  const close = () => setOpen(null);
  useShortcut("help", () => setOpen("help"));
  useShortcut("keys", () => setOpen("keys"));
  useShortcut("submit", onSubmit);
  return (
    <>
      <HelpDrawer topic="window" open={open === "help"} onClose={close} desks={2} demo={false} />
      <ShortcutList open={open === "keys"} onClose={close} desks={2} demo={false} />
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
