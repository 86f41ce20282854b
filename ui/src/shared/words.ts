import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import type { FieldProblem, Json } from "../api/types";
import { titleAt, type FieldFault } from "./schema";

/** A fault of a form's field, in words, without the field's name. */
export function useFaultWords(schema: Json) {
  const { t } = useTranslation();
  return useCallback(
    ({ code, params, pointer }: FieldFault) =>
      t(`field.${code}`, { ...params, name: titleAt(schema, pointer) ?? "" }),
    [t, schema],
  );
}

/** The words for something the service names, or its name where a newer service says what nobody has words for yet. */
export function useNamed() {
  const { t, i18n } = useTranslation();
  return useCallback(
    (key: string, otherwise: string, values: Record<string, unknown> = {}): string =>
      i18n.exists(key) ? String(t(key as "again", values)) : otherwise,
    [t, i18n],
  );
}

/** A failed call in words. An unknown code, from a newer service, is at least named. */
export function useProblemWords() {
  const { t } = useTranslation();
  const named = useNamed();
  return useCallback(
    ({ code }: Failure) => named(`problem.${code}`, t("problems.unknown", { code })),
    [t, named],
  );
}

/** One wrong field of a failed call: its name, what was sent, and what is wrong with it. */
export function useFieldProblemWords() {
  const { t } = useTranslation();
  const named = useNamed();
  return useCallback(
    (error: FieldProblem, nameOf: (pointer: string) => string | undefined) => {
      const name = nameOf(error.pointer) ?? error.pointer;
      const words = named(`field.${error.code}`, error.code, { ...(error.params as object | undefined) });
      const value = error.value;
      const given = value === undefined || value === null || value === "" ? null : shown(value);
      // An error without a place is about the whole: its value is what it is about.
      if (name === "") return given === null ? words : t("problems.wholeValue", { words, value: given });
      return given === null
        ? t("problems.field", { name, words })
        : t("problems.fieldValue", { name, words, value: given });
    },
    [t, named],
  );
}

export const shown = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);
