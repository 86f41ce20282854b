//! Whether every statement of the source ran on a database.

use super::stage::Stage;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

static RAN: Mutex<BTreeSet<(&str, &str)>> = Mutex::new(BTreeSet::new());

pub(crate) fn note(database: &'static str, sql: &'static str) {
    RAN.lock().unwrap().insert((database, sql));
}

pub(super) fn assert_all_ran(database: &str) {
    let ran = RAN.lock().unwrap().clone();
    let (written, mut missing) = (written(), Vec::new());
    for (file, name, sql) in &written {
        let other = matches!((name.as_str(), database), ("SQLITE", "PostgreSQL") | ("POSTGRES", "SQLite"));
        if !other && !ran.contains(&(database, sql.as_str())) {
            missing.push(format!("{file}: {name}{sql}"));
        }
    }
    assert!(written.len() > 80, "the source has {} statements: are they still found?", written.len());
    assert!(missing.is_empty(), "never ran on {database}:\n{}", missing.join("\n"));
}

/// File, name and text of every `const NAME: &str = "…"` that is a statement.
fn written() -> Vec<(String, String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut statements = Vec::new();
    for file in std::fs::read_dir(source).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for constant in text.split("const ").skip(1) {
            let Some((name, rest)) = constant.split_once(": &str = \"") else {
                continue;
            };
            let sql = rest.split('"').next().unwrap();
            let first = sql.split_whitespace().next().unwrap_or_default();
            if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first) && !name.contains(char::is_whitespace)
            {
                let file = path.file_name().unwrap().to_string_lossy().into_owned();
                statements.push((file, name.to_owned(), sql.to_owned()));
            }
        }
    }
    statements
}

/// No statement goes through a whole table or all of an office, but the one that looks for events without a head.
#[tokio::test]
async fn every_plan_uses_an_index() {
    let stage = Stage::sqlite();
    stage.hall().await.close().await;
    stage.department().await.close().await;
    let mut connection = SqliteConnection::connect(stage.url()).await.unwrap();
    let mut slow = Vec::new();
    for (file, name, sql) in written() {
        if name == "POSTGRES" {
            continue;
        }
        let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        for step in sqlx::query(explained).fetch_all(&mut connection).await.unwrap() {
            let step: String = step.get("detail");
            let small = ["SCAN json_each", "SCAN probe"].iter().any(|small| step.starts_with(small));
            let table = step.starts_with("SCAN ") && !small;
            let office = step.ends_with("(office_id=?)") && step.contains("PRIMARY KEY");
            if table || office {
                slow.push(format!("{file}: {step} in {}", sql.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        }
    }
    assert!(matches!(&slow[..], [one] if one.contains("NOT EXISTS (SELECT 1 FROM stream_head")), "{}", slow.join("\n"));
}
