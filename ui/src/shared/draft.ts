import { useCallback, useState } from "react";

const PREFIX = "yichuang.draft.";

/** What was typed under a key before the page was left, if anything. */
export function readDraft<T>(key: string): T | null {
  const text = sessionStorage.getItem(PREFIX + key);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

export function writeDraft(key: string, value: unknown): void {
  sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
}

export function dropDraft(key: string): void {
  sessionStorage.removeItem(PREFIX + key);
}

/** Forgets everything typed: somebody else sits down, or the desk is left. */
export function dropAllDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

/** State that survives an error, an expired session and a reload of the page, but not the end of the tab. */
export function useDraft<T>(
  key: string,
  fresh: () => T,
): [T, (change: (before: T) => T) => void, () => void] {
  const [held, setHeld] = useState(() => ({ key, value: readDraft<T>(key) ?? fresh() }));
  // Another key is another draft: what belongs to the old one must not be seen for a moment.
  const current = held.key === key ? held : { key, value: readDraft<T>(key) ?? fresh() };
  if (current !== held) setHeld(current);

  const change = useCallback(
    (alter: (before: T) => T) =>
      setHeld((before) => {
        const value = alter(before.value);
        writeDraft(before.key, value);
        return { key: before.key, value };
      }),
    [],
  );
  const drop = useCallback(() => dropDraft(key), [key]);
  return [current.value, change, drop];
}
