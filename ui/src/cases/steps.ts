/** What can be done with a case beside waiting for the department. */
import type {
  CaseView,
  DecideCase,
  ItemView,
  Outcome,
  RejectCase,
  RejectionGround,
  SessionView,
} from "../api/types";
import { may } from "../session/rights";

export type Act = "ask-supplement" | "reject" | "accept" | "decide" | "withdraw";

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
  /** Whether it is open only because nobody has looked. */
  unseen?: boolean;
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
  return acts;
}

/** Everything that a notice could name; what is open as the case stands comes chosen. */
export function missingOf(view: CaseView, item: ItemView): Missing[] {
  const found = new Map(view.points.map((point) => [point.code, point]));
  // An advice that nobody followed is told only where somebody wants it told.
  const isOpen = (code: string) => found.get(code)?.blocking === true && !found.get(code)?.met;
  const there = new Set(view.materials.map(({ code }) => code));
  return [
    ...item.materials.flatMap(({ code, name, standard, points }): Missing[] => [
      ...(there.has(code) ? [] : [{ of: "material" as const, code, under: null, text: name, open: false }]),
      ...points.flatMap((point): Missing[] =>
        there.has(code) || found.has(point.code)
          ? [
              {
                of: "point",
                code: point.code,
                under: name,
                text: point.reason || standard,
                open: isOpen(point.code),
              },
            ]
          : [],
      ),
    ]),
    ...item.points.map(({ code, reason }) => ({
      of: "point" as const,
      code,
      under: null,
      text: reason,
      open: isOpen(code),
    })),
  ];
}
