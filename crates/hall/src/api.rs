//! The HTTP interface of the hall. Handlers extract, call and convert.

mod applicants;
mod drafts;

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
};
use domain::rights::Role;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, OpenApi as _, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{
    Actor, Path, Problem, ProblemCode, ProblemField, Query,
    desk::{DemoAccount, Desk, Office, OfficeKind},
    feed::{self, Told},
    idempotency::{IdempotencyKey, Kept, Once, RequestHash},
    json::{Body, OptionalBody},
    page::{After, Limit, Page, PageParams},
    precondition::{Etag, IfMatch},
    session::{Listener, Sessions},
    view::{ClockExplanation, ClockName, Download, TimelineEntry},
};

use crate::{
    Hall, News,
    deliver_case::HandOver,
    find_case::{CaseFilter, FoundCase},
    review::{ReviewView, Unfinished},
    station::PrinterView,
    steps::{NewDecision, NewRejection},
    take_filing::NewFiling,
    upload_file::LARGEST_FILE,
    views::{CaseRowView, CaseView, FailedDeliveryView, FileView, FilingView, ItemRow, ItemView, PrintView},
    window_steps::{AccountOriginals, AskSupplement, HandInSupplement, Words},
};

/// The hall's HTTP interface: the hall, and who is signed in.
#[derive(Clone)]
pub struct HallDesk(Arc<DeskParts>);

struct DeskParts {
    hall: Hall,
    sessions: Sessions,
    demo_accounts: Option<Vec<DemoAccount>>,
}

impl Desk for HallDesk {
    fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    fn office(&self) -> Office {
        let config = self.0.hall.config();
        Office { id: config.id.0, name: config.name.clone(), kind: OfficeKind::Hall }
    }

    fn demo_accounts(&self) -> Option<Vec<DemoAccount>> {
        self.0.demo_accounts.clone()
    }

    fn admit(&self, actor: &Actor) -> Result<(), Problem> {
        if actor.window().is_some() || actor.roles().contains(&Role::WindowClerk) {
            self.0.hall.window_of(actor)?;
        }
        Ok(())
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Yichuang hall",
        description = "Cases of a service hall: taken at a window, decided by departments, printed and handed over.",
        license(name = "Apache-2.0")
    ),
    servers((url = "/api/hall")),
    components(schemas(CaseView, FilingView, PrintView))
)]
struct Description;

fn described() -> OpenApiRouter<HallDesk> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(web::desk::routes::<HallDesk>())
        .routes(routes!(items))
        .routes(routes!(item))
        .routes(routes!(guide))
        .routes(routes!(print_guide))
        .routes(routes!(review))
        .routes(routes!(upload_file))
        .routes(routes!(take_filing))
        .routes(routes!(cases))
        .routes(routes!(find_case))
        .routes(routes!(case))
        .routes(routes!(item_of_case))
        .routes(routes!(timeline))
        .routes(routes!(clock))
        .routes(routes!(material))
        .routes(routes!(paper))
        .routes(routes!(print_paper))
        .routes(routes!(prints))
        .routes(routes!(print))
        .routes(routes!(cancel_print))
        .routes(routes!(retry_print))
        .routes(routes!(printers))
        .routes(routes!(deliver_case))
        .routes(routes!(ask_supplement))
        .routes(routes!(receive_supplement))
        .routes(routes!(reject_case))
        .routes(routes!(accept_case))
        .routes(routes!(decide_case))
        .routes(routes!(withdraw_case))
        .routes(routes!(account_originals))
        .routes(routes!(enquire))
        .routes(routes!(answer_enquiry))
        .routes(routes!(failed_deliveries))
        .routes(routes!(send_again))
        .routes(routes!(events))
        .merge(drafts::routes())
        .merge(applicants::routes())
}

/// The description of the interface (OpenAPI 3.1).
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

/// The interface, below `/api/hall`.
pub fn routes(hall: Hall, sessions: Sessions, demo_accounts: Option<Vec<DemoAccount>>) -> Router {
    let desk = HallDesk(Arc::new(DeskParts { hall, sessions, demo_accounts }));
    let (router, description) = described().split_for_parts();
    let router = router.route("/openapi.json", axum::routing::get(move || async move { Json(description) }));
    Router::new().nest("/api/hall", router.layer(DefaultBodyLimit::max(LARGEST_FILE + 1024)).with_state(desk))
}

