import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { expect, test, vi } from "vitest";
import "../i18n";
import { zh } from "../i18n/zh";
import { StepDialog } from "./StepDialog";
import type { Act, Step } from "./steps";

const ACTS: Act[] = ["accept", "reject", "withdraw"];

test("a decision starts from the item's text, and a denial needs a reason of its own", async () => {
  const steps: Step[] = [];
  render(
    <StepDialog
      acts={["decide"]}
      missing={[]}
      texts={{ granted: "准予食品经营。", denied: "不予许可。" }}
      busy={false}
      problem={null}
      onStep={(step) => steps.push(step)}
      onClose={() => {}}
    />,
  );
  const words = await screen.findByTestId<HTMLTextAreaElement>("step-text");
  const choose = (label: string) => fireEvent.click(screen.getByLabelText(label));
  const submit = () => fireEvent.keyDown(words, { key: "Enter", ctrlKey: true });
  choose(zh.outcome.granted);
  expect(words.value).toBe("准予食品经营。");
  choose(zh.outcome.denied);
  expect(words.value).toBe("不予许可。");
  submit();
  expect(steps).toEqual([]);
  expect(screen.getByText(zh.decide.reasonMissing)).toBeTruthy();
  fireEvent.change(words, { target: { value: "不予许可。场所不符合要求。" } });
  choose(zh.outcome.granted);
  expect(words.value).toBe("准予食品经营。");
  choose(zh.outcome.denied);
  submit();
  expect(steps).toEqual([{ act: "decide", outcome: "denied", reason: "不予许可。场所不符合要求。" }]);
});

test("a number chooses an act as often as one likes; in a text it is typed, and chooses with Alt", async () => {
  render(
    <StepDialog acts={ACTS} missing={[]} busy={false} problem={null} onStep={() => {}} onClose={() => {}} />,
  );
  await screen.findByTestId("step-act-accept");
  const chosen = () => ACTS.filter((act) => screen.getByTestId<HTMLInputElement>(`step-act-${act}`).checked);
  const press = (number: number, init: KeyboardEventInit = {}) =>
    fireEvent.keyDown(document.activeElement!, { key: `${number}`, code: `Digit${number}`, ...init });
  screen.getByTestId("step-act-accept").focus();
  press(4);
  expect(chosen()).toEqual(["reject"]);
  press(5);
  expect(chosen()).toEqual(["withdraw"]);
  expect(document.activeElement).toBe(screen.getByTestId("step-text"));
  press(2);
  expect(chosen()).toEqual(["withdraw"]);
  press(2, { altKey: true, key: "™" });
  expect(chosen()).toEqual(["accept"]);
  // What is not possible now has no number of another.
  press(1);
  press(3);
  expect(chosen()).toEqual(["accept"]);
  press(4);
  expect(chosen()).toEqual(["reject"]);
});

test("where nothing is left to choose, the keyboard is where the step is taken", async () => {
  const missing = [{ of: "point" as const, code: "signed", under: null, text: "签字", open: true }];
  render(
    <StepDialog
      acts={["ask-supplement"]}
      missing={missing}
      fixed
      busy={false}
      problem={null}
      onStep={() => {}}
      onClose={() => {}}
    />,
  );
  const ok = await screen.findByTestId("step-ok");
  await waitFor(() => expect(document.activeElement).toBe(ok));
});

test("words that were typed are not thrown away by a key, or a click beside the dialog", async () => {
  const left = vi.fn();
  render(
    <App>
      <StepDialog
        acts={["withdraw"]}
        missing={[]}
        busy={false}
        problem={null}
        onStep={() => {}}
        onClose={left}
      />
    </App>,
  );
  const words = await screen.findByTestId("step-text");
  const escape = () => fireEvent.keyDown(words, { key: "Escape", keyCode: 27 });
  fireEvent.change(words, { target: { value: "申请人改日再办。" } });
  fireEvent.click(document.querySelector(".ant-modal-wrap")!);
  expect(left).not.toHaveBeenCalled();
  escape();
  const leave = await screen.findByTestId("leave-anyway");
  expect(left).not.toHaveBeenCalled();
  fireEvent.click(leave);
  await waitFor(() => expect(left).toHaveBeenCalledTimes(1));
});

test("where nothing was typed, a key closes the dialog at once", async () => {
  const left = vi.fn();
  render(
    <App>
      <StepDialog
        acts={["withdraw"]}
        missing={[]}
        busy={false}
        problem={null}
        onStep={() => {}}
        onClose={left}
      />
    </App>,
  );
  const words = await screen.findByTestId("step-text");
  fireEvent.keyDown(words, { key: "Escape", keyCode: 27 });
  expect(left).toHaveBeenCalledTimes(1);
});

test("a key that is held from before takes no step", async () => {
  const steps: Step[] = [];
  render(
    <StepDialog
      acts={["accept"]}
      missing={[]}
      busy={false}
      problem={null}
      onStep={(step) => steps.push(step)}
      onClose={() => {}}
    />,
  );
  const ok = await screen.findByTestId("step-ok");
  const held = { key: "Enter", repeat: true };
  expect(fireEvent.keyDown(ok, held)).toBe(false);
  expect(fireEvent.keyDown(ok, { ...held, ctrlKey: true })).toBe(false);
  expect(steps).toEqual([]);
  fireEvent.keyDown(ok, { key: "Enter", ctrlKey: true });
  expect(steps).toEqual([{ act: "accept" }]);
});

test("another notice says that it is another, and not that there is only one", async () => {
  const missing = [{ of: "point" as const, code: "signed", under: null, text: "签字", open: true }];
  render(
    <StepDialog
      acts={["ask-supplement"]}
      missing={missing}
      earlier={1}
      busy={false}
      problem={null}
      onStep={() => {}}
      onClose={() => {}}
    />,
  );
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain(zh.act.againNth.replace("{{nth}}", "2"));
  expect(dialog.textContent).not.toContain("只告知一次");
  expect(dialog.textContent).not.toContain("一次性告知");
});

test("what nobody has looked at is named as what is to be looked at, and not as found", async () => {
  const onLook = vi.fn();
  const reason = "布局图没有做到生熟分开。";
  render(
    <StepDialog
      acts={["ask-supplement"]}
      missing={[{ of: "point", code: "plan", under: "布局图", text: reason, open: true, unseen: "生熟分开" }]}
      fixed
      onLook={onLook}
      busy={false}
      problem={null}
      onStep={() => {}}
      onClose={() => {}}
    />,
  );
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("布局图：生熟分开");
  expect(dialog.textContent).not.toContain(reason);
  const look = screen.getByTestId("step-ok");
  expect(look.className).not.toContain("dangerous");
  fireEvent.click(look);
  expect(onLook).toHaveBeenCalled();
});
