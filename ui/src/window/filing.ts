/** What is on the desk while an applicant stands at the window: the draft, and what it still lacks. */
import type { ApplicantInput, FileView, ItemView, Json, TakeFiling } from "../api/types";
import {
  bareNumber,
  citizenIdFault,
  creditCodeFault,
  phoneFault,
  type IdentityFault,
} from "../shared/identity";
import { faultsOf, titleAt, type FormFault } from "../shared/schema";
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

/** Something without which the case cannot be taken. */
export type Gap =
  | { part: "item" }
  | { part: "applicant"; field: ApplicantField; fault: "required" | IdentityFault }
  | { part: "form"; pointer: string; title: string; fault: FormFault }
  | { part: "material"; code: string; name: string; fault: "required" | "uploading" };

export function applicantGaps({ kind, name, id_number, phone, legal_representative }: ApplicantInput): Gap[] {
  const gaps: Gap[] = [];
  const check = (field: ApplicantField, value: string, faultOf: (value: string) => IdentityFault | null) => {
    const fault = value.trim() ? faultOf(value) : "required";
    if (fault) gaps.push({ part: "applicant", field, fault });
  };
  const anything = () => null;
  check("name", name, anything);
  check("id_number", id_number, kind === "person" ? citizenIdFault : creditCodeFault);
  if (kind === "organisation") check("legal_representative", legal_representative ?? "", anything);
  check("phone", phone, phoneFault);
  return gaps;
}

export function gapsOf(draft: Draft, item: ItemView | undefined, uploading: ReadonlySet<string>): Gap[] {
  if (!item) return [{ part: "item" }];
  const applicant = applicantGaps(draft.applicant);
  const form = faultsOf(item.form_schema, draft.form).map(({ pointer, code }): Gap => {
    return { part: "form", pointer, title: titleAt(item.form_schema, pointer) ?? pointer, fault: code };
  });
  const materials = item.materials.flatMap(({ code, name, required }): Gap[] => {
    if (uploading.has(code)) return [{ part: "material", code, name, fault: "uploading" }];
    const handed = draft.materials[code];
    return required && !handed?.file && !handed?.paperOnly
      ? [{ part: "material", code, name, fault: "required" }]
      : [];
  });
  return [...applicant, ...form, ...materials];
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
  const optional = (
    ["address", "contact", ...(kind === "organisation" ? ["legal_representative"] : [])] as const
  ).flatMap((field) => {
    const value = applicant[field as "address"]?.trim();
    return value ? [[field, value]] : [];
  });
  return {
    kind,
    name: name.trim(),
    id_number: bareNumber(id_number),
    phone: bareNumber(phone),
    ...Object.fromEntries(optional),
  } as ApplicantInput;
}

/** Where a problem of the hall points, in the words of the form: a title, or the field of the applicant. */
export function placeOf(
  pointer: string,
  draft: Draft,
  item: ItemView,
): { title: string } | { applicant: ApplicantField } | undefined {
  const applicant = /^\/applicant\/(\w+)$/.exec(pointer)?.[1];
  if (applicant) return { applicant: applicant as ApplicantField };
  const [, field, index] = /^\/cases\/0\/(form|materials)(?:\/(.*))?$/.exec(pointer) ?? [];
  if (field === "materials") {
    const place = index?.split("/")[0] ?? "";
    const material = /^\d+$/.test(place)
      ? handedOver(draft, item)[Number(place)]
      : item.materials.find(({ code }) => code === place);
    return material && { title: material.name };
  }
  const title = field && titleAt(item.form_schema, `/${index ?? ""}`);
  return title ? { title } : undefined;
}
