import { useCallback, useState } from "react";

/** A choice that this computer keeps, such as the language or a window's number. Never personal data. */
export function useRemembered(name: string, otherwise: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => localStorage.getItem(`yichuang.${name}`) ?? otherwise);
  const change = useCallback(
    (next: string) => {
      localStorage.setItem(`yichuang.${name}`, next);
      setValue(next);
    },
    [name],
  );
  return [value, change];
}
