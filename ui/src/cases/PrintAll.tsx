import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { PaperView } from "../api/types";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { isUnprinted } from "./Papers";
import { usePrinting } from "./usePrinting";

interface Props {
  of: PaperView[];
  /** Each paper that has never been printed is printed by itself as soon as it is there, once. */
  auto?: boolean;
}

/** Prints what nobody has printed yet (全部打印). What keeps a paper is said until it is printed after all. */
export function PrintAll({ of: papers, auto = false }: Props) {
  const { t } = useTranslation();
  const { print, underWay, answered, problems } = usePrinting();
  const ready = papers.filter((paper) => paper.state === "ready" && isUnprinted(paper));
  const comesByItself = ({ id, prints }: PaperView) => auto && prints.length === 0 && !answered.has(id);
  // Asked for already, and not yet to be seen among its prints.
  const comes = ({ id, prints }: PaperView) => prints.length === 0 && answered.has(id) && !problems.has(id);
  const ids = ready.filter((paper) => !comesByItself(paper) && !comes(paper)).map(({ id }) => id);
  const run = () => print(ids);
  // Taken also when nothing is left to print: the browser would print the page.
  useShortcut("print", run);
  const begun = useRef(new Set<string>());
  useEffect(() => {
    const fresh = ready.filter((paper) => comesByItself(paper) && !begun.current.has(paper.id));
    fresh.forEach(({ id }) => begun.current.add(id));
    print(fresh.map(({ id }) => id));
  });
  return (
    <>
      {ids.length > 0 && (
        <Button
          type="primary"
          loading={ids.some((id) => underWay.has(id))}
          onClick={run}
          data-testid="print-all"
        >
          {t("print.all", { count: ids.length })} <kbd>Ctrl+P</kbd>
        </Button>
      )}
      {papers.map((paper) => {
        const problem = problems.get(paper.id);
        if (!problem || !isUnprinted(paper)) return null;
        return (
          <div key={paper.id} data-testid={`print-refused-${paper.kind}`}>
            <strong lang="zh-CN">{paper.title}</strong>
            <Problem of={problem} onRetry={problem.uncertain ? () => print([paper.id]) : undefined} />
          </div>
        );
      })}
    </>
  );
}
