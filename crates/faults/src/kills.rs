//! A hall and a department in a program of their own, which is killed at any moment, again and again, while people work.

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use serde_json::{Value, json};
use server::embedded::{self, EmbeddedConfig};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    process::{Child, ChildStdin, Command},
    sync::watch,
    task::JoinSet,
};
use uuid::Uuid;
use web::{server::serve, source};

use crate::{
    Outcome, Trouble,
    desk::{self, Desk, Whereabouts, Wish},
    draw::Draw,
    examine::{self, Examined},
};

const PASSWORD: &str = "anlan-2026";

/// How long the last program may take until nothing is under way.
const DRAIN: Duration = Duration::from_secs(90);

/// How long the program may take to begin.
const START: Duration = Duration::from_secs(60);

/// How often it is killed, and when.
#[derive(Debug, Clone)]
pub struct Kills {
    /// How often.
    pub rounds: u32,
    /// By which the moments are drawn.
    pub seed: u64,
    /// How many windows take cases.
    pub windows: u32,
    /// The program: it is called with `child --data DIR`.
    pub program: PathBuf,
}

/// What came of it.
#[derive(Debug)]
pub struct Survived {
    /// How often it was killed.
    pub rounds: u32,
    /// How many numbers were shown at a window.
    pub shown: usize,
    /// How many requests were sent again.
    pub repeated: u32,
    /// How long the program took to begin: the middle one and the longest.
    pub starts: (Duration, Duration),
    /// How long it took at the end until nothing was under way.
    pub drain: Duration,
    /// All rounds together.
    pub took: Duration,
    /// What was found afterwards.
    pub examined: Examined,
}

impl fmt::Display for Survived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, shown, repeated, starts, drain, took, examined } = self;
        writeln!(
            f,
            "killed {rounds} times in {:.1} s; begins again in {:.0} ms, at most {:.0} ms; drained in {:.1} s",
            took.as_secs_f64(),
            starts.0.as_secs_f64() * 1e3,
            starts.1.as_secs_f64() * 1e3,
            drain.as_secs_f64(),
        )?;
        writeln!(f, "numbers shown {shown}, requests sent again {repeated}")?;
        write!(f, "{examined}")
    }
}

/// What the people remember.
#[derive(Default)]
struct Ledger {
    submitted: Mutex<Vec<Uuid>>,
    shown: Mutex<Vec<(Uuid, String)>>,
    repeated: AtomicU32,
    closing: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program that is killed: the demo, on a port of its own, until its standard input ends.
///
/// # Errors
/// When it cannot start.
pub async fn child(data: &Path) -> Outcome<()> {
    let embedded = embedded::start(EmbeddedConfig::demo(data)).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = tokio::io::stdout();
    out.write_all(format!("{}\n", listener.local_addr()?).as_bytes()).await?;
    out.flush().await?;
    let ended = async {
        // It ends, or it cannot be read: both mean that nobody holds it any more.
        let _ = tokio::io::stdin().read(&mut [0]).await;
    };
    serve(listener, embedded.gateway.clone(), ended).await?;
    embedded.shutdown().await;
    Ok(())
}

/// A program that runs. Dropped, it is killed.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    at: SocketAddr,
    started_in: Duration,
}

impl Running {
    async fn start(program: &Path, data: &Path) -> Outcome<Self> {
        let since = source::instant();
        let mut command = Command::new(program);
        command.arg("child").arg("--data").arg(data);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("the program has no output")?;
        let mut line = String::new();
        tokio::time::timeout(START, BufReader::new(output).read_line(&mut line)).await??;
        let at = line.trim().parse().map_err(|_| format!("the program did not begin: {line:?}"))?;
        Ok(Self { child, input, at, started_in: since.elapsed() })
    }

    async fn kill(mut self) -> Outcome<()> {
        self.child.kill().await?;
        Ok(())
    }

    async fn end(mut self) -> Outcome<()> {
        drop(self.input.take());
        let status = self.child.wait().await?;
        if status.success() { Ok(()) } else { Err(format!("the program ended with {status}").into()) }
    }
}

