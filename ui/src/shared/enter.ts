import type { KeyboardEvent } from "react";
import { isEnter } from "./shortcuts";

const TEXTS = "input:not([type=radio], [type=checkbox], [type=file]), textarea";

/**
 * Enter in a field goes on to the next one and sends nothing: a reader ends whatever it types with Enter. Nor does it go
 * on to a button, where the Enter after the next reading would press it.
 */
export function enterGoesOn(event: KeyboardEvent<HTMLFormElement>): void {
  const { target, currentTarget: form } = event;
  if (!isEnter(event) || event.ctrlKey || !(target instanceof HTMLInputElement)) return;
  event.preventDefault();
  const after = (field: Element) => target.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING;
  [...form.querySelectorAll<HTMLElement>(TEXTS)].find(after)?.focus();
}

/** A form that is sent by its button or its own key, whatever else a browser takes for sending. */
export const neverByItself = (event: { preventDefault: () => void }): void => event.preventDefault();
