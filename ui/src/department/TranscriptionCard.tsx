import { Button, Drawer } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaskView } from "../api/types";
import { address } from "../backend";

/** What somebody types into the department's own system, where nothing else reaches it (转录卡): shown, and printed here. */
export function TranscriptionCard({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLIFrameElement>(null);
  if (!view.has_transcription_card) return null;
  const title = t("transcription.title");
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} data-testid="transcription-card">
        {title}
      </Button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        title={title}
        size={820}
        destroyOnHidden
        extra={
          <Button type="primary" onClick={() => frame.current?.contentWindow?.print()}>
            {t("print.do")}
          </Button>
        }
      >
        <iframe
          ref={frame}
          className="preview"
          src={address("department", `/tasks/${view.id}/transcription-card`)}
          title={title}
        />
      </Drawer>
    </>
  );
}
