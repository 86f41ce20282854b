import { Button, Checkbox, InputNumber, Progress } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure";
import { putFile } from "../api/hall-calls";
import type { FileView, ItemMaterial, Json } from "../api/types";
import { Unverified } from "../cases/marks";
import { DeviceFiles } from "../devices/DeviceFiles";
import { DateField } from "../shared/DateField";
import { isNoDay } from "../shared/day";
import { FileButton } from "../shared/FileButton";
import { Empty } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { fileSize, spoken } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { useRefusalWords } from "../shared/words";
import { isThere, originalOf, type Gap, type HandedMaterial, type StandingPoint } from "./filing";
import type { Offer } from "./known";
import { Points } from "./Points";

const LARGEST = 20 * 1024 * 1024;
const ACCEPTED = "application/pdf,image/png,image/jpeg,.pdf,.png,.jpg,.jpeg";

const elementId = (code: string) => `material-${code}`;

/** Where something about a material is said. */
export const materialElement = (code: string, part: "file" | "original" | "dated") =>
  document.querySelector<HTMLElement>(`[data-testid="material-${part}-${code}"]`);

interface Props {
  /** What is asked for in this situation. */
  of: ItemMaterial[];
  /** What was handed in and is not asked for any more. */
  notAsked: ItemMaterial[];
  handed: Record<string, HandedMaterial>;
  /** What was handed in or issued here before and is still good. */
  offers?: Offer[];
  points: StandingPoint[];
  schema: Json;
  gaps: Gap[];
  /** Alters what is handed in as it stands then; undefined where nothing is. */
  onChange: (code: string, alter: (before: HandedMaterial | undefined) => HandedMaterial) => void;
  onUploading: (code: string, busy: boolean) => void;
  onTick: (code: string, met: boolean) => void;
  onUnmet?: (code: string, words: string | null) => void;
  onField: (pointer: string) => void;
}

const fresh = (material: ItemMaterial): HandedMaterial => ({
  file: null,
  paperOnly: false,
  copies: material.copies,
});

