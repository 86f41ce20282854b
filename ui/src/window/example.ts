/** In the demo a clerk practises with the made-up application that each item brings along. */
import type { ApplicantKind, ItemView, Review } from "../api/types";
import type { Draft } from "./filing";

interface ExampleMaterial {
  copies?: number;
  date?: string;
}

/** What the catalogue does not make up, because the rules do not look at it. */
const PHONE = "13800138000";
const LEGAL_REPRESENTATIVE = "周正明";

/** The draft with the item's example in place of what was typed. Materials come with the situation. */
export function withExample(before: Draft, item: ItemView): Draft {
  const { applicant, answers, form } = item.example;
  const { kind, name, id_number } = applicant as { kind: ApplicantKind; name: string; id_number: string };
  const organisation = kind === "organisation" ? { legal_representative: LEGAL_REPRESENTATIVE } : {};
  return {
    ...before,
    applicant: { kind, name, id_number, phone: PHONE, ...organisation },
    acting: false,
    answers: answers as Record<string, string>,
    form,
    materials: {},
    ticked: [],
    unmet: {},
  };
}

/** What the situation asks for, as if it lay on the desk on paper. The points are left to whoever practises. */
export function withExampleMaterials(before: Draft, item: ItemView, review: Review, today: string): Draft {
  const examples = item.example.materials as Record<string, ExampleMaterial | undefined>;
  const handed = item.materials
    .filter(({ code, required }) => review.materials.includes(code) && (required || examples[code]))
    .map(({ code, copies, valid_days }) => {
      const example = examples[code];
      const dated = example?.date ?? (valid_days === null ? null : today);
      return [code, { file: null, paperOnly: true, copies: example?.copies ?? copies, dated }];
    });
  return { ...before, materials: Object.fromEntries(handed) as Draft["materials"] };
}
