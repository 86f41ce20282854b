import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CaseView, RejectionGround } from "../api/types";
import { address } from "../backend";
import { may } from "../session/rights";
import { desksOf, useCurrentSession } from "../session/useSession";
import { useLanding } from "../shared/focus";
import { Loaded, PageHeading, Section } from "../shared/Page";
import { FormRows, Row, Rows } from "../shared/Rows";
import { useShortcut } from "../shared/shortcuts";
import { moment } from "../shared/text";
import { ApplicantRows } from "./Applicant";
import { CaseNumber } from "./CaseNumber";
import { Clocks } from "./Clocks";
import { DeliveryToDepartment } from "./Delivery";
import { DepartmentSide } from "./DepartmentSide";
import { Enquiries, focusEnquiry, unanswered } from "./Enquiries";
import { LightMark, StateMark, UnverifiedNotes } from "./marks";
import { Materials } from "./Materials";
import { Notices } from "./Notices";
import { Originals } from "./Originals";
import { Papers, unprintedElement } from "./Papers";
import { PostRows } from "./Post";
import { PrintAll } from "./PrintAll";
import { caseQuery, itemOfCaseQuery } from "./queries";
import { AgentRows, Answers, CheckedPoints, toldBy } from "./Review";
import { Timeline } from "./Timeline";

interface Props {
  /** What a window offers to do with it. */
  actsOn?: (view: CaseView) => ReactNode;
  /** Where a window takes what was missing. */
  handIn?: (view: CaseView) => ReactNode;
}

/** Everything the hall knows of a case, on one page. */
export function CasePage({ id, ...desk }: { id: string } & Props) {
  const { t } = useTranslation();
  const query = useQuery(caseQuery(id));
  return (
    <>
      <PageHeading title={t("case.title", { number: query.data?.number_spoken ?? "" })} hidden />
      <Loaded query={query}>{(view) => <Case of={view} {...desk} />}</Loaded>
    </>
  );
}

