//! A town: a hall and a department in one process, each with a database of its own, and a faulty line in each direction.

use std::{
    collections::BTreeMap,
    future::pending,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use department::{Department, DepartmentConfig, DepartmentProfile, Departments, HallPeer, protocol_path};
use hall::{DepartmentPeer, Hall, HallConfig};
use jiff::{SignedDuration, Timestamp};
use printing::simulator::SimulatedPrinter;
use protocol::Secret;
use serde_json::{Value, json};
use server::City;
use store::{Account, Kind, Store, StoreConfig};
use tokio::{net::TcpListener, sync::watch, task::AbortHandle};
use uuid::Uuid;
use web::{
    Clock, ShiftedClock, SystemClock,
    server::{Health, Metrics, framed, serve},
    session::{Passwords, SessionCookie, Sessions},
    source::{self, Chance},
};

use crate::{
    Outcome,
    desk::{self, Desk, Whereabouts, Wish},
    line::Line,
};

const PASSWORD: &str = "anlan-2026";

/// How long anything is waited for.
const LONGEST: Duration = Duration::from_secs(90);

/// How far the time is put forward while something is waited for that is late: less than a signature holds.
const STEP: SignedDuration = SignedDuration::from_mins(4);

/// How often.
const BEAT: Duration = Duration::from_millis(150);

/// The databases of a town.
#[derive(Debug, Clone)]
pub struct Databases {
    /// Of the hall.
    pub hall: String,
    /// Of the department.
    pub department: String,
}

impl Databases {
    /// Two SQLite files.
    pub fn files(folder: &Path) -> Self {
        let url = |name: &str| StoreConfig::file(&folder.join(name)).url;
        Self { hall: url("hall.db"), department: url("department.db") }
    }
}

/// The time of a town: it runs, and is put forward where people would wait. Business time can also be moved alone.
#[derive(Debug, Clone)]
pub struct TownClock {
    /// Business time, which goes on with real time unless it is moved.
    pub business: ShiftedClock,
    ahead_seconds: Arc<AtomicI64>,
}

impl TownClock {
    fn starting_at(moment: Timestamp) -> Self {
        Self { business: ShiftedClock::starting_at(moment), ahead_seconds: Arc::default() }
    }

    fn pass(&self, time: SignedDuration) {
        let now = self.business.now();
        self.business.move_to(now.saturating_add(time).unwrap_or(now));
        self.ahead_seconds.fetch_add(time.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for TownClock {
    fn now(&self) -> Timestamp {
        self.business.now()
    }

    fn wall(&self) -> Timestamp {
        let wall = source::wall();
        let ahead = SignedDuration::from_secs(self.ahead_seconds.load(Ordering::SeqCst));
        wall.saturating_add(ahead).unwrap_or(wall)
    }
}

/// A hall, a department, and what lies between them.
pub struct Town {
    /// The hall.
    pub hall: Hall,
    /// The department.
    pub department: Department,
    /// What both take for the time.
    pub clock: TownClock,
    /// From the hall to the department.
    pub to_department: Line,
    /// From the department to the hall.
    pub to_hall: Line,
    /// The printer of the hall.
    pub printer: SimulatedPrinter,
    /// At window 01.
    pub clerk: Desk,
    /// In the back office.
    pub approver: Desk,
    /// At the output desk.
    pub output: Desk,
    /// The item that is applied for.
    pub item: Value,
    workers: (hall::Workers, department::Workers),
    serving: [AbortHandle; 2],
}

impl Town {
    /// A town with lines that work; it goes on from what the databases have.
    ///
    /// # Errors
    /// When something cannot be started.
    pub async fn open(folder: &Path, databases: &Databases) -> Outcome<Self> {
        let city = City::anlan()?;
        let clock = TownClock::starting_at("2026-06-15T01:00:00Z".parse::<Timestamp>()?);
        let chance = Chance::system();
        let secret = Secret::generate(chance.bytes());
        let (to_department, to_hall) = (Line::open().await?, Line::open().await?);
        let printer = SimulatedPrinter::start().await?;
        let calendar = city.files.calendar()?;
        let shared = Arc::new(clock.clone());

        let peers = city.departments.iter().map(|it| {
            let url = format!("http://{}{}", to_department.address(), protocol_path(it.id));
            (
                it.id,
                DepartmentPeer {
                    name: it.name.clone(),
                    url,
                    secrets: vec![secret.clone()],
                    delegation: it.delegation.clone(),
                },
            )
        });
        let hall_config = HallConfig {
            id: city.hall.id,
            name: city.hall.name.clone(),
            address: city.hall.address.clone(),
            phone: city.hall.phone.clone(),
            divisions: city.hall.divisions.clone(),
            number: city.hall.number,
            receipt_mark: city.hall.receipt_mark.clone(),
            windows: city.hall.windows.clone(),
            public_url: "https://zwfw.anlan.example".to_owned(),
            files: folder.join("hall-files"),
            departments: peers.collect(),
            printers: BTreeMap::from([("printer".to_owned(), printer.uri().to_owned())]),
            demo: true,
        };
        let hall_peer = HallPeer {
            name: city.hall.name.clone(),
            url: format!("http://{}", to_hall.address()),
            secrets: vec![secret.clone()],
        };
        let department_config = DepartmentConfig {
            id: city.department_service,
            name: city.hall.name.clone(),
            departments: city.departments.iter().cloned().map(DepartmentProfile::from).collect(),
            halls: BTreeMap::from([(city.hall.id, hall_peer)]),
            files: folder.join("department-files"),
            demo: true,
        };

        let config = StoreConfig::new(&databases.department);
        let department_store = Store::open(&config, Kind::Department, city.department_service).await?;
        let hall_store = Store::open(&StoreConfig::new(&databases.hall), Kind::Hall, city.hall.id.0).await?;
        let password_hash = Passwords::new().hash(PASSWORD, &chance).await?;
        let (clerk, output) = (account("clerk", "window_clerk"), account("output", "output_clerk"));
        let decides = city.departments.first().ok_or("the city has no department")?.id;
        let approver = Account {
            roles: vec!["approver".to_owned(), "delegate".to_owned()],
            department: Some(decides.0),
            ..account("approver", "approver")
        };
        for (store, accounts) in [(&hall_store, vec![clerk, output]), (&department_store, vec![approver])] {
            let hash = password_hash.clone();
            store
                .write(async move |tx| {
                    for account in &accounts {
                        if tx.account_by_login(&account.login).await?.is_some() {
                            continue;
                        }
                        tx.put_account(&Account { password_hash: hash.clone(), ..account.clone() }).await?;
                    }
                    Ok::<_, store::StoreError>(())
                })
                .await?;
        }

        let parts = department::Parts {
            store: department_store.clone(),
            clock: shared.clone(),
            chance: chance.clone(),
            calendar: calendar.clone(),
        };
        let departments = Departments::open(department_config, parts)?;
        let department = departments.get(decides.0).ok_or("the department is not served")?.clone();
        let publisher = hall::Publisher { by: "town".to_owned(), at: shared.now() };
        hall::publish_items(&hall_store, &city.department_names(), city.files.items(), publisher).await?;
        let parts = hall::Parts { store: hall_store.clone(), clock: shared.clone(), chance: chance.clone(), calendar };
        let hall = Hall::open(hall_config, parts).await?;

        let sessions = |store: &Store, name, path| {
            let cookie = SessionCookie { name, path, secure: false };
            // Nobody's session ends because hours are not waited for.
            Sessions::new(store.clone(), Arc::new(SystemClock), chance.clone(), cookie)
        };
        let frame =
            |router, store: &Store| framed(router, Health::of_store(store.clone()), Metrics::new(), chance.clone());
        let (hall_listener, at_hall) = listen().await?;
        let (department_listener, at_department) = listen().await?;
        let desks = hall::routes(hall.clone(), sessions(&hall_store, "yichuang-hall", "/api/hall"), None);
        let whole = frame(desks.merge(hall::protocol_routes(hall.clone())), &hall_store);
        let hall_serving = tokio::spawn(serve(hall_listener, whole, pending())).abort_handle();
        let desks = department::routes(
            departments.clone(),
            sessions(&department_store, "yichuang-department", "/api/department"),
            None,
        );
        let whole = frame(desks.merge(department::protocol_routes(&departments)), &department_store);
        let department_serving = tokio::spawn(serve(department_listener, whole, pending())).abort_handle();
        to_hall.lead_to(at_hall);
        to_department.lead_to(at_department);

        let (at_hall, at_department) = (always(at_hall), always(at_department));
        let clerk = Desk::at_hall(&at_hall, "clerk", PASSWORD, "01").await?;
        let output = Desk::at_hall(&at_hall, "output", PASSWORD, "09").await?;
        let approver = Desk::at_department(&at_department, "approver", PASSWORD).await?;
        let item = clerk.see(format!("/items/{}", server::walk::ITEM)).await?;
        let workers = (hall.start(), departments.start());
        Ok(Self {
            hall,
            department,
            clock,
            to_department,
            to_hall,
            printer,
            clerk,
            approver,
            output,
            item,
            workers,
            serving: [hall_serving, department_serving],
        })
    }

    /// Ends hall and department; nothing is lost.
    pub async fn close(self) {
        for serving in self.serving {
            serving.abort();
        }
        tokio::join!(self.workers.0.stop(), self.workers.1.stop());
        tokio::join!(self.hall.store().close(), self.department.store().close());
    }

    /// Moves the time on, and lets everybody notice.
    pub fn pass(&self, time: SignedDuration) {
        self.clock.pass(time);
        self.hall.look_again();
        self.department.look_again();
    }

    /// No more faults: what was cut is mended.
    ///
    /// # Errors
    /// When a line cannot be mended.
    pub async fn calm(&self) -> Outcome<()> {
        for line in [&self.to_department, &self.to_hall] {
            line.calm();
            line.mend().await?;
        }
        self.pass(STEP);
        Ok(())
    }

    /// Takes a case.
    ///
    /// # Errors
    /// When the hall refuses.
    pub async fn take(&self) -> Outcome<Uuid> {
        let case = desk::new_id();
        let filing = desk::filing(desk::new_id(), case, &self.item, None);
        self.clerk.change(&Wish::to_change("/filings", &filing)).await?;
        Ok(case)
    }

    /// A case as the hall shows it.
    ///
    /// # Errors
    /// When it does not.
    pub async fn case(&self, case: Uuid) -> Outcome<Value> {
        self.output.see(format!("/cases/{case}")).await
    }

    /// Waits until a case is as wanted, without moving the time.
    ///
    /// # Errors
    /// When it does not get there.
    pub async fn case_when(&self, case: Uuid, what: &str, wanted: impl Fn(&Value) -> bool) -> Outcome<Value> {
        self.until(what, async || {
            let view = self.case(case).await?;
            if wanted(&view) { Ok(Ok(view)) } else { Ok(Err(brief(&view))) }
        })
        .await
    }

    /// Waits until the department has a task.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn task(&self, case: Uuid) -> Outcome<Value> {
        self.until("the department has the task", async || {
            let answer = self.approver.insist(&Wish::to_see(format!("/tasks/{case}"))).await?;
            if answer.status.is_success() { Ok(Ok(answer.json())) } else { Ok(Err(desk::words(&answer))) }
        })
        .await
    }

    /// Accepts a task.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn accept(&self, task: &Value) -> Outcome<Value> {
        let id = task["id"].as_str().unwrap_or_default();
        let wish = Wish::to_change(format!("/tasks/{id}/accept"), &json!({})).if_still(desk::version_of(task));
        self.approver.change(&wish).await
    }

    /// Decides a task, also when its papers were filed since it was seen.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn decide(&self, task: &Value, granted: bool) -> Outcome<()> {
        let id = task["id"].as_str().unwrap_or_default();
        let mut task = task.clone();
        loop {
            let body = desk::decision(&task, granted);
            let wish = Wish::to_change(format!("/tasks/{id}/decide"), &body).if_still(desk::version_of(&task));
            let answer = self.approver.insist(&wish).await?;
            match answer.status.as_u16() {
                200 => return Ok(()),
                409 | 412 => task = self.approver.see(format!("/tasks/{id}")).await?,
                _ => return Err(format!("the decision: {}", desk::words(&answer)).into()),
            }
        }
    }

    /// Sees a case from the department's desk to the applicant's hand.
    ///
    /// # Errors
    /// When it gets stuck on the way.
    pub async fn see_through(&self, case: Uuid, granted: bool) -> Outcome<Value> {
        let task = self.task(case).await?;
        let task = self.accept(&task).await?;
        self.from_decision(case, &task, granted).await
    }

    /// Sees a case from its decision to the applicant's hand.
    ///
    /// # Errors
    /// When it gets stuck on the way.
    pub async fn from_decision(&self, case: Uuid, task: &Value, granted: bool) -> Outcome<Value> {
        self.decide(task, granted).await?;
        let issued = self.case_when(case, "the case is issued", |case| case["state"] == "issued").await?;
        self.hand_out(case, &issued).await
    }

    /// Prints the result of an issued case, and puts it into the applicant's hand.
    ///
    /// # Errors
    /// When it gets stuck on the way.
    pub async fn hand_out(&self, case: Uuid, issued: &Value) -> Outcome<Value> {
        for paper in issued["papers"].as_array().into_iter().flatten() {
            if paper["kind"] == "decision" || paper["kind"] == "certificate" {
                let path = format!("/papers/{}/prints", paper["id"].as_str().unwrap_or_default());
                self.output.change(&Wish::to_change(path, &json!({}))).await?;
            }
        }
        let printed = self.case_when(case, "the result is printed", all_printed).await?;
        let wish = Wish::to_change(format!("/cases/{case}/deliver"), &desk::hand_over(&printed));
        self.output.change(&wish.if_still(desk::version_of(&printed))).await
    }

    /// Waits until nothing is under way in either direction, moving the time.
    ///
    /// # Errors
    /// When something never arrives.
    pub async fn settle(&self) -> Outcome<()> {
        let arrived = self.until("everything has arrived", async || {
            let mut waiting = vec![];
            for store in [self.hall.store(), self.department.store()] {
                let mut tx = store.read().await?;
                let counts = tx.outbox_counts().await?;
                let (expected, pending) = (tx.expected_files(1).await?, tx.pending_papers(1).await?);
                if counts.pending > 0 || !expected.is_empty() || !pending.is_empty() {
                    waiting.push(format!("{counts:?}, fetching {expected:?}, rendering {pending:?}"));
                }
            }
            if waiting.is_empty() { Ok(Ok(())) } else { Ok(Err(waiting.join("; "))) }
        });
        self.passing(STEP, arrived).await
    }

    /// Looks again whenever hall or department have news, and now and then anyway.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Outcome<Result<T, String>>) -> Outcome<T> {
        let (mut hall, mut department) = (self.hall.news(), self.department.news());
        let since = source::instant();
        loop {
            match look().await? {
                Ok(found) => return Ok(found),
                Err(seen) if since.elapsed() > LONGEST => {
                    return Err(format!("waited in vain until {what}: {seen}").into());
                }
                Err(_) => {}
            }
            tokio::select! {
                _ = hall.recv() => {}
                _ = department.recv() => {}
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }

    /// Moves the time on every now and then, for as long as something else is done.
    pub async fn while_time_passes<T>(&self, done: impl Future<Output = T>) -> T {
        self.passing(SignedDuration::from_secs(50), done).await
    }

    async fn passing<T>(&self, step: SignedDuration, done: impl Future<Output = T>) -> T {
        let passing = async {
            loop {
                tokio::time::sleep(BEAT).await;
                self.pass(step);
            }
        };
        tokio::select! {
            done = done => done,
            () = passing => pending().await,
        }
    }
}

fn account(login: &str, role: &str) -> Account {
    Account {
        id: desk::new_id(),
        login: login.to_owned(),
        name: "王建国".to_owned(),
        password_hash: String::new(),
        roles: vec![role.to_owned()],
        active: true,
        department: None,
    }
}

/// Whether decision and certificate are on paper.
pub fn all_printed(case: &Value) -> bool {
    let papers = case["papers"].as_array().into_iter().flatten();
    papers.filter(|paper| paper["kind"] == "decision" || paper["kind"] == "certificate").all(|paper| {
        let mut prints = paper["prints"].as_array().into_iter().flatten();
        prints.any(|print| print["state"] == "done")
    })
}

/// What matters of a case, in a line.
pub fn brief(case: &Value) -> String {
    let papers: Vec<_> = case["papers"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|paper| {
            let prints = paper["prints"].as_array().into_iter().flatten();
            let prints: Vec<_> = prints.map(|print| format!("{} {}", print["state"], print["trouble"])).collect();
            format!("{} {} {prints:?}", paper["kind"], paper["state"])
        })
        .collect();
    format!("{} {} {} {papers:?}", case["number"], case["state"], case["delivery_to_department"])
}

fn always(at: SocketAddr) -> Whereabouts {
    watch::channel(Some(at)).1
}

async fn listen() -> Outcome<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let at = listener.local_addr()?;
    Ok((listener, at))
}
