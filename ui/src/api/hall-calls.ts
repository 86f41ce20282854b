/** What the hall can be asked and told. Reads throw a `Failure`; commands carry their attempt's key. */
import { answer, hall } from "../backend";
import type { Attempt } from "../shared/useCommand";
import type {
  AccountOriginals,
  ApplicantKind,
  AskSupplement,
  CaseState,
  ClockKind,
  DecideCase,
  FileView,
  HandInSupplement,
  HandOver,
  ItemRow,
  KeepDraft,
  RejectCase,
  ReviewApplication,
  TakeFiling,
} from "./types";

const PAGE = 50;

export const readWelcome = () => answer(hall.GET("/welcome"));
export const readSession = () => answer(hall.GET("/session"));
export const signIn = (body: { login: string; password: string; window?: string | null }) =>
  answer(hall.POST("/sessions", { body }));
export const signOut = () => answer(hall.DELETE("/session"));

const LARGEST_PAGE = 100;

/** Every item the hall takes, page after page; the list is short enough to be searched at the desk. */
export async function listItems(): Promise<ItemRow[]> {
  const items: ItemRow[] = [];
  let after: string | undefined;
  do {
    const page = await answer(hall.GET("/items", { params: { query: { after, limit: LARGEST_PAGE } } }));
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return items;
}

export const readItem = (code: string) => answer(hall.GET("/items/{code}", { params: { path: { code } } }));

/** The item of a case in the version by which the case was taken, whatever was published or withdrawn since. */
export const readItemOfCase = (id: string) =>
  answer(hall.GET("/cases/{id}/item", { params: { path: { id } } }));

/** How an application stands that is being filled in. Changes nothing, and may be asked as often as somebody types. */
export const reviewItem = (code: string, body: ReviewApplication) =>
  answer(hall.POST("/items/{code}/review", { params: { path: { code } }, body }));

export async function putFile(file: File): Promise<FileView> {
  const bytes = await file.arrayBuffer();
  return answer(
    hall.PUT("/files", {
      params: { query: { name: file.name } },
      headers: { "Content-Type": file.type || "application/octet-stream" },
      body: bytes as never,
      bodySerializer: (body) => body as unknown as ArrayBuffer,
    }),
  );
}

export const takeFiling = (body: TakeFiling, { key }: Attempt) =>
  answer(hall.POST("/filings", { params: { header: { "Idempotency-Key": key } }, body }));

export const listCases = (query: { q?: string; state?: CaseState; after?: string }) =>
  answer(hall.GET("/cases", { params: { query: { ...query, limit: PAGE } } }));

/** The cases that somebody must look at, newest first. */
export const listToLookAt = (attention: "asked" | "told-again" | "with-window", after?: string) =>
  answer(hall.GET("/cases", { params: { query: { attention, after, limit: PAGE } } }));

export const readCase = (id: string) => answer(hall.GET("/cases/{id}", { params: { path: { id } } }));

export const findCase = (scan: string) => answer(hall.GET("/cases/find", { params: { query: { scan } } }));

export const readTimeline = (id: string, after?: string) =>
  answer(hall.GET("/cases/{id}/timeline", { params: { path: { id }, query: { after, limit: PAGE } } }));

export const explainClock = (id: string, kind: ClockKind) =>
  answer(hall.GET("/cases/{id}/clocks/{kind}", { params: { path: { id, kind } } }));

export const printPaper = ({ id, reason }: { id: string; reason?: string }, { key }: Attempt) =>
  answer(
    hall.POST("/papers/{id}/prints", {
      params: { path: { id }, header: { "Idempotency-Key": key } },
      body: reason ? { reason } : {},
    }),
  );

export const cancelPrint = (id: string, { key }: Attempt) =>
  answer(hall.POST("/prints/{id}/cancel", { params: { path: { id }, header: { "Idempotency-Key": key } } }));

export const retryPrint = (id: string, { key }: Attempt) =>
  answer(hall.POST("/prints/{id}/retry", { params: { path: { id }, header: { "Idempotency-Key": key } } }));

export const listPrinters = () => answer(hall.GET("/printers"));

export const listFailedDeliveries = (after?: string) =>
  answer(hall.GET("/deliveries/failed", { params: { query: { after, limit: PAGE } } }));

export const sendToDepartmentAgain = ({ id, message }: { id: string; message: string }, { key }: Attempt) =>
  answer(
    hall.POST("/cases/{id}/deliveries/{message}/send-again", {
      params: { path: { id, message }, header: { "Idempotency-Key": key } },
    }),
  );

/** Hands the result over, or sends it. */
export const deliverCase = (
  { id, version, ...body }: HandOver & { id: string; version: number },
  { key }: Attempt,
) =>
  answer(
    hall.POST("/cases/{id}/deliver", {
      params: { path: { id }, header: { "Idempotency-Key": key, "If-Match": `"${version}"` } },
      body,
    }),
  );

/** Who a number belongs to, with what was handed in and issued here before. */
export const findApplicant = (kind: ApplicantKind, id_number: string) =>
  answer(hall.GET("/applicants", { params: { query: { kind, id_number } } }));

/** Somebody who acts for others, by number. */
export const findAgent = (id_number: string) =>
  answer(hall.GET("/agents", { params: { query: { id_number } } }));

export const listOwnMaterials = (id: string, after: string) =>
  answer(
    hall.GET("/applicants/{id}/materials", {
      params: { path: { id }, query: { after, limit: LARGEST_PAGE } },
    }),
  );

export const listOwnCertificates = (id: string, after: string) =>
  answer(
    hall.GET("/applicants/{id}/certificates", {
      params: { path: { id }, query: { after, limit: LARGEST_PAGE } },
    }),
  );

export const listDrafts = (after?: string) =>
  answer(hall.GET("/drafts", { params: { query: { after, limit: PAGE } } }));

export const readDraft = (id: string) => answer(hall.GET("/drafts/{id}", { params: { path: { id } } }));

/** Keeps a draft; `version` is that of it which was kept last, none for a new one. */
export const keepDraft = (id: string, version: number | null, body: KeepDraft) =>
  answer(
    hall.PUT("/drafts/{id}", {
      params: { path: { id }, header: version === null ? {} : { "If-Match": `"${version}"` } },
      body,
    }),
  );

export const removeDraft = (id: string) => answer(hall.DELETE("/drafts/{id}", { params: { path: { id } } }));

export const readScreen = () => answer(hall.GET("/window/screen"));
export const showDraft = (draft_id: string) => answer(hall.PUT("/window/screen", { body: { draft_id } }));
export const hideDraft = () => answer(hall.DELETE("/window/screen"));
export const confirmDraft = (digest: string) =>
  answer(hall.POST("/window/screen/confirm", { body: { digest } }));

/** A case as it was seen: the step is refused where it has changed since. */
export interface Seen {
  id: string;
  version: number;
}

const seen = ({ id, version }: Seen, { key }: Attempt) => ({
  path: { id },
  header: { "Idempotency-Key": key, "If-Match": `"${version}"` },
});

export const askSupplement = ({ body, ...of }: Seen & { body: AskSupplement }, attempt: Attempt) =>
  answer(hall.POST("/cases/{id}/ask-supplement", { params: seen(of, attempt), body }));

export const handInSupplement = ({ body, ...of }: Seen & { body: HandInSupplement }, attempt: Attempt) =>
  answer(hall.POST("/cases/{id}/supplements", { params: seen(of, attempt), body }));

export const rejectCase = ({ body, ...of }: Seen & { body: RejectCase }, attempt: Attempt) =>
  answer(hall.POST("/cases/{id}/reject", { params: seen(of, attempt), body }));

export const acceptCase = (of: Seen, attempt: Attempt) =>
  answer(hall.POST("/cases/{id}/accept", { params: seen(of, attempt) }));

export const decideCase = ({ body, ...of }: Seen & { body: DecideCase }, attempt: Attempt) =>
  answer(hall.POST("/cases/{id}/decide", { params: seen(of, attempt), body }));

export const withdrawCase = ({ text, ...of }: Seen & { text: string }, attempt: Attempt) =>
  answer(hall.POST("/cases/{id}/withdraw", { params: seen(of, attempt), body: { text } }));

export const askDepartment = ({ id, text }: { id: string; text: string }, { key }: Attempt) =>
  answer(
    hall.POST("/cases/{id}/enquiries", {
      params: { path: { id }, header: { "Idempotency-Key": key } },
      body: { text },
    }),
  );

export const answerDepartment = (
  { id, enquiry, text }: { id: string; enquiry: string; text: string },
  { key }: Attempt,
) =>
  answer(
    hall.POST("/cases/{id}/enquiries/{enquiry}/answer", {
      params: { path: { id, enquiry }, header: { "Idempotency-Key": key } },
      body: { text },
    }),
  );

/** Says what became of originals that the hall held. */
export const accountOriginals = (
  { id, version, ...body }: AccountOriginals & { id: string; version: number },
  { key }: Attempt,
) =>
  answer(
    hall.POST("/cases/{id}/originals", {
      params: { path: { id }, header: { "Idempotency-Key": key, "If-Match": `"${version}"` } },
      body,
    }),
  );

export const printGuide = (code: string, { key }: Attempt) =>
  answer(
    hall.POST("/items/{code}/guide/prints", {
      params: { path: { code }, header: { "Idempotency-Key": key } },
    }),
  );

export const readPrint = (id: string) => answer(hall.GET("/prints/{id}", { params: { path: { id } } }));
