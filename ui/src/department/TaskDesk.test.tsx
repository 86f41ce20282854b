import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createMemoryRouter, RouterProvider, useParams } from "react-router";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/department-calls";
import { Failure } from "../api/failure";
import type { SessionView, TaskRow, TaskView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { following, TaskDesk } from "./TaskDesk";

vi.mock("../api/department-calls");
const mocked = vi.mocked(calls);

const row = (id: string, part: object = {}) =>
  ({
    id,
    number: id,
    number_spoken: id,
    item_name: `事项${id}`,
    applicant_masked: "王*明",
    state: "assigned",
    light: "normal",
    claimed_by: null,
    notices_given: 0,
    open_enquiries: 0,
    version: 1,
    ...part,
  }) as unknown as TaskRow;

const task = (id: string, part: object = {}) =>
  ({
    ...row(id),
    hall_name: "大厅",
    assigned_at: "2026-06-15T01:00:00Z",
    applicant: { kind: "person", name: "王小明", id_number: "", phone: "" },
    answers: [],
    points: [],
    form: {},
    form_schema: {},
    materials: [],
    clocks: [],
    papers: [],
    opinions: [],
    notices: [],
    enquiries: [],
    unverified_notes: [],
    review_and_decision_in_one: true,
    papers_to_come: { authority: "市监局", seal: "专用章" },
    ...part,
  }) as unknown as TaskView;

const session = { account: { id: "me", roles: ["approver"] } } as unknown as SessionView;
const page = (items: unknown[]) => ({ items, next: null }) as never;

function Desk() {
  return <TaskDesk taskId={useParams().id} />;
}

function open(path: string) {
  const routes = ["/department", "/department/:id"].map((at) => ({ path: at, element: <Desk /> }));
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <CurrentSession value={session}>
        <RouterProvider router={router} />
      </CurrentSession>
    </QueryClientProvider>,
  );
  return router;
}

beforeAll(() => i18n.changeLanguage("zh"));
beforeEach(() => {
  mocked.listTasks.mockResolvedValue(page([row("1"), row("2")]));
  mocked.countTasks.mockResolvedValue({ open: 2, mine: 0, unclaimed: 1000, waiting: 4, done: 7, most: 1000 });
  mocked.listFailedDeliveries.mockResolvedValue(page([]));
  mocked.readTask.mockImplementation((id) => Promise.resolve(task(id)));
});

test("every list has its count, and the arrows go from the search through the rows", async () => {
  open("/department");
  await screen.findByTestId("task-row-1");
  const list = (name: string) => screen.getByTestId(`tasks-${name}`).closest("label")?.textContent;
  await waitFor(() => expect(list("waiting")).toContain("4"));
  expect(list("unclaimed")).toContain("1000+");
  expect(screen.queryByTestId("tasks-failed")).toBeNull();
  const search = screen.getByTestId("task-search");
  search.focus();
  fireEvent.keyDown(search, { key: "ArrowDown" });
  expect(document.activeElement).toBe(screen.getByTestId("task-row-1"));
  fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
  expect(document.activeElement).toBe(screen.getByTestId("task-row-2"));
  fireEvent.click(screen.getByTestId("tasks-mine"));
  await waitFor(() =>
    expect(mocked.listTasks).toHaveBeenLastCalledWith(expect.objectContaining({ state: "mine" })),
  );
});

test("the keyboard is where the hand goes on: in the list, on the task, in the form, and at the same button", async () => {
  open("/department");
  await waitFor(() => expect(document.activeElement?.getAttribute("data-testid")).toBe("task-row-1"));
  fireEvent.keyDown(document.activeElement!, { key: "n", code: "KeyN", altKey: true });
  const part = await screen.findByRole("group", { name: zh.task.applicationPart });
  await waitFor(() => expect(document.activeElement).toBe(part));

  fireEvent.keyDown(part, { key: "j", code: "KeyJ", altKey: true });
  expect(document.activeElement).toBe(screen.getByTestId("reject-not-needed"));
  const mine = task("1", { claimed_by: { id: "me", name: "王建国" }, version: 2 });
  mocked.claimTask.mockResolvedValue(mine);
  mocked.readTask.mockResolvedValue(mine);
  const claim = screen.getByTestId("task-claim");
  claim.focus();
  fireEvent.click(claim);
  await screen.findByTestId("task-release");
  expect(document.activeElement).toBe(screen.getByTestId("task-release"));
});

