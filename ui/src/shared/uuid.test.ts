import { expect, test } from "vitest";
import { uuidv7 } from "./uuid";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id has version 7 and its time in front", () => {
  const id = uuidv7(0x0193_b000_1234, new Uint8Array(10).fill(0xff));
  expect(id).toBe("0193b000-1234-7fff-bfff-ffffffffffff");
});

test("ids differ and sort by time", () => {
  expect(uuidv7()).toMatch(FORM);
  expect(uuidv7()).not.toBe(uuidv7());
  expect(uuidv7(1_000) < uuidv7(2_000)).toBe(true);
});
