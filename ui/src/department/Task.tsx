import { Button, Radio, Tooltip } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { claimTask, releaseTask, sendToHallAgain } from "../api/department-calls";
import type { DeliveryView, TaskView } from "../api/types";
import { ApplicantRows } from "../cases/Applicant";
import { CaseNumber } from "../cases/CaseNumber";
import { Clocks } from "../cases/Clocks";
import { Delivery } from "../cases/Delivery";
import { focusEnquiry } from "../cases/Enquiries";
import { LightMark, StateMark, UnverifiedNotes } from "../cases/marks";
import { AgentRows, Answers, CheckedPoints, toldBy } from "../cases/Review";
import { Timeline } from "../cases/Timeline";
import { useCurrentSession } from "../session/useSession";
import { useLanding } from "../shared/focus";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { FormRows } from "../shared/Rows";
import { useShortcut } from "../shared/shortcuts";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useNamed } from "../shared/words";
import { Accept } from "./Accept";
import { AskSupplement } from "./AskSupplement";
import { AtWindow, Notices, RejectionRows, Standing } from "./Course";
import { Decide } from "./Decide";
import { Enquiries } from "./Enquiries";
import { Reject } from "./Reject";
import { Review } from "./Review";
import { claimedByOther, isOpen, stepsOf, type Officer, type StepName, type Why } from "./steps";
import { TranscriptionCard } from "./TranscriptionCard";
import { Viewer } from "./Viewer";
import { useReadAgain, useTaskChanged } from "./queries";

type Tab = "application" | "enquiries" | "course";
type Form = "ask" | "reject" | "review" | "decide";

const FORMS: readonly StepName[] = ["ask", "reject", "review", "decide"];
const FORM_FIELD = ".decide :is(input, textarea)";
const PLACES = [FORM_FIELD, "[data-testid=task-next]", ".task-part"];

function focusIn(page: HTMLElement | null, place: string): boolean {
  const element = page?.querySelector<HTMLElement>(place);
  element?.focus();
  return Boolean(element);
}

interface Props {
  of: TaskView;
  /** Opens the next task; missing where there is none. */
  onNext?: () => void;
}

/** One task: what was handed in, and what the department says to it. Form and points stand beside the documents. */
export function Task({ of: view, onNext }: Props) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const officer: Officer = account;
  const steps = stepsOf(view, officer);
  const [tab, setTab] = useState<Tab>("application");
  // A step that was taken is over: what was wanted before is not wanted in the next state.
  const stage = `${view.state} ${view.notices.length}`;
  const [chosen, setChosen] = useState<{ step: Form | "accept" | null; stage: string }>({
    step: null,
    stage,
  });
  const wanted = chosen.stage === stage ? chosen.step : null;
  const setWanted = (step: Form | "accept" | null) => setChosen({ step, stage });
  // The step of the state is open by itself, where there is only one.
  const usual = steps.decide === null ? "decide" : steps.review === null ? "review" : null;
  const allowed = wanted !== null && (wanted === "accept" || steps[wanted] === null);
  const form = allowed && wanted !== "accept" ? wanted : usual;
  const acceptable = steps.accept === null || steps.confirm === null;
  const page = useRef<HTMLDivElement>(null);
  const take = (step: StepName) => {
    flushSync(() => {
      setTab("application");
      setWanted(step === "confirm" ? "accept" : step);
    });
    if (FORMS.includes(step)) focusIn(page.current, FORM_FIELD);
  };
  // What is to be read or done next has the keyboard, also when a step has taken away what had it.
  const change = `${view.version} ${view.open_enquiries} ${view.enquiries.length}`;
  useLanding(() => PLACES.some((place) => focusIn(page.current, place)), true, change);
  const showEnquiries = () => {
    flushSync(() => setTab("enquiries"));
    focusEnquiry();
  };
  useShortcut("enquiries", showEnquiries);
  useShortcut("submit", () => take("accept"), steps.accept === null && form === null);
  useShortcut("ask", () => take("ask"), steps.ask === null);
  useShortcut("reject", () => take("reject"), steps.reject === null);

  return (
    <div ref={page} className="task">
      <div className="case-head">
        <CaseNumber number={view.number} spoken={view.number_spoken} testId="task-number" />
        <strong lang="zh-CN">{view.item_name}</strong>
        <StateMark
          state={view.state}
          deemed={view.deemed_accepted}
          outcome={view.outcome}
          testId="task-state"
        />
        <LightMark light={view.light} due={view.due} />
        {view.due && (
          <span>
            {t("case.due")} <b className="number">{moment(view.due)}</b>
          </span>
        )}
        <TranscriptionCard of={view} />
      </div>
      <Standing of={view} />
      <StepBar
        steps={steps}
        open={form}
        view={view}
        officer={officer}
        onStep={(step) => (step === form && wanted === form ? setWanted(null) : take(step))}
      />
      {acceptable && <Accept of={view} open={wanted === "accept"} onClose={() => setWanted(null)} />}
      {!isOpen(view) && onNext && (
        <div className="action-bar">
          <span className="grow">{t("task.doneWords")}</span>
          <Button type="primary" onClick={onNext} data-testid="task-next">
            {t("task.next")} <kbd>Alt+N</kbd>
          </Button>
        </div>
      )}
      <div className="task-columns">
        <div className="task-said">
          <Radio.Group
            className="task-tabs"
            optionType="button"
            buttonStyle="solid"
            size="small"
            aria-label={t("task.parts")}
            value={tab}
            onChange={(event) => setTab(event.target.value as Tab)}
          >
            <Radio.Button value="application">{t("task.application")}</Radio.Button>
            <Radio.Button value="enquiries" data-testid="task-enquiries">
              {t("task.enquiries", { count: view.enquiries.length })}
              {view.open_enquiries > 0 && ` · ${t("task.openEnquiries", { count: view.open_enquiries })}`}
            </Radio.Button>
            <Radio.Button value="course">{t("task.course")}</Radio.Button>
          </Radio.Group>
          <div className="task-part" tabIndex={0} role="group" aria-label={t(`task.${tab}Part`)} key={tab}>
            {tab === "application" && (
              <>
                {form === "ask" && <AskSupplement of={view} />}
                {form === "reject" && <Reject of={view} />}
                {form === "review" && <Review of={view} />}
                {form === "decide" && <Decide of={view} />}
                <Application of={view} pointsAreAsked={form === "ask"} />
              </>
            )}
            {tab === "enquiries" && (
              <Section title={t("enquiry.title")}>
                <Enquiries of={view} />
              </Section>
            )}
            {tab === "course" && <CourseOf view={view} />}
          </div>
        </div>
        <Viewer of={view} />
      </div>
    </div>
  );
}

