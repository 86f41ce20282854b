//! Checks the endpoint of a department, with somebody there who does what is asked.

use std::{
    io::{BufRead, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::Args;
use conformance::{ALL, Act, Operator, Setup, Waits, check};
use futures_util::future::BoxFuture;
use protocol::Secret;
use uuid::Uuid;

use crate::{Outcome, say};

/// How the endpoint is reached, and how it reaches back.
#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Base address of the department, to which /protocol/v1/events is appended.
    #[arg(required_unless_present = "list")]
    url: Option<String>,
    /// Id of the department.
    #[arg(long, value_name = "UUID", required_unless_present = "list")]
    department: Option<Uuid>,
    /// Id under which the department knows the hall that is played.
    #[arg(long, value_name = "UUID", required_unless_present = "list")]
    hall: Option<Uuid>,
    /// File with the secret that the two share: whsec_ and base64.
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    secret_file: Option<PathBuf>,
    /// Where the department's messages are heard. What the department has as the hall's address must lead here.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// How many seconds somebody at the department has for each thing that is asked of them.
    #[arg(long, value_name = "SECONDS", default_value = "300")]
    person: u64,
    /// Nobody at the department takes part: what needs somebody is skipped.
    #[arg(long)]
    alone: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// Lists the checks, and ends.
    #[arg(long)]
    list: bool,
}

/// Checks, and says what was found. Fails when a check failed, with 2; with 1 when nothing could be checked.
pub(crate) async fn run(args: CheckArgs) -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
    if args.list {
        list(args.json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let CheckArgs { url: Some(url), department: Some(department), hall: Some(hall), secret_file: Some(file), .. } =
        args
    else {
        return Err("an address, --department, --hall and --secret-file are needed".into());
    };
    let secret = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let listener = tokio::net::TcpListener::bind(args.listen).await;
    let setup = Setup {
        url,
        department,
        hall,
        secret: Secret::parse(&secret)?,
        listener: listener.map_err(|error| format!("{}: {error}", args.listen))?,
        waits: Waits { person: Duration::from_secs(args.person.max(1)), ..Waits::default() },
        operated: !args.alone,
    };
    let report = check(setup, &Person).await?;
    if args.json {
        say(serde_json::to_string_pretty(&report)?)?;
    } else {
        say(&report)?;
    }
    Ok(if report.failed().is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn list(json: bool) -> Outcome {
    if json {
        return say(serde_json::to_string_pretty(ALL)?);
    }
    ALL.iter().try_for_each(|check| say(format_args!("{}  (protocol {}) {}", check.name, check.paragraph, check.says)))
}

/// Whoever reads what stands on standard error, and does it.
struct Person;

impl Operator for Person {
    fn please<'a>(&'a self, act: &'a Act) -> BoxFuture<'a, Result<(), String>> {
        tell(format_args!("\nPlease, at the department: {act}"));
        Box::pin(async { Ok(()) })
    }

    fn file_shown<'a>(&'a self, act: &'a Act) -> BoxFuture<'a, Result<bool, String>> {
        tell(format_args!("Did the file of case {} come up? Type yes or no, and Enter.", act.number));
        Box::pin(yes_or_no())
    }

    fn waiting(&self, _act: &Act, seconds_left: u64) {
        tell(format_args!("  … waiting, {seconds_left} s left"));
    }
}

/// An answer on standard input. Read on a thread of its own, for which the end of the program does not wait.
async fn yes_or_no() -> Result<bool, String> {
    let (say, said) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || say.send(read_yes_or_no(std::io::stdin().lock())));
    said.await.unwrap_or_else(|_| Err("standard input cannot be read".to_owned()))
}

fn read_yes_or_no(input: impl BufRead) -> Result<bool, String> {
    for line in input.lines() {
        match line.map_err(|error| error.to_string())?.trim().to_lowercase().as_str() {
            "yes" | "y" => return Ok(true),
            "no" | "n" => return Ok(false),
            _ => tell(format_args!("Type yes or no, and Enter.")),
        }
    }
    Err("standard input has ended".to_owned())
}

/// Beside the report, which may be read by a program.
fn tell(line: std::fmt::Arguments<'_>) {
    // Nobody reads it: then the wait runs out, and the report says so.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_yes_or_no_and_nothing_else() {
        assert_eq!(read_yes_or_no("perhaps\n Yes \nno\n".as_bytes()), Ok(true));
        assert_eq!(read_yes_or_no("n".as_bytes()), Ok(false));
        assert_eq!(read_yes_or_no("perhaps\n".as_bytes()), Err("standard input has ended".to_owned()));
    }
}
