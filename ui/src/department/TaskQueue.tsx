import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Input, Radio, type InputRef } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, useNavigate } from "react-router";
import { listTasks } from "../api/department-calls";
import type { TaskRow } from "../api/types";
import { LightMark, StateMark } from "../cases/marks";
import { Empty, Loaded, More } from "../shared/Page";
import { useShortcut } from "../shared/shortcuts";
import { day } from "../shared/text";
import { useDelayed } from "../shared/useDelayed";

type Which = "open" | "done";

export function TaskQueue({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation();
  const [state, setState] = useState<Which>("open");
  const [q, setQ] = useState("");
  const search = useRef<InputRef>(null);
  const navigate = useNavigate();
  useShortcut("find", () => search.current?.focus({ cursor: "all" }));
  const still = useDelayed(q);
  const tasks = useInfiniteQuery({
    queryKey: ["department", "live", "tasks", state, still],
    queryFn: ({ pageParam }) => listTasks({ state, q: still || undefined, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
  const rows = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  const following = rows[rows.findIndex(({ id }) => id === chosen) + 1] ?? rows[0];
  useShortcut("next", () => following && void navigate(`/department/${following.id}`));
  return (
    <section className="queue" aria-label={t("task.queue")}>
      <div className="queue-tools">
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          aria-label={t("task.which")}
          value={state}
          onChange={(event) => setState(event.target.value as Which)}
          options={[
            { value: "open", label: t("task.open") },
            { value: "done", label: t("task.done") },
          ]}
        />
        <Input
          ref={search}
          allowClear
          suffix={<kbd>F2</kbd>}
          aria-label={t("task.search")}
          placeholder={t("task.search")}
          data-testid="task-search"
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      <Loaded query={tasks}>
        {() => {
          if (!rows.length) return <Empty title={t(q ? "task.noneFound" : `task.none.${state}`)} />;
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
    </section>
  );
}

function QueueRow({ of: row, chosen }: { of: TaskRow; chosen: boolean }) {
  const { t } = useTranslation();
  return (
    <NavLink
      to={`/department/${row.id}`}
      className="queue-row"
      aria-current={chosen ? "true" : undefined}
      data-testid={`task-row-${row.number}`}
    >
      <span className="queue-line">
        <b className="number">{row.number_spoken}</b>
        <LightMark light={row.light} />
      </span>
      <span className="queue-line" lang="zh-CN">
        {row.item_name}
      </span>
      <span className="queue-line">
        <span lang="zh-CN">{row.applicant_masked}</span>
        <StateMark state={row.state} deemed={row.deemed_accepted} outcome={row.outcome} />
        <span className="quiet">{row.due ? t("task.due", { due: day(row.due) }) : ""}</span>
      </span>
    </NavLink>
  );
}
