import { render, screen } from "@testing-library/react";
import axe from "axe-core";
import { beforeAll, expect, test } from "vitest";
import type { MaterialView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { AgentRows, Answers, CheckedPoints, toldBy } from "./Review";

beforeAll(() => i18n.changeLanguage("zh"));

const materials = [{ index: 0, code: "lease", name: "租赁合同" }] as MaterialView[];
const point = {
  code: "a",
  material: "lease",
  text: "租期覆盖申请日",
  blocking: true,
  by_machine: true,
  met: true,
  open: false,
};

test("points stand under their materials, with who looked and what was found", async () => {
  const advisory = { ...point, code: "b", text: "有平面图", by_machine: false, blocking: false, met: false };
  const own = { ...advisory, code: "c", material: null, text: "没有从业禁止", open: true };
  const { container } = render(
    <CheckedPoints of={[point, { ...advisory, reason: "请补平面图。" }, own]} materials={materials} />,
  );
  const headings = screen.getAllByRole("heading").map(({ textContent }) => textContent);
  expect(headings).toEqual(["租赁合同", zh.window.points]);
  const [first, second, third] = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(first).toContain(`${zh.point.found.met} · ${zh.point.byMachine}`);
  expect(second).toContain(`${zh.point.found.unmet} · ${zh.point.byClerk}`);
  expect(second).toContain(zh.point.advisory);
  expect(second).toContain("请补平面图。");
  // Where nobody has looked, nobody has found anything.
  expect(third).toContain(zh.point.found.open);
  expect(third).not.toContain(zh.point.byClerk);
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations).toEqual([]);
});

test("a point of a material that was not handed in is still named", () => {
  render(<CheckedPoints of={[{ ...point, material: "plan" }]} materials={materials} />);
  expect(screen.getByRole("heading").textContent).toBe("plan");
});

test("who acted and what was answered is shown", () => {
  const agent = {
    name: "赵志强",
    id_number: "9901**********0018",
    phone: "138****8000",
    authority: "代为申请",
  };
  render(
    <>
      <AgentRows of={{ ...agent, until: "2026-12-31" }} />
      <Answers of={[{ question: "自有还是租用？", answer: "租用" }]} />
    </>,
  );
  for (const words of ["赵志强", "代为申请", "2026-12-31", "租用"])
    expect(screen.getByText(words)).toBeTruthy();
});

test("a material that is not there is called by its name too", () => {
  const asked = [{ code: "lease", name: "租赁合同" }];
  render(<CheckedPoints of={[point]} materials={[]} asked={asked} />);
  expect(screen.getByRole("heading").textContent).toBe("租赁合同");
});

test("what the applicant was told of is not met any more, whatever was found before", () => {
  const points = [
    { code: "a", reason: "租期已过，请换新合同。" },
    { code: null, reason: "请说明" },
  ];
  render(
    <CheckedPoints of={[point, { ...point, code: "b" }]} materials={materials} told={toldBy({ points })} />,
  );
  const [first, second] = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(first).toContain(zh.point.found.told);
  expect(first).toContain("租期已过，请换新合同。");
  expect(first).not.toContain(zh.point.found.met);
  expect(second).toContain(zh.point.found.met);
});
