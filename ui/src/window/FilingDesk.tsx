import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure";
import { reviewItem, takeFiling } from "../api/hall-calls";
import type { ItemView, Review } from "../api/types";
import { caseQuery } from "../cases/queries";
import { useCurrentSession } from "../session/useSession";
import { useDraft, writeDraft } from "../shared/draft";
import { letGo } from "../shared/focus";
import { Loaded, PageHeading, Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { fieldElement, SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { AgentBlock, agentElement } from "./AgentBlock";
import { ApplicantBlock, applicantElement, kindElement } from "./ApplicantBlock";
import { outOfSight, withItem } from "./change";
import { Checklist } from "./Checklist";
import { ChosenItem } from "./ChosenItem";
import { withExample, withExampleMaterials } from "./example";
import {
  adviceOf,
  askedMaterials,
  askedQuestions,
  filingOf,
  gapsOf,
  isFilledIn,
  isTouched,
  mended,
  newDraft,
  notAskedFor,
  placeOf,
  reviewOf,
  standingOf,
  stillRefused,
  type Advice,
  type Desk,
  type Draft,
  type Gap,
  type Refusal,
} from "./filing";
import { Guide } from "./Guide";
import { ItemSearch } from "./ItemSearch";
import { KeptParts } from "./KeptParts";
import { MaterialRows, materialElement } from "./MaterialRows";
import { pointElement, Points } from "./Points";
import { itemQuery } from "./queries";
import { questionElement, Situations } from "./Situations";
import { Taken } from "./Taken";
import { rememberTaken } from "./used";
import { useReview } from "./useReview";

interface Props {
  id: string;
  onNext: () => void;
}

/** One sitting: from the item that is asked for to the number that is said aloud. */
export function FilingDesk({ id, onNext }: Props) {
  const { t } = useTranslation();
  const [draft, change] = useDraft<Draft>(
    `hall.filing.${id}`,
    () => newDraft(id),
    (stored) => mended(stored, id),
  );
  return (
    <>
      <PageHeading title={t("window.title")} hidden />
      {draft.taken ? (
        <Taken caseId={draft.case} onNext={onNext} />
      ) : (
        <Intake draft={draft} change={change} onNext={onNext} />
      )}
    </>
  );
}

interface IntakeProps {
  draft: Draft;
  change: (alter: (before: Draft) => Draft) => void;
  onNext: () => void;
}

function Intake({ draft, change, onNext }: IntakeProps) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const queries = useQueryClient();
  const { account, demo, today } = useCurrentSession();
  const [showAll, setShowAll] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [guide, setGuide] = useState(false);
  const [uploading, setUploading] = useState<ReadonlySet<string>>(new Set());
  const { data: item, ...itemState } = useQuery({
    ...itemQuery(draft.item ?? ""),
    enabled: draft.item !== null,
  });
  const standing = useReview(draft, item);
  const { review } = standing;
  const searching = draft.item === null || choosing;

  // The draft on the disk says "taken" before anything is drawn, so that a reload shows the number again.
  const take = useCommand(takeFiling, ({ cases }, { cases: [sent] }) => {
    for (const view of cases) queries.setQueryData(caseQuery(view.id).queryKey, view);
    if (sent) rememberTaken(account.id, sent.item_code);
    writeDraft(`hall.filing.${draft.filing}`, { ...draft, taken: true });
    change((before) => ({ ...before, taken: true }));
  });
  const [sent, setSent] = useState<Omit<Refusal, "errors"> | null>(null);
  const { problem } = take;
  const refusal = useMemo(
    (): Refusal | null => (problem && sent ? { errors: problem.errors, ...sent } : null),
    [problem, sent],
  );
  const { state } = standing;
  const desk = useMemo(
    (): Desk => ({ draft, item, standing: { review, state }, uploading, today, refusal }),
    [draft, item, review, state, uploading, today, refusal],
  );
  const gaps = useMemo(() => gapsOf(desk), [desk]);
  const advice = useMemo(() => adviceOf(desk), [desk]);
  const points = useMemo(
    () => (item ? standingOf(item, review, draft.ticked) : []),
    [item, review, draft.ticked],
  );

  const go = (to: Gap | Advice | undefined) => {
    if (to?.part === "review") standing.again();
    else if (to) focusOn(to);
  };
  const answered = useRef<Failure | null>(null);
  useEffect(() => {
    if (answered.current === problem) return;
    answered.current = problem;
    const refused = gaps.find((gap) => "fault" in gap && gap.fault.refused);
    if (refused) focusOn(refused);
  }, [problem, gaps]);

  const picked = useRef(false);
  useEffect(() => {
    if (!item || searching || !picked.current) return;
    picked.current = false;
    // Who applies comes first; with another item the hand goes on where something is missing.
    const to = gaps.find((gap) => gap.part !== "review");
    if (to) focusOn(to);
  }, [item, searching, gaps]);
  const pick = useCommand(
    (code: string) => queries.fetchQuery(itemQuery(code)),
    (view: ItemView) => {
      picked.current = true;
      setChoosing(false);
      setShowAll(false);
      change((before) => (before.item === view.code ? before : withItem(before, item, view)));
    },
  );

  const send = (view: ItemView, said: Review) => {
    setSent({ draft, review: said });
    void take.run(filingOf(draft, view, said)).then((filing) => {
      // The item may have been published anew: the next try goes with what holds now.
      if (!filing) void queries.invalidateQueries({ queryKey: ["hall", "item", draft.item] });
    });
  };
  // Who submits while the last letter is still being looked at need not press twice.
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });
  const hurry = useCommand(
    (view: ItemView) => reviewItem(view.code, reviewOf(draft, view, review)),
    (said, view) => {
      const left = gapsOf({ ...desk, standing: { review: said, state: "fresh" } });
      if (latest.current === draft && !left.length) send(view, said);
    },
  );
  const submit = () => {
    if (take.busy || hurry.busy) return;
    setShowAll(true);
    const [first] = gaps;
    if (item && review && !first) send(item, review);
    else if (item && first?.part === "review" && first.state === "checking") void hurry.run(item);
    else go(first);
  };

  const startOver = () => {
    if (!isTouched(draft)) return onNext();
    void modal.confirm({
      title: t("window.dropTitle"),
      content: t("window.dropWords"),
      okText: t("window.drop"),
      cancelText: t("cancel"),
      onOk: onNext,
    });
  };
  const nextGap = () => {
    const at = gaps.findIndex((gap) => elementOf(gap)?.contains(document.activeElement));
    go(gaps[(at + 1) % gaps.length]);
  };
  const choose = () => {
    letGo();
    setChoosing((before) => !before);
  };
  const toggleAgent = () => {
    const acting = !draft.acting;
    // The hand goes on where the block opens; so it must be there.
    flushSync(() => change((before) => ({ ...before, acting })));
    (acting ? agentElement("name") : applicantElement("name"))?.focus();
  };
  const fillExample = useCommand(
    async (view: ItemView) => {
      const filled = withExample(draft, view);
      const body = reviewOf(filled, view, null);
      return withExampleMaterials(filled, view, await reviewItem(view.code, body), today);
    },
    (filled) => change(() => filled),
  );
  const askExample = () => {
    if (!item || !demo) return;
    if (!isFilledIn(draft)) return void fillExample.run(item);
    void modal.confirm({
      title: t("window.exampleTitle"),
      content: t("window.exampleWords"),
      okText: t("window.example"),
      cancelText: t("cancel"),
      onOk: () => void fillExample.run(item),
    });
  };
  useShortcut("submit", submit);
  useShortcut("next", startOver);
  useShortcut("gap", nextGap, gaps.length > 0);
  useShortcut("guide", () => setGuide((open) => !open));
  useShortcut("item", choose, draft.item !== null);
  useShortcut("agent", toggleAgent, item !== undefined);
  useShortcut("example", askExample, demo && item !== undefined);

  const nameOf = (pointer: string) => {
    const error = problem?.errors.find((one) => one.pointer === pointer);
    const place = item && sent && placeOf({ pointer, params: error?.params }, sent.draft, item, sent.review);
    if (!place) return undefined;
    switch (place.part) {
      case "kind":
        return t("applicant.kind");
      case "applicant":
        return t(`applicantField.${draft.applicant.kind}.${place.field}`);
      case "agent":
        return t("gap.agent", { name: t(`agent.${place.field}`) });
      case "form":
        return place.title;
      case "material":
        return place.name;
      default:
        return place.text;
    }
  };
  const refused = gaps.flatMap((gap) =>
    gap.part === "form" && gap.fault.refused ? [{ pointer: gap.pointer, ...gap.fault }] : [],
  );
  const tick = (code: string, met: boolean) =>
    change((before) => ({
      ...before,
      ticked: met ? [...before.ticked, code] : before.ticked.filter((one) => one !== code),
    }));
  const toField = (pointer: string) => focusOn({ part: "form", pointer });
  const own = points.filter(({ material }) => material === null);

  return (
    <div className={guide && !searching ? "desk-columns desk-columns-guide" : "desk-columns"}>
      <div>
        <Section
          title={t("window.item")}
          aside={
            draft.item && (
              <span className="buttons">
                {demo && item && !searching && (
                  <Button size="small" loading={fillExample.busy} onClick={askExample} data-testid="example">
                    {t("window.example")} <kbd>Alt+E</kbd>
                  </Button>
                )}
                <Button size="small" onClick={choose} data-testid="change-item">
                  {t(choosing ? "window.keepItem" : "window.changeItem")} <kbd>Alt+I</kbd>
                </Button>
                {!searching && <GuideButton open={guide} onClick={() => setGuide(!guide)} />}
              </span>
            )
          }
        >
          {searching && (
            <>
              {draft.item && <p className="quiet">{t("window.changeWords")}</p>}
              <Problem of={pick.problem} onRetry={() => void pick.retry()} />
              <ItemSearch
                guide={guide}
                onGuide={() => setGuide(!guide)}
                onPick={(code) => (code === draft.item ? setChoosing(false) : void pick.run(code))}
              />
            </>
          )}
          {draft.item && !searching && (
            <Loaded query={{ data: item, ...itemState }}>
              {(view) => <ChosenItem of={view} review={review} />}
            </Loaded>
          )}
          <Problem of={fillExample.problem} onRetry={() => void fillExample.retry()} />
        </Section>
        {item && (
          <>
            <KeptParts of={draft} onDismiss={() => change(outOfSight)} />
            <ApplicantBlock
              applicant={draft.applicant}
              subjects={item.subjects}
              acting={draft.acting}
              gaps={gaps}
              showAll={showAll}
              onChange={(applicant) =>
                change((before) => ({ ...before, applicant: { ...before.applicant, ...applicant } }))
              }
              onActing={toggleAgent}
            />
            {draft.acting && (
              <AgentBlock
                agent={draft.agent}
                gaps={gaps}
                showAll={showAll}
                onChange={(agent) =>
                  change((before) => ({ ...before, agent: { ...before.agent, ...agent } }))
                }
                onClose={toggleAgent}
              />
            )}
            <Situations
              of={askedQuestions(item, review)}
              answers={draft.answers}
              gaps={gaps}
              showAll={showAll}
              onAnswer={(question, option) =>
                change((before) => ({ ...before, answers: { ...before.answers, [question]: option } }))
              }
            />
            <Section title={t("window.form")}>
              <SchemaForm
                schema={item.form_schema}
                uiSchema={item.ui_schema}
                data={draft.form}
                showAll={showAll}
                refused={refused}
                onChange={(data) => change((before) => ({ ...before, form: data }))}
              />
            </Section>
            <Section title={t("window.materials")}>
              <MaterialRows
                of={askedMaterials(item, review)}
                notAsked={notAskedFor(draft, item, review)}
                handed={draft.materials}
                points={points}
                schema={item.form_schema}
                gaps={gaps}
                onChange={(code, material) =>
                  change((before) => ({ ...before, materials: { ...before.materials, [code]: material } }))
                }
                onUploading={(code, busy) =>
                  setUploading(
                    (before) => new Set(busy ? [...before, code] : [...before].filter((one) => one !== code)),
                  )
                }
                onTick={tick}
                onField={toField}
              />
            </Section>
            {own.length > 0 && (
              <Section title={t("window.points")}>
                <Points of={own} schema={item.form_schema} onTick={tick} onField={toField} />
              </Section>
            )}
          </>
        )}
      </div>
      <div className="desk-side">
        <Checklist
          gaps={gaps}
          advice={advice}
          busy={take.busy || hurry.busy}
          problem={openProblem(problem, refusal, draft, item)}
          nameOf={nameOf}
          onGap={go}
          onAdvice={go}
          onNextGap={nextGap}
          onSubmit={submit}
          onRetry={() => void take.retry()}
          onStartOver={startOver}
        />
        {guide && item && !searching && <Guide of={item} onClose={() => setGuide(false)} />}
      </div>
    </div>
  );
}

