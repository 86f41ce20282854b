import { Modal } from "antd";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TaskView } from "../api/types";
import { isEnter } from "../shared/shortcuts";

interface Props {
  of: TaskView;
  open: boolean;
  title: string;
  ok: string;
  danger?: boolean;
  width?: number;
  onOk: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Shows once more what is about to be said for good. */
export function Sure({ of: view, open, title, ok, danger, width, onOk, onClose, children }: Props) {
  const { t } = useTranslation();
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEnter(event) || !(event.ctrlKey || event.repeat)) return;
    // Nor may the key that is still held from before press the button that has the keyboard now.
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) onOk();
  };
  return (
    <Modal
      open={open}
      // Also in a field of the dialog.
      modalRender={(dialog) => <div onKeyDown={onKeyDown}>{dialog}</div>}
      title={title}
      width={width}
      onCancel={onClose}
      onOk={onOk}
      okText={
        <>
          {ok} <kbd>Ctrl+Enter</kbd>
        </>
      }
      cancelText={t("decide.back")}
      afterOpenChange={(shown) => shown && document.getElementById("confirm-ok")?.focus()}
      okButtonProps={{ danger, id: "confirm-ok", "data-testid": "confirm-ok" }}
      destroyOnHidden
    >
      <p className="case-number">
        <span className="number">{view.number_spoken}</span>
        <span lang="zh-CN">{view.item_name}</span>
      </p>
      {children}
    </Modal>
  );
}

/** Under whose seal a paper goes out. */
export function SealLine({ of: { papers_to_come: paper } }: { of: TaskView }) {
  const { t } = useTranslation();
  return (
    <p className="quiet">
      {t("sure.seal")}{" "}
      <span lang="zh-CN">
        {paper.authority}
        {paper.seal}
      </span>
    </p>
  );
}
