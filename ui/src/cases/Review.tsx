/** How a case stood when it was taken: who acted, what was answered, what was looked at. */
import { useTranslation } from "react-i18next";
import type { AgentView, AnswerView, CheckedPoint, MaterialView } from "../api/types";
import { Row, Rows } from "../shared/Rows";

export function AgentRows({ of: agent }: { of: AgentView }) {
  const { t } = useTranslation();
  return (
    <Rows>
      <Row title={t("agent.name")}>
        <span lang="zh-CN">{agent.name}</span>
      </Row>
      <Row title={t("agent.id_number")}>
        <span className="number">{agent.id_number}</span>
      </Row>
      <Row title={t("agent.phone")}>
        <span className="number">{agent.phone}</span>
      </Row>
      <Row title={t("agent.authority")}>
        <span lang="zh-CN">{agent.authority}</span>
      </Row>
      {agent.until && (
        <Row title={t("agent.until")}>
          <span className="number">{agent.until}</span>
        </Row>
      )}
    </Rows>
  );
}

export function Answers({ of: answers }: { of: AnswerView[] }) {
  return (
    <div lang="zh-CN">
      <Rows>
        {answers.map(({ question, answer }) => (
          <Row key={question} title={question}>
            {answer}
          </Row>
        ))}
      </Rows>
    </div>
  );
}

const SIGNS = { met: "✓", unmet: "✗", open: "…" };
const found = ({ met, open }: CheckedPoint) => (met ? "met" : open ? "open" : "unmet");

interface PointsProps {
  /** The department is also told what a notice says of a point. */
  of: (CheckedPoint & { reason?: string })[];
  materials: MaterialView[];
  /** What the item calls its materials: points also stand under those that are not there yet. */
  asked?: { code: string; name: string }[];
}

/** The review points, under the materials on which they were looked at; what was not found so stands out. */
export function CheckedPoints({ of: points, materials, asked = [] }: PointsProps) {
  const { t } = useTranslation();
  const under = [...new Set(points.map(({ material }) => material))];
  const nameOf = (code: string) => [...materials, ...asked].find((one) => one.code === code)?.name ?? code;
  return under.map((code) => (
    <div key={code ?? ""} className="checked-points">
      <h3 lang={code === null ? undefined : "zh-CN"}>{code === null ? t("window.points") : nameOf(code)}</h3>
      <ul className="plain-list">
        {points
          .filter(({ material }) => material === code)
          .map((point) => (
            <li key={point.code} className={`point point-${found(point)}`}>
              <div className="point-line">
                <span aria-hidden="true" className="point-sign">
                  {SIGNS[found(point)]}
                </span>
                <span className="grow" lang="zh-CN">
                  {point.text}
                </span>
                <span className={found(point) === "unmet" ? "bad" : "quiet"}>
                  {t(`point.found.${found(point)}`)}
                  {!point.open && ` · ${t(point.by_machine ? "point.byMachine" : "point.byClerk")}`}
                </span>
                <span className={point.blocking ? "must" : "may"}>
                  {t(point.blocking ? "point.blocking" : "point.advisory")}
                </span>
              </div>
              {found(point) === "unmet" && point.reason && (
                <p className="point-reason quiet" lang="zh-CN">
                  {point.reason}
                </p>
              )}
            </li>
          ))}
      </ul>
    </div>
  ));
}
