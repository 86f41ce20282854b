import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Failure } from "../api/failure";
import type { DeliveryView } from "../api/types";
import i18n from "../i18n";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { Delivery } from "./Delivery";

const dead: DeliveryView = {
  id: "0193b000-0000-7000-8000-000000000001",
  kind: "yichuang.task.assigned",
  queued_at: "2026-06-15T01:00:00Z",
  state: "failed",
  attempts: 1,
  last_error_code: "refused",
  last_error: "the receiver refused it with 422",
  next_at: null,
  delivered_at: null,
};

const idle = { run: vi.fn(), retry: vi.fn(), clear: vi.fn(), busy: false, problem: null };

test("what was refused is shown in words, and sent again by who may", async () => {
  await i18n.changeLanguage("zh");
  const run = vi.fn();
  render(<Delivery of={dead} id="case" again={{ ...idle, run }} />);
  expect(screen.getByText(zh.message.assigned, { exact: false })).toBeTruthy();
  expect(screen.getByText(zh.deliveryError.refused, { exact: false })).toBeTruthy();
  expect(screen.getByText(dead.last_error!)).toBeTruthy();
  screen.getByRole("button", { name: zh.delivery.again }).click();
  expect(run).toHaveBeenCalledWith({ id: "case", message: dead.id });
});

test("who may not send again sees only what is wrong", async () => {
  await i18n.changeLanguage("en");
  render(<Delivery of={dead} id="case" />);
  expect(screen.getByText(en.delivery.givenUp)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("what is under way cannot be sent again, and a refusal is said", async () => {
  await i18n.changeLanguage("zh");
  const refused = { ...idle, problem: new Failure("not-now", 409) };
  render(<Delivery of={{ ...dead, state: "waiting" }} id="case" again={refused} />);
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.getByRole("alert").textContent).toContain(zh.problem["not-now"]);
});

test("an error from a newer service is shown as it came", async () => {
  await i18n.changeLanguage("zh");
  render(<Delivery of={{ ...dead, kind: "yichuang.task.moved", last_error_code: null }} id="case" />);
  expect(screen.getByText("yichuang.task.moved", { exact: false })).toBeTruthy();
  expect(screen.getByText(dead.last_error!)).toBeTruthy();
});
