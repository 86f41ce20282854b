/** What is on the desk while an applicant stands at the window: the draft, and what it still lacks. */
import type {
  ApplicantInput,
  ApplicantKind,
  FieldProblem,
  FileView,
  ItemView,
  Json,
  TakeFiling,
} from "../api/types";
import { bareNumber, citizenIdFault, creditCodeFault, phoneFault } from "../shared/identity";
import { at, faultsOf, inFormOrder, titleAt } from "../shared/schema";
import { hiddenIn } from "../shared/text";
import { uuidv7 } from "../shared/uuid";

export interface HandedMaterial {
  file: FileView | null;
  paperOnly: boolean;
  copies: number;
}

/** A sitting that is not finished. Its ids become those of the filing and the case, so that a repeated submit is one case. */
export interface Draft {
  filing: string;
  case: string;
  item: string | null;
  applicant: ApplicantInput;
  form: Json;
  materials: Record<string, HandedMaterial>;
  /** The case is taken and its result is on the screen. */
  taken: boolean;
}

export const newDraft = (filing: string): Draft => ({
  filing,
  case: uuidv7(),
  item: null,
  applicant: { kind: "person", name: "", id_number: "", phone: "" },
  form: {},
  materials: {},
  taken: false,
});

export const isTouched = ({ item, applicant, form }: Draft) =>
  Boolean(item ?? (applicant.name || applicant.id_number || applicant.phone || Object.keys(form).length));

export type ApplicantField = "name" | "id_number" | "phone" | "legal_representative" | "contact" | "address";

/** What is asked of an applicant, in the order of the desk. */
export const APPLICANT_FIELDS: Record<ApplicantKind, ApplicantField[]> = {
  person: ["name", "id_number", "phone", "address"],
  organisation: ["name", "id_number", "legal_representative", "contact", "phone", "address"],
};
export const OPTIONAL_FIELDS: ApplicantField[] = ["contact", "address"];

/** What is wrong, by a code that has words; `refused` was found by the hall and not by the page. */
interface Fault {
  code: string;
  params?: unknown;
  refused?: boolean;
}

/** A field or a material of the draft. */
export type Place =
  | { part: "applicant"; field: ApplicantField }
  | { part: "form"; pointer: string; title: string }
  | { part: "material"; code: string; name: string };

/** Something without which the case cannot be taken. */
export type Gap = { part: "item" } | (Place & { fault: Fault });

/** What the hall did not take, and the draft as it was then. */
export interface Refusal {
  errors: FieldProblem[];
  draft: Draft;
}

const TEXT_LENGTHS: Partial<Record<ApplicantField, [number, number]>> = {
  name: [2, 100],
  legal_representative: [1, 30],
  contact: [1, 30],
  address: [1, 100],
};

function textFault(text: string, [min, max]: [number, number]): Fault | null {
  const length = [...text].length;
  const character = hiddenIn(text);
  if (length < min) return { code: "too-short", params: { min } };
  if (length > max) return { code: "too-long", params: { max } };
  return character ? { code: "control-character", params: { character } } : null;
}

function applicantFault(applicant: ApplicantInput, field: ApplicantField, today: string): Fault | null {
  const text = (applicant[field] ?? "").trim();
  if (!text) return OPTIONAL_FIELDS.includes(field) ? null : { code: "required" };
  const lengths = TEXT_LENGTHS[field];
  if (lengths) return textFault(text, lengths);
  const idFault = applicant.kind === "person" ? citizenIdFault(text, today) : creditCodeFault(text);
  const code = field === "phone" ? phoneFault(text) : idFault;
  return code && { code };
}

/** Where a refused value was changed meanwhile, nothing is known to be wrong any more. */
function isUnchanged(place: Place, before: Draft, now: Draft): boolean {
  switch (place.part) {
    case "applicant":
      return (
        before.applicant.kind === now.applicant.kind &&
        before.applicant[place.field] === now.applicant[place.field]
      );
    case "form":
      return JSON.stringify(at(before.form, place.pointer)) === JSON.stringify(at(now.form, place.pointer));
    case "material":
      return before.materials[place.code] === now.materials[place.code];
  }
}

