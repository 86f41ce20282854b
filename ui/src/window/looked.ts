/** The points that are looked at together: those of one material, or those of none. */
import { pointAt } from "./Points";
import type { Looked, StandingPoint } from "./filing";

/** The group in which an element stands and something is left to look at. */
export function groupAt(element: Element | null, points: StandingPoint[]): string | null | undefined {
  const row = element?.closest("li.material");
  const group = row
    ? row.id.slice("material-".length)
    : points.find(({ point }) => point.code === pointAt(element))?.material;
  const open = ({ point, material, finding }: StandingPoint) =>
    !point.by_machine && finding === "open" && material === group;
  return points.some(open) ? group : undefined;
}

/** With a point found met, or not looked at after all. */
export const withTick = <T extends Looked>(of: T, code: string, met: boolean): T => ({
  ...of,
  ticked: [...of.ticked.filter((one) => one !== code), ...(met ? [code] : [])],
  unmet: without(of.unmet, code),
});

/** With a point found not met, in the clerk's words; null where that is taken back. */
export const withUnmet = <T extends Looked>(of: T, code: string, words: string | null): T => ({
  ...of,
  ticked: of.ticked.filter((one) => one !== code),
  unmet: words === null ? without(of.unmet, code) : { ...of.unmet, [code]: words },
});

const without = (of: Record<string, string>, code: string) =>
  Object.fromEntries(Object.entries(of).filter(([one]) => one !== code));

/** What is on the desk, with everything ticked that is looked at in a group, and not found otherwise. */
export function withGroupTicked<T extends Pick<Looked, "ticked">>(
  draft: T,
  points: StandingPoint[],
  group: string | null,
): T {
  const looked = points.filter(
    ({ point, material, finding }) => !point.by_machine && material === group && finding !== "violated",
  );
  return { ...draft, ticked: [...new Set([...draft.ticked, ...looked.map(({ point }) => point.code)])] };
}
