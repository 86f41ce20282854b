import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { PaperView } from "../api/types";
import { Failure } from "../api/failure";
import "../i18n";
import { zh } from "../i18n/zh";
import { PrintAll } from "./PrintAll";

vi.mock("../api/hall-calls");
const printed = vi.mocked(calls.printPaper);

const paper = (id: string, part: object = {}) =>
  ({ id, kind: id, title: id, state: "ready", prints: [], ...part }) as unknown as PaperView;
const PAPERS = [
  paper("receipt", { prints: [{ state: "done", nth: 1 }] }),
  paper("notice"),
  paper("jammed", { prints: [{ state: "failed", nth: 1 }] }),
  paper("certificate"),
  paper("proof", { state: "pending" }),
];
const asked = () => printed.mock.calls.map(([{ id }]) => id);

const page = (auto: boolean, papers = PAPERS) => (
  <QueryClientProvider client={new QueryClient()}>
    <PrintAll of={papers} auto={auto} />
  </QueryClientProvider>
);

beforeEach(() => printed.mockReset().mockResolvedValue({} as never));

test("one key prints what nobody has printed, each with a key of its own", async () => {
  render(page(false));
  expect(asked()).toEqual([]);
  fireEvent.keyDown(document.body, { key: "p", code: "KeyP", ctrlKey: true });
  await waitFor(() => expect(asked()).toEqual(["notice", "jammed", "certificate"]));
  expect(new Set(printed.mock.calls.map(([, { key }]) => key)).size).toBe(3);
});

test("what is there for the first time is printed by itself, once", async () => {
  const { rerender } = render(page(true));
  await waitFor(() => expect(asked()).toEqual(["notice", "certificate"]));
  rerender(page(true, [...PAPERS, paper("late")]));
  await waitFor(() => expect(asked()).toEqual(["notice", "certificate", "late"]));
});

test("what keeps one paper is said until it is printed, and keeps no other", async () => {
  printed.mockRejectedValueOnce(new Failure("paper-not-ready", 409));
  const { rerender } = render(page(true));
  await waitFor(() => expect(asked()).toEqual(["notice", "certificate"]));
  expect(screen.getByTestId("print-refused-notice").textContent).toContain(zh.problem["paper-not-ready"]);
  const done = PAPERS.map((one) =>
    one.id === "notice" ? paper("notice", { prints: [{ state: "done" }] }) : one,
  );
  rerender(page(true, done));
  expect(screen.queryByTestId("print-refused-notice")).toBeNull();
  expect(asked()).toHaveLength(2);
});

const ctrlP = () => fireEvent.keyDown(document.body, { key: "p", code: "KeyP", ctrlKey: true });

test("a paper that is refused keeps no other, and is said", async () => {
  printed.mockRejectedValueOnce(new Failure("paper-not-ready", 409));
  render(page(false));
  ctrlP();
  await waitFor(() => expect(asked()).toEqual(["notice", "jammed", "certificate"]));
  expect((await screen.findByTestId("print-refused-notice")).textContent).toContain(
    zh.problem["paper-not-ready"],
  );
  expect(screen.queryByTestId("print-refused-certificate")).toBeNull();
});

test("a paper of which nobody knows whether it was printed is asked for as before", async () => {
  const keyOf = (n: number) => printed.mock.calls[n]![1].key;
  printed.mockRejectedValueOnce(new Failure("unreachable", 0));
  render(page(true, [paper("notice")]));
  await screen.findByTestId("print-refused-notice");
  await screen.findByTestId("print-all");
  printed.mockRejectedValueOnce(new Failure("paper-not-ready", 409));
  ctrlP();
  await waitFor(() => expect(printed).toHaveBeenCalledTimes(2));
  expect(keyOf(1)).toBe(keyOf(0));
  await screen.findByText(zh.problem["paper-not-ready"]);
  ctrlP();
  await waitFor(() => expect(printed).toHaveBeenCalledTimes(3));
  expect(keyOf(2)).not.toBe(keyOf(0));
});
