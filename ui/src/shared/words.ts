import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import type { FieldProblem, Json } from "../api/types";
import { titleAt, type FieldFault } from "./schema";

const LIMITS = ["above", "least", "below", "most"] as const;

/** A fault of a form's field, in words. A wrong number or date is named with its field, its value and what may be. */
export function useFaultWords(schema: Json) {
  const { t } = useTranslation();
  return useCallback(
    ({ code, params, pointer, value }: FieldFault) => {
      const limits = LIMITS.filter((limit) => typeof params[limit] === "number")
        .map((limit) => t(`limit.${limit}`, { n: params[limit] }))
        .join(t("listSign"));
      const range = limits && t("limit.range", { limits });
      // The unit stands above the field; here the line is short.
      const name = (titleAt(schema, pointer) ?? "").replace(/（[^）]*）$/, "");
      return t(`field.${code}`, { ...params, name, value: brief(shown(value ?? "")), range });
    },
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

/** What a service found wrong with a field, in words, without the field's name. */
export function useRefusalWords() {
  const { t } = useTranslation();
  const named = useNamed();
  return useCallback(
    ({ code, params, value }: Pick<FieldProblem, "code" | "params" | "value">) => {
      const values = Object.entries({ value, ...((params ?? {}) as Json) }).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(t("listSign")) : value,
      ]);
      // What is missing of a question is one of its answers.
      const key =
        code === "required" && values.some(([name]) => name === "question") ? "answer-required" : code;
      return named(`field.${key}`, code, Object.fromEntries(values) as Json);
    },
    [t, named],
  );
}

/** One wrong field of a failed call: its name, what was sent, and what is wrong with it. */
export function useFieldProblemWords() {
  const { t } = useTranslation();
  const say = useRefusalWords();
  return useCallback(
    (error: FieldProblem, nameOf: (pointer: string) => string | undefined) => {
      const name = nameOf(error.pointer) ?? error.pointer;
      const words = say(error);
      const value = error.value;
      // What is said of something missing is not what was entered.
      const isNone = value === undefined || value === null || value === "" || error.code === "required";
      const given = isNone ? null : shown(value);
      // An error without a place is about the whole: its value is what it is about.
      if (name === "") return given === null ? words : t("problems.wholeValue", { words, value: given });
      return given === null
        ? t("problems.field", { name, words })
        : t("problems.fieldValue", { name, words, value: given });
    },
    [t, say],
  );
}

export const shown = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);

const LONGEST = 24;
const brief = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
