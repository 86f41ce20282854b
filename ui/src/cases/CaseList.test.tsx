import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { SessionView } from "../api/types";
import "../i18n";
import { CurrentSession } from "../session/useSession";
import { CaseList } from "./CaseList";

vi.mock("../api/hall-calls");

test("who comes to the list types at once", () => {
  vi.mocked(calls.listCases).mockResolvedValue({ items: [], next: null });
  vi.mocked(calls.listFailedDeliveries).mockResolvedValue({ items: [], next: null });
  vi.mocked(calls.listToLookAt).mockResolvedValue({ items: [], next: null });
  const session = { account: { id: "a", roles: ["window_clerk"] } } as unknown as SessionView;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <CurrentSession value={session}>
          <CaseList />
        </CurrentSession>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  expect(document.activeElement).toBe(screen.getByTestId("cases-search"));
});
