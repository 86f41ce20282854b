import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../i18n";
import type { StandingPoint } from "./filing";
import { Points } from "./Points";

const point = (code: string, part: Partial<StandingPoint> = {}): StandingPoint => ({
  point: { code, text: code, reason: code, blocking: true, by_machine: false, status: "sourced" },
  material: null,
  finding: "open",
  fields: [],
  ...part,
});

test("Enter that ends what an input method composes stays at the words; the next one goes on", () => {
  render(
    <Points
      of={[point("signed", { finding: "violated", words: "没有签字" }), point("neat")]}
      schema={{}}
      onTick={() => {}}
      onUnmet={() => {}}
      onField={() => {}}
    />,
  );
  const words = document.getElementById("point-signed-words")!;
  words.focus();
  fireEvent.keyDown(words, { key: "Enter", keyCode: 229 });
  fireEvent.keyUp(words, { key: "Enter", keyCode: 13 });
  expect(document.activeElement).toBe(words);
  fireEvent.keyDown(words, { key: "Enter", keyCode: 13 });
  expect(document.activeElement).toBe(screen.getByTestId("point-neat"));
});