impl Kills {
    /// Kills it so often in this folder, then looks at what is left.
    ///
    /// # Errors
    /// What is not right. The seed is in every error.
    pub async fn run(&self, data: &Path) -> Outcome<Survived> {
        let seed = self.seed;
        self.rounds(data).await.map_err(|error| format!("seed {seed}: {error}").into())
    }

    async fn rounds(&self, data: &Path) -> Outcome<Survived> {
        let ledger = Arc::new(Ledger::default());
        let (whereabouts, at) = watch::channel(None);
        let draw = Draw::new(self.seed);
        let mut people = JoinSet::new();

        // The first start makes accounts and tables, and everybody signs in before anybody dies.
        let first = Running::start(&self.program, data).await?;
        whereabouts.send_replace(Some(first.at));
        let approver = Desk::at_department(&at, "shenpi", PASSWORD).await?;
        let output = Desk::at_hall(&at, "chuzheng", PASSWORD, "09").await?;
        people.spawn(approve(approver, at.clone(), ledger.clone()));
        people.spawn(hand_out(output, at.clone(), ledger.clone()));
        for window in 1..=self.windows {
            let clerk = Desk::at_hall(&at, "chuangkou", PASSWORD, &format!("{window:02}")).await?;
            people.spawn(take(clerk, window, draw, at.clone(), ledger.clone()));
        }

        let since = source::instant();
        let mut starts = vec![];
        let mut running = first;
        for round in 0..self.rounds {
            let moment = Duration::from_millis(30 + draw.below(370, ("kill", round)));
            tokio::time::sleep(moment).await;
            running.kill().await?;
            whereabouts.send_replace(None);
            running = Running::start(&self.program, data).await?;
            starts.push(running.started_in);
            whereabouts.send_replace(Some(running.at));
        }
        let took = since.elapsed();

        let since = source::instant();
        ledger.closing.store(true, Ordering::SeqCst);
        while let Some(person) = people.join_next().await {
            person??;
        }
        examine::drained(data, DRAIN).await?;
        let drain = since.elapsed();
        running.end().await?;

        let (submitted, shown) = (locked(&ledger.submitted).clone(), locked(&ledger.shown).clone());
        let examined = examine::examine(data, &submitted, &shown).await?;
        starts.sort_unstable();
        let starts = (starts.get(starts.len() / 2), starts.last());
        Ok(Survived {
            rounds: self.rounds,
            shown: shown.len(),
            repeated: ledger.repeated.load(Ordering::SeqCst),
            starts: (starts.0.copied().unwrap_or_default(), starts.1.copied().unwrap_or_default()),
            drain,
            took,
            examined,
        })
    }
}

