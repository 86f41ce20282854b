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

/** What a notice says of points by their codes, as long as nothing came upon it. */
export type Told = ReadonlyMap<string, string>;

const NOTHING: Told = new Map();

export const toldBy = (notice: { points: { code: string | null; reason: string }[] } | undefined): Told =>
  new Map(notice?.points.flatMap(({ code, reason }) => (code === null ? [] : [[code, reason]])));

const SIGNS = { met: "✓", unmet: "✗", told: "✗", open: "…" };
const CLASSES = { met: "met", unmet: "unmet", told: "unmet", open: "open" };

interface PointsProps {
  /** The department is also told what a notice says of a point. */
  of: (CheckedPoint & { reason?: string })[];
  materials: MaterialView[];
  /** What the item calls its materials: points also stand under those that are not there yet. */
  asked?: { code: string; name: string }[];
  /** What the applicant was told of since, and has not handed in: it is not met, whatever was found before. */
  told?: Told;
}

/** The review points, under the materials on which they were looked at; what was not found so stands out. */
export function CheckedPoints({ of: points, materials, asked = [], told = NOTHING }: PointsProps) {
  const { t } = useTranslation();
  const found = ({ code, met, open }: CheckedPoint) =>
    told.has(code) ? "told" : met ? "met" : open ? "open" : "unmet";
  const under = [...new Set(points.map(({ material }) => material))];
  const nameOf = (code: string) => [...materials, ...asked].find((one) => one.code === code)?.name ?? code;
  return under.map((code) => (
    <div key={code ?? ""} className="checked-points">
      <h3 lang={code === null ? undefined : "zh-CN"}>{code === null ? t("window.points") : nameOf(code)}</h3>
      <ul className="plain-list">
        {points
          .filter(({ material }) => material === code)
          .map((point) => {
            const finding = found(point);
            const isBad = CLASSES[finding] === "unmet";
            const reason = told.get(point.code) ?? point.reason;
            return (
              <li key={point.code} className={`point point-${CLASSES[finding]}`}>
                <div className="point-line">
                  <span aria-hidden="true" className="point-sign">
                    {SIGNS[finding]}
                  </span>
                  <span className="grow" lang="zh-CN">
                    {point.text}
                  </span>
                  <span className={isBad ? "bad" : "quiet"}>
                    {t(`point.found.${finding}`)}
                    {(finding === "met" || finding === "unmet") &&
                      ` · ${t(point.by_machine ? "point.byMachine" : "point.byClerk")}`}
                  </span>
                  <span className={point.blocking ? "must" : "may"}>
                    {t(point.blocking ? "point.blocking" : "point.advisory")}
                  </span>
                </div>
                {isBad && reason && (
                  <p className="point-reason quiet" lang="zh-CN">
                    {reason}
                  </p>
                )}
              </li>
            );
          })}
      </ul>
    </div>
  ));
}
