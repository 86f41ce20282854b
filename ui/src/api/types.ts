/** The office's nouns as the two services describe them. Shapes come from the generated files only. */
import type { components as D } from "./department";
import type { components as H } from "./hall";

type Hall = H["schemas"];
type Department = D["schemas"];

export type Service = "hall" | "department";
export type Welcome = Hall["Welcome"] | Department["Welcome"];
export type SessionView = Hall["SessionView"] | Department["SessionView"];
/** The roles this program has desks and words for; a service may know more. */
export type Role = "window_clerk" | "output_clerk" | "approver" | "delegate" | "supervisor" | "administrator";

export type ItemRow = Hall["ItemRow"];
export type ItemView = Hall["ItemView"];
export type ItemMaterial = ItemView["materials"][number];
export type ItemQuestion = ItemView["questions"][number];
export type ReviewPoint = ItemView["points"][number];
export type ReviewApplication = Hall["ReviewApplication"];
export type Review = Hall["Review"];
export type Finding = Review["points"][number]["finding"];
export type FileView = Hall["FileView"];

export type TakeFiling = Hall["TakeFiling"];
export type ApplicantInput = TakeFiling["applicant"];
export type AgentInput = NonNullable<TakeFiling["agent"]>;
export type ApplicantKind = ApplicantInput["kind"];
export type MaterialInput = TakeFiling["cases"][number]["materials"][number];

export type Then = NonNullable<TakeFiling["cases"][number]["then"]>;
export type AskSupplement = Hall["AskSupplement"];
export type HandInSupplement = Hall["HandInSupplement"];
export type RejectCase = Hall["RejectCase"];
export type RejectionGround = RejectCase["ground"];
export type DecideCase = Hall["DecideCase"];

export type KnownAgent = Hall["KnownAgent"];
export type KnownApplicant = Hall["KnownApplicant"];
export type ReusableMaterial = Hall["ReusableMaterial"];
export type OwnCertificate = Hall["OwnCertificate"];

export type KeepDraft = Hall["KeepDraft"];
export type DraftRow = Hall["DraftRow"];
export type DraftKept = Hall["DraftKept"];
export type Screen = Hall["Screen"];
export type ShownDraft = NonNullable<Screen["draft"]>;

export type CaseRow = Hall["CaseRow"];
export type CaseView = Hall["CaseView"];
export type CaseState = CaseRow["state"];
export type Light = CaseRow["light"];
export type Outcome = NonNullable<CaseRow["outcome"]>;
export type ApplicantView = NonNullable<CaseView["applicant"]> | TaskView["applicant"];
export type AgentView = NonNullable<CaseView["agent"]>;
export type AnswerView = CaseView["answers"][number];
export type CheckedPoint = CaseView["points"][number];
export type MaterialView = CaseView["materials"][number];
export type ClockView = CaseView["clocks"][number];
export type ClockKind = ClockView["kind"];
export type DayUnit = ClockView["budget"]["unit"];
export type DayReason = Hall["ClockDay"]["why"];
export type NoticeView = CaseView["notices"][number];
export type Seat = Hall["Seat"];
export type EnquiryView = CaseView["enquiries"][number] | Department["TaskView"]["enquiries"][number];
export type DepartmentReceipt = NonNullable<CaseView["department_receipt"]>;
export type DeliveryView = NonNullable<CaseView["delivery_to_department"]>;
export type DeliveryState = DeliveryView["state"];
export type DeliveryError = NonNullable<DeliveryView["last_error_code"]>;
export type Collector = Hall["Collector"];
export type HandOver = Hall["DeliverCase"];
export type Post = NonNullable<HandOver["post"]>;
export type AccountOriginals = Hall["AccountOriginals"];
export type CollectorRelation = Collector["relation"];
export type TimelineEntry = Hall["TimelineEntry"];

export type PaperView = Hall["PaperView"];
export type PaperKind = PaperView["kind"];
export type PaperState = PaperView["state"];
export type PrintView = Hall["PrintView"];
export type PrintState = PrintView["state"];

export type TaskRow = Department["TaskRow"];
export type TaskView = Department["TaskView"];
export type TaskState = TaskRow["state"];
export type TaskFilter = Department["TaskFilter"];
export type TaskCounts = Department["TaskCounts"];
export type TaskPaper = TaskView["papers"][number];
export type AskTaskSupplement = Department["AskSupplement"];
export type RejectTask = Department["RejectTask"];
export type Decide = Department["DecideTask"];
export type TaskReview = Department["ReviewTask"];

export type Problem = Hall["Problem"] | Department["Problem"];
export type ProblemCode = Problem["code"];
export type FieldProblem = NonNullable<Problem["errors"]>[number];
export type Json = { [key: string]: unknown };