/** What of a refusal still holds: errors of no place in the draft, and those of values that are as they were. */
export function stillRefused(
  { errors, draft: refused }: Refusal,
  draft: Draft,
  item: ItemView,
): { error: FieldProblem; place: Place | undefined }[] {
  return errors
    .map((error) => ({ error, place: placeOf(error.pointer, refused, item) }))
    .filter(({ place }) => !place || (draft.item === refused.item && isUnchanged(place, refused, draft)));
}

export function gapsOf(
  draft: Draft,
  item: ItemView | undefined,
  uploading: ReadonlySet<string>,
  today: string,
  refusal: Refusal | null = null,
): Gap[] {
  if (!item) return [{ part: "item" }];
  const refused = (refusal ? stillRefused(refusal, draft, item) : []).flatMap(({ error, place }) =>
    place ? [{ ...place, fault: { code: error.code, params: error.params, refused: true } }] : [],
  );

  const applicant = APPLICANT_FIELDS[draft.applicant.kind].flatMap((field): Gap[] => {
    const fault = applicantFault(draft.applicant, field, today);
    if (fault) return [{ part: "applicant", field, fault }];
    return refused.filter((gap) => gap.part === "applicant" && gap.field === field).slice(0, 1);
  });
  const form = faultsOf(item.form_schema, draft.form).map(({ pointer, code, params }) => {
    const title = titleAt(item.form_schema, pointer) ?? pointer;
    return { part: "form" as const, pointer, title, fault: { code, params } };
  });
  const formRefused = refused.filter((gap) => gap.part === "form");
  const materials = item.materials.flatMap(({ code, name, required }): Gap[] => {
    const gap = (fault: string): Gap[] => [{ part: "material", code, name, fault: { code: fault } }];
    if (uploading.has(code)) return gap("uploading");
    const handed = draft.materials[code];
    if (required && !handed?.file && !handed?.paperOnly) return gap("required");
    return refused.filter((one) => one.part === "material" && one.code === code).slice(0, 1);
  });
  return [
    ...applicant,
    ...inFormOrder(item.form_schema, item.ui_schema, [...form, ...formRefused]),
    ...materials,
  ];
}

/** The draft as the hall takes it. */
export function filingOf(draft: Draft, item: ItemView): TakeFiling {
  return {
    id: draft.filing,
    applicant: cleaned(draft.applicant),
    cases: [
      {
        id: draft.case,
        item_code: item.code,
        item_version: item.version,
        form: draft.form,
        materials: handedOver(draft, item).map(({ code, original, handed }) => ({
          code,
          sha256: handed.file?.sha256 ?? null,
          file_name: handed.file?.name ?? null,
          copies: handed.copies,
          // What is only a scan is no original; what is handed in on paper is what the item asks for.
          original: original && !handed.file,
        })),
      },
    ],
  };
}

const handedOver = ({ materials }: Draft, item: ItemView) =>
  item.materials.flatMap(({ code, name, original }) => {
    const handed = materials[code];
    return handed?.file || handed?.paperOnly ? [{ code, name, original, handed }] : [];
  });

function cleaned(applicant: ApplicantInput): ApplicantInput {
  const { kind, name, id_number, phone } = applicant;
  const further = (["address", "contact", "legal_representative"] as const).flatMap((field) => {
    const value = APPLICANT_FIELDS[kind].includes(field) && applicant[field]?.trim();
    return value ? [[field, value]] : [];
  });
  return {
    kind,
    name: name.trim(),
    id_number: bareNumber(id_number),
    phone: bareNumber(phone),
    ...Object.fromEntries(further),
  } as ApplicantInput;
}

/** Where in the draft a problem of the hall points. */
export function placeOf(pointer: string, draft: Draft, item: ItemView): Place | undefined {
  const field = /^\/applicant\/(\w+)$/.exec(pointer)?.[1] as ApplicantField | undefined;
  if (field)
    return APPLICANT_FIELDS[draft.applicant.kind].includes(field) ? { part: "applicant", field } : undefined;
  const [, part, rest = ""] = /^\/cases\/0\/(form|materials)(?:\/(.*))?$/.exec(pointer) ?? [];
  if (part === "materials") {
    const place = rest.split("/")[0] ?? "";
    const material = /^\d+$/.test(place)
      ? handedOver(draft, item)[Number(place)]
      : item.materials.find(({ code }) => code === place);
    return material && { part: "material", code: material.code, name: material.name };
  }
  const title = part && titleAt(item.form_schema, `/${rest}`);
  return title ? { part: "form", pointer: `/${rest}`, title } : undefined;
}
