import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Failure } from "../api/failure";
import { findAgent, findApplicant } from "../api/hall-calls";
import type {
  ApplicantKind,
  CaseView,
  FieldProblem,
  ItemView,
  KnownAgent,
  KnownApplicant,
} from "../api/types";
import { caseQuery } from "../cases/queries";
import { bareNumber } from "../shared/identity";
import { agentFault, applicantFault, type Draft } from "./filing";
import { earlierCaseOf, numberOf, withKnown, withKnownAgent } from "./known";

/**
 * Who was here a moment ago may have a certificate since, and another phone: each sitting asks anew, and what was answered
 * before is not there to be filled in first.
 */
const EACH_TIME = { staleTime: 0, gcTime: 0 };

interface Answer {
  known: KnownApplicant | null;
  /** What a person should look at; no reason to refuse. */
  warnings: FieldProblem[];
}

async function lookUp(kind: ApplicantKind, number: string): Promise<Answer> {
  try {
    const known = await findApplicant(kind, number);
    return { known, warnings: known.warnings };
  } catch (thrown) {
    const failure = Failure.of(thrown);
    if (failure.code !== "applicant-not-found") throw failure;
    return { known: null, warnings: failure.errors };
  }
}

export interface Known extends Answer {
  state: "none" | "looking" | "known" | "new" | "failed";
  /** Their newest case of the same item. */
  earlier: CaseView | null;
}

/** Looks up who applies as soon as the number is one, and fills in what the hall knows. */
export function useKnown(
  draft: Draft,
  item: ItemView | undefined,
  today: string,
  change: (alter: (before: Draft) => Draft) => void,
): Known {
  const { kind, id_number } = draft.applicant;
  const whole = applicantFault(draft.applicant, "id_number", today) === null;
  const number = bareNumber(id_number);
  const query = useQuery({
    queryKey: ["hall", "applicant", kind, number],
    queryFn: () => lookUp(kind, number),
    enabled: whole,
    ...EACH_TIME,
    retry: false,
  });
  const known = (whole && query.data?.known) || null;
  useEffect(() => {
    if (!known) return;
    change((before) => {
      const same = numberOf(before.applicant) === `${kind} ${number}`;
      return same && before.known?.number !== numberOf(before.applicant) ? withKnown(before, known) : before;
    });
  }, [known, kind, number, change]);
  const row = known && item && earlierCaseOf(known, item);
  const { data: earlier = null } = useQuery({ ...caseQuery(row?.id ?? ""), enabled: Boolean(row) });
  const state = !whole
    ? "none"
    : query.isError
      ? "failed"
      : query.data === undefined || (query.isFetching && !known)
        ? "looking"
        : known
          ? "known"
          : "new";
  return { known, warnings: (whole && query.data?.warnings) || [], state, earlier: row ? earlier : null };
}

async function lookUpAgent(number: string): Promise<KnownAgent | null> {
  try {
    return await findAgent(number);
  } catch (thrown) {
    const failure = Failure.of(thrown);
    if (failure.code !== "applicant-not-found") throw failure;
    return null;
  }
}

/**
 * Looks up who acts as soon as the number is one, and fills in name and phone; whether it is looking. A failed look-up is
 * typed past.
 */
export function useKnownAgent(
  draft: Draft,
  today: string,
  change: (alter: (before: Draft) => Draft) => void,
): boolean {
  const whole = draft.acting && agentFault(draft.agent, "id_number", today) === null;
  const number = bareNumber(draft.agent.id_number);
  const { data: known, isFetching } = useQuery({
    queryKey: ["hall", "agent", number],
    queryFn: () => lookUpAgent(number),
    enabled: whole,
    ...EACH_TIME,
    retry: false,
  });
  useEffect(() => {
    if (!whole || !known) return;
    change((before) => {
      const same = bareNumber(before.agent.id_number) === number;
      return same && before.knownAgent?.number !== number ? withKnownAgent(before, known) : before;
    });
  }, [known, whole, number, change]);
  return whole && isFetching && !known;
}
