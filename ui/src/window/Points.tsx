import { Button, Input } from "antd";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { Json } from "../api/types";
import { titleAt } from "../shared/schema";
import { isEnter } from "../shared/shortcuts";
import type { StandingPoint } from "./filing";

const elementId = (code: string) => `point-${code}`;

export const pointElement = (code: string) => document.getElementById(elementId(code));

/** The point at which an element stands. */
export const pointAt = (element: Element | null) =>
  element
    ?.closest("li.point")
    ?.querySelector<HTMLElement>("input[data-point]")
    ?.id.slice(elementId("").length);

/** The longest words about a point, in characters. */
const LONGEST = 500;

/** Goes where it is said what is wrong with a point. */
export const toWords = (code: string) => document.getElementById(`${elementId(code)}-words`)?.focus();

/** Goes to the next or the one before of all boxes that a clerk ticks on this desk. */
function onArrow(event: React.KeyboardEvent<HTMLInputElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  goOn(event.currentTarget, step);
}

function goOn(box: HTMLElement | null, step: number) {
  const boxes = [...document.querySelectorAll<HTMLElement>("input[data-point]")];
  const next = box && boxes[boxes.indexOf(box) + step];
  next?.focus();
  next?.scrollIntoView?.({ block: "nearest" });
}

interface Props {
  of: StandingPoint[];
  schema: Json;
  onTick: (code: string, met: boolean) => void;
  /** Says what is wrong with a point, or that nothing was found wrong after all; without it nothing is found wrong here. */
  onUnmet?: (code: string, words: string | null) => void;
  onField: (pointer: string) => void;
}

/** What is looked at (审查要点): the machine says what it found, the clerk ticks what is in order. */
export function Points({ of: points, schema, onTick, onUnmet, onField }: Props) {
  if (!points.length) return null;
  return (
    <ul className="plain-list points" lang="zh-CN">
      {points.map((one) => (
        <li key={one.point.code} className={`point point-${one.finding}`}>
          {one.point.by_machine ? (
            <Checked of={one} schema={schema} onField={onField} />
          ) : (
            <Looked of={one} onTick={onTick} onUnmet={onUnmet} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Weight({ of: { point, told } }: { of: StandingPoint }) {
  const { t, i18n } = useTranslation();
  const words = told ? "point.told" : point.blocking ? "point.blocking" : "point.advisory";
  return (
    <span className={told || point.blocking ? "must" : "may"} lang={i18n.language}>
      {t(words)}
    </span>
  );
}

function Looked({ of: one, onTick, onUnmet }: Pick<Props, "onTick" | "onUnmet"> & { of: StandingPoint }) {
  const { t, i18n } = useTranslation();
  const { point, finding, words } = one;
  const { code } = point;
  const unmet = finding === "violated";
  return (
    <>
      <div className="point-looked">
        <label className="point-line" title={point.reason}>
          <input
            id={elementId(code)}
            type="checkbox"
            data-point
            data-testid={`point-${code}`}
            checked={finding === "met"}
            onChange={(event) => onTick(code, event.target.checked)}
            onKeyDown={onArrow}
          />
          <span className="grow">{point.text}</span>
          <Weight of={one} />
        </label>
        {onUnmet && (
          // The key that is told with it does the same, from the box.
          <Button
            size="small"
            tabIndex={-1}
            danger={unmet}
            type={unmet ? "primary" : "text"}
            aria-pressed={unmet}
            title={t("shortcut.unmet")}
            lang={i18n.language}
            data-testid={`unmet-${code}`}
            onClick={() => {
              if (!words) flushSync(() => onUnmet(code, unmet ? null : ""));
              toWords(code);
            }}
          >
            {t("point.unmet")}
          </Button>
        )}
      </div>
      {/* Words go on the notice, and a notice names what must be so. */}
      {unmet && onUnmet && point.blocking && (
        <Input
          id={`${elementId(code)}-words`}
          className="point-words"
          size="small"
          aria-label={t("point.words", { point: point.text })}
          placeholder={point.reason}
          maxLength={LONGEST}
          value={words ?? ""}
          onChange={(event) => onUnmet(code, event.target.value)}
          onPressEnter={(event) => isEnter(event) && goOn(pointElement(code), 1)}
        />
      )}
    </>
  );
}

const SIGNS = { met: "✓", violated: "✗", open: "…" };

function Checked({
  of: one,
  schema,
  onField,
}: {
  of: StandingPoint;
  schema: Json;
  onField: Props["onField"];
}) {
  const { t, i18n } = useTranslation();
  const { point, finding, fields } = one;
  return (
    <div id={elementId(point.code)} data-testid={`point-${point.code}`} data-finding={finding} tabIndex={-1}>
      <div className="point-line">
        <span aria-hidden="true" className="point-sign">
          {SIGNS[finding]}
        </span>
        <span className="grow">{point.text}</span>
        <span className={finding === "violated" ? "bad" : "quiet"} lang={i18n.language}>
          {t(`point.${finding}`)}
        </span>
        <Weight of={one} />
      </div>
      {finding === "violated" && (
        <p className={point.blocking ? "point-reason bad" : "point-reason"} role="status">
          {point.reason}{" "}
          {fields.map((field) => {
            const name = titleAt(schema, `/${field}`) ?? field;
            return (
              <Button key={field} size="small" onClick={() => onField(`/${field}`)}>
                {t("point.toField", { name })}
              </Button>
            );
          })}
        </p>
      )}
    </div>
  );
}
