import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerHall, askHall } from "../api/department-calls";
import type { TaskEnquiry, TaskView } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { useDraft } from "../shared/draft";
import { Empty } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useReadAgain, useTaskChanged } from "./queries";

/** Questions between window and department (前后台咨询), kept with the case. */
export function Enquiries({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const { roles } = useCurrentSession().account;
  const may = roles.includes("approver") || roles.includes("delegate");
  return (
    <>
      {!view.enquiries.length && <Empty title={t("taskEnquiry.none")} />}
      <ul className="plain-list enquiries">
        {view.enquiries.map((enquiry) => (
          <Asked key={enquiry.id} of={enquiry} task={view.id} may={may} />
        ))}
      </ul>
      {may ? <Ask task={view.id} /> : <p className="quiet">{t("taskEnquiry.mayNot")}</p>}
    </>
  );
}

function Asked({ of: enquiry, task, may }: { of: TaskEnquiry; task: string; may: boolean }) {
  const { t } = useTranslation();
  const ours = enquiry.by === "department";
  return (
    <li data-testid={`enquiry-${enquiry.id}`}>
      <p>
        <strong>{t(ours ? "taskEnquiry.weAsk" : "taskEnquiry.theyAsk")}</strong>{" "}
        <span className="quiet">
          <span lang="zh-CN">{enquiry.asked_by}</span> {moment(enquiry.asked_at)}
        </span>
      </p>
      <p className="enquiry-words" lang="zh-CN">
        {enquiry.text ?? t("erased")}
      </p>
      {enquiry.answered_at ? (
        <div className="enquiry-answer">
          <p>
            <strong>{t("taskEnquiry.answer")}</strong>{" "}
            <span className="quiet">
              <span lang="zh-CN">{enquiry.answered_by}</span> {moment(enquiry.answered_at)}
            </span>
          </p>
          <p className="enquiry-words" lang="zh-CN">
            {enquiry.answer ?? t("erased")}
          </p>
        </div>
      ) : ours ? (
        <p className="warn">{t("taskEnquiry.waiting")}</p>
      ) : (
        may && <Answer of={enquiry} task={task} />
      )}
    </li>
  );
}

function Answer({ of: enquiry, task }: { of: TaskEnquiry; task: string }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const [text, change, drop] = useDraft(`department.answer.${enquiry.id}`, () => "");
  const answer = useCommand(
    answerHall,
    (view) => {
      drop();
      changed(view);
    },
    useReadAgain(),
  );
  return (
    <Words
      label={t("taskEnquiry.answerHere")}
      submit={t("taskEnquiry.sendAnswer")}
      testId={`answer-${enquiry.id}`}
      text={text}
      onText={(typed) => change(() => typed)}
      command={answer}
      onSubmit={() => void answer.run({ id: task, enquiry: enquiry.id, text: text.trim() })}
    />
  );
}

function Ask({ task }: { task: string }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const [text, change, drop] = useDraft(`department.enquiry.${task}`, () => "");
  const ask = useCommand(
    askHall,
    (view) => {
      change(() => "");
      drop();
      changed(view);
    },
    useReadAgain(),
  );
  return (
    <Words
      label={t("taskEnquiry.ask")}
      submit={t("taskEnquiry.sendAsk")}
      testId="enquiry-text"
      text={text}
      onText={(typed) => change(() => typed)}
      command={ask}
      onSubmit={() => void ask.run({ id: task, text: text.trim() })}
    />
  );
}

interface WordsProps {
  label: string;
  submit: string;
  testId: string;
  text: string;
  onText: (text: string) => void;
  command: Pick<ReturnType<typeof useCommand>, "busy" | "problem" | "retry">;
  onSubmit: () => void;
}

function Words({ label, submit, testId, text, onText, command, onSubmit }: WordsProps) {
  return (
    <div className="enquiry-form">
      <Input.TextArea
        lang="zh-CN"
        aria-label={label}
        placeholder={label}
        data-testid={testId}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={1000}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !event.ctrlKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.stopPropagation();
          if (text.trim() && !command.busy) onSubmit();
        }}
      />
      <Button
        loading={command.busy}
        disabled={!text.trim()}
        onClick={onSubmit}
        data-testid={`${testId}-send`}
      >
        {submit} <kbd>Ctrl+Enter</kbd>
      </Button>
      <Problem
        of={command.problem}
        nameOf={() => label}
        onRetry={command.problem?.uncertain ? () => void command.retry() : undefined}
      />
    </div>
  );
}
