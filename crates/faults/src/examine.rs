//! Looks at the databases and files of a hall and a department that have ended, and finds whatever is not right.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    time::Duration,
};

use domain::ids::CaseId;
use server::City;
use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Files, Kind, Store, StoreConfig};
use uuid::Uuid;
use web::source;

use crate::Outcome;

/// How often one looks whether nothing is under way any more.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What was found, when everything is right.
#[derive(Debug, Default)]
pub struct Examined {
    /// Cases in the hall, each of them once at the department too.
    pub cases: usize,
    /// How many stand where.
    pub states: BTreeMap<String, usize>,
    /// Events in both journals.
    pub events: u64,
    /// Papers in the hall, each with its bytes.
    pub papers: usize,
    /// Prints that a printer said were printed.
    pub printed: usize,
    /// Prints that came out more than once: each says so by the number of its tries.
    pub printed_again: usize,
}

impl fmt::Display for Examined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, states, events, papers, printed, printed_again } = self;
        let states: Vec<_> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
        writeln!(f, "cases {cases} ({}), on both sides once", states.join(", "))?;
        writeln!(f, "events {events}, all chains whole; papers {papers}, all bytes there")?;
        write!(f, "prints {printed}, of which {printed_again} came out again after a kill and say so")
    }
}

/// A connection that only reads.
///
/// # Errors
/// When there is no such file.
pub async fn reader(file: &Path) -> Outcome<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(10));
    Ok(options.connect().await?)
}

