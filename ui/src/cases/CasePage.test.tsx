import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { CaseView, ItemView, SessionView } from "../api/types";
import i18n from "../i18n";
import { CurrentSession } from "../session/useSession";
import { CasePage } from "./CasePage";

vi.mock("../api/hall-calls");

const session = { account: { id: "chen", roles: ["window_clerk"] } } as unknown as SessionView;
const question = { asked_at: "2026-06-15T01:00:00Z", asked_by: "王", answer: null, answered_at: null };
const view = {
  id: "c",
  version: 1,
  number: "1",
  number_spoken: "0001-1",
  item_name: "食品",
  state: "taken",
  notices: [],
  unverified_notes: [],
  answers: [],
  materials: [],
  points: [],
  papers: [],
  originals: [],
  clocks: [],
  progress: [],
  enquiries: [
    { ...question, id: "answered", by: "department", answered_at: "2026-06-15T02:00:00Z", text: "一" },
    { ...question, id: "ours", by: "window", text: "二" },
    { ...question, id: "theirs", by: "department", text: "三" },
  ],
  form: { area: 12, premises: "桂花街12号" },
  form_schema: {
    type: "object",
    properties: { area: { type: "number", title: "面积" }, premises: { type: "string", title: "场所" } },
  },
} as unknown as CaseView;

beforeEach(async () => {
  await i18n.changeLanguage("zh");
  vi.mocked(calls.readCase).mockResolvedValue(view);
  vi.mocked(calls.readItemOfCase).mockResolvedValue({
    ui_schema: { "ui:order": ["premises", "area"] },
  } as unknown as ItemView);
  vi.mocked(calls.readTimeline).mockResolvedValue({ items: [], next: null });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <MemoryRouter>
          <CurrentSession value={session}>
            <CasePage id="c" />
          </CurrentSession>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
});

test("that the department asks is said at the head, and one key leads to the answer", async () => {
  const head = await screen.findByTestId("open-enquiries");
  expect(head.textContent).toContain("1");
  fireEvent.keyDown(document.body, { key: "q", code: "KeyQ", altKey: true });
  const answer = screen.getByTestId("answer-theirs");
  expect(document.activeElement).toBe(answer);

  const enquiries = view.enquiries.map((one) => ({ ...one, answered_at: "2026-06-15T03:00:00Z" }));
  vi.mocked(calls.answerDepartment).mockResolvedValue({ ...view, enquiries });
  vi.mocked(calls.readCase).mockResolvedValue({ ...view, enquiries });
  fireEvent.change(answer, { target: { value: "含。" } });
  fireEvent.keyDown(answer, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(screen.queryByTestId("open-enquiries")).toBeNull());
  expect(document.activeElement).not.toBe(document.body);
});

test("the form reads in the order in which it was filled in", async () => {
  const premises = await screen.findByText("场所");
  const area = screen.getByText("面积");
  await waitFor(() =>
    expect(premises.compareDocumentPosition(area) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy(),
  );
});

test("after a step the hand goes on to the paper that it made, once that is there", async () => {
  const copy = (await screen.findByText("0001-1")).closest("section, div")!.querySelector("button");
  await waitFor(() => expect(document.activeElement).toBe(copy));
  fireEvent.keyDown(document.body, { key: "q", code: "KeyQ", altKey: true });
  const paper = { id: "p", kind: "supplement-receipt", title: "凭证", number: "1", prints: [] };
  const enquiries = view.enquiries.map((one) => ({ ...one, answered_at: "2026-06-15T03:00:00Z" }));
  const after = (state: string) =>
    ({ ...view, version: 2, enquiries, papers: [{ ...paper, state }] }) as unknown as CaseView;
  vi.mocked(calls.answerDepartment).mockResolvedValue(after("pending"));
  vi.mocked(calls.readCase).mockResolvedValue(after("ready"));
  const answer = screen.getByTestId("answer-theirs");
  fireEvent.change(answer, { target: { value: "含。" } });
  fireEvent.keyDown(answer, { key: "Enter", ctrlKey: true });
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.queryByTestId("paper-print-supplement-receipt")),
  );
});