/** What is handed in, each with what is looked at on it. */
export function MaterialRows(props: Props) {
  const {
    of: materials,
    notAsked,
    handed,
    offers = [],
    points,
    schema,
    gaps,
    onChange,
    onUploading,
    onTick,
    onUnmet,
    onField,
  } = props;
  const { t } = useTranslation();
  return (
    <>
      {!materials.length && <Empty title={t("materials.notNeeded")} />}
      <ul className="plain-list materials">
        {materials.map((material) => (
          <MaterialRow
            key={material.code}
            of={material}
            handed={handed[material.code] ?? fresh(material)}
            offer={offers.find(({ code }) => code === material.code)}
            points={points.filter((point) => point.material === material.code)}
            schema={schema}
            gap={gaps.find((gap) => gap.part === "material" && gap.code === material.code)}
            onChange={(alter) => onChange(material.code, (before) => alter(before ?? fresh(material)))}
            onUploading={(busy) => onUploading(material.code, busy)}
            onTick={onTick}
            onUnmet={onUnmet}
            onField={onField}
          />
        ))}
      </ul>
      {notAsked.length > 0 && (
        <>
          <p className="quiet">{t("materials.notAsked")}</p>
          <ul className="plain-list" data-testid="materials-not-asked">
            {notAsked.map((material) => (
              <li key={material.code} className="material-line">
                <span className="grow" lang="zh-CN">
                  {material.name}{" "}
                  <span className="quiet">
                    {handed[material.code]?.file?.name ?? t("materials.paperOnly")}
                  </span>
                </span>
                <Button
                  size="small"
                  aria-label={t("materials.removeOf", { name: material.name })}
                  onClick={() => onChange(material.code, () => fresh(material))}
                >
                  {t("materials.remove")}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** Whether the date on a material matters: it is old one day, or a rule waits for something that no form has. */
const needsDate = ({ valid_days }: ItemMaterial, handed: HandedMaterial, points: StandingPoint[]) =>
  valid_days !== null ||
  Boolean(handed.dated) ||
  (isThere(handed) &&
    points.some(({ point, finding, fields }) => point.by_machine && finding === "open" && !fields.length));

/** Another file in place of one that was here before has a date of its own. */
const withoutReuse = ({ reused, ...handed }: HandedMaterial): HandedMaterial =>
  reused ? { ...handed, dated: null } : handed;

/** A file that cannot be right is not sent at all. */
async function upload(file: File): Promise<FileView> {
  if (file.size > LARGEST) throw new Failure("file-too-large", 413);
  if (file.size === 0) throw new Failure("file-empty", 415);
  return putFile(file);
}

interface RowProps {
  of: ItemMaterial;
  handed: HandedMaterial;
  offer: Offer | undefined;
  points: StandingPoint[];
  schema: Json;
  gap: Gap | undefined;
  onChange: (alter: (before: HandedMaterial) => HandedMaterial) => void;
  onUploading: (busy: boolean) => void;
  onTick: (code: string, met: boolean) => void;
  onUnmet?: (code: string, words: string | null) => void;
  onField: (pointer: string) => void;
}

function MaterialRow(props: RowProps) {
  const { of: material, handed, offer, points, schema, gap, onChange, onUploading, onField } = props;
  const { t } = useTranslation();
  const { code, name } = material;
  const original = t(`materials.originals.${material.original}`);
  const sayRefusal = useRefusalWords();
  const fault = gap?.part === "material" && gap.fault.refused ? gap.fault : null;
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const send = useCommand(upload, (file) => {
    // Another item is on the desk, or this is not asked for any more.
    if (here.current) onChange((before) => ({ ...withoutReuse(before), file, paperOnly: false }));
  });
  // Half a date is none yet.
  const [dateLeft, setDateLeft] = useState(() => isNoDay(handed.dated));
  const noDay = dateLeft && !handed.reused && isNoDay(handed.dated);
  const start = (file: File) => {
    onUploading(true);
    void send.run(file).finally(() => onUploading(false));
  };
  // One key takes the paper while its row has the keyboard.
  const onKey = (event: React.KeyboardEvent) => {
    const box = (event.target as HTMLElement).matches(
      "input[type=file], input[type=checkbox]:not([data-point])",
    );
    if (!box || event.key !== "1" || event.ctrlKey || event.altKey || event.metaKey || handed.file) return;
    event.preventDefault();
    onChange((before) => ({ ...before, paperOnly: !before.paperOnly }));
  };
  // A row that disappears while it sends must not hold up the case.
  useEffect(() => () => onUploading(false), []); // eslint-disable-line react-hooks/exhaustive-deps -- only at the end

  return (
    <li
      id={elementId(code)}
      className={isThere(handed) ? "material material-there" : "material"}
      onKeyDown={onKey}
    >
      <div className="material-line">
        <div className="grow" lang="zh-CN">
          <strong>{name}</strong>{" "}
          {material.required ? <span className="must">{t("materials.required")}</span> : null}{" "}
          {material.key ? <span className="must">{t("materials.key")}</span> : null}{" "}
          {material.status === "unverified" && <Unverified />}
          <div className="quiet">
            {[material.source, material.standard.startsWith(original) ? "" : original, material.standard]
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
            onChange={(copies) => onChange((before) => ({ ...before, copies: copies ?? material.copies }))}
            aria-label={t("materials.copiesOf", { name })}
          />
        </label>
        {!handed.reused && needsDate(material, handed, points) && (
          <span className="copies">
            {t("materials.dated")}
            <DateField
              small
              id={`${elementId(code)}-dated`}
              testId={`material-dated-${code}`}
              label={t("materials.datedOf", { name })}
              value={handed.dated ?? null}
              onChange={(dated) => onChange((before) => ({ ...before, dated }))}
              onBlur={() => setDateLeft(true)}
            />
          </span>
        )}
        {material.original !== "no" && isThere(handed) && (
          <Checkbox
            checked={originalOf(material, handed)}
            onChange={({ target }) => onChange((before) => ({ ...before, original: target.checked }))}
            aria-label={t(`materials.haveOf.${material.original}`, { name })}
            data-testid={`material-original-${code}`}
          >
            {t(`materials.have.${material.original}`)}
          </Checkbox>
        )}
        {!handed.file && (
          <Checkbox
            checked={handed.paperOnly}
            onChange={({ target }) => onChange((before) => ({ ...before, paperOnly: target.checked }))}
            aria-label={t("materials.paperOnlyOf", { name })}
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
          busy={send.busy}
          onFile={start}
        />
        <DeviceFiles name={name} busy={send.busy} onFile={start} />
        {handed.file && (
          <Button
            size="small"
            danger
            onClick={() => onChange((before) => ({ ...withoutReuse(before), file: null }))}
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
          <span className="good">{t(handed.reused ? "reuse.there" : "materials.there")}</span>{" "}
          {handed.file.name}
          {handed.file.size > 0 && ` · ${fileSize(handed.file.size)}`}
          {handed.reused && (
            <>
              {" · "}
              {t(`reuse.${handed.reused.source}`, { number: spoken(handed.reused.number) })}
              {handed.dated && ` · ${t("reuse.dated", { day: handed.dated })}`}
            </>
          )}
        </p>
      )}
      {offer && (
        <p className="offer" data-testid={`offer-${code}`}>
          <span className="grow">
            <b>{t("reuse.offer")}</b> <span lang="zh-CN">{offer.handed.file?.name}</span> ·{" "}
            {t(`reuse.${offer.handed.reused.source}`, { number: spoken(offer.handed.reused.number) })}
            {offer.handed.dated && ` · ${t("reuse.dated", { day: offer.handed.dated })}`}
            {offer.validUntil && ` · ${t("reuse.until", { day: offer.validUntil })}`}
          </span>
          <Button
            size="small"
            type="primary"
            aria-label={t("reuse.takeOf", { name })}
            onClick={() => onChange(() => offer.handed)}
            data-testid={`offer-take-${code}`}
          >
            {t("reuse.take")}
          </Button>
        </p>
      )}
      {fault && <p className="bad">{sayRefusal(fault)}</p>}
      {noDay && !fault && (
        <p className="bad">
          {sayRefusal({ code: "wrong-date", params: { name: t("materials.dated"), value: handed.dated } })}
        </p>
      )}
      <Points of={points} schema={schema} onTick={props.onTick} onUnmet={props.onUnmet} onField={onField} />
      <Problem
        of={send.problem}
        // What is wrong with the whole is wrong with the file, whose name is the value.
        nameOf={(pointer) => (pointer === "" ? "" : t("materials.fileName"))}
        onRetry={send.problem?.uncertain ? () => void send.retry() : undefined}
      />
    </li>
  );
}
