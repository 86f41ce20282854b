//! The long form of the fault tests. `--help` says how.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use clap::{Parser, Subcommand};
use tokio::io::AsyncWriteExt as _;
use yichuang_faults::{
    Outcome,
    kills::{self, Kills},
    outage,
    storm::Storm,
    town::Databases,
};

/// Breaks things for longer than the tests do, and writes a report of what was left.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// How often the program is killed; there is a storm for every five kills.
    #[arg(long, default_value_t = 50)]
    rounds: u32,
    /// By which moments and faults are drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the report is written; otherwise it is only shown.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Hall and department in one program, to be killed.
    #[command(hide = true)]
    Child {
        /// The data folder.
        #[arg(long)]
        data: PathBuf,
    },
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let Arguments { command, rounds, seed, out } = Arguments::parse();
    if let Some(Command::Child { data }) = command {
        return kills::child(&data).await;
    }
    let mut report = Report::default();
    report.say(&format!("Faults on purpose, seed {seed}.\n")).await?;
    report.storms(seed, u64::from(rounds / 5).max(1)).await?;
    report.kills(seed, rounds).await?;
    report.outage().await?;
    report.say("Everything was whole.").await?;
    if let Some(out) = out {
        tokio::fs::write(&out, report.0).await?;
    }
    Ok(())
}

/// What is shown and written.
#[derive(Default)]
struct Report(String);

impl Report {
    async fn say(&mut self, line: &str) -> Outcome<()> {
        let mut out = tokio::io::stdout();
        out.write_all(format!("{line}\n").as_bytes()).await?;
        out.flush().await?;
        writeln!(self.0, "{line}")?;
        Ok(())
    }

    /// Faults on the lines between hall and department.
    async fn storms(&mut self, seed: u64, count: u64) -> Outcome<()> {
        self.say(
            "Storms: faults on the lines between hall and department; every case arrives once, in order, and closes.",
        )
        .await?;
        let mut met: BTreeMap<&'static str, usize> = BTreeMap::new();
        for n in 0..count {
            let folder = tempfile::tempdir()?;
            let storm =
                Storm { cases: 8, hanging: n % 5 == 4, ..Storm::short(seed.wrapping_mul(1000).wrapping_add(n)) };
            let weather = storm.pass(&Databases::files(folder.path())).await?;
            self.say(&format!("  {weather}")).await?;
            for (fault, count) in weather.faults {
                *met.entry(fault).or_default() += count;
            }
        }
        let met: Vec<_> = met.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
        self.say(&format!("  faults met: {}\n", met.join(", "))).await
    }

    /// A program that is killed.
    async fn kills(&mut self, seed: u64, rounds: u32) -> Outcome<()> {
        self.say("kill -9: the embedded hall and department, 30 to 400 ms after they began, while four people work.")
            .await?;
        let folder = tempfile::tempdir()?;
        let kills = Kills { rounds, seed, windows: 2, program: std::env::current_exe()? };
        let survived = kills.run(folder.path()).await?;
        for line in survived.to_string().lines() {
            self.say(&format!("  {line}")).await?;
        }
        self.say(
            "  SQLite runs with synchronous=FULL. kill -9 loses nothing that the system was given, so this cannot tell FULL\n  \
             from OFF: only a power cut can.\n",
        )
        .await
    }

    /// A database that goes away.
    async fn outage(&mut self) -> Outcome<()> {
        self.say("Outage: PostgreSQL stopped and started under a case on its way and one that is being taken.").await?;
        let outage::Outage { told_after, closed_after } = outage::pass().await?;
        self.say(&format!(
            "  without it: 503 store-unavailable within {:.1} s; with it again: both cases closed within {:.1} s\n",
            told_after.as_secs_f64(),
            closed_after.as_secs_f64(),
        ))
        .await
    }
}
