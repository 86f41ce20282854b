import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { acceptTask } from "../api/department-calls";
import type { TaskView } from "../api/types";
import { useDraft } from "../shared/draft";
import { Field } from "../shared/Field";
import { Problem } from "../shared/Problem";
import { useCommand } from "../shared/useCommand";
import { useReadAgain, useTaskChanged } from "./queries";
import { SealLine, Sure } from "./Sure";

interface Props {
  of: TaskView;
  open: boolean;
  onClose: () => void;
}

/** Accepts a task (受理), or gives the notice of what silence has accepted (视为受理), which changes no date. */
export function Accept({ of: view, open, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const [opinion, change, drop] = useDraft(`department.accept.${view.id}`, () => "");
  const accept = useCommand(
    acceptTask,
    (accepted) => {
      drop();
      changed(accepted);
    },
    useReadAgain(),
  );
  const words = view.deemed_accepted ? "confirm" : "accept";
  const run = () => {
    onClose();
    void accept.run({ id: view.id, version: view.version, opinion: opinion.trim() || undefined });
  };
  return (
    <>
      <Problem
        of={accept.problem}
        onRetry={accept.problem?.uncertain ? () => void accept.retry() : undefined}
      />
      <Sure
        of={view}
        open={open}
        title={t(`task.${words}`)}
        ok={t(`task.${words}`)}
        onOk={run}
        onClose={onClose}
      >
        <p>{t(`task.${words}Hint`)}</p>
        <Field id="accept-opinion" label={t("task.acceptOpinion")}>
          <Input.TextArea
            id="accept-opinion"
            lang="zh-CN"
            autoSize={{ minRows: 1, maxRows: 4 }}
            maxLength={1000}
            value={opinion}
            onChange={(event) => change(() => event.target.value)}
          />
        </Field>
        <SealLine of={view} />
      </Sure>
    </>
  );
}
