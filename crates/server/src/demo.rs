//! What only the demo has: a date of its own, and accounts that everybody may know.

use std::{path::Path, str::FromStr};

use department::DepartmentProfile;
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
    desk::{DemoAccount, Office},
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

/// Whether a data folder is that of a demo.
pub(crate) fn is_in(folder: &Path) -> bool {
    folder.join(FILE).exists()
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

const HALL: [(&str, &str, &[Role]); 3] = [
    ("chuangkou", "陈思远", &[Role::WindowClerk]),
    ("chuzheng", "林小燕", &[Role::OutputClerk]),
    ("zhuren", "周明", &[Role::Supervisor, Role::Administrator]),
];

/// Who works in each department: one who does all of it, and one to decide where whoever accepted may not.
const DEPARTMENT: [(&str, &[Role]); 2] = [("shenpi", &[Role::Approver, Role::Delegate]), ("shouxi", &[Role::Delegate])];

/// Names for the people of the departments, in turn.
const NAMES: [&str; 28] = [
    "王建国",
    "赵文静",
    "李国华",
    "孙丽娟",
    "张立军",
    "钱雪梅",
    "刘德胜",
    "吴秋月",
    "杨志强",
    "郑玉兰",
    "黄永平",
    "冯晓晴",
    "何卫东",
    "蒋春燕",
    "罗海涛",
    "沈佳怡",
    "梁振宇",
    "韩素芬",
    "宋长河",
    "唐婉清",
    "许嘉诚",
    "曹雨桐",
    "邓少华",
    "彭秀英",
    "袁明哲",
    "潘凤霞",
    "董学文",
    "余思琪",
];

/// The accounts of the demo hall, as the page shows them.
pub(crate) fn hall_accounts() -> Vec<DemoAccount> {
    HALL.iter().map(|(login, name, roles)| shown((*login).to_owned(), name, roles, None)).collect()
}

/// The accounts of the demo's department service, as the page shows them: `shenpi` and `shouxi` in the first department,
/// `shenpi2` and `shouxi2` in the second.
pub(crate) fn department_accounts(departments: &[DepartmentProfile]) -> Vec<DemoAccount> {
    let places = (1..).zip(departments).flat_map(|place| DEPARTMENT.iter().map(move |person| (place, person)));
    let accounts = places.zip(NAMES.iter().cycle()).map(|(((nth, department), (login, roles)), name)| {
        let login = if nth == 1 { (*login).to_owned() } else { format!("{login}{nth}") };
        shown(login, name, roles, Some(department.office()))
    });
    accounts.collect()
}

fn shown(login: String, name: &str, roles: &[Role], department: Option<Office>) -> DemoAccount {
    let roles = roles.iter().map(|role| role.name().to_owned()).collect();
    DemoAccount { login, password: PASSWORD.to_owned(), name: name.to_owned(), roles, department }
}

/// Makes the accounts, at the first start: afterwards they are there, and at most their department is another.
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
    for DemoAccount { login, password, name, roles, department } in shown.iter().cloned() {
        let department = department.map(|office| office.id);
        let known = there.iter().find(|account| account.login == login);
        if known.is_some_and(|account| account.department == department) {
            continue;
        }
        let id = known.map(|account| account.id);
        let (passwords, chance) = (passwords.clone(), chance.clone());
        hashing.spawn(async move {
            let password_hash = passwords.hash(&password, &chance).await?;
            let id = id.unwrap_or_else(|| chance.id(source::wall()));
            Ok::<_, PasswordError>(Account { id, login, name, password_hash, roles, active: true, department })
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
    use std::collections::BTreeSet;

    use domain::ids::DepartmentId;
    use uuid::Uuid;

    use super::*;
    use crate::City;

    #[test]
    fn every_department_of_a_demo_has_people_of_its_own() {
        let one = DepartmentProfile::from(City::anlan().unwrap().departments.remove(0));
        let department = |n| DepartmentProfile { id: DepartmentId(Uuid::from_u128(n)), ..one.clone() };
        let accounts = department_accounts(&(1..=14).map(department).collect::<Vec<_>>());
        let first: Vec<_> = accounts.iter().take(3).map(|it| (it.login.as_str(), it.name.as_str())).collect();
        assert_eq!(first, [("shenpi", "王建国"), ("shouxi", "赵文静"), ("shenpi2", "李国华")]);
        let different = |of: fn(&DemoAccount) -> &str| accounts.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!((different(|it| &it.login), different(|it| &it.name)), (28, 28));
        for n in 1..=14 {
            let own = accounts.iter().filter(|it| it.department.as_ref().unwrap().id == Uuid::from_u128(n));
            let roles: Vec<_> = own.map(|it| it.roles.join(" ")).collect();
            assert_eq!(roles, ["approver delegate", "delegate"]);
        }
    }

    #[tokio::test]
    async fn an_account_of_the_demo_follows_its_department() {
        let folder = tempfile::tempdir().unwrap();
        let config = store::StoreConfig::file(&folder.path().join("department.db"));
        let store = Store::open(&config, store::Kind::Department, Uuid::from_u128(1)).await.unwrap();
        let one = DepartmentProfile::from(City::anlan().unwrap().departments.remove(0));
        let mut seen = vec![];
        for id in [2, 2, 3] {
            let accounts =
                department_accounts(&[DepartmentProfile { id: DepartmentId(Uuid::from_u128(id)), ..one.clone() }]);
            open_accounts("the test", &store, &accounts, &Chance::system()).await.unwrap();
            let kept = store.read().await.unwrap().account_by_login("shenpi").await.unwrap().unwrap();
            seen.push((kept.id, kept.department.unwrap().as_u128()));
        }
        let id = seen[0].0;
        assert_eq!(seen, [(id, 2), (id, 2), (id, 3)]);
    }

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
