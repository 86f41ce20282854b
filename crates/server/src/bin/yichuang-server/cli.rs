//! What can be typed.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::rights::Role;
use server::{
    DemoDate,
    settings::{Database, DepartmentSettings, HallSettings},
};
use uuid::Uuid;

use crate::check_department::CheckArgs;

/// Yichuang (一窗): the services of a government service hall, without a desktop.
///
/// What is logged goes to standard error; YICHUANG_LOG says how much, such as `info` or `debug`.
#[derive(Parser)]
#[command(name = "yichuang-server", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// What is logged when nothing is said: a walk speaks for itself.
    pub(crate) fn usual_log(&self) -> &'static str {
        match &self.command {
            Command::Demo(args) if args.walk.is_some() => "warn",
            Command::Hall { .. } | Command::Department { .. } | Command::Demo(_) => "info",
            Command::Openapi { .. }
            | Command::VerifyJournal(_)
            | Command::Accounts(_)
            | Command::CheckDepartment(_)
            | Command::Import(_)
            | Command::Items(_) => "warn",
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serves a hall, with the pages.
    #[command(after_help = HallSettings::help())]
    Hall {
        /// TOML file of settings.
        #[arg(long, value_name = "FILE", env = "YICHUANG_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Serves a department service, for departments without a system of their own.
    #[command(after_help = DepartmentSettings::help())]
    Department {
        /// TOML file of settings.
        #[arg(long, value_name = "FILE", env = "YICHUANG_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Serves the demo: hall and departments of a fictional city in one program.
    Demo(DemoArgs),
    /// Prints the description (OpenAPI 3.1) of an interface.
    Openapi {
        /// Whose interface.
        of: Description,
    },
    /// Verifies the hash chains of a journal; a fault is reported and ends with failure.
    VerifyJournal(OfficeArgs),
    /// Checks the endpoint of a department's own system against the department protocol (docs/protocol.md).
    ///
    /// Plays the hall. What only somebody at the department can do is asked for on standard error and waited for. Ends with 0
    /// when no check failed, with 2 when one did, and with 1 when nothing could be checked.
    CheckDepartment(CheckArgs),
    /// Imports into a hall.
    #[command(subcommand)]
    Import(ImportCommand),
    /// The items of a hall (事项).
    #[command(subcommand)]
    Items(ItemsCommand),
    /// Accounts, such as the first one of a new hall.
    #[command(subcommand)]
    Accounts(AccountsCommand),
}

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Where to serve: a port, or an address with port. 0 takes a free one.
    #[arg(long, value_name = "PORT|ADDRESS", default_value = "0", value_parser = read_listen)]
    pub(crate) listen: SocketAddr,
    /// Folder of everything the demo keeps. Usual: that of the desktop's demo; a temporary one for a walk.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Moves the demo to a date, such as 2026-06-15 or 2026-06-15T14:30.
    #[arg(long, value_name = "DATE", env = "YICHUANG_DEMO_DATE")]
    pub(crate) date: Option<DemoDate>,
    /// Walks a whole case by HTTP, leaves its papers in DIR, and ends.
    #[arg(long, value_name = "DIR")]
    pub(crate) walk: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Description {
    Hall,
    Department,
    Protocol,
}

#[derive(Args)]
pub(crate) struct OfficeArgs {
    /// sqlite:///path/file.db or postgres://user:password@host/name.
    #[arg(long, value_name = "URL", env = "YICHUANG_DATABASE", hide_env_values = true)]
    pub(crate) database: Database,
    /// Id of the hall; of the department service for its accounts, of one of its departments for a journal.
    #[arg(long, value_name = "UUID")]
    pub(crate) office: Uuid,
    /// Which of the two it is.
    #[arg(long)]
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Hall,
    Department,
}

impl From<Kind> for store::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Hall => Self::Hall,
            Kind::Department => Self::Department,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum AccountsCommand {
    /// Adds an account. The password is the first line of standard input, 8 to 200 characters.
    Add {
        #[command(flatten)]
        office: OfficeArgs,
        /// What is typed to sign in.
        #[arg(long)]
        login: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// What the person works as, separated by commas: window_clerk, output_clerk, approver, delegate, supervisor,
        /// administrator.
        #[arg(long, required = true, value_delimiter = ',', value_parser = server::read_role)]
        roles: Vec<Role>,
        /// Id of the department where the person works; in a department service only.
        #[arg(long, value_name = "UUID")]
        department: Option<Uuid>,
    },
    /// Lists the accounts.
    List {
        #[command(flatten)]
        office: OfficeArgs,
    },
}

#[derive(Args)]
pub(crate) struct HallArgs {
    /// TOML file of the hall's settings, which are taken from the environment too. The hall may be running.
    #[arg(long, value_name = "FILE", env = "YICHUANG_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Data folder of a desktop with a hall of its own, or of a demo, instead of settings.
    #[arg(long, value_name = "DIR")]
    pub(crate) desktop: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ByArgs {
    /// Who does it, as it is kept. Usual: the user of the computer.
    #[arg(long = "by", value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum ImportCommand {
    /// Publishes items: all that are new or have a new version, or none when anything is wrong.
    Catalogue {
        /// Folders with items/*.toml or *.toml, and files of single items.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        hall: HallArgs,
        #[command(flatten)]
        by: ByArgs,
    },
}

#[derive(Subcommand)]
pub(crate) enum ItemsCommand {
    /// Lists every version of every item.
    List {
        #[command(flatten)]
        hall: HallArgs,
    },
    /// Withdraws an item (停用): nothing new is taken by it until a new version is imported.
    Withdraw {
        /// Its implementation code (实施编码).
        code: String,
        #[command(flatten)]
        hall: HallArgs,
        #[command(flatten)]
        by: ByArgs,
    },
}

fn read_listen(text: &str) -> Result<SocketAddr, String> {
    let port = text.parse::<u16>().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    port.or_else(|_| text.parse()).map_err(|_| "neither a port nor an address with port".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_typed_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_port_alone_is_on_this_computer() {
        assert_eq!(read_listen("8470").unwrap().to_string(), "127.0.0.1:8470");
        assert_eq!(read_listen("0.0.0.0:0").unwrap().to_string(), "0.0.0.0:0");
        assert!(read_listen("somewhere").is_err());
    }
}
