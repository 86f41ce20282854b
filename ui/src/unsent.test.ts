import { beforeEach, expect, test } from "vitest";
import { writeDraft } from "./shared/draft";
import { hasUnsent } from "./unsent";
import { newDraft } from "./window/filing";
import { keepingOf } from "./window/keep";

beforeEach(() => sessionStorage.clear());

test.each(["hall.hand-over.1", "hall.supplement.1.2", "hall.enquiry.ask-1"])(
  "what was typed under %s is not lost without a question",
  (key) => {
    expect(hasUnsent("hall")).toBe(false);
    writeDraft(key, "typed");
    expect(hasUnsent("hall")).toBe(true);
    expect(hasUnsent("department")).toBe(false);
  },
);

test.each(["review", "decide", "answer", "enquiry", "reject", "ask", "accept"])(
  "a department's %s that was begun is not lost without a question",
  (what) => {
    writeDraft(`department.${what}.1`, "typed");
    expect(hasUnsent("department")).toBe(true);
    expect(hasUnsent("hall")).toBe(false);
  },
);

test("a sitting counts once something stands in it, and no more when the hall has it", () => {
  writeDraft("hall.filing", { id: "1" });
  writeDraft("hall.kept.1", { version: 1, text: "", at: "" });
  writeDraft("hall.filing.1", newDraft("1"));
  expect(hasUnsent("hall")).toBe(false);
  writeDraft("hall.filing.1", { ...newDraft("1"), item: "a" });
  expect(hasUnsent("hall")).toBe(true);
  const draft = { ...newDraft("1"), item: "a" };
  writeDraft("hall.filing.1", draft);
  const kept = { version: 2, at: "2026-11-22T08:58:00Z", text: JSON.stringify(keepingOf(draft, undefined)) };
  writeDraft("hall.kept.1", kept);
  expect(hasUnsent("hall")).toBe(false);
  writeDraft("hall.filing.1", { ...draft, form: { premises: "桂花街12号" } });
  expect(hasUnsent("hall")).toBe(true);
  writeDraft("hall.filing.1", { ...newDraft("1"), item: "a", taken: true });
  expect(hasUnsent("hall")).toBe(false);
});
