import { Button, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "../shared/focus";
import { Problem } from "../shared/Problem";
import { fileSize } from "../shared/text";
import { useAskedLeave } from "../shared/useAskedLeave";
import { useCommand } from "../shared/useCommand";
import { beginScan, cancelScan, nextPage, takePicture } from "./calls";
import type { PageSource } from "./DeviceFiles";
import { DeviceMark } from "./DeviceMark";
import "./devices.css";
import { pdfOf } from "./pdf";
import { useDevices } from "./useDevices";

interface Page {
  id: number;
  bytes: Uint8Array;
  address: string;
  source: PageSource;
}

/** The pages as a file of the hall: one is the picture itself, several are a PDF. */
export function fileOf(pages: Uint8Array[], name: string): File {
  const [only] = pages;
  if (pages.length === 1 && only) {
    return new File([new Uint8Array(only)], `${name}.jpg`, { type: "image/jpeg" });
  }
  return new File([pdfOf(pages)], `${name}.pdf`, { type: "application/pdf" });
}

interface Props {
  name: string;
  /** What begins by itself when the dialog opens. */
  first: PageSource;
  sources: PageSource[];
  onFile: (file: File) => void;
  onClose: () => void;
}

/** Pages as they come from camera and scanner, to be looked at before they become a file. */
export function PagesDialog({ name, first, sources, onFile, onClose }: Props) {
  const { t } = useTranslation();
  const devices = useDevices();
  const [pages, setPages] = useState<Page[]>([]);
  useFocusBack();
  const last = useRef(0);
  const open = useRef(true);
  const scan = useRef<number | null>(null);
  const addresses = useRef<string[]>([]);

  const add = (bytes: Uint8Array, source: PageSource, inPlaceOf?: number) => {
    if (!open.current) return;
    last.current += 1;
    const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: "image/jpeg" }));
    addresses.current.push(address);
    const page = { id: last.current, bytes, address, source };
    setPages((before) =>
      inPlaceOf === undefined
        ? [...before, page]
        : before.map((other) => (other.id === inPlaceOf ? page : other)),
    );
  };
  const camera = useCommand<number | undefined, Uint8Array>(takePicture, (bytes, inPlaceOf) =>
    add(bytes, "camera", inPlaceOf),
  );
  // Pages that came before a jam stay.
  const scanner = useCommand<null, void>(async () => {
    const { id } = await beginScan();
    // Closed before the scanner answered: nobody wants the pages any more.
    if (!open.current) return void cancelScan(id).catch(() => undefined);
    scan.current = id;
    for (let page = await nextPage(id); page && open.current; page = await nextPage(id)) add(page, "scanner");
    scan.current = null;
  });
  const busy = camera.busy || scanner.busy;
  const done = useRef<HTMLButtonElement>(null);
  // What came is looked at, and then Enter takes it.
  useEffect(() => {
    if (!busy && pages.length) done.current?.focus();
  }, [busy, pages.length]);
  const take = (source: PageSource) => {
    camera.clear();
    scanner.clear();
    if (source === "camera") void camera.run(undefined);
    else void scanner.run(null);
  };
  useEffect(() => {
    open.current = true;
    const shown = addresses.current;
    take(first);
    return () => {
      open.current = false;
      shown.forEach((address) => URL.revokeObjectURL(address));
      // The sheets that are still in the feeder stay there.
      if (scan.current !== null) void cancelScan(scan.current).catch(() => undefined);
    };
  }, []); // eslint-disable-line react-hooks/exhaustive-deps -- once, when it opens

  const use = () =>
    onFile(
      fileOf(
        pages.map(({ bytes }) => bytes),
        name,
      ),
    );
  const leave = useAskedLeave(pages.length > 0, onClose);
  const troubled = devices.filter(({ kind }) => sources.includes(kind as PageSource));
  return (
    <Modal
      open
      // What is on a sheet is read here: as large as the window.
      width="calc(100vw - 32px)"
      style={{ top: 16, paddingBottom: 16 }}
      title={t("devices.pagesOf", { name })}
      onCancel={leave}
      mask={{ closable: false }}
      footer={
        <div className="buttons">
          {sources.map((source) => (
            <Button key={source} disabled={busy} onClick={() => take(source)} data-testid={`${source}-more`}>
              {t(pages.length ? `devices.${source}More` : `devices.${source}`)}
            </Button>
          ))}
          <Button
            ref={done}
            type="primary"
            disabled={busy || !pages.length}
            onClick={use}
            data-testid="use-pages"
          >
            {t("devices.use", { n: pages.length })}
          </Button>
        </div>
      }
    >
      <p role="status">
        {camera.busy
          ? t("devices.taking")
          : scanner.busy
            ? t("devices.scanning", { n: pages.length })
            : pages.length > 0 && t("devices.pages", { n: pages.length })}
      </p>
      {troubled.map((device) => (
        <p key={device.kind}>{!busy && <DeviceMark of={device} />}</p>
      ))}
      <Problem of={camera.problem ?? scanner.problem} />
      <ol className="scanned-pages">
        {pages.map((page, at) => (
          <li key={page.id} data-testid="scanned-page">
            <img src={page.address} alt={t("devices.page", { n: at + 1 })} />
            <div className="buttons">
              <span className="quiet">
                {t("devices.page", { n: at + 1 })} · {fileSize(page.bytes.length)}
              </span>
              {page.source === "camera" && (
                <Button
                  size="small"
                  disabled={busy}
                  aria-label={t("devices.retakeOf", { n: at + 1 })}
                  onClick={() => void camera.run(page.id)}
                >
                  {t("devices.retake")}
                </Button>
              )}
              <Button
                size="small"
                disabled={busy}
                aria-label={t("devices.removeOf", { n: at + 1 })}
                onClick={() => setPages((before) => before.filter((other) => other.id !== page.id))}
              >
                {t("devices.remove")}
              </Button>
            </div>
          </li>
        ))}
      </ol>
    </Modal>
  );
}
