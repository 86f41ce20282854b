/** Hands what is on the desk over to the hall (收件). */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Failure } from "../api/failure";
import { reviewItem, takeFiling } from "../api/hall-calls";
import type { ItemView, Review, Then } from "../api/types";
import { caseQuery } from "../cases/queries";
import { useCurrentSession } from "../session/useSession";
import { writeDraft } from "../shared/draft";
import { useCommand } from "../shared/useCommand";
import { filingOf, gapsOf, reviewOf, type Desk, type Draft, type Gap, type Refusal } from "./filing";
import { focusOn } from "./goals";
import { rememberTaken } from "./used";

export interface Taking {
  send: (item: ItemView, said: Review, then?: Then) => void;
  retry: () => void;
  busy: boolean;
  problem: Failure | null;
  /** What the hall did not take, of what was sent last. */
  refusal: Refusal | null;
}

export function useTaking(
  draft: Draft,
  change: (alter: (before: Draft) => Draft) => void,
  onTaken: () => void,
): Taking {
  const queries = useQueryClient();
  const { account } = useCurrentSession();
  // The draft on the disk says "taken" before anything is drawn, so that a reload shows the number again.
  const take = useCommand(takeFiling, ({ cases }, { cases: [sent] }) => {
    for (const view of cases) queries.setQueryData(caseQuery(view.id).queryKey, view);
    if (sent) rememberTaken(account.id, sent.item_code);
    onTaken();
    writeDraft(`hall.filing.${draft.filing}`, { ...draft, taken: true });
    change((before) => ({ ...before, taken: true }));
  });
  const [sent, setSent] = useState<Omit<Refusal, "errors"> | null>(null);
  const { problem, busy } = take;
  const refusal = useMemo(
    (): Refusal | null => (problem && sent ? { errors: problem.errors, ...sent } : null),
    [problem, sent],
  );
  const send = (view: ItemView, said: Review, then?: Then) => {
    setSent({ draft, review: said });
    void take.run(filingOf(draft, view, said, then)).then((filing) => {
      // The item may have been published anew: the next try goes with what holds now.
      if (!filing) void queries.invalidateQueries({ queryKey: ["hall", "item", draft.item] });
    });
  };
  return { send, retry: () => void take.retry(), busy, problem, refusal };
}

/** Sends what has no gap, and else leads to the first. */
export function useSubmit(desk: Desk, gaps: Gap[], taking: Taking, go: (to: Gap) => void) {
  const { draft, item, standing } = desk;
  const { review } = standing;
  const { problem, send } = taking;
  const answered = useRef<Failure | null>(null);
  useEffect(() => {
    if (answered.current === problem) return;
    answered.current = problem;
    const refused = gaps.find((gap) => "fault" in gap && gap.fault.refused);
    if (refused) focusOn(refused);
  }, [problem, gaps]);
  // Who submits while the last letter is still being looked at need not press twice.
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });
  const hurry = useCommand(
    (view: ItemView) => reviewItem(view.code, reviewOf(draft, view, review)),
    (said, view) => {
      const left = gapsOf({ ...desk, standing: { review: said, state: "fresh" } });
      if (latest.current === draft && !left.length) send(view, said);
    },
  );
  const submit = () => {
    if (taking.busy || hurry.busy) return;
    const [first] = gaps;
    if (item && review && !first) send(item, review);
    else if (item && first?.part === "review" && first.state === "checking") void hurry.run(item);
    else if (first) go(first);
  };
  return { submit, busy: taking.busy || hurry.busy };
}
