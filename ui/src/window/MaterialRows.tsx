import { Button, Checkbox, InputNumber, Progress } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure";
import { putFile } from "../api/hall-calls";
import type { FileView, ItemMaterial } from "../api/types";
import { Unverified } from "../cases/marks";
import { FileButton } from "../shared/FileButton";
import { Empty } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { fileSize } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useRefusalWords } from "../shared/words";
import type { Gap, HandedMaterial } from "./filing";

const LARGEST = 20 * 1024 * 1024;
const ACCEPTED = "application/pdf,image/png,image/jpeg,.pdf,.png,.jpg,.jpeg";

export const materialElement = (code: string) => document.getElementById(`material-${code}`);

interface Props {
  of: ItemMaterial[];
  handed: Record<string, HandedMaterial>;
  gaps: Gap[];
  onChange: (code: string, material: HandedMaterial) => void;
  onUploading: (code: string, busy: boolean) => void;
}

export function MaterialRows({ of: materials, handed, gaps, onChange, onUploading }: Props) {
  const { t } = useTranslation();
  if (!materials.length) return <Empty title={t("materials.notNeeded")} />;
  return (
    <ul className="plain-list materials">
      {materials.map((material) => (
        <MaterialRow
          key={material.code}
          of={material}
          handed={handed[material.code] ?? { file: null, paperOnly: false, copies: material.copies }}
          gap={gaps.find((gap) => gap.part === "material" && gap.code === material.code)}
          onChange={(change) => onChange(material.code, change)}
          onUploading={(busy) => onUploading(material.code, busy)}
        />
      ))}
    </ul>
  );
}

/** A file that cannot be right is not sent at all. */
async function upload(file: File): Promise<FileView> {
  if (file.size > LARGEST) throw new Failure("file-too-large", 413);
  if (file.size === 0) throw new Failure("file-empty", 415);
  return putFile(file);
}

interface RowProps {
  of: ItemMaterial;
  handed: HandedMaterial;
  gap: Gap | undefined;
  onChange: (change: HandedMaterial) => void;
  onUploading: (busy: boolean) => void;
}

function MaterialRow({ of: material, handed, gap, onChange, onUploading }: RowProps) {
  const { t } = useTranslation();
  const { code, name } = material;
  const sayRefusal = useRefusalWords();
  const fault = gap?.part === "material" && gap.fault.refused ? gap.fault : null;
  const send = useCommand(upload, (file) => onChange({ ...handed, file, paperOnly: false }));
  const start = (file: File) => {
    onUploading(true);
    void send.run(file).finally(() => onUploading(false));
  };
  // A row that disappears while it sends must not hold up the case.
  useEffect(() => () => onUploading(false), []); // eslint-disable-line react-hooks/exhaustive-deps -- only at the end

  return (
    <li
      id={`material-${code}`}
      className={handed.file || handed.paperOnly ? "material material-there" : "material"}
    >
      <div className="material-line">
        <div className="grow" lang="zh-CN">
          <strong>{name}</strong>{" "}
          {material.required ? <span className="must">{t("materials.required")}</span> : null}{" "}
          {material.status === "unverified" && <Unverified />}
          <div className="quiet">
            {[
              material.source,
              t(material.original ? "materials.original" : "materials.copy"),
              material.standard,
            ]
              .filter(Boolean)
              .join(" · ")}
          </div>
        </div>
        <label className="copies">
          {t("materials.copies")}
          <InputNumber
            size="small"
            min={1}
            max={99}
            value={handed.copies}
            onChange={(copies) => onChange({ ...handed, copies: copies ?? material.copies })}
            aria-label={t("materials.copiesOf", { name })}
          />
        </label>
        {!handed.file && (
          <Checkbox
            checked={handed.paperOnly}
            onChange={(event) => onChange({ ...handed, paperOnly: event.target.checked })}
            data-testid={`material-paper-${code}`}
          >
            {t("materials.paperOnly")}
          </Checkbox>
        )}
        <FileButton
          label={t(handed.file ? "materials.replace" : "materials.attach")}
          describedAs={t(handed.file ? "materials.replaceOf" : "materials.attachOf", { name })}
          accept={ACCEPTED}
          testId={`material-file-${code}`}
          disabled={send.busy}
          onFile={start}
        />
        {handed.file && (
          <Button
            size="small"
            danger
            onClick={() => onChange({ ...handed, file: null })}
            aria-label={t("materials.removeOf", { name })}
          >
            {t("materials.remove")}
          </Button>
        )}
      </div>
      {send.busy && (
        <div role="status" className="uploading">
          {t("materials.uploading")}
          <Progress
            percent={100}
            status="active"
            showInfo={false}
            size="small"
            aria-label={t("materials.uploading")}
          />
        </div>
      )}
      {handed.file && !send.busy && (
        <p className="material-file" data-testid={`material-name-${code}`}>
          <span className="good">{t("materials.there")}</span> {handed.file.name} ·{" "}
          {fileSize(handed.file.size)}
        </p>
      )}
      {fault && <p className="bad">{sayRefusal(fault)}</p>}
      <Problem
        of={send.problem}
        // What is wrong with the whole is wrong with the file, whose name is the value.
        nameOf={(pointer) => (pointer === "" ? "" : t("materials.fileName"))}
        onRetry={send.problem?.uncertain ? () => void send.retry() : undefined}
      />
    </li>
  );
}