function Case({ of: view, actsOn, handIn }: { of: CaseView } & Props) {
  const { t } = useTranslation();
  const session = useCurrentSession();
  const handsOut = desksOf("hall", session).includes("output") && view.state === "issued";
  // How the form was laid out when it was filled in.
  const { data: item, isPending } = useQuery(itemOfCaseQuery(view));
  const waits = view.state === "closed" ? 0 : unanswered(view.enquiries, "window");
  useShortcut("enquiries", () => void focusEnquiry());
  // A question that is answered takes its field away, and is no new version.
  const change = `${view.version} ${waits}`;
  const takesSupplement = view.state === "supplement-asked" && may(session, "take");
  // What the case waits for gets the keyboard itself, once the item is there.
  const waitsForItem = takesSupplement && handIn && isPending;
  // A step that was taken here makes papers, which come a moment later; the hand goes on to them.
  const [opened] = useState(view.version);
  const stepped = view.version !== opened;
  const comes = stepped && view.papers.some(({ state }) => state === "pending");
  const land = () => {
    const paper = stepped ? unprintedElement() : null;
    (paper ?? document.querySelector<HTMLElement>(".case-head button"))?.focus();
  };
  useLanding(land, !waitsForItem && !comes, change);
  return (
    <>
      <div className="case-head">
        <CaseNumber number={view.number} spoken={view.number_spoken} />
        <strong lang="zh-CN">{view.item_name}</strong>
        <StateMark
          state={view.state}
          deemed={view.deemed_accepted}
          outcome={view.outcome}
          testId="case-state"
        />
        {view.notices.length > 1 && (
          <span className="mark mark-warn" data-testid="second-notice">
            {t("notice.again", { nth: view.notices.length })}
          </span>
        )}
        {waits > 0 && (
          <Button size="small" className="mark-warn" onClick={focusEnquiry} data-testid="open-enquiries">
            {t("enquiry.waits", { count: waits })} <kbd>Alt+Q</kbd>
          </Button>
        )}
        <LightMark light={view.light} due={view.due} />
        {view.due && (
          <span>
            {t("case.due")} <b className="number">{moment(view.due)}</b>
          </span>
        )}
        <span className="grow" />
        {handsOut && <Link to={`/output/${view.id}`}>{t("case.toOutput")}</Link>}
      </div>
      {actsOn?.(view)}
      <UnverifiedNotes of={view.unverified_notes} />
      <div className="case-columns">
        <div>
          {takesSupplement && handIn?.(view)}
          {view.notices.length > 0 && (
            <Section title={t("notice.title")}>
              <Notices of={view} />
            </Section>
          )}
          <Section title={t("case.facts")}>
            <CaseFacts of={view} />
          </Section>
          <Section title={t("applicant.title")}>
            {view.applicant ? <ApplicantRows of={view.applicant} /> : <p className="quiet">{t("erased")}</p>}
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
            {view.form ? (
              <FormRows schema={view.form_schema} uiSchema={item?.ui_schema} form={view.form} />
            ) : (
              <p className="quiet">{t("erased")}</p>
            )}
          </Section>
          <Section title={t("materials.title")}>
            <Materials
              of={view.materials}
              addressOf={(index) => address("hall", `/cases/${view.id}/materials/${index}`)}
            />
          </Section>
          {view.points.length > 0 && (
            <Section title={t("case.points")}>
              <CheckedPoints
                of={view.points}
                materials={view.materials}
                asked={item?.materials}
                told={toldBy(view.notices.findLast(({ supplied_at }) => supplied_at === null))}
              />
            </Section>
          )}
        </div>
        <div>
          <Section title={t("papers.title")}>
            <Papers papers={view.papers} />
            <PrintAll of={view.papers} />
          </Section>
          <Originals of={view} />
          <Section title={t("clocks.title")}>
            <Clocks clocks={view.clocks} service="hall" id={view.id} />
          </Section>
          <Section title={t("departmentSide.title")}>
            <DepartmentSide of={view} />
            <Enquiries of={view} />
          </Section>
          <Section title={t("timeline.title")}>
            <Timeline service="hall" id={view.id} />
          </Section>
          {view.delivery_to_department && (
            <Section title={t("delivery.section")}>
              <DeliveryToDepartment of={view.delivery_to_department} id={view.id} />
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

function CaseFacts({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const { acceptance, decision, collector, post, rejection, withdrawal } = view;
  return (
    <Rows>
      <Row title={t("case.officialNumber")}>
        <span className="number breaks">{view.official_number}</span>
      </Row>
      <Row title={t("case.department")}>
        <span lang="zh-CN">{view.department_name}</span>
      </Row>
      <Row title={t("case.takenAt")}>
        {moment(view.taken_at)} {view.window && t("case.atWindow", { window: view.window })}
      </Row>
      {acceptance && (
        <Row title={t("acceptance.title")}>
          {moment(acceptance.accepted_at)}{" "}
          {acceptance.deemed_at && (
            <>
              <b>{t("acceptance.deemed")}</b>{" "}
              <span className="quiet">
                {t("acceptance.deemedWords", { over: moment(acceptance.deemed_at) })}
              </span>{" "}
            </>
          )}
          {acceptance.officer && <span lang="zh-CN">{acceptance.officer}</span>}{" "}
          {acceptance.deemed_at && acceptance.said_at && moment(acceptance.said_at)}
        </Row>
      )}
      {decision && (
        <>
          <Row title={t("decision.title")}>
            <b className={`outcome outcome-${decision.outcome}`}>{t(`outcome.${decision.outcome}`)}</b>{" "}
            <span lang="zh-CN">{decision.officer}</span> {moment(decision.decided_at)}
          </Row>
          <Row title={t("decision.reason")}>
            {decision.reason ? <span lang="zh-CN">{decision.reason}</span> : t("erased")}
          </Row>
          {decision.certificate && (
            <Row title={t("paperKind.certificate")}>
              <span className="number">{decision.certificate.number}</span>{" "}
              {t("decision.validity", {
                from: decision.certificate.valid_from,
                until: decision.certificate.valid_until ?? t("decision.forever"),
              })}
            </Row>
          )}
        </>
      )}
      {rejection && (
        <>
          <Row title={t("act.reject")}>
            <b>{t(`ground.${rejection.ground as RejectionGround}`)}</b> {t(`guide.seat.${rejection.by}`)}{" "}
            <span lang="zh-CN">{rejection.officer}</span> {moment(rejection.rejected_at)}
          </Row>
          <Row title={t("act.reason.reject")}>
            {rejection.reason ? <span lang="zh-CN">{rejection.reason}</span> : t("erased")}
          </Row>
          {rejection.competent_authority && (
            <Row title={t("act.authority")}>
              <span lang="zh-CN">{rejection.competent_authority}</span>
            </Row>
          )}
        </>
      )}
      {withdrawal && (
        <Row title={t("act.withdraw")}>
          {moment(withdrawal.withdrawn_at)}{" "}
          {withdrawal.reason ? <span lang="zh-CN">{withdrawal.reason}</span> : t("erased")}
        </Row>
      )}
      {collector && (
        <Row title={t("deliver.collected")}>
          <span lang="zh-CN">{collector.name}</span> · {t(`relation.${collector.relation}`)} ·{" "}
          <span className="number">{collector.id_number}</span>
          {collector.authority && ` · ${collector.authority}`}
          {collector.note && ` · ${collector.note}`}
        </Row>
      )}
      {post && <PostRows of={post} />}
    </Rows>
  );
}
