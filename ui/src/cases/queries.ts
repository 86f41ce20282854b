import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { readCase, readItemOfCase } from "../api/hall-calls";
import type { CaseView, PrintState } from "../api/types";

const UNDER_WAY: PrintState[] = ["queued", "claimed", "sent", "printing"];

export const isUnderWay = (state: PrintState) => UNDER_WAY.includes(state);

/** Whether something of the case changes by itself in a moment. News tell of it; asking again is for lost news. */
const isMoving = ({ papers }: CaseView) =>
  papers.some(({ state, prints }) => state === "pending" || prints.some((print) => isUnderWay(print.state)));

/** Everything under "live" is read again when the service has news. */
export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ["hall", "live", "case", id],
    queryFn: () => readCase(id),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? 2_000 : 30_000),
  });

/**
 * The item that a case was taken by, its texts filled in from the application: with what is handed in they become others.
 * Until they are read, those of the same case before.
 */
export const itemOfCaseQuery = ({ id, version }: Pick<CaseView, "id" | "version">) =>
  queryOptions({
    queryKey: ["hall", "item", "of-case", id, version],
    queryFn: () => readItemOfCase(id),
    staleTime: Infinity,
    placeholderData: (before, query) => (query?.queryKey[3] === id ? before : undefined),
  });

/** Puts a changed case where screens read it, and lets the lists be read again. */
export function useCaseChanged() {
  const queries = useQueryClient();
  return useCallback(
    (view?: CaseView) => {
      if (view) queries.setQueryData(caseQuery(view.id).queryKey, view);
      void queries.invalidateQueries({ queryKey: ["hall", "live"] });
    },
    [queries],
  );
}
