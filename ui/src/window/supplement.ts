/** What is handed in upon a notice, and what of it is still to be looked at (补正). */
import type {
  CaseView,
  FieldProblem,
  HandInSupplement,
  ItemMaterial,
  ItemView,
  Json,
  ReviewPoint,
} from "../api/types";
import { isNoDay } from "../shared/day";
import { at, titleAt } from "../shared/schema";
import { isThere, originalOf, type Gap, type HandedMaterial, type Place, type StandingPoint } from "./filing";

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
  /** Everything that the notice names, by its code. */
  told: string[];
}

const asTold = (words: string) => words;

/** What the last notice that is open asks for, as the item knows it; what it says in free words is ticked as `done`. */
export function askedOf(
  view: CaseView,
  item: ItemView,
  { materials, ticked }: Supplement,
  done: (reason: string) => string = asTold,
): Asked {
  const notice = view.notices.findLast(({ supplied_at }) => supplied_at === null);
  const told = (notice?.points ?? []).map((point, at) => ({ ...point, code: point.code ?? `told-${at}` }));
  const codes = new Set(told.map(({ code }) => code));
  const stand = (material: string | null, point: ReviewPoint): StandingPoint => ({
    point,
    material,
    finding: ticked.includes(point.code) ? "met" : "open",
    fields: [],
    told: codes.has(point.code),
  });
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
      stand(null, { code, text: done(reason), reason, blocking: true, by_machine: false, status: "sourced" }),
    );
  // What was said of a material in free words is done when the material is here, or when somebody says so.
  const said = free.flatMap(({ code, material, reason }): StandingPoint[] => {
    if (material === null || !concerned.some((one) => one.code === material)) return [];
    const met = ticked.includes(code) || isThere(materials[material]);
    return [
      {
        point: { code, text: done(reason), reason, blocking: true, by_machine: false, status: "sourced" },
        material,
        finding: met ? "met" : "open",
        fields: [],
        told: true,
      },
    ];
  });
  const byMaterial = free.flatMap(({ code, material }) =>
    material !== null && concerned.some((one) => one.code === material) ? [{ code, material }] : [],
  );
  const points = [...said, ...known];
  return { materials: concerned, points, own: [...own, ...words], byMaterial, told: [...codes] };
}

/** What is still to be taken or looked at before the hall takes what came, in the order of the page. */
export function gapsOf(
  view: CaseView,
  { materials, points, own, byMaterial, told }: Asked,
  draft: Supplement,
  uploading: ReadonlySet<string>,
): Gap[] {
  const found = new Map(view.points.map((point) => [point.code, point]));
  const isMissing = ({ code, required }: ItemMaterial) =>
    required && !isThere(draft.materials[code]) && !view.materials.some((one) => one.code === code);
  const missing = new Set(materials.filter(isMissing).map(({ code }) => code));
  // The rules are the machine's; and what is open only because its material is not there is named with that.
  const isOpen = ({ point, finding }: StandingPoint) => {
    const before = found.get(point.code);
    const waits = byMaterial.some(({ code, material }) => code === point.code && missing.has(material));
    const asked = told.includes(point.code) || (point.blocking && before?.met === false);
    return !point.by_machine && finding === "open" && asked && !waits;
  };
  const open = (standing: StandingPoint[]) =>
    standing.filter(isOpen).map(({ point, material, fields }): Gap => {
      const fault = { code: "point-open" };
      return { part: "point", code: point.code, text: point.text, material, fields, fault };
    });
  const gapOf = ({ code, name }: ItemMaterial, fault: string): Gap => ({
    part: "material",
    code,
    name,
    fault: { code: fault },
  });
  return [
    ...materials.flatMap((material) => [
      ...(uploading.has(material.code)
        ? [gapOf(material, "uploading")]
        : missing.has(material.code)
          ? [gapOf(material, "required")]
          : []),
      ...(isNoDay(draft.materials[material.code]?.dated) ? [gapOf(material, "wrong-date")] : []),
      ...open(points.filter((point) => point.material === material.code)),
    ]),
    ...open(own),
  ];
}

/** What the hall did not take, and what it was sent. */
export interface Refused {
  errors: FieldProblem[];
  draft: Supplement;
}

/** Where in what was sent a problem of the hall points; also at what this page does not show, by its words. */
export function placeOf(
  { pointer, params }: FieldProblem,
  item: ItemView,
  draft: Supplement,
  { points, own }: Asked,
): Place | undefined {
  const [, part, rest = ""] = /^\/(points|materials|form)(?:\/(.*))?$/.exec(pointer) ?? [];
  const said = (params ?? {}) as { code?: string; point?: string; material?: string | null };
  switch (part) {
    case "points": {
      const one = [...points, ...own].find(({ point }) => point.code === rest);
      // What is not on the page is told with its words.
      const text = one?.point.text ?? said.point;
      const material = one?.material ?? said.material ?? null;
      return text === undefined ? undefined : { part: "point", code: rest, text, material, fields: [] };
    }
    case "materials": {
      const place = rest.split("/")[0] ?? "";
      const handed = Object.keys(draft.materials).filter((code) => isThere(draft.materials[code]));
      const code = /^\d+$/.test(place) ? handed[Number(place)] : said.code;
      const material = item.materials.find((one) => one.code === code);
      return material && { part: "material", code: material.code, name: material.name };
    }
    case "form": {
      const title = titleAt(item.form_schema, `/${rest}`);
      return title ? { part, pointer: `/${rest}`, title } : undefined;
    }
    default:
      return undefined;
  }
}

/** What of a refusal is still true: of what is as it was, and not of what came or was ticked since. */
export function stillRefused(
  { errors, draft }: Refused,
  item: ItemView,
  now: Supplement,
  asked: Asked,
): { error: FieldProblem; place: Place | undefined }[] {
  const unchanged = same(draft, now);
  const isMet = (code: string) =>
    [...asked.points, ...asked.own].some(({ point, finding }) => point.code === code && finding === "met");
  const holds = (place: Place | undefined) => {
    switch (place?.part) {
      // A rule may look at everything.
      case "point":
        return !isMet(place.code) && (unchanged || pointIn(asked, place.code)?.by_machine === false);
      case "material":
        return same(draft.materials[place.code], now.materials[place.code]);
      case "form":
        return same(at(draft.form ?? {}, place.pointer), at(now.form ?? {}, place.pointer));
      default:
        return true;
    }
  };
  return errors
    .map((error) => ({ error, place: placeOf(error, item, draft, asked) }))
    .filter(({ place }) => holds(place));
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const pointIn = ({ points, own }: Asked, code: string) =>
  [...points, ...own].find(({ point }) => point.code === code)?.point;

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
