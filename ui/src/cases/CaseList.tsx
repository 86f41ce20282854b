import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Input, Select, type InputRef } from "antd";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { listCases } from "../api/hall-calls";
import type { CaseRow, CaseState } from "../api/types";
import { useFocusOnArrival } from "../shared/focus";
import { Empty, Loaded, More, PageHeading } from "../shared/Page";
import { isEnter } from "../shared/shortcuts";
import { useDelayed } from "../shared/useDelayed";
import { day, moment } from "../shared/text";
import { walkRows } from "../shared/walk";
import { ToLookAt } from "./Attention";
import { LightMark, StateMark } from "./marks";
import { Undelivered } from "./Undelivered";

const STATES: CaseState[] = [
  "taken",
  "supplement-asked",
  "rejected",
  "accepted",
  "decided",
  "issued",
  "withdrawn",
  "delivered",
  "closed",
];

export function useCases(q: string, state: CaseState | undefined) {
  return useInfiniteQuery({
    queryKey: ["hall", "live", "cases", q, state],
    queryFn: ({ pageParam }) => listCases({ q: q || undefined, state, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

/** All cases of the hall, newest first, to be found by number, name or item. */
export function CaseList() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const address = query.get("q") ?? "";
  // The address is slower than a scanner: what is typed is kept here, and written there once the hand is still.
  const [q, setQ] = useState(address);
  const [seen, setSeen] = useState(address);
  const state = (query.get("state") as CaseState | null) ?? undefined;
  const asked = useDelayed(q);
  if (address !== seen) {
    setSeen(address);
    if (address !== asked) setQ(address);
  }
  const cases = useCases(asked, state);
  const search = useRef<InputRef>(null);
  useFocusOnArrival(search);

  const keep = (change: { q?: string; state?: string }) => {
    const next = Object.fromEntries(Object.entries({ q, state, ...change }).filter(([, value]) => value));
    setQuery(next as Record<string, string>, { replace: true });
  };
  const write = useEffectEvent(() => {
    if (asked !== address) keep({});
  });
  useEffect(() => write(), [asked]);

  const navigate = useNavigate();
  const { data, isPlaceholderData, isPending } = cases;
  const settled = asked === q && !isPlaceholderData && !isPending;
  // A scanner is faster than the hall: what it ends with Enter is opened once it is found.
  const wanted = useRef<string | null>(null);
  const openFound = () => {
    wanted.current = null;
    const rows = data?.pages.flatMap((page) => page.items) ?? [];
    if (rows.length === 1) void navigate(`/cases/${rows[0]!.id}`);
    else document.querySelector<HTMLElement>("[data-walk=row]")?.focus();
  };
  useEffect(() => {
    if (settled && wanted.current === q) openFound();
  });
  const onEnter = () => {
    wanted.current = q;
    if (settled) openFound();
  };

  return (
    <div onKeyDown={walkRows}>
      <PageHeading title={t("cases.title")}>
        <Input
          ref={search}
          className="cases-search"
          allowClear
          data-testid="cases-search"
          data-walk="search"
          onPressEnter={(event) => isEnter(event) && onEnter()}
          aria-label={t("cases.search")}
          placeholder={t("cases.placeholder")}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        <Select
          className="cases-state"
          aria-label={t("cases.state")}
          value={state ?? ""}
          onChange={(value: string) => keep({ state: value })}
          options={[
            { value: "", label: t("cases.all") },
            ...STATES.map((value) => ({ value, label: t(`state.${value}`) })),
          ]}
        />
      </PageHeading>
      <ToLookAt />
      <Undelivered />
      <Loaded query={cases}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (!rows.length)
            return (
              <Empty title={t("cases.none")}>{t(q || state ? "cases.noneFound" : "cases.noneYet")}</Empty>
            );
          return (
            <>
              <CaseTable rows={rows} />
              <More query={cases} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function CaseTable({ rows }: { rows: CaseRow[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("cases.title")}>
      <table className="cases">
        <thead>
          <tr>
            <th scope="col">{t("case.number")}</th>
            <th scope="col">{t("case.item")}</th>
            <th scope="col">{t("applicant.title")}</th>
            <th scope="col">{t("case.state")}</th>
            <th scope="col">{t("case.light")}</th>
            <th scope="col">{t("case.due")}</th>
            <th scope="col">{t("case.takenAt")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              data-testid={`case-row-${row.number}`}
              onClick={() => void navigate(`/cases/${row.id}`)}
            >
              <td className="number">
                <Link to={`/cases/${row.id}`} data-walk="row" onClick={(event) => event.stopPropagation()}>
                  {row.number_spoken}
                </Link>
              </td>
              <td lang="zh-CN">
                {row.item_name}
                <div className="quiet">{row.department_name}</div>
              </td>
              <td lang="zh-CN">{row.applicant_masked}</td>
              <td>
                <StateMark state={row.state} deemed={row.deemed_accepted} outcome={row.outcome} />{" "}
                {row.asked_at && <span className="mark mark-warn">{t("attention.asked.mark")}</span>}{" "}
                {row.told_again_at && (
                  <span className="mark mark-delivery-failed">{t("attention.told-again.mark")}</span>
                )}
              </td>
              <td>
                <LightMark light={row.light} due={row.due} />
              </td>
              <td className="number">{day(row.due)}</td>
              <td className="number">
                {moment(row.taken_at)}
                {row.window && <div className="quiet">{t("case.atWindow", { window: row.window })}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
