import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listFailedDeliveries } from "../api/hall-calls";
import { More } from "../shared/Page";
import { useNamed } from "../shared/words";

/** Messages to departments that are not sent any more (死信): which case, what was to be said, and why it did not arrive. */
export function Undelivered() {
  const { t } = useTranslation();
  const named = useNamed();
  const failed = useInfiniteQuery({
    queryKey: ["hall", "live", "failed"],
    queryFn: ({ pageParam }) => listFailedDeliveries(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 60_000,
  });
  const messages = failed.data?.pages.flatMap((page) => page.items) ?? [];
  if (!messages.length) return null;
  return (
    <Alert
      className="undelivered"
      type="warning"
      showIcon
      role="region"
      aria-label={t("delivery.list")}
      title={t("delivery.listWords", { count: `${messages.length}${failed.hasNextPage ? "+" : ""}` })}
      description={
        <>
          <ul className="plain-list">
            {messages.map(({ case: row, delivery }) => (
              <li key={delivery.id} data-testid={`undelivered-${row.number}`}>
                <Link to={`/cases/${row.id}`} className="number">
                  {row.number_spoken}
                </Link>{" "}
                <span lang="zh-CN">
                  {row.item_name} · {row.department_name}
                </span>{" "}
                <span className="bad">
                  {named(`message.${delivery.kind.split(".").at(-1)}`, delivery.kind)}：
                  {named(`deliveryError.${delivery.last_error_code}`, t("delivery.otherError"))}
                </span>
              </li>
            ))}
          </ul>
          <More query={failed} />
        </>
      }
    />
  );
}
