import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { moment, day } from "../shared/text";
import { useRefusalWords } from "../shared/words";
import type { ItemView } from "../api/types";
import type { Draft } from "./filing";
import { caseUnderWay } from "./known";
import type { Known } from "./useKnown";

interface Props {
  of: Known;
  draft: Draft;
  item: ItemView;
  /** How many materials may be used again. */
  offers: number;
  /** How many answers and fields an earlier case would fill in. */
  fillable: number;
  onTakeAll: () => void;
}

/** What the hall knows of who applies: that they were here, what was filled in, and what need not be brought again. */
export function KnownApplicant({ of, draft, item, offers, fillable, onTakeAll }: Props) {
  const { t } = useTranslation();
  const sayRefusal = useRefusalWords();
  const { state, known, warnings, earlier } = of;
  if (state === "none") return null;
  const filled = Object.keys(draft.known?.filled ?? {}).length;
  const name = draft.applicant.name.trim();
  const registered = known && name && name !== known.applicant.name ? known.applicant.name : null;
  const underWay = known && caseUnderWay(known, item);
  return (
    <div className={known ? "known known-here" : "known"} role="status" data-testid="known-applicant">
      {state === "looking" && <span className="quiet">{t("known.looking")}</span>}
      {state === "failed" && <span className="quiet">{t("known.failed")}</span>}
      {state === "new" && <span className="quiet">{t("known.new")}</span>}
      {known && (
        <>
          <span>
            <b>{t("known.here", { count: known.cases.items.length })}</b>{" "}
            {filled > 0 && t("known.filled", { count: filled, at: day(known.updated_at) })}
          </span>
          {registered && (
            <span className="warn" role="alert" data-testid="other-name">
              {t("known.otherName", { registered, name })}
            </span>
          )}
          {underWay && (
            <span className="warn" role="alert" data-testid="under-way">
              {t("known.underWay", { number: underWay.number_spoken, state: t(`state.${underWay.state}`) })}
            </span>
          )}
          {(offers > 0 || fillable > 0) && (
            <>
              <span className="grow">
                {offers > 0 && t("known.offers", { count: offers })}
                {offers > 0 && fillable > 0 && t("listSign")}
                {fillable > 0 &&
                  earlier &&
                  t("known.earlier", {
                    count: fillable,
                    number: earlier.number_spoken,
                    at: moment(earlier.taken_at),
                  })}
              </span>
              <Button size="small" type="primary" onClick={onTakeAll} data-testid="take-all">
                {t("known.takeAll")} <kbd>Alt+R</kbd>
              </Button>
            </>
          )}
        </>
      )}
      {warnings.map((warning) => (
        <span key={warning.code} className="warn">
          {t("known.warning", { words: sayRefusal(warning) })}
        </span>
      ))}
    </div>
  );
}
