//! Signing in and out, what ends a session, and what a wrong password costs.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use domain::rights::{Right, Role};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::{Account, Kind, Store, StoreConfig};
use tower::ServiceExt;
use uuid::Uuid;
use yichuang_web::desk::{self, DemoAccount, Desk, Office, OfficeKind};
use yichuang_web::session::{ABSOLUTE, IDLE, LOCKED, Listener, MAX_FAILURES, Passwords, SessionCookie, Sessions};
use yichuang_web::source::Chance;
use yichuang_web::{Actor, Problem, StillClock};

const PASSWORD: &str = "anlan-2026";
const OFFICE: Uuid = Uuid::from_u128(0x11);

#[derive(Clone)]
struct TestDesk {
    sessions: Sessions,
    clock: StillClock,
    store: Store,
    demo: bool,
    _folder: Arc<Folder>,
}

/// Gone with its last desk.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Desk for TestDesk {
    fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    fn office(&self) -> Office {
        Office { id: OFFICE, name: "安澜市政务服务中心".into(), kind: OfficeKind::Hall }
    }

    fn demo_accounts(&self) -> Option<Vec<DemoAccount>> {
        let account = DemoAccount {
            login: "chuangkou".into(),
            password: PASSWORD.into(),
            name: "陈思远".into(),
            roles: vec![],
            department: None,
        };
        self.demo.then(|| vec![account])
    }

    fn admit(&self, _: &Actor) -> Result<(), Problem> {
        Ok(())
    }
}

impl TestDesk {
    async fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("yichuang-web-{}", Uuid::from_u128(rand())));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}/hall.db", folder.display());
        let store = Store::open(&StoreConfig::new(url), Kind::Hall, OFFICE).await.unwrap();
        let clock = StillClock::at("2026-03-02T01:00:00Z".parse().unwrap());
        let cookie = SessionCookie { name: "yichuang-hall", path: "/api/hall", secure: false };
        let sessions = Sessions::new(store.clone(), Arc::new(clock.clone()), Chance::system(), cookie);
        let desk = TestDesk { sessions, clock, store, demo: true, _folder: Arc::new(Folder(folder)) };
        desk.put("chuangkou", true).await;
        desk
    }

    async fn put(&self, login: &'static str, active: bool) {
        let account = Account {
            id: Uuid::from_u128(login.len() as u128),
            login: login.into(),
            name: "陈思远".into(),
            password_hash: self.sessions.hash_password(PASSWORD).await.unwrap(),
            roles: vec!["window_clerk".into(), "not_a_role".into()],
            active,
            department: None,
        };
        self.store.write(async move |tx| tx.put_account(&account).await).await.unwrap();
    }

    fn router(&self) -> Router {
        let (routes, _) = desk::routes::<TestDesk>().split_for_parts();
        routes
            .route("/whoami", get(async |actor: Actor| actor.login().to_owned()))
            .route("/events", get(async |Listener(actor): Listener| actor.login().to_owned()))
            .route("/take", get(async |actor: Actor| actor.demand(Right::TakeCase).map(|()| StatusCode::NO_CONTENT)))
            .route(
                "/decide",
                get(async |actor: Actor| actor.demand(Right::DecideTask).map(|()| StatusCode::NO_CONTENT)),
            )
            .with_state(self.clone())
    }

    async fn ask(&self, request: http::request::Builder, body: impl Into<Body>) -> Response<Body> {
        self.router().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }

    async fn sign_in(&self, login: &str, password: &str) -> Response<Body> {
        let request = Request::post("/sessions").header("content-type", "application/json");
        self.ask(request, json!({ "login": login, "password": password, "window": "03" }).to_string()).await
    }

    /// The cookie of a new session, as a browser sends it back.
    async fn cookie(&self) -> String {
        let response = self.sign_in("chuangkou", PASSWORD).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    async fn with(&self, path: &str, cookie: &str) -> Response<Body> {
        self.ask(Request::get(path).header("cookie", cookie), "").await
    }
}

fn rand() -> u128 {
    u128::from_le_bytes(Chance::system().bytes())
}

