import { useTranslation } from "react-i18next";
import type { ApplicantView } from "../api/types";
import { Row, Rows } from "../shared/Rows";

export function ApplicantRows({ of: applicant }: { of: ApplicantView }) {
  const { t } = useTranslation();
  const organisation = applicant.kind === "organisation";
  return (
    <Rows>
      <Row title={t(organisation ? "applicant.organisationName" : "applicant.name")}>
        <span lang="zh-CN">{applicant.name}</span>
      </Row>
      <Row title={t(organisation ? "applicant.creditCode" : "applicant.idNumber")}>
        <span className="number">{applicant.id_number}</span>
      </Row>
      <Row title={t("applicant.phone")}>
        <span className="number">{applicant.phone}</span>
      </Row>
      {applicant.legal_representative && (
        <Row title={t("applicant.legalRepresentative")}>{applicant.legal_representative}</Row>
      )}
      {applicant.contact && <Row title={t("applicant.contact")}>{applicant.contact}</Row>}
      {applicant.address && <Row title={t("applicant.address")}>{applicant.address}</Row>}
    </Rows>
  );
}
