import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listToLookAt } from "../api/hall-calls";
import type { SessionView } from "../api/types";
import { may } from "../session/rights";
import { useCurrentSession } from "../session/useSession";
import { More } from "../shared/Page";

/**
 * Why somebody must look at a case: its department asks, its applicant was told again what is missing, or it is the window
 * that accepts it, and no department has it yet.
 */
export type Attention = "asked" | "told-again" | "with-window";

/** What somebody must look at, by what they may do about it. */
const concernsOf = (session: SessionView): Attention[] => [
  ...(may(session, "second-notice") ? ["told-again" as const] : []),
  ...(may(session, "act") ? ["with-window" as const] : []),
  ...(may(session, "enquire") ? ["asked" as const] : []),
];

const useToLookAt = (attention: Attention, enabled = true) =>
  useInfiniteQuery({
    queryKey: ["hall", "live", "attention", attention],
    queryFn: ({ pageParam }) => listToLookAt(attention, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });

/** How many cases wait for whoever sits here; none where nothing does. */
export function AttentionCount({ of: session }: { of: SessionView }) {
  const { t } = useTranslation();
  const concerns = concernsOf(session);
  const asked = useToLookAt("asked", concerns.includes("asked"));
  const again = useToLookAt("told-again", concerns.includes("told-again"));
  const here = useToLookAt("with-window", concerns.includes("with-window"));
  const lists = [asked, again, here];
  const ids = lists.flatMap(
    ({ data }) => data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? [],
  );
  const count = new Set(ids).size;
  if (!count) return null;
  const more = lists.some(({ hasNextPage }) => hasNextPage) ? "+" : "";
  return (
    <span className="menu-count" title={t("attention.count", { count })} data-testid="attention-count">
      {count}
      {more}
    </span>
  );
}

/** The cases that somebody must look at, above all others. */
export function ToLookAt() {
  const concerns = concernsOf(useCurrentSession());
  return concerns.map((attention) => <Concern key={attention} of={attention} />);
}

function Concern({ of: attention }: { of: Attention }) {
  const { t } = useTranslation();
  const query = useToLookAt(attention);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (!rows.length) return null;
  return (
    <Alert
      className="undelivered"
      type={attention === "told-again" ? "error" : "info"}
      showIcon
      role="region"
      aria-label={t(`attention.${attention}.title`)}
      title={t(`attention.${attention}.words`, { count: `${rows.length}${query.hasNextPage ? "+" : ""}` })}
      description={
        <>
          <ul className="plain-list">
            {rows.map((row) => (
              <li key={row.id} data-testid={`${attention}-${row.number}`}>
                <Link to={`/cases/${row.id}`} className="number">
                  {row.number_spoken}
                </Link>{" "}
                <span lang="zh-CN">
                  {row.item_name} · {row.applicant_masked} · {row.department_name}
                </span>
              </li>
            ))}
          </ul>
          <More query={query} />
        </>
      }
    />
  );
}
