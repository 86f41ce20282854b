import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import department from "../../openapi/department.json";
import hall from "../../openapi/hall.json";
import { Failure } from "../api/failure";
import i18n from "../i18n";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { Problem } from "./Problem";

test.each([
  ["hall", hall],
  ["department", department],
])("every problem code of the %s has words in both languages", (_name, { components }) => {
  for (const code of components.schemas.ProblemCode.enum) {
    expect(zh.problem).toHaveProperty([code]);
    expect(en.problem).toHaveProperty([code]);
  }
});

test("a problem names the field by its title, with the value", async () => {
  await i18n.changeLanguage("zh");
  const failure = new Failure("validation-failed", 422, [
    { pointer: "/cases/0/form/premises", code: "too-short", value: "街", params: { min: 5 } },
  ]);
  render(<Problem of={failure} nameOf={() => "经营场所"} />);
  expect(screen.getByRole("alert").textContent).toContain(zh.problem["validation-failed"]);
  expect(screen.getByText("经营场所：太短（至少 5 个字），您输入的是“街”")).toBeTruthy();
});

test("a code from a newer service is at least named", async () => {
  await i18n.changeLanguage("en");
  render(<Problem of={new Failure("something-new" as "internal", 409)} />);
  expect(screen.getByRole("alert").textContent).toContain("something-new");
});
