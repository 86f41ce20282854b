import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { readItem } from "../api/hall-calls";
import type * as Backend from "../backend";
import { useNews } from "./useNews";

let tell: (news: Backend.News) => void;

vi.mock("../backend", async (original) => ({
  ...(await original<typeof Backend>()),
  subscribe: (_: string, onNews: (news: Backend.News) => void) => {
    tell = onNews;
    return () => {};
  },
}));

function Version() {
  useNews("hall", true);
  const { data } = useQuery({
    queryKey: ["hall", "item", "food"],
    queryFn: () => readItem("food"),
    staleTime: Infinity,
  });
  return <p>version {data?.version}</p>;
}

test("an item is read again when something was published, and not for news of cases", async () => {
  let version = 0;
  const item = () =>
    new Response(JSON.stringify({ version: ++version }), { headers: { "Content-Type": "application/json" } });
  const hall = vi.fn(() => Promise.resolve(item()));
  vi.stubGlobal("fetch", hall);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Version />
    </QueryClientProvider>,
  );
  expect(await screen.findByText("version 1")).toBeTruthy();
  act(() => tell({ event: "case", data: { case_id: "1" } }));
  await new Promise((later) => setTimeout(later, 500));
  expect(hall).toHaveBeenCalledTimes(1);
  act(() => tell({ event: "catalogue", data: {} }));
  expect(await screen.findByText("version 2")).toBeTruthy();
});