async fn json_of(response: Response<Body>) -> Value {
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

async fn code_of(response: Response<Body>) -> String {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    json_of(response).await["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_welcome_shows_accounts_only_in_a_demo() {
    let mut desk = TestDesk::open().await;
    let welcome = json_of(desk.ask(Request::get("/welcome"), "").await).await;
    assert_eq!(
        (&welcome["office"]["kind"], &welcome["demo"], &welcome["today"]),
        (&json!("hall"), &json!(true), &json!("2026-03-02"))
    );
    assert_eq!(welcome["demo_accounts"][0]["login"], "chuangkou");
    desk.demo = false;
    let welcome = json_of(desk.ask(Request::get("/welcome"), "").await).await;
    assert_eq!((&welcome["demo"], &welcome["demo_accounts"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_scripts_cannot_read() {
    let desk = TestDesk::open().await;
    let response = desk.sign_in("chuangkou", PASSWORD).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("yichuang-hall="), "{cookie}");
    assert!(cookie.ends_with("; Path=/api/hall; HttpOnly; SameSite=Strict"), "{cookie}");
    let view = json_of(response).await;
    assert_eq!(view["account"]["roles"], json!(["window_clerk"]));
    assert_eq!((&view["window"], &view["expires_at"]), (&json!("03"), &json!("2026-03-02T01:30:00Z")));
    assert!(!view.to_string().contains(cookie.split(['=', ';']).nth(1).unwrap()));

    let cookie = cookie.split(';').next().unwrap();
    let again = json_of(desk.with("/session", &format!("other=1; {cookie}")).await).await;
    assert_eq!(again, view);
}

#[tokio::test]
async fn a_token_is_taken_from_a_bearer_header_too() {
    let desk = TestDesk::open().await;
    let token = desk.cookie().await.split_once('=').unwrap().1.to_owned();
    let ask = |value: String| desk.ask(Request::get("/whoami").header("authorization", value), "");
    assert_eq!(ask(format!("Bearer {token}")).await.status(), StatusCode::OK);
    assert_eq!(ask(format!("bearer {token}")).await.status(), StatusCode::OK);
    for wrong in [format!("Basic {token}"), token.clone(), format!("Bearer {}", "0".repeat(64)), "Bearer".into()] {
        assert_eq!(code_of(ask(wrong).await).await, "no-session");
    }
}

#[tokio::test]
async fn without_a_session_nobody_is_calling() {
    let desk = TestDesk::open().await;
    for cookie in ["", "yichuang-hall=", "yichuang-hall=../../x", "yichuang-department=abc", "yichuang-hall"] {
        assert_eq!(code_of(desk.with("/whoami", cookie).await).await, "no-session", "{cookie}");
    }
    assert_eq!(desk.ask(Request::get("/session"), "").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_idle_session_ends_and_a_used_one_goes_on_to_its_last_hour() {
    let desk = TestDesk::open().await;
    let cookie = desk.cookie().await;
    desk.clock.advance(IDLE - Duration::from_secs(1));
    assert_eq!(desk.with("/whoami", &cookie).await.status(), StatusCode::OK);
    desk.clock.advance(IDLE - Duration::from_secs(1));
    assert_eq!(desk.with("/whoami", &cookie).await.status(), StatusCode::OK);
    desk.clock.advance(IDLE);
    assert_eq!(code_of(desk.with("/whoami", &cookie).await).await, "session-expired");

    let cookie = desk.cookie().await;
    let step = Duration::from_secs(20 * 60);
    let steps = ABSOLUTE.as_secs() / step.as_secs();
    for _ in 1..steps {
        desk.clock.advance(step);
        assert_eq!(desk.with("/whoami", &cookie).await.status(), StatusCode::OK);
    }
    desk.clock.advance(step);
    assert_eq!(code_of(desk.with("/whoami", &cookie).await).await, "session-expired");
}

#[tokio::test]
async fn listening_does_not_keep_a_session_from_ending() {
    let desk = TestDesk::open().await;
    let cookie = desk.cookie().await;
    desk.clock.advance(IDLE / 2);
    assert_eq!(desk.with("/events", &cookie).await.status(), StatusCode::OK);
    desk.clock.advance(IDLE / 2);
    assert_eq!(code_of(desk.with("/events", &cookie).await).await, "session-expired");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_may_be_repeated() {
    let desk = TestDesk::open().await;
    let cookie = desk.cookie().await;
    for _ in 0..2 {
        let response = desk.ask(Request::delete("/session").header("cookie", &cookie), "").await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(response.headers()["set-cookie"].to_str().unwrap().ends_with("; Max-Age=0"));
    }
    assert_eq!(code_of(desk.with("/whoami", &cookie).await).await, "no-session");
    assert_eq!(desk.ask(Request::delete("/session"), "").await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    let desk = TestDesk::open().await;
    let cookie = desk.cookie().await;
    desk.put("chuangkou", false).await;
    assert_eq!(code_of(desk.with("/whoami", &cookie).await).await, "no-session");
    assert_eq!(code_of(desk.sign_in("chuangkou", PASSWORD).await).await, "wrong-login-or-password");
}

#[tokio::test]
async fn five_wrong_passwords_lock_a_login_whether_or_not_it_exists() {
    let desk = TestDesk::open().await;
    for login in ["chuangkou", "nobody"] {
        for _ in 0..MAX_FAILURES {
            let response = desk.sign_in(login, "wrong-password").await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(code_of(response).await, "wrong-login-or-password");
        }
        let response = desk.sign_in(login, PASSWORD).await;
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()["retry-after"], LOCKED.as_secs().to_string());
    }
    desk.clock.advance(LOCKED);
    assert_eq!(desk.sign_in("chuangkou", "wrong-password").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(desk.sign_in("chuangkou", PASSWORD).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_right_password_forgets_the_wrong_ones() {
    let desk = TestDesk::open().await;
    for _ in 0..3 {
        for _ in 1..MAX_FAILURES {
            assert_eq!(desk.sign_in("chuangkou", "wrong-password").await.status(), StatusCode::UNAUTHORIZED);
        }
        assert_eq!(desk.sign_in("chuangkou", PASSWORD).await.status(), StatusCode::CREATED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_passwords_at_the_same_time_are_all_counted() {
    let desk = TestDesk::open().await;
    let tries = (0..20).map(|_| desk.sign_in("chuangkou", "wrong-password"));
    let statuses: Vec<u16> =
        futures_util::future::join_all(tries).await.iter().map(|response| response.status().as_u16()).collect();
    let cores = std::thread::available_parallelism().unwrap().get();
    let tried = statuses.iter().filter(|status| **status == 401).count();
    assert!(tried < MAX_FAILURES as usize + cores, "{tried}");
    assert_eq!(desk.sign_in("chuangkou", PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn hostile_sign_ins_are_refused_by_field() {
    let desk = TestDesk::open().await;
    let long = "长".repeat(201);
    for (login, password, pointer) in [
        ("", "x", "/login"),
        (long.as_str(), "x", "/login"),
        ("a\u{0}", "x", "/login"),
        ("a", &long, "/password"),
        ("a", "", "/password"),
    ] {
        let response = desk.sign_in(login, password).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let document = json_of(response).await;
        assert_eq!(document["errors"][0]["pointer"], pointer);
        // A password is not repeated; what else was typed is, cut short.
        assert_eq!(document["errors"][0].get("value").is_none(), pointer == "/password");
    }
}

#[tokio::test]
async fn a_right_comes_from_a_role_and_nowhere_else() {
    let desk = TestDesk::open().await;
    let cookie = desk.cookie().await;
    assert_eq!(desk.with("/take", &cookie).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(code_of(desk.with("/decide", &cookie).await).await, "forbidden");
    let opened = desk.sessions.sign_in("chuangkou", PASSWORD, None, |_| Ok(())).await.unwrap();
    assert_eq!(opened.actor.roles(), [Role::WindowClerk]);
    assert!(!format!("{opened:?}").contains(&opened.token));
}

#[tokio::test]
async fn a_password_is_kept_as_argon2id_and_never_twice_alike() {
    let (passwords, chance) = (Passwords::new(), Chance::system());
    let hash = passwords.hash(PASSWORD, &chance).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, passwords.hash(PASSWORD, &chance).await.unwrap());
    assert!(passwords.verify(PASSWORD, &hash).await);
    assert!(!passwords.verify("anlan-2027", &hash).await);
    assert!(!passwords.verify(PASSWORD, "not a hash").await);
    assert!(passwords.hash("short", &chance).await.is_err());
}

/// On one thread: while passwords are computed, everything else goes on.
#[tokio::test(flavor = "current_thread")]
async fn a_storm_of_sign_ins_does_not_hold_up_open_desks() {
    let desk = TestDesk::open().await;
    let cookie = desk.cookie().await;
    let storm = {
        let desk = desk.clone();
        tokio::spawn(async move {
            let tries = (0..30).map(|_| desk.sign_in("chuangkou", PASSWORD));
            futures_util::future::join_all(tries).await.iter().all(|response| response.status() == StatusCode::CREATED)
        })
    };
    let mut answered = 0;
    let began = Instant::now();
    while !storm.is_finished() {
        assert_eq!(desk.with("/whoami", &cookie).await.status(), StatusCode::OK);
        answered += 1;
    }
    assert!(storm.await.unwrap());
    // One hash on the thread of the desks would be tens of milliseconds; 30 of them, one answer each.
    assert!(answered > 60, "{answered} answers in {:?}", began.elapsed());
}

/// An unknown login costs the same hash as a known one.
#[tokio::test]
async fn the_time_does_not_tell_whether_a_login_exists() {
    let desk = TestDesk::open().await;
    let mut least = [Duration::MAX; 2];
    for round in 0..4 {
        for (slot, login) in ["chuangkou", "nobody"].into_iter().enumerate() {
            let began = Instant::now();
            let status = desk.sign_in(login, "wrong-password").await.status();
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{round}");
            least[slot] = least[slot].min(began.elapsed());
        }
    }
    let [known, unknown] = least;
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
}

#[tokio::test]
async fn the_description_has_the_four_routes_and_the_problem() {
    let (_, api) = desk::routes::<TestDesk>().split_for_parts();
    let document = serde_json::to_value(&api).unwrap();
    for (path, method) in [("/welcome", "get"), ("/sessions", "post"), ("/session", "get"), ("/session", "delete")] {
        assert!(document["paths"][path][method].is_object(), "{method} {path}");
    }
    for schema in ["Problem", "FieldProblem", "ProblemCode", "SessionView", "Welcome", "SignIn", "Office"] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
    let nested = utoipa_axum::router::OpenApiRouter::<TestDesk>::new().nest("/api/hall", desk::routes());
    assert!(nested.get_openapi().paths.paths.contains_key("/api/hall/welcome"));
}
