import { act, cleanup, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { dropAllDrafts, readDraft, useDraft } from "./draft";

interface Form {
  name: string;
  files: string[];
}

const open = (key: string) =>
  renderHook(({ of }) => useDraft<Form>(of, () => ({ name: "", files: [] })), { initialProps: { of: key } });

test("what was typed is there after the page is opened again", () => {
  const first = open("filing.1");
  act(() => first.result.current[1]((before) => ({ ...before, name: "王小明" })));
  act(() => first.result.current[1]((before) => ({ ...before, files: ["9f86d081"] })));
  cleanup();

  expect(open("filing.1").result.current[0]).toEqual({ name: "王小明", files: ["9f86d081"] });
});

test("another draft does not show what belongs to the first", () => {
  const desk = open("filing.1");
  act(() => desk.result.current[1](() => ({ name: "王小明", files: [] })));
  desk.rerender({ of: "filing.2" });
  expect(desk.result.current[0].name).toBe("");
  desk.rerender({ of: "filing.1" });
  expect(desk.result.current[0].name).toBe("王小明");
});

test("leaving the desk leaves nothing behind", () => {
  const desk = open("filing.1");
  act(() => desk.result.current[1](() => ({ name: "王小明", files: [] })));
  sessionStorage.setItem("other", "stays");
  dropAllDrafts();
  expect(readDraft("filing.1")).toBeNull();
  expect(sessionStorage.getItem("other")).toBe("stays");
});
