//! What came back.

use http::HeaderMap;
use serde_json::Value;

/// An answer, whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// What no answer may show to those who ask.
const INNER_WORKINGS: [&str; 12] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM",
    "sqlx",
    "sqlite",
    "postgres",
    "panicked",
    "backtrace",
    ".rs:",
    "RUST_",
    "/tmp/",
];

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The JSON of a request that was carried out.
    #[track_caller]
    pub(crate) fn done(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self.json()
    }

    /// The code of a refusal, once its document is what RFC 9457 and this house ask for.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        assert!((400..500).contains(&self.status), "no refusal: {} {}", self.status, self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(self.bytes.len() < 20_000, "a refusal of {} bytes", self.bytes.len());
        let problem = self.json();
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["status"], self.status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        for error in problem["errors"].as_array().unwrap() {
            assert!(error["pointer"].is_string() && error["code"].is_string(), "{error}");
        }
        self.shows_no_inner_workings();
        code
    }

    #[track_caller]
    pub(crate) fn shows_no_inner_workings(&self) {
        // What was sent is given back, so it is left out here.
        let mut problem = self.json();
        for error in problem["errors"].as_array_mut().into_iter().flatten() {
            error.as_object_mut().unwrap().remove("value");
        }
        let text = problem.to_string();
        for word in INNER_WORKINGS {
            assert!(!text.contains(word), "an answer shows {word:?}: {text}");
        }
    }

    /// A refusal on a line: `422 validation-failed /applicant/name too-long="…"`.
    #[track_caller]
    pub(crate) fn refusal(&self) -> String {
        let code = self.code();
        let mut line = format!("{} {code}", self.status);
        for error in self.json()["errors"].as_array().unwrap() {
            let (pointer, what) = (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap());
            line.push_str(&format!(" | {pointer} {what}"));
            if let Some(value) = error.get("value") {
                line.push_str(&format!(" = {}", shown(value)));
            }
            if let Some(params) = error.get("params") {
                line.push_str(&format!(" {}", shown(params)));
            }
        }
        line
    }
}

/// A value in a snapshot: what cannot be seen as its escape, what is long cut.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    let seen: String = text
        .chars()
        .take(90)
        .flat_map(|c| {
            let plain = c.is_ascii_graphic() || c == ' ' || ('\u{3000}'..='\u{9fff}').contains(&c) || c == '\u{2026}';
            if plain || ('\u{ff00}'..='\u{ffef}').contains(&c) { c.to_string() } else { c.escape_unicode().to_string() }
                .chars()
                .collect::<Vec<_>>()
        })
        .collect();
    match text.chars().count() {
        0..=90 => seen,
        length => format!("{seen}… ({length} characters)"),
    }
}
