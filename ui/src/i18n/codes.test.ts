/** Whatever a service finds wrong with a field has words: the codes are read from the services' sources. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const CRATES = ["hall", "department", "web", "domain", "catalogue"].map((name) =>
  join(import.meta.dirname, "../../../crates", name, "src"),
);

const sources = CRATES.flatMap((crate) =>
  readdirSync(crate, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => ({ name, text: readFileSync(join(crate, name), "utf8") })),
);

/** What stands between the name of a call and its last string. */
const PLACE = String.raw`\s*(?:"[^"]*"|format!\((?:[^()]|\([^()]*\))*\)|[^,"()]+(?:\([^()]*\))?)\s*,\s*`;
const CALLED = new RegExp(String.raw`ProblemField::new\(${PLACE}"([a-z]+(?:-[a-z]+)*)"`, "g");
const NAMED = /=> "([a-z]+(?:-[a-z]+)+)"/g;
const REFUSED = /Err\("([a-z]+(?:-[a-z]+)*)"\)/g;

const codesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code!);

const codes = new Set([
  ...sources.flatMap(({ text }) => codesIn(text, CALLED)),
  ...sources.filter(({ name }) => name === "identity.rs").flatMap(({ text }) => codesIn(text, NAMED)),
  ...sources.filter(({ name }) => name === "reuse_material.rs").flatMap(({ text }) => codesIn(text, REFUSED)),
  "undated",
]);

test("the codes are found in the sources", () => {
  for (const known of ["unknown-province", "nothing-to-show", "not-yours", "not-held", "expired"]) {
    expect(codes).toContain(known);
  }
  expect(codes.size).toBeGreaterThan(30);
});

test.each([
  ["zh", zh],
  ["en", en],
])("every code of a field has words (%s)", (_, words) => {
  expect([...codes].filter((code) => !(code in words.field)).sort()).toEqual([]);
});

test("the troubles of devices that have words are those that the shell names", () => {
  const source = readFileSync(join(import.meta.dirname, "../../../crates/devices/src/trouble.rs"), "utf8");
  const named = codesIn(source, NAMED).sort();
  expect(named).toContain("scanner-jam");
  for (const words of [zh, en]) {
    expect(Object.keys(words.devices.trouble).sort()).toEqual(named);
    expect(named.filter((code) => !(code in words.problem))).toEqual([]);
  }
});
