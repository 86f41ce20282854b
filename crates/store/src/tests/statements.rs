//! Whether every statement of the source ran on a database.

use super::stage::Stage;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::collections::{BTreeMap, BTreeSet};
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

/// File, name and text of every `const NAME: &str = …` that is a statement.
fn written() -> Vec<(String, String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = std::fs::read_dir(source).unwrap().map(|file| file.unwrap().path());
    let files: Vec<(String, String)> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    let parts = files.iter().flat_map(|(_, text)| parts_in(text)).collect();
    let mut statements = Vec::new();
    for (file, text) in &files {
        for constant in text.split("const ").skip(1) {
            let Some((name, rest)) = constant.split_once(": &str = ") else {
                continue;
            };
            let sql = joined(rest, &parts);
            let first = sql.split_whitespace().next().unwrap_or_default();
            if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first) && !name.contains(char::is_whitespace)
            {
                statements.push((file.clone(), name.to_owned(), sql));
            }
        }
    }
    statements
}

/// The parts that several statements have, each a macro that is a text.
fn parts_in(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.split("macro_rules! ").skip(1).filter_map(|part| {
        let (name, rest) = part.split_once(" {\n    () => {\n        \"")?;
        Some((name, rest.split('"').next()?))
    })
}

/// The text of `"…"`, or of `concat!("…", part!(), "…")`.
fn joined(expression: &str, parts: &BTreeMap<&str, &str>) -> String {
    let Some(mut rest) = expression.strip_prefix("concat!(") else {
        return expression.strip_prefix('"').and_then(|text| text.split('"').next()).unwrap_or_default().to_owned();
    };
    let mut sql = String::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\n']);
        let text;
        (text, rest) = match (rest.strip_prefix('"'), rest.starts_with(')')) {
            (_, true) => return sql,
            (Some(rest), _) => rest.split_once('"').unwrap(),
            (None, _) => {
                let (name, rest) = rest.split_once("!()").unwrap();
                (parts[name], rest)
            }
        };
        sql.push_str(text);
    }
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
            let sorted = step == "USE TEMP B-TREE FOR ORDER BY" && sql.contains("LIMIT");
            if table || office || sorted {
                slow.push(format!("{file}: {step} in {}", sql.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        }
    }
    assert!(matches!(&slow[..], [one] if one.contains("NOT EXISTS (SELECT 1 FROM stream_head")), "{}", slow.join("\n"));
}

/// An index that no plan uses costs every write for nothing, or its statement goes another way than was thought.
#[tokio::test]
async fn every_index_serves_a_statement() {
    let stage = Stage::sqlite();
    stage.hall().await.close().await;
    stage.department().await.close().await;
    let mut connection = SqliteConnection::connect(stage.url()).await.unwrap();
    let mut plans = String::new();
    for (_, _, sql) in written().into_iter().filter(|(_, name, _)| name != "POSTGRES") {
        let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        for step in sqlx::query(explained).fetch_all(&mut connection).await.unwrap() {
            plans += step.get::<&str, _>("detail");
            plans.push('\n');
        }
    }
    let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'";
    let indexes: Vec<String> = sqlx::query_scalar(indexes).fetch_all(&mut connection).await.unwrap();
    assert!(indexes.len() > 20, "{indexes:?}");
    let idle: Vec<_> = indexes.iter().filter(|name| !plans.contains(&format!("INDEX {name} "))).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

/// The same as for SQLite on PostgreSQL, which is told that going through a whole table or sorting costs more than anything:
/// where it does so all the same, no index serves. What comes a page at a time is sorted at most among equals.
#[tokio::test]
async fn every_plan_uses_an_index_on_postgres() {
    let Some(stage) = Stage::postgres().await else { return };
    stage.hall().await.close().await;
    stage.department().await.close().await;
    let mut connection = PgConnection::connect(stage.url()).await.unwrap();
    let settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off;
                    SET enable_sort = off";
    sqlx::raw_sql(settings).execute(&mut connection).await.unwrap();
    let mut slow = Vec::new();
    for (nth, (file, name, sql)) in written().into_iter().enumerate() {
        if name == "SQLITE" {
            continue;
        }
        let binds = (1..=99).rev().find(|bind| sql.contains(&format!("${bind}"))).unwrap_or(0);
        let nulls = vec!["NULL"; binds].join(", ");
        let prepared = AssertSqlSafe(format!("PREPARE s{nth} AS {sql}"));
        sqlx::raw_sql(prepared).execute(&mut connection).await.unwrap_or_else(|error| panic!("{file}: {sql}: {error}"));
        let nulls = if binds == 0 { String::new() } else { format!("({nulls})") };
        let explained = AssertSqlSafe(format!("EXPLAIN EXECUTE s{nth} {nulls}"));
        for step in sqlx::raw_sql(explained).fetch_all(&mut connection).await.unwrap() {
            let step: String = step.get(0);
            let sorted = step.contains("Sort  (") && !step.contains("Incremental");
            if step.contains("Seq Scan on") || sorted && sql.contains("LIMIT") {
                slow.push(format!(
                    "{file}: {} in {}",
                    step.trim(),
                    sql.split_whitespace().collect::<Vec<_>>().join(" ")
                ));
            }
        }
    }
    stage.clear().await;
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
