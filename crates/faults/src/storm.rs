//! A storm: many cases, random faults on every message and every file, and then a look at what is left.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use futures_util::future::try_join_all;
use serde_json::Value;
use store::{DeliveryState, Store};
use uuid::Uuid;
use web::source;

use crate::{
    Outcome,
    draw::Draw,
    line::{Fault, Line, Passing},
    town::{Databases, Town, brief},
};

/// What a storm is like.
#[derive(Debug, Clone, Copy)]
pub struct Storm {
    /// Which one.
    pub seed: u64,
    /// Over how many cases.
    pub cases: u64,
    /// How many requests in a hundred meet a fault, on each of their first tries.
    pub percent: u64,
    /// How many tries of a message may meet one.
    pub tries: u32,
    /// Whether some get no answer at all, which takes real time.
    pub hanging: bool,
}

impl Storm {
    /// One that ends soon.
    pub fn short(seed: u64) -> Self {
        Self { seed, cases: 6, percent: 60, tries: 4, hanging: false }
    }
}

/// What a storm did.
#[derive(Debug, Clone)]
pub struct Weather {
    /// The storm.
    pub storm: Storm,
    /// Requests on the lines, with those that failed.
    pub requests: usize,
    /// How often each fault was met.
    pub faults: BTreeMap<&'static str, usize>,
    /// How many messages were needed.
    pub messages: usize,
    /// How long it all took.
    pub took: Duration,
}

impl fmt::Display for Weather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { storm, requests, faults, messages, took } = self;
        let met: usize = faults.values().sum();
        write!(
            f,
            "seed {:<20} {:>2} cases closed, {messages:>3} messages in {requests:>3} requests, {met:>3} faults, {:>5.1} s",
            storm.seed,
            storm.cases,
            took.as_secs_f64(),
        )
    }
}

impl Storm {
    /// Lets the storm pass over a town, and looks whether everything is whole.
    ///
    /// # Errors
    /// What is not whole. The seed is in every error.
    pub async fn pass(self, databases: &Databases) -> Outcome<Weather> {
        let seed = self.seed;
        self.run(databases).await.map_err(|error| format!("seed {seed}: {error}").into())
    }

    async fn run(self, databases: &Databases) -> Outcome<Weather> {
        let since = source::instant();
        let folder = tempfile::tempdir()?;
        let town = Town::open(folder.path(), databases).await?;
        for (line, name) in [(&town.to_department, "to department"), (&town.to_hall, "to hall")] {
            line.meet(move |passing| self.fault(name, passing));
        }

        let mut cases = vec![];
        for _ in 0..self.cases {
            cases.push(town.take().await?);
        }
        let journeys = (0..).zip(&cases).map(|(n, case)| {
            let granted = !Draw::new(self.seed).percent(25, ("denied", n));
            town.see_through(*case, granted)
        });
        for closed in town.while_time_passes(try_join_all(journeys)).await? {
            if closed["state"] != "closed" {
                return Err(format!("a case is not closed but {}", brief(&closed)).into());
            }
        }
        town.calm().await?;
        town.settle().await?;
        whole(&town, &cases).await?;

        let passed = [town.to_department.log(), town.to_hall.log()].concat();
        let mut faults: BTreeMap<&'static str, usize> = BTreeMap::new();
        for fault in passed.iter().filter_map(|passed| passed.fault) {
            *faults.entry(fault.name()).or_default() += 1;
        }
        let messages: BTreeSet<_> = passed.iter().filter(|it| !it.passing.file).map(|it| &it.passing.id).collect();
        let messages = messages.len();
        town.close().await;
        Ok(Weather { storm: self, requests: passed.len(), faults, messages, took: since.elapsed() })
    }

    /// The fault of a try: the same for the same seed, whatever overtakes what.
    fn fault(self, line: &str, passing: &Passing) -> Option<Fault> {
        let Passing { file, id, number, sequence, attempt, .. } = passing;
        let draw = Draw::new(self.seed);
        // Hashes and ids are new in every run; a file is known by nothing else.
        let name = if *file { id.as_str() } else { number.as_str() };
        let thing = (line, name, sequence, attempt);
        let tries = if *file { 2 } else { self.tries };
        if *attempt > tries || !draw.percent(self.percent, thing) {
            return None;
        }
        let kinds: &[Fault] = if *file { &Fault::OF_FILES } else { &Fault::OF_MESSAGES };
        let kinds = if *file || self.hanging { kinds } else { &kinds[..kinds.len() - 1] };
        let kind = draw.below(kinds.len() as u64, ("kind", thing));
        kinds.get(usize::try_from(kind).unwrap_or_default()).copied()
    }
}

