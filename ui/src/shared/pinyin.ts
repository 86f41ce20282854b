/** Finds Chinese names by their characters, their codes or their sounds, also mixed: 食品, shipin, spjy, 食品jy. */
import { plain } from "./text";

/** Brackets, spaces and signs say nothing; letters and digits of full and half width are the same. */
const bare = (text: string) =>
  plain(text.normalize("NFKC"))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** What is typed, as the words that must all be found. */
export const wordsOf = (typed: string) => typed.split(/\s+/).map(bare).filter(Boolean);

/** So many texts are spelled before the page gets its turn again. */
const AT_ONCE = 100;

/** The syllable of each character of each text: 食品 → shi, pin. The dictionary is loaded when first needed. */
export async function sounds(texts: string[]): Promise<Map<string, string[]>> {
  const { pinyin } = await import("pinyin-pro");
  const spelled = new Map<string, string[]>();
  for (const text of texts) {
    if (spelled.has(text)) continue;
    spelled.set(text, pinyin(bare(text), { toneType: "none", type: "array", v: true }));
    if (spelled.size % AT_ONCE === 0) await new Promise((done) => setTimeout(done));
  }
  return spelled;
}

/** What a text is of its thing, the most telling first. */
export type Place = "name" | "alias" | "code" | "department";

export interface Searchable<T> {
  thing: T;
  texts: { text: string; place: Place }[];
}

/** A text as a search sees it: character by character, each with its syllable where it has one. */
interface Spelled {
  place: Place;
  signs: string[];
  syllables: string[];
  initials: string[];
  /** The letters of all syllables, a bit each. */
  letters: number;
}

interface Entry<T> {
  thing: T;
  texts: Spelled[];
}

/** Made once for all searches among the same things. */
export interface Index<T> {
  entries: Entry<T>[];
  /** For each sign the entries in which a word may begin with it, as a character or as an initial, and how well. */
  beginnings: Map<string, { at: number[]; ranks: number[] }>;
}

const bit = (sign: string) => {
  const at = sign.charCodeAt(0) - 97;
  return sign.length === 1 && at >= 0 && at < 26 ? 1 << at : 0;
};
const lettersOf = (text: string) => [...text].reduce((all, sign) => all | bit(sign), 0);

/** Without sounds, as long as the dictionary is not there, only characters are found. */
export function indexOf<T>(among: Searchable<T>[], spoken?: Map<string, string[]>): Index<T> {
  const beginnings: Index<T>["beginnings"] = new Map();
  const spell = (text: string, place: Place): Spelled => {
    const signs = [...bare(text)];
    const heard = spoken?.get(text);
    const syllables = heard?.length === signs.length ? heard : signs;
    const initials = syllables.map(([first]) => first!);
    return { place, signs, syllables, initials, letters: lettersOf(syllables.join("")) };
  };
  const entries = among.map(({ thing, texts }, at) => {
    const spelled = texts.map(({ text, place }) => spell(text, place));
    for (const [sign, rank] of firstRanks(spelled)) {
      const list = beginnings.get(sign) ?? { at: [], ranks: [] };
      list.at.push(at);
      list.ranks.push(rank);
      beginnings.set(sign, list);
    }
    return { thing, texts: spelled };
  });
  return { entries, beginnings };
}

/**
 * The things in which every word is found, best first:
 *
 * 1. a word that is the whole name, then the whole of an everyday name;
 * 2. one that begins a name, then an everyday name or the code;
 * 3. one that stands inside a name, an everyday name, the code;
 * 4. one that stands in the name of the department, which is that of many things;
 * 5. one whose pieces stand in the name in their order with others between them (食许, spxk), then in an everyday name.
 *
 * A piece is a character, its syllable or the beginning of it, so that characters, initials and full pinyin are equally
 * good. Among equals what stands further ahead in its text wins, then the shorter text, of which more was typed, then
 * what came first in the index. Scattered words only fill up what is asked for: nobody looks for them behind many.
 */
export function search<T>({ entries, beginnings }: Index<T>, typed: string, most = Infinity): T[] {
  const words = wordsOf(typed).map((word) => ({ signs: [...word], letters: lettersOf(word) }));
  if (!words.length) return entries.slice(0, most).map(({ thing }) => thing);

  const found: Found[] = [];
  const alone = words.length === 1 && words[0]!.signs.length === 1;
  const { at: among, ranks } = candidates(beginnings, words);
  const left: number[] = [];
  among.forEach((at, nth) => {
    const rank = alone ? ranks[nth]! : rankOf(entries[at]!, words, joined);
    if (rank < Infinity) found.push({ at, rank });
    else left.push(at);
  });
  if (found.length < most && !alone) {
    for (const at of left) {
      const rank = rankOf(entries[at]!, words, scattered);
      if (rank < Infinity) found.push({ at, rank });
    }
  }
  return inOrder(found, most).map(({ at }) => entries[at]!.thing);
}

interface Found {
  at: number;
  rank: number;
}

const inOrder = (found: Found[], most: number) =>
  found.sort((a, b) => a.rank - b.rank || a.at - b.at).slice(0, most);

const LATIN = /[a-z]/;
const NOWHERE = { at: [], ranks: [] };

/**
 * The entries that may answer: they have the first sign of each word, and every sign that cannot be part of a syllable.
 * The rarest of these signs has the fewest.
 */
