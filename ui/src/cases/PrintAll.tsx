import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { printPaper } from "../api/hall-calls";
import type { PaperView } from "../api/types";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand, type Attempt } from "../shared/useCommand";
import { isUnprinted } from "./Papers";
import { useCaseChanged } from "./queries";

/** One print after the other; each has a key of its own, so that a repeated try prints nothing twice. */
async function printPapers(ids: string[], { key }: Attempt): Promise<void> {
  for (const [n, id] of ids.entries()) await printPaper({ id }, { key: `${key}-${n}` });
}

interface Props {
  of: PaperView[];
  /** Each paper that has never been printed is printed by itself as soon as it is there, once. */
  auto?: boolean;
}

/** Prints what nobody has printed yet (全部打印). */
export function PrintAll({ of: papers, auto = false }: Props) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const print = useCommand(
    printPapers,
    () => changed(),
    () => changed(),
  );
  const waiting = papers.filter((paper) => paper.state === "ready" && isUnprinted(paper));
  const ids = waiting.map(({ id }) => id);
  const run = () => void (ids.length && print.run(ids));
  // Taken also when nothing is left to print: the browser would print the page.
  useShortcut("print", run);
  const asked = useRef(new Set<string>());
  const { busy, run: start } = print;
  useEffect(() => {
    if (!auto || busy) return;
    // One by one: what is refused keeps nothing else.
    const fresh = papers.find(
      ({ id, state, prints }) => state === "ready" && prints.length === 0 && !asked.current.has(id),
    );
    if (!fresh) return;
    asked.current.add(fresh.id);
    void start([fresh.id]);
  }, [papers, auto, busy, start]);
  return (
    <>
      {ids.length > 0 && (
        <Button type="primary" loading={busy} onClick={run} data-testid="print-all">
          {t("print.all", { count: ids.length })} <kbd>Ctrl+P</kbd>
        </Button>
      )}
      <Problem of={print.problem} onRetry={print.problem?.uncertain ? () => void print.retry() : undefined} />
    </>
  );
}
