/** Leaves the desk: for who comes next, or for a draft that was put aside. */
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { removeDraft } from "../api/hall-calls";
import { isTouched, type Draft } from "./filing";
import type { useKeeping } from "./useKeeping";

export function useLeaving(
  draft: Draft,
  keeping: ReturnType<typeof useKeeping>,
  onNext: () => void,
  onResume: (id: string) => void,
) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  // Who comes back with what was missing finds everything as it was: putting aside is the first answer.
  const startOver = () => {
    if (!isTouched(draft)) return onNext();
    const putAside = () =>
      keeping.flush().then((kept) => {
        if (kept) return onNext();
        void modal.warning({ title: t("drafts.notKept"), content: t("drafts.notKeptWords") });
      });
    const throwAway = async () => {
      keeping.stop();
      // Without an answer it is found again among those that were put aside: nothing is lost by it.
      await removeDraft(draft.filing).catch(() => undefined);
      onNext();
    };
    const asked = modal.confirm({
      title: t("window.dropTitle"),
      content: t("window.dropWords"),
      okText: t("window.putAside"),
      okButtonProps: { "data-testid": "put-aside" },
      cancelText: t("cancel"),
      onOk: putAside,
      footer: (_, { OkBtn, CancelBtn }) => (
        <>
          <Button
            danger
            data-testid="throw-away"
            onClick={() => {
              asked.destroy();
              void throwAway();
            }}
          >
            {t("window.drop")}
          </Button>
          <CancelBtn />
          <OkBtn />
        </>
      ),
    });
  };
  const resume = (id: string) => {
    void keeping.flush().then((kept) => {
      if (kept) return onResume(id);
      void modal.warning({ title: t("drafts.notKept"), content: t("drafts.notKeptWords") });
    });
  };
  return { startOver, resume };
}
