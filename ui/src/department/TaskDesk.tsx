import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { listTasks } from "../api/department-calls";
import type { TaskRow } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { letGoOfAll } from "../shared/focus";
import { Empty, Loaded, PageHeading } from "../shared/Page";
import { useShortcut } from "../shared/shortcuts";
import { useDelayed } from "../shared/useDelayed";
import { failedQuery, taskQuery } from "./queries";
import { Task } from "./Task";
import { TaskQueue, type Which } from "./TaskQueue";

/** The task to be opened after one: the next of the list that one can work on, or else the first. */
export function following(rows: TaskRow[], chosen: string | undefined, me: string): TaskRow | undefined {
  const at = rows.findIndex(({ id }) => id === chosen);
  const others = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))];
  const workable = ({ state, claimed_by }: TaskRow) =>
    state !== "supplement-asked" && (claimed_by === null || claimed_by.id === me);
  return others.find(workable) ?? others[0];
}

/** The approver's desk: what is due first on the left, the task in hand on the right. */
export function TaskDesk({ taskId }: { taskId: string | undefined }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const navigate = useNavigate();
  const [which, setWhich] = useState<Which>("open");
  const [q, setQ] = useState("");
  const still = useDelayed(q);
  const failed = useInfiniteQuery(failedQuery);
  const tasks = useInfiniteQuery({
    queryKey: ["department", "live", "tasks", which, still],
    queryFn: ({ pageParam }) =>
      listTasks({ state: which === "failed" ? "open" : which, q: still || undefined, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    enabled: which !== "failed",
  });
  const rows = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  const next = following(rows, taskId, account.id);
  const goOn = () => {
    // The task that is opened takes the keyboard.
    letGoOfAll();
    void navigate(`/department/${next?.id}`);
  };
  const onNext = next && next.id !== taskId ? goOn : undefined;
  useShortcut("next", () => onNext?.());
  return (
    <div className="queue-columns task-desk">
      <PageHeading title={t("desk.department")} hidden />
      <TaskQueue
        chosen={taskId}
        which={which}
        onWhich={setWhich}
        q={q}
        onSearch={setQ}
        tasks={tasks}
        failed={failed}
      />
      <div className="queue-detail">
        {taskId ? (
          <Chosen key={taskId} id={taskId} onNext={onNext} />
        ) : (
          <Empty title={t("task.choose")}>{t("task.chooseHint")}</Empty>
        )}
      </div>
    </div>
  );
}

function Chosen({ id, onNext }: { id: string; onNext?: () => void }) {
  return <Loaded query={useQuery(taskQuery(id))}>{(view) => <Task of={view} onNext={onNext} />}</Loaded>;
}
