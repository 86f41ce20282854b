import { render, screen, waitFor } from "@testing-library/react";
import { useRef } from "react";
import { expect, test } from "vitest";
import { letGo, letGoOfAll, useFocusBack, useFocusOnArrival, useLanding } from "./focus";

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

test("a screen that arrives behind a dialog takes the keyboard once the dialog is gone", async () => {
  const dialog = <div role="dialog" aria-modal="true" />;
  const { rerender } = render(<>{dialog}</>);
  rerender(
    <>
      {dialog}
      <Late />
    </>,
  );
  expect(document.activeElement).toBe(document.body);
  rerender(
    <>
      <Late />
    </>,
  );
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("late")));
});

function Case({ version, open = true }: { version: number; open?: boolean }) {
  const next = useRef<HTMLButtonElement>(null);
  useLanding(() => next.current?.focus(), true, version);
  return (
    <>
      {open && <button>decide</button>}
      <button ref={next}>next</button>
    </>
  );
}

test("what takes away the keyboard leaves it to what is next, and to nothing where something has it", () => {
  const { rerender } = render(<Case version={1} />);
  expect(document.activeElement).toBe(screen.getByText("next"));
  screen.getByText("decide").focus();
  rerender(<Case version={2} />);
  expect(document.activeElement).toBe(screen.getByText("decide"));
  rerender(<Case version={3} open={false} />);
  expect(document.activeElement).toBe(screen.getByText("next"));
});

function Dialog() {
  useFocusBack(() => screen.getByText("menu").focus());
  return <input aria-label="reason" autoFocus />;
}

const desk = (dialog: boolean, opener = true) => (
  <>
    {opener && <button>open</button>}
    <button>menu</button>
    {dialog && <Dialog />}
  </>
);

test("a dialog that is gone gives the keyboard back, or to what it names where that is gone too", async () => {
  const { rerender } = render(desk(false));
  screen.getByText("open").focus();
  rerender(desk(true));
  rerender(desk(false));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("open")));
  rerender(desk(true));
  rerender(desk(false, false));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("menu")));
  letGoOfAll();
  expect(document.activeElement).toBe(document.body);
});
