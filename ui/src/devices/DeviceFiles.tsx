import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceKind } from "./calls";
import { PagesDialog } from "./PagesDialog";
import { answers, useDevices } from "./useDevices";

interface Props {
  /** What the material is called; so will the file be. */
  name: string;
  /** A file is on its way; another is not taken meanwhile. */
  busy: boolean;
  onFile: (file: File) => void;
}

export type PageSource = "camera" | "scanner";
const SOURCES: PageSource[] = ["camera", "scanner"];

/** A file from the document camera or the scanner (拍照、扫描); nothing where the window has neither. */
export function DeviceFiles({ name, busy, onFile }: Props) {
  const { t } = useTranslation();
  const devices = useDevices();
  const [from, setFrom] = useState<PageSource | null>(null);
  const pressed = useRef<HTMLElement>(null);
  // The hand goes on where it was.
  const close = () => {
    setFrom(null);
    setTimeout(() => pressed.current?.focus());
  };
  const has = (kind: DeviceKind) => answers(devices.find((device) => device.kind === kind));
  const sources = SOURCES.filter(has);
  return (
    <>
      {sources.map((source) => (
        <Button
          key={source}
          size="small"
          aria-label={t(`devices.${source}Of`, { name })}
          data-testid={`${source}-button`}
          onClick={({ currentTarget }) => {
            pressed.current = currentTarget;
            if (!busy) setFrom(source);
          }}
        >
          {t(`devices.${source}`)}
        </Button>
      ))}
      {from && (
        <PagesDialog
          name={name}
          first={from}
          sources={sources}
          onClose={close}
          onFile={(file) => {
            close();
            onFile(file);
          }}
        />
      )}
    </>
  );
}
