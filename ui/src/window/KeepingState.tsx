import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import { Problem } from "../shared/Problem";
import { moment } from "../shared/text";
import type { Keeping } from "./useKeeping";

interface Props {
  of: Keeping;
  /** Fetching what came from the other window. */
  theirs: { busy: boolean; problem: Failure | null };
  onTheirs: () => void;
}

/** Whether what was typed is safe at the hall, in one line. */
export function KeepingState({ of: keeping, theirs, onTheirs }: Props) {
  const { t } = useTranslation();
  const { state, at, problem } = keeping;
  // Why nobody answered is no matter; what somebody answered is.
  const refused = problem && !problem.uncertain ? problem : null;
  if (state === "untouched") return null;
  return (
    <div className={`keeping keeping-${state}`} data-testid="keeping" data-state={state}>
      <span role={state === "failed" || state === "elsewhere" ? "alert" : undefined}>
        {state === "kept" && at
          ? t("keeping.kept", { at: moment(at) })
          : t(`keeping.${refused ? "refused" : state === "kept" ? "saving" : state}`)}
      </span>
      <Problem of={refused} />
      {state === "failed" && (
        <Button size="small" onClick={() => void keeping.flush()}>
          {t("again")}
        </Button>
      )}
      {state === "elsewhere" && (
        <span className="buttons">
          <Button size="small" loading={theirs.busy} onClick={onTheirs} data-testid="keeping-theirs">
            {t("keeping.theirs")}
          </Button>
          <Button size="small" onClick={() => void keeping.insist()} data-testid="keeping-mine">
            {t("keeping.mine")}
          </Button>
        </span>
      )}
      <Problem of={theirs.problem} onRetry={onTheirs} />
    </div>
  );
}
