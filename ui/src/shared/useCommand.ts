import { useCallback, useRef, useState } from "react";
import { Failure } from "../api/failure";
import { uuidv7 } from "./uuid";

/** One try to change something. Its key stays the same while the same try is repeated. */
export interface Attempt {
  key: string;
}

export interface Command<Input, Output> {
  run: (input: Input) => Promise<Output | undefined>;
  /** Repeats the last try with the same key, or does nothing when there was none. */
  retry: () => Promise<Output | undefined>;
  busy: boolean;
  problem: Failure | null;
  clear: () => void;
}

/**
 * Sends a change and owns what a person must see of it: busy, failed, and why. A second call while the first is
 * under way is ignored. The key is made anew when the input differs or a definite answer has come.
 */
export function useCommand<Input, Output>(
  send: (input: Input, attempt: Attempt) => Promise<Output>,
  onDone?: (output: Output, input: Input) => void,
  onRefused?: (failure: Failure) => void,
): Command<Input, Output> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Failure | null>(null);
  const underWay = useRef(false);
  const attempt = useRef<{ key: string; text: string; input: Input } | null>(null);

  const run = useCallback(
    async (input: Input): Promise<Output | undefined> => {
      if (underWay.current) return undefined;
      underWay.current = true;
      setBusy(true);
      setProblem(null);
      const text = JSON.stringify(input) ?? "";
      const key = attempt.current?.text === text ? attempt.current.key : uuidv7();
      attempt.current = { key, text, input };
      let output: Output;
      try {
        output = await send(input, { key });
      } catch (thrown) {
        const failure = Failure.of(thrown);
        setProblem(failure);
        if (!failure.uncertain) {
          attempt.current = { key: uuidv7(), text, input };
          onRefused?.(failure);
        }
        return undefined;
      } finally {
        underWay.current = false;
        setBusy(false);
      }
      attempt.current = null;
      onDone?.(output, input);
      return output;
    },
    [send, onDone, onRefused],
  );

  const retry = useCallback(
    () => (attempt.current ? run(attempt.current.input) : Promise.resolve(undefined)),
    [run],
  );
  const clear = useCallback(() => setProblem(null), []);
  return { run, retry, busy, problem, clear };
}
