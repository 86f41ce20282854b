import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { CaseRow, SessionView } from "../api/types";
import "../i18n";
import { CurrentSession } from "../session/useSession";
import { CaseList } from "./CaseList";

vi.mock("../api/hall-calls");

const row = (id: string) =>
  ({ id, number: id, number_spoken: id, item_name: "食品", state: "taken", light: "normal" }) as CaseRow;
const found = (...ids: string[]) =>
  vi.mocked(calls.listCases).mockResolvedValue({ items: ids.map(row), next: null });

function At() {
  return <output data-testid="at">{useLocation().pathname}</output>;
}

function open() {
  vi.mocked(calls.listFailedDeliveries).mockResolvedValue({ items: [], next: null });
  vi.mocked(calls.listToLookAt).mockResolvedValue({ items: [], next: null });
  const session = { account: { id: "a", roles: ["window_clerk"] } } as unknown as SessionView;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter initialEntries={["/cases"]}>
        <CurrentSession value={session}>
          <CaseList />
          <At />
        </CurrentSession>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return screen.getByTestId("cases-search");
}

test("a scanner types faster than the address follows, and opens what it has read", async () => {
  found("1", "2");
  const search = open() as HTMLInputElement;
  await screen.findByText("1");
  found("3");
  act(() => {
    for (const typed of ["0", "00", "003"]) fireEvent.change(search, { target: { value: typed } });
    fireEvent.keyDown(search, { key: "Enter" });
  });
  expect(search.value).toBe("003");
  await waitFor(() => expect(screen.getByTestId("at").textContent).toBe("/cases/3"));
  expect(vi.mocked(calls.listCases).mock.calls.at(-1)?.[0]).toMatchObject({ q: "003" });
});

test("who comes to the list types at once", () => {
  found();
  const search = open();
  expect(document.activeElement).toBe(search);
});

test("the arrows go from the search through the cases and back", async () => {
  found("1", "2");
  const search = open();
  const [first, second] = [await screen.findByText("1"), screen.getByText("2")];
  const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });
  press("ArrowDown");
  expect(document.activeElement).toBe(first);
  press("ArrowDown");
  expect(document.activeElement).toBe(second);
  press("ArrowUp");
  press("ArrowUp");
  expect(document.activeElement).toBe(search);
});

test("Enter opens the one case that is found, and goes to the first of several", async () => {
  found("1", "2");
  const search = open();
  await screen.findByText("1");
  fireEvent.keyDown(search, { key: "Enter" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("1")));
  search.focus();
  found("2");
  fireEvent.change(search, { target: { value: "2" } });
  fireEvent.keyDown(search, { key: "Enter" });
  // What was found before is not what was asked for.
  expect(screen.getByTestId("at").textContent).toBe("/cases");
  await waitFor(() => expect(screen.getByTestId("at").textContent).toBe("/cases/2"));
});
