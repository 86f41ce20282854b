import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import i18n from "../i18n";
import { Budget } from "./Clocks";
import { StateMark } from "./marks";

test.each([
  ["zh", "视为受理", "已受理"],
  ["en", "deemed accepted", "accepted"],
])("what silence accepted says so while it is under review (%s)", async (language, deemed, accepted) => {
  await i18n.changeLanguage(language);
  const { rerender } = render(<StateMark state="accepted" deemed />);
  expect(screen.getByText(deemed)).toBeTruthy();
  rerender(<StateMark state="accepted" deemed={false} />);
  expect(screen.getByText(accepted)).toBeTruthy();
  rerender(<StateMark state="decided" deemed outcome="granted" />);
  expect(screen.queryByText(deemed)).toBeNull();
});

test("a limit is said in the days that it counts", async () => {
  await i18n.changeLanguage("zh");
  const { rerender } = render(<Budget of={{ days: 5, unit: "working" }} />);
  expect(screen.getByText("5 个工作日")).toBeTruthy();
  rerender(<Budget of={{ days: 7, unit: "natural" }} />);
  expect(screen.getByText("7 日")).toBeTruthy();
});
