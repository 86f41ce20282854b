/** What is on the desk while an applicant stands at the window: the draft, and what it still lacks. */
import type {
  AgentInput,
  ApplicantInput,
  ApplicantKind,
  FieldProblem,
  FileView,
  Finding,
  ItemMaterial,
  ItemView,
  Json,
  Review,
  ReviewApplication,
  ReviewPoint,
  TakeFiling,
  Then,
} from "../api/types";
import { isNoDay, plainDay } from "../shared/day";
import { bareNumber, citizenIdFault, creditCodeFault, phoneFault } from "../shared/identity";
import { at, faultsOf, inFormOrder, titleAt } from "../shared/schema";
import { hiddenIn } from "../shared/text";
import { uuidv7 } from "../shared/uuid";

export interface HandedMaterial {
  file: FileView | null;
  paperOnly: boolean;
  copies: number;
  /** The date on it (出具日期), or what was typed and is none. */
  dated?: string | null;
  /** Whether the original was seen, or handed in; as long as nobody said, paper is taken for it and a scan is not. */
  original?: boolean;
  /** Its code in other items from which it came here. */
  homes?: Record<string, string>;
  /** The case with which it was handed in before, or the paper that is a certificate issued here. */
  reused?: { id: string; source: "case" | "certificate"; number: string };
}

/** What the hall knew of who applies or acts, and filled in. */
export interface Filled {
  /** Kind and number of whom it is about; an agent is a person. */
  number: string;
  /** When the hall was told. */
  at: string;
  filled: Partial<Record<ApplicantField, string>>;
}

/** What the clerk typed for an item that was not the right one, and that has no place in the one chosen since. */
export type KeptPart = { item: string; itemName: string; dismissed?: boolean } & (
  | { part: "form"; name: string; title: string; type: string; value: unknown }
  | { part: "material"; code: string; name: string; kind: string | null; handed: HandedMaterial }
  | { part: "answer"; question: string; text: string; option: string; label: string }
  | { part: "tick"; code: string; text: string; unmet?: string }
);

/** A sitting that is not finished. Its ids become those of the filing and the case, so that a repeated submit is one case. */
export interface Draft {
  filing: string;
  case: string;
  item: string | null;
  /** The version of the item by which it is filled in, with the words of what the clerk looks at. */
  seen: { version: number; points: Record<string, string> } | null;
  /** The item was published anew meanwhile, and nobody has said yet that they saw it. */
  anew: boolean;
  applicant: ApplicantInput;
  known: Filled | null;
  /** What the identity card of who applies said. */
  card: Filled | null;
  /** Somebody acts for the applicant. What was typed of an agent stays where nobody does after all. */
  acting: boolean;
  agent: AgentInput;
  knownAgent: Filled | null;
  answers: Record<string, string>;
  form: Json;
  /** Which of answers and form came from an earlier case of who applies. */
  earlier: Pick<Draft, "answers" | "form"> | null;
  materials: Record<string, HandedMaterial>;
  /** The review points that the clerk has found met. */
  ticked: string[];
  /** Those found not met, each with what is wrong in the clerk's own words, or "" where the item's words say it. */
  unmet: Record<string, string>;
  kept: KeptPart[];
  /** The case is taken and its result is on the screen. */
  taken: boolean;
}

export const newDraft = (filing: string): Draft => ({
  filing,
  case: uuidv7(),
  item: null,
  seen: null,
  anew: false,
  applicant: { kind: "person", name: "", id_number: "", phone: "" },
  known: null,
  card: null,
  acting: false,
  agent: { name: "", id_number: "", phone: "", authority: "", until: null },
  knownAgent: null,
  answers: {},
  form: {},
  earlier: null,
  materials: {},
  ticked: [],
  unmet: {},
  kept: [],
  taken: false,
});

/** A draft as an earlier version of this page may have stored it. */
export const mended = (stored: Partial<Draft>, filing: string): Draft => ({ ...newDraft(filing), ...stored });

/** Whether anything stands on the desk that is worth keeping. */
export const isTouched = ({ item, applicant, agent, form }: Draft) =>
  Boolean(item ?? (applicant.name || applicant.id_number || applicant.phone || Object.keys(form).length)) ||
  Boolean(agent?.name);

export const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Whether anything was typed or handed in; a form may have empty fields by itself. */
export const isFilledIn = ({ applicant, agent, answers, form, materials }: Draft) =>
  [applicant.name, applicant.id_number, applicant.phone, agent.name, ...Object.values(form)].some(
    (value) => !isEmpty(value),
  ) ||
  Object.keys(answers).length > 0 ||
  Object.values(materials).some(isThere);

