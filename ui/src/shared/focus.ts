import { useEffect, useRef, useState, type RefObject } from "react";

const isField = (element: Element | null) => element?.matches("input, textarea, select") ?? false;

/** Whether what had the keyboard is gone, and nothing has it now. */
const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

const LOOK_AGAIN = 30;

/** Does something as soon as no dialog holds the keyboard. What it returns calls it off. */
function whenFree(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (document.querySelector("[role=dialog][aria-modal=true]")) timer = setTimeout(look, LOOK_AGAIN);
    else act();
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * Gives the keyboard to an element when its screen arrives, unless somebody has gone on to a field meanwhile: what a
 * scanner is typing must not end in another field.
 */
export function useFocusOnArrival(element: RefObject<{ focus: () => void } | null>): void {
  useEffect(
    () =>
      whenFree(() => {
        if (!isField(document.activeElement)) element.current?.focus();
      }),
    [element],
  );
}

/**
 * Gives the keyboard a place where nothing has it: when the screen is ready, and whenever `change` is another, because
 * what had the keyboard may have gone with the change.
 */
export function useLanding(land: () => unknown, ready = true, change: unknown = null): void {
  const latest = useRef(land);
  useEffect(() => {
    latest.current = land;
  });
  useEffect(() => {
    if (!ready) return undefined;
    return whenFree(() => {
      if (isNowhere()) latest.current();
    });
  }, [ready, change]);
}

/** Gives the keyboard back to what had it before a dialog came, once the dialog is gone; or else to another place. */
export function useFocusBack(otherwise?: () => void): void {
  const [before] = useState(() => document.activeElement);
  const latest = useRef(otherwise);
  useEffect(() => {
    latest.current = otherwise;
  });
  useEffect(
    () => () =>
      queueMicrotask(() => {
        if (isNowhere() && before instanceof HTMLElement && before.isConnected) before.focus();
        if (isNowhere()) latest.current?.();
      }),
    [before],
  );
}

/** Lets go of the field that has the keyboard, before another screen is opened. */
export function letGo(): void {
  if (isField(document.activeElement)) letGoOfAll();
}

/** Lets go of whatever has the keyboard, for the screen that is opened to take it. */
export function letGoOfAll(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
