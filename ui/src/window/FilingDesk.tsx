import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import { removeDraft, reviewItem, takeFiling } from "../api/hall-calls";
import type { ItemView, Review, Then } from "../api/types";
import { caseQuery } from "../cases/queries";
import { StepDialog } from "../cases/StepDialog";
import { withCardAt } from "./card";
import { useCurrentSession } from "../session/useSession";
import { useDraft, writeDraft } from "../shared/draft";
import { letGo, useLanding } from "../shared/focus";
import { PageHeading, Section } from "../shared/Page";
import { SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { AgentBlock, agentElement, isAgents } from "./AgentBlock";
import { ApplicantBlock, applicantElement } from "./ApplicantBlock";
import { outOfSight, withItem, withVersion } from "./change";
import { Checklist } from "./Checklist";
import { Drafts, fetchDraft } from "./Drafts";
import { withExample, withExampleMaterials } from "./example";
import {
  adviceOf,
  askedMaterials,
  askedQuestions,
  filingOf,
  gapsOf,
  isFilledIn,
  isThere,
  isTouched,
  mended,
  newDraft,
  notAskedFor,
  reviewOf,
  standingOf,
  sureGaps,
  type Advice,
  type Desk,
  type Draft,
  type Gap,
  type Refusal,
} from "./filing";
import { elementOf, focusOn } from "./goals";
import { Guide } from "./Guide";
import { ItemSection } from "./ItemSection";
import { KeepingState } from "./KeepingState";
import { KeptParts } from "./KeptParts";
import { fillableFrom, knownSince, offersOf, withApplicant, withEarlier, withOffers } from "./known";
import { KnownApplicant } from "./KnownApplicant";
import { groupAt, withGroupTicked, withTick, withUnmet } from "./looked";
import { MaterialRows } from "./MaterialRows";
import { pointAt, pointElement, Points, toWords } from "./Points";
import { itemQuery } from "./queries";
import { nameOfPlace, openProblem } from "./refused";
import { ScreenState } from "./ScreenState";
import { Situations } from "./Situations";
import { Taken } from "./Taken";
import { actsOf, missingNow, thenOf } from "./then";
import { rememberTaken } from "./used";
import { useKeeping } from "./useKeeping";
import { useKnown } from "./useKnown";
import { usePlaceWords } from "./usePlaceWords";
import { useReview } from "./useReview";

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
  const { modal } = App.useApp();
  const queries = useQueryClient();
  const { account, demo, today } = useCurrentSession();
  const [showAll, setShowAll] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [guide, setGuide] = useState(false);
  const [drafts, setDrafts] = useState(false);
  const [acting, setActing] = useState(false);
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
  const offers = useMemo(
    () => (known.known && item ? offersOf(known.known, draft, item, review, today) : []),
    [known.known, draft, item, review, today],
  );
  const fillable = useMemo(
    () => (known.earlier && item ? fillableFrom(draft, item, known.earlier) : 0),
    [known.earlier, draft, item],
  );

  // The draft on the disk says "taken" before anything is drawn, so that a reload shows the number again.
  const take = useCommand(takeFiling, ({ cases }, { cases: [sent] }) => {
    for (const view of cases) queries.setQueryData(caseQuery(view.id).queryKey, view);
    if (sent) rememberTaken(account.id, sent.item_code);
    keeping.stop();
    setActing(false);
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
  const points = useMemo(() => (item ? standingOf(item, review, draft) : []), [item, review, draft]);

  const missing = useMemo(
    () => (item ? missingNow(item, review, draft, points) : []),
    [item, review, draft, points],
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

  const send = (view: ItemView, said: Review, then?: Then) => {
    setSent({ draft, review: said });
    void take.run(filingOf(draft, view, said, then)).then((filing) => {
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

  // Who comes back with what was missing finds everything as it was: putting aside is the first answer.
  const startOver = () => {
    if (!isTouched(draft)) return onNext();
    const putAside = () =>
      keeping.flush().then((kept) => {
        if (kept) return onNext();
        void modal.warning({ title: t("drafts.notKept"), content: t("drafts.notKeptWords") });
      });
    const throwAway = async () => {
      keeping.stop();
      // Without an answer it is found again among those that were put aside: nothing is lost by it.
      await removeDraft(draft.filing).catch(() => undefined);
      onNext();
    };
    const asked = modal.confirm({
      title: t("window.dropTitle"),
      content: t("window.dropWords"),
      okText: t("window.putAside"),
      okButtonProps: { "data-testid": "put-aside" },
      cancelText: t("cancel"),
      onOk: putAside,
      footer: (_, { OkBtn, CancelBtn }) => (
        <>
          <Button
            danger
            data-testid="throw-away"
            onClick={() => {
              asked.destroy();
              void throwAway();
            }}
          >
            {t("window.drop")}
          </Button>
          <CancelBtn />
          <OkBtn />
        </>
      ),
    });
  };
  const resume = (id: string) => {
    setDrafts(false);
    void keeping.flush().then((kept) => {
      if (kept) return onResume(id);
      void modal.warning({ title: t("drafts.notKept"), content: t("drafts.notKeptWords") });
    });
  };
  // From here the hand goes on once the hall has said what is asked for now, unless it went elsewhere meanwhile.
  const waitingAt = useRef<Element | null>(null);
  // What the answers of an earlier case make the hall ask for is taken over with them.
  const takingAll = useRef(false);
  const theirs = useCommand(fetchDraft, onResume);
  const takeAll = () => {
    if (!item) return;
    flushSync(() =>
      change((before) => {
        const filled = known.earlier ? withEarlier(before, item, known.earlier) : before;
        return withOffers(filled, offers);
      }),
    );
    waitingAt.current = document.activeElement;
    takingAll.current = true;
  };
  const onEnter = () => {
    if (known.state === "looking" || state === "checking") waitingAt.current = document.activeElement;
    else nextGap();
  };
  useEffect(() => {
    if (!waitingAt.current || known.state === "looking" || state === "checking") return;
    if (takingAll.current) {
      takingAll.current = false;
      if (offers.length) return change((before) => withOffers(before, offers));
    }
    const now = document.activeElement;
    const stayed = now === waitingAt.current || now === document.body;
    waitingAt.current = null;
    const [to] = sureGaps(gaps, state);
    if (to && stayed) focusOn(to);
  }, [gaps, known.state, state, offers, change]);
  // A draft that is gone on with begins at what is missing.
  const arrived = item !== undefined && !searching && known.state !== "looking" && state !== "checking";
  useLanding(() => {
    const to = gaps.find((gap) => gap.part !== "review");
    if (to) focusOn(to);
    else applicantElement("name")?.focus();
  }, arrived);
  const looked = () => {
    const group = groupAt(document.activeElement, points);
    if (!item) return;
    // Where nothing is left to look at, the next that nobody has looked at is gone to, and not ticked unseen.
    if (group === undefined) return toUnseen();
    // Nobody has looked at what is not there.
    if (group !== null && !isThere(draft.materials[group])) return nextGap();
    const ticked = withGroupTicked(draft, points, group);
    flushSync(() => change(() => ticked));
    const [to] = sureGaps(gapsOf({ ...desk, draft: ticked }), state);
    if (to) focusOn(to);
    else if (state === "checking") waitingAt.current = document.activeElement;
  };
  const onTick = (code: string, met: boolean) => change((before) => withTick(before, code, met));
  const onUnmet = (code: string, words: string | null) => change((before) => withUnmet(before, code, words));
  const toUnseen = () => {
    const there = (material: string | null) => material === null || isThere(draft.materials[material]);
    const advised = points.find(
      ({ point, material, finding }) => !point.by_machine && finding === "open" && there(material),
    );
    const next = missing.find(({ unseen }) => unseen)?.code ?? advised?.point.code;
    if (next) pointElement(next)?.focus();
  };
  const unmet = () => {
    const of = points.find(({ point }) => point.code === pointAt(document.activeElement));
    if (!of) return toUnseen();
    const { code } = of.point;
    // What somebody wrote is not thrown away by a key.
    if (!of.words) flushSync(() => onUnmet(code, of.finding === "violated" ? null : ""));
    if (of.finding === "violated" && !of.words) pointElement(code)?.focus();
    else toWords(code);
  };
  const nextGap = () => {
    const sure = sureGaps(gaps, state);
    const all = sure.length ? sure : gaps;
    const at = all.findIndex((gap) => elementOf(gap)?.contains(document.activeElement));
    go(all[(at + 1) % all.length]);
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
  useShortcut("reuse", takeAll, offers.length > 0 || fillable > 0);
  useShortcut("drafts", () => setDrafts(true));
  useShortcut("looked", looked, item !== undefined);
  useShortcut("unmet", unmet, item !== undefined);
  const acts = item ? actsOf(item, gaps, missing) : [];
  const openActs = () => setActing(true);
  useShortcut("then", openActs, acts.length > 0);

  const nameOf = (pointer: string) => {
    const place = nameOfPlace(pointer, problem, sent, item);
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
              agentNumber={draft.acting ? draft.agent.id_number : undefined}
              onCard={(card, at) =>
                change((before) =>
                  withCardAt(before, card, isAgents(at) || before.applicant.kind !== "person"),
                )
              }
              onEnter={onEnter}
              onActing={toggleAgent}
            >
              <KnownApplicant
                of={known}
                draft={draft}
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
                offers={offers}
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
          busy={take.busy || hurry.busy}
          problem={openProblem(problem, refusal, draft, item)}
          nameOf={nameOf}
          onGap={go}
          onAdvice={go}
          onNextGap={nextGap}
          onSubmit={submit}
          onRetry={() => void take.retry()}
          onStartOver={startOver}
          onActs={acts.length > 0 ? openActs : undefined}
        >
          <KeepingState of={keeping} theirs={theirs} onTheirs={() => void theirs.run(draft.filing)} />
          {keeping.state !== "untouched" && <ScreenState filing={draft.filing} keeping={keeping} />}
        </Checklist>
        {guide && item && !searching && <Guide of={item} onClose={() => setGuide(false)} />}
      </div>
      {drafts && <Drafts current={draft.filing} onResume={resume} onClose={() => setDrafts(false)} />}
      {acting && item && review && (
        <StepDialog
          acts={acts}
          missing={missing}
          fixed
          onLook={() => {
            setActing(false);
            // The dialog gives the keyboard back before it goes.
            setTimeout(toUnseen);
          }}
          busy={take.busy}
          problem={openProblem(problem, refusal, draft, item)}
          onStep={(step) => send(item, review, thenOf(step))}
          onRetry={() => void take.retry()}
          onClose={() => setActing(false)}
        />
      )}
    </div>
  );
}
