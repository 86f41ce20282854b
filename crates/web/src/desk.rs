//! What a person meets first in either service: the welcome, signing in, the session, signing out.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, routing::MethodRouter};
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::json;
use crate::problem::{self, Problem, ProblemDocument};
use crate::session::{Actor, Sessions};

/// A service that people sign in to.
pub trait Desk: Clone + Send + Sync + 'static {
    /// Its sessions.
    fn sessions(&self) -> &Sessions;

    /// Which service it is.
    fn office(&self) -> Office;

    /// Where somebody works: in a department service one of its departments.
    fn office_of(&self, _: &Actor) -> Office {
        self.office()
    }

    /// The accounts shown at sign-in, in a demo only.
    fn demo_accounts(&self) -> Option<Vec<DemoAccount>>;

    /// Lets in who may sit down at the window that they name, or without one, in a department that is served here.
    ///
    /// # Errors
    /// A problem that names the window.
    fn admit(&self, actor: &Actor) -> Result<(), Problem>;
}

/// An office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Office {
    /// The hall, the department service or the department.
    pub id: Uuid,
    /// 安澜市政务服务中心.
    pub name: String,
    /// Which of the two services.
    pub kind: OfficeKind,
}

/// What an office is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OfficeKind {
    /// 政务服务大厅.
    Hall,
    /// 部门.
    Department,
}

/// What is shown before anybody has signed in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Welcome {
    /// Where one is.
    pub office: Office,
    /// Whether this is a demo.
    pub demo: bool,
    /// The hall's civil date.
    pub today: Date,
    /// Accounts to try; empty in a real office.
    pub demo_accounts: Vec<DemoAccount>,
    /// The version of the program.
    pub version: String,
}

/// An account of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DemoAccount {
    /// What to type.
    pub login: String,
    /// What else to type.
    pub password: String,
    /// Whose account it is.
    pub name: String,
    /// What the person works as.
    #[schema(value_type = Vec<RoleName>)]
    pub roles: Vec<String>,
    /// The department where the person works; null in a hall.
    #[schema(required)]
    pub department: Option<Office>,
}

/// What somebody works as, as [`domain::rights::Role::name`] has it.
#[derive(ToSchema)]
#[schema(as = Role, rename_all = "snake_case")]
#[allow(dead_code, reason = "describes the words, which are made by the domain")]
enum RoleName {
    WindowClerk,
    OutputClerk,
    Approver,
    Delegate,
    Supervisor,
    Administrator,
}

/// A wish to sign in.
#[derive(Clone, Deserialize, ToSchema)]
pub struct SignIn {
    /// What is typed.
    #[schema(min_length = 1, max_length = 100)]
    pub login: String,
    /// What else is typed.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    pub password: String,
    /// The window where the person sits.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20)]
    pub window: Option<String>,
}

/// A session, for the person in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Who.
    pub account: AccountView,
    /// Where.
    pub office: Office,
    /// At which window.
    #[schema(required)]
    pub window: Option<String>,
    /// Whether this is a demo.
    pub demo: bool,
    /// The hall's civil date.
    pub today: Date,
    /// When the session ends if nothing more is asked.
    pub expires_at: Timestamp,
}

/// An account, for the person whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// The account.
    pub id: Uuid,
    /// What is typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person works as.
    #[schema(value_type = Vec<RoleName>)]
    pub roles: Vec<String>,
}

#[derive(OpenApi)]
#[openapi(
    paths(welcome, open_session, session, close_session),
    components(schemas(ProblemDocument)),
    tags((name = "session", description = "Signing in and out."))
)]
struct Description;

/// `GET /welcome`, `POST /sessions`, `GET /session`, `DELETE /session`, with their description. Nest it below the
/// path of the service's cookie.
pub fn routes<D: Desk>() -> OpenApiRouter<D> {
    let session: MethodRouter<D> = get(self::session::<D>).delete(close_session::<D>);
    let router = Router::new()
        .route("/welcome", get(welcome::<D>))
        .route("/sessions", post(open_session::<D>))
        .route("/session", session);
    let mut description = Description::openapi();
    problem::describe(&mut description);
    OpenApiRouter::from(router).merge(OpenApiRouter::with_openapi(description))
}

/// Says where one is, before anybody has signed in.
#[utoipa::path(get, path = "/welcome", tag = "session", responses((status = 200, body = Welcome), Problem))]
async fn welcome<D: Desk>(State(desk): State<D>) -> Json<Welcome> {
    let accounts = desk.demo_accounts();
    Json(Welcome {
        office: desk.office(),
        demo: accounts.is_some(),
        today: desk.sessions().clock().today(),
        demo_accounts: accounts.unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Signs in. The token comes in a cookie; scripts never see it.
#[utoipa::path(
    post,
    path = "/sessions",
    tag = "session",
    request_body = SignIn,
    responses(
        (status = 201, body = SessionView, headers(("set-cookie" = String, description = "The token."))),
        (status = 401, description = "`wrong-login-or-password`.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-attempts`, with `Retry-After`.",
            body = ProblemDocument, content_type = "application/problem+json"),
        Problem,
    )
)]
async fn open_session<D: Desk>(
    State(desk): State<D>,
    json::Body(SignIn { login, password, window }, _): json::Body<SignIn>,
) -> Result<Response, Problem> {
    let opened = desk.sessions().sign_in(&login, &password, window.as_deref(), |actor| desk.admit(actor)).await?;
    let cookie = desk.sessions().cookie_with(&opened.token);
    let view = Json(session_view(&desk, &opened.actor));
    Ok((StatusCode::CREATED, [(SET_COOKIE, cookie), (CACHE_CONTROL, NO_STORE)], view).into_response())
}

/// The session one is in.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses(
        (status = 200, body = SessionView),
        (status = 401, description = "`no-session` or `session-expired`.",
            body = ProblemDocument, content_type = "application/problem+json"),
        Problem,
    )
)]
async fn session<D: Desk>(State(desk): State<D>, actor: Actor) -> impl IntoResponse {
    ([(CACHE_CONTROL, NO_STORE)], Json(session_view(&desk, &actor)))
}

/// Signs out; also without a session.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204), Problem))]
async fn close_session<D: Desk>(State(desk): State<D>, headers: HeaderMap) -> Result<Response, Problem> {
    desk.sessions().sign_out(&headers).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, desk.sessions().cookie_without())]).into_response())
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

fn session_view<D: Desk>(desk: &D, actor: &Actor) -> SessionView {
    SessionView {
        account: AccountView {
            id: actor.account(),
            login: actor.login().to_owned(),
            name: actor.name().to_owned(),
            roles: actor.roles().iter().map(|role| role.name().to_owned()).collect(),
        },
        office: desk.office_of(actor),
        window: actor.window().map(str::to_owned),
        demo: desk.demo_accounts().is_some(),
        today: desk.sessions().clock().today(),
        expires_at: actor.expires_at(),
    }
}
