import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/department-calls";
import type { TaskView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { AskSupplement } from "./AskSupplement";

vi.mock("../api/department-calls");
const sent = vi.mocked(calls.askSupplement);

beforeAll(() => i18n.changeLanguage("zh"));
beforeEach(() => sent.mockReset());

const point = (code: string, met: boolean, material: string | null = null) => ({
  code,
  material,
  text: `${code}的要求`,
  reason: `${code}不符合，请补。`,
  blocking: true,
  by_machine: false,
  met,
});
const task = {
  id: "task",
  version: 3,
  applicant: { name: "王小明" },
  notices: [],
  points: [point("signed", false, "application"), point("dated", true)],
  materials: [{ index: 0, code: "application", name: "申请书" }],
  papers_to_come: { supplement_notice: "补正告知书", authority: "市场监督管理局", seal: "专用章" },
} as unknown as TaskView;

function open(view: TaskView = task) {
  sent.mockResolvedValue(view);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <AskSupplement of={view} />
    </QueryClientProvider>,
  );
}
const submit = () => fireEvent.click(screen.getByTestId("ask-submit"));
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

test("the notice has exactly the ticked points, each with its note, as the preview shows them", async () => {
  open();
  // Nothing is ticked by itself; what was met can be ticked too.
  fireEvent.click(screen.getByTestId("ask-signed"));
  fireEvent.click(screen.getByTestId("ask-dated"));
  type("告知内容：dated的要求", "日期写错，\n请改正。");
  submit();
  const dialog = await screen.findByRole("dialog");
  const lines = within(dialog).getAllByRole("listitem");
  expect(lines.map(({ textContent }) => textContent)).toEqual([
    "申请书：signed不符合，请补。",
    "日期写错， 请改正。",
  ]);
  expect(sent).not.toHaveBeenCalled();
  fireEvent.click(within(dialog).getByTestId("confirm-ok"));
  await waitFor(() => expect(sent).toHaveBeenCalled());
  expect(sent.mock.calls[0]?.[0]).toEqual({
    id: "task",
    version: 3,
    points: [
      { code: "signed", material: "application", reason: "signed不符合，请补。" },
      { code: "dated", reason: "日期写错， 请改正。" },
    ],
  });
});

test("what the machine has found met is not offered as missing", () => {
  const found = { ...point("term", true), by_machine: true, open: false };
  open({ ...task, points: [...task.points, found] });
  expect(screen.queryByTestId("ask-term")).toBeNull();
  expect(screen.getByTestId("ask-dated")).toBeTruthy();
});

test("the arrows go from point to point", () => {
  open();
  screen.getByTestId("ask-signed").focus();
  fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
  expect(document.activeElement).toBe(screen.getByTestId("ask-dated"));
  fireEvent.keyDown(document.activeElement!, { key: "ArrowUp" });
  expect(document.activeElement).toBe(screen.getByTestId("ask-signed"));
});

test("a notice of nothing, and a point without a note, are not sent", () => {
  open();
  fireEvent.click(screen.getByTestId("ask-signed"));
  type("告知内容：signed的要求", " ");
  submit();
  expect(screen.getByText(zh.ask.noteMissing)).toBeTruthy();
  fireEvent.click(screen.getByTestId("ask-signed"));
  submit();
  expect(screen.getByText(zh.ask.nothing)).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a second notice needs its reason, which goes with it", async () => {
  open({ ...task, notices: [{ number: "1" }] } as unknown as TaskView);
  fireEvent.click(screen.getByTestId("ask-signed"));
  submit();
  expect(screen.queryByRole("dialog")).toBeNull();
  fireEvent.change(screen.getByTestId("ask-allowed"), { target: { value: "补交的材料出现新问题。" } });
  submit();
  fireEvent.click(within(await screen.findByRole("dialog")).getByTestId("confirm-ok"));
  await waitFor(() => expect(sent).toHaveBeenCalled());
  expect(sent.mock.calls[0]?.[0]).toMatchObject({ allowed: "补交的材料出现新问题。" });
});
