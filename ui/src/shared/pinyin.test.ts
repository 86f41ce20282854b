import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { indexOf, search, sounds, wordsOf, type Index, type Place, type Searchable } from "./pinyin";

const named = (names: string[]): Searchable<string>[] =>
  names.map((name) => ({ thing: name, texts: [{ text: name, place: "name" }] }));

const NAMES = ["食品经营许可（新办）", "公共场所卫生许可", "绿化占用许可"];
const few = indexOf(named(NAMES), await sounds(NAMES));

test.each([
  ["食品", NAMES[0]],
  ["食品经营许可(新办)", NAMES[0]],
  ["食品经营许可（新办）", NAMES[0]],
  ["许可新办", NAMES[0]],
  ["xukexinban", NAMES[0]],
  ["spjy", NAMES[0]],
  ["shipin", NAMES[0]],
  ["shipi", NAMES[0]],
  ["ShiPinJing", NAMES[0]],
  ["shipinjy", NAMES[0]],
  ["食品jy", NAMES[0]],
  ["sp经营", NAMES[0]],
  ["食pinj许可", NAMES[0]],
  ["ｓｈｉｐｉｎ", NAMES[0]],
  ["shi pin xuke", NAMES[0]],
  ["weisheng", NAMES[1]],
  ["weishxk", NAMES[1]],
  ["lvhua", NAMES[2]],
  ["食许", NAMES[0]],
  ["lhxk", NAMES[2]],
])("%s finds %s", (typed, found) => {
  expect(search(few, typed)).toEqual([found]);
});

test("a sound begins where a syllable begins, and pieces keep their order", () => {
  expect(search(few, "hipin")).toEqual([]);
  expect(search(few, "许食")).toEqual([]);
  expect(search(few, "xuke 不存在")).toEqual([]);
});

test("what begins so comes before what has it further on", () => {
  expect(search(few, "xuke")).toEqual([NAMES[2], NAMES[0], NAMES[1]]);
});

test("the better answer comes first", async () => {
  const things: [string, string, Place][] = [
    ["scattered", "食用农产品批发", "name"],
    ["department", "食品药品监督管理局", "department"],
    ["inside", "小食品店登记", "name"],
    ["alias begins", "食品证", "alias"],
    ["begins", "食品经营许可", "name"],
    ["whole alias", "食品", "alias"],
    ["code", "食品99", "code"],
  ];
  const texts = things.map(([, text]) => text);
  const among = things.map(([thing, text, place]) => ({ thing, texts: [{ text, place }] }));
  const index = indexOf(among, await sounds(texts));
  const order = ["whole alias", "begins", "alias begins", "code", "inside", "department", "scattered"];
  for (const typed of ["食品", "shipin", "sp"]) expect(search(index, typed)).toEqual(order);
});

test("nothing typed is everything, in the order in which it came", () => {
  expect(search(few, "")).toEqual(NAMES);
  expect(search(few, " （）")).toEqual(NAMES);
});

// The catalogue of the fictional city, each item fifty times, under its name and those of what may be done with it.

const CATALOGUE = join(import.meta.dirname, "../../../catalogue/items");
const VARIANTS = 50;
const ENDS = ["", "变更", "注销", "延续", "补证", "备案", "年审"];

function catalogue(): Searchable<number>[] {
  return readdirSync(CATALOGUE).flatMap((file, at) => {
    const text = readFileSync(join(CATALOGUE, file), "utf8");
    const value = (key: string) => new RegExp(`^${key} = "(.*)"$`, "m").exec(text)![1]!;
    const aliases = [.../^aliases = \[(.*)\]$/m.exec(text)![1]!.matchAll(/"([^"]+)"/g)].map(
      ([, one]) => one!,
    );
    return Array.from({ length: VARIANTS }, (_, n) => ({
      thing: at * VARIANTS + n,
      texts: [
        { text: `${value("name")}${ENDS[n % ENDS.length]}`, place: "name" as const },
        ...aliases.map((alias) => ({ text: alias, place: "alias" as const })),
        { text: `${value("code").slice(0, -3)}${String(n).padStart(3, "0")}`, place: "code" as const },
        { text: `安澜市第${n % 12}局`, place: "department" as const },
      ],
    }));
  });
}

/** Numbers that look like chance and are the same every time. */
function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

let things: Searchable<number>[];
let spoken: Map<string, string[]>;
let index: Index<number>;
/** Every text once, and which of them each thing has. */
const texts: { text: string; gaps: boolean }[] = [];
let textsOf: number[][];
beforeAll(async () => {
  things = catalogue();
  spoken = await sounds(things.flatMap(({ texts }) => texts.map(({ text }) => text)));
  index = indexOf(things, spoken);
  const places = new Map<string, number>();
  textsOf = things.map((thing) =>
    thing.texts.map(({ text, place }) => {
      if (!places.has(text)) {
        places.set(text, texts.push({ text, gaps: place === "name" || place === "alias" }) - 1);
      }
      return places.get(text)!;
    }),
  );
});

