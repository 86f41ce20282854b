import type { DeviceTrouble } from "../devices/trouble";
import type { FieldProblem, Problem, ProblemCode } from "./types";

/** What a screen can be told beside the problems of the services: nobody answered, a file had no content, a device failed. */
export type FailureCode = ProblemCode | DeviceTrouble | "unreachable" | "file-empty";

/** A call that did not do what was asked, and why. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly errors: FieldProblem[];

  constructor(code: FailureCode, status: number, errors: FieldProblem[] = [], cause?: unknown) {
    super(code, { cause });
    this.code = code;
    this.status = status;
    this.errors = errors;
  }

  /** Whether it is unknown if the service did what was asked, so that the same attempt may be repeated. */
  get uncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** The same failure, of these fields only. */
  about(errors: FieldProblem[]): Failure {
    return new Failure(this.code, this.status, errors, this.cause);
  }

  static of(thrown: unknown): Failure {
    return thrown instanceof Failure ? thrown : new Failure("unreachable", 0, [], thrown);
  }

  static from(body: unknown, status: number): Failure {
    if (typeof body === "object" && body !== null && "code" in body) {
      const problem = body as Problem;
      return new Failure(problem.code, status, problem.errors ?? []);
    }
    return new Failure(status >= 500 ? "unreachable" : "internal", status);
  }
}
