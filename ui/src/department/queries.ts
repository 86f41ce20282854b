import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { listFailedDeliveries, readTask } from "../api/department-calls";
import type { TaskView } from "../api/types";

const isMoving = ({ papers, delivery_to_hall }: TaskView) =>
  papers.some(({ state }) => state === "pending") || delivery_to_hall?.state === "waiting";

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ["department", "live", "task", id],
    queryFn: () => readTask(id),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? 3_000 : 30_000),
  });

/** Messages to the hall that were given up. */
export const failedQuery = infiniteQueryOptions({
  queryKey: ["department", "live", "failed"],
  queryFn: ({ pageParam }) => listFailedDeliveries(pageParam),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: 60_000,
});

/** Puts a changed task where the screen reads it, and lets the queue be read again. */
export function useTaskChanged() {
  const queries = useQueryClient();
  return useCallback(
    (view: TaskView) => {
      queries.setQueryData(taskQuery(view.id).queryKey, view);
      void queries.invalidateQueries({ queryKey: ["department", "live"] });
    },
    [queries],
  );
}

/** After a refusal the newest state is read, because it may be the reason. */
export function useReadAgain() {
  const queries = useQueryClient();
  return useCallback(() => void queries.invalidateQueries({ queryKey: ["department", "live"] }), [queries]);
}
