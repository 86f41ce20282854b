import { useTranslation } from "react-i18next";
import type { ItemView, Review } from "../api/types";
import { Budget } from "../cases/Clocks";
import { Unverified } from "../cases/marks";
import { yuan } from "../shared/text";

interface Props {
  of: ItemView;
  review: Review | null;
}

/** The chosen item in a few lines: who decides, how long it may take, what it costs, what to look out for. */
export function ChosenItem({ of: item, review }: Props) {
  const { t } = useTranslation();
  return (
    <div className="chosen-item" lang="zh-CN">
      <div>
        <strong className="chosen-name">{item.name}</strong>{" "}
        {item.immediate && <span className="mark">{t("window.immediate")}</span>}{" "}
        {item.unverified && <Unverified />}
        <div className="quiet">
          {item.department_name} · {item.kind} · <code>{item.code}</code>
        </div>
      </div>
      <ul className="facts">
        {item.limits.map((limit) => (
          <li key={limit.clock} title={`${limit.law} ${limit.article}`}>
            {t(`clock.${limit.clock}`)}{" "}
            <b>
              <Budget of={limit.budget} />
            </b>
            {!limit.verified && <Unverified />}
          </li>
        ))}
        <li data-testid="item-fee">
          {t("window.fee")} <Fee of={item} line={review?.fee ?? null} />
          {item.fee.status === "unverified" && <Unverified />}
        </li>
      </ul>
      {item.cautions.length > 0 && (
        <ul className="cautions" aria-label={t("window.cautions")}>
          {item.cautions.map((caution) => (
            <li key={caution}>{caution}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What is charged, once the application says which line of the tariff it is. */
function Fee({ of: { fee }, line }: { of: ItemView; line: Review["fee"] }) {
  const { t } = useTranslation();
  if (line) {
    return (
      <b>
        {yuan(line.fen)} {line.label}
      </b>
    );
  }
  return (
    <>
      <b>{fee.text}</b>
      {fee.lines.length > 0 && <span className="quiet">{t("window.feeOpen")}</span>}
    </>
  );
}
