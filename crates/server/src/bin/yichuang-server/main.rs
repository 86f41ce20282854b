//! `yichuang-server`: a hall, a department service, or the demo with both, without a desktop.

mod check_department;
mod cli;
mod demo;
mod items;
mod journal;

use std::{
    error::Error,
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use cli::{AccountsCommand, Cli, Command, Description, OfficeArgs};
use domain::ids::DepartmentId;
use server::{
    NewAccount,
    settings::{DepartmentSettings, HallSettings, environment},
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    // An error means that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("YICHUANG_LOG").unwrap_or_else(|_| cli.usual_log().into());
    let coloured = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured).with_writer(std::io::stderr).init();

    match run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            // Written even when nothing is logged; whoever started the program has to know.
            let _ = writeln!(std::io::stderr(), "yichuang-server: {}", web::problem::chain(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let outcome: Outcome = match command {
        Command::Hall { config } => {
            let settings = HallSettings::read(config.as_deref(), environment())?;
            Ok(server::serve_hall(settings, ended_by_system()).await?)
        }
        Command::Department { config } => {
            let settings = DepartmentSettings::read(config.as_deref(), environment())?;
            Ok(server::serve_department(settings, ended_by_system()).await?)
        }
        Command::Demo(args) => match args.walk.clone() {
            Some(papers) => demo::walk(&args, &papers).await,
            None => demo::serve(args).await,
        },
        Command::Openapi { of } => {
            let description = match of {
                Description::Hall => hall::openapi(),
                Description::Department => department::openapi(),
                Description::Protocol => protocol::openapi(),
            };
            say(description.to_pretty_json()?)
        }
        Command::VerifyJournal(office) => journal::verify(&office).await,
        Command::Accounts(command) => accounts(command).await,
        Command::Import(command) => items::import(command).await,
        Command::Items(command) => items::items(command).await,
        Command::CheckDepartment(args) => return check_department::run(args).await,
    };
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn accounts(command: AccountsCommand) -> Outcome {
    match command {
        AccountsCommand::Add { office, login, name, roles, department } => {
            let mut password = String::new();
            std::io::stdin().read_line(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let store = open(&office).await?;
            let department = department.map(DepartmentId);
            let account = NewAccount { login: login.clone(), name, roles, password, department };
            let added = server::add_account(&store, account).await;
            store.close().await;
            added?;
            say(format_args!("{login} can sign in."))
        }
        AccountsCommand::List { office } => {
            let store = open(&office).await?;
            for account in store.read().await?.accounts().await? {
                let shut = if account.active { "" } else { "  (may not sign in)" };
                let department = account.department.map(|id| format!("  {id}")).unwrap_or_default();
                let roles = account.roles.join(",");
                say(format_args!("{}  {}  {roles}{department}{shut}", account.login, account.name))?;
            }
            store.close().await;
            Ok(())
        }
    }
}

/// The memory of an office. One that is not there yet is made by its service, not by a typing error here.
async fn open(
    OfficeArgs { database, office, kind }: &OfficeArgs,
) -> Result<store::Store, Box<dyn Error + Send + Sync>> {
    if let Some(file) = database.file()
        && !file.exists()
    {
        return Err(format!("there is no database {}", file.display()).into());
    }
    Ok(store::Store::open(&store::StoreConfig::new(database.url()), (*kind).into(), *office).await?)
}

/// A line for whoever started the program.
fn say(line: impl std::fmt::Display) -> Outcome {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        // Nobody reads any more: that is no failure of what was asked for.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Done when the system asks the program to end (SIGINT, SIGTERM).
async fn ended_by_system() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
