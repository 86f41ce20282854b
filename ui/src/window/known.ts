/** Who was here before need not say again what the hall knows, nor bring what it has (一号申请、材料复用). */
import type {
  AgentInput,
  ApplicantInput,
  CaseState,
  CaseView,
  ItemMaterial,
  ItemView,
  Json,
  KnownAgent,
  KnownApplicant,
  Review,
} from "../api/types";
import { bareNumber } from "../shared/identity";
import {
  APPLICANT_FIELDS,
  askedMaterials,
  daysBetween,
  isEmpty,
  isThere,
  type AgentField,
  type ApplicantField,
  type Draft,
  type HandedMaterial,
} from "./filing";

/** What was handed in or issued here before and is asked for now. */
export interface Offer {
  /** The code of the material it satisfies. */
  code: string;
  name: string;
  handed: HandedMaterial & { reused: NonNullable<HandedMaterial["reused"]> };
  validUntil: string | null;
}

/** Whether what is good today is also as young as this item wants it. */
const isYoungEnough = ({ valid_days }: ItemMaterial, dated: string | null, today: string) =>
  valid_days === null || (dated !== null && daysBetween(dated, today) <= valid_days);

/** For each material that is asked for and is not there: the newest certificate that is one, or the newest file. */
export function offersOf(
  known: KnownApplicant,
  { materials }: Draft,
  item: ItemView,
  review: Review | null,
  today: string,
): Offer[] {
  return askedMaterials(item, review).flatMap((material): Offer[] => {
    const { code, name, kind, copies } = material;
    if (!kind || isThere(materials[code])) return [];
    const own = known.certificates.items.find(
      (one) => one.kind === kind && isYoungEnough(material, one.valid_from, today),
    );
    if (own) {
      const file = {
        sha256: own.sha256,
        name: `${own.title} ${own.number}.pdf`,
        size: 0,
        media_type: "application/pdf",
      };
      const reused = { id: own.paper_id, source: "certificate" as const, number: own.number };
      const handed = { file, paperOnly: false, copies, dated: own.valid_from, reused };
      return [{ code, name, handed, validUntil: own.valid_until }];
    }
    const before = known.materials.items.find(
      (one) => one.kind === kind && isYoungEnough(material, one.dated, today),
    );
    if (!before) return [];
    const { sha256, file_name, size, media_type, dated, case_id, case_number, valid_until } = before;
    const reused = { id: case_id, source: "case" as const, number: case_number ?? "" };
    const handed = {
      file: { sha256, name: file_name, size, media_type },
      paperOnly: false,
      copies,
      dated,
      reused,
    };
    return [{ code, name, handed, validUntil: valid_until }];
  });
}

export const withOffers = (draft: Draft, offers: Offer[]): Draft => ({
  ...draft,
  materials: { ...draft.materials, ...Object.fromEntries(offers.map(({ code, handed }) => [code, handed])) },
});

/** The number that says who applies. */
export const numberOf = ({ kind, id_number }: Pick<ApplicantInput, "kind" | "id_number">) =>
  `${kind} ${bareNumber(id_number)}`;

const isAsFilled = (draft: Draft, field: ApplicantField) =>
  draft.known?.filled[field] !== undefined && draft.known.filled[field] === draft.applicant[field];

/** What is left when everything that is still as it was taken over is gone. */
const without = <T>(present: Record<string, T>, taken: Record<string, T>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(present).filter(
      ([name, value]) => !(name in taken) || JSON.stringify(value) !== JSON.stringify(taken[name]),
    ),
  );

/**
 * Another number is somebody else: nothing of the one before stays, nothing of theirs is used again, and what was looked at
 * is looked at anew.
 */
export function withApplicant(draft: Draft, change: Partial<ApplicantInput>): Draft {
  const applicant = { ...draft.applicant, ...change };
  const gone = [draft.known, draft.card].filter((one) => one && one.number !== numberOf(applicant));
  if (!gone.length) return { ...draft, applicant };
  for (const filled of gone.map((one) => one?.filled ?? {})) {
    for (const field of Object.keys(filled) as ApplicantField[]) {
      if (filled[field] === draft.applicant[field] && !(field in change)) applicant[field] = "";
    }
  }
  const materials = Object.entries(draft.materials).filter(([, handed]) => !handed.reused);
  return {
    ...draft,
    applicant,
    known: null,
    card: null,
    earlier: null,
    form: without(draft.form, draft.earlier?.form ?? {}),
    answers: without(draft.answers, draft.earlier?.answers ?? {}),
    materials: Object.fromEntries(materials),
    ticked: [],
    unmet: {},
  };
}

