import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, renderHook, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { DraftKept } from "../api/types";
import "../i18n";
import { zh } from "../i18n/zh";
import { writeDraft } from "../shared/draft";
import { newDraft, type Draft } from "./filing";
import { KeepingState } from "./KeepingState";
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

function Said({ of: draft }: { of: Draft }) {
  return (
    <KeepingState
      of={useKeeping(draft, undefined)}
      theirs={{ busy: false, problem: null }}
      onTheirs={() => {}}
    />
  );
}

test("what the hall refuses to keep is said in its words, and is no lack of a connection", async () => {
  const draft: Draft = { ...newDraft("1"), applicant: { ...newDraft("1").applicant, name: "王小明" } };
  const body = JSON.stringify({ code: "too-many-drafts" });
  const headers = { "Content-Type": "application/json" };
  const refusing = vi.fn(() => Promise.resolve(new Response(body, { status: 409, headers })));
  vi.stubGlobal("fetch", refusing);
  render(<Said of={draft} />, { wrapper });
  const alert = await screen.findByText(zh.keeping.refused, {}, { timeout: 3_000 });
  expect(screen.queryByText(zh.keeping.failed)).toBeNull();
  expect(alert.parentElement!.textContent).toContain("too-many-drafts");
  await new Promise((later) => setTimeout(later, 300));
  expect(refusing).toHaveBeenCalledTimes(1);
});

test("while nobody is signed in nothing is kept in the name of who is at another page", async () => {
  const named = (name: string): Draft => ({
    ...newDraft("1"),
    case: "2",
    applicant: { ...newDraft("1").applicant, name },
  });
  const body = JSON.stringify({ code: "unauthenticated" });
  const headers = { "Content-Type": "application/json" };
  const refusing = vi.fn(() => Promise.resolve(new Response(body, { status: 401, headers })));
  vi.stubGlobal("fetch", refusing);
  const { rerender } = render(<Said of={named("王小明")} />, { wrapper });
  await waitFor(() => expect(refusing).toHaveBeenCalledTimes(1), { timeout: 3_000 });
  rerender(<Said of={named("王小")} />);
  await new Promise((later) => setTimeout(later, 1_400));
  expect(refusing).toHaveBeenCalledTimes(1);
});
