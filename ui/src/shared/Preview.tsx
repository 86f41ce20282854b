import { Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

/** Bytes with a name that a page can show. */
export interface Viewable {
  title: string;
  address: string;
  mediaType: string;
}

/** A document or a picture, shown in place. */
export function Preview({ of: { title, address, mediaType } }: { of: Viewable }) {
  if (mediaType.startsWith("image/")) return <img className="preview" src={address} alt={title} />;
  return <iframe className="preview" src={address} title={title} />;
}

/** A button that opens a document beside the page. */
export function PreviewButton({ of: viewable, disabled }: { of: Viewable; disabled?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="small"
        disabled={disabled}
        onClick={() => setOpen(true)}
        aria-label={t("previewOf", { name: viewable.title })}
      >
        {t("preview")}
      </Button>
      <Drawer open={open} onClose={() => setOpen(false)} title={viewable.title} size={820} destroyOnHidden>
        <Preview of={viewable} />
      </Drawer>
    </>
  );
}