test("one key claims, and lets go again", async () => {
  const mine = task("1", { claimed_by: { id: "me", name: "王建国" }, version: 2 });
  mocked.claimTask.mockResolvedValue(mine);
  mocked.releaseTask.mockResolvedValue(task("1", { version: 3 }));
  open("/department/1");
  await screen.findByTestId("task-claim");
  mocked.readTask.mockResolvedValue(mine);
  fireEvent.keyDown(document.body, { key: "c", code: "KeyC", altKey: true });
  await screen.findByTestId("task-release");
  expect(mocked.claimTask.mock.calls[0]?.[0]).toEqual({ id: "1", version: 1 });
  fireEvent.keyDown(document.body, { key: "c", code: "KeyC", altKey: true });
  await waitFor(() => expect(mocked.releaseTask).toHaveBeenCalled());
  expect(mocked.releaseTask.mock.calls[0]?.[0]).toEqual({ id: "1", version: 2 });
});

test("who came first is said, and the steps are closed with the reason", async () => {
  mocked.claimTask.mockRejectedValue(new Failure("claimed", 409));
  open("/department/1");
  const claim = await screen.findByTestId("task-claim");
  mocked.readTask.mockResolvedValue(task("1", { claimed_by: { id: "x", name: "赵文静" } }));
  fireEvent.click(claim);
  await screen.findByText(zh.problem.claimed);
  expect((await screen.findByTestId("why-claimed")).textContent).toContain("赵文静");
  expect(screen.getByTestId<HTMLButtonElement>("task-accept").disabled).toBe(true);
});

test("accepting is confirmed first, by the same key, and then the next step has the keyboard", async () => {
  const accepted = task("1", { state: "accepted", result: { rows: [] }, version: 2 });
  mocked.acceptTask.mockResolvedValue(accepted);
  open("/department/1");
  const accept = await screen.findByTestId("task-accept");
  accept.focus();
  fireEvent.keyDown(accept, { key: "Enter", ctrlKey: true });
  const ok = await screen.findByTestId("confirm-ok");
  expect(fireEvent.keyDown(ok, { key: "Enter", ctrlKey: true, repeat: true })).toBe(false);
  expect(mocked.acceptTask).not.toHaveBeenCalled();
  mocked.readTask.mockResolvedValue(accepted);
  fireEvent.keyDown(ok, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(mocked.acceptTask).toHaveBeenCalled());
  expect(mocked.acceptTask.mock.calls[0]?.[0]).toEqual({ id: "1", version: 1, opinion: undefined });
  await waitFor(() => expect(screen.queryByTestId("task-accept")).toBeNull());
  await waitFor(() => expect(document.activeElement?.closest(".decide")).toBeTruthy());
});

test("after a decision one key opens the next task", async () => {
  mocked.readTask.mockImplementation((id) =>
    Promise.resolve(task(id, id === "9" ? { state: "decided" } : {})),
  );
  const router = open("/department/9");
  await screen.findByTestId("task-next");
  fireEvent.keyDown(document.body, { key: "n", code: "KeyN", altKey: true });
  await waitFor(() => expect(router.state.location.pathname).toBe("/department/1"));
});

test("the next task is one that one can work on", () => {
  const rows = [
    row("1", { state: "supplement-asked" }),
    row("2", { claimed_by: { id: "x" } }),
    row("3"),
    row("4", { claimed_by: { id: "me" } }),
  ];
  const next = (chosen?: string) => following(rows, chosen, "me")?.id;
  expect([next(), next("3"), next("4"), next("gone")]).toEqual(["3", "4", "3", "3"]);
  expect(following(rows.slice(0, 1), undefined, "me")?.id).toBe("1");
});

test("a withdrawn task says so and why, and can be left for the next", async () => {
  mocked.readTask.mockImplementation((id) =>
    Promise.resolve(
      task(id, {
        state: "withdrawn",
        withdrawal: { withdrawn_at: "2026-06-15T01:00:00Z", reason: "不办了" },
      }),
    ),
  );
  open("/department/9");
  expect((await screen.findByTestId("task-withdrawn")).textContent).toContain("不办了");
  expect(screen.queryByTestId("task-accept")).toBeNull();
});

