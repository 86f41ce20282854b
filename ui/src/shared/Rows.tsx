import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "../api/types";
import { rowsOf } from "./schema";

/** Titled facts, one per row. */
export function Rows({ children }: { children: ReactNode }) {
  return <dl className="rows">{children}</dl>;
}

export function Row({ title, children, lang }: { title: string; children: ReactNode; lang?: string }) {
  return (
    <div className="row">
      <dt lang={lang}>{title}</dt>
      <dd>{children ?? "—"}</dd>
    </div>
  );
}

interface FormProps {
  schema: Json;
  /** In which order it is filled in; without it, that of the schema. */
  uiSchema?: Json;
  form: Json;
}

/** A filled form as its titles and answers. */
export function FormRows({ schema, uiSchema = {}, form }: FormProps) {
  const { t } = useTranslation();
  const rows = rowsOf(schema, uiSchema, form);
  if (!rows.length) return <p className="quiet">{t("emptyForm")}</p>;
  return (
    <dl className="rows" lang="zh-CN">
      {rows.map(({ pointer, title, value, depth, group }) => (
        <div
          key={pointer}
          className={group ? "row row-group" : "row"}
          style={{ paddingInlineStart: depth * 16 }}
        >
          <dt>{title}</dt>
          <dd>{group ? "" : <Answer value={value} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Answer({ value }: { value: unknown }) {
  const { t } = useTranslation();
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (Array.isArray(value)) return value.map(String).join("、");
  return String(value);
}
