//! A person at a desk, with the patience of the pages: what got no answer is asked again, with the same ids and the same key.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;
use web::source::{self, Chance};

use crate::{
    Outcome,
    wire::{self, Answer, Silence},
};

/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the same is asked again.
const LONGEST: Duration = Duration::from_secs(100);

/// How soon.
const AGAIN: Duration = Duration::from_millis(15);

/// The number of the person who applies: the division exists nowhere, the check character is right.
const APPLICANT_NUMBER: &str = "990100198001010026";
const APPLICANT: &str = "李秀兰";

/// A page without anything on it.
pub const APPLICATION_FORM: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// Where a program listens, while it does.
pub type Whereabouts = watch::Receiver<Option<SocketAddr>>;

/// A new id, as a page makes it.
pub fn new_id() -> Uuid {
    Chance::system().id(source::wall())
}

/// A person with a session.
#[derive(Clone)]
pub struct Desk {
    at: Whereabouts,
    base: &'static str,
    cookie: String,
}

/// One request, which can be sent again as it is.
#[derive(Debug, Clone)]
pub struct Wish {
    method: Method,
    path: String,
    body: Bytes,
    key: Option<String>,
    seen: Option<u64>,
}

impl Wish {
    /// To see something.
    pub fn to_see(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: Bytes::new(), key: None, seen: None }
    }

    /// To change something, under a key of its own.
    pub fn to_change(path: impl Into<String>, body: &Value) -> Self {
        let body = body.to_string().into();
        Self { method: Method::POST, path: path.into(), body, key: Some(new_id().to_string()), seen: None }
    }

    /// To keep a file.
    pub fn to_keep(name: &str, bytes: &'static [u8]) -> Self {
        let path = format!("/files?name={name}");
        Self { method: Method::PUT, path, body: Bytes::from_static(bytes), key: None, seen: None }
    }

    /// With nothing to say.
    #[must_use]
    pub fn without_body(self) -> Self {
        Self { body: Bytes::new(), ..self }
    }

    /// Only if it is still in that version.
    #[must_use]
    pub fn if_still(self, version: u64) -> Self {
        Self { seen: Some(version), ..self }
    }
}

impl Desk {
    /// Signs in at the hall.
    ///
    /// # Errors
    /// When the person is not let in.
    pub async fn at_hall(at: &Whereabouts, login: &str, password: &str, window: &str) -> Outcome<Self> {
        let wish = json!({ "login": login, "password": password, "window": window });
        Self::sign_in(at, "/api/hall", &wish).await
    }

    /// Signs in at the department.
    ///
    /// # Errors
    /// When the person is not let in.
    pub async fn at_department(at: &Whereabouts, login: &str, password: &str) -> Outcome<Self> {
        let wish = json!({ "login": login, "password": password });
        Self::sign_in(at, "/api/department", &wish).await
    }

    async fn sign_in(at: &Whereabouts, base: &'static str, wish: &Value) -> Outcome<Self> {
        let desk = Self { at: at.clone(), base, cookie: String::new() };
        let answer = desk.insist(&Wish::to_change("/sessions", wish)).await?;
        let cookie = answer.headers.get(header::SET_COOKIE).and_then(|value| value.to_str().ok()?.split(';').next());
        let cookie = cookie.ok_or_else(|| format!("{wish} was not let in: {}", words(&answer)))?.to_owned();
        Ok(Self { cookie, ..desk })
    }

    /// Asks once.
    ///
    /// # Errors
    /// When nobody is there, or there is no answer.
    pub async fn ask(&self, wish: &Wish) -> Result<Answer, Silence> {
        let Some(at) = *self.at.borrow() else { return Err(Silence::nobody()) };
        let Wish { method, path, body, key, seen } = wish;
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", self.base))
            .header(header::HOST, at.to_string())
            .header(header::COOKIE, &self.cookie);
        if method == Method::POST && !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(version) = seen {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let request = request.body(Full::new(body.clone())).map_err(|_| Silence::nobody())?;
        wire::send(at, request, PATIENCE).await
    }

    /// Asks the same again and again until there is an answer that says something.
    ///
    /// # Errors
    /// When there is none for a very long time.
    pub async fn insist(&self, wish: &Wish) -> Outcome<Answer> {
        let since = source::instant();
        loop {
            let why = match self.ask(wish).await {
                Ok(answer) if !answer.is_passing() => return Ok(answer),
                Ok(answer) => words(&answer),
                Err(silence) => silence.to_string(),
            };
            if since.elapsed() > LONGEST {
                return Err(format!("{} {}: {why}", wish.method, wish.path).into());
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Sees something that is there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn see(&self, path: impl Into<String>) -> Outcome<Value> {
        let wish = Wish::to_see(path);
        let answer = self.insist(&wish).await?;
        good(&wish, answer)
    }

    /// Changes something, and sees what became of it.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn change(&self, wish: &Wish) -> Outcome<Value> {
        let answer = self.insist(wish).await?;
        good(wish, answer)
    }
}

fn good(wish: &Wish, answer: Answer) -> Outcome<Value> {
    if answer.status.is_success() {
        return Ok(answer.json());
    }
    Err(format!("{} {}: {}", wish.method, wish.path, words(&answer)).into())
}

/// An answer in a line.
pub fn words(answer: &Answer) -> String {
    let body: String = String::from_utf8_lossy(&answer.body).chars().take(400).collect();
    format!("{} {body}", answer.status)
}

/// A filing of one case, as a window hands it in.
pub fn filing(filing: Uuid, case: Uuid, item: &Value, file: Option<&Value>) -> Value {
    let mut filing = server::walk::example_filing(filing, case, item, file);
    filing["applicant"]["name"] = json!(APPLICANT);
    filing["applicant"]["id_number"] = json!(APPLICANT_NUMBER);
    filing
}

/// What an approver says to a task: granted, or denied.
pub fn decision(task: &Value, granted: bool) -> Value {
    if !granted {
        return json!({ "outcome": "denied", "opinion": "经营场所不符合条件，不予许可。" });
    }
    let result = &task["result"];
    json!({
        "outcome": "granted",
        "opinion": "经审查，符合许可条件，准予许可。",
        "certificate": {
            "rows": result["rows"], "valid_from": result["valid_from"], "valid_until": result["valid_until"],
        },
    })
}

/// The applicant, in person; what originals the hall holds stay in the file.
pub fn hand_over(case: &Value) -> Value {
    let held = case["originals"].as_array().into_iter().flatten().filter(|original| original["fate"].is_null());
    json!({
        "collector": { "name": APPLICANT, "id_number": APPLICANT_NUMBER, "relation": "self" },
        "originals": { "archived": held.map(|original| &original["code"]).collect::<Vec<_>>() },
    })
}

/// A number in a view.
pub fn version_of(view: &Value) -> u64 {
    view["version"].as_u64().unwrap_or_default()
}