/// What departments call: the protocol, with the hall as receiver.
pub fn protocol_routes(hall: Hall) -> Router {
    Router::new()
        .route(protocol::EVENTS_PATH, axum::routing::post(receive_event))
        .route(&format!("{}/{{sha256}}", protocol::FILES_PATH), axum::routing::get(file_for_department))
        .layer(DefaultBodyLimit::max(protocol::MAX_EVENT_BYTES))
        .with_state(hall)
}

fn once(hall: &Hall, actor: &Actor, key: IdempotencyKey, request: RequestHash) -> Once {
    Once::new(actor.account(), key, request, hall.clock().now())
}

/// Items that can be applied for.
#[utoipa::path(get, path = "/items", tag = "items", params(PageParams),
    responses((status = 200, body = Page<ItemRow>), Problem))]
async fn items(
    State(desk): State<HallDesk>,
    actor: Actor,
    After(after): After<String>,
    limit: Limit,
) -> Result<Json<Page<ItemRow>>, Problem> {
    Ok(Json(desk.0.hall.items(&actor, after.as_deref(), limit)?))
}

/// One item, with form and materials.
#[utoipa::path(get, path = "/items/{code}", tag = "items", params(("code" = String, Path)),
    responses((status = 200, body = ItemView), Problem))]
async fn item(State(desk): State<HallDesk>, actor: Actor, Path(code): Path<String>) -> Result<Json<ItemView>, Problem> {
    Ok(Json(desk.0.hall.item(&actor, &code)?))
}

/// The guide of an item (办事指南), as it is printed.
#[utoipa::path(get, path = "/items/{code}/guide", tag = "items", params(("code" = String, Path)),
    responses((status = 200, body = String, content_type = "application/pdf"), Problem))]
async fn guide(State(desk): State<HallDesk>, actor: Actor, Path(code): Path<String>) -> Result<Download, Problem> {
    Ok(desk.0.hall.guide(&actor, &code).await?)
}

/// Prints the guide of an item, for whoever asks.
#[utoipa::path(post, path = "/items/{code}/guide/prints", tag = "items",
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)), responses((status = 201, body = PrintView), Problem))]
async fn print_guide(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(code): Path<String>,
    key: IdempotencyKey,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.print_guide(&actor, once(hall, &actor, key, request), &code).await?)
}

/// How an application stands that is being filled in (审查): what is asked, and what is open. Changes nothing.
#[utoipa::path(post, path = "/items/{code}/review", tag = "items", request_body = Unfinished,
    params(("code" = String, Path)), responses((status = 200, body = ReviewView), Problem))]