function GuideButton({ open, onClick }: { open: boolean; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button size="small" aria-expanded={open} onClick={onClick} data-testid="guide-toggle">
      {t("guide.title")} <kbd>F4</kbd>
    </Button>
  );
}

/** What of a failed call is still true of the draft. */
function openProblem(
  problem: Failure | null,
  refusal: Refusal | null,
  draft: Draft,
  item: ItemView | undefined,
): Failure | null {
  if (!problem?.errors.length || !refusal || !item) return problem;
  const open = stillRefused(refusal, draft, item);
  if (!open.length) return null;
  return new Failure(
    problem.code,
    problem.status,
    open.map(({ error }) => error),
    problem.cause,
  );
}

type Goal = Gap | Advice | { part: "form"; pointer: string };

function elementOf(goal: Goal): HTMLElement | null {
  switch (goal.part) {
    case "item":
      return document.querySelector<HTMLElement>("[data-testid=item-search]");
    case "kind":
      return kindElement();
    case "applicant":
      return applicantElement(goal.field);
    case "agent":
      return agentElement(goal.field);
    case "question":
      return questionElement(goal.code);
    case "form":
      return fieldElement(goal.pointer);
    case "material":
      return materialElement(goal.code, "file");
    case "original":
      return materialElement(goal.code, "original");
    case "old":
      return materialElement(goal.code, "dated");
    case "point": {
      // What the machine found wrong is put right in the form.
      const point = pointElement(goal.code);
      const field = goal.fields[0];
      return point?.matches("input") || field === undefined ? point : fieldElement(`/${field}`);
    }
    case "review":
      return null;
  }
}

const FIELDS = "input, textarea, button, select";

function focusOn(goal: Goal) {
  const element = elementOf(goal);
  element?.scrollIntoView?.({ block: "center" });
  const inner = () => element?.querySelector<HTMLElement>(`input:checked, ${FIELDS}`) ?? element;
  (element?.matches(FIELDS) ? element : inner())?.focus({ preventScroll: true });
}
