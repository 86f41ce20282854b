//! What only the demo has: a date of its own, and accounts that everybody may know.

use std::str::FromStr;

use domain::{clock::hall_moment, rights::Role};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, date, time},
};
use serde::Deserialize;
use store::{Account, Store};
use tokio::task::JoinSet;
use web::{
    Clock as _, ShiftedClock,
    desk::DemoAccount,
    session::{PasswordError, Passwords},
    source::{self, Chance},
};

use crate::{
    ServerError,
    folder::{DataFolder, read_if_there, write_private},
};

/// Where applicants of the demo would look up their case.
pub(crate) const PUBLIC_URL: &str = "https://zwfw.anlan.example";

/// The name of the simulated printer.
pub(crate) const PRINTER: &str = "演示打印机";

/// The password of all accounts of the demo.
pub(crate) const PASSWORD: &str = "anlan-2026";

const FILE: &str = "demo.toml";

/// The moment a demo begins at, in the hall's zone: a Monday morning in June.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoDate(DateTime);

/// Not a date for the demo.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no date such as 2026-06-15 or 2026-06-15T14:30, from 2023 on")]
pub struct DemoDateError(String);

impl DemoDate {
    /// Monday, 15 June 2026, nine o'clock.
    pub const FIRST: Self = Self(date(2026, 6, 15).at(9, 0, 0, 0));

    /// What `YICHUANG_DEMO_DATE` says, if it is there.
    ///
    /// # Errors
    /// When it is no date.
    pub fn from_environment() -> Result<Option<Self>, DemoDateError> {
        let text = std::env::var_os("YICHUANG_DEMO_DATE").filter(|text| !text.is_empty());
        text.map(|text| text.to_string_lossy().parse()).transpose()
    }

    fn moment(self) -> Timestamp {
        hall_moment(self.0.date(), self.0.time()).unwrap_or_else(|_| source::wall())
    }
}

impl FromStr for DemoDate {
    type Err = DemoDateError;