async fn review(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(code): Path<String>,
    Body(unfinished, _): Body<Unfinished>,
) -> Result<Json<ReviewView>, Problem> {
    Ok(Json(desk.0.hall.review(&actor, &code, &unfinished)?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FileName {
    /// The file's name, 1 to 255 characters.
    name: String,
}

/// Keeps a file; its bytes are the body. The same bytes again are the same file.
#[utoipa::path(put, path = "/files", tag = "cases", params(FileName),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = FileView), Problem))]
async fn upload_file(
    State(desk): State<HallDesk>,
    actor: Actor,
    Query(FileName { name }): Query<FileName>,
    bytes: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Json<FileView>, Problem> {
    let too_large = |_| {
        let params = json!({ "max": LARGEST_FILE });
        Problem::new(ProblemCode::FileTooLarge)
            .field(ProblemField::new("", "too-large").value(name.as_str()).params(params))
    };
    let bytes = bytes.map_err(too_large)?;
    Ok(Json(desk.0.hall.upload_file(&actor, name, bytes.into()).await?))
}

/// Takes a filing (收件). The ids are the caller's, so that a repeated submit is the same filing.
#[utoipa::path(post, path = "/filings", tag = "cases", request_body = NewFiling,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = FilingView), Problem))]
async fn take_filing(
    State(desk): State<HallDesk>,
    actor: Actor,
    key: IdempotencyKey,
    Body(filing, request): Body<NewFiling>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.take_filing(&actor, once(hall, &actor, key, request), filing).await?)
}

/// Cases, newest first.
#[utoipa::path(get, path = "/cases", tag = "cases", params(CaseFilter, PageParams),
    responses((status = 200, body = Page<CaseRowView>), Problem))]
async fn cases(
    State(desk): State<HallDesk>,
    actor: Actor,
    Query(filter): Query<CaseFilter>,
    After(after): After<Uuid>,
    limit: Limit,
) -> Result<Json<Page<CaseRowView>>, Problem> {
    Ok(Json(desk.0.hall.cases(&actor, &filter, after, limit).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Scan {
    /// Short number, official number, link of a QR code, or number of a paper.
    scan: String,
}

/// The case that a scanned text means.
#[utoipa::path(get, path = "/cases/find", tag = "cases", params(Scan), responses((status = 200, body = FoundCase), Problem))]
async fn find_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Query(Scan { scan }): Query<Scan>,
) -> Result<Json<FoundCase>, Problem> {
    Ok(Json(desk.0.hall.find_case(&actor, &scan).await?))
}

/// One case, whole.
#[utoipa::path(get, path = "/cases/{id}", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseView, headers(("etag" = String))), Problem))]
async fn case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<CaseView>), Problem> {
    let view = desk.0.hall.case(&actor, id.into()).await?;
    Ok((Etag(view.row.version), Json(view)))
}

/// The item of a case, in the version that it was taken by, whatever was published or withdrawn since.
#[utoipa::path(get, path = "/cases/{id}/item", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemView), Problem))]
async fn item_of_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<ItemView>, Problem> {
    Ok(Json(desk.0.hall.item_of_case(&actor, id.into()).await?))
}

/// What happened to a case, oldest first.
#[utoipa::path(get, path = "/cases/{id}/timeline", tag = "cases", params(("id" = Uuid, Path), PageParams),
    responses((status = 200, body = Page<TimelineEntry>), Problem))]
async fn timeline(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    After(after): After<u64>,
    limit: Limit,
) -> Result<Json<Page<TimelineEntry>>, Problem> {
    Ok(Json(desk.0.hall.timeline(&actor, id.into(), after, limit).await?))
}

/// A clock of a case, day by day.
#[utoipa::path(get, path = "/cases/{id}/clocks/{kind}", tag = "cases",
    params(("id" = Uuid, Path), ("kind" = ClockName, Path)), responses((status = 200, body = ClockExplanation), Problem))]
async fn clock(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path((id, kind)): Path<(Uuid, ClockName)>,
) -> Result<Json<ClockExplanation>, Problem> {
    Ok(Json(desk.0.hall.clock_explained(&actor, id.into(), kind).await?))
}

/// The file of a material.
#[utoipa::path(get, path = "/cases/{id}/materials/{index}", tag = "cases",
    params(("id" = Uuid, Path), ("index" = usize, Path)),
    responses((status = 200, body = String, content_type = "application/octet-stream"), Problem))]
async fn material(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path((id, index)): Path<(Uuid, usize)>,
) -> Result<Download, Problem> {
    Ok(desk.0.hall.material(&actor, id.into(), index).await?)
}

/// The bytes of a paper: the same for preview, print and archive.
#[utoipa::path(get, path = "/papers/{id}", tag = "papers", params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/pdf"), Problem))]
async fn paper(State(desk): State<HallDesk>, actor: Actor, Path(id): Path<Uuid>) -> Result<Download, Problem> {
    Ok(desk.0.hall.paper(&actor, id).await?)
}

/// A wish to print a paper.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PrintPaper)]
struct PrintWish {
    /// Why again; needed for every print but the first. At most 200 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// Asks for a print of a paper (打印).
#[utoipa::path(post, path = "/papers/{id}/prints", tag = "papers", request_body = PrintWish,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)), responses((status = 201, body = PrintView), Problem))]
async fn print_paper(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    OptionalBody(PrintWish { reason }, request): OptionalBody<PrintWish>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.print_paper(&actor, once(hall, &actor, key, request), id, reason).await?)
}

