import { beforeEach, expect, test } from "vitest";
import { inOrderOfUse, rememberTaken, takenBy } from "./used";

beforeEach(() => localStorage.clear());

const items = ["a", "b", "c", "d"].map((code) => ({ code }));
const codes = (account: string) => inOrderOfUse(items, takenBy(account)).map(({ code }) => code);

test("what is taken often and lately comes first, the rest as it was", () => {
  for (const code of ["c", "c", "d", "c", "d", "b"]) rememberTaken("chen", code);
  expect(codes("chen")).toEqual(["b", "d", "c", "a"]);
  rememberTaken("chen", "d");
  expect(codes("chen")).toEqual(["d", "c", "b", "a"]);
});

test("a clerk has only what is their own", () => {
  rememberTaken("chen", "d");
  expect(codes("lin")).toEqual(["a", "b", "c", "d"]);
});

test("what cannot be read is as if nothing had been taken, and not everything is kept", () => {
  localStorage.setItem("yichuang.items-taken.chen", "{");
  expect(takenBy("chen")).toEqual([]);
  for (let n = 0; n < 100; n++) rememberTaken("chen", "a");
  expect(takenBy("chen")).toHaveLength(60);
});
