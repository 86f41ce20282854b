import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SessionView } from "../api/types";
import "../i18n";
import { CurrentSession } from "../session/useSession";
import { TourOffer } from "./Tour";

const session = { account: { id: "chen" } } as unknown as SessionView;

test("who has walked to the end, or away, can type at once", async () => {
  localStorage.clear();
  render(
    <CurrentSession value={session}>
      <main id="main">
        <TourOffer />
        <input data-testid="item-search" />
      </main>
    </CurrentSession>,
  );
  const start = screen.getByTestId("tour-start");
  start.focus();
  fireEvent.click(start);
  const close = await waitFor(() => {
    const button = document.querySelector<HTMLElement>(".ant-tour-close");
    expect(button).toBeTruthy();
    return button!;
  });
  close.focus();
  fireEvent.click(close);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("item-search")));
});
