/** Prints papers one after the other, each for itself: what keeps one keeps no other. */
import { useCallback, useRef, useState } from "react";
import { Failure } from "../api/failure";
import { printPaper } from "../api/hall-calls";
import { uuidv7 } from "../shared/uuid";
import { useCaseChanged } from "./queries";

export interface Printing {
  /** Asks for each paper that is not asked for already. */
  print: (ids: string[]) => void;
  underWay: ReadonlySet<string>;
  /** Those for which there was an answer, or none came. */
  answered: ReadonlySet<string>;
  problems: ReadonlyMap<string, Failure>;
}

const NONE: ReadonlySet<string> = new Set();

const withOne = (set: ReadonlySet<string>, id: string) => new Set([...set, id]);
const without = (set: ReadonlySet<string>, id: string) => new Set([...set].filter((other) => other !== id));

export function usePrinting(): Printing {
  const changed = useCaseChanged();
  const [underWay, setUnderWay] = useState(NONE);
  const [answered, setAnswered] = useState(NONE);
  const [problems, setProblems] = useState<ReadonlyMap<string, Failure>>(new Map());
  // As long as nobody knows whether a paper is printed, it is asked for as before, and so printed once.
  const keys = useRef(new Map<string, string>());
  const asked = useRef(new Set<string>());
  const last = useRef(Promise.resolve());

  const one = useCallback(
    async (id: string) => {
      const key = keys.current.get(id) ?? uuidv7();
      keys.current.set(id, key);
      let problem: Failure | null = null;
      try {
        await printPaper({ id }, { key });
      } catch (thrown) {
        problem = Failure.of(thrown);
      }
      if (!problem?.uncertain) keys.current.delete(id);
      asked.current.delete(id);
      setProblems((before) => {
        const after = new Map(before);
        if (problem) after.set(id, problem);
        else after.delete(id);
        return after;
      });
      setAnswered((before) => withOne(before, id));
      setUnderWay((before) => without(before, id));
      changed();
    },
    [changed],
  );
  const print = useCallback(
    (ids: string[]) => {
      for (const id of ids.filter((id) => !asked.current.has(id))) {
        asked.current.add(id);
        setUnderWay((before) => withOne(before, id));
        last.current = last.current.then(() => one(id));
      }
    },
    [one],
  );
  return { print, underWay, answered, problems };
}
