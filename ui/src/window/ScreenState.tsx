import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { hideDraft, showDraft } from "../api/hall-calls";
import { openScreen } from "../backend";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useScreenThere } from "./screenThere";
import type { Keeping } from "./useKeeping";
import { screenQuery, useScreen } from "./useScreen";

/** Whether the applicant sees this sitting on the screen on the other side of the glass, and has confirmed it. */
export function ScreenState({ filing, keeping }: { filing: string; keeping: Keeping }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: screen } = useScreen();
  const there = useScreenThere();
  const shown = screen?.draft?.draft_id === filing ? screen.draft : null;
  const read = () => void queries.invalidateQueries({ queryKey: screenQuery.queryKey });
  const show = useCommand(
    // What is shown is what the hall has: the last letter goes first.
    async () => ((await keeping.flush()) ? showDraft(filing) : null),
    (now) => now && queries.setQueryData(screenQuery.queryKey, now),
  );
  const hide = useCommand(() => hideDraft(), read);
  const toggle = () => void (shown ? hide.run(undefined) : show.run(undefined));
  useShortcut("screen", toggle);
  const behind = shown !== null && keeping.state !== "kept";
  const state = !shown
    ? keeping.confirmed
      ? keeping.confirmed.current && keeping.state === "kept"
        ? "confirmed"
        : "changed"
      : "dark"
    : !shown.confirmed
      ? there === false
        ? "closed"
        : "waiting"
      : shown.confirmed.current && !behind
        ? "confirmed"
        : "changed";
  const at = shown?.confirmed?.at ?? keeping.confirmed?.at;
  return (
    <div className={`screen-state screen-${state}`} data-testid="screen-state" data-state={state}>
      <span role="status" className="grow">
        {t(`screen.state.${state}`, { at: at ? moment(at).slice(11) : "" })}
      </span>
      <Button
        size="small"
        loading={show.busy || hide.busy}
        aria-pressed={shown !== null}
        onClick={toggle}
        data-testid="screen-toggle"
      >
        {t(shown ? "screen.hide" : "screen.show")} <kbd>Alt+S</kbd>
      </Button>
      {shown && (
        <Button
          size="small"
          type={state === "closed" ? "primary" : "default"}
          onClick={openScreen}
          data-testid="screen-open"
        >
          {t("screen.open")}
        </Button>
      )}
      <Problem of={show.problem ?? hide.problem} />
    </div>
  );
}
