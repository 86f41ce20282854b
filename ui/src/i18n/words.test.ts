import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const CRATES = join(import.meta.dirname, "../../../crates");

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  );

/** The codes with which a service says what is wrong with a field. */
function fieldCodes(service: string): string[] {
  const codes = sources(join(CRATES, service, "src")).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return [
      ...text.matchAll(/ProblemField::new\((?:[^()"]|"[^"]*"|\([^()]*\))*?,\s*"([a-z-]+)",?\s*\)/g),
    ].map(([, code]) => code!);
  });
  return [...new Set(codes)].sort();
}

test.each([
  ["department", 8],
  ["web", 5],
])("every fault of a field that %s names has words in both languages", (service, least) => {
  const codes = fieldCodes(service);
  expect(codes.length).toBeGreaterThanOrEqual(least);
  const without = codes.filter((code) => !(code in zh.field) || !(code in en.field));
  expect(without).toEqual([]);
});

test("every problem that a service can answer with has words in both languages", () => {
  const described = ["department", "hall"].flatMap((service) => {
    const text = readFileSync(join(CRATES, `../ui/openapi/${service}.json`), "utf8");
    const { components } = JSON.parse(text) as {
      components: {
        schemas: { ProblemCode: { enum?: string[]; oneOf?: { const?: string; enum?: string[] }[] } };
      };
    };
    const { enum: all, oneOf } = components.schemas.ProblemCode;
    return all ?? oneOf?.flatMap((one) => one.enum ?? (one.const ? [one.const] : [])) ?? [];
  });
  expect(described.length).toBeGreaterThan(80);
  const words: [string, Record<string, string>][] = [
    ["zh", zh.problem],
    ["en", en.problem],
  ];
  const without = words.flatMap(([language, problem]) =>
    described.filter((code) => !problem[code]).map((code) => `${language} ${code}`),
  );
  expect(without).toEqual([]);
});
