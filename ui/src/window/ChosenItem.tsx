import { useTranslation } from "react-i18next";
import type { ItemView } from "../api/types";
import { Budget } from "../cases/Clocks";
import { Unverified } from "../cases/marks";

/** The chosen item in a few lines: who decides, how long it may take, what it costs, what to look out for. */
export function ChosenItem({ of: item }: { of: ItemView }) {
  const { t } = useTranslation();
  return (
    <div className="chosen-item" lang="zh-CN">
      <div>
        <strong className="chosen-name">{item.name}</strong> {item.unverified && <Unverified />}
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
        <li>
          {t("window.fee")} <b>{item.fee.text}</b>
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
