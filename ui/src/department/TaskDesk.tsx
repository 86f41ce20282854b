import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Loaded, PageHeading } from "../shared/Page";
import { taskQuery } from "./queries";
import { Task } from "./Task";
import { TaskQueue } from "./TaskQueue";

/** The approver's desk: what is due first on the left, the task in hand on the right. */
export function TaskDesk({ taskId }: { taskId: string | undefined }) {
  const { t } = useTranslation();
  return (
    <div className="queue-columns">
      <PageHeading title={t("desk.department")} hidden />
      <TaskQueue chosen={taskId} />
      <div className="queue-detail">
        {taskId ? (
          <Chosen key={taskId} id={taskId} />
        ) : (
          <Empty title={t("task.choose")}>{t("task.chooseHint")}</Empty>
        )}
      </div>
    </div>
  );
}

function Chosen({ id }: { id: string }) {
  return <Loaded query={useQuery(taskQuery(id))}>{(view) => <Task of={view} />}</Loaded>;
}
