import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import type { TaskView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { Decide } from "./Decide";

beforeAll(() => i18n.changeLanguage("zh"));

const GRANT = "经审查，王小明的申请符合法定条件，准予食品经营许可。";
const REFUSE = "经审查，王小明的申请不符合法定条件。理由如下：";
const task = {
  id: "task",
  version: 1,
  papers_to_come: { granted: "准予决定书", denied: "不予决定书", authority: "市监局", seal: "专用章" },
  texts: { grant: GRANT, refuse: REFUSE },
  result: { certificate_title: null, rows: [], valid_from: "2026-11-22", valid_until: null },
} as unknown as TaskView;

function open(view: TaskView = task) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Decide of={view} />
    </QueryClientProvider>,
  );
}

const opinion = () => screen.getByTestId<HTMLTextAreaElement>("task-opinion");
const write = (text: string) => fireEvent.change(opinion(), { target: { value: text } });

test("the opinion starts from the text of the outcome, and follows it until somebody writes", () => {
  open();
  expect(opinion().value).toBe("");
  fireEvent.click(screen.getByTestId("task-decide-grant"));
  expect(opinion().value).toBe(GRANT);
  fireEvent.click(screen.getByTestId("task-decide-deny"));
  expect(opinion().value).toBe(REFUSE);
  write(`${REFUSE}场所不在规划用途内。`);
  fireEvent.click(screen.getByTestId("task-decide-grant"));
  expect(opinion().value).toBe(`${REFUSE}场所不在规划用途内。`);
  fireEvent.click(screen.getByTestId("task-template"));
  expect(opinion().value).toBe(GRANT);
  expect(screen.queryByTestId("task-template")).toBeNull();
});

test("a refusal needs more than the prepared text", async () => {
  open();
  fireEvent.click(screen.getByTestId("task-decide-deny"));
  fireEvent.click(screen.getByTestId("task-decide-submit"));
  expect(screen.getByText(zh.decide.reasonMissing)).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
  write(`${REFUSE}场所不在规划用途内。`);
  fireEvent.click(screen.getByTestId("task-decide-submit"));
  expect(await screen.findByRole("dialog")).toBeTruthy();
});

test("an item without texts starts from nothing", () => {
  open({ ...task, texts: null });
  fireEvent.click(screen.getByTestId("task-decide-deny"));
  expect(opinion().value).toBe("");
  expect(screen.queryByTestId("task-template")).toBeNull();
});

test("an end that cannot be read stays, is said, and is not taken for no end", async () => {
  const result = { ...task.result, certificate_title: "食品经营许可证" };
  open({ ...task, result });
  fireEvent.click(screen.getByTestId("task-decide-grant"));
  const until = document.getElementById("valid-until") as HTMLInputElement;
  until.focus();
  fireEvent.change(until, { target: { value: "五年" } });
  fireEvent.keyDown(until, { key: "Tab" });
  fireEvent.blur(until);
  expect(until.value).toBe("五年");
  expect(await screen.findByText("有效期至“五年”不是日期，应如 2026-03-01")).toBeTruthy();
  fireEvent.click(screen.getByTestId("task-decide-submit"));
  expect(screen.queryByRole("dialog")).toBeNull();
  fireEvent.change(until, { target: { value: "2031年11月21日" } });
  fireEvent.click(screen.getByTestId("task-decide-submit"));
  expect((await screen.findByRole("dialog")).textContent).toContain("2031-11-21");
});
