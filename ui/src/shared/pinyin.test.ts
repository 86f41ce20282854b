import { expect, test } from "vitest";
import { search, sounds } from "./pinyin";

const NAMES = ["食品经营许可（新办）", "公共场所卫生许可", "绿化占用许可"];
const all = await Promise.all(
  NAMES.map(async (name) => ({ thing: name, words: [name], sounds: await sounds([name]) })),
);

test.each([
  ["食品", NAMES[0]],
  ["食品经营许可(新办)", NAMES[0]],
  ["食品经营许可（新办）", NAMES[0]],
  ["spjy", NAMES[0]],
  ["shipin", NAMES[0]],
  ["ShiPinJing", NAMES[0]],
  ["ｓｈｉｐｉｎ", NAMES[0]],
  ["shi pin xuke", NAMES[0]],
  ["weisheng", NAMES[1]],
  ["lvhua", NAMES[2]],
])("%s finds %s", (typed, found) => {
  expect(search(all, typed)).toEqual([found]);
});

test("a sound begins where a syllable begins", () => {
  expect(search(all, "hipin")).toEqual([]);
});

test("what begins so comes before what has it further on", () => {
  expect(search(all, "xuke")).toEqual([NAMES[0], NAMES[2], NAMES[1]]);
});
