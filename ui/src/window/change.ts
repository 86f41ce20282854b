/** Another item is chosen: what was typed goes along as far as it has a place there, and the rest is kept. */
import type { ItemMaterial, ItemView, Json } from "../api/types";
import { schemaAt } from "../shared/schema";
import { isEmpty, isThere, type Draft, type KeptPart } from "./filing";

const pointsOf = ({ materials, points }: ItemView) => [
  ...materials.flatMap(({ points }) => points),
  ...points,
];

/** Everything typed for an item, piece by piece. */
function partsOf({ answers, form, materials, ticked, unmet }: Draft, item: ItemView): KeptPart[] {
  const from = { item: item.code, itemName: item.name };
  const points = pointsOf(item);
  return [
    ...item.questions.flatMap(({ code, text, options }): KeptPart[] => {
      const option = options.find((one) => one.code === answers[code]);
      return option
        ? [{ ...from, part: "answer", question: code, text, option: option.code, label: option.label }]
        : [];
    }),
    ...Object.entries(form).flatMap(([name, value]): KeptPart[] => {
      const field = schemaAt(item.form_schema, `/${name}`);
      const title = typeof field?.title === "string" ? field.title : name;
      return isEmpty(value) ? [] : [{ ...from, part: "form", name, title, type: typeOf(field), value }];
    }),
    ...item.materials.flatMap(({ code, name, kind }): KeptPart[] => {
      const handed = materials[code];
      return isThere(handed) ? [{ ...from, part: "material", code, name, kind, handed }] : [];
    }),
    ...points.flatMap(({ code, text }): KeptPart[] =>
      ticked.includes(code) || code in unmet
        ? [{ ...from, part: "tick", code, text, ...(code in unmet ? { unmet: unmet[code] } : {}) }]
        : [],
    ),
  ];
}

/** What a field takes: `string`, `string date`, `array string`. */
function typeOf(field: Json | undefined): string {
  const items = field?.items as Json | undefined;
  return [field?.type, field?.format, items?.type].filter((one) => typeof one === "string").join(" ");
}

/** Whether a field would offer a value that was chosen elsewhere. */
function offers(field: Json, value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every((one) => offers((field.items ?? {}) as Json, one));
  }
  const choices = Array.isArray(field.enum)
    ? field.enum
    : Array.isArray(field.oneOf)
      ? (field.oneOf as Json[]).map((one) => one.const)
      : null;
  return choices === null || choices.includes(value);
}

/** Where a material of another item goes: where it was before, under its own code, or where such a thing is asked for. */
function homeOf(part: KeptPart & { part: "material" }, item: ItemView, taken: Draft["materials"]) {
  const free = item.materials.filter(({ code }) => !isThere(taken[code]));
  const { homes } = part.handed;
  const fits = ({ code, kind }: ItemMaterial) =>
    kind && part.kind ? kind === part.kind : code === part.code;
  return (
    free.find(({ code }) => code === homes?.[item.code]) ??
    free.find((one) => one.code === part.code && fits(one)) ??
    free.find(fits)
  );
}

/** Puts a piece where the item has a place for it; false where it has none. */
function place(part: KeptPart, draft: Draft, item: ItemView): boolean {
  switch (part.part) {
    case "answer": {
      const question = item.questions.find(({ code, text }) => code === part.question && text === part.text);
      const option = question?.options.find(
        ({ code, label }) => code === part.option && label === part.label,
      );
      if (!option || draft.answers[part.question]) return false;
      draft.answers[part.question] = part.option;
      return true;
    }
    case "form": {
      const field = schemaAt(item.form_schema, `/${part.name}`);
      const fits = field && typeOf(field) === part.type && offers(field, part.value);
      if (!fits || !isEmpty(draft.form[part.name])) return false;
      draft.form[part.name] = part.value;
      return true;
    }
    case "material": {
      const home = homeOf(part, item, draft.materials);
      if (!home) return false;
      const homes = { ...part.handed.homes, [part.item]: part.code };
      draft.materials[home.code] = { ...part.handed, homes };
      return true;
    }
    case "tick": {
      const points = pointsOf(item);
      const point = points.find(
        ({ code, text, by_machine }) => !by_machine && code === part.code && text === part.text,
      );
      if (!point || draft.ticked.includes(part.code) || part.code in draft.unmet) return false;
      if (part.unmet === undefined) draft.ticked.push(part.code);
      else draft.unmet[part.code] = part.unmet;
      return true;
    }
  }
}

/**
 * The draft for another item. Who applies and who acts stays as it is. What was typed for the earlier item is tried
 * first, so that it wins over what is kept from still earlier ones; and since everything without a place is kept, also
 * where it was put out of sight, going back finds it again.
 */
export function withItem(before: Draft, from: ItemView | undefined, to: ItemView): Draft {
  if (from?.code === to.code) return before;
  const draft: Draft = {
    ...before,
    item: to.code,
    seen: seenOf(to),
    anew: false,
    answers: {},
    form: {},
    materials: {},
    ticked: [],
    unmet: {},
    kept: [],
  };
  const parts = [...(from ? partsOf(before, from) : []), ...before.kept];
  draft.kept = parts.filter((part) => !place(part, draft, to));
  // Nobody has said yet who applies: then it is who may.
  const { name, id_number, kind } = before.applicant;
  if (!name && !id_number && !to.subjects.includes(kind) && to.subjects[0]) {
    draft.applicant = { ...before.applicant, kind: to.subjects[0] };
  }
  return draft;
}

const seenOf = (item: ItemView): Draft["seen"] => ({
  version: item.version,
  points: Object.fromEntries(
    pointsOf(item).flatMap(({ code, text, by_machine }) => (by_machine ? [] : [[code, text]])),
  ),
});

/** The draft by the item as it is published now: what was looked at by other words is not looked at. */
export function withVersion(before: Draft, item: ItemView): Draft {
  const now = seenOf(item);
  const { seen } = before;
  if (!now || !seen) return { ...before, seen: now };
  const same = (code: string) => code in now.points && now.points[code] === seen.points[code];
  const ticked = before.ticked.filter(same);
  const unmet = Object.fromEntries(Object.entries(before.unmet).filter(([code]) => same(code)));
  return { ...before, seen: now, anew: true, ticked, unmet };
}

/** What of earlier items is to be seen. */
export const keptInSight = ({ kept }: Draft) => kept.filter(({ dismissed }) => !dismissed);

export const outOfSight = (draft: Draft): Draft => ({
  ...draft,
  kept: draft.kept.map((part) => ({ ...part, dismissed: true })),
});
