/** Who gets the keyboard when a screen arrives later than the hand goes on. */
import { useEffect, type RefObject } from "react";

const isField = (element: Element | null) => element?.matches("input, textarea, select") ?? false;

/**
 * Gives the keyboard to an element when its screen arrives, unless somebody has gone on to a field meanwhile: what a
 * scanner is typing must not end in another field.
 */
export function useFocusOnArrival(element: RefObject<{ focus: () => void } | null>): void {
  useEffect(() => {
    if (!isField(document.activeElement)) element.current?.focus();
  }, [element]);
}

/** Lets go of the field that has the keyboard, before another screen is opened. */
export function letGo(): void {
  const active = document.activeElement;
  if (active instanceof HTMLElement && isField(active)) active.blur();
}
