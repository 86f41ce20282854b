/**
 * Rare characters on the screen: the slices of `@fontsource-variable/noto-sans-sc` leave out half of what the papers can
 * print. The rest is cut from a font of the papers, in slices that a browser fetches only when a page has one of theirs.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import subset from "subset-font";
import type { Plugin } from "vite";

/** The name of the style sheet for an import. */
const STYLES = "rare-characters.css";
/** The pages' own family has this name for what it leaves out. */
const FAMILY = "Noto Sans SC";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const SOURCE = path(
  "../assets/node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
);
const SERVED = path("node_modules/@fontsource-variable/noto-sans-sc/index.css");
const FURTHER = path("node_modules/@fontsource-variable/noto-sans-jp/");
const MADE = path("node_modules/.cache/rare-characters/");

/** Greek; signs and Han; compatibility and wide forms; letters in frames; Han beyond the first plane. */
const BLOCKS: [number, number][] = [
  [0x370, 0x3ff],
  [0x2000, 0x9fff],
  [0xf900, 0xffef],
  [0x1f100, 0x1f2ff],
  [0x20000, 0x323af],
];
const SLICE = 2048;

export function rareCharacters(): Plugin {
  let made: Promise<void> | undefined;
  return {
    name: "rare-characters",
    async resolveId(id) {
      if (id !== STYLES) return null;
      if (!existsSync(MADE + STYLES)) await (made ??= make());
      return MADE + STYLES;
    },
  };
}

async function make() {
  const source = await readFile(SOURCE).catch(() => {
    throw new Error("the fonts of the papers are missing: run `make fonts`");
  });
  const served = new Set(rangesIn(await readFile(SERVED, "utf8")).flatMap(pointsOf));
  const rare = BLOCKS.flatMap(pointsOf).filter((point) => !served.has(point));
  const near = rare.filter((point) => point < 0x10000);
  const slices = Array.from({ length: Math.ceil(near.length / SLICE) }, (_, n) =>
    near.slice(n * SLICE, (n + 1) * SLICE),
  );
  slices.push(rare.slice(near.length));

  await mkdir(MADE, { recursive: true });
  const rules = await Promise.all(
    slices.map(async (slice, n) => {
      const name = `noto-sans-sc-rare-${n}.woff2`;
      const text = slice.map((point) => String.fromCodePoint(point)).join("");
      await writeFile(MADE + name, await subset(source, text, { targetFormat: "woff2" }));
      return rule(`./${name}`, unicodeRange(slice));
    }),
  );
  // Last, since of two slices with a character a browser takes the later one.
  await writeFile(MADE + STYLES, [...(await furtherRules()), ...rules].join("\n"));
}

/** Han beyond the first plane that no font of the papers has: a name can be read on the screen, though not be printed. */
async function furtherRules() {
  const styles = await readFile(`${FURTHER}index.css`, "utf8");
  return styles.split("@font-face").flatMap((face) => {
    const ranges = rangesIn(face).filter(([first]) => first >= 0x20000);
    const file = /url\((.+?)\)/.exec(face)?.[1];
    return file && ranges.length ? [rule(FURTHER + file, ranges.map(spelled).join())] : [];
  });
}

const rule = (file: string, range: string) => `@font-face {
  font-family: "${FAMILY}";
  font-style: normal;
  font-display: swap;
  font-weight: 400;
  src: url("${file}") format("woff2");
  unicode-range: ${range};
}`;

function rangesIn(styles: string): [number, number][] {
  return [...styles.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi)].map(([, first = "", last = first]) => [
    parseInt(first, 16),
    parseInt(last, 16),
  ]);
}

const pointsOf = ([first, last]: [number, number]) =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

const spelled = ([first, last]: [number, number]) => `U+${first.toString(16)}-${last.toString(16)}`;

function unicodeRange(points: number[]): string {
  const ranges: [number, number][] = [];
  for (const point of points) {
    const last = ranges.at(-1);
    if (last?.[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  return ranges.map(spelled).join();
}
