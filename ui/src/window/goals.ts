/** Where on the desk something is missing, and how the hand gets there. */
import { fieldElement } from "../shared/SchemaForm";
import { agentElement } from "./AgentBlock";
import { applicantElement, kindElement } from "./ApplicantBlock";
import type { Advice, Gap } from "./filing";
import { materialElement } from "./MaterialRows";
import { pointElement } from "./Points";
import { questionElement } from "./Situations";

export type Goal = Gap | Advice | { part: "form"; pointer: string };

export function elementOf(goal: Goal): HTMLElement | null {
  switch (goal.part) {
    case "item":
      return document.querySelector<HTMLElement>("[data-testid=item-search]");
    case "kind":
      return kindElement();
    case "applicant":
      return applicantElement(goal.field);
    case "agent":
      return agentElement(goal.field);
    case "question":
      return questionElement(goal.code);
    case "form":
      return fieldElement(goal.pointer);
    case "material":
      return materialElement(goal.code, goal.fault.code === "wrong-date" ? "dated" : "file");
    case "original":
      return materialElement(goal.code, "original");
    case "old":
      return materialElement(goal.code, "dated");
    case "point": {
      // What the machine found wrong is put right in the form.
      const point = pointElement(goal.code);
      const field = goal.fields[0];
      return point?.matches("input") || field === undefined ? point : fieldElement(`/${field}`);
    }
    case "review":
      return null;
  }
}

export const FIELDS = "input, textarea, button, select";

export function focusOn(goal: Goal) {
  const element = elementOf(goal);
  element?.scrollIntoView?.({ block: "center" });
  const inner = () => element?.querySelector<HTMLElement>(`input:checked, ${FIELDS}`) ?? element;
  (element?.matches(FIELDS) ? element : inner())?.focus({ preventScroll: true });
}
