//! The HTTP interface of the department. Handlers extract, call and convert.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
};
use domain::{ids::DepartmentId, rights::Right};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, OpenApi as _};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{
    Actor, Path, Problem, ProblemCode, Query,
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
    Department, DepartmentConfig, DepartmentError, Departments, News,
    accept_task::Accept,
    ask_hall::Words,
    ask_supplement::AskSupplement,
    decide_task::Decide,
    reject_task::Reject,
    review_task::Review,
    views::{FailedDeliveryView, TaskCountsView, TaskFilter, TaskRowView, TaskView},
};

/// The HTTP interface of a department service: its departments, and who is signed in.
#[derive(Clone)]
pub struct DepartmentDesk(Arc<DeskParts>);

struct DeskParts {
    departments: Departments,
    sessions: Sessions,
    demo_accounts: Option<Vec<DemoAccount>>,
}

impl DepartmentDesk {
    /// The department where somebody works: whatever is asked, it is asked of that one.
    fn of(&self, actor: &Actor) -> Result<&Department, Problem> {
        let department = actor.department().and_then(|id| self.0.departments.get(id));
        department.ok_or_else(|| {
            tracing::info!(account.id = %actor.account(), "denied: the department of the account is not served here");
            Problem::new(ProblemCode::Forbidden)
        })
    }
}

impl Desk for DepartmentDesk {
    fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    fn office(&self) -> Office {
        let DepartmentConfig { id, name, .. } = self.0.departments.config();
        Office { id: *id, name: name.clone(), kind: OfficeKind::Department }
    }

    fn office_of(&self, actor: &Actor) -> Office {
        self.of(actor).map_or_else(|_| self.office(), |department| department.profile().office())
    }

    fn demo_accounts(&self) -> Option<Vec<DemoAccount>> {
        self.0.demo_accounts.clone()
    }

    fn admit(&self, actor: &Actor) -> Result<(), Problem> {
        // A back office has no windows.
        self.of(actor).map(drop)
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Yichuang department",
        description = "Tasks of the department where one works: assigned by halls, accepted and decided here.",
        license(name = "Apache-2.0")
    ),
    servers((url = "/api/department")),
    components(schemas(TaskFilter))
)]
struct Description;

fn described() -> OpenApiRouter<DepartmentDesk> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(web::desk::routes::<DepartmentDesk>())
        .routes(routes!(tasks))
        .routes(routes!(task_counts))
        .routes(routes!(failed_deliveries))
        .routes(routes!(task))
        .routes(routes!(timeline))
        .routes(routes!(clock))
        .routes(routes!(material))
        .routes(routes!(paper))
        .routes(routes!(transcription_card))
        .routes(routes!(claim_task))
        .routes(routes!(release_task))
        .routes(routes!(ask_supplement))
        .routes(routes!(reject_task))
        .routes(routes!(accept_task))
        .routes(routes!(review_task))
        .routes(routes!(decide_task))
        .routes(routes!(ask_hall))
        .routes(routes!(answer_hall))
        .routes(routes!(send_again))
        .routes(routes!(events))
}

/// The description of the interface (OpenAPI 3.1).
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

/// The interface, below `/api/department`.
pub fn routes(departments: Departments, sessions: Sessions, demo_accounts: Option<Vec<DemoAccount>>) -> Router {
    let desk = DepartmentDesk(Arc::new(DeskParts { departments, sessions, demo_accounts }));
    let (router, description) = described().split_for_parts();
    let router = router.route("/openapi.json", axum::routing::get(move || async move { Json(description) }));
    Router::new().nest("/api/department", router.with_state(desk))
}

/// What comes between the address of a service and the protocol's own paths to one of its departments. It is not signed.
pub fn protocol_path(department: DepartmentId) -> String {
    format!("/departments/{department}")
}

/// What halls call: the protocol, once for each department as receiver.
pub fn protocol_routes(departments: &Departments) -> Router {
    departments.iter().fold(Router::new(), |router, department| {
        router.nest(&protocol_path(department.profile().id), protocol_of(department.clone()))
    })
}

fn protocol_of(department: Department) -> Router {
    Router::new()
        .route(protocol::EVENTS_PATH, axum::routing::post(receive_event))
        .route(&format!("{}/{{sha256}}", protocol::FILES_PATH), axum::routing::get(file_for_hall))
        .layer(DefaultBodyLimit::max(protocol::MAX_EVENT_BYTES))
        .with_state(department)
}