export type ApplicantField = "name" | "id_number" | "phone" | "legal_representative" | "contact" | "address";
export type AgentField = "name" | "id_number" | "phone" | "authority" | "until";

/** What is asked of who applies and who acts, in the order of the desk: the number first, which may tell the rest. */
export const APPLICANT_FIELDS: Record<ApplicantKind, ApplicantField[]> = {
  person: ["id_number", "name", "phone", "address"],
  organisation: ["id_number", "name", "legal_representative", "contact", "phone", "address"],
};
export const AGENT_FIELDS: AgentField[] = ["id_number", "name", "phone", "authority", "until"];
export const OPTIONAL_FIELDS: string[] = ["contact", "address", "until"];

/** What is wrong, by a code that has words; `refused` was found by the hall and not by the page. */
export interface Fault {
  code: string;
  params?: unknown;
  refused?: boolean;
}

/** A field, a material or a point of the draft. */
export type Place =
  | { part: "kind" }
  | { part: "applicant"; field: ApplicantField }
  | { part: "agent"; field: AgentField }
  | { part: "question"; code: string; text: string }
  | { part: "form"; pointer: string; title: string }
  | { part: "material"; code: string; name: string }
  | { part: "point"; code: string; text: string; material: string | null; fields: string[] };

/** Something without which the case cannot be taken. */
export type Gap =
  { part: "item" } | { part: "review"; state: "checking" | "failed" } | (Place & { fault: Fault });

/** What the clerk has looked at. */
export type Looked = Pick<Draft, "ticked" | "unmet">;

/** How a review point stands, by the hall's rules and the clerk's ticks. */
export interface StandingPoint {
  point: ReviewPoint;
  material: string | null;
  finding: Finding;
  /** The fields of the form that its rule looks at. */
  fields: string[];
  /** What the clerk says is wrong, "" where the item's words say it. */
  words?: string;
  /** The applicant was told of it: it must come, also where it is else only advised. */
  told?: boolean;
}

/** What the hall says to the draft; `review` may be of a moment ago as long as it is not fresh. */
export interface Standing {
  review: Review | null;
  state: "fresh" | "checking" | "failed";
}

/** What the hall did not take, and the draft as it was then. */
export interface Refusal {
  errors: FieldProblem[];
  draft: Draft;
  review: Review;
}

const TEXT_LENGTHS: Partial<Record<ApplicantField, [number, number]>> = {
  name: [2, 100],
  legal_representative: [1, 30],
  contact: [1, 30],
  address: [1, 100],
};
const AUTHORITY: [number, number] = [1, 200];

function textFault(text: string, [min, max]: [number, number]): Fault | null {
  const length = [...text].length;
  const character = hiddenIn(text);
  if (length < min) return { code: "too-short", params: { min } };
  if (length > max) return { code: "too-long", params: { max } };
  return character ? { code: "control-character", params: { character } } : null;
}

export function applicantFault(
  applicant: ApplicantInput,
  field: ApplicantField,
  today: string,
): Fault | null {
  const text = (applicant[field] ?? "").trim();
  if (!text) return OPTIONAL_FIELDS.includes(field) ? null : { code: "required" };
  const lengths = TEXT_LENGTHS[field];
  if (lengths) return textFault(text, lengths);
  const idFault = applicant.kind === "person" ? citizenIdFault(text, today) : creditCodeFault(text);
  const code = field === "phone" ? phoneFault(text) : idFault;
  return code && { code };
}

export function agentFault(agent: AgentInput, field: AgentField, today: string): Fault | null {
  const text = (agent[field] ?? "").trim();
  if (!text) return OPTIONAL_FIELDS.includes(field) ? null : { code: "required" };
  if (field === "authority") return textFault(text, AUTHORITY);
  if (field === "until" && isNoDay(text)) return { code: "wrong-date" };
  if (field === "until") return text < today ? { code: "expired" } : null;
  return applicantFault({ ...agent, kind: "person" }, field, today);
}

/** Nobody acts for themselves. */
const isApplicants = ({ agent, applicant }: Draft): Fault | null =>
  bareNumber(agent.id_number) === bareNumber(applicant.id_number) ? { code: "is-applicant" } : null;

export const originalOf = ({ original }: ItemMaterial, handed: HandedMaterial): boolean =>
  original !== "no" && (handed.original ?? (handed.paperOnly && !handed.file));

export const isThere = (handed: HandedMaterial | undefined): handed is HandedMaterial =>
  Boolean(handed?.file ?? handed?.paperOnly);

/** What is asked for in this situation, in the item's order. */
export const askedMaterials = ({ materials }: ItemView, review: Review | null) =>
  materials.filter(({ code }) => review?.materials.includes(code));

