import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";
import * as calls from "../api/department-calls";
import type { TaskView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { Reject } from "./Reject";

vi.mock("../api/department-calls");
const sent = vi.mocked(calls.rejectTask);

beforeAll(() => i18n.changeLanguage("zh"));

const REMEDIES = "可以申请行政复议。";
const task = {
  id: "task",
  version: 1,
  applicant: { name: "王小明" },
  papers_to_come: { rejection: "不予受理决定书", authority: "市监局", seal: "专用章", remedies: REMEDIES },
} as unknown as TaskView;

test("it needs a ground and a reason, and where somebody else is competent, who that is; remedies are shown", async () => {
  sent.mockResolvedValue(task);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Reject of={task} />
    </QueryClientProvider>,
  );
  const submit = () => fireEvent.click(screen.getByTestId("reject-submit"));
  submit();
  expect(screen.getByText(zh.field["answer-required"])).toBeTruthy();
  fireEvent.click(screen.getByTestId("reject-not-competent"));
  fireEvent.change(screen.getByTestId("reject-reason"), { target: { value: "由市卫健委办理。" } });
  submit();
  expect(screen.queryByRole("dialog")).toBeNull();
  fireEvent.change(screen.getByTestId("reject-authority"), { target: { value: "市卫健委" } });
  submit();
  const dialog = await screen.findByRole("dialog");
  for (const said of ["不予受理决定书", "由市卫健委办理。", "请向市卫健委提出申请。", REMEDIES]) {
    expect(dialog.textContent).toContain(said);
  }
  fireEvent.click(within(dialog).getByTestId("confirm-ok"));
  await waitFor(() => expect(sent).toHaveBeenCalled());
  expect(sent.mock.calls[0]?.[0]).toEqual({
    id: "task",
    version: 1,
    ground: "not-competent",
    reason: "由市卫健委办理。",
    competent_authority: "市卫健委",
  });
});
