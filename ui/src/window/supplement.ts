/** What is handed in upon a notice, and what of it is still to be looked at (补正). */
import type { CaseView, HandInSupplement, ItemMaterial, ItemView, Json, ReviewPoint } from "../api/types";
import { isThere, originalOf, type HandedMaterial, type StandingPoint } from "./filing";

export interface Supplement {
  materials: Record<string, HandedMaterial>;
  ticked: string[];
  /** The form where it is changed; null as long as it stays as it was. */
  form: Json | null;
}

export interface Asked {
  materials: ItemMaterial[];
  /** What is looked at on the materials. */
  points: StandingPoint[];
  /** What belongs to no material, or was said in a department's own words. */
  own: StandingPoint[];
  /** What a department said of a material, which is there once the material is. */
  byMaterial: { code: string; material: string }[];
}

/** What the last notice that is open asks for, as the item knows it. */
export function askedOf(view: CaseView, item: ItemView, { materials, ticked }: Supplement): Asked {
  const notice = view.notices.findLast(({ supplied_at }) => supplied_at === null);
  const told = (notice?.points ?? []).map((point, at) => ({ ...point, code: point.code ?? `told-${at}` }));
  const stand = (material: string | null, point: ReviewPoint): StandingPoint => ({
    point,
    material,
    finding: ticked.includes(point.code) ? "met" : "open",
    fields: [],
  });
  const codes = new Set(told.map(({ code }) => code));
  const named = new Set(told.flatMap(({ material }) => (material === null ? [] : [material])));
  const concerned = item.materials.filter(({ code }) => named.has(code));
  // What comes anew is looked at anew, all of it.
  const known = concerned.flatMap(({ code, points }) =>
    points
      .filter((point) => codes.has(point.code) || (!point.by_machine && isThere(materials[code])))
      .map((point) => stand(code, point)),
  );
  const items = new Set(
    [...item.materials.flatMap(({ points }) => points), ...item.points].map(({ code }) => code),
  );
  const own = item.points.filter(({ code }) => codes.has(code)).map((point) => stand(null, point));
  const free = told.filter(({ code }) => !items.has(code));
  const words = free
    .filter(({ material }) => material === null || !concerned.some(({ code }) => code === material))
    .map(({ code, reason }) =>
      stand(null, { code, text: reason, reason, blocking: true, by_machine: false, status: "sourced" }),
    );
  // What was said of a material in free words is done when the material is here, or when somebody says so.
  const said = free.flatMap(({ code, material, reason }): StandingPoint[] => {
    if (material === null || !concerned.some((one) => one.code === material)) return [];
    const met = ticked.includes(code) || isThere(materials[material]);
    return [
      {
        point: { code, text: reason, reason, blocking: true, by_machine: false, status: "sourced" },
        material,
        finding: met ? "met" : "open",
        fields: [],
      },
    ];
  });
  const byMaterial = free.flatMap(({ code, material }) =>
    material !== null && concerned.some((one) => one.code === material) ? [{ code, material }] : [],
  );
  return { materials: concerned, points: [...said, ...known], own: [...own, ...words], byMaterial };
}

/** The supplement as the hall takes it. */
export function supplementOf(
  { materials, ticked, form }: Supplement,
  item: ItemView,
  { byMaterial }: Asked,
): HandInSupplement {
  const handed = Object.entries(materials).filter(([, one]) => isThere(one));
  const there = new Set(handed.map(([code]) => code));
  const said = byMaterial.filter(({ material }) => there.has(material)).map(({ code }) => code);
  return {
    materials: handed.flatMap(([code, one]) => {
      const material = item.materials.find((asked) => asked.code === code);
      if (!material) return [];
      return [
        {
          code,
          sha256: one.file?.sha256 ?? null,
          file_name: one.file?.name ?? null,
          copies: one.copies,
          original: originalOf(material, one),
          dated: one.dated ?? null,
        },
      ];
    }),
    ticked: [...new Set([...ticked, ...said])],
    ...(form ? { form } : {}),
  };
}
