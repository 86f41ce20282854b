import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { expect, test, vi } from "vitest";
import { Failure } from "../api/failure";
import * as calls from "../api/hall-calls";
import type { CaseView, SessionView } from "../api/types";
import "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { HandIn } from "./HandIn";
import { FOOD } from "./samples";

vi.mock("../api/hall-calls");

const session = { account: { id: "chen", roles: ["window_clerk"] } } as unknown as SessionView;
const view = {
  id: "c",
  version: 2,
  state: "supplement-asked",
  notices: [
    {
      number: "1",
      supplied_at: null,
      points: [{ code: null, material: "application", reason: "缺少“申请书”，请提交。" }],
    },
  ],
  materials: [],
  points: [{ code: "signed", met: false, blocking: true, by_machine: false, material: "application" }],
  form: null,
} as unknown as CaseView;

const show = (of: CaseView) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <CurrentSession value={session}>
          <HandIn of={of} />
        </CurrentSession>
      </App>
    </QueryClientProvider>,
  );

test("the hand is led through what was missing, and no place is named by the program's own word for it", async () => {
  vi.mocked(calls.readItemOfCase).mockResolvedValue(FOOD);
  vi.mocked(calls.handInSupplement).mockRejectedValue(
    new Failure("validation-failed", 422, [
      { pointer: "/points/lease-number", code: "point-open", params: { point: "场所写到门牌号" } },
      { pointer: "/points/told-0", code: "point-open" },
    ]),
  );
  show(view);
  const file = await screen.findByTestId("material-file-application");
  await waitFor(() => expect(document.activeElement).toBe(file));
  const press = (key: string, init: KeyboardEventInit = {}) =>
    fireEvent.keyDown(document.activeElement!, { key, ...init });

  expect(screen.getByText("已补：缺少“申请书”，请提交。")).toBeTruthy();
  press("Enter", { ctrlKey: true });
  expect(calls.handInSupplement).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(file);
  expect(screen.getByTestId("hand-in-missing").textContent).toBe(zh.window.missing.replace("{{count}}", "1"));

  press("1");
  press("F8");
  expect(document.activeElement).toBe(screen.getByTestId("point-signed"));
  press("F9");
  expect(screen.getByTestId<HTMLInputElement>("point-signed").checked).toBe(true);
  expect(document.activeElement).toBe(screen.getByTestId("hand-in-submit"));

  press("Enter", { ctrlKey: true });
  const problem = await screen.findByText(`场所写到门牌号：${zh.field["point-open"]}`);
  expect(problem.closest(".problem")?.textContent).not.toContain("/points");
});

test("who changes the form goes on in it, and comes back from it", async () => {
  vi.mocked(calls.readItemOfCase).mockResolvedValue(FOOD);
  show({ ...view, form: { premises: "桂花街12号" } });
  fireEvent.click(await screen.findByTestId("hand-in-form"));
  expect(document.activeElement?.id).toBe("root_premises");
  fireEvent.click(screen.getByTestId("hand-in-keep-form"));
  expect(document.activeElement).toBe(screen.getByTestId("hand-in-form"));
});

test("what the applicant was told of must come, also what is else only advised", async () => {
  vi.mocked(calls.readItemOfCase).mockResolvedValue(FOOD);
  const points = [{ code: "neat", material: "application", reason: "字迹不清" }];
  const notices = [{ ...view.notices[0]!, points }];
  const material = { code: "application", name: "申请书" } as CaseView["materials"][number];
  show({ ...view, notices, materials: [material] });
  const line = (await screen.findByTestId("point-neat")).closest("li")!;
  expect(line.textContent).toContain(zh.point.told);
  expect(line.textContent).not.toContain(zh.point.advisory);
});

test("that it was taken in is said, with the number of its receipt", async () => {
  vi.mocked(calls.readItemOfCase).mockResolvedValue(FOOD);
  const papers = [{ id: "p", kind: "supplement-receipt", number: "补收7" }];
  vi.mocked(calls.handInSupplement).mockResolvedValue({ ...view, papers } as unknown as CaseView);
  const points = [{ code: null, material: null, reason: "请说明" }];
  show({ ...view, notices: [{ ...view.notices[0]!, points }] });
  fireEvent.click(await screen.findByTestId("point-told-0"));
  fireEvent.click(screen.getByTestId("hand-in-submit"));
  expect(await screen.findByText(zh.handIn.taken.replace("{{number}}", "补收7"))).toBeTruthy();
});
