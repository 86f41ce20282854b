import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { expect, test, vi } from "vitest";
import type { CaseView, SessionView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { DepartmentSide, silentSince } from "./DepartmentSide";
import { Enquiries } from "./Enquiries";
import { Notices } from "./Notices";
import { StepDialog } from "./StepDialog";

// The computer may be busy with other tests.
configure({ asyncUtilTimeout: 8_000 });

const view = {
  id: "c",
  state: "taken",
  taken_at: "2026-06-15T01:00:00Z",
  notices: [],
  enquiries: [],
  progress: [],
  materials: [],
  department_receipt: null,
  acceptance: null,
  delivery_to_department: { queued_at: "2026-06-15T01:00:00Z", delivered_at: "2026-06-15T01:01:00Z" },
} as unknown as CaseView;
const session = { account: { id: "chen", roles: ["window_clerk"] } } as unknown as SessionView;

const show = (children: React.ReactNode) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <CurrentSession value={session}>{children}</CurrentSession>
      </App>
    </QueryClientProvider>,
  );

test("a department that says nothing is seen to, until it says something", () => {
  expect(silentSince(view)).toBe("2026-06-15T01:00:00Z");
  const progress = [{ at: "2026-06-16T01:00:00Z", step: "现场核查", officer: null, note: null }];
  expect(silentSince({ ...view, progress })).toBeNull();
  expect(silentSince({ ...view, state: "issued" })).toBeNull();
});

test("on the day itself a department that has not answered yet is not late", () => {
  const at = (today: string) => {
    const { unmount } = render(
      <CurrentSession value={{ ...session, today }}>
        <DepartmentSide of={view} />
      </CurrentSession>,
    );
    const { className } = screen.getByTestId("silent-since");
    unmount();
    return className;
  };
  expect(at("2026-06-15")).toBe("quiet");
  expect(at("2026-06-16")).toBe("warn");
});

test("a department that asked has spoken, and silence counts from the last message that wants an answer", () => {
  const one = { id: "e", text: "", asked_by: "王", answer: null, answered_by: null };
  const theirs = {
    ...one,
    by: "department" as const,
    asked_at: "2026-06-16T01:00:00Z",
    answered_at: "2026-06-17T01:00:00Z",
  };
  const delivery_to_department = { ...view.delivery_to_department!, delivered_at: "2026-06-17T01:01:00Z" };
  expect(silentSince({ ...view, delivery_to_department, enquiries: [theirs] })).toBeNull();
  const ours = { ...one, by: "window" as const, asked_at: "2026-06-18T01:00:00Z", answered_at: null };
  expect(silentSince({ ...view, enquiries: [theirs, ours] })).toBe("2026-06-18T01:00:00Z");
  const answered = { ...ours, answered_at: "2026-06-19T01:00:00Z" };
  expect(silentSince({ ...view, enquiries: [theirs, answered] })).toBeNull();
});

test("what the department's system did not take stands out, field by field", async () => {
  await i18n.changeLanguage("zh");
  const department_receipt = {
    at: "2026-06-16T01:00:00Z",
    department_number: "审7",
    fields: [
      { name: "name", label: "申请人", value: "李秀兰", taken: true, note: null },
      { name: "area", label: "面积", value: null, taken: false, note: "超出范围" },
    ],
  };
  show(<DepartmentSide of={{ ...view, department_receipt }} />);
  const receipt = screen.getByTestId("department-receipt");
  expect(receipt.textContent).toContain("审7");
  expect(receipt.querySelector(".receipt-refused")!.textContent).toContain("超出范围");
});

test("a second notice says why and who allowed it", async () => {
  await i18n.changeLanguage("zh");
  const notice = {
    number: "告1",
    asked_at: "2026-06-15T01:00:00Z",
    by: "window" as const,
    officer: "陈",
    points: [],
    allowed_by: null,
    allowed_because: null,
    supplied_at: "2026-06-16T01:00:00Z",
  };
  const second = { ...notice, number: "告2", allowed_by: "周", allowed_because: "换了人", supplied_at: null };
  show(<Notices of={{ ...view, notices: [notice, second] }} />);
  expect(screen.getByTestId("notice-1").textContent).not.toContain(zh.notice.allowed);
  expect(screen.getByTestId("notice-2").textContent).toContain("换了人");
  expect(screen.getByTestId("notice-2").textContent).toContain(zh.notice.open);
});

test("a question of the department is answered; one's own waits", async () => {
  await i18n.changeLanguage("zh");
  const one = {
    asked_at: "2026-06-15T01:00:00Z",
    asked_by: "王",
    answer: null,
    answered_at: null,
    answered_by: null,
  };
  const enquiries = [
    { ...one, id: "theirs", by: "department" as const, text: "含后厨吗？" },
    { ...one, id: "ours", by: "window" as const, text: "可以手绘吗？" },
  ];
  const fetched = vi.fn(() => Promise.resolve(Response.json({ ...view, enquiries })));
  vi.stubGlobal("fetch", fetched);
  show(<Enquiries of={{ ...view, enquiries }} />);
  const field = screen.getByTestId("answer-theirs");
  fireEvent.change(field, { target: { value: "含。" } });
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(fetched).toHaveBeenCalled());
  expect(String((fetched.mock.calls[0] as unknown[])[0])).toContain("/cases/c/enquiries/theirs/answer");
  await waitFor(() => expect((field as HTMLTextAreaElement).value).toBe(""));
});

test("a manager who tells again says why before it is sent", async () => {
  await i18n.changeLanguage("zh");
  const onStep = vi.fn();
  const missing = [{ of: "point" as const, code: "signed", under: "申请书", text: "没有签字", open: false }];
  const idle = { busy: false, problem: null, onStep, onClose: vi.fn() };
  show(<StepDialog acts={["ask-supplement"]} missing={missing} earlier={1} {...idle} />);
  const ok = await screen.findByTestId("step-ok");
  fireEvent.click(ok);
  expect(screen.getByText(zh.act.nothingChosen)).toBeTruthy();
  fireEvent.click(screen.getByTestId("step-missing-signed"));
  fireEvent.change(screen.getByTestId("step-words-signed"), { target: { value: "新申请书没有签字 " } });
  fireEvent.click(ok);
  expect(onStep).not.toHaveBeenCalled();
  fireEvent.change(screen.getByTestId("step-allowed"), { target: { value: "换了法定代表人" } });
  fireEvent.click(ok);
  const step = {
    act: "ask-supplement",
    points: ["signed"],
    materials: [],
    words: { signed: "新申请书没有签字" },
    allowed: "换了法定代表人",
  };
  expect(onStep).toHaveBeenCalledWith(step);
});
