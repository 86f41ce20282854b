import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { KnownApplicant } from "../api/types";
import { newDraft, type Draft } from "./filing";
import { FOOD } from "./samples";
import { useKnown, useKnownAgent } from "./useKnown";

vi.mock("../api/hall-calls");

const NUMBER = "11010519491231002X";
let phone: string;

beforeEach(() => {
  const page = { items: [], next: null };
  const person = () => ({ name: "王小明", phone });
  const updated_at = "2026-11-22T01:00:00Z";
  vi.mocked(calls.findApplicant).mockImplementation(() =>
    Promise.resolve({
      applicant: { kind: "person", id_number: NUMBER, ...person() },
      id: "1",
      cases: page,
      certificates: page,
      materials: page,
      updated_at,
      warnings: [],
    } as unknown as KnownApplicant),
  );
  vi.mocked(calls.findAgent).mockImplementation(() => Promise.resolve({ ...person(), updated_at }));
});

function useSitting() {
  const fresh = newDraft("1");
  const [draft, change] = useState<Draft>({
    ...fresh,
    acting: true,
    applicant: { ...fresh.applicant, id_number: NUMBER },
    agent: { ...fresh.agent, id_number: NUMBER },
  });
  useKnown(draft, FOOD, "2026-11-22", change);
  useKnownAgent(draft, "2026-11-22", change);
  return [draft.applicant.phone, draft.agent.phone];
}

test("the next matter of the same person is filled with what the hall knows now", async () => {
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const sit = () => renderHook(useSitting, { wrapper });
  phone = "13800138000";
  const first = sit();
  await waitFor(() => expect(first.result.current).toEqual([phone, phone]));
  first.unmount();
  await new Promise((later) => setTimeout(later, 20));
  phone = "13900139000";
  const second = sit();
  await waitFor(() => expect(second.result.current).toEqual([phone, phone]));
});