/// Prints, newest first.
#[utoipa::path(get, path = "/prints", tag = "papers", params(PageParams),
    responses((status = 200, body = Page<PrintView>), Problem))]
async fn prints(
    State(desk): State<HallDesk>,
    actor: Actor,
    After(after): After<Uuid>,
    limit: Limit,
) -> Result<Json<Page<PrintView>>, Problem> {
    Ok(Json(desk.0.hall.prints(&actor, after, limit).await?))
}

/// A print, and how it stands.
#[utoipa::path(get, path = "/prints/{id}", tag = "papers", params(("id" = Uuid, Path)),
    responses((status = 200, body = PrintView), Problem))]
async fn print(State(desk): State<HallDesk>, actor: Actor, Path(id): Path<Uuid>) -> Result<Json<PrintView>, Problem> {
    Ok(Json(desk.0.hall.print(&actor, id).await?))
}

/// Calls off a print that no printer has yet.
#[utoipa::path(post, path = "/prints/{id}/cancel", tag = "papers",
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)), responses((status = 200, body = PrintView), Problem))]
async fn cancel_print(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.cancel_print(&actor, once(hall, &actor, key, request), id).await?)
}

/// Tries a failed print again.
#[utoipa::path(post, path = "/prints/{id}/retry", tag = "papers",
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)), responses((status = 200, body = PrintView), Problem))]
async fn retry_print(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.retry_print(&actor, once(hall, &actor, key, request), id).await?)
}

/// The printers, asked now.
#[utoipa::path(get, path = "/printers", tag = "papers", responses((status = 200, body = Page<PrinterView>), Problem))]
async fn printers(State(desk): State<HallDesk>, actor: Actor) -> Result<Json<Page<PrinterView>>, Problem> {
    Ok(Json(Page::whole(desk.0.hall.printers(&actor).await?)))
}

/// Hands the result over (送达), and closes the case.
#[utoipa::path(post, path = "/cases/{id}/deliver", tag = "cases", request_body = HandOver,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn deliver_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(hand_over, request): Body<HandOver>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.deliver_case(&actor, once(hall, &actor, key, request), id.into(), seen, hand_over).await?)
}

/// Tells the applicant what is missing, once (一次性告知). A second notice is a manager's, with a reason.
#[utoipa::path(post, path = "/cases/{id}/ask-supplement", tag = "cases", request_body = AskSupplement,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn ask_supplement(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(body, request): Body<AskSupplement>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.ask_supplement(&actor, once(hall, &actor, key, request), id.into(), seen, body).await?)
}

/// Takes what was missing (补正材料).
#[utoipa::path(post, path = "/cases/{id}/supplements", tag = "cases", request_body = HandInSupplement,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn receive_supplement(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(body, request): Body<HandInSupplement>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.receive_supplement(&actor, once(hall, &actor, key, request), id.into(), seen, body).await?)
}

/// Does not accept (不予受理), by the department's delegation.
#[utoipa::path(post, path = "/cases/{id}/reject", tag = "cases", request_body = NewRejection,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn reject_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(body, request): Body<NewRejection>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.reject_case(&actor, once(hall, &actor, key, request), id.into(), seen, body).await?)
}

/// Accepts (受理), by the department's delegation.
#[utoipa::path(post, path = "/cases/{id}/accept", tag = "cases",
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn accept_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.accept_case(&actor, once(hall, &actor, key, request), id.into(), seen).await?)
}

/// Decides at the window (当场决定), by the department's delegation.
#[utoipa::path(post, path = "/cases/{id}/decide", tag = "cases", request_body = NewDecision,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn decide_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(body, request): Body<NewDecision>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.decide_case(&actor, once(hall, &actor, key, request), id.into(), seen, body).await?)
}

/// Notes that the applicant takes the application back (撤回申请).
#[utoipa::path(post, path = "/cases/{id}/withdraw", tag = "cases", request_body = Words,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn withdraw_case(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(body, request): Body<Words>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.withdraw_case(&actor, once(hall, &actor, key, request), id.into(), seen, body).await?)
}

