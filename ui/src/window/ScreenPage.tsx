import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { confirmDraft } from "../api/hall-calls";
import type { SessionView, ShownDraft } from "../api/types";
import { DemoMark, LanguageSwitch } from "../session/marks";
import { useNews } from "../session/useNews";
import { useReturn, useSession, useSessionLost, useSharedSessions } from "../session/useSession";
import { Empty, Loaded, PageHeading } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { shown as asText } from "../shared/words";
import { APPLICANT_FIELDS, AGENT_FIELDS } from "./filing";
import { useSayingThere } from "./screenThere";
import { screenQuery, useScreen } from "./useScreen";

/** The screen on the applicant's side of the glass (客户屏): what was entered, to be read and confirmed. */
export function ScreenPage() {
  const session = useSession("hall");
  const lost = useSessionLost("hall");
  useNews("hall", Boolean(session.data) && !lost);
  useSharedSessions();
  useSayingThere();
  return (
    <Loaded query={session}>{(data) => (data && !lost ? <Screen of={data} /> : <NobodyThere />)}</Loaded>
  );
}

/** Nobody signs in here: the screen follows the desk that it belongs to. */
function NobodyThere() {
  const { t } = useTranslation();
  useReturn("hall");
  return (
    <main id="main" className="applicant-screen">
      <PageHeading title={t("screen.title")} hidden />
      <Empty title={t("screen.nobody")}>{t("screen.nobodyHint")}</Empty>
    </main>
  );
}

function Screen({ of: session }: { of: SessionView }) {
  const { t } = useTranslation();
  const query = useScreen();
  return (
    <div className="applicant-screen">
      <header className="applicant-screen-head">
        <span lang="zh-CN">{session.office.name}</span>
        {session.window && <b>{t("head.window", { window: session.window })}</b>}
        {session.demo && <DemoMark today={session.today} />}
        <span className="grow" />
        <LanguageSwitch />
      </header>
      <main id="main">
        <PageHeading title={t("screen.title")} hidden={!query.data?.draft} />
        <Loaded query={query}>
          {({ draft }) =>
            draft ? <Shown of={draft} /> : <Empty title={t("screen.dark")}>{t("screen.darkHint")}</Empty>
          }
        </Loaded>
      </main>
    </div>
  );
}

function Shown({ of: draft }: { of: ShownDraft }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const read = () => void queries.invalidateQueries({ queryKey: screenQuery.queryKey });
  const confirm = useCommand(
    confirmDraft,
    (now) => queries.setQueryData(screenQuery.queryKey, now),
    // What was read is not what stands there any more: it is read again before it is confirmed.
    read,
  );
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), [draft.digest]);
  const { applicant, agent, confirmed } = draft;
  const kind = applicant.kind ?? "person";
  const done = confirmed?.current === true;
  return (
    <>
      <p className="applicant-screen-item" lang="zh-CN">
        {draft.item_name ?? t("screen.noItem")}
      </p>
      <div className="applicant-screen-columns">
        <Block title={t("applicant.title")}>
          {APPLICANT_FIELDS[kind].map((field) => (
            <Line key={field} title={t(`applicantField.${kind}.${field}`)} value={applicant[field]} />
          ))}
        </Block>
        {agent && (
          <Block title={t("agent.title")}>
            {AGENT_FIELDS.map((field) => (
              <Line key={field} title={t(`agent.${field}`)} value={agent[field]} />
            ))}
          </Block>
        )}
        {draft.answers.length > 0 && (
          <Block title={t("window.situations")}>
            {draft.answers.map(({ question, answer }) => (
              <Line key={question} title={question} value={answer} chinese />
            ))}
          </Block>
        )}
        {draft.form.length > 0 && (
          <Block title={t("case.form")}>
            {draft.form.map(({ name, title, value }) => (
              <Line key={name} title={title} value={value} chinese />
            ))}
          </Block>
        )}
        {draft.materials.length > 0 && (
          <Block title={t("materials.title")}>
            {draft.materials.map(({ code, name, copies }) => (
              <Line key={code} title={name} value={t("guide.copies", { count: copies })} chinese />
            ))}
          </Block>
        )}
      </div>
      <footer className={done ? "applicant-screen-foot applicant-screen-done" : "applicant-screen-foot"}>
        <p role="status" className="grow" data-testid="screen-words">
          {done
            ? t("screen.confirmed", { at: moment(confirmed.at) })
            : t(confirmed ? "screen.changed" : "screen.read")}
        </p>
        <Button
          ref={button}
          type="primary"
          size="large"
          disabled={done}
          loading={confirm.busy}
          onClick={() => void confirm.run(draft.digest)}
          data-testid="screen-confirm"
        >
          {t("screen.confirm")}
        </Button>
      </footer>
      <Problem of={confirm.problem} />
    </>
  );
}

function Block({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="applicant-screen-block">
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  );
}

function Line({ title, value, chinese }: { title: string; value: unknown; chinese?: boolean }) {
  const { t } = useTranslation();
  if (value === undefined || value === null || value === "") return null;
  const words = Array.isArray(value)
    ? value.map(asText).join(t("listSign"))
    : typeof value === "boolean"
      ? t(value ? "yes" : "no")
      : asText(value);
  return (
    <div>
      <dt lang={chinese ? "zh-CN" : undefined}>{title}</dt>
      <dd lang="zh-CN">{words}</dd>
    </div>
  );
}