    fn from_str(text: &str) -> Result<Self, DemoDateError> {
        // A date alone also reads as midnight, when nobody works.
        let morning = text.parse::<Date>().ok().filter(|_| text.len() == "2026-06-15".len());
        let read = morning.map(|day| day.to_datetime(time(9, 0, 0, 0))).or_else(|| text.parse().ok());
        let possible = read.filter(|moment| (2023..=2199).contains(&moment.year()));
        possible.map(Self).ok_or_else(|| DemoDateError(text.chars().take(40).collect()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemoFile {
    offset_seconds: i64,
    moved_to: Option<DateTime>,
}

/// The demo's clock: begins at the first start and goes on over all others. Another `wish` than last time moves it.
pub(crate) fn clock(folder: &DataFolder, wish: Option<DemoDate>) -> Result<ShiftedClock, ServerError> {
    let file = folder.join(FILE);
    let kept: Option<DemoFile> = match read_if_there(&file)? {
        Some(text) => Some(toml::from_str(&text).map_err(|error| ServerError::Malformed(file.clone(), error))?),
        None => None,
    };
    if let Some(DemoFile { offset_seconds, moved_to }) = &kept
        && (wish.is_none() || *moved_to == wish.map(|wish| wish.0))
    {
        let offset = jiff::SignedDuration::from_secs(*offset_seconds);
        let moment = source::wall().saturating_add(offset).unwrap_or(Timestamp::MAX);
        return Ok(ShiftedClock::starting_at(moment));
    }
    let clock = ShiftedClock::starting_at(wish.unwrap_or(DemoDate::FIRST).moment());
    let moved_to = wish.map(|wish| format!("moved_to = \"{}\"\n", wish.0)).unwrap_or_default();
    let offset = clock.offset().as_secs();
    let text = format!("# How far the demo's time is ahead of real time.\noffset_seconds = {offset}\n{moved_to}");
    write_private(&file, &text)?;
    tracing::info!(demo.today = %clock.today(), "the demo's time was set");
    Ok(clock)
}

/// An account of the demo.
struct Known {
    login: &'static str,
    name: &'static str,
    roles: &'static [Role],
}

const HALL: [Known; 3] = [
    Known { login: "chuangkou", name: "陈思远", roles: &[Role::WindowClerk] },
    Known { login: "chuzheng", name: "林小燕", roles: &[Role::OutputClerk] },
    Known { login: "zhuren", name: "周明", roles: &[Role::Supervisor, Role::Administrator] },
];

const DEPARTMENT: [Known; 1] = [Known { login: "shenpi", name: "王建国", roles: &[Role::Approver, Role::Delegate] }];

/// The accounts of the demo hall, as the page shows them.
pub(crate) fn hall_accounts() -> Vec<DemoAccount> {
    HALL.iter().map(Known::shown).collect()
}

/// The accounts of the demo's department service, as the page shows them.
pub(crate) fn department_accounts() -> Vec<DemoAccount> {
    DEPARTMENT.iter().map(Known::shown).collect()
}

impl Known {
    fn shown(&self) -> DemoAccount {
        DemoAccount {
            login: self.login.to_owned(),
            password: PASSWORD.to_owned(),
            name: self.name.to_owned(),
            roles: self.role_names(),
        }
    }

    fn role_names(&self) -> Vec<String> {
        self.roles.iter().map(|role| role.name().to_owned()).collect()
    }
}

/// Makes the accounts, at the first start: afterwards they are there.
pub(crate) async fn open_accounts(
    whose: &'static str,
    store: &Store,
    shown: &[DemoAccount],
    chance: &Chance,
) -> Result<(), ServerError> {
    let there = {
        let mut tx = store.read().await.map_err(ServerError::store(whose))?;
        tx.accounts().await.map_err(ServerError::store(whose))?
    };
    let passwords = Passwords::new();
    let mut hashing = JoinSet::new();
    for DemoAccount { login, password, name, roles } in shown.iter().cloned() {
        if there.iter().any(|account| account.login == login) {
            continue;
        }
        let (passwords, chance) = (passwords.clone(), chance.clone());
        hashing.spawn(async move {
            let password_hash = passwords.hash(&password, &chance).await?;
            let id = chance.id(source::wall());
            Ok::<_, PasswordError>(Account { id, login, name, password_hash, roles, active: true })
        });
    }
    let accounts = hashing.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()?;
    if accounts.is_empty() {
        return Ok(());
    }
    let kept = store.write(async move |tx| {
        for account in &accounts {
            tx.put_account(account).await?;
        }
        Ok(())
    });
    kept.await.map_err(ServerError::store(whose))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today(folder: &std::path::Path, wish: Option<&str>) -> String {
        let folder = DataFolder::take_now(folder).unwrap();
        clock(&folder, wish.map(|wish| wish.parse().unwrap())).unwrap().today().to_string()
    }

    #[test]
    fn a_demo_begins_on_a_monday_in_june_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(today(folder.path(), None), "2026-06-15");
        assert_eq!(today(folder.path(), None), "2026-06-15");
    }

    #[test]
    fn a_demo_is_moved_once_by_each_wish() {
        let folder = tempfile::tempdir().unwrap();
        today(folder.path(), None);
        assert_eq!(today(folder.path(), Some("2026-07-01")), "2026-07-01");
        assert_eq!(today(folder.path(), None), "2026-07-01");
        let offset = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(today(folder.path(), Some("2026-07-01")), "2026-07-01");
        assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), offset);
        assert_eq!(today(folder.path(), Some("2026-06-20T14:30")), "2026-06-20");
    }

    #[test]
    fn what_is_no_date_is_named() {
        let refused = "15.6.2026".parse::<DemoDate>().unwrap_err();
        assert!(refused.to_string().contains("15.6.2026"));
        assert!("1999-01-01".parse::<DemoDate>().is_err());
    }
}
