import { useLayoutEffect } from "react";
import { COVERED } from "../shared/shortcuts";

/** The dialogs of a desk would close with it, and what was typed in them would be gone. */
function keepDialogs(event: KeyboardEvent) {
  if (event.key === "Escape") event.stopImmediatePropagation();
}

/**
 * Covers everything of the desk while nobody is signed in: its dialogs and menus, which are drawn beside the page, are not
 * seen, and no key reaches them. They are there again when somebody has signed in.
 */
export function useCoveredDesk(): void {
  useLayoutEffect(() => {
    document.body.toggleAttribute(COVERED, true);
    window.addEventListener("keydown", keepDialogs, true);
    return () => {
      document.body.removeAttribute(COVERED);
      window.removeEventListener("keydown", keepDialogs, true);
    };
  }, []);
}
