/** Who may do what at the hall, as far as pages offer it; the hall asks again. */
import type { Role, SessionView } from "../api/types";

const RIGHTS = {
  /** Take a case, what is missing of it, and its withdrawal. */
  take: ["window_clerk"],
  /** Accept, reject or decide what a department has left to the window. */
  act: ["window_clerk"],
  /** Tell an applicant a second time what is missing. */
  "second-notice": ["supervisor"],
  /** Ask a department about a case, and answer it. */
  enquire: ["window_clerk", "output_clerk", "supervisor"],
} satisfies Record<string, Role[]>;

export type Right = keyof typeof RIGHTS;

export const may = ({ account }: Pick<SessionView, "account">, right: Right): boolean =>
  RIGHTS[right].some((role) => (account.roles as string[]).includes(role));
