import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Json } from "../api/types";
import { titleAt } from "../shared/schema";
import type { StandingPoint } from "./filing";

const elementId = (code: string) => `point-${code}`;

export const pointElement = (code: string) => document.getElementById(elementId(code));

/** Goes to the next or the one before of all boxes that a clerk ticks on this desk. */
function onArrow(event: React.KeyboardEvent<HTMLInputElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const boxes = [...document.querySelectorAll<HTMLElement>("input[data-point]")];
  const next = boxes[boxes.indexOf(event.currentTarget) + step];
  next?.focus();
  next?.scrollIntoView?.({ block: "nearest" });
}

interface Props {
  of: StandingPoint[];
  schema: Json;
  onTick: (code: string, met: boolean) => void;
  onField: (pointer: string) => void;
}

/** What is looked at (审查要点): the machine says what it found, the clerk ticks what is in order. */
export function Points({ of: points, schema, onTick, onField }: Props) {
  if (!points.length) return null;
  return (
    <ul className="plain-list points" lang="zh-CN">
      {points.map((one) => (
        <li key={one.point.code} className={`point point-${one.finding}`}>
          {one.point.by_machine ? (
            <Checked of={one} schema={schema} onField={onField} />
          ) : (
            <Ticked of={one} onTick={onTick} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Weight({ blocking }: { blocking: boolean }) {
  const { t, i18n } = useTranslation();
  return (
    <span className={blocking ? "must" : "may"} lang={i18n.language}>
      {t(blocking ? "point.blocking" : "point.advisory")}
    </span>
  );
}

function Ticked({ of: { point, finding }, onTick }: { of: StandingPoint; onTick: Props["onTick"] }) {
  return (
    <label className="point-line" title={point.reason}>
      <input
        id={elementId(point.code)}
        type="checkbox"
        data-point
        data-testid={`point-${point.code}`}
        checked={finding === "met"}
        onChange={(event) => onTick(point.code, event.target.checked)}
        onKeyDown={onArrow}
      />
      <span className="grow">{point.text}</span>
      <Weight blocking={point.blocking} />
    </label>
  );
}

const SIGNS = { met: "✓", violated: "✗", open: "…" };

function Checked({
  of: { point, finding, fields },
  schema,
  onField,
}: {
  of: StandingPoint;
  schema: Json;
  onField: Props["onField"];
}) {
  const { t, i18n } = useTranslation();
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
        <Weight blocking={point.blocking} />
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
