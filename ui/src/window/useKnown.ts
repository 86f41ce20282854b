import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Failure } from "../api/failure";
import { findApplicant } from "../api/hall-calls";
import type { ApplicantKind, CaseView, FieldProblem, ItemView, KnownApplicant } from "../api/types";
import { caseQuery } from "../cases/queries";
import { bareNumber } from "../shared/identity";
import { applicantFault, type Draft } from "./filing";
import { earlierCaseOf, numberOf, withKnown } from "./known";

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
    // Who was here a moment ago may have a certificate since: each sitting asks anew.
    staleTime: 0,
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
