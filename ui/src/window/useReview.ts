import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reviewItem } from "../api/hall-calls";
import type { ItemView, Review, ReviewApplication } from "../api/types";
import { useDelayed } from "../shared/useDelayed";
import { reviewOf, type Draft, type Standing } from "./filing";

/** Short enough to be at once, long enough that a fast hand is not a question for every letter. */
const STILL = 150;

/** How the hall finds the draft while it is filled in (审查). */
export function useReview(draft: Draft, item: ItemView | undefined): Standing & { again: () => void } {
  const [known, setKnown] = useState<{ code: string; review: Review } | null>(null);
  const review = known !== null && known.code === item?.code ? known.review : null;
  const asked = item ? JSON.stringify([item.code, item.version, reviewOf(draft, item, review)]) : "";
  const still = useDelayed(asked, STILL);
  const query = useQuery({
    queryKey: ["hall", "review", still],
    queryFn: () => {
      const [code, , body] = JSON.parse(still) as [string, number, ReviewApplication];
      return reviewItem(code, body);
    },
    enabled: still !== "" && still === asked,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  // What is asked now decides which answers and materials speak the next time: the newest review is kept for that.
  if (item && still === asked && query.data && query.data !== review) {
    setKnown({ code: item.code, review: query.data });
  }
  const fresh = still === asked && query.isSuccess && query.data === review;
  const failed = still === asked && query.isError;
  return {
    review,
    state: fresh ? "fresh" : failed ? "failed" : "checking",
    again: () => void query.refetch(),
  };
}
