import { useQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { Input, Radio, type InputRef } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { countTasks, type listFailedDeliveries, type listTasks } from "../api/department-calls";
import type { TaskCounts, TaskFilter, TaskRow } from "../api/types";
import { LightMark, StateMark } from "../cases/marks";
import { useCurrentSession } from "../session/useSession";
import { useLanding } from "../shared/focus";
import { Empty, Loaded, More } from "../shared/Page";
import { useShortcut } from "../shared/shortcuts";
import { day } from "../shared/text";
import { walkRows } from "../shared/walk";
import { useNamed } from "../shared/words";

/** Which list is shown: one of the department's, or what did not reach the hall. */
export type Which = TaskFilter | "failed";

type Pages<T extends (...given: never[]) => Promise<unknown>> = UseInfiniteQueryResult<
  InfiniteData<Awaited<ReturnType<T>>>
>;

const LISTS: TaskFilter[] = ["open", "mine", "unclaimed", "waiting", "done"];

interface Props {
  chosen: string | undefined;
  which: Which;
  onWhich: (which: Which) => void;
  q: string;
  onSearch: (q: string) => void;
  tasks: Pages<typeof listTasks>;
  failed: Pages<typeof listFailedDeliveries>;
}

/** How many are in a list; what is not counted to its end says so. */
const counted = (counts: TaskCounts | undefined, which: TaskFilter) =>
  counts && (counts[which] >= counts.most ? `${counts.most}+` : String(counts[which]));

export function TaskQueue({ chosen, which, onWhich, q, onSearch, tasks, failed }: Props) {
  const { t } = useTranslation();
  const search = useRef<InputRef>(null);
  const list = useRef<HTMLElement>(null);
  useShortcut("find", () => search.current?.focus({ cursor: "all" }));
  const counts = useQuery({
    queryKey: ["department", "live", "counts"],
    queryFn: countTasks,
    refetchInterval: 60_000,
  });
  // Who comes to the desk begins with what is due first; a task that is open has its own place.
  useLanding(
    () => (list.current?.querySelector<HTMLElement>(".queue-row") ?? search.current)?.focus(),
    chosen === undefined && !tasks.isPending,
  );
  const undelivered = failed.data?.pages.flatMap((page) => page.items) ?? [];
  const some = undelivered.length > 0 || which === "failed";
  return (
    <section ref={list} className="queue" aria-label={t("task.queue")} onKeyDown={walkRows}>
      <Radio.Group
        className="queue-tabs"
        optionType="button"
        buttonStyle="solid"
        aria-label={t("task.which")}
        value={which}
        onChange={(event) => onWhich(event.target.value as Which)}
      >
        {LISTS.map((list) => (
          <Radio.Button key={list} value={list} data-testid={`tasks-${list}`}>
            {t(`task.lists.${list}`)} <b className="number">{counted(counts.data, list)}</b>
          </Radio.Button>
        ))}
        {some && (
          <Radio.Button value="failed" className="tab-failed" data-testid="tasks-failed">
            {t("task.lists.failed")}{" "}
            <b className="number">
              {undelivered.length}
              {failed.hasNextPage && "+"}
            </b>
          </Radio.Button>
        )}
      </Radio.Group>
      <div className="queue-tools">
        <Input
          ref={search}
          allowClear
          suffix={<kbd>F2</kbd>}
          aria-label={t("task.search")}
          placeholder={t("task.search")}
          data-testid="task-search"
          data-walk="search"
          disabled={which === "failed"}
          value={q}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
      {which === "failed" ? (
        <Undelivered failed={failed} chosen={chosen} />
      ) : (
        <Loaded query={tasks}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.items);
            if (!rows.length) return <Empty title={t(q ? "task.noneFound" : `task.none.${which}`)} />;
            return (
              <>
                <ul className="plain-list">
                  {rows.map((row) => (
                    <li key={row.id}>
                      <QueueRow of={row} chosen={row.id === chosen} />
                    </li>
                  ))}
                </ul>
                <More query={tasks} />
              </>
            );
          }}
        </Loaded>
      )}
    </section>
  );
}

/** Messages to the hall that are not sent any more (死信): what they were to say, and why they did not arrive. */
function Undelivered({ failed, chosen }: Pick<Props, "failed" | "chosen">) {
  const { t } = useTranslation();
  const named = useNamed();
  return (
    <Loaded query={failed}>
      {({ pages }) => {
        const messages = pages.flatMap((page) => page.items);
        if (!messages.length) return <Empty title={t("task.none.failed")} />;
        return (
          <>
            <p className="quiet">{t("task.failedHint")}</p>
            <ul className="plain-list">
              {messages.map(({ task, delivery }) => (
                <li key={delivery.id}>
                  <QueueRow of={task} chosen={task.id === chosen}>
                    <span className="bad">
                      {named(`message.${delivery.kind.split(".").at(-1)}`, delivery.kind)}：
                      {named(`deliveryError.${delivery.last_error_code}`, t("delivery.otherError"))}
                    </span>
                  </QueueRow>
                </li>
              ))}
            </ul>
            <More query={failed} />
          </>
        );
      }}
    </Loaded>
  );
}

function QueueRow({
  of: row,
  chosen,
  children,
}: {
  of: TaskRow;
  chosen: boolean;
  children?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const me = useCurrentSession().account.id;
  return (
    <NavLink
      to={`/department/${row.id}`}
      className="queue-row"
      aria-current={chosen ? "true" : undefined}
      data-testid={`task-row-${row.number}`}
    >
      <span className="queue-line">
        <b className="number">{row.number_spoken}</b>
        <LightMark light={row.light} due={row.due} />
      </span>
      <span className="queue-line" lang="zh-CN">
        {row.item_name}
      </span>
      <span className="queue-line">
        <span lang="zh-CN">{row.applicant_masked}</span>
        <StateMark state={row.state} deemed={row.deemed_accepted} outcome={row.outcome} />
        <span className="quiet">{row.due ? t("task.due", { due: day(row.due) }) : ""}</span>
      </span>
      {(row.claimed_by || row.notices_given > 0 || row.open_enquiries > 0 || children) && (
        <span className="queue-line queue-more">
          {row.claimed_by && (
            <span className="quiet">
              {row.claimed_by.id === me
                ? t("claim.mine")
                : t("claim.other", { name: row.claimed_by.name ?? t("claim.somebody") })}
            </span>
          )}
          {row.notices_given > 0 && (
            <span className="quiet">{t("task.notices", { count: row.notices_given })}</span>
          )}
          {row.open_enquiries > 0 && (
            <span className="warn">{t("task.openEnquiries", { count: row.open_enquiries })}</span>
          )}
          {children}
        </span>
      )}
    </NavLink>
  );
}