fn once(department: &Department, actor: &Actor, key: IdempotencyKey, request: RequestHash) -> Once {
    Once::new(actor.account(), key, request, department.clock().now())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Which list; the open ones when left out.
    #[serde(default)]
    state: TaskFilter,
    /// Part of a name or number.
    q: Option<String>,
}

/// Tasks of a list: the first due first, done ones newest first. With `q`, those of the list that have it, newest first.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(Filter, PageParams),
    responses((status = 200, body = Page<TaskRowView>), Problem))]
async fn tasks(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Query(Filter { state, q }): Query<Filter>,
    After(after): After<Value>,
    limit: Limit,
) -> Result<Json<Page<TaskRowView>>, Problem> {
    Ok(Json(desk.of(&actor)?.tasks(&actor, state, q.as_deref(), after, limit).await?))
}

/// How many tasks are in each list.
#[utoipa::path(get, path = "/tasks/counts", tag = "tasks", responses((status = 200, body = TaskCountsView), Problem))]
async fn task_counts(State(desk): State<DepartmentDesk>, actor: Actor) -> Result<Json<TaskCountsView>, Problem> {
    Ok(Json(desk.of(&actor)?.task_counts(&actor).await?))
}

/// Messages to halls that were given up and wait for somebody to send them again, the oldest first.
#[utoipa::path(get, path = "/deliveries/failed", tag = "tasks", params(PageParams),
    responses((status = 200, body = Page<FailedDeliveryView>), Problem))]
async fn failed_deliveries(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    After(after): After<Uuid>,
    limit: Limit,
) -> Result<Json<Page<FailedDeliveryView>>, Problem> {
    Ok(Json(desk.of(&actor)?.failed_deliveries(&actor, after, limit).await?))
}

/// One task, whole.
#[utoipa::path(get, path = "/tasks/{id}", tag = "tasks", params(("id" = Uuid, Path)),
    responses((status = 200, body = TaskView, headers(("etag" = String))), Problem))]
async fn task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<TaskView>), Problem> {
    let view = desk.of(&actor)?.task(&actor, id.into()).await?;
    Ok((Etag(view.row.version), Json(view)))
}

/// What happened to a task, oldest first.
#[utoipa::path(get, path = "/tasks/{id}/timeline", tag = "tasks", params(("id" = Uuid, Path), PageParams),
    responses((status = 200, body = Page<TimelineEntry>), Problem))]
async fn timeline(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    After(after): After<u64>,
    limit: Limit,
) -> Result<Json<Page<TimelineEntry>>, Problem> {
    Ok(Json(desk.of(&actor)?.timeline(&actor, id.into(), after, limit).await?))
}

/// What is typed into the department's own system (转录卡), in the order of its screen.
#[utoipa::path(get, path = "/tasks/{id}/transcription-card", tag = "tasks", params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/pdf"), Problem))]
async fn transcription_card(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Download, Problem> {
    Ok(desk.of(&actor)?.transcription_card(&actor, id.into()).await?)
}

/// A clock of a task, day by day.
#[utoipa::path(get, path = "/tasks/{id}/clocks/{kind}", tag = "tasks",
    params(("id" = Uuid, Path), ("kind" = ClockName, Path)), responses((status = 200, body = ClockExplanation), Problem))]
async fn clock(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path((id, kind)): Path<(Uuid, ClockName)>,
) -> Result<Json<ClockExplanation>, Problem> {
    Ok(Json(desk.of(&actor)?.clock_explained(&actor, id.into(), kind).await?))
}

/// The file of a material.
#[utoipa::path(get, path = "/tasks/{id}/materials/{index}", tag = "tasks",
    params(("id" = Uuid, Path), ("index" = usize, Path)),
    responses((status = 200, body = String, content_type = "application/octet-stream"), Problem))]
async fn material(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path((id, index)): Path<(Uuid, usize)>,
) -> Result<Download, Problem> {
    Ok(desk.of(&actor)?.material(&actor, id.into(), index).await?)
}

/// The bytes of a paper.
#[utoipa::path(get, path = "/papers/{id}", tag = "papers", params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/pdf"), Problem))]
async fn paper(State(desk): State<DepartmentDesk>, actor: Actor, Path(id): Path<Uuid>) -> Result<Download, Problem> {
    Ok(desk.of(&actor)?.paper(&actor, id).await?)
}

/// Takes a task up (认领).
#[utoipa::path(post, path = "/tasks/{id}/claim", tag = "tasks",
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn claim_task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.claim_task(&actor, once(department, &actor, key, request), id.into(), seen).await?)
}

/// Lets go of a task (退回).
#[utoipa::path(post, path = "/tasks/{id}/release", tag = "tasks",
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn release_task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.release_task(&actor, once(department, &actor, key, request), id.into(), seen).await?)
}