const KEYS: Partial<Record<StepName, string>> = { accept: "Ctrl+Enter", ask: "Alt+B", reject: "Alt+J" };

interface StepBarProps {
  view: TaskView;
  steps: ReturnType<typeof stepsOf>;
  open: Form | null;
  officer: Officer;
  onStep: (step: StepName) => void;
}

/** The steps that the state allows; one that is not for this person says why. */
function StepBar({ view, steps, open, officer, onStep }: StepBarProps) {
  const { t } = useTranslation();
  const names = (Object.keys(steps) as StepName[]).filter((name) => steps[name] !== undefined);
  if (!names.length && !isOpen(view)) return null;
  const other = claimedByOther(view, officer)?.name ?? t("claim.somebody");
  const why = (reason: Why) => t(`why.${reason}`, { name: other });
  const reasons = [...new Set(names.map((name) => steps[name]).filter((reason): reason is Why => !!reason))];
  return (
    <div className="step-bar" role="group" aria-label={t("task.steps")}>
      {names.map((name) => {
        const reason = steps[name];
        const words =
          name === "ask" && view.notices.length > 0 ? "stepButton.askAgain" : `stepButton.${name}`;
        const button = (
          <Button
            type={(name === "accept" && open === null) || open === name ? "primary" : "default"}
            danger={name === "reject"}
            disabled={Boolean(reason)}
            aria-pressed={FORMS.includes(name) ? open === name : undefined}
            onClick={() => onStep(name)}
            data-testid={`task-${name}`}
          >
            {t(words as "stepButton.accept")} {KEYS[name] && <kbd>{KEYS[name]}</kbd>}
          </Button>
        );
        return reason ? (
          <Tooltip key={name} title={why(reason)}>
            <span>{button}</span>
          </Tooltip>
        ) : (
          <span key={name}>{button}</span>
        );
      })}
      {reasons.map((reason) => (
        <span key={reason} className="quiet step-why" data-testid={`why-${reason}`}>
          {why(reason)}
        </span>
      ))}
      <span className="grow" />
      <Claim of={view} officer={officer} />
    </div>
  );
}

