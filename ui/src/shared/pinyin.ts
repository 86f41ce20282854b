/** Finds Chinese names by their characters, their codes or their sounds. */
import { plain } from "./text";

/** Brackets, letters and digits of full and half width are the same. */
const folded = (text: string) => plain(text.normalize("NFKC")).toLowerCase();

/** The syllables of each text: 食品 → shi, pin. The dictionary is loaded when first needed. */
export async function sounds(texts: string[]): Promise<string[][]> {
  const { pinyin } = await import("pinyin-pro");
  return texts.map((text) =>
    pinyin(folded(text), { toneType: "none", type: "array", nonZh: "consecutive", v: true }),
  );
}

export interface Searchable<T> {
  thing: T;
  words: string[];
  sounds: string[][];
}

/** The things that answer a search, best first: beginnings before middles. */
export function search<T>(among: Searchable<T>[], typed: string): T[] {
  const wanted = folded(typed).split(/\s+/).filter(Boolean);
  if (!wanted.length) return among.map(({ thing }) => thing);
  return among
    .map((one) => ({ thing: one.thing, rank: Math.max(...wanted.map((word) => rank(one, word))) }))
    .filter(({ rank: found }) => found < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ thing }) => thing);
}

function rank<T>({ words, sounds: spoken }: Searchable<T>, word: string): number {
  const inWords = words.map((text) => folded(text).indexOf(word));
  const inSounds = spoken.map((syllables) => placeIn(syllables, word));
  const places = [...inWords, ...inSounds].filter((place) => place >= 0);
  return places.length ? Math.min(...places) : Infinity;
}

/** The first syllable from which on a text sounds as typed: in whole syllables, or in their first letters. */
function placeIn(syllables: string[], word: string): number {
  const initials = syllables.map(([first]) => first ?? "");
  return syllables.findIndex((_, at) =>
    [syllables, initials].some((spelled) => spelled.slice(at).join("").startsWith(word)),
  );
}
