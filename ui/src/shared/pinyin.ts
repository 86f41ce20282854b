/** Finds Chinese names by their characters, their codes or the first letters of their sounds. */
import { plain } from "./text";

/** The initials of a text, e.g. 食品经营许可 → spjyxk. The dictionary is loaded when first needed. */
export async function initials(texts: string[]): Promise<string[]> {
  const { pinyin } = await import("pinyin-pro");
  return texts.map((text) =>
    pinyin(text, { pattern: "first", toneType: "none", type: "array", nonZh: "consecutive" })
      .join("")
      .toLowerCase(),
  );
}

export interface Searchable<T> {
  thing: T;
  words: string[];
  initials: string[];
}

/** The things that answer a search, best first: beginnings before middles. */
export function search<T>(among: Searchable<T>[], typed: string): T[] {
  const wanted = plain(typed).toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return among.map(({ thing }) => thing);
  return among
    .map((one) => ({ thing: one.thing, rank: Math.max(...wanted.map((word) => rank(one, word))) }))
    .filter(({ rank: found }) => found < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ thing }) => thing);
}

function rank<T>(one: Searchable<T>, word: string): number {
  const inWords = one.words.map((text) => text.toLowerCase().indexOf(word));
  const inInitials = one.initials.map((text) => text.indexOf(word));
  const places = [...inWords, ...inInitials].filter((place) => place >= 0);
  return places.length ? Math.min(...places) : Infinity;
}
