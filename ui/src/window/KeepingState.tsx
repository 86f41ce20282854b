import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { moment } from "../shared/text";
import type { Keeping } from "./useKeeping";

/** Whether what was typed is safe at the hall, in one line. */
export function KeepingState({ of: keeping, onTheirs }: { of: Keeping; onTheirs: () => void }) {
  const { t } = useTranslation();
  const { state, at } = keeping;
  if (state === "untouched") return null;
  return (
    <div className={`keeping keeping-${state}`} data-testid="keeping" data-state={state}>
      <span role={state === "failed" || state === "elsewhere" ? "alert" : undefined}>
        {state === "kept" && at
          ? t("keeping.kept", { at: moment(at) })
          : t(`keeping.${state === "kept" ? "saving" : state}`)}
      </span>
      {state === "failed" && (
        <Button size="small" onClick={() => void keeping.flush()}>
          {t("again")}
        </Button>
      )}
      {state === "elsewhere" && (
        <span className="buttons">
          <Button size="small" onClick={onTheirs} data-testid="keeping-theirs">
            {t("keeping.theirs")}
          </Button>
          <Button size="small" onClick={() => void keeping.insist()} data-testid="keeping-mine">
            {t("keeping.mine")}
          </Button>
        </span>
      )}
    </div>
  );
}
