import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { expect, test, vi } from "vitest";
import type { CaseView, SessionView } from "../api/types";
import "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { CaseActs } from "./CaseActs";

const session = { account: { id: "chen", roles: ["window_clerk"] } } as unknown as SessionView;
const view = {
  id: "c",
  version: 1,
  state: "taken",
  delivery_to_department: null,
  notices: [],
  materials: [],
  points: [],
} as unknown as CaseView;

test("what may be done with a case goes by the item that it was taken by, also when that is withdrawn", async () => {
  const hall = vi.fn((address: string) =>
    Promise.resolve(
      address.endsWith("/cases/c/item")
        ? Response.json({ delegated: ["accept"], materials: [], points: [], decision_texts: {} })
        : Response.json({ code: "item-not-found" }, { status: 404 }),
    ),
  );
  vi.stubGlobal("fetch", hall);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <CurrentSession value={session}>
        <CaseActs of={view} />
      </CurrentSession>
    </QueryClientProvider>,
  );
  fireEvent.click(await screen.findByTestId("act-accept"));
  expect(await screen.findByTestId("step-ok")).toBeTruthy();
});

test("what was handed in is in the words that a decision starts from", async () => {
  let trade = "旧字号";
  const item = () => ({
    delegated: ["accept", "decide"],
    materials: [],
    points: [],
    decision_texts: { grant: `准予“${trade}”登记。`, refuse: "不予登记。" },
  });
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(Response.json(item()))),
  );
  const queries = new QueryClient();
  const page = (version: number) => (
    <QueryClientProvider client={queries}>
      <CurrentSession value={session}>
        <CaseActs of={{ ...view, version }} />
      </CurrentSession>
    </QueryClientProvider>
  );
  const { rerender } = render(page(1));
  await screen.findByTestId("act-decide");
  trade = "新字号";
  rerender(page(2));
  fireEvent.click(screen.getByTestId("act-decide"));
  fireEvent.click(await screen.findByRole("radio", { name: new RegExp(zh.outcome.granted) }));
  expect(await screen.findByDisplayValue("准予“新字号”登记。")).toBeTruthy();
});

test("the key says why nothing can be done where the department has the case", async () => {
  const hall = vi.fn(() => Promise.resolve(Response.json({ delegated: [], materials: [], points: [] })));
  vi.stubGlobal("fetch", hall);
  const supervisor = { account: { id: "zhou", roles: ["supervisor"] } } as unknown as SessionView;
  const sent = { queued_at: "2026-06-15T01:00:00Z" } as CaseView["delivery_to_department"];
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <CurrentSession value={supervisor}>
          <CaseActs of={{ ...view, delivery_to_department: sent }} />
        </CurrentSession>
      </App>
    </QueryClientProvider>,
  );
  await waitFor(() => {
    fireEvent.keyDown(document.body, { key: "t", code: "KeyT", altKey: true });
    expect(screen.queryByText(zh.act.none.department)).toBeTruthy();
  });
  expect(screen.queryByRole("dialog")).toBeNull();
});
