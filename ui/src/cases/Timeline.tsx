import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as departmentCalls from "../api/department-calls";
import * as hallCalls from "../api/hall-calls";
import type { Service, TimelineEntry } from "../api/types";
import { Empty, Loaded, More } from "../shared/Page";
import { moment, spoken } from "../shared/text";
import { shown, useNamed } from "../shared/words";

const calls = { hall: hallCalls, department: departmentCalls };

/** What has happened, in the order in which it did. */
export function Timeline({ service, id }: { service: Service; id: string }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery({
    queryKey: [service, "live", "timeline", id],
    queryFn: ({ pageParam }) => calls[service].readTimeline(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <div data-testid="timeline">
      <Loaded query={pages}>
        {({ pages: all }) => {
          const entries = all.flatMap((page) => page.items);
          if (!entries.length) return <Empty title={t("timeline.none")} />;
          return (
            <>
              <ol className="timeline">
                {entries.map((entry) => (
                  <Entry key={entry.sequence} of={entry} />
                ))}
              </ol>
              <More query={pages} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Entry({ of: { kind, occurred_at, actor, facts } }: { of: TimelineEntry }) {
  const { t } = useTranslation();
  const named = useNamed();
  const name = kind.split(".").at(-1) ?? kind;
  const told = Object.entries(facts).filter(
    ([, value]) => value !== null && value !== "" && value !== undefined,
  );
  return (
    <li data-kind={kind}>
      <div className="timeline-line">
        <strong>{named(`event.${name}`, kind)}</strong>
        <span className="quiet">
          {t(`actor.${actor.kind}`)} <span lang="zh-CN">{actor.name}</span>
        </span>
        <time className="number" dateTime={occurred_at}>
          {moment(occurred_at)}
        </time>
      </div>
      {told.length > 0 && (
        <p className="quiet timeline-facts">
          {told.map(([fact, value]) => (
            <span key={fact}>
              {named(`fact.${name}.${fact}`, named(`fact.${fact}`, fact))} <FactValue value={value} />
            </span>
          ))}
        </p>
      )}
    </li>
  );
}

/** A fact as it is said: an outcome and a kind of paper by their words, a moment in the hall's zone. */
function FactValue({ value }: { value: unknown }) {
  const named = useNamed();
  if (typeof value !== "string") return shown(value);
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return moment(value);
  for (const words of ["outcome", "paperKind", "relation", "side"]) {
    const said = named(`${words}.${value}`, "");
    if (said) return said;
  }
  return spoken(value);
}
