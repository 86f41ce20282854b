/** What can be done with a case beside waiting for the department. */
import type {
  CaseView,
  DecideCase,
  ItemMaterial,
  ItemView,
  Outcome,
  RejectCase,
  RejectionGround,
  ReviewPoint,
  SessionView,
} from "../api/types";
import { may } from "../session/rights";

/** In the order in which they are offered; each keeps its number whatever else is possible. */
const ACTS = ["ask-supplement", "accept", "decide", "reject", "withdraw"] as const;

export type Act = (typeof ACTS)[number];

export const numberOf = (act: Act): number => ACTS.indexOf(act) + 1;

export const byNumber = (acts: Act[]): Act[] => [...acts].sort((a, b) => numberOf(a) - numberOf(b));

/** On what grounds an application is not accepted, in the order of the desks. */
export const GROUNDS: RejectionGround[] = ["not-needed", "not-competent", "other"];

/** A step as somebody has filled it in. */
export type Step =
  | {
      act: "ask-supplement";
      points: string[];
      materials: string[];
      words: Record<string, string>;
      allowed: string | null;
    }
  | ({ act: "reject" } & RejectCase)
  | { act: "accept" }
  | ({ act: "decide" } & DecideCase)
  | { act: "withdraw"; text: string };

/** From what the text of a decision starts. */
export type Texts = Record<Outcome, string>;

/** Something that an applicant can be told is missing, and what the notice would say. */
export interface Missing {
  of: "point" | "material";
  code: string;
  /** Under which it stands, by its name. */
  under: string | null;
  text: string;
  /** Whether it is open as the case stands. */
  open: boolean;
  /** What is to be looked at, where it is open only because nobody has. */
  unseen?: string;
}

/** Whether a case that was taken still lies with the window: its department has not been sent it (移交). */
export const isAtWindow = ({ state, delivery_to_department }: CaseView): boolean =>
  state === "taken" && delivery_to_department === null;

/** The steps that the state of a case, its item and who looks at it allow. */
export function stepsOf(view: CaseView, item: ItemView | undefined, session: SessionView): Act[] {
  const { state, notices } = view;
  const acts: Act[] = [];
  const delegated = (act: "accept" | "decide") =>
    may(session, "act") && item !== undefined && item.delegated.includes(act);
  if (isAtWindow(view)) {
    if (may(session, notices.length ? "second-notice" : "take")) acts.push("ask-supplement");
    if (delegated("accept")) acts.push("accept", "reject");
    if (delegated("accept") && delegated("decide")) acts.push("decide");
  }
  if (["taken", "supplement-asked", "accepted"].includes(state) && may(session, "take")) {
    acts.push("withdraw");
  }
  return byNumber(acts);
}

/** Everything that a notice could name; what is open as the case stands comes chosen. */
export function missingOf(view: CaseView, item: ItemView): Missing[] {
  const found = new Map(view.points.map((point) => [point.code, point]));
  // An advice that nobody followed is told only where somebody wants it told.
  const isOpen = (code: string) => found.get(code)?.blocking === true && !found.get(code)?.met;
  // What is not looked at in this situation is not told, nor what the machine has found met.
  const canLack = ({ code }: ReviewPoint) => {
    const point = found.get(code);
    return point !== undefined && !(point.by_machine && point.met);
  };
  const there = new Set(view.materials.map(({ code }) => code));
  // A case is taken with everything that must be handed in: what is not there is not asked for in this situation.
  const isNotAsked = ({ code, required }: ItemMaterial) => required && !there.has(code);
  return [
    ...item.materials.flatMap((material): Missing[] => {
      const { code, name, standard, points } = material;
      if (isNotAsked(material)) return [];
      return [
        ...(there.has(code) ? [] : [{ of: "material" as const, code, under: null, text: name, open: false }]),
        ...points.filter(canLack).map((point) => ({
          of: "point" as const,
          code: point.code,
          under: name,
          text: point.reason || standard,
          open: isOpen(point.code),
        })),
      ];
    }),
    ...item.points.filter(canLack).map(({ code, reason }) => ({
      of: "point" as const,
      code,
      under: null,
      text: reason,
      open: isOpen(code),
    })),
  ];
}
