import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import { Failure } from "../api/failure";
import "../i18n";
import { zh } from "../i18n/zh";
import { OutputDesk } from "./OutputDesk";

vi.mock("../api/hall-calls");
const mocked = vi.mocked(calls);

function open() {
  mocked.listPrinters.mockResolvedValue({ items: [] } as never);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <OutputDesk caseId={undefined} />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

test("a name is found, and the arrow goes into what was found", async () => {
  const row = {
    id: "c",
    number: "1",
    number_spoken: "1",
    item_name: "食品",
    state: "issued",
    outcome: "granted",
  };
  mocked.listCases.mockImplementation(({ q }) =>
    Promise.resolve({ items: q ? [row] : [], next: null } as never),
  );
  mocked.findCase.mockRejectedValue(new Failure("case-not-found", 404));
  open();
  const box = screen.getByTestId("scan-box");
  fireEvent.change(box, { target: { value: "欧阳" } });
  fireEvent.keyDown(box, { key: "Enter" });
  const found = await screen.findByTestId("output-row-1");
  fireEvent.keyDown(box, { key: "ArrowDown" });
  // Enter opens a link.
  expect(document.activeElement).toBe(found);
  expect(found.getAttribute("href")).toBe("/output/c");
  fireEvent.keyDown(found, { key: "ArrowUp" });
  expect(document.activeElement).toBe(box);
});

test("each list says how many wait in it", async () => {
  const row = (id: string, state: string) => ({
    id,
    number: id,
    number_spoken: id,
    item_name: "食品",
    state,
  });
  mocked.listCases.mockImplementation(({ state }) => {
    const items = state === "issued" ? [row("1", state)] : state === "rejected" ? [row("2", state)] : [];
    return Promise.resolve({ items, next: state === "rejected" ? "more" : null } as never);
  });
  open();
  await screen.findByTestId("output-row-1");
  await waitFor(() =>
    expect(screen.getByRole("radio", { name: `${zh.output.list.rejected} 1+` })).toBeTruthy(),
  );
  expect(screen.getByRole("radio", { name: `${zh.output.list.issued} 1` })).toBeTruthy();
  expect(screen.getByRole("radio", { name: `${zh.output.list.withdrawn} 0` })).toBeTruthy();
  fireEvent.click(screen.getByRole("radio", { name: `${zh.output.list.rejected} 1+` }));
  await screen.findByTestId("output-row-2");
});
