import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { SessionView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { AttentionCount, ToLookAt } from "./Attention";

vi.mock("../api/hall-calls");
const list = vi.mocked(calls.listToLookAt);

const row = (number: string) => ({
  id: `c${number}`,
  number,
  number_spoken: `0001-${number}`,
  item_name: "食品",
  applicant_masked: "李*兰",
  department_name: "市监局",
});

beforeEach(async () => {
  list.mockClear();
  await i18n.changeLanguage("zh");
  list.mockImplementation((attention) =>
    Promise.resolve({
      items: { asked: [row("1"), row("2")], "told-again": [row("2")], "with-window": [row("3")] }[attention],
      next: null,
    } as never),
  );
});

function open(role: string) {
  const session = { account: { id: "a", roles: [role] } } as unknown as SessionView;
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <CurrentSession value={session}>
          <AttentionCount of={session} />
          <ToLookAt />
        </CurrentSession>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

test("a supervisor sees who was told again before what departments ask, and each case is counted once", async () => {
  open("supervisor");
  await screen.findByTestId("told-again-2");
  const titles = screen.getAllByRole("region").map((region) => region.getAttribute("aria-label"));
  expect(titles).toEqual([zh.attention["told-again"].title, zh.attention.asked.title]);
  expect(screen.getByTestId("attention-count").textContent).toBe("2");
  expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toContain("/cases/c1");
});

test("a clerk is told what departments ask, and of no alarm that is not theirs", async () => {
  open("window_clerk");
  await screen.findByTestId("asked-1");
  expect(screen.queryByTestId("told-again-2")).toBeNull();
  await screen.findByTestId("with-window-3");
  expect(list.mock.calls.some(([attention]) => attention === "told-again")).toBe(false);
});
