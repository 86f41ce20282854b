import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerDepartment, askDepartment } from "../api/hall-calls";
import type { CaseView, EnquiryView, Seat, Service } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { may } from "../session/rights";
import { useDraft } from "../shared/draft";
import { Empty } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { isEnter } from "../shared/shortcuts";
import { moment } from "../shared/text";
import { useCommand, type Attempt } from "../shared/useCommand";
import { useCaseChanged } from "./queries";

const LONGEST = 1000;

/** Who asks and answers here: a window of the hall, or a department. */
export interface EnquiryDesk<View> {
  service: Service;
  seat: Seat;
  ask: (input: { id: string; text: string }, attempt: Attempt) => Promise<View>;
  answer: (input: { id: string; enquiry: string; text: string }, attempt: Attempt) => Promise<View>;
  onDone: (view: View) => void;
  onRefused: () => void;
}

/** The questions of the other side that nobody has answered. */
export const unanswered = (of: Pick<EnquiryView, "by" | "answered_at">[], seat: Seat): number =>
  of.filter(({ by, answered_at }) => by !== seat && answered_at === null).length;

/** Brings the hand to the first question that waits here for its answer, or else to where one asks. */
export const focusEnquiry = () =>
  document
    .querySelector<HTMLElement>(".enquiries .enquiry-form textarea, [data-testid=enquiry-text]")
    ?.focus();

/** What a window asks a department about a case, and answers it. */
export function Enquiries({ of: view }: { of: CaseView }) {
  const session = useCurrentSession();
  const changed = useCaseChanged();
  const desk: EnquiryDesk<CaseView> = {
    service: "hall",
    seat: "window",
    ask: askDepartment,
    answer: answerDepartment,
    onDone: changed,
    onRefused: () => changed(),
  };
  const asks = may(session, "enquire") && view.state !== "closed" && view.delivery_to_department !== null;
  return <EnquiryList of={view.enquiries} id={view.id} desk={desk} asks={asks} />;
}

interface ListProps<View> {
  of: EnquiryView[];
  /** The case, or the task. */
  id: string;
  desk: EnquiryDesk<View>;
  /** Whether who sits here may ask and answer. */
  asks: boolean;
}

/** What window and department ask each other about a case (前后台咨询), and where one asks. */
export function EnquiryList<View>({ of: enquiries, id, desk, asks }: ListProps<View>) {
  const { t } = useTranslation();
  return (
    <>
      {enquiries.length === 0 && <Empty title={t("enquiry.none")} />}
      <ol className="plain-list enquiries" aria-live="polite">
        {enquiries.map((one) => (
          <li key={one.id} data-testid={`enquiry-${one.id}`}>
            <Enquiry of={one} id={id} desk={desk} asks={asks} />
          </li>
        ))}
      </ol>
      {asks && <Ask id={id} desk={desk} />}
    </>
  );
}

function Enquiry<View>({ of: one, asks, ...place }: Omit<ListProps<View>, "of"> & { of: EnquiryView }) {
  const { t } = useTranslation();
  return (
    <>
      <Said who={t(`enquiry.by.${one.by as Seat}`)} by={one.asked_by} at={one.asked_at} text={one.text} />
      {one.answered_at ? (
        <div className="enquiry-answer">
          <Said who={t("enquiry.answer")} by={one.answered_by} at={one.answered_at} text={one.answer} />
        </div>
      ) : one.by !== place.desk.seat && asks ? (
        <Answer enquiry={one.id} {...place} />
      ) : (
        <p className="warn">{t("enquiry.open", { at: moment(one.asked_at) })}</p>
      )}
    </>
  );
}

interface SaidProps {
  who: string;
  by: string | null;
  at: string;
  /** Null once erased. */
  text: string | null;
}

function Said({ who, by, at, text }: SaidProps) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        <b>{who}</b> <span lang="zh-CN">{by}</span> <time className="quiet number">{moment(at)}</time>
      </p>
      <p className="enquiry-words" lang="zh-CN">
        {text ?? t("erased")}
      </p>
    </>
  );
}

type PlaceProps<View> = Pick<ListProps<View>, "id" | "desk">;

function Answer<View>({ enquiry, id, desk }: PlaceProps<View> & { enquiry: string }) {
  const { t } = useTranslation();
  return (
    <Words
      draft={`${desk.service}.enquiry.answer-${enquiry}`}
      testId={`answer-${enquiry}`}
      label={t(`enquiry.answerTo.${desk.seat}`)}
      button={t("enquiry.sendAnswer")}
      send={(text, attempt) => desk.answer({ id, enquiry, text }, attempt)}
      desk={desk}
    />
  );
}

function Ask<View>({ id, desk }: PlaceProps<View>) {
  const { t } = useTranslation();
  return (
    <Words
      draft={`${desk.service}.enquiry.ask-${id}`}
      testId="enquiry-text"
      label={t(`enquiry.ask.${desk.seat}`)}
      button={t("enquiry.send")}
      send={(text, attempt) => desk.ask({ id, text }, attempt)}
      desk={desk}
    />
  );
}

interface WordsProps<View> {
  draft: string;
  testId: string;
  label: string;
  button: string;
  send: (text: string, attempt: Attempt) => Promise<View>;
  desk: EnquiryDesk<View>;
}

/** Words that are kept while they are written; Ctrl+Enter sends them. */
function Words<View>({ draft, testId, label, button, send, desk }: WordsProps<View>) {
  const [text, change, drop] = useDraft<string>(draft, () => "");
  // Also where it was a second try that arrived: what was sent does not stay in the box.
  const command = useCommand(
    send,
    (after) => {
      change(() => "");
      drop();
      desk.onDone(after);
    },
    desk.onRefused,
  );
  const start = () => {
    if (!text.trim()) return document.getElementById(testId)?.focus();
    void command.run(text.trim());
  };
  return (
    <div className="enquiry-form">
      <label htmlFor={testId}>{label}</label>
      <Input.TextArea
        id={testId}
        data-testid={testId}
        lang="zh-CN"
        autoSize={{ minRows: 1, maxRows: 6 }}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => change(() => event.target.value)}
        onKeyDown={(event) => {
          if (!isEnter(event) || !event.ctrlKey) return;
          event.preventDefault();
          event.stopPropagation();
          if (!event.repeat) start();
        }}
      />
      <Button size="small" loading={command.busy} onClick={start} data-testid={`${testId}-send`}>
        {button} <kbd>Ctrl+Enter</kbd>
      </Button>
      <Problem
        of={command.problem}
        nameOf={() => label}
        onRetry={command.problem?.uncertain ? () => void command.retry() : undefined}
      />
    </div>
  );
}
