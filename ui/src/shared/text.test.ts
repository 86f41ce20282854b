import { expect, test } from "vitest";
import { day, fileSize, hiddenIn, moment, scanned, spoken } from "./text";

test("a scan loses grouping, width and control characters", () => {
  expect(scanned("0001 251121 03 0007 5\r\n")).toBe("00012511210300075");
  expect(scanned("0001-251121-03-0007-5")).toBe("00012511210300075");
  expect(scanned("０００１２５")).toBe("000125");
  expect(scanned("\u0002\u200b00012511\u0003")).toBe("00012511");
});

test("what is no number of digits stays as it is", () => {
  expect(scanned(" https://yichuang.example/c/00012511210300075 ")).toBe(
    "https://yichuang.example/c/00012511210300075",
  );
  expect(scanned("安市监许〔2026〕12号")).toBe("安市监许〔2026〕12号");
});

test("an empty scan is nothing", () => {
  expect(scanned("  \r\n")).toBeNull();
});

test("moments are those of the hall, not of the computer", () => {
  expect(moment("2026-11-21T16:30:00Z")).toBe("2026-11-22 00:30");
  expect(day("2026-11-21T16:30:00Z")).toBe("2026-11-22");
  expect(moment(null)).toBe("—");
});

test("sizes are short", () => {
  expect([fileSize(12), fileSize(240_000), fileSize(3_500_000)]).toEqual(["12 B", "234 KB", "3.3 MB"]);
});

test("characters that nobody sees have a name", () => {
  expect(hiddenIn("欧阳晓岚·O’Neill 〔2026〕１号，①𠮷（男）")).toBeNull();
  expect(hiddenIn("王\u200b小明")).toBe("U+200B");
  expect(hiddenIn("王\n小明")).toBe("U+000A");
  expect(hiddenIn("第一行\r\n\t第二行", true)).toBeNull();
  expect(hiddenIn("第一行\u0007", true)).toBe("U+0007");
});

test("a short number is shown as it is said, and no other", () => {
  expect(spoken("0001260615030017")).toBe("0001-260615-03-001-7");
  expect(spoken("安市监许决〔2026〕1号")).toBe("安市监许决〔2026〕1号");
  expect(spoken("1199010001234567890")).toBe("1199010001234567890");
});
