import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
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
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const comesByItself = ({ id, state, prints }: PaperView) =>
    auto && state === "ready" && prints.length === 0 && !settled.has(id);
  const ids = papers
    .filter((paper) => paper.state === "ready" && isUnprinted(paper) && !comesByItself(paper))
    .map(({ id }) => id);
  const run = () => void (ids.length && print.run(ids));
  // Taken also when nothing is left to print: the browser would print the page.
  useShortcut("print", run);
  const turn = papers.find(comesByItself)?.id;
  return (
    <>
      {ids.length > 0 && (
        <Button type="primary" loading={print.busy} onClick={run} data-testid="print-all">
          {t("print.all", { count: ids.length })} <kbd>Ctrl+P</kbd>
        </Button>
      )}
      <Problem of={print.problem} onRetry={print.problem?.uncertain ? () => void print.retry() : undefined} />
      {auto &&
        papers.map((paper) => (
          <PrintedByItself
            key={paper.id}
            of={paper}
            turn={paper.id === turn}
            onSettled={() => setSettled((before) => new Set([...before, paper.id]))}
          />
        ))}
    </>
  );
}

interface OneProps {
  of: PaperView;
  turn: boolean;
  onSettled: () => void;
}

/** Printed when its turn comes; what keeps it is shown until it is printed after all, and keeps no other. */
function PrintedByItself({ of: paper, turn, onSettled }: OneProps) {
  const changed = useCaseChanged();
  const print = useCommand(
    printPaper,
    () => changed(),
    () => changed(),
  );
  const asked = useRef(false);
  useEffect(() => {
    if (!turn || asked.current) return;
    asked.current = true;
    void print.run({ id: paper.id }).finally(onSettled);
  });
  if (!print.problem || !isUnprinted(paper)) return null;
  return (
    <div data-testid={`print-refused-${paper.kind}`}>
      <strong lang="zh-CN">{paper.title}</strong>
      <Problem of={print.problem} onRetry={print.problem.uncertain ? () => void print.retry() : undefined} />
    </div>
  );
}