/// Says what became of originals (原件退还、归档).
#[utoipa::path(post, path = "/cases/{id}/originals", tag = "cases", request_body = AccountOriginals,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn account_originals(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(body, request): Body<AccountOriginals>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.account_originals(&actor, once(hall, &actor, key, request), id.into(), seen, body).await?)
}

/// Asks the department about a case (前台求助).
#[utoipa::path(post, path = "/cases/{id}/enquiries", tag = "cases", request_body = Words,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn enquire(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Body(body, request): Body<Words>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.enquire(&actor, once(hall, &actor, key, request), id.into(), body).await?)
}

/// Answers the department.
#[utoipa::path(post, path = "/cases/{id}/enquiries/{enquiry}/answer", tag = "cases", request_body = Words,
    params(("id" = Uuid, Path), ("enquiry" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn answer_enquiry(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path((id, enquiry)): Path<(Uuid, Uuid)>,
    key: IdempotencyKey,
    Body(body, request): Body<Words>,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.answer_enquiry(&actor, once(hall, &actor, key, request), id.into(), enquiry, body).await?)
}

/// Messages to departments that were given up and wait for somebody to send them again, the oldest first.
#[utoipa::path(get, path = "/deliveries/failed", tag = "cases", params(PageParams),
    responses((status = 200, body = Page<FailedDeliveryView>), Problem))]
async fn failed_deliveries(
    State(desk): State<HallDesk>,
    actor: Actor,
    After(after): After<Uuid>,
    limit: Limit,
) -> Result<Json<Page<FailedDeliveryView>>, Problem> {
    Ok(Json(desk.0.hall.failed_deliveries(&actor, after, limit).await?))
}

/// Sends a message to the department again that was given up (重新发送).
#[utoipa::path(post, path = "/cases/{id}/deliveries/{message}/send-again", tag = "cases",
    params(("id" = Uuid, Path), ("message" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = CaseView), Problem))]
async fn send_again(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path((id, message)): Path<(Uuid, Uuid)>,
    key: IdempotencyKey,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let hall = &desk.0.hall;
    Ok(hall.send_again(&actor, once(hall, &actor, key, request), id.into(), message).await?)
}

/// What changes, as it changes: `case` and `print` events with the id of the case, `screen` events with the window at which
/// the applicant sees something else or has confirmed it, `catalogue` events when an item was published or withdrawn.
/// `ready` and `resync` ask to read again what is on the screen.
#[utoipa::path(get, path = "/events", tag = "events",
    responses((status = 200, content_type = "text/event-stream", body = String), Problem))]
async fn events(State(desk): State<HallDesk>, Listener(actor): Listener) -> Result<Response, Problem> {
    actor.demand(domain::rights::Right::ReadItem)?;
    Ok(feed::stream(desk.0.hall.news(), |news| {
        Some(match news {
            News::Case(case) => Told { name: "case", data: json!({ "case_id": case }) },
            News::Print(case) => Told { name: "print", data: json!({ "case_id": case }) },
            News::Catalogue => Told { name: "catalogue", data: json!({}) },
            News::Screen(window) => Told { name: "screen", data: json!({ "window": window.to_string() }) },
        })
    }))
}

async fn receive_event(State(hall): State<Hall>, headers: HeaderMap, body: Bytes) -> Response {
    match hall.receive_event(&headers, &body).await {
        Ok(courier::Handed::Done) => StatusCode::NO_CONTENT.into_response(),
        Ok(courier::Handed::Again { status }) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT).into_response()
        }
        Err(refused) => courier::problem(refused).into_response(),
    }
}

async fn file_for_department(
    State(hall): State<Hall>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Result<Download, Problem> {
    let path = format!("{}/{sha256}", protocol::FILES_PATH);
    let wall = hall.clock().wall();
    let asked = courier::take_file_request(&headers, &path, |party| hall.secrets_of(party), wall);
    asked.map_err(courier::problem::<crate::HallError>)?;
    Ok(hall.file_for_department(&sha256).await?)
}
