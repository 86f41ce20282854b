import { useInfiniteQuery, useQuery, keepPreviousData } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { NavLink, useNavigate } from "react-router";
import { listCases } from "../api/hall-calls";
import type { CaseRow } from "../api/types";
import { StateMark } from "../cases/marks";
import { PrinterTroubles } from "../cases/Printers";
import { caseQuery } from "../cases/queries";
import { ScanBox } from "../cases/ScanBox";
import { Empty, Loaded, More, PageHeading } from "../shared/Page";
import { HandOver } from "./HandOver";

/** The output desk (出件): what is ready on the left, the case in hand on the right. */
export function OutputDesk({ caseId }: { caseId: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="queue-columns">
      <PageHeading title={t("desk.output")} hidden />
      <div className="queue">
        <ScanBox large focused={caseId === undefined} onFound={(id) => void navigate(`/output/${id}`)} />
        <Waiting chosen={caseId} />
      </div>
      <div className="queue-detail">
        <PrinterTroubles />
        {caseId ? (
          <Chosen key={caseId} id={caseId} />
        ) : (
          <Empty title={t("output.choose")}>{t("output.chooseHint")}</Empty>
        )}
      </div>
    </div>
  );
}

function Chosen({ id }: { id: string }) {
  return <Loaded query={useQuery(caseQuery(id))}>{(view) => <HandOver of={view} />}</Loaded>;
}

/** The cases whose papers are here and have not been collected. */
function Waiting({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation();
  const cases = useInfiniteQuery({
    queryKey: ["hall", "live", "cases", "issued"],
    queryFn: ({ pageParam }) => listCases({ state: "issued", after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting" className="queue-title">
        {t("output.waiting")}
      </h2>
      <Loaded query={cases}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (!rows.length) return <Empty title={t("output.none")}>{t("output.noneHint")}</Empty>;
          return (
            <>
              <ul className="plain-list">
                {rows.map((row) => (
                  <li key={row.id}>
                    <WaitingRow of={row} chosen={row.id === chosen} />
                  </li>
                ))}
              </ul>
              <More query={cases} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function WaitingRow({ of: row, chosen }: { of: CaseRow; chosen: boolean }) {
  return (
    <NavLink
      to={`/output/${row.id}`}
      className="queue-row"
      aria-current={chosen ? "true" : undefined}
      data-testid={`output-row-${row.number}`}
    >
      <span className="queue-line">
        <b className="number">{row.number_spoken}</b>
        <StateMark state={row.state} outcome={row.outcome} />
      </span>
      <span className="queue-line" lang="zh-CN">
        {row.item_name}
      </span>
      <span className="queue-line" lang="zh-CN">
        {row.applicant_masked}
      </span>
    </NavLink>
  );
}
