//! How fast cases are taken in: `cargo run --release -p yichuang-store --example intake -- URL …`, each URL a database
//! (`sqlite:///…` or `postgres://…`) that may be filled.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a measurement")]

use std::{
    error::Error,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use uuid::Uuid;
use yichuang_store::{
    CaseRow, Kind, NewEvent, OutboxEntry, PaperRow, PaperState, Salt, Store, StoreConfig, StoreError,
};

fn id() -> Uuid {
    Uuid::now_v7()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_781_485_200 + second).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Takes a case as a hall does: numbers, event, records, row, name, paper, message.
async fn take(store: &Store, window: usize, salt: Salt) -> Result<u64, StoreError> {
    let (case, applicant, form, paper, message) = (id(), id(), id(), id(), id());
    store
        .write(async move |tx| {
            let number = tx.next(&format!("case:{window}")).await?;
            let name = format!("陈思{number}");
            tx.keep_record(applicant, case, "applicant", name.as_bytes(), salt, at(0)).await?;
            tx.keep_record(form, case, "form", &[b'x'; 700], salt, at(0)).await?;
            let taken = NewEvent::new("case.taken", 1, at(0), format!("window:{window}"), vec![b'e'; 300]);
            tx.append(case, 0, &[taken], at(0)).await?;
            tx.put_case(&row(case, format!("{window:02}{number:08}"))).await?;
            tx.index_name(case, "applicant", &name).await?;
            tx.put_paper(&paper_of(case, paper, form)).await?;
            tx.outbox_document(case, 1, &[b'd'; 1500]).await?;
            tx.send(&OutboxEntry {
                id: message,
                stream: case,
                recipient: Uuid::from_u128(1),
                kind: "yichuang.task.assigned".into(),
                document_version: 1,
                queued_at: at(0),
                due_at: at(0),
            })
            .await
        })
        .await
}

fn row(case: Uuid, number: String) -> CaseRow {
    CaseRow {
        id: case,
        official_number: Some(format!("1134{number}")),
        number,
        filing: case,
        item_code: "food-licence".into(),
        item_version: 1,
        item_name: "食品经营许可".into(),
        department: Uuid::from_u128(1),
        department_name: "市场监督管理局".into(),
        applicant_masked: "陈*远".into(),
        state: "taken".into(),
        deemed_accepted: false,
        outcome: None,
        window: "03".into(),
        taken_at: at(0),
        due_at: Some(at(86_400)),
        lights: domain::clock::LightDays::default(),
        silent_from: None,
        asked_at: None,
        told_again_at: None,
        version: 1,
        updated_at: at(0),
    }
}

fn paper_of(case: Uuid, paper: Uuid, model: Uuid) -> PaperRow {
    PaperRow {
        id: paper,
        case,
        kind: "intake-receipt".into(),
        title: "收件凭证".into(),
        number: paper.to_string(),
        state: PaperState::Pending,
        sha256: None,
        size: None,
        model: Some(model),
        created_at: at(0),
    }
}

async fn measure(name: &str, store: &Store, callers: usize) -> Result<(), Box<dyn Error>> {
    let (begun, lasting) = (Instant::now(), Duration::from_secs(5));
    let windows = (0..callers).map(|window| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut waits = Vec::new();
            while begun.elapsed() < lasting {
                let asked = Instant::now();
                take(&store, window, Salt::random()).await?;
                waits.push(asked.elapsed());
            }
            Ok::<_, StoreError>(waits)
        })
    });
    let mut waits = Vec::new();
    for window in futures_util::future::join_all(windows).await {
        waits.extend(window??);
    }
    waits.sort_unstable();
    let rate = waits.len() as f64 / begun.elapsed().as_secs_f64();
    let (p50, p99, most) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100], waits[waits.len() - 1]);
    println!("{name:10} {callers:3} callers: {rate:6.0} intakes/s, p50 {p50:.1?}, p99 {p99:.1?}, max {most:.1?}");
    Ok(())
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    for url in std::env::args().skip(1) {
        let name = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
        let store = Store::open(&StoreConfig::new(url), Kind::Hall, id()).await?;
        for callers in [1, 8, 32] {
            measure(name, &store, callers).await?;
        }
        store.close().await;
    }
    Ok(())
}
