/** Where the hand goes next: to what is missing, to what nobody has looked at, and on when the hall has answered. */
import { useEffect, useRef } from "react";
import { flushSync } from "react-dom";
import { useShortcut } from "../shared/shortcuts";
import {
  gapsOf,
  isThere,
  sureGaps,
  type Advice,
  type Desk,
  type Draft,
  type Gap,
  type StandingPoint,
} from "./filing";
import { elementOf, focusOn } from "./goals";
import { withEarlier, withOffers, type Offer } from "./known";
import { groupAt, withGroupTicked, withUnmet } from "./looked";
import { pointAt, pointElement, toWords } from "./Points";
import type { Missing } from "../cases/steps";
import type { Known } from "./useKnown";
import { useMaterialFirst } from "./useMaterialFirst";

interface Parts {
  desk: Desk;
  gaps: Gap[];
  points: StandingPoint[];
  missing: Missing[];
  known: Known;
  /** Whether the hall is asked who applies or acts. */
  looking: boolean;
  offers: Offer[];
  /** How much an earlier case would fill in. */
  fillable: number;
  change: (alter: (before: Draft) => Draft) => void;
  /** Asks the hall once more what it says to the draft. */
  again: () => void;
}

export function useHand({
  desk,
  gaps,
  points,
  missing,
  known,
  looking,
  offers,
  fillable,
  change,
  again,
}: Parts) {
  const { draft, item, standing } = desk;
  const { state } = standing;
  const materialFirst = useMaterialFirst(item);
  const go = (to: Gap | Advice | undefined) => {
    if (to?.part === "review") again();
    else if (to) focusOn(to);
  };
  // From here the hand goes on once the hall has said what is asked for now, unless it went elsewhere meanwhile.
  const waitingAt = useRef<Element | null>(null);
  // What the answers of an earlier case make the hall ask for is taken over with them.
  const takingAll = useRef(false);
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
    if (looking || state === "checking") waitingAt.current = document.activeElement;
    else nextGap();
  };
  useEffect(() => {
    if (!waitingAt.current || looking || state === "checking") return;
    if (takingAll.current) {
      takingAll.current = false;
      if (offers.length) return change((before) => withOffers(before, offers));
    }
    const now = document.activeElement;
    const stayed = now === waitingAt.current || now === document.body;
    waitingAt.current = null;
    const [to] = sureGaps(gaps, state);
    if (to && stayed) focusOn(to);
  }, [gaps, looking, state, offers, change]);
  const looked = () => {
    const group = groupAt(document.activeElement, points);
    if (!item) return;
    // Where nothing is left to look at, the next that nobody has looked at is gone to, and not ticked unseen.
    if (group === undefined) return toUnseen();
    if (group !== null && !isThere(draft.materials[group])) return materialFirst(group);
    const ticked = withGroupTicked(draft, points, group);
    flushSync(() => change(() => ticked));
    const [to] = sureGaps(gapsOf({ ...desk, draft: ticked }), state);
    if (to) focusOn(to);
    else if (state === "checking") waitingAt.current = document.activeElement;
  };
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
    if (!of.words)
      flushSync(() => change((before) => withUnmet(before, code, of.finding === "violated" ? null : "")));
    if (of.finding === "violated" && !of.words) pointElement(code)?.focus();
    else toWords(code);
  };
  const nextGap = () => {
    const sure = sureGaps(gaps, state);
    const all = sure.length ? sure : gaps;
    const at = all.findIndex((gap) => elementOf(gap)?.contains(document.activeElement));
    go(all[(at + 1) % all.length]);
  };
  useShortcut("gap", nextGap, gaps.length > 0);
  useShortcut("reuse", takeAll, offers.length > 0 || fillable > 0);
  useShortcut("looked", looked, item !== undefined);
  useShortcut("unmet", unmet, item !== undefined);
  return { go, nextGap, onEnter, takeAll, toUnseen };
}