test("what did not reach the hall is a list of its own, with the reason", async () => {
  const delivery = { id: "m", kind: "yichuang.task.accepted", last_error_code: "refused" };
  mocked.listFailedDeliveries.mockResolvedValue(page([{ task: row("5"), delivery }]));
  open("/department");
  fireEvent.click(await screen.findByTestId("tasks-failed"));
  const shown = await screen.findByTestId("task-row-5");
  expect(shown.textContent).toContain(`${zh.message.accepted}：${zh.deliveryError.refused}`);
});

test("a question of the window is answered, and another is asked", async () => {
  const asked = {
    id: "q",
    by: "window",
    asked_at: "2026-06-15T01:00:00Z",
    asked_by: "陈思远",
    text: "几时办完？",
    answered_at: null,
  };
  mocked.readTask.mockImplementation((id) =>
    Promise.resolve(task(id, { enquiries: [asked], open_enquiries: 1 })),
  );
  mocked.answerHall.mockResolvedValue(task("1"));
  open("/department/1");
  await screen.findByTestId("task-accept");
  fireEvent.keyDown(document.body, { key: "q", code: "KeyQ", altKey: true });
  const answer = await screen.findByTestId("answer-q");
  fireEvent.change(answer, { target: { value: " 明天。 " } });
  fireEvent.click(screen.getByTestId("answer-q-send"));
  await waitFor(() => expect(mocked.answerHall).toHaveBeenCalled());
  expect(mocked.answerHall.mock.calls[0]?.[0]).toEqual({ id: "1", enquiry: "q", text: "明天。" });
});

test("after a question the keys are the task's again", async () => {
  const asked = {
    id: "q",
    by: "department",
    asked_at: "2026-06-15T01:00:00Z",
    text: "几时？",
    answered_at: null,
  };
  mocked.askHall.mockResolvedValue(task("1", { enquiries: [asked] }));
  open("/department/1");
  await screen.findByTestId("task-accept");
  fireEvent.keyDown(document.body, { key: "q", code: "KeyQ", altKey: true });
  const words = await screen.findByTestId("enquiry-text");
  fireEvent.change(words, { target: { value: "几时？" } });
  mocked.readTask.mockResolvedValue(task("1", { enquiries: [asked] }));
  fireEvent.keyDown(words, { key: "Enter", ctrlKey: true });
  await screen.findByTestId("enquiry-q");
  await waitFor(() => expect(document.activeElement?.className).toContain("task-part"));
  fireEvent.keyDown(document.activeElement!, { key: "Enter", ctrlKey: true });
  expect(await screen.findByTestId("confirm-ok")).toBeTruthy();
});

test("what nobody has looked at is not counted as found unmet", async () => {
  const point = { material: null, text: "要点", reason: "", blocking: false, by_machine: false };
  const points = [
    { ...point, code: "a", met: true, open: false },
    { ...point, code: "b", met: false, open: true },
    { ...point, code: "c", met: false, open: true },
    { ...point, code: "d", met: false, open: false },
  ];
  mocked.readTask.mockResolvedValue(task("1", { points }));
  open("/department/1");
  expect((await screen.findByTestId("points-met")).textContent).toBe(
    [zh.task.pointsUnmet.replace("{{count}}", "1"), zh.task.pointsUnseen.replace("{{count}}", "2")].join(" "),
  );
});

test("while the applicant is to bring something, it is not said that all is met", async () => {
  const point = { material: null, text: "要点", reason: "", blocking: true, by_machine: false };
  const points = ["a", "b"].map((code) => ({ ...point, code, met: true, open: false }));
  const notices = [
    { number: "告7", by: "department", points: [{ code: "a", material: null, reason: "没有签字" }] },
  ];
  mocked.readTask.mockResolvedValue(task("1", { state: "supplement-asked", points, notices }));
  open("/department/1");
  const met = await screen.findByTestId("points-met");
  expect(met.textContent?.trim()).toBe(zh.task.pointsTold.replace("{{count}}", "1"));
  expect(screen.getAllByText(zh.point.found.told)).toHaveLength(1);
});

test("a notice of the window is told by it, and not asked", async () => {
  const notices = [
    { number: "告7", by: "window", officer: "陈", asked_at: "2026-06-15T01:00:00Z", points: [] },
  ];
  mocked.readTask.mockResolvedValue(task("1", { notices }));
  open("/department/1");
  const words = (await screen.findByText("告7 陈")).closest("p")!.textContent;
  expect(words).toContain(zh.taskNotice.byWindow);
});
