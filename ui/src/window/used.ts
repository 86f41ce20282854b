/** Which items a clerk takes often and lately, so that they are at hand before anything is typed. */
import { recall, remember } from "../shared/remembered";

/** So many takings tell what somebody takes; older ones are forgotten. */
const KEPT = 60;

const nameOf = (account: string) => `items-taken.${account}`;

/** The codes of what a clerk has taken at this computer, the last one first. */
export function takenBy(account: string): string[] {
  try {
    const kept: unknown = JSON.parse(recall(nameOf(account)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((code) => typeof code === "string") : [];
  } catch {
    return [];
  }
}

export function rememberTaken(account: string, code: string): void {
  remember(nameOf(account), JSON.stringify([code, ...takenBy(account)].slice(0, KEPT)));
}

/**
 * Items in the order in which they are likely to be wanted. Each taking counts the less the more others came after it:
 * half after one, a third after two. So what is taken every day stays ahead of what was taken once just now.
 */
export function inOrderOfUse<T extends { code: string }>(items: T[], taken: string[]): T[] {
  const weights = new Map<string, number>();
  taken.forEach((code, at) => weights.set(code, (weights.get(code) ?? 0) + 1 / (at + 1)));
  const weight = ({ code }: T) => weights.get(code) ?? 0;
  return items.map((item) => item).sort((a, b) => weight(b) - weight(a));
}
