/** What can be done with a case at the sitting in which it is taken (当场办理). */
import type { ItemView, Review, Then } from "../api/types";
import { byNumber, type Act, type Missing, type Step, type Texts } from "../cases/steps";
import { at } from "../shared/schema";
import { askedMaterials, isThere, type Draft, type Gap, type StandingPoint } from "./filing";

/** Everything that is open, as the hall's notice will say it: required materials that are not there, and open points. */
export function missingNow(
  item: ItemView,
  review: Review | null,
  draft: Draft,
  points: StandingPoint[],
): Missing[] {
  const lacking = askedMaterials(item, review).filter(
    ({ code, required }) => required && !isThere(draft.materials[code]),
  );
  const nameOf = (code: string | null) => item.materials.find((one) => one.code === code)?.name ?? null;
  const absent = new Set(lacking.map(({ code }) => code));
  return [
    ...lacking.map(({ code, name }) => ({
      of: "material" as const,
      code,
      under: null,
      text: name,
      open: true,
    })),
    ...points
      .filter(
        ({ point, material, finding }) =>
          point.blocking && finding !== "met" && !(material !== null && absent.has(material)),
      )
      .map(({ point, material, finding, words }) => ({
        of: "point" as const,
        code: point.code,
        under: nameOf(material),
        text: words?.trim() || point.reason,
        open: true,
        ...(finding === "open" && !point.by_machine ? { unseen: point.text } : {}),
      })),
  ];
}

const UNREAD = ["uploading", "wrong-date"];

/**
 * What is in the way of every step. A form is filled in whatever is done; what is missing keeps a case only from being
 * accepted, but not while a file is on its way, or a date cannot be read: no notice says that.
 */
export const inTheWay = (gaps: Gap[]): Gap[] =>
  gaps.filter((gap) => (gap.part === "material" ? UNREAD.includes(gap.fault.code) : gap.part !== "point"));

export function actsOf(item: ItemView, gaps: Gap[], missing: Missing[]): Act[] {
  if (inTheWay(gaps).length) return [];
  const delegated = (act: "accept" | "decide") => item.delegated.includes(act);
  const whole = gaps.length === 0;
  return byNumber([
    ...(missing.length ? ["ask-supplement" as const] : []),
    ...(delegated("accept") && whole ? ["accept" as const] : []),
    ...(delegated("accept") && delegated("decide") && item.immediate && whole ? ["decide" as const] : []),
    ...(delegated("accept") ? ["reject" as const] : []),
  ]);
}

/** From what a decision's text starts (决定文书正文): the item's, with `{/pointer}` replaced by what the draft says there. */
export function textsOf(
  { name, decision_texts, questions }: ItemView,
  { applicant, acting, agent, answers, form }: Draft,
): Texts {
  const labelled = questions.flatMap(({ code, options }) => {
    const chosen = options.find((option) => option.code === answers[code]);
    return chosen ? [[code, chosen.label]] : [];
  });
  const application = {
    applicant,
    agent: acting ? agent : null,
    answers: Object.fromEntries(labelled) as Record<string, string>,
    form,
  };
  const wordsAt = (pointer: string) => (pointer === "/item/name" ? name : words(at(application, pointer)));
  const filled = (text: string) =>
    text.replaceAll(/\{(\/[^{}]*)\}/g, (_, pointer: string) => wordsAt(pointer));
  return { granted: filled(decision_texts.grant), denied: filled(decision_texts.refuse) };
}

function words(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(words).join("、");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A step as it goes with the filing. */
export function thenOf(step: Step): Then | undefined {
  switch (step.act) {
    case "ask-supplement":
      return { act: "ask-supplement" };
    case "reject":
    case "accept":
    case "decide":
      return step;
    case "withdraw":
      return undefined;
  }
}
