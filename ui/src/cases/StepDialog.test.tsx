import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../i18n";
import { StepDialog } from "./StepDialog";
import type { Act } from "./steps";

const ACTS: Act[] = ["accept", "reject", "withdraw"];

test("a number chooses an act as often as one likes; in a text it is typed, and chooses with Alt", async () => {
  render(
    <StepDialog acts={ACTS} missing={[]} busy={false} problem={null} onStep={() => {}} onClose={() => {}} />,
  );
  await screen.findByTestId("step-act-accept");
  const chosen = () => ACTS.filter((act) => screen.getByTestId<HTMLInputElement>(`step-act-${act}`).checked);
  const press = (number: number, init: KeyboardEventInit = {}) =>
    fireEvent.keyDown(document.activeElement!, { key: `${number}`, code: `Digit${number}`, ...init });
  screen.getByTestId("step-act-accept").focus();
  press(2);
  expect(chosen()).toEqual(["reject"]);
  press(3);
  expect(chosen()).toEqual(["withdraw"]);
  expect(document.activeElement).toBe(screen.getByTestId("step-text"));
  press(1);
  expect(chosen()).toEqual(["withdraw"]);
  press(1, { altKey: true, key: "¡" });
  expect(chosen()).toEqual(["accept"]);
  press(2);
  expect(chosen()).toEqual(["reject"]);
});
