import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { reviewItem } from "../api/hall-calls";
import type { ItemView } from "../api/types";
import { StepDialog } from "../cases/StepDialog";
import type { IdCard } from "../devices/calls";
import { goOnFrom, withCardAt } from "./card";
import { useCurrentSession } from "../session/useSession";
import { useDraft } from "../shared/draft";
import { letGo, useLanding } from "../shared/focus";
import { PageHeading, Section } from "../shared/Page";
import { SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { AgentBlock, agentElement, isAgents } from "./AgentBlock";
import { actingElement, ApplicantBlock, applicantElement } from "./ApplicantBlock";
import { outOfSight, withItem, withVersion } from "./change";
import { Checklist, GapWords } from "./Checklist";
import { Drafts, fetchDraft } from "./Drafts";
import { withExample, withExampleMaterials } from "./example";
import {
  adviceOf,
  AGENT_FIELDS,
  APPLICANT_FIELDS,
  askedMaterials,
  askedQuestions,
  gapsOf,
  isFilledIn,
  mended,
  newDraft,
  notAskedFor,
  reviewOf,
  standingOf,
  type Desk,
  type Draft,
} from "./filing";
import { focusOn } from "./goals";
import { Guide } from "./Guide";
import { ItemSection } from "./ItemSection";
import { KeepingState } from "./KeepingState";
import { KeptParts } from "./KeptParts";
import { agentSince, fillableFrom, knownSince, offersOf, withAgent, withApplicant } from "./known";
import { KnownApplicant } from "./KnownApplicant";
import { withTick, withUnmet } from "./looked";
import { MaterialRows } from "./MaterialRows";
import { Points } from "./Points";
import { itemQuery } from "./queries";
import { nameOfPlace, openProblem } from "./refused";
import { ScreenState } from "./ScreenState";
import { Situations } from "./Situations";
import { Taken } from "./Taken";
import { actsOf, inTheWay, missingNow, textsOf, thenOf } from "./then";
import { useKeeping } from "./useKeeping";
import { useHand } from "./useHand";
import { useKnown, useKnownAgent } from "./useKnown";
import { useLeaving } from "./useLeaving";
import { usePlaceWords } from "./usePlaceWords";
import { useReview } from "./useReview";
import { useSubmit, useTaking } from "./useTaking";

interface Props {
  id: string;
  onNext: () => void;
  /** Goes on with a draft that was put aside, and is on this computer now. */
  onResume: (id: string) => void;
}

/** One sitting: from the item that is asked for to the number that is said aloud. */
export function FilingDesk({ id, onNext, onResume }: Props) {
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
        <Intake draft={draft} change={change} onNext={onNext} onResume={onResume} />
      )}
    </>
  );
}

interface IntakeProps {
  draft: Draft;
  change: (alter: (before: Draft) => Draft) => void;
  onNext: () => void;
  onResume: (id: string) => void;
}