/** Who has taken it up (认领); taken up and let go of by one key. */
function Claim({ of: view, officer }: { of: TaskView; officer: Officer }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const claim = useCommand(claimTask, changed, useReadAgain());
  const release = useCommand(releaseTask, changed, useReadAgain());
  const may = officer.roles.includes("approver") || officer.roles.includes("delegate");
  const open = isOpen(view);
  const mine = view.claimed_by?.id === officer.id;
  const seen = { id: view.id, version: view.version };
  const claimable = open && may && !view.claimed_by;
  const releasable = open && may && mine;
  const turn = () => void (mine ? release.run(seen) : claim.run(seen));
  useShortcut("claim", turn, claimable || releasable);
  const other = claimedByOther(view, officer);
  return (
    <span className="claim">
      {mine && <span className="mark mark-accepted">{t("claim.mine")}</span>}
      {other && (
        <span className="mark mark-assigned" data-testid="task-claimed">
          {t("claim.other", { name: other.name ?? t("claim.somebody") })}
        </span>
      )}
      {/* One button for both: it keeps the keyboard. */}
      {(claimable || releasable) && (
        <Button
          size="small"
          loading={claim.busy || release.busy}
          onClick={turn}
          data-testid={releasable ? "task-release" : "task-claim"}
        >
          {t(releasable ? "claim.release" : "claim.do")} <kbd>Alt+C</kbd>
        </Button>
      )}
      <Problem
        of={claim.problem ?? release.problem}
        onRetry={
          (claim.problem ?? release.problem)?.uncertain
            ? () => void (claim.problem ? claim.retry() : release.retry())
            : undefined
        }
      />
    </span>
  );
}

function Application({ of: view, pointsAreAsked }: { of: TaskView; pointsAreAsked: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {view.opinions.length > 0 && <Opinions of={view} />}
      <RejectionRows of={view} />
      <AtWindow of={view} />
      <Notices of={view} />
      <Section title={t("case.form")}>
        <FormRows schema={view.form_schema} uiSchema={view.ui_schema} form={view.form} />
      </Section>
      {view.points.length > 0 && !pointsAreAsked && (
        <Section title={t("case.points")} aside={<PointsMet of={view} />}>
          <CheckedPoints of={view.points} materials={view.materials} told={toldBy(openNotice(view))} />
        </Section>
      )}
      {view.answers.length > 0 && (
        <Section title={t("window.situations")}>
          <Answers of={view.answers} />
        </Section>
      )}
      <Section title={t("applicant.title")}>
        <ApplicantRows of={view.applicant} />
      </Section>
      {view.agent && (
        <Section title={t("agent.title")}>
          <AgentRows of={view.agent} />
        </Section>
      )}
      <UnverifiedNotes of={view.unverified_notes} />
    </>
  );
}

/** The notice upon which nothing has come yet. */
const openNotice = ({ state, notices }: TaskView) =>
  state === "supplement-asked" ? notices.at(-1) : undefined;

function PointsMet({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const notice = openNotice(view);
  const codes = toldBy(notice);
  const points = view.points.filter(({ code }) => !codes.has(code));
  const told = notice?.points.length ?? 0;
  const unseen = points.filter(({ open }) => open).length;
  const unmet = points.filter(({ met, open }) => !met && !open).length;
  if (!told && !unmet && !unseen) {
    return <span className="good">{t("task.pointsMet", { count: points.length })}</span>;
  }
  return (
    <span data-testid="points-met">
      {told > 0 && <span className="bad">{t("task.pointsTold", { count: told })} </span>}
      {unmet > 0 && <span className="bad">{t("task.pointsUnmet", { count: unmet })}</span>}{" "}
      {unseen > 0 && <span className="quiet">{t("task.pointsUnseen", { count: unseen })}</span>}
    </span>
  );
}

function CourseOf({ view }: { view: TaskView }) {
  const { t } = useTranslation();
  const part = (title: string, content: ReactNode) => <Section title={title}>{content}</Section>;
  return (
    <>
      {view.delivery_to_hall &&
        part(t("delivery.toHall"), <DeliveryToHall of={view.delivery_to_hall} id={view.id} />)}
      {part(t("clocks.title"), <Clocks clocks={view.clocks} service="department" id={view.id} />)}
      {part(
        t("timeline.title"),
        <>
          <p className="quiet" lang="zh-CN">
            {t("task.from", { hall: view.hall_name, at: moment(view.assigned_at) })}
          </p>
          <Timeline service="department" id={view.id} />
        </>,
      )}
    </>
  );
}

/** Whether the hall has been told; an approver or delegate sends again what it refused. */
export function DeliveryToHall({ of: delivery, id }: { of: DeliveryView; id: string }) {
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
