import { useCallback, useState } from "react";

/** Keys are `<service>.<what>.<id>`. */
const PREFIX = "yichuang.draft.";
const OWNER = "yichuang.drafts-of.";

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

const under = (desk: string) =>
  Object.keys(sessionStorage).filter((key) => key.startsWith(`${PREFIX}${desk}.`));

/** Whether something was typed whose key begins with this and a dot. */
export const hasDraft = (desk: string): boolean => under(desk).length > 0;

/** Forgets everything typed whose key begins with this and a dot: somebody else sits down, or the desk is left. */
export function dropDrafts(desk: string): void {
  for (const key of under(desk)) sessionStorage.removeItem(key);
}

/** What was typed at a desk belongs to who typed it: somebody else finds nothing of it, also after a reload. */
export function ownDrafts(desk: string, account: string): void {
  const owner = `${OWNER}${desk}`;
  if (sessionStorage.getItem(owner) !== account) dropDrafts(desk);
  sessionStorage.setItem(owner, account);
}

/**
 * State that survives an error, an expired session and a reload of the page, but not the end of the tab. What an earlier
 * version of the page stored is mended before anybody sees it.
 */
export function useDraft<T>(
  key: string,
  fresh: () => T,
  mend: (stored: T) => T = (stored) => stored,
): [T, (change: (before: T) => T) => void, () => void] {
  const read = () => {
    const stored = readDraft<T>(key);
    return { key, value: stored === null ? fresh() : mend(stored) };
  };
  const [held, setHeld] = useState(read);
  // Another key is another draft: what belongs to the old one must not be seen for a moment.
  const current = held.key === key ? held : read();
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
