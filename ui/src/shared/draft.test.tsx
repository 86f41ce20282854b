import { act, cleanup, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { dropDrafts, hasDraft, ownDrafts, readDraft, useDraft } from "./draft";

interface Form {
  name: string;
  files: string[];
}

const open = (key: string) =>
  renderHook(({ of }) => useDraft<Form>(of, () => ({ name: "", files: [] })), { initialProps: { of: key } });

test("what was typed is there after the page is opened again", () => {
  const first = open("hall.filing.1");
  act(() => first.result.current[1]((before) => ({ ...before, name: "王小明" })));
  act(() => first.result.current[1]((before) => ({ ...before, files: ["9f86d081"] })));
  cleanup();

  expect(open("hall.filing.1").result.current[0]).toEqual({ name: "王小明", files: ["9f86d081"] });
});

test("another draft does not show what belongs to the first", () => {
  const desk = open("hall.filing.1");
  act(() => desk.result.current[1](() => ({ name: "王小明", files: [] })));
  desk.rerender({ of: "hall.filing.2" });
  expect(desk.result.current[0].name).toBe("");
  desk.rerender({ of: "hall.filing.1" });
  expect(desk.result.current[0].name).toBe("王小明");
});

test("leaving the desk leaves nothing behind", () => {
  const desk = open("hall.filing.1");
  act(() => desk.result.current[1](() => ({ name: "王小明", files: [] })));
  sessionStorage.setItem("other", "stays");
  dropDrafts("hall");
  expect(readDraft("hall.filing.1")).toBeNull();
  expect(sessionStorage.getItem("other")).toBe("stays");
});

test("somebody else finds nothing of what was typed, the same person all of it", () => {
  ownDrafts("hall", "chen");
  const desk = open("hall.filing.1");
  act(() => desk.result.current[1](() => ({ name: "王小明", files: [] })));
  ownDrafts("hall", "chen");
  ownDrafts("department", "wang");
  expect(hasDraft("hall.filing")).toBe(true);
  ownDrafts("hall", "lin");
  expect(hasDraft("hall.filing")).toBe(false);
});

test("what an earlier version stored is mended before it is seen", () => {
  sessionStorage.setItem("yichuang.draft.hall.filing.1", JSON.stringify({ name: "王小明" }));
  const { result } = renderHook(() =>
    useDraft<Form>(
      "hall.filing.1",
      () => ({ name: "", files: [] }),
      (stored) => ({ ...stored, files: stored.files ?? [] }),
    ),
  );
  expect(result.current[0]).toEqual({ name: "王小明", files: [] });
});
