import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { CaseView, ItemView, SessionView } from "../api/types";
import "../i18n";
import { CurrentSession } from "../session/useSession";
import { Taken } from "./Taken";

vi.mock("../api/hall-calls");

const session = { account: { id: "chen", roles: ["window_clerk"] } } as unknown as SessionView;
const view = {
  id: "c",
  version: 1,
  number: "1",
  number_spoken: "0001-1",
  item_name: "食品",
  applicant_masked: "李*",
  state: "taken",
  delivery_to_department: null,
  notices: [],
  materials: [],
  points: [],
  papers: [],
} as unknown as CaseView;
const item = {
  delegated: ["accept", "decide"],
  materials: [],
  points: [],
  decision_texts: {},
} as unknown as ItemView;

function open(of: CaseView) {
  vi.mocked(calls.readCase).mockResolvedValue(of);
  vi.mocked(calls.readItemOfCase).mockResolvedValue(item);
  vi.mocked(calls.listPrinters).mockResolvedValue({ items: [] } as never);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <MemoryRouter>
          <CurrentSession value={session}>
            <Taken caseId="c" onNext={() => {}} />
          </CurrentSession>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
}
const altT = () => fireEvent.keyDown(document.body, { key: "t", code: "KeyT", altKey: true });

beforeEach(() => vi.resetAllMocks());

const byKey = async () => {
  altT();
  await screen.findByTestId("step-act-accept");
  fireEvent.keyDown(document.activeElement!, { key: "2", code: "Digit2" });
};
const byButton = async () => {
  const button = screen.getByTestId("act-accept");
  button.focus();
  fireEvent.click(button);
  await screen.findByTestId("step-ok");
};

test.each([
  ["key", byKey],
  ["button", byButton],
])("what is left to the window is accepted where it was taken, by %s", async (_, start) => {
  const accepted = {
    ...view,
    version: 2,
    state: "accepted",
    delivery_to_department: {},
  } as unknown as CaseView;
  vi.mocked(calls.acceptCase).mockResolvedValue(accepted);
  open(view);
  await screen.findByTestId("act-accept");
  const next = screen.getByTestId("filing-next");
  await waitFor(() => expect(document.activeElement).toBe(next));
  await start();
  vi.mocked(calls.readCase).mockResolvedValue(accepted);
  fireEvent.keyDown(document.activeElement!, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(calls.acceptCase).toHaveBeenCalled());
  await waitFor(() => expect(screen.queryByTestId("case-acts")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(next));
});

test("what is with its department has no steps here", async () => {
  open({ ...view, delivery_to_department: {} } as unknown as CaseView);
  await screen.findByTestId("filing-next");
  expect(screen.queryByTestId("case-acts")).toBeNull();
});