/// Waits until no message is to be delivered, no paper to be rendered or fetched, and no print to be printed.
///
/// # Errors
/// What is still under way after `longest`.
pub async fn drained(data: &Path, longest: Duration) -> Outcome<()> {
    const MESSAGES: &str = "SELECT COUNT(*) FROM outbox WHERE state = 'pending'";
    const PAPERS: &str = "SELECT COUNT(*) FROM paper WHERE state <> 'ready'";
    const PRINTS: &str = "SELECT COUNT(*) FROM print WHERE state NOT IN ('done', 'failed', 'cancelled')";
    let mut hall = reader(&data.join("hall.db")).await?;
    let mut department = reader(&data.join("department.db")).await?;
    let since = source::instant();
    loop {
        let mut counts = vec![];
        for (whose, sql) in [("messages", MESSAGES), ("papers", PAPERS), ("prints", PRINTS)] {
            counts.push((whose, count(&mut hall, sql).await?));
        }
        for (whose, sql) in [("the department's messages", MESSAGES), ("the department's papers", PAPERS)] {
            counts.push((whose, count(&mut department, sql).await?));
        }
        counts.retain(|(_, count)| *count > 0);
        if counts.is_empty() {
            return Ok(());
        }
        if since.elapsed() > longest {
            return Err(format!("still under way after {longest:?}: {counts:?}").into());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn count(db: &mut SqliteConnection, sql: &'static str) -> Outcome<i64> {
    Ok(sqlx::query_scalar(sql).fetch_one(db).await?)
}

#[derive(sqlx::FromRow)]
struct CaseColumns {
    office_id: Uuid,
    id: Uuid,
    number: String,
    official_number: Option<String>,
    state: String,
    version: i64,
}

/// Examines the data folder of a demo that has ended: what was submitted, and which numbers were shown.
///
/// # Errors
/// Everything that is not right.
pub async fn examine(data: &Path, submitted: &[Uuid], shown: &[(Uuid, String)]) -> Outcome<Examined> {
    let mut wrong = vec![];
    let mut examined = Examined::default();
    let city = City::anlan()?;
    let departments = city.departments.iter().map(|department| department.id.0).collect();
    for (file, kind, service, offices) in [
        ("hall.db", Kind::Hall, city.hall.id.0, vec![city.hall.id.0]),
        ("department.db", Kind::Department, city.department_service, departments),
    ] {
        let path = data.join(file);
        let store = Store::open(&StoreConfig::file(&path), kind, service).await?;
        for office in offices {
            let report = store.for_office(office).verify_journal(|_| {}).await?;
            examined.events += report.events;
            wrong.extend(report.faults.iter().map(|fault| format!("{file}: {office}: {fault:?}")));
        }
        store.close().await;
        let mut db = reader(&path).await?;
        let integrity: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut db).await?;
        if integrity != ["ok"] {
            wrong.push(format!("{file}: {integrity:?}"));
        }
        let dead = count(&mut db, "SELECT COUNT(*) FROM outbox WHERE state = 'dead'").await?;
        if dead > 0 {
            wrong.push(format!("{file}: {dead} dead letters"));
        }
    }

    let mut hall = reader(&data.join("hall.db")).await?;
    let mut department = reader(&data.join("department.db")).await?;
    const CASES: &str = "SELECT office_id, id, number, official_number, state, version FROM case_row";
    const TASKS: &str = "SELECT office_id, id, number, official_number, state, version FROM task_row";
    let cases: Vec<CaseColumns> = sqlx::query_as(CASES).fetch_all(&mut hall).await?;
    let tasks: Vec<CaseColumns> = sqlx::query_as(TASKS).fetch_all(&mut department).await?;
    examined.cases = cases.len();
    for case in &cases {
        *examined.states.entry(case.state.clone()).or_default() += 1;
    }
    numbers(&cases, submitted, shown, &mut wrong);
    both_sides(&cases, &tasks, &mut wrong);
    let store = Store::open(&StoreConfig::file(&data.join("hall.db")), Kind::Hall, city.hall.id.0).await?;
    let mut tx = store.read().await?;
    for case in &cases {
        let replayed = tx.load_case(CaseId(case.id)).await?;
        as_replayed(case, replayed.state.name(), replayed.revision, &mut wrong);
    }
    drop(tx);
    store.close().await;
    let config = StoreConfig::file(&data.join("department.db"));
    let store = Store::open(&config, Kind::Department, city.department_service).await?;
    for task in &tasks {
        let mut tx = store.for_office(task.office_id).read().await?;
        let replayed = tx.load_task(CaseId(task.id)).await?;
        as_replayed(task, replayed.state.name(), replayed.revision, &mut wrong);
    }
    store.close().await;
    half_written(&cases, &streams(&mut hall, "case.taken").await?, "hall", &mut wrong);
    half_written(&tasks, &streams(&mut department, "task.assigned").await?, "department", &mut wrong);
    papers(data, &mut hall, &cases, &mut examined, &mut wrong).await?;
    prints(data, &mut hall, &mut examined, &mut wrong).await?;
    if wrong.is_empty() {
        return Ok(examined);
    }
    Err(format!("{} things are wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]).into())
}

/// No number twice, none that was shown is missing or another's, and no case that nobody submitted.
fn numbers(cases: &[CaseColumns], submitted: &[Uuid], shown: &[(Uuid, String)], wrong: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for case in cases {
        for number in [Some(&case.number), case.official_number.as_ref()].into_iter().flatten() {
            if !seen.insert(number) {
                wrong.push(format!("the number {number} is there twice"));
            }
        }
        if case.official_number.is_none() {
            wrong.push(format!("{} has no official number", case.id));
        }
    }
    let submitted: BTreeSet<_> = submitted.iter().collect();
    wrong.extend(cases.iter().filter(|it| !submitted.contains(&it.id)).map(|it| format!("nobody submitted {}", it.id)));
    let kept: BTreeMap<_, _> = cases.iter().map(|case| (case.id, &case.number)).collect();
    let mut numbers = BTreeSet::new();
    for (case, number) in shown {
        if kept.get(case) != Some(&number) {
            wrong.push(format!("{case} was shown as {number} and is kept as {:?}", kept.get(case)));
        }
        if !numbers.insert(number) {
            wrong.push(format!("{number} was shown for two cases"));
        }
    }
}

/// Every case once at the department, under the same number, and none that is not in the hall.
fn both_sides(cases: &[CaseColumns], tasks: &[CaseColumns], wrong: &mut Vec<String>) {
    let there: BTreeMap<_, _> = tasks.iter().map(|task| (task.id, &task.number)).collect();
    for case in cases {
        if there.get(&case.id) != Some(&&case.number) {
            wrong.push(format!("{} is {:?} at the department", case.number, there.get(&case.id)));
        }
    }
    if tasks.len() != cases.len() {
        wrong.push(format!("{} tasks of {} cases", tasks.len(), cases.len()));
    }
}

#[derive(sqlx::FromRow)]
struct StreamColumns {
    stream_id: Uuid,
    events: i64,
    last: i64,
    begun: i64,
}

/// The streams of a journal, with how often each was begun.
async fn streams(db: &mut SqliteConnection, begins: &str) -> Outcome<Vec<StreamColumns>> {
    const SQL: &str = "
        SELECT stream_id, COUNT(*) AS events, MAX(seq) AS last, SUM(kind = $1) AS begun FROM event
         GROUP BY stream_id";
    Ok(sqlx::query_as(SQL).bind(begins).fetch_all(db).await?)
}

/// No row that says something else than its events.
fn as_replayed(row: &CaseColumns, state: &str, revision: u64, wrong: &mut Vec<String>) {
    if row.state != state || u64::try_from(row.version) != Ok(revision) {
        let CaseColumns { number, state: kept, version, .. } = row;
        wrong
            .push(format!("{number} is kept as {kept}, version {version}; its events say {state}, version {revision}"));
    }
}

/// No row without events, no events without a row, no gap among events, nothing that began twice.
fn half_written(rows: &[CaseColumns], streams: &[StreamColumns], whose: &str, wrong: &mut Vec<String>) {
    let streams: BTreeMap<_, _> = streams.iter().map(|stream| (stream.stream_id, stream)).collect();
    for row in rows {
        match streams.get(&row.id) {
            Some(stream) if stream.events == stream.last && stream.begun == 1 => {}
            Some(StreamColumns { events, last, begun, .. }) => {
                wrong.push(format!("{whose}: {} has {events} events up to {last}, begun {begun} times", row.number));
            }
            None => wrong.push(format!("{whose}: {} has no events", row.number)),
        }
    }
    if streams.len() != rows.len() {
        wrong.push(format!("{whose}: {} streams of {} rows", streams.len(), rows.len()));
    }
}

#[derive(sqlx::FromRow)]
struct PaperColumns {
    case_id: Uuid,
    kind: String,
    state: String,
    number: String,
    sha256: Option<Vec<u8>>,
}

/// Every case has its receipt, and every paper its bytes.
async fn papers(
    data: &Path,
    hall: &mut SqliteConnection,
    cases: &[CaseColumns],
    examined: &mut Examined,
    wrong: &mut Vec<String>,
) -> Outcome<()> {
    const SQL: &str = "SELECT case_id, kind, state, number, sha256 FROM paper";
    let papers: Vec<PaperColumns> = sqlx::query_as(SQL).fetch_all(hall).await?;
    let files = Files::open(data.join("hall-files"))?;
    let mut receipts: BTreeMap<Uuid, usize> = BTreeMap::new();
    for PaperColumns { case_id: case, kind, state, number, sha256 } in &papers {
        if kind == "intake-receipt" {
            *receipts.entry(*case).or_default() += 1;
        }
        let sha256: Option<[u8; 32]> = sha256.as_ref().and_then(|bytes| bytes.as_slice().try_into().ok());
        // The files check themselves that the bytes have their hash.
        let bytes = match sha256 {
            Some(sha256) => files.get(sha256).await?,
            None => None,
        };
        if state != "ready" || bytes.is_none() {
            wrong.push(format!("{kind} {number} of {case} is {state}, its bytes are there: {}", bytes.is_some()));
        }
    }
    let without = cases.iter().filter(|case| receipts.get(&case.id) != Some(&1));
    wrong.extend(without.map(|case| format!("{} has {:?} receipts", case.number, receipts.get(&case.id))));
    examined.papers = papers.len();
    Ok(())
}

/// What came out of the printer is in the ledger, and what came out again says so.
async fn prints(
    data: &Path,
    hall: &mut SqliteConnection,
    examined: &mut Examined,
    wrong: &mut Vec<String>,
) -> Outcome<()> {
    let prints: Vec<(Uuid, String, i64)> =
        sqlx::query_as("SELECT id, state, attempts FROM print").fetch_all(&mut *hall).await?;
    let mut came_out: BTreeMap<Uuid, i64> = BTreeMap::new();
    for file in std::fs::read_dir(data.join("printer"))? {
        let name = file?.file_name().to_string_lossy().trim_end_matches(".pdf").to_owned();
        // The printer's number of the job, then the job's name, which begins with the id of its print.
        let job = name.split_once('-').map_or("", |(_, job)| job);
        match prints.iter().find(|(print, ..)| job.starts_with(&print.to_string())) {
            Some((print, ..)) => *came_out.entry(*print).or_default() += 1,
            None => wrong.push(format!("{name:?} came out of the printer and is in no ledger")),
        }
    }
    for (print, state, attempts) in &prints {
        let sheets = came_out.remove(print).unwrap_or_default();
        if state == "done" {
            examined.printed += 1;
            if sheets == 0 {
                wrong.push(format!("print {print} is done, and nothing came out"));
            }
        }
        if sheets > 1 {
            examined.printed_again += 1;
            if sheets > *attempts {
                wrong.push(format!("print {print} came out {sheets} times in {attempts} tries"));
            }
        }
    }
    Ok(())
}
