/** Every key that does something by itself is named here, and only here. */
import { useEffect, useRef } from "react";

export const SHORTCUTS = {
  help: ["F1"],
  keys: ["Shift+?"],
  find: ["F2", "/"],
  submit: ["Ctrl+Enter"],
  print: ["Ctrl+P"],
  next: ["Alt+N", "Ctrl+N"],
  gap: ["F8"],
  card: ["F7"],
  guide: ["F4"],
  item: ["Alt+I"],
  agent: ["Alt+A"],
  example: ["Alt+E"],
  claim: ["Alt+C"],
  ask: ["Alt+B"],
  reject: ["Alt+J"],
  document: ["Alt+M"],
  enquiries: ["Alt+Q"],
  reuse: ["Alt+R"],
  looked: ["F9"],
  unmet: ["Shift+F9"],
  then: ["Alt+T"],
  screen: ["Alt+S"],
  drafts: ["Alt+K"],
  desk: ["Ctrl+Shift+D"],
  menu1: ["Alt+1"],
  menu2: ["Alt+2"],
  menu3: ["Alt+3"],
  menu4: ["Alt+4"],
} as const;

export type ShortcutName = keyof typeof SHORTCUTS;

/** Whether the key belongs to an input method that is still composing a character. */
const composing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

function matches(event: KeyboardEvent, combination: string): boolean {
  const pieces = combination.split("+");
  const key = pieces.pop()!;
  const ctrl = pieces.includes("Ctrl");
  const alt = pieces.includes("Alt");
  if ((event.ctrlKey || event.metaKey) !== ctrl || event.altKey !== alt) return false;
  // With Alt or Ctrl the layout may turn the letter into another sign: the place of the key counts.
  if ((ctrl || alt) && /^[A-Z]$/.test(key)) {
    return event.code === `Key${key}` && event.shiftKey === pieces.includes("Shift");
  }
  if (alt && /^\d$/.test(key)) return event.code === `Digit${key}`;
  return event.key === key && (key.length === 1 || event.shiftKey === pieces.includes("Shift"));
}

const isSign = (combination: string) => combination === "/" || combination === "Shift+?";

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The shortcut a key press stands for, or null. Signs do nothing while somebody types. */
export function shortcutOf(event: KeyboardEvent): ShortcutName | null {
  if (composing(event)) return null;
  for (const [name, combinations] of Object.entries(SHORTCUTS)) {
    for (const combination of combinations) {
      if (matches(event, combination) && !(isSign(combination) && typing(event.target))) {
        return name as ShortcutName;
      }
    }
  }
  return null;
}

/** On the body while nobody is signed in at the desk that is open. */
export const COVERED = "data-desk-covered";

type Handler = () => void;
const handlers = new Map<ShortcutName, { current: Handler }[]>();

function onKeyDown(event: KeyboardEvent) {
  const name = shortcutOf(event);
  const handler = name && handlers.get(name)?.at(-1);
  if (!handler) return;
  // Also of a key that is held: what it opened has the keyboard now, and must not be answered by it.
  event.preventDefault();
  if (event.repeat) return;
  // Behind an open dialog nothing may happen unseen, and nothing at all where nobody is signed in.
  const covered = document.body.hasAttribute(COVERED);
  if (!covered && !document.querySelector("[role=dialog][aria-modal=true]:not([data-leaving])")) {
    handler.current();
  }
}

/** Lets a screen answer a shortcut while it is shown. The screen shown last answers first. */
export function useShortcut(name: ShortcutName, handler: Handler, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    if (handlers.size === 0) window.addEventListener("keydown", onKeyDown);
    handlers.set(name, [...(handlers.get(name) ?? []), latest]);
    return () => {
      const rest = (handlers.get(name) ?? []).filter((other) => other !== latest);
      if (rest.length) handlers.set(name, rest);
      else handlers.delete(name);
      if (handlers.size === 0) window.removeEventListener("keydown", onKeyDown);
    };
  }, [name, enabled]);
}

/** Enter in an ordinary field, but not the Enter that ends a composition. */
export const isEnter = (event: React.KeyboardEvent) => event.key === "Enter" && !composing(event.nativeEvent);
