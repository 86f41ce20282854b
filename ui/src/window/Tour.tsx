import { Button, Tour as Walk } from "antd";
import { useTranslation } from "react-i18next";
import { useCurrentSession } from "../session/useSession";
import { useFocusBack } from "../shared/focus";
import { useRemembered } from "../shared/remembered";
import { endTour, startTour, useTour } from "../tour";

/** What a first day at the window shows, and where it stands on the page. */
const STEPS = {
  item: "[data-testid=item-search], [data-testid=change-item]",
  checklist: ".checklist",
  scan: ".head .scan",
  menu: ".head .menu",
  help: "[data-testid=help-open]",
} as const;
type StepName = keyof typeof STEPS;
const NAMES = Object.keys(STEPS) as StepName[];

/** Offers somebody who has not been at a window before a short walk through it, and walks (第一天). */
export function TourOffer() {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [seen, setSeen] = useRemembered(`tour.${account.id}`, "no");
  const open = useTour();
  const begin = () => {
    setSeen("yes");
    startTour();
  };
  return (
    <>
      {seen === "no" && !open && (
        <div className="action-bar tour-offer" data-testid="tour-offer">
          <span className="grow">{t("tour.offer")}</span>
          <Button size="small" type="primary" onClick={begin} data-testid="tour-start">
            {t("tour.start")}
          </Button>
          <Button size="small" onClick={() => setSeen("yes")} data-testid="tour-dismiss">
            {t("tour.dismiss")}
          </Button>
        </div>
      )}
      {open && <Walking />}
    </>
  );
}

function Walking() {
  const { t } = useTranslation();
  // What it was begun with is gone with the offer.
  useFocusBack(() =>
    document.querySelector<HTMLElement>("[data-testid=item-search], .gap, .checklist button")?.focus(),
  );
  return (
    <Walk
      open
      // It belongs to the page, for who hears it.
      getPopupContainer={() => document.getElementById("main") ?? document.body}
      steps={NAMES.map((name, at) => ({
        title: t(`tour.steps.${name}.title`),
        description: t(`tour.steps.${name}.words`),
        target: () => document.querySelector<HTMLElement>(STEPS[name])!,
        nextButtonProps: {
          children: t(at === NAMES.length - 1 ? "tour.end" : "tour.next"),
          autoFocus: true,
        },
        prevButtonProps: { children: t("tour.previous") },
      }))}
      onClose={() => endTour()}
      onFinish={() => endTour()}
    />
  );
}
