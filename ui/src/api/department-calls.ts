/** What the department can be asked and told. Reads throw a `Failure`; commands carry their attempt's key. */
import { answer, department } from "../backend";
import type { Attempt } from "../shared/useCommand";
import type { AskTaskSupplement, ClockKind, Decide, RejectTask, TaskFilter, TaskReview } from "./types";

const PAGE = 50;

export const readWelcome = () => answer(department.GET("/welcome"));
export const readSession = () => answer(department.GET("/session"));
export const signIn = (body: { login: string; password: string }) =>
  answer(department.POST("/sessions", { body }));
export const signOut = () => answer(department.DELETE("/session"));

export const listTasks = (query: { q?: string; state: TaskFilter; after?: string }) =>
  answer(department.GET("/tasks", { params: { query: { ...query, limit: PAGE } } }));

export const countTasks = () => answer(department.GET("/tasks/counts"));

export const listFailedDeliveries = (after?: string) =>
  answer(department.GET("/deliveries/failed", { params: { query: { after, limit: PAGE } } }));

export const readTask = (id: string) => answer(department.GET("/tasks/{id}", { params: { path: { id } } }));

export const readTimeline = (id: string, after?: string) =>
  answer(department.GET("/tasks/{id}/timeline", { params: { path: { id }, query: { after, limit: PAGE } } }));

export const explainClock = (id: string, kind: ClockKind) =>
  answer(department.GET("/tasks/{id}/clocks/{kind}", { params: { path: { id, kind } } }));

type Change<T> = { id: string; version: number } & T;

/** What a change of a task is sent with: its key, and the version that was seen. */
const header = (version: number, key: string) => ({ "Idempotency-Key": key, "If-Match": `"${version}"` });

export const claimTask = ({ id, version }: Change<object>, { key }: Attempt) =>
  answer(department.POST("/tasks/{id}/claim", { params: { path: { id }, header: header(version, key) } }));

export const releaseTask = ({ id, version }: Change<object>, { key }: Attempt) =>
  answer(department.POST("/tasks/{id}/release", { params: { path: { id }, header: header(version, key) } }));

export const askSupplement = ({ id, version, ...body }: Change<AskTaskSupplement>, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/ask-supplement", {
      params: { path: { id }, header: header(version, key) },
      body,
    }),
  );

export const rejectTask = ({ id, version, ...body }: Change<RejectTask>, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/reject", { params: { path: { id }, header: header(version, key) }, body }),
  );

export const acceptTask = ({ id, version, opinion }: Change<{ opinion?: string }>, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/accept", {
      params: { path: { id }, header: header(version, key) },
      body: opinion ? { opinion } : {},
    }),
  );

export const reviewTask = ({ id, version, ...body }: Change<TaskReview>, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/review", {
      params: { path: { id }, header: header(version, key) },
      body,
    }),
  );

export const decideTask = ({ id, version, ...body }: Change<Decide>, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/decide", {
      params: { path: { id }, header: header(version, key) },
      body,
    }),
  );

export const askHall = ({ id, text }: { id: string; text: string }, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/enquiries", {
      params: { path: { id }, header: { "Idempotency-Key": key } },
      body: { text },
    }),
  );

export const answerHall = (
  { id, enquiry, text }: { id: string; enquiry: string; text: string },
  { key }: Attempt,
) =>
  answer(
    department.POST("/tasks/{id}/enquiries/{enquiry}/answer", {
      params: { path: { id, enquiry }, header: { "Idempotency-Key": key } },
      body: { text },
    }),
  );

export const sendToHallAgain = ({ id, message }: { id: string; message: string }, { key }: Attempt) =>
  answer(
    department.POST("/tasks/{id}/deliveries/{message}/send-again", {
      params: { path: { id, message }, header: { "Idempotency-Key": key } },
    }),
  );
