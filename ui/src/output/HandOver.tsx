import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CaseView } from "../api/types";
import { ApplicantRows } from "../cases/Applicant";
import { CaseNumber } from "../cases/CaseNumber";
import { StateMark } from "../cases/marks";
import { Originals } from "../cases/Originals";
import { Papers } from "../cases/Papers";
import { PostRows } from "../cases/Post";
import { PrintAll } from "../cases/PrintAll";
import { readDraft } from "../shared/draft";
import { Section } from "../shared/Page";
import { Row, Rows } from "../shared/Rows";
import { useShortcut } from "../shared/shortcuts";
import { Deliver } from "./Deliver";

/** Prints what was decided and hands it over (送达). */
export function HandOver({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const [delivering, setDelivering] = useState(() => readDraft(`hall.hand-over.${view.id}`) !== null);
  const done = view.handed_over_at !== null;
  const over = done || view.state === "withdrawn" || view.state === "closed";
  const ready = view.state === "issued" || view.state === "rejected";
  // What the applicant carries away; the receipt was given when the case was taken.
  const carried = view.papers.filter(({ kind }) => kind !== "intake-receipt");
  const deliver = () => setDelivering(true);
  useShortcut("submit", deliver, ready && !delivering);
  return (
    <>
      <div className="case-head">
        <CaseNumber number={view.number} spoken={view.number_spoken} />
        <strong lang="zh-CN">{view.item_name}</strong>
        <StateMark state={view.state} outcome={view.outcome} testId="case-state" />
        <span className="grow" />
        <Link to={`/cases/${view.id}`}>{t("output.toCase")}</Link>
      </div>
      {done && <Done of={view} />}
      {!over && !ready && (
        <Alert type="info" showIcon title={t("output.notYet", { state: t(`state.${view.state}`) })} />
      )}
      <Section title={t("papers.title")} aside={<PrintAll of={carried} />}>
        <Papers papers={view.papers} />
      </Section>
      <Section title={t("applicant.title")}>
        {view.applicant ? <ApplicantRows of={view.applicant} /> : <p className="quiet">{t("erased")}</p>}
      </Section>
      {/* Until it is handed over, originals are in the form of the hand-over. */}
      {!ready && <Originals of={view} />}
      {ready && !delivering && (
        <div className="action-bar">
          <span className="grow">{t("deliver.hint")}</span>
          <Button type="primary" size="large" onClick={deliver} data-testid="deliver-open">
            {t("deliver.open")} <kbd>Ctrl+Enter</kbd>
          </Button>
        </div>
      )}
      {ready && delivering && <Deliver of={view} onCancel={() => setDelivering(false)} />}
    </>
  );
}

function Done({ of: { collector, post, state } }: { of: CaseView }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={t(state === "delivered" ? "deliver.doneOriginals" : post ? "post.done" : "deliver.done")}
      description={
        <Rows>
          {collector && (
            <Row title={t("deliver.collected")}>
              <span lang="zh-CN">{collector.name}</span> · {t(`relation.${collector.relation}`)} ·{" "}
              <span className="number">{collector.id_number}</span>
            </Row>
          )}
          {post && <PostRows of={post} />}
        </Rows>
      }
    />
  );
}
