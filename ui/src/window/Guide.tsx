import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { printGuide, readPrint } from "../api/hall-calls";
import type { ItemView, ReviewPoint } from "../api/types";
import { Budget } from "../cases/Clocks";
import { Unverified } from "../cases/marks";
import { Trouble } from "../cases/Papers";
import { Loaded } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useCommand } from "../shared/useCommand";
import { useDelayed } from "../shared/useDelayed";
import { titleAt } from "../shared/schema";
import { yuan } from "../shared/text";
import { itemQuery } from "./queries";

/** The guide of an item that is looked at while the eye goes through a list. */
export function GuideOf({ code, onClose }: { code: string; onClose: () => void }) {
  const still = useDelayed(code);
  return (
    <Loaded query={useQuery(itemQuery(still))}>{(item) => <Guide of={item} onClose={onClose} />}</Loaded>
  );
}

/** What an applicant may ask and a clerk must know (办事指南), beside the form. */
export function Guide({ of: item, onClose }: { of: ItemView; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { result } = item;
  return (
    <aside className="guide" aria-label={t("guide.title")} data-testid="guide">
      <header className="section-head">
        <h2>{t("guide.title")}</h2>
        <PrintGuide key={item.code} code={item.code} />
        <Button size="small" onClick={onClose}>
          {t("hide")} <kbd>F4</kbd>
        </Button>
      </header>
      {/* It scrolls by the arrow keys. */}
      <div className="guide-body" tabIndex={0} role="group" aria-label={item.name} lang="zh-CN">
        <p>
          <strong>{item.name}</strong>
          <br />
          <span className="quiet">
            {item.department_name} · {item.kind} · <code>{item.code}</code>
          </span>
        </p>
        <Facts
          of={[
            [t("guide.subjects"), item.subjects.map((one) => t(`applicant.${one}`)).join(t("listSign"))],
            [t("guide.accepts"), t(`guide.seat.${item.accepts}`)],
            [t("guide.decides"), t(`guide.seat.${item.decides}`)],
          ]}
        />
        <Part title={t("window.cautions")} of={item.cautions}>
          {(caution) => caution}
        </Part>
        <Part title={t("guide.conditions")} of={item.conditions}>
          {(condition) => condition}
        </Part>
        <Part title={t("window.materials")} of={item.materials}>
          {(material) => (
            <>
              <b>{material.name}</b> {material.key && <span className="must">{t("materials.key")}</span>}{" "}
              {material.status === "unverified" && <Unverified />}
              <br />
              <span className="quiet">
                {[
                  material.source,
                  t("guide.copies", { count: material.copies }),
                  t(`materials.originals.${material.original}`),
                  material.required ? "" : t("guide.optional"),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              {material.standard && <p>{material.standard}</p>}
              <PointList of={material.points} />
            </>
          )}
        </Part>
        {item.points.length > 0 && <h3 lang={i18n.language}>{t("window.points")}</h3>}
        <PointList of={item.points} />
        <Part title={t("guide.limits")} of={item.limits}>
          {(limit) => (
            <>
              <span lang={i18n.language}>
                {t(`clock.${limit.clock}`)} <Budget of={limit.budget} />
              </span>
              <br />
              <span className="quiet">
                {limit.law} {limit.article}
              </span>{" "}
              {!limit.verified && <Unverified />}
            </>
          )}
        </Part>
        <h3 lang={i18n.language}>{t("window.fee")}</h3>
        <p>
          {item.fee.text} {item.fee.status === "unverified" && <Unverified />}
        </p>
        <Facts of={item.fee.lines.map(({ label, fen }) => [label, yuan(fen)])} />
        <h3 lang={i18n.language}>{t("guide.result")}</h3>
        <p>
          {result.certificate_title} · <Validity of={item} />{" "}
          {result.status === "unverified" && <Unverified />}
        </p>
        <Part title={t("guide.basis")} of={item.legal_basis}>
          {(article) => (
            <>
              {article.law} {article.article} {article.status === "unverified" && <Unverified />}
              {article.source && <span className="quiet guide-source">{article.source}</span>}
            </>
          )}
        </Part>
        {item.faq.length > 0 && <h3 lang={i18n.language}>{t("guide.faq")}</h3>}
        <dl>
          {item.faq.map(({ question, answer }) => (
            <div key={question}>
              <dt>{question}</dt>
              <dd>{answer}</dd>
            </div>
          ))}
        </dl>
      </div>
    </aside>
  );
}

/** Prints the guide for the applicant to take along, and says how the printing goes. */
function PrintGuide({ code }: { code: string }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<string | null>(null);
  const print = useCommand(printGuide, ({ id }) => setAsked(id));
  const { data } = useQuery({
    queryKey: ["hall", "live", "print", asked],
    queryFn: () => readPrint(asked!),
    enabled: asked !== null,
    refetchInterval: ({ state }) =>
      state.data && ["done", "failed", "cancelled"].includes(state.data.state) ? false : 2_000,
  });
  return (
    <>
      <span className="grow quiet" role="status" data-testid="guide-print" data-state={data?.state}>
        {data && t(`print.${data.state}`)}
        {data?.trouble && data.state !== "done" && (
          <>
            {t("listSign")}
            <Trouble code={data.trouble} />
          </>
        )}
      </span>
      <Button
        size="small"
        loading={print.busy}
        onClick={() => void print.run(code)}
        data-testid="guide-print-button"
      >
        {t("guide.print")}
      </Button>
      <Problem of={print.problem} onRetry={print.problem?.uncertain ? () => void print.retry() : undefined} />
    </>
  );
}

function Part<T>({ title, of, children }: { title: string; of: T[]; children: (one: T) => ReactNode }) {
  const { i18n } = useTranslation();
  if (!of.length) return null;
  return (
    <>
      <h3 lang={i18n.language}>{title}</h3>
      <ol>
        {of.map((one, at) => (
          // The entries of an item never change their order while they are shown.
          <li key={at}>{children(one)}</li>
        ))}
      </ol>
    </>
  );
}

function Facts({ of: facts }: { of: [string, string][] }) {
  if (!facts.length) return null;
  return (
    <dl className="guide-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Each point with what a notice says when it is not so. */
function PointList({ of: points }: { of: ReviewPoint[] }) {
  const { t } = useTranslation();
  if (!points.length) return null;
  return (
    <ul>
      {points.map((point) => (
        <li key={point.code}>
          {point.text}{" "}
          <span className={point.blocking ? "must" : "may"}>
            {t(point.blocking ? "point.blocking" : "point.advisory")}
          </span>{" "}
          {point.status === "unverified" && <Unverified />}
          <br />
          <span className="quiet">{point.reason}</span>
        </li>
      ))}
    </ul>
  );
}

function Validity({ of: { result, form_schema } }: { of: ItemView }) {
  const { t } = useTranslation();
  const { validity_years, validity_months, valid_until } = result;
  if (validity_years) return t("guide.years", { count: validity_years });
  if (validity_months) return t("guide.months", { count: validity_months });
  if (!valid_until) return t("decision.forever");
  const name = titleAt(form_schema, valid_until.replace(/^\/form/, "")) ?? valid_until;
  return t("guide.until", { name });
}