/// Tells the applicant everything that is missing (补正告知).
#[utoipa::path(post, path = "/tasks/{id}/ask-supplement", tag = "tasks", request_body = AskSupplement,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn ask_supplement(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(ask, request): Body<AskSupplement>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.ask_supplement(&actor, once(department, &actor, key, request), id.into(), seen, ask).await?)
}

/// Does not accept a task (不予受理).
#[utoipa::path(post, path = "/tasks/{id}/reject", tag = "tasks", request_body = Reject,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn reject_task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(reject, request): Body<Reject>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.reject_task(&actor, once(department, &actor, key, request), id.into(), seen, reject).await?)
}

/// Accepts a task (受理).
#[utoipa::path(post, path = "/tasks/{id}/accept", tag = "tasks", request_body = Accept,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn accept_task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    OptionalBody(accept, request): OptionalBody<Accept>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.accept_task(&actor, once(department, &actor, key, request), id.into(), seen, accept).await?)
}

/// Reviews a task before somebody else decides it (审核).
#[utoipa::path(post, path = "/tasks/{id}/review", tag = "tasks", request_body = Review,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn review_task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(review, request): Body<Review>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.review_task(&actor, once(department, &actor, key, request), id.into(), seen, review).await?)
}

/// Decides a task (准予 / 不予).
#[utoipa::path(post, path = "/tasks/{id}/decide", tag = "tasks", request_body = Decide,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn decide_task(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    IfMatch(seen): IfMatch,
    Body(decide, request): Body<Decide>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.decide_task(&actor, once(department, &actor, key, request), id.into(), seen, decide).await?)
}

/// Asks the hall about a task (前后台咨询).
#[utoipa::path(post, path = "/tasks/{id}/enquiries", tag = "tasks", request_body = Words,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn ask_hall(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Body(words, request): Body<Words>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.ask_hall(&actor, once(department, &actor, key, request), id.into(), words).await?)
}

/// Answers a question of the hall (前后台咨询).
#[utoipa::path(post, path = "/tasks/{id}/enquiries/{enquiry}/answer", tag = "tasks", request_body = Words,
    params(("id" = Uuid, Path), ("enquiry" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn answer_hall(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path((id, enquiry)): Path<(Uuid, Uuid)>,
    key: IdempotencyKey,
    Body(words, request): Body<Words>,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    let once = once(department, &actor, key, request);
    Ok(department.answer_hall(&actor, once, id.into(), enquiry.into(), words).await?)
}

/// Sends a message to the hall again that was given up (重新发送).
#[utoipa::path(post, path = "/tasks/{id}/deliveries/{message}/send-again", tag = "tasks",
    params(("id" = Uuid, Path), ("message" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = TaskView), Problem))]
async fn send_again(
    State(desk): State<DepartmentDesk>,
    actor: Actor,
    Path((id, message)): Path<(Uuid, Uuid)>,
    key: IdempotencyKey,
    request: RequestHash,
) -> Result<Kept, Problem> {
    let department = desk.of(&actor)?;
    Ok(department.send_again(&actor, once(department, &actor, key, request), id.into(), message).await?)
}

/// What changes, as it changes: `task` events with the id of the task. `ready` and `resync` ask to read again what is on
/// the screen.
#[utoipa::path(get, path = "/events", tag = "events",
    responses((status = 200, content_type = "text/event-stream", body = String), Problem))]
async fn events(State(desk): State<DepartmentDesk>, Listener(actor): Listener) -> Result<Response, Problem> {
    let department = desk.of(&actor)?;
    department.demand(&actor, Right::ReadTask)?;
    Ok(feed::stream(department.news(), |News(task)| Some(Told { name: "task", data: json!({ "task_id": task }) })))
}

async fn receive_event(State(department): State<Department>, headers: HeaderMap, body: Bytes) -> Response {
    match department.receive_event(&headers, &body).await {
        Ok(courier::Handed::Done) => StatusCode::NO_CONTENT.into_response(),
        Ok(courier::Handed::Again { status }) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT).into_response()
        }
        Err(refused) => courier::problem(refused).into_response(),
    }
}

async fn file_for_hall(
    State(department): State<Department>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Result<Download, Problem> {
    let path = format!("{}/{sha256}", protocol::FILES_PATH);
    let wall = department.clock().wall();
    let asked = courier::take_file_request(&headers, &path, |party| department.secrets_of(party), wall);
    asked.map_err(courier::problem::<DepartmentError>)?;
    Ok(department.file_for_hall(&sha256).await?)
}