export const askedQuestions = ({ questions }: ItemView, review: Review | null) =>
  questions.filter(({ code }) => review?.questions.includes(code));

const answersTo = ({ answers }: Draft, asked: string[]) =>
  Object.fromEntries(Object.entries(answers).filter(([question]) => asked.includes(question)));

/** Stands for the name of somebody who acts and whose name is still to come: what an agent brings is asked for at once. */
const SOMEBODY = "代理人";

/**
 * The draft as the hall reviews it. Answers to questions and materials that are not asked for in this situation, as far
 * as it is known, say nothing. Ticks stay out: no rule looks at them, and so a tick needs no answer from the hall.
 */
export function reviewOf(draft: Draft, item: ItemView, known: Review | null): ReviewApplication {
  const { kind, name, id_number } = draft.applicant;
  const questions = known?.questions ?? item.questions.map(({ code }) => code);
  const materials = known?.materials ?? item.materials.map(({ code }) => code);
  return {
    applicant: { kind, name: name.trim(), id_number: bareNumber(id_number) },
    agent_name: draft.acting ? draft.agent.name.trim() || SOMEBODY : null,
    answers: answersTo(draft, questions),
    form: draft.form,
    materials: materials.flatMap((code) => {
      const handed = draft.materials[code];
      return isThere(handed) ? [{ code, copies: handed.copies, dated: plainDay(handed.dated) }] : [];
    }),
    ticked: [],
  };
}

