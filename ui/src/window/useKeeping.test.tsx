import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { DraftKept } from "../api/types";
import { writeDraft } from "../shared/draft";
import { newDraft, type Draft } from "./filing";
import { fetched, keptKey, useKeeping } from "./useKeeping";

const fetch = vi.fn(() => Promise.reject(new TypeError("nobody is to be asked")));

beforeEach(() => {
  sessionStorage.clear();
  fetch.mockClear();
  vi.stubGlobal("fetch", fetch);
});

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
);
const flush = (draft: Draft) =>
  renderHook(() => useKeeping(draft, undefined), { wrapper }).result.current.flush();

test("a draft of a withdrawn item is put aside as it was fetched, and not with what was typed since", async () => {
  const draft: Draft = { ...newDraft("1"), item: "withdrawn" };
  writeDraft(keptKey("1"), fetched({ version: 3, updated_at: "2026-11-22T01:00:00Z" } as DraftKept, draft));
  expect(await flush(draft)).toBe(true);
  expect(await flush({ ...draft, applicant: { ...draft.applicant, name: "王小明" } })).toBe(false);
  expect(await flush(newDraft("1"))).toBe(true);
  expect(fetch).not.toHaveBeenCalled();
});
