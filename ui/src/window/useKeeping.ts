import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Failure } from "../api/failure";
import { keepDraft, readDraft as readKept } from "../api/hall-calls";
import type { DraftKept, ItemView, KeepDraft } from "../api/types";
import { useSessionLost } from "../session/useSession";
import { readDraft, writeDraft } from "../shared/draft";
import { useDelayed } from "../shared/useDelayed";
import { isTouched, type Draft } from "./filing";
import { keepingOf } from "./keep";

/** Long enough that a fast hand is not a version for every word, short enough that a crash costs a moment. */
const STILL = 1_000;
const AGAIN_AFTER = 10_000;

/** What the hall has of a sitting. It is remembered beside the sitting, which goes on after a reload. */
export interface Kept {
  version: number;
  /** What was sent, so that the same is not sent twice. */
  text: string;
  at: string;
}

/** A draft of the hall as it was fetched. What else was sent with it is not known: the first look at it is sent once more. */
export const fetched = (view: DraftKept, draft: Draft): Kept =>
  keptOf(view, JSON.stringify({ content: draft }));

export const keptKey = (filing: string) => `hall.kept.${filing}`;

export const keptOf = ({ version, updated_at }: DraftKept, text: string): Kept => ({
  version,
  text,
  at: updated_at,
});

export interface Keeping {
  /** `elsewhere`: somebody has gone on with it at another window meanwhile. */
  state: "untouched" | "open" | "saving" | "kept" | "failed" | "elsewhere";
  at: string | null;
  /** Why it was not kept, where that did not succeed. */
  problem: Failure | null;
  confirmed: DraftKept["confirmed"];
  /** Keeps it now; false where that did not succeed. */
  flush: () => Promise<boolean>;
  /** Keeps what is here instead of what came from the other window. */
  insist: () => Promise<boolean>;
  /** No more is sent of it. */
  stop: () => void;
}

/** Keeps the draft at the hall while it is typed. */
export function useKeeping(draft: Draft, item: ItemView | undefined): Keeping {
  const queries = useQueryClient();
  const key = keptKey(draft.filing);
  const [kept, setKept] = useState<Kept | null>(() => readDraft<Kept>(key));
  const [trouble, setTrouble] = useState<Failure | "elsewhere" | null>(null);
  const [busy, setBusy] = useState(false);
  const [confirmed, setConfirmed] = useState<DraftKept["confirmed"]>(null);
  const text = useMemo(() => JSON.stringify(keepingOf(draft, item)), [draft, item]);
  const content = useMemo(() => JSON.stringify(draft), [draft]);
  const touched = isTouched(draft) && !draft.taken;
  // Before the item is read again after a reload, its name is not known: nothing is sent that says less.
  const ready = touched && (draft.item === null || item !== undefined);

  const now = useRef({ text, content, touched, ready, kept });
  useEffect(() => {
    now.current = { text, content, touched, ready, kept: now.current.kept };
  });
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);
  const running = useRef<Promise<boolean> | null>(null);

  const send = useCallback(async (): Promise<boolean> => {
    const one = async (version: number | null): Promise<boolean> => {
      const { text: sent, content, touched, ready, kept } = now.current;
      if (stopped.current || !touched || kept?.text === sent) return true;
      // Of an item that cannot be read any more nothing is sent: it is safe only as far as the hall has it.
      if (!ready) return contentOf(kept) === content;
      try {
        const view = await keepDraft(draft.filing, version, JSON.parse(sent) as KeepDraft);
        const next = keptOf(view, sent);
        now.current.kept = next;
        if (!stopped.current) writeDraft(key, next);
        setKept(next);
        setConfirmed(view.confirmed);
        setTrouble(null);
        if (version === null) void queries.invalidateQueries({ queryKey: ["hall", "live", "drafts"] });
        return now.current.text === sent || one(view.version);
      } catch (thrown) {
        const failure = Failure.of(thrown);
        // Thrown away at another window, and gone on with here: it is kept anew.
        if (failure.code === "draft-not-found" && version !== null) return one(null);
        setTrouble(failure.code === "precondition-failed" ? "elsewhere" : failure);
        return false;
      }
    };
    if (running.current) return running.current;
    setBusy(true);
    running.current = one(now.current.kept?.version ?? null).finally(() => {
      running.current = null;
      setBusy(false);
    });
    return running.current;
  }, [draft.filing, key, queries]);

  const still = useDelayed(text, STILL);
  const elsewhere = trouble === "elsewhere";
  // While nobody is signed in here, somebody else may be at another page of this browser: nothing is kept in their name.
  const lost = useSessionLost("hall");
  useEffect(() => {
    if (ready && still === text && !elsewhere && !lost) void send();
  }, [ready, still, text, elsewhere, lost, send]);
  const problem = trouble instanceof Failure ? trouble : null;
  const failed = problem !== null;
  useEffect(() => {
    if (!failed || lost) return undefined;
    const timer = setInterval(() => void send(), AGAIN_AFTER);
    return () => clearInterval(timer);
  }, [failed, lost, send]);

  const flush = useCallback(async () => (running.current ? await running.current : true) && send(), [send]);
  const insist = useCallback(async () => {
    const { filing } = draft;
    const theirs = await versionOf(filing);
    if (theirs !== null) now.current.kept = { version: theirs, text: "", at: "" };
    setTrouble(null);
    return send();
  }, [draft, send]);
  const stop = useCallback(() => {
    stopped.current = true;
  }, []);
  const troubled = trouble instanceof Failure ? "failed" : trouble;
  const state = !touched
    ? "untouched"
    : (troubled ?? (kept?.text === text ? "kept" : busy ? "saving" : "open"));
  return { state, at: kept?.at ?? null, problem, confirmed, flush, insist, stop };
}

/** The draft as the hall has it, without what a list calls it; null where that is not known. */
export const contentOf = (kept: Kept | null): string | null =>
  kept?.text ? JSON.stringify((JSON.parse(kept.text) as Pick<KeepDraft, "content">).content) : null;

/** The version that the hall has; null where it has none. */
const versionOf = (filing: string): Promise<number | null> =>
  readKept(filing).then(
    ({ version }) => version,
    () => null,
  );
