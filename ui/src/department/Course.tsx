/** What has happened to a task beside the application: told, not accepted, done at the window, withdrawn. */
import { useTranslation } from "react-i18next";
import type { TaskView } from "../api/types";
import { Section } from "../shared/Page";
import { Row, Rows } from "../shared/Rows";
import { moment } from "../shared/text";
import { useNamed } from "../shared/words";

export function Notices({ of: { notices, materials } }: { of: TaskView }) {
  const { t } = useTranslation();
  const nameOf = (code: string) => materials.find((material) => material.code === code)?.name ?? code;
  return notices.map((notice, at) => (
    <Section key={notice.number} title={t("taskNotice.title", { nth: at + 1 })}>
      <p className="quiet">
        <span lang="zh-CN">
          {notice.number} {notice.officer}
        </span>{" "}
        {notice.by === "window" && t("taskNotice.byWindow")} {moment(notice.asked_at)}
      </p>
      <ol className="notice-list" lang="zh-CN">
        {notice.points.map((point, nth) => (
          <li key={point.code ?? nth}>
            {point.material && <b>{nameOf(point.material)}：</b>}
            {point.reason}
          </li>
        ))}
      </ol>
      {notice.allowed_because && (
        <p>
          {t("taskNotice.allowed")} <span lang="zh-CN">{notice.allowed_because}</span>
        </p>
      )}
    </Section>
  ));
}

/** What closed a task, or was done to it elsewhere, in one line at the top of the page. */
export function Standing({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const { withdrawal, notices } = view;
  if (view.state === "withdrawn" && withdrawal) {
    return (
      <p className="action-bar standing" role="status" data-testid="task-withdrawn">
        <b>{t("standing.withdrawn", { at: moment(withdrawal.withdrawn_at) })}</b>
        {withdrawal.reason && (
          <span>
            {t("standing.reason")} <span lang="zh-CN">{withdrawal.reason}</span>
          </span>
        )}
        <span>{t("standing.withdrawnHint")}</span>
      </p>
    );
  }
  if (view.state === "supplement-asked") {
    return (
      <p className="action-bar standing" role="status" data-testid="task-waiting">
        <b>{t("standing.waiting", { at: moment(notices.at(-1)?.asked_at ?? view.assigned_at) })}</b>
        <span>{t("standing.waitingHint")}</span>
      </p>
    );
  }
  if (view.deemed_accepted) {
    return (
      <p className="action-bar standing" role="status" data-testid="task-silent">
        <b>{t("acceptance.deemed")}</b>
        <span>{t("acceptance.taskWords")}</span>
      </p>
    );
  }
  return null;
}

export function RejectionRows({ of: { rejection } }: { of: TaskView }) {
  const { t } = useTranslation();
  const named = useNamed();
  if (!rejection) return null;
  return (
    <Section title={t("reject.title")}>
      <Rows>
        <Row title={t("act.ground")}>{named(`ground.${rejection.ground}`, rejection.ground)}</Row>
        <Row title={t("reject.reason")}>
          <span lang="zh-CN">{rejection.reason ?? t("erased")}</span>
        </Row>
        {rejection.competent_authority && (
          <Row title={t("act.authority")}>
            <span lang="zh-CN">{rejection.competent_authority}</span>
          </Row>
        )}
        <Row title={t("fact.officer")}>
          <span lang="zh-CN">{rejection.officer}</span> {moment(rejection.rejected_at)}
        </Row>
        <Row title={t("fact.number")}>
          <span lang="zh-CN">{rejection.number}</span>
        </Row>
      </Rows>
    </Section>
  );
}

/** What the window did by the department's delegation. */
export function AtWindow({
  of: { window_acceptance: acceptance, window_decision: decision },
}: {
  of: TaskView;
}) {
  const { t } = useTranslation();
  if (!acceptance && !decision) return null;
  return (
    <Section title={t("atWindow.title")}>
      <Rows>
        {acceptance && (
          <Row title={t("atWindow.accepted")}>
            <span lang="zh-CN">
              {acceptance.officer} {acceptance.notice} {acceptance.agreement}
            </span>{" "}
            {moment(acceptance.accepted_at)}
          </Row>
        )}
        {decision && (
          <>
            <Row title={t("atWindow.decided")}>
              <b className={`outcome outcome-${decision.outcome}`}>{t(`outcome.${decision.outcome}`)}</b>{" "}
              <span lang="zh-CN">
                {decision.officer} {decision.decision} {decision.agreement}
              </span>{" "}
              {moment(decision.decided_at)}
            </Row>
            {decision.reason && (
              <Row title={t("decision.reason")}>
                <span lang="zh-CN">{decision.reason}</span>
              </Row>
            )}
            {decision.certificate && (
              <Row title={t("fact.certificate")}>
                <span lang="zh-CN">
                  {decision.certificate.title} {decision.certificate.number}
                </span>
              </Row>
            )}
          </>
        )}
      </Rows>
    </Section>
  );
}