/// Asks the same until there is an answer that says something, over any number of deaths.
async fn insist(desk: &Desk, wish: &Wish, at: &Whereabouts, ledger: &Ledger) -> crate::wire::Answer {
    let mut at = at.clone();
    loop {
        match desk.ask(wish).await {
            Ok(answer) if !answer.is_passing() => return answer,
            // The program died, is dying, or has no time.
            Ok(_) | Err(_) => {
                ledger.repeated.fetch_add(1, Ordering::SeqCst);
                if at.wait_for(Option::is_some).await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

/// The clerk at a window.
async fn take(clerk: Desk, window: u32, draw: Draw, at: Whereabouts, ledger: Arc<Ledger>) -> Outcome<()> {
    let path = format!("/items/{}", server::walk::ITEM);
    let item = insist(&clerk, &Wish::to_see(&path), &at, &ledger).await.json();
    let keep = Wish::to_keep("form.pdf", desk::APPLICATION_FORM);
    for n in 0.. {
        if ledger.closing.load(Ordering::SeqCst) {
            break;
        }
        let file = if draw.percent(30, ("file", window, n)) {
            Some(insist(&clerk, &keep, &at, &ledger).await.json())
        } else {
            None
        };
        let case = desk::new_id();
        locked(&ledger.submitted).push(case);
        let filing = desk::filing(desk::new_id(), case, &item, file.as_ref());
        let answer = insist(&clerk, &Wish::to_change("/filings", &filing), &at, &ledger).await;
        if answer.status != StatusCode::CREATED {
            return Err(format!("window {window}: {}", desk::words(&answer)).into());
        }
        let number = answer.json()["cases"][0]["number"].as_str().map(str::to_owned);
        locked(&ledger.shown).push((case, number.ok_or("an answer without a number")?));
        tokio::time::sleep(Duration::from_millis(draw.below(60, ("pause", window, n)))).await;
    }
    Ok(())
}

/// Whether a refusal only says that something was changed since it was seen.
fn is_stale(answer: &crate::wire::Answer) -> bool {
    matches!(answer.status, StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED)
}

fn judged(what: &str, answer: &crate::wire::Answer) -> Result<(), Trouble> {
    if answer.status.is_success() || is_stale(answer) {
        return Ok(());
    }
    Err(format!("{what}: {}", desk::words(answer)).into())
}

/// The approver: accepts whatever comes, decides most of it.
async fn approve(approver: Desk, at: Whereabouts, ledger: Arc<Ledger>) -> Outcome<()> {
    while !ledger.closing.load(Ordering::SeqCst) {
        let tasks = insist(&approver, &Wish::to_see("/tasks"), &at, &ledger).await.json();
        for row in tasks["items"].as_array().into_iter().flatten().take(6) {
            let Some(id) = row["id"].as_str() else { continue };
            let task = insist(&approver, &Wish::to_see(format!("/tasks/{id}")), &at, &ledger).await.json();
            let wish = match task["state"].as_str() {
                Some("assigned") => Wish::to_change(format!("/tasks/{id}/accept"), &json!({})),
                Some("accepted") => {
                    let granted = !id.ends_with(['0', '1', '2', '3']);
                    Wish::to_change(format!("/tasks/{id}/decide"), &desk::decision(&task, granted))
                }
                _ => continue,
            };
            let answer = insist(&approver, &wish.if_still(desk::version_of(&task)), &at, &ledger).await;
            judged("the approver", &answer)?;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// The clerk at the output desk: prints what is issued and hands it over.
async fn hand_out(output: Desk, at: Whereabouts, ledger: Arc<Ledger>) -> Outcome<()> {
    while !ledger.closing.load(Ordering::SeqCst) {
        let cases = insist(&output, &Wish::to_see("/cases?state=issued"), &at, &ledger).await.json();
        for row in cases["items"].as_array().into_iter().flatten().take(4) {
            let Some(id) = row["id"].as_str() else { continue };
            let case = insist(&output, &Wish::to_see(format!("/cases/{id}")), &at, &ledger).await.json();
            for wish in prints(&case) {
                let answer = insist(&output, &wish, &at, &ledger).await;
                judged("a print", &answer)?;
            }
            if crate::town::all_printed(&case) {
                let wish = Wish::to_change(format!("/cases/{id}/deliver"), &desk::hand_over(&case));
                let answer = insist(&output, &wish.if_still(desk::version_of(&case)), &at, &ledger).await;
                judged("handing over", &answer)?;
            }
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Ok(())
}

/// What is still to be asked for before the result is on paper.
fn prints(case: &Value) -> Vec<Wish> {
    let mut wishes = vec![];
    for paper in case["papers"].as_array().into_iter().flatten() {
        if paper["kind"] != "decision" && paper["kind"] != "certificate" {
            continue;
        }
        match paper["prints"].as_array().and_then(|prints| prints.last()) {
            None => {
                let path = format!("/papers/{}/prints", paper["id"].as_str().unwrap_or_default());
                wishes.push(Wish::to_change(path, &json!({})));
            }
            Some(print) if print["state"] == "failed" => {
                let path = format!("/prints/{}/retry", print["id"].as_str().unwrap_or_default());
                wishes.push(Wish::to_change(path, &Value::Null).without_body());
            }
            Some(_) => {}
        }
    }
    wishes
}
