import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { SessionView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { ItemSearch } from "./ItemSearch";

beforeEach(async () => {
  await i18n.changeLanguage("zh");
});

test("a hall without items says how it gets them", async () => {
  const none = () =>
    new Response(JSON.stringify({ items: [], next: null }), {
      headers: { "Content-Type": "application/json" },
    });
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(none())),
  );
  render(
    <QueryClientProvider client={new QueryClient()}>
      <CurrentSession value={{ account: { id: "chen" } } as unknown as SessionView}>
        <ItemSearch guide={false} onGuide={() => {}} onPick={() => {}} />
      </CurrentSession>
    </QueryClientProvider>,
  );
  expect(await screen.findByText(zh.window.noItems)).toBeTruthy();
  expect(screen.getByText(zh.window.noItemsHint).textContent).toContain("yichuang-server import catalogue");
  expect(screen.queryByTestId("item-search")).toBeNull();
});
