/** The points that are looked at together: those of one material, or those of none. */
import type { Draft, HandedMaterial, StandingPoint } from "./filing";

/** The group in which an element stands, or else the first in which something is left to look at. */
export function groupAt(element: Element | null, points: StandingPoint[]): string | null | undefined {
  const row = element?.closest("li.material");
  const open = points.filter(({ point, finding }) => !point.by_machine && finding !== "met");
  const material = row?.id.slice("material-".length);
  if (material !== undefined && open.some((one) => one.material === material)) return material;
  const code = element?.matches("input[data-point]") ? element.id.slice("point-".length) : null;
  const own = points.find(({ point }) => point.code === code);
  if (own) return own.material;
  // A material all of whose points are looked at already lends its key to no other.
  return material === undefined ? open[0]?.material : undefined;
}

/** Whether a material is there, as a file or on paper. */
export const isHanded = (of: HandedMaterial | undefined) => Boolean(of?.file || of?.paperOnly || of?.reused);

/** The draft with everything ticked that is looked at in a group. */
export function withGroupTicked(draft: Draft, points: StandingPoint[], group: string | null): Draft {
  const looked = points.filter(({ point, material }) => !point.by_machine && material === group);
  return { ...draft, ticked: [...new Set([...draft.ticked, ...looked.map(({ point }) => point.code)])] };
}
