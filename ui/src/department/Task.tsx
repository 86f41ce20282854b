import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { acceptTask, sendToHallAgain } from "../api/department-calls";
import type { DeliveryView, TaskView } from "../api/types";
import { address } from "../backend";
import { ApplicantRows } from "../cases/Applicant";
import { CaseNumber } from "../cases/CaseNumber";
import { Clocks } from "../cases/Clocks";
import { Delivery } from "../cases/Delivery";
import { LightMark, StateMark, UnverifiedNotes } from "../cases/marks";
import { Materials } from "../cases/Materials";
import { AgentRows, Answers, CheckedPoints } from "../cases/Review";
import { Timeline } from "../cases/Timeline";
import { useCurrentSession } from "../session/useSession";
import { Empty, Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { PreviewButton } from "../shared/Preview";
import { FormRows } from "../shared/Rows";
import { useShortcut } from "../shared/shortcuts";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useNamed } from "../shared/words";
import { Decide } from "./Decide";
import { Review } from "./Review";
import { useReadAgain, useTaskChanged } from "./queries";

/** One task: what was handed in, and what the department says to it. */
export function Task({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const { roles } = useCurrentSession().account;
  const inOne = view.review_and_decision_in_one;
  return (
    <>
      <div className="case-head">
        <CaseNumber number={view.number} spoken={view.number_spoken} testId="task-number" />
        <strong lang="zh-CN">{view.item_name}</strong>
        <StateMark
          state={view.state}
          deemed={view.deemed_accepted}
          outcome={view.outcome}
          testId="task-state"
        />
        <LightMark light={view.light} />
        {view.due && (
          <span>
            {t("case.due")} <b className="number">{moment(view.due)}</b>
          </span>
        )}
        <span className="quiet" lang="zh-CN">
          {t("task.from", { hall: view.hall_name, at: moment(view.assigned_at) })}
        </span>
      </div>
      {view.deemed_accepted && <p className="action-bar">{t("acceptance.taskWords")}</p>}
      {view.deemed_accepted &&
        view.state === "accepted" &&
        !hasNotice(view) &&
        roles.includes("approver") && <Confirm of={view} />}
      {view.state === "assigned" && roles.includes("approver") && <Accept of={view} />}
      <UnverifiedNotes of={view.unverified_notes} />
      <div className="task-columns">
        <div>
          <Section title={t("applicant.title")}>
            <ApplicantRows of={view.applicant} />
          </Section>
          {view.agent && (
            <Section title={t("agent.title")}>
              <AgentRows of={view.agent} />
            </Section>
          )}
          {view.answers.length > 0 && (
            <Section title={t("window.situations")}>
              <Answers of={view.answers} />
            </Section>
          )}
          <Section title={t("case.form")}>
            <FormRows schema={view.form_schema} form={view.form} />
          </Section>
          <Section title={t("materials.title")}>
            <Materials
              of={view.materials}
              addressOf={(index) => address("department", `/tasks/${view.id}/materials/${index}`)}
            />
          </Section>
          {view.points.length > 0 && (
            <Section title={t("case.points")}>
              <CheckedPoints of={view.points} materials={view.materials} />
            </Section>
          )}
        </div>
        <div>
          {view.state === "accepted" && !inOne && roles.includes("approver") && <Review of={view} />}
          {(view.state === "reviewed" || (view.state === "accepted" && inOne)) &&
            roles.includes("delegate") && <Decide of={view} />}
          {view.opinions.length > 0 && <Opinions of={view} />}
          {view.state !== "assigned" && <TaskPapers of={view} />}
          <Section title={t("clocks.title")}>
            <Clocks clocks={view.clocks} service="department" id={view.id} />
          </Section>
          <Section title={t("timeline.title")}>
            <Timeline service="department" id={view.id} />
          </Section>
          {view.delivery_to_hall && (
            <Section title={t("delivery.toHall")}>
              <DeliveryToHall of={view.delivery_to_hall} id={view.id} />
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

/** Accepts a task (受理): from now on its limits run. */
function Accept({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const accept = useCommand(acceptTask, changed, useReadAgain());
  const run = () => void accept.run({ id: view.id, version: view.version });
  useShortcut("submit", run);
  return (
    <div className="action-bar">
      <span className="grow">{t("task.acceptHint")}</span>
      <Button type="primary" size="large" loading={accept.busy} onClick={run} data-testid="task-accept">
        {t("task.accept")} <kbd>Ctrl+Enter</kbd>
      </Button>
      <Problem
        of={accept.problem}
        onRetry={accept.problem?.uncertain ? () => void accept.retry() : undefined}
      />
    </div>
  );
}

function hasNotice({ papers }: TaskView) {
  return papers.some(({ kind }) => kind === "acceptance-notice");
}

/** Issues the notice of what silence has accepted (视为受理). It changes no date. */
function Confirm({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const confirm = useCommand(acceptTask, useTaskChanged(), useReadAgain());
  const run = () => void confirm.run({ id: view.id, version: view.version });
  return (
    <div className="action-bar">
      <span className="grow">{t("task.confirmHint")}</span>
      <Button loading={confirm.busy} onClick={run} data-testid="task-confirm">
        {t("task.confirm")}
      </Button>
      <Problem
        of={confirm.problem}
        onRetry={confirm.problem?.uncertain ? () => void confirm.retry() : undefined}
      />
    </div>
  );
}

/** Whether the hall has been told; an approver or delegate sends again what it refused. */
function DeliveryToHall({ of: delivery, id }: { of: DeliveryView; id: string }) {
  const { roles } = useCurrentSession().account;
  const again = useCommand(sendToHallAgain, useTaskChanged(), useReadAgain());
  const may = roles.includes("approver") || roles.includes("delegate");
  return <Delivery of={delivery} id={id} again={may ? again : undefined} />;
}

function Opinions({ of: { opinions } }: { of: TaskView }) {
  const { t } = useTranslation();
  const named = useNamed();
  return (
    <Section title={t("task.opinions")}>
      <ul className="plain-list opinions">
        {opinions.map(({ step, by, at, outcome, text }) => (
          <li key={step + at}>
            <strong>{named(`step.${step}`, step)}</strong>{" "}
            {outcome && <b className={`outcome outcome-${outcome}`}>{t(`outcome.${outcome}`)}</b>}{" "}
            <span className="quiet">
              <span lang="zh-CN">{by}</span> {moment(at)}
            </span>
            {text && <p lang="zh-CN">{text}</p>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function TaskPapers({ of: { papers } }: { of: TaskView }) {
  const { t } = useTranslation();
  return (
    <Section title={t("papers.title")}>
      {papers.length === 0 && <Empty title={t("papers.none")} />}
      <ul className="plain-list papers">
        {papers.map((paper) => (
          <li key={paper.id} className="paper">
            <div className="paper-line">
              <div className="grow" lang="zh-CN">
                <strong>{paper.title}</strong>
                <span className="number">{paper.number}</span>
              </div>
              <span
                className={`print-state print-${paper.state}`}
                data-testid={`paper-state-${paper.kind}`}
                data-state={paper.state}
              >
                {t(`taskPaper.${paper.state}`)}
              </span>
              <PreviewButton
                disabled={paper.state !== "ready"}
                of={{
                  title: paper.title,
                  address: address("department", `/papers/${paper.id}`),
                  mediaType: "application/pdf",
                }}
              />
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
