import { useCallback, useState } from "react";

const KEY = (name: string) => `yichuang.${name}`;

export const recall = (name: string): string | null => localStorage.getItem(KEY(name));
export const remember = (name: string, value: string): void => localStorage.setItem(KEY(name), value);

/** A choice that this computer keeps, such as the language or a window's number. Never personal data. */
export function useRemembered(name: string, otherwise: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => recall(name) ?? otherwise);
  const change = useCallback(
    (next: string) => {
      remember(name, next);
      setValue(next);
    },
    [name],
  );
  return [value, change];
}
