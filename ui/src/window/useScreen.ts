import { queryOptions, useQuery } from "@tanstack/react-query";
import { readScreen } from "../api/hall-calls";

/** What the applicant sees at this window. News tell of it; asking again is for lost news. */
export const screenQuery = queryOptions({
  queryKey: ["hall", "live", "screen"],
  queryFn: readScreen,
  refetchInterval: 15_000,
});

export const useScreen = () => useQuery(screenQuery);