function candidates<T>(beginnings: Index<T>["beginnings"], words: Wanted[]) {
  const needed = words.flatMap(({ signs }) => signs.filter((sign, at) => at === 0 || !LATIN.test(sign)));
  return needed
    .map((sign) => beginnings.get(sign) ?? NOWHERE)
    .reduce((fewest, list) => (list.at.length < fewest.at.length ? list : fewest));
}

interface Wanted {
  signs: string[];
  /** Its letters, a bit each: those of a text that has it are among the text's. */
  letters: number;
}

const WHOLE: Record<Place, number> = { name: 0, alias: 1, code: 1, department: 7 };
const BEGINS: Record<Place, number> = { name: 2, alias: 3, code: 3, department: 7 };
const INSIDE: Record<Place, number> = { name: 4, alias: 5, code: 6, department: 7 };
const SCATTERED: Record<Place, number> = { name: 8, alias: 9, code: Infinity, department: Infinity };

const ranked = (of: number, at: number, { signs }: Spelled) =>
  of * 10_000 + Math.min(at, 99) * 100 + Math.min(signs.length, 99);

/** How well a single sign is found in an entry, for each that is. */
function firstRanks(texts: Spelled[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const text of texts) {
    text.signs.forEach((sign, at) => {
      const of = (at ? INSIDE : text.signs.length === 1 ? WHOLE : BEGINS)[text.place];
      const rank = ranked(of, at, text);
      for (const one of [sign, text.initials[at]!]) {
        if (!(rank >= (best.get(one) ?? Infinity))) best.set(one, rank);
      }
    });
  }
  return best;
}

type Measure = (text: Spelled, word: Wanted, best: number) => number;

/** The ranks of all words together; Infinity where one is not found. */
function rankOf<T>({ texts }: Entry<T>, words: Wanted[], measure: Measure): number {
  let sum = 0;
  for (const word of words) {
    let best = Infinity;
    for (const text of texts) {
      if ((word.letters & ~text.letters) === 0) best = Math.min(best, measure(text, word, best));
    }
    if (best === Infinity) return Infinity;
    sum += best;
  }
  return sum;
}

/** The rank of a word without anything between its pieces, if it can be better than the best so far. */
function joined(text: Spelled, word: Wanted, best: number): number {
  const { place, signs } = text;
  for (let at = nextBeginning(text, word, 0); at >= 0; at = nextBeginning(text, word, at + 1)) {
    if (ranked((at ? INSIDE : WHOLE)[place], at, text) >= best) break;
    const end = endFrom(text, at, word.signs, 0);
    if (end >= 0) return ranked((at ? INSIDE : end === signs.length ? WHOLE : BEGINS)[place], at, text);
  }
  return Infinity;
}

const scattered: Measure = (text, word, best) => {
  const near = joined(text, word, best);
  if (near < Infinity) return near;
  const rank = ranked(SCATTERED[text.place], 0, text);
  return rank < best && isScattered(text, word.signs) ? rank : Infinity;
};

/** The next character that the first sign of a word may stand for, or -1. */
function nextBeginning({ signs, initials }: Spelled, { signs: [first] }: Wanted, from: number): number {
  const sign = signs.indexOf(first!, from);
  const initial = initials.indexOf(first!, from);
  return sign < 0 || initial < 0 ? Math.max(sign, initial) : Math.min(sign, initial);
}

/** How many signs of a word, from one on, may stand for this character: one bit for each number. */
function piecesAt({ signs, initials, syllables }: Spelled, at: number, word: string[], from: number): number {
  const sign = word[from]!;
  if (signs[at] === sign) return 1 << 1;
  if (initials[at] !== sign) return 0;
  const syllable = syllables[at]!;
  let same = 1;
  while (same < syllable.length && syllable[same] === word[from + same]) same++;
  // The initial, also in two letters; the whole syllable; what of it was typed so far at the end of the word.
  let pieces = 1 << 1;
  if (same >= 2 && syllable[1] === "h") pieces |= 1 << 2;
  if (same === syllable.length || from + same === word.length) pieces |= 1 << same;
  return pieces;
}

/** A syllable has at most six letters. */
const LONGEST = 6;

/** Where a word ends in a text that has it from a place on, without anything between; -1 where it has not. */
function endFrom(text: Spelled, at: number, word: string[], from: number): number {
  if (from === word.length) return at;
  if (at === text.signs.length) return -1;
  const pieces = piecesAt(text, at, word, from);
  let furthest = -1;
  for (let length = 1; length <= LONGEST && pieces >> length; length++) {
    if (!((pieces >> length) & 1)) continue;
    furthest = Math.max(furthest, endFrom(text, at + 1, word, from + length));
  }
  return furthest;
}

/** Whether a text has the pieces of a word in their order. The earliest end of each beginning of the word is enough to know. */
function isScattered(text: Spelled, word: string[]): boolean {
  const ends = new Array<number>(word.length + 1).fill(Infinity);
  ends[0] = 0;
  for (let from = 0; from < word.length; from++) {
    for (let at = ends[from]!; at < text.signs.length; at++) {
      const pieces = piecesAt(text, at, word, from);
      for (let length = 1; length <= LONGEST && pieces >> length; length++) {
        if ((pieces >> length) & 1) ends[from + length] = Math.min(ends[from + length]!, at + 1);
      }
    }
  }
  return ends[word.length]! < Infinity;
}
