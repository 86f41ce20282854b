import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import type { ItemView, Review } from "../api/types";
import { Loaded, Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import type { Command } from "../shared/useCommand";
import { ChosenItem } from "./ChosenItem";
import { useDrafts } from "./Drafts";
import type { Draft } from "./filing";
import { ItemSearch } from "./ItemSearch";

interface Props {
  draft: Draft;
  item: ItemView | undefined;
  query: { error: unknown; isPending: boolean; refetch: () => unknown };
  review: Review | null;
  choosing: boolean;
  guide: boolean;
  pick: Command<string, ItemView>;
  /** In a demo, the item's example. */
  example: { busy: boolean; problem: Failure | null; ask: () => void } | null;
  onExampleRetry: () => void;
  onChoose: () => void;
  onKeep: () => void;
  onGuide: () => void;
  onDrafts: () => void;
}

/** What is applied for: searched for, or chosen. */
export function ItemSection(props: Props) {
  const { draft, item, query, review, choosing, guide, pick, example } = props;
  const { onExampleRetry, onChoose, onKeep, onGuide, onDrafts } = props;
  const { t } = useTranslation();
  const searching = draft.item === null || choosing;
  return (
    <Section
      title={t("window.item")}
      aside={
        <span className="buttons">
          {draft.item === null && <DraftsButton onClick={onDrafts} />}
          {example && item && !searching && (
            <Button size="small" loading={example.busy} onClick={example.ask} data-testid="example">
              {t("window.example")} <kbd>Alt+E</kbd>
            </Button>
          )}
          {draft.item && (
            <Button size="small" onClick={onChoose} data-testid="change-item">
              {t(choosing ? "window.keepItem" : "window.changeItem")} <kbd>Alt+I</kbd>
            </Button>
          )}
          {draft.item && !searching && (
            <Button size="small" aria-expanded={guide} onClick={onGuide} data-testid="guide-toggle">
              {t("guide.title")} <kbd>F4</kbd>
            </Button>
          )}
        </span>
      }
    >
      {searching && (
        <>
          {draft.item && <p className="quiet">{t("window.changeWords")}</p>}
          <Problem of={pick.problem} onRetry={() => void pick.retry()} />
          <ItemSearch
            guide={guide}
            onGuide={onGuide}
            onPick={(code) => (code === draft.item ? onKeep() : void pick.run(code))}
          />
        </>
      )}
      {draft.item && !searching && (
        <Loaded query={{ data: item, ...query }}>{(view) => <ChosenItem of={view} review={review} />}</Loaded>
      )}
      <Problem of={example?.problem ?? null} onRetry={onExampleRetry} />
    </Section>
  );
}

/** Says how many sittings were put aside, where there are any. */
function DraftsButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  const { data } = useDrafts();
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  if (!rows.length) return null;
  const count = data?.pages.at(-1)?.next ? `${rows.length}+` : String(rows.length);
  return (
    <Button size="small" onClick={onClick} data-testid="drafts-open">
      {t("drafts.open", { count: rows.length, shown: count })} <kbd>Alt+K</kbd>
    </Button>
  );
}