/** Every point that concerns the application: those of the materials in their order, then the item's own. */
export function standingOf(item: ItemView, review: Review | null, looked: Looked): StandingPoint[] {
  const found = new Map(review?.points.map((one) => [one.code, one]));
  const stand =
    (material: string | null) =>
    (point: ReviewPoint): StandingPoint[] => {
      const one = found.get(point.code);
      if (!one) return [];
      const { fields } = one;
      const words = looked.unmet[point.code];
      if (point.by_machine) return [{ point, material, finding: one.finding, fields }];
      if (looked.ticked.includes(point.code)) return [{ point, material, finding: "met", fields }];
      if (words !== undefined) return [{ point, material, finding: "violated", fields, words }];
      return [{ point, material, finding: "open", fields }];
    };
  return [
    ...item.materials.flatMap(({ code, points }) => points.flatMap(stand(code))),
    ...item.points.flatMap(stand(null)),
  ];
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Where a refused value was changed meanwhile, nothing is known to be wrong any more. */
function isUnchanged(place: Place, before: Draft, now: Draft): boolean {
  const { applicant, agent } = before;
  switch (place.part) {
    case "kind":
      return applicant.kind === now.applicant.kind;
    case "applicant":
      return applicant.kind === now.applicant.kind && applicant[place.field] === now.applicant[place.field];
    case "agent":
      return now.acting && agent[place.field] === now.agent[place.field];
    case "question":
      return before.answers[place.code] === now.answers[place.code];
    case "form":
      return same(at(before.form, place.pointer), at(now.form, place.pointer));
    case "material":
      return before.materials[place.code] === now.materials[place.code];
    case "point":
      // A rule may look at everything.
      return same({ ...before, kept: [] }, { ...now, kept: [] });
  }
}

/**
 * What of a refusal still holds: errors of no place in the draft, and those of values that are as they were. What was said
 * of one item is not said of another.
 */
export function stillRefused(
  refusal: Refusal,
  draft: Draft,
  item: ItemView,
): { error: FieldProblem; place: Place | undefined }[] {
  const { errors, draft: refused } = refusal;
  return errors
    .map((error) => ({ error, place: placeOf(error, refused, item, refusal.review) }))
    .filter(({ error, place }) => {
      if (draft.item !== refused.item && (place || error.pointer.startsWith("/cases/"))) return false;
      return !place || isUnchanged(place, refused, draft);
    });
}

export interface Desk {
  draft: Draft;
  item: ItemView | undefined;
  standing: Standing;
  uploading: ReadonlySet<string>;
  today: string;
  refusal?: Refusal | null;
}

export function gapsOf({ draft, item, standing, uploading, today, refusal }: Desk): Gap[] {
  if (!item) return [{ part: "item" }];
  const { review, state } = standing;
  const told = (refusal ? stillRefused(refusal, draft, item) : []).flatMap(({ error, place }) =>
    place ? [{ ...place, fault: { code: error.code, params: error.params, refused: true } }] : [],
  );
  const toldOf = (fits: (place: Place) => boolean) => told.filter(fits).slice(0, 1);

  const subject: Gap[] = item.subjects.includes(draft.applicant.kind)
    ? toldOf(({ part }) => part === "kind")
    : [{ part: "kind", fault: { code: "subject-not-allowed", params: { item: item.name } } }];
  const applicant = APPLICANT_FIELDS[draft.applicant.kind].flatMap((field): Gap[] => {
    const fault = applicantFault(draft.applicant, field, today);
    if (fault) return [{ part: "applicant", field, fault }];
    return toldOf((place) => place.part === "applicant" && place.field === field);
  });
  const agent = (draft.acting ? AGENT_FIELDS : []).flatMap((field): Gap[] => {
    const fault =
      agentFault(draft.agent, field, today) ?? (field === "id_number" ? isApplicants(draft) : null);
    if (fault) return [{ part: "agent", field, fault }];
    return toldOf((place) => place.part === "agent" && place.field === field);
  });
  const questions = askedQuestions(item, review).flatMap(({ code, text, options }): Gap[] => {
    if (options.some((option) => option.code === draft.answers[code])) {
      return toldOf((place) => place.part === "question" && place.code === code);
    }
    return [{ part: "question", code, text, fault: { code: "required", params: { question: text } } }];
  });
  const form = faultsOf(item.form_schema, draft.form).map(({ pointer, code, params }) => {
    const title = titleAt(item.form_schema, pointer) ?? pointer;
    return { part: "form" as const, pointer, title, fault: { code, params } };
  });
  const formTold = told.filter((gap) => gap.part === "form");

  // What a rule waits for is named where it is missing: the point is not missing a second time. Nor does a filled field
  // lack anything while the hall still looks at it: the hand must not be led back there.
  const people = [...subject, ...applicant, ...agent, ...questions].length > 0;
  const waits = ({ point, finding, fields }: StandingPoint) =>
    point.by_machine &&
    finding === "open" &&
    (people ||
      (state === "checking" && fields.length > 0) ||
      form.some(({ pointer }) => fields.includes(pointer.split("/")[1] ?? "")));
  const points = standingOf(item, review, draft).filter(({ point }) => point.blocking);
  const pointsUnder = (under: string | null): Gap[] =>
    points
      .filter(({ material }) => material === under)
      .flatMap((one): Gap[] => {
        const { point, material, finding, fields } = one;
        const place = { part: "point" as const, code: point.code, text: point.text, material, fields };
        if (finding === "met") return toldOf((told) => told.part === "point" && told.code === point.code);
        if (waits(one)) return [];
        const said = point.by_machine ? "point-violated" : "point-unmet";
        const code = finding === "violated" ? said : "point-open";
        return [{ ...place, fault: { code, params: { point: point.text, reason: point.reason } } }];
      });

  const materials = askedMaterials(item, review).flatMap((material) => [
    ...materialGap(material),
    ...pointsUnder(material.code),
  ]);
  function materialGap({ code, name, required }: ItemMaterial): Gap[] {
    const gap = (fault: string): Gap[] => [{ part: "material", code, name, fault: { code: fault } }];
    if (uploading.has(code)) return gap("uploading");
    const handed = draft.materials[code];
    if (required && !isThere(handed)) return gap("required");
    if (isThere(handed) && isNoDay(handed.dated)) return gap("wrong-date");
    return toldOf((place) => place.part === "material" && place.code === code);
  }

  return [
    ...subject,
    ...applicant,
    ...agent,
    ...questions,
    ...inFormOrder(item.form_schema, item.ui_schema, [...form, ...formTold]),
    ...materials,
    ...pointsUnder(null),
    ...(state === "fresh" ? [] : [{ part: "review" as const, state }]),
  ];
}

/**
 * Where the hand may be led. While the hall still looks at the draft, what it found wrong in the form may be right by now,
 * and whoever goes on with the materials must not be led back there. Nor to what they have found not met themselves.
 */
export const sureGaps = (gaps: Gap[], state: Standing["state"]): Gap[] =>
  gaps.filter(
    (gap) =>
      gap.part !== "review" &&
      !(gap.part === "point" && gap.fault.code === "point-unmet") &&
      !(state === "checking" && gap.part === "point" && gap.fields.length > 0),
  );

/** What does not keep a case from being taken, and should still be seen. */
export type Advice =
  | { part: "point"; code: string; text: string; fields: string[]; violated: boolean }
  | { part: "original"; code: string; name: string; original: "shown" | "kept" }
  | { part: "old"; code: string; name: string; days: number };

export function adviceOf({ draft, item, standing: { review }, today }: Desk): Advice[] {
  if (!item) return [];
  const points = standingOf(item, review, draft).flatMap(({ point, finding, fields }): Advice[] =>
    point.blocking || finding === "met" || (point.by_machine && finding === "open")
      ? []
      : [{ part: "point", code: point.code, text: point.text, fields, violated: finding === "violated" }],
  );
  const materials = askedMaterials(item, review).flatMap((material): Advice[] => {
    const { code, name, original, valid_days } = material;
    const handed = draft.materials[code];
    if (!isThere(handed)) return [];
    const missing = original !== "no" && !originalOf(material, handed);
    const old = valid_days !== null && handed.dated && daysBetween(handed.dated, today) > valid_days;
    return [
      ...(missing ? [{ part: "original" as const, code, name, original }] : []),
      ...(old ? [{ part: "old" as const, code, name, days: valid_days }] : []),
    ];
  });
  return [...materials, ...points];
}

const DAY = 86_400_000;
export const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY;

/** The draft as the hall takes it. */
export function filingOf(draft: Draft, item: ItemView, review: Review, then?: Then): TakeFiling {
  const asked = askedQuestions(item, review).map(({ code }) => code);
  const concerns = new Set(review.points.map(({ code }) => code));
  return {
    id: draft.filing,
    applicant: cleaned(draft.applicant),
    ...(draft.acting ? { agent: cleanedAgent(draft.agent) } : {}),
    cases: [
      {
        id: draft.case,
        item_code: item.code,
        item_version: draft.seen?.version ?? item.version,
        answers: answersTo(draft, asked),
        form: draft.form,
        materials: handedOver(draft, item, review).map(({ material, handed }) => ({
          code: material.code,
          sha256: handed.file?.sha256 ?? null,
          file_name: handed.file?.name ?? null,
          copies: handed.copies,
          original: originalOf(material, handed),
          dated: plainDay(handed.dated),
          ...(handed.reused ? { reused_from: handed.reused.id } : {}),
        })),
        ticked: draft.ticked.filter((code) => concerns.has(code)),
        unmet: Object.fromEntries(
          Object.entries(draft.unmet).flatMap(([code, words]) =>
            concerns.has(code) ? [[code, words.trim()]] : [],
          ),
        ),
        ...(then ? { then } : {}),
      },
    ],
  };
}

const handedOver = ({ materials }: Draft, item: ItemView, review: Review) =>
  askedMaterials(item, review).flatMap((material) => {
    const handed = materials[material.code];
    return isThere(handed) ? [{ material, handed }] : [];
  });

/** What was handed in and is not asked for in this situation: it is not sent, and stays for another answer. */
export const notAskedFor = ({ materials }: Draft, item: ItemView, review: Review | null) =>
  review
    ? item.materials.filter(({ code }) => isThere(materials[code]) && !review.materials.includes(code))
    : [];

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

const cleanedAgent = ({ name, id_number, phone, authority, until }: AgentInput): AgentInput => ({
  name: name.trim(),
  id_number: bareNumber(id_number),
  phone: bareNumber(phone),
  authority: authority.trim(),
  until: until || null,
});

/** Where in the draft a problem of the hall points. */
export function placeOf(
  { pointer, params }: Pick<FieldProblem, "pointer" | "params">,
  draft: Draft,
  item: ItemView,
  review: Review,
): Place | undefined {
  const [, who, name = ""] = /^\/(applicant|agent)\/(\w+)$/.exec(pointer) ?? [];
  if (who === "agent") {
    const field = AGENT_FIELDS.find((one) => one === name);
    return draft.acting && field ? { part: "agent", field } : undefined;
  }
  if (who) {
    if (name === "kind") return { part: "kind" };
    const field = APPLICANT_FIELDS[draft.applicant.kind].find((one) => one === name);
    return field && { part: "applicant", field };
  }
  const [, part, rest = ""] =
    /^\/cases\/0\/(form|materials|answers|points|unmet)(?:\/(.*))?$/.exec(pointer) ?? [];
  switch (part) {
    case "answers": {
      const question = item.questions.find(({ code }) => code === rest);
      return question && { part: "question", code: rest, text: question.text };
    }
    case "points":
    case "unmet": {
      const one = standingOf(item, review, draft).find(({ point }) => point.code === rest);
      if (!one) return undefined;
      const { point, material, fields } = one;
      return { part: "point", code: point.code, text: point.text, material, fields };
    }
    case "materials": {
      // A material that is missing has no place among those handed in, and is named by its code.
      const place = rest.split("/")[0] || (params as { code?: string } | undefined)?.code || "";
      const material = /^\d+$/.test(place)
        ? handedOver(draft, item, review)[Number(place)]?.material
        : item.materials.find(({ code }) => code === place);
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
