import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerDepartment, askDepartment } from "../api/hall-calls";
import type { CaseView, EnquiryView } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { may } from "../session/rights";
import { useDraft } from "../shared/draft";
import { Empty } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useCaseChanged } from "./queries";

const LONGEST = 1000;

/** What window and department ask each other about a case (前后台咨询). */
export function Enquiries({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const session = useCurrentSession();
  const asks = may(session, "enquire") && view.state !== "closed";
  if (!view.enquiries.length && !asks) return <Empty title={t("enquiry.none")} />;
  return (
    <>
      {view.enquiries.length > 0 && (
        <ol className="plain-list enquiries" aria-live="polite">
          {view.enquiries.map((one) => (
            <li key={one.id} data-testid="enquiry">
              <Enquiry of={one} id={view.id} answers={asks} />
            </li>
          ))}
        </ol>
      )}
      {asks && <Ask id={view.id} />}
    </>
  );
}

function Enquiry({ of: one, id, answers }: { of: EnquiryView; id: string; answers: boolean }) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const send = useCommand(answerDepartment, changed);
  return (
    <>
      <p>
        <b>{t(`enquiry.by.${one.by}`)}</b> <span lang="zh-CN">{one.asked_by}</span>{" "}
        <time className="quiet number">{moment(one.asked_at)}</time>
      </p>
      <p className="enquiry-words" lang="zh-CN">
        {one.text ?? t("erased")}
      </p>
      {one.answered_at ? (
        <div className="enquiry-answer">
          <p>
            <b>{t("enquiry.answer")}</b> <span lang="zh-CN">{one.answered_by}</span>{" "}
            <time className="quiet number">{moment(one.answered_at)}</time>
          </p>
          <p className="enquiry-words" lang="zh-CN">
            {one.answer ?? t("erased")}
          </p>
        </div>
      ) : one.by === "department" && answers ? (
        <Words
          id={`answer-${one.id}`}
          label={t("enquiry.yourAnswer")}
          button={t("enquiry.sendAnswer")}
          busy={send.busy}
          onSend={async (text) => Boolean(await send.run({ id, enquiry: one.id, text }))}
        />
      ) : (
        <p className="warn">{t("enquiry.open", { at: moment(one.asked_at) })}</p>
      )}
      <Problem of={send.problem} onRetry={send.problem?.uncertain ? () => void send.retry() : undefined} />
    </>
  );
}

function Ask({ id }: { id: string }) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const send = useCommand(askDepartment, changed);
  return (
    <>
      <Words
        id={`ask-${id}`}
        label={t("enquiry.ask")}
        button={t("enquiry.send")}
        busy={send.busy}
        onSend={async (text) => Boolean(await send.run({ id, text }))}
      />
      <Problem of={send.problem} onRetry={send.problem?.uncertain ? () => void send.retry() : undefined} />
    </>
  );
}

interface WordsProps {
  id: string;
  label: string;
  button: string;
  busy: boolean;
  onSend: (text: string) => Promise<boolean>;
}

/** Words that are kept while they are written; Ctrl+Enter sends them. */
function Words({ id, label, button, busy, onSend }: WordsProps) {
  const [text, change, drop] = useDraft<string>(`hall.enquiry.${id}`, () => "");
  const send = () => {
    if (!text.trim()) return document.getElementById(id)?.focus();
    void onSend(text.trim()).then((sent) => {
      if (!sent) return;
      change(() => "");
      drop();
    });
  };
  return (
    <div className="enquiry-form">
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        data-testid={id.startsWith("ask") ? "enquiry-text" : "enquiry-answer"}
        lang="zh-CN"
        autoSize={{ minRows: 1, maxRows: 6 }}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => change(() => event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !event.ctrlKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.stopPropagation();
          send();
        }}
      />
      <Button
        size="small"
        loading={busy}
        onClick={send}
        data-testid={id.startsWith("ask") ? "enquiry-send" : "enquiry-answer-send"}
      >
        {button} <kbd>Ctrl+Enter</kbd>
      </Button>
    </div>
  );
}