const pick = <T>(chance: (below: number) => number, of: T[]) => of[chance(of.length)]!;

/** A query as people type it: a piece of a text, in characters, initials or syllables, now and then with a slip. */
function query(chance: (below: number) => number): string {
  const { text } = pick(chance, pick(chance, things).texts);
  const signs = wordsOf(text).flatMap((word) => [...word]);
  const syllables = spoken.get(text)!;
  const from = chance(signs.length);
  const length = 1 + chance(Math.min(6, signs.length - from));
  const step = chance(6) === 0 ? 2 : 1;
  let typed = "";
  for (let at = from; at < from + length; at += step) {
    const syllable = syllables[at] ?? signs[at]!;
    typed += pick(chance, [signs[at]!, syllable[0]!, syllable, syllable.slice(0, 2)]);
    if (chance(12) === 0) typed += " ";
  }
  if (chance(8) === 0) typed += pick(chance, [..."abehgxz食证0"]);
  return typed.slice(0, 1 + chance(typed.length)) || typed;
}

test("the index finds what a plain scan of everything finds, on 10,000 queries", { timeout: 240_000 }, () => {
  const chance = seeded(20260615);
  let found = 0;
  for (let n = 0; n < 10_000; n++) {
    const typed = query(chance);
    const answers = search(index, typed).sort((a, b) => a - b);
    const plain = scan(typed);
    // Comparing lists one by one is slow where they are long, and they are mostly equal.
    if (answers.join() !== plain.join()) expect(answers, typed).toEqual(plain);
    found += answers.length ? 1 : 0;
  }
  expect(found).toBeGreaterThan(5_000);
});

/** Everything that has every word, found by looking at every text; equal texts are looked at once. */
function scan(typed: string): number[] {
  const found = wordsOf(typed).map((word) => texts.map(({ text, gaps }) => stands(word, text, gaps)));
  return things
    .map(({ thing }) => thing)
    .filter((thing) => found.every((has) => textsOf[thing]!.some((at) => has[at])));
}

const readings = new Map<string, { signs: string; all: RegExp }>();

/**
 * By its definition, as an expression made of the text: each character may be left out, or stand as itself, as its
 * syllable, its initial, or at the end of the word as a beginning of its syllable. Without gaps nothing is left out
 * between the first and the last.
 */
function stands(word: string, text: string, gaps: boolean): boolean {
  if (!gaps && /^\w+$/.test(text)) return text.toLowerCase().includes(word);
  let reading = readings.get(text);
  if (!reading) {
    const signs = wordsOf(text).flatMap((one) => [...one]);
    const ways = signs.map((sign, at) => {
      const syllable = spoken.get(text)![at]!;
      if (syllable === sign) return sign;
      const begun = Array.from(syllable, (_, length) => `${syllable.slice(0, length + 1)}$`);
      return `(?:${[sign, syllable, syllable[0], ...(syllable[1] === "h" ? [syllable.slice(0, 2)] : []), ...begun].join("|")})`;
    });
    const joined = (from: number) => ways.slice(from).reduceRight((rest, way) => `${way}(?:${rest})?`, "");
    const all = gaps ? ways.map((way) => `${way}?`).join("") : ways.map((_, from) => joined(from)).join("|");
    reading = {
      signs: [...signs, ...spoken.get(text)!].join(""),
      all: new RegExp(`^(?:${all})$`, "u"),
    };
    readings.set(text, reading);
  }
  const { signs, all } = reading;
  return [...word].every((sign) => signs.includes(sign)) && all.test(word);
}

test("a search among 1,500 items is answered within a frame", () => {
  expect(things).toHaveLength(1_500);
  const chance = seeded(7);
  const queries = [
    "s",
    "x",
    "sp",
    "xk",
    "shipin",
    "许可",
    "spjyxk",
    "食品",
    "0131",
    ...Array.from({ length: 200 }, () => query(chance)),
  ];
  for (const typed of queries) search(index, typed, 50);
  const took = queries.map((typed) => {
    const begun = process.cpuUsage();
    search(index, typed, 50);
    const { user, system } = process.cpuUsage(begun);
    return { typed, milliseconds: (user + system) / 1_000 };
  });
  took.sort((a, b) => a.milliseconds - b.milliseconds);
  // What else runs on the computer does not count; a pause of the engine may fall into one of twenty.
  expect(took[Math.floor(took.length * 0.95)]!.milliseconds).toBeLessThan(16);
});
