import { App } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

/** Leaves a dialog, and asks before where something is in it that nothing else keeps. */
export function useAskedLeave(something: boolean, onLeave: () => void): () => void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const asking = useRef(false);
  return () => {
    if (!something) return onLeave();
    if (asking.current) return;
    asking.current = true;
    void modal.confirm({
      title: t("leaving.title"),
      okText: t("leaving.leave"),
      okButtonProps: { danger: true, "data-testid": "leave-anyway" },
      cancelText: t("leaving.back"),
      autoFocusButton: "cancel",
      onOk: onLeave,
      afterClose: () => {
        asking.current = false;
      },
    });
  };
}
