import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaskView } from "../api/types";
import { address } from "../backend";
import { Empty } from "../shared/Page";
import { Preview, type Viewable } from "../shared/Preview";
import { useShortcut } from "../shared/shortcuts";
import { fileSize } from "../shared/text";
import { isOpen } from "./steps";

interface Document {
  key: string;
  viewable: Viewable;
  told?: string;
}

/** What was handed in and the department's papers, one of them shown: beside what the application says. */
export function Viewer({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const materials = view.materials.filter(({ has_file }) => has_file);
  const ready = view.papers.filter(({ state }) => state === "ready");
  const documents: Document[] = [
    ...materials.map(({ index, name, file_name, media_type, size }) => ({
      key: `material-${index}`,
      told: [file_name, size == null ? null : fileSize(size)].filter(Boolean).join(" · "),
      viewable: {
        title: name,
        address: address("department", `/tasks/${view.id}/materials/${index}`),
        mediaType: media_type ?? "application/pdf",
      },
    })),
    ...ready.map(({ id, title, number }) => ({
      key: `paper-${id}`,
      told: number,
      viewable: { title, address: address("department", `/papers/${id}`), mediaType: "application/pdf" },
    })),
  ];
  const [chosen, setChosen] = useState<string | null>(null);
  // Once it is done, what one looks for is its newest paper.
  const usual = isOpen(view) ? documents[0] : (documents.at(-1) ?? documents[0]);
  const shown = documents.find(({ key }) => key === chosen) ?? usual;
  useShortcut("document", () => {
    const at = documents.findIndex(({ key }) => key === shown?.key);
    setChosen(documents[(at + 1) % documents.length]?.key ?? null);
  });
  const press = (key: string) => ({
    type: "button" as const,
    className: "document",
    "aria-pressed": shown?.key === key,
    onClick: () => setChosen(key),
  });
  return (
    <section className="viewer section" aria-label={t("viewer.title")}>
      <div className="viewer-lists">
        <h2>
          {t("materials.title")} <kbd>Alt+M</kbd>
        </h2>
        <ul className="plain-list documents materials">
          {view.materials.map(({ index, name, has_file, original }) => (
            <li key={index} lang="zh-CN">
              {has_file ? (
                <button {...press(`material-${index}`)} aria-label={t("previewOf", { name })} title={name}>
                  {name}
                </button>
              ) : (
                <>
                  <span className="document document-paper" title={name}>
                    {name}
                  </span>
                  <span className="quiet">{t("materials.paperOnly")}</span>
                </>
              )}
              {original && <span className="mark mark-small">{t("materials.originalHere")}</span>}
            </li>
          ))}
          {!view.materials.length && <li className="quiet">{t("materials.none")}</li>}
        </ul>
        {view.papers.length > 0 && <h2>{t("papers.title")}</h2>}
        <ul className="plain-list documents">
          {view.papers.map(({ id, kind, title, number, state }) => (
            <li key={id} lang="zh-CN">
              <button
                {...press(`paper-${id}`)}
                disabled={state !== "ready"}
                aria-label={t("previewOf", { name: title })}
                title={`${title} ${number}`}
              >
                {title}
              </button>
              <span
                className={`visually-hidden print-${state}`}
                data-testid={`paper-state-${kind}`}
                data-state={state}
              >
                {t(`taskPaper.${state}`)}
              </span>
              {state !== "ready" && <span className="warn">{t(`taskPaper.${state}`)}</span>}
            </li>
          ))}
        </ul>
      </div>
      {shown ? (
        <Shown key={shown.key} of={shown} />
      ) : (
        <Empty title={t("viewer.none")}>{t("viewer.noneHint")}</Empty>
      )}
    </section>
  );
}

/** A narrow column has no room for the list of pages that some browsers show beside a document. */
const inColumn = (viewable: Viewable): Viewable =>
  viewable.mediaType === "application/pdf"
    ? { ...viewable, address: `${viewable.address}#navpanes=0` }
    : viewable;

function Shown({ of: { viewable, told } }: { of: Document }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="viewer-told" lang="zh-CN">
        <b>{viewable.title}</b> <span className="quiet breaks">{told}</span>{" "}
        <a href={viewable.address} target="_blank" rel="noreferrer">
          {t("viewer.apart")}
        </a>
      </p>
      <Preview of={inColumn(viewable)} />
    </>
  );
}