function Intake({ draft, change, onNext, onResume }: IntakeProps) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const { demo, today } = useCurrentSession();
  const [showAll, setShowAll] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [guide, setGuide] = useState(false);
  const [drafts, setDrafts] = useState(false);
  const [acting, setActing] = useState(false);
  const [agentsCard, setAgentsCard] = useState<IdCard | null>(null);
  const [uploading, setUploading] = useState<ReadonlySet<string>>(new Set());
  const { data: item, ...itemState } = useQuery({
    ...itemQuery(draft.item ?? ""),
    enabled: draft.item !== null,
  });
  const seen = draft.seen?.version;
  useEffect(() => {
    if (item && item.code === draft.item && item.version !== seen)
      change((before) => withVersion(before, item));
  }, [item, draft.item, seen, change]);
  const standing = useReview(draft, item);
  const { review } = standing;
  const searching = draft.item === null || choosing;
  const keeping = useKeeping(draft, item);
  const known = useKnown(draft, item, today, change);
  const lookingForAgent = useKnownAgent(draft, today, change);
  const looking = known.state === "looking" || lookingForAgent;
  const offers = useMemo(
    () => (known.known && item ? offersOf(known.known, draft, item, review, today) : []),
    [known.known, draft, item, review, today],
  );
  const fillable = useMemo(
    () => (known.earlier && item ? fillableFrom(draft, item, known.earlier) : 0),
    [known.earlier, draft, item],
  );

  const taking = useTaking(draft, change, () => {
    keeping.stop();
    setActing(false);
  });
  const { problem, refusal } = taking;
  const { state } = standing;
  const desk = useMemo(
    (): Desk => ({ draft, item, standing: { review, state }, uploading, today, refusal }),
    [draft, item, review, state, uploading, today, refusal],
  );
  const gaps = useMemo(() => gapsOf(desk), [desk]);
  const advice = useMemo(() => adviceOf(desk), [desk]);
  const points = useMemo(() => (item ? standingOf(item, review, draft) : []), [item, review, draft]);

  const missing = useMemo(
    () => (item ? missingNow(item, review, draft, points) : []),
    [item, review, draft, points],
  );

  const { go, nextGap, onEnter, takeAll, toUnseen } = useHand({
    desk,
    gaps,
    points,
    missing,
    known,
    looking,
    offers,
    fillable,
    change,
    again: standing.again,
  });
  const { submit, busy } = useSubmit(desk, gaps, taking, go);
  const onSubmit = () => {
    setShowAll(true);
    submit();
  };
  const { startOver, resume } = useLeaving(draft, keeping, onNext, onResume);
  const goOnWith = (id: string) => {
    setDrafts(false);
    resume(id);
  };
  const theirs = useCommand(fetchDraft, onResume);

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

  // A draft that is gone on with begins at what is missing.
  const arrived = item !== undefined && !searching && !looking && state !== "checking";
  useLanding(() => {
    const to = gaps.find((gap) => gap.part !== "review");
    if (to) focusOn(to);
    else applicantElement("name")?.focus();
  }, arrived);
  const onTick = (code: string, met: boolean) => change((before) => withTick(before, code, met));
  const onUnmet = (code: string, words: string | null) => change((before) => withUnmet(before, code, words));
  const choose = () => {
    letGo();
    setChoosing((before) => !before);
  };
  const toggleAgent = () => {
    const acting = !draft.acting;
    // The hand goes on where the block opens; so it must be there. Where it closes, no key may alter who applies.
    flushSync(() => change((before) => ({ ...before, acting })));
    (acting ? agentElement("id_number") : actingElement())?.focus();
  };
  const onCard = (card: IdCard, at: Element | null) => {
    const ofAgent = isAgents(at) || draft.applicant.kind !== "person";
    flushSync(() => {
      if (ofAgent) setAgentsCard(card);
      change((before) => withCardAt(before, card, ofAgent));
    });
    if (ofAgent) goOnFrom(at, AGENT_FIELDS, agentElement);
    else goOnFrom(at, APPLICANT_FIELDS.person, applicantElement);
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
  useShortcut("submit", onSubmit);
  useShortcut("next", startOver);
  useShortcut("guide", () => setGuide((open) => !open));
  useShortcut("item", choose, draft.item !== null);
  useShortcut("agent", toggleAgent, item !== undefined);
  useShortcut("example", askExample, demo && item !== undefined);
  useShortcut("drafts", () => setDrafts(true));
  const acts = item ? actsOf(item, gaps, missing) : [];
  const openActs = () => setActing(true);
  const sayNoActs = () => {
    const first = inTheWay(gaps)[0] ?? gaps[0];
    const content = first ? (
      <>
        {t("window.actsFirst")}
        <GapWords of={first} />
      </>
    ) : (
      t("window.actsNone")
    );
    void message.info({ key: "acts", content });
    if (!first) return;
    setShowAll(true);
    go(first);
  };
  useShortcut("then", acts.length > 0 ? openActs : sayNoActs);

  const nameOf = (pointer: string) => {
    if (pointer === "/cases/0/item_code") return item?.name;
    const place = nameOfPlace(pointer, refusal, item);
    return place && sayPlace(place);
  };
  const sayPlace = usePlaceWords(draft.applicant.kind);
  const refused = gaps.flatMap((gap) =>
    gap.part === "form" && gap.fault.refused ? [{ pointer: gap.pointer, ...gap.fault }] : [],
  );
  const toField = (pointer: string) => focusOn({ part: "form", pointer });
  const own = points.filter(({ material }) => material === null);

  return (
    <div className={guide && !searching ? "desk-columns desk-columns-guide" : "desk-columns"}>
      <div>
        <ItemSection
          draft={draft}
          item={item}
          query={itemState}
          review={review}
          choosing={choosing}
          guide={guide}
          pick={pick}
          example={demo ? { busy: fillExample.busy, problem: fillExample.problem, ask: askExample } : null}
          onExampleRetry={() => void fillExample.retry()}
          onChoose={choose}
          onKeep={() => setChoosing(false)}
          onGuide={() => setGuide(!guide)}
          onDrafts={() => setDrafts(true)}
        />
        {item && (
          <>
            {draft.anew && (
              <Alert
                type="warning"
                role="alert"
                showIcon
                title={t("window.anew")}
                action={
                  <Button size="small" onClick={() => change((before) => ({ ...before, anew: false }))}>
                    {t("window.anewSeen")}
                  </Button>
                }
                data-testid="item-anew"
              />
            )}
            <KeptParts of={draft} onDismiss={() => change(outOfSight)} />
            <ApplicantBlock
              applicant={draft.applicant}
              subjects={item.subjects}
              acting={draft.acting}
              gaps={gaps}
              showAll={showAll}
              since={(field) => knownSince(draft, field)}
              onChange={(applicant) => change((before) => withApplicant(before, applicant))}
              onCard={onCard}
              onEnter={onEnter}
              onActing={toggleAgent}
            >
              <KnownApplicant
                of={known}
                draft={draft}
                item={item}
                offers={offers.length}
                fillable={fillable}
                onTakeAll={takeAll}
              />
            </ApplicantBlock>
            {draft.acting && (
              <AgentBlock
                agent={draft.agent}
                gaps={gaps}
                showAll={showAll}
                since={(field) => agentSince(draft, field)}
                onChange={(agent) => change((before) => withAgent(before, agent))}
                card={agentsCard}
                onCardClose={() => setAgentsCard(null)}
                onEnter={onEnter}
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
                // What is on its way for one item is nothing of another.
                key={item.code}
                of={askedMaterials(item, review)}
                notAsked={notAskedFor(draft, item, review)}
                handed={draft.materials}
                offers={offers}
                points={points}
                schema={item.form_schema}
                gaps={gaps}
                onChange={(code, alter) =>
                  change((before) => ({
                    ...before,
                    materials: { ...before.materials, [code]: alter(before.materials[code]) },
                  }))
                }
                onUploading={(code, busy) =>
                  setUploading(
                    (before) => new Set(busy ? [...before, code] : [...before].filter((one) => one !== code)),
                  )
                }
                onTick={onTick}
                onUnmet={onUnmet}
                onField={toField}
              />
            </Section>
            {own.length > 0 && (
              <Section title={t("window.points")}>
                <Points
                  of={own}
                  schema={item.form_schema}
                  onTick={onTick}
                  onUnmet={onUnmet}
                  onField={toField}
                />
              </Section>
            )}
          </>
        )}
      </div>
      <div className="desk-side">
        <Checklist
          gaps={gaps}
          advice={advice}
          busy={busy}
          problem={openProblem(problem, refusal, draft, item)}
          nameOf={nameOf}
          onGap={go}
          onAdvice={go}
          onNextGap={nextGap}
          onSubmit={onSubmit}
          onRetry={taking.retry}
          onStartOver={startOver}
          onActs={acts.length > 0 ? openActs : undefined}
        >
          <KeepingState of={keeping} theirs={theirs} onTheirs={() => void theirs.run(draft.filing)} />
          {keeping.state !== "untouched" && <ScreenState filing={draft.filing} keeping={keeping} />}
        </Checklist>
        {guide && item && !searching && <Guide of={item} onClose={() => setGuide(false)} />}
      </div>
      {drafts && <Drafts current={draft.filing} onResume={goOnWith} onClose={() => setDrafts(false)} />}
      {acting && item && review && (
        <StepDialog
          acts={acts}
          missing={missing}
          texts={textsOf(item, draft)}
          fixed
          onLook={() => {
            setActing(false);
            // The dialog gives the keyboard back before it goes.
            setTimeout(toUnseen);
          }}
          busy={taking.busy}
          problem={openProblem(problem, refusal, draft, item)}
          onStep={(step) => taking.send(item, review, thenOf(step))}
          onRetry={taking.retry}
          onClose={() => setActing(false)}
        />
      )}
    </div>
  );
}
