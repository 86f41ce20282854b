import { useQueryClient, type Query } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Service } from "../api/types";
import { subscribe, type News } from "../backend";

/** News within this time are answered together, so that a busy hall does not make a busy desk. */
const TOGETHER = 300;

/** Reads again what the service says has changed: the lists, and of single things only those that were named. */
export function useNews(service: Service, listening: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!listening) return undefined;
    const named = new Set<unknown>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      timer = undefined;
      const changed = new Set(named);
      named.clear();
      void queries.invalidateQueries({ predicate: (query) => concerns(query, service, changed) });
    };
    const stop = subscribe(service, (news) => {
      if (news.event === "catalogue" || news.event === "missed") {
        void queries.invalidateQueries({ predicate: (query) => isCatalogue(query, service) });
      }
      if (news.event === "catalogue") return;
      // What is typed is shown at once, and nothing else has changed by it.
      if (news.event === "screen") {
        void queries.invalidateQueries({ queryKey: [service, "live", "screen"] });
        return;
      }
      named.add(idIn(news));
      timer ??= setTimeout(readAgain, TOGETHER);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queries, service, listening]);
}

/** The case or task the news is about; null stands for any. */
const idIn = (news: News): unknown =>
  news.event !== "missed" && "data" in news ? (news.data.case_id ?? news.data.task_id ?? null) : null;

/** What is about one thing has the thing's id after its name: `[service, "live", "case", id]`. */
const SINGLE = ["case", "timeline", "clock", "task"];

/** What can be applied for: it changes seldom, and is not read again for news of cases. */
const isCatalogue = ({ queryKey: [of, what] }: Query, service: Service) =>
  of === service && (what === "items" || what === "item");

function concerns({ queryKey }: Query, service: Service, changed: ReadonlySet<unknown>): boolean {
  const [of, live, what, id] = queryKey;
  if (of !== service || live !== "live") return false;
  return !SINGLE.includes(what as string) || changed.has(null) || changed.has(id);
}