/** Fills in what is known of who applies; what somebody has typed meanwhile stays. */
export function withKnown(draft: Draft, { applicant: before, updated_at }: KnownApplicant): Draft {
  const applicant = { ...draft.applicant };
  const filled: Partial<Record<ApplicantField, string>> = {};
  for (const field of APPLICANT_FIELDS[applicant.kind]) {
    const value = before[field];
    if (field === "id_number" || !value || !isEmpty(applicant[field])) continue;
    applicant[field] = value;
    filled[field] = value;
  }
  return { ...draft, applicant, known: { number: numberOf(applicant), at: updated_at, filled } };
}

/** Where what stands in a field comes from: the day on which the hall was told it, if nobody has changed it since. */
export const knownSince = (draft: Draft, field: ApplicantField): string | null =>
  isAsFilled(draft, field) ? (draft.known?.at ?? null) : null;

/** What is known of an agent; what they may do is of one applicant, and said anew. */
const AGENT_KNOWN = ["name", "phone"] as const;

/** Another number is another agent: nothing stays that was filled in for the one before. */
export function withAgent(draft: Draft, change: Partial<AgentInput>): Draft {
  const agent = { ...draft.agent, ...change };
  if (!draft.knownAgent || bareNumber(agent.id_number) === draft.knownAgent.number)
    return { ...draft, agent };
  for (const field of AGENT_KNOWN) {
    if (agentSince(draft, field) && !(field in change)) agent[field] = "";
  }
  return { ...draft, agent, knownAgent: null };
}

/** Fills in what is known of who acts; what somebody has typed meanwhile stays. */
export function withKnownAgent(draft: Draft, before: KnownAgent): Draft {
  const agent = { ...draft.agent };
  const filled: Partial<Record<ApplicantField, string>> = {};
  for (const field of AGENT_KNOWN) {
    if (!isEmpty(agent[field])) continue;
    agent[field] = before[field];
    filled[field] = before[field];
  }
  return {
    ...draft,
    agent,
    knownAgent: { number: bareNumber(agent.id_number), at: before.updated_at, filled },
  };
}

/** The day on which the hall was told what stands in an agent's field, if nobody has changed it since. */
export function agentSince({ agent, knownAgent }: Draft, field: AgentField): string | null {
  const known = AGENT_KNOWN.find((one) => one === field);
  return known && knownAgent?.filled[known] === agent[known] ? (knownAgent?.at ?? null) : null;
}

/** The newest earlier case of the item, whose form may be gone on from. */
export const earlierCaseOf = (known: KnownApplicant, item: ItemView) =>
  known.cases.items.find(({ item_name }) => item_name === item.name);

const OPEN: readonly CaseState[] = ["taken", "supplement-asked", "accepted", "decided", "issued"];

/** The newest case of the item that has not ended: another application may be the same one. */
export const caseUnderWay = (known: KnownApplicant, item: ItemView) =>
  known.cases.items.find(({ item_name, state }) => item_name === item.name && OPEN.includes(state));

/** How much an earlier case would fill in. */
export function fillableFrom(draft: Draft, item: ItemView, earlier: CaseView): number {
  const after = withEarlier(draft, item, earlier);
  const count = ({ form, answers }: Draft) =>
    Object.values(form).filter((value) => !isEmpty(value)).length + Object.keys(answers).length;
  return count(after) - count(draft);
}

/** Fills in from an earlier case what is still empty. What a newer form does not have is left out. */
export function withEarlier(draft: Draft, item: ItemView, earlier: CaseView): Draft {
  const fields = Object.keys(item.form_schema.properties ?? {});
  const before: Json = earlier.form ?? {};
  const form: Json = {};
  for (const name of fields) {
    if (isEmpty(draft.form[name]) && !isEmpty(before[name])) form[name] = before[name];
  }
  const answers: Record<string, string> = {};
  for (const { code, text, options } of item.questions) {
    const said = earlier.answers.find(({ question }) => question === text)?.answer;
    const option = options.find(({ label }) => label === said);
    if (option && !draft.answers[code]) answers[code] = option.code;
  }
  return {
    ...draft,
    form: { ...draft.form, ...form },
    answers: { ...draft.answers, ...answers },
    earlier: {
      form: { ...draft.earlier?.form, ...form },
      answers: { ...draft.earlier?.answers, ...answers },
    },
  };
}