/// Whether every case is there once and whole, on both sides.
///
/// # Errors
/// What is not.
pub async fn whole(town: &Town, cases: &[Uuid]) -> Outcome<()> {
    let (hall, department) = (town.hall.store(), town.department.store());
    for (store, whose) in [(hall, "hall"), (department, "department")] {
        let report = store.verify_journal(|_| {}).await?;
        if !report.faults.is_empty() || report.streams != cases.len() as u64 {
            return Err(format!("the journal of the {whose}: {report:?}, not {} cases", cases.len()).into());
        }
    }
    for case in cases {
        let taken = kinds(hall, *case).await?;
        let view = town.case(*case).await?;
        let granted = view["outcome"] == "granted";
        demand(*case, "the hall's events", &taken, &hall_events(granted))?;
        demand(*case, "the department's events", &kinds(department, *case).await?, &department_events(granted))?;
        for paper in view["papers"].as_array().into_iter().flatten() {
            bytes_are_right(town, paper).await?;
        }
        let delivery = &view["delivery_to_department"]["state"];
        if delivery != "delivered" {
            return Err(format!("the hall believes that {case} is {delivery} to the department").into());
        }
        arrived_in_order(hall, &town.to_department, *case).await?;
        arrived_in_order(department, &town.to_hall, *case).await?;
    }
    Ok(())
}

fn demand(case: Uuid, what: &str, found: &[String], wanted: &[&str]) -> Outcome<()> {
    // Papers may be filed in any order among what is decided meanwhile.
    let sorted = |kinds: &[&str]| {
        let (mut papers, life): (Vec<String>, Vec<String>) =
            kinds.iter().map(|kind| (*kind).to_owned()).partition(|kind| kind.contains("paper"));
        papers.sort_unstable();
        (life, papers)
    };
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    if sorted(&found) == sorted(wanted) {
        return Ok(());
    }
    Err(format!("{what} of {case} are {found:?} and not {wanted:?}").into())
}

fn hall_events(granted: bool) -> Vec<&'static str> {
    let mut events = vec!["case.taken", "case.accepted", "case.decided"];
    // Receipt, notice, decision, proof of service; and what is printed of them.
    events.extend(["case.paper-filed"; 4]);
    events.extend(["case.paper-printed"; 1]);
    if granted {
        events.extend(["case.paper-filed", "case.paper-printed"]);
    }
    events.extend(["case.issued", "case.delivered", "case.originals-accounted", "case.closed"]);
    events
}

fn department_events(granted: bool) -> Vec<&'static str> {
    let mut events = vec!["task.assigned", "task.accepted", "task.decided"];
    events.extend(["task.paper-filed"; 2]);
    if granted {
        events.push("task.paper-filed");
    }
    events
}

async fn kinds(store: &Store, stream: Uuid) -> Outcome<Vec<String>> {
    let events = store.read().await?.load(stream).await?;
    Ok(events.into_iter().map(|event| event.kind).collect())
}

/// Whether the bytes that the hall shows are those that the department made.
async fn bytes_are_right(town: &Town, paper: &Value) -> Outcome<()> {
    let id: Uuid = paper["id"].as_str().unwrap_or_default().parse()?;
    let here = town.hall.store().read().await?.paper(id).await?.and_then(|paper| paper.sha256);
    let there = town.department.store().read().await?.paper(id).await?.and_then(|paper| paper.sha256);
    let shown = crate::desk::Wish::to_see(format!("/papers/{id}"));
    let shown = town.output.insist(&shown).await?;
    let shown: [u8; 32] = sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(&shown.body)).into();
    // Receipt and proof of service are the hall's own.
    let own = ["intake-receipt", "delivery-proof"].iter().any(|kind| paper["kind"] == *kind);
    let made = if own { here } else { there };
    if paper["state"] != "ready" || here != Some(shown) || made != Some(shown) {
        return Err(format!("{paper} is not what was made").into());
    }
    Ok(())
}

/// Whether the messages about a case were first let through in their order, and arrived.
async fn arrived_in_order(sender: &Store, line: &Line, case: Uuid) -> Outcome<()> {
    let deliveries = sender.read().await?.deliveries(case).await?;
    if let Some(waiting) = deliveries.iter().find(|it| it.state != DeliveryState::Delivered) {
        return Err(format!("{waiting:?} was not delivered").into());
    }
    let ids: Vec<String> = deliveries.iter().map(|delivery| delivery.id.to_string()).collect();
    let mut last = 0;
    for passed in line.log().iter().filter(|passed| ids.contains(&passed.passing.id)) {
        let Passing { sequence, attempt, kind, .. } = &passed.passing;
        if *attempt == 1 && *sequence != last + 1 {
            return Err(format!("{kind} of {case} was sent as number {sequence} after number {last}").into());
        }
        last = last.max(*sequence);
    }
    Ok(())
}
