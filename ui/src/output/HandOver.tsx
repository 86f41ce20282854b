import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CaseView } from "../api/types";
import { ApplicantRows } from "../cases/Applicant";
import { CaseNumber } from "../cases/CaseNumber";
import { StateMark } from "../cases/marks";
import { Papers } from "../cases/Papers";
import { readDraft } from "../shared/draft";
import { Section } from "../shared/Page";
import { Row, Rows } from "../shared/Rows";
import { Deliver } from "./Deliver";

/** Prints what was decided and hands it over (送达). */
export function HandOver({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const [delivering, setDelivering] = useState(() => readDraft(`deliver.${view.id}`) !== null);
  const done = view.state === "delivered" || view.state === "closed";
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
      {!done && view.state !== "issued" && (
        <Alert type="info" showIcon title={t("output.notYet", { state: t(`state.${view.state}`) })} />
      )}
      <Section title={t("papers.title")}>
        <Papers papers={view.papers} />
      </Section>
      <Section title={t("applicant.title")}>
        {view.applicant ? <ApplicantRows of={view.applicant} /> : <p className="quiet">{t("erased")}</p>}
      </Section>
      {view.state === "issued" && !delivering && (
        <div className="action-bar">
          <span className="grow">{t("deliver.hint")}</span>
          <Button type="primary" size="large" onClick={() => setDelivering(true)} data-testid="deliver-open">
            {t("deliver.open")}
          </Button>
        </div>
      )}
      {view.state === "issued" && delivering && <Deliver of={view} onCancel={() => setDelivering(false)} />}
    </>
  );
}

function Done({ of: { collector } }: { of: CaseView }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={t("deliver.done")}
      description={
        collector && (
          <Rows>
            <Row title={t("deliver.collected")}>
              <span lang="zh-CN">{collector.name}</span> · {t(`relation.${collector.relation}`)} ·{" "}
              <span className="number">{collector.id_number}</span>
            </Row>
          </Rows>
        )
      }
    />
  );
}
