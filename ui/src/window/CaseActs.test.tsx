import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { CaseView, SessionView } from "../api/types";
import "../i18n";
import { CurrentSession } from "../session/useSession";
import { CaseActs } from "./CaseActs";

const session = { account: { id: "chen", roles: ["window_clerk"] } } as unknown as SessionView;
const view = {
  id: "c",
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
