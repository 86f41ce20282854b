import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MaterialView } from "../api/types";
import { Empty } from "../shared/Page";
import { Preview } from "../shared/Preview";
import { fileSize } from "../shared/text";

interface Props {
  of: MaterialView[];
  addressOf: (index: number) => string;
}

/** A document that was asked for is seen, even where it opens below the edge of the window. */
const intoView = (element: HTMLElement | null) => element?.scrollIntoView?.({ block: "nearest" });

/** What was handed in, each opened in place when asked. */
export function Materials({ of: materials, addressOf }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number | null>(null);
  if (!materials.length) return <Empty title={t("materials.none")} />;
  return (
    <ul className="plain-list materials">
      {materials.map((material) => (
        <li key={material.index}>
          <div className="material-line">
            <div className="grow" lang="zh-CN">
              <strong>{material.name}</strong>
              <span className="quiet">
                {material.file_name}
                {material.size != null && ` · ${fileSize(material.size)}`}
              </span>
              {material.original && <span className="mark mark-small">{t("materials.originalHere")}</span>}
            </div>
            {material.has_file ? (
              <Button
                size="small"
                aria-expanded={open === material.index}
                aria-label={t(open === material.index ? "hideOf" : "previewOf", { name: material.name })}
                onClick={() => setOpen(open === material.index ? null : material.index)}
              >
                {t(open === material.index ? "hide" : "preview")}
              </Button>
            ) : (
              <span className="quiet">{t("materials.paperOnly")}</span>
            )}
          </div>
          {open === material.index && (
            <div ref={intoView}>
              <Preview
                of={{
                  title: material.name,
                  address: addressOf(material.index),
                  mediaType: material.media_type ?? "application/pdf",
                }}
              />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
