import { beforeEach, expect, test } from "vitest";
import { writeDraft } from "./shared/draft";
import { hasUnsent } from "./unsent";
import { newDraft } from "./window/filing";

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

test("a sitting counts once something stands in it, and no more when it is taken", () => {
  writeDraft("hall.filing", { id: "1" });
  writeDraft("hall.kept.1", { version: 1, text: "", at: "" });
  writeDraft("hall.filing.1", newDraft("1"));
  expect(hasUnsent("hall")).toBe(false);
  writeDraft("hall.filing.1", { ...newDraft("1"), item: "a" });
  expect(hasUnsent("hall")).toBe(true);
  writeDraft("hall.filing.1", { ...newDraft("1"), item: "a", taken: true });
  expect(hasUnsent("hall")).toBe(false);
});
