import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as departmentCalls from "../api/department-calls";
import * as hallCalls from "../api/hall-calls";
import type { ClockKind, ClockView, Service } from "../api/types";
import { Empty, Loaded } from "../shared/Page";
import { moment } from "../shared/text";
import { LightMark, Unverified } from "./marks";

const calls = { hall: hallCalls, department: departmentCalls };

interface Props {
  clocks: ClockView[];
  service: Service;
  /** The case or task whose clocks explain themselves day by day. */
  id: string;
}

/** The time limits that run for a case, each with its article. */
export function Clocks({ clocks, service, id }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ClockKind | null>(null);
  if (!clocks.length) return <Empty title={t("clocks.none")}>{t("clocks.noneHint")}</Empty>;
  return (
    <ul className="plain-list clocks">
      {clocks.map((clock) => (
        <li key={clock.kind}>
          <div className="clock-line">
            <strong>{t(`clock.${clock.kind}`)}</strong>
            <span className="grow">
              <Budget of={clock.budget} />
            </span>
            {clock.stopped_at ? (
              <span className="quiet">{t("clocks.stopped", { at: moment(clock.stopped_at) })}</span>
            ) : (
              <LightMark light={clock.light} due={clock.due} />
            )}
          </div>
          <div className="clock-line">
            <span>
              {t("clocks.due")} <b className="number">{clock.due ?? "—"}</b>
              {clock.provisional && <span className="quiet"> {t("clocks.provisional")}</span>}
            </span>
            <span className="grow quiet" lang="zh-CN">
              {clock.law} {clock.article} {!clock.verified && <Unverified />}
            </span>
            <Button
              size="small"
              aria-expanded={open === clock.kind}
              onClick={() => setOpen(open === clock.kind ? null : clock.kind)}
              aria-label={`${t("clocks.explain")}：${t(`clock.${clock.kind}`)}`}
            >
              {t(open === clock.kind ? "hide" : "clocks.explain")}
            </Button>
          </div>
          {open === clock.kind && <DayByDay service={service} id={id} kind={clock.kind} />}
        </li>
      ))}
    </ul>
  );
}

function DayByDay({ service, id, kind }: { service: Service; id: string; kind: ClockKind }) {
  const { t, i18n } = useTranslation();
  const days = useQuery({
    queryKey: [service, "live", "clock", id, kind],
    queryFn: () => calls[service].explainClock(id, kind),
  });
  const weekday = new Intl.DateTimeFormat(i18n.language === "en" ? "en-GB" : "zh-CN", {
    weekday: "short",
    timeZone: "UTC",
  });
  return (
    <Loaded query={days}>
      {(data) => (
        <table className="days">
          <thead>
            <tr>
              <th scope="col">{t("days.date")}</th>
              <th scope="col">{t("days.counted")}</th>
              <th scope="col">{t("days.why")}</th>
            </tr>
          </thead>
          <tbody>
            {data.days.map((day) => (
              <tr key={day.date} className={day.counted == null ? "day-off" : ""}>
                <td className="number">
                  {day.date} {weekday.format(new Date(day.date))}
                </td>
                <td>{day.counted == null ? t("days.not") : t("days.nth", { nth: day.counted })}</td>
                <td>
                  {t(`dayReason.${day.why}`)} {day.name && <span lang="zh-CN">{day.name}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Loaded>
  );
}

/** A limit, in the days that it counts. */
export function Budget({ of: { days, unit } }: { of: ClockView["budget"] }) {
  const { t } = useTranslation();
  return t(`clocks.budget.${unit}`, { count: days });
}
