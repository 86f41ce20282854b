import { useInfiniteQuery, useQuery, keepPreviousData } from "@tanstack/react-query";
import { Button, Radio } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, useNavigate } from "react-router";
import { listCases } from "../api/hall-calls";
import type { CaseRow, CaseState } from "../api/types";
import { StateMark } from "../cases/marks";
import { PrinterTroubles } from "../cases/Printers";
import { caseQuery } from "../cases/queries";
import { ScanBox } from "../cases/ScanBox";
import { Empty, Loaded, More, PageHeading } from "../shared/Page";
import { walkRows } from "../shared/walk";
import { HandOver } from "./HandOver";

/** The output desk (出件): what is ready on the left, the case in hand on the right. */
export function OutputDesk({ caseId }: { caseId: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [words, setWords] = useState<string | null>(null);
  return (
    <div className="queue-columns">
      <PageHeading title={t("desk.output")} hidden />
      <div className="queue" onKeyDown={walkRows}>
        <ScanBox
          large
          focused={caseId === undefined}
          onFound={(id) => {
            setWords(null);
            void navigate(`/output/${id}`);
          }}
          onWords={setWords}
        />
        {words === null ? (
          <Waiting chosen={caseId} />
        ) : (
          <Found words={words} chosen={caseId} onClose={() => setWords(null)} />
        )}
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

/** What waits at the output desk: results, refusals, and originals of cases that are over. */
const LISTS = ["issued", "rejected", "withdrawn", "delivered"] as const satisfies CaseState[];

/** The cases that wait here to be collected. */
function Waiting({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation();
  const [state, setState] = useState<(typeof LISTS)[number]>("issued");
  return (
    <section aria-label={t("output.lists")}>
      <div className="queue-tools">
        <Radio.Group
          className="queue-tabs queue-tabs-by-two"
          optionType="button"
          buttonStyle="solid"
          aria-label={t("output.lists")}
          value={state}
          onChange={(event) => setState(event.target.value as (typeof LISTS)[number])}
        >
          {LISTS.map((value) => (
            <Radio.Button key={value} value={value} data-testid={`output-list-${value}`}>
              {t(`output.list.${value}`)} <Count of={value} />
            </Radio.Button>
          ))}
        </Radio.Group>
      </div>
      <Cases
        of={{ state }}
        chosen={chosen}
        none={<Empty title={t("output.none")}>{state === "issued" ? t("output.noneHint") : null}</Empty>}
      />
    </section>
  );
}

/** How many wait; of many, that they are many. */
function Count({ of: state }: { of: CaseState }) {
  const { data, hasNextPage } = useCasesOf({ state });
  const rows = data?.pages.flatMap((page) => page.items);
  return (
    <b className="number">
      {rows?.length}
      {hasNextPage && "+"}
    </b>
  );
}

/** The cases of a person, a phone or a name. */
function Found({ words, chosen, onClose }: { words: string; chosen?: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="found">
      <h2 id="found" className="queue-title">
        {t("output.found", { words })}{" "}
        <Button size="small" onClick={onClose}>
          {t("output.back")}
        </Button>
      </h2>
      <Cases
        of={{ q: words }}
        chosen={chosen}
        none={<Empty title={t("output.noneFound")}>{t("output.noneFoundHint")}</Empty>}
      />
    </section>
  );
}

interface Filter {
  state?: CaseState;
  q?: string;
}

const useCasesOf = (filter: Filter) =>
  useInfiniteQuery({
    queryKey: ["hall", "live", "cases", filter],
    queryFn: ({ pageParam }) => listCases({ ...filter, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

interface CasesProps {
  of: Filter;
  chosen: string | undefined;
  none: ReactNode;
}

function Cases({ of: filter, chosen, none }: CasesProps) {
  const cases = useCasesOf(filter);
  return (
    <Loaded query={cases}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (!rows.length) return none;
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
