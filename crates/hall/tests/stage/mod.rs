//! What tests of a service stand on: a database of its own, and an office that asks through the router.

#![allow(dead_code, unused_imports, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may, and makes its own ids")]

mod answer;
mod ask;
mod place;

use std::sync::OnceLock;

use domain::rights::Role;
use store::{Account, Store};
use uuid::Uuid;
use web::{session::Passwords, source::Chance};

pub(crate) use self::{
    answer::Answer,
    ask::{Ask, Office},
    place::{Database, Place},
};

/// What everybody types to sign in.
pub(crate) const PASSWORD: &str = "anlan-2026";

/// 2026-06-15 09:00 in Shanghai, a Monday.
pub(crate) const MORNING: &str = "2026-06-15T01:00:00Z";

/// The hash of [`PASSWORD`], computed once in a process.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let hashed = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(Passwords::new().hash(PASSWORD, &Chance::seeded(1))).unwrap()
        });
        hashed.join().unwrap()
    })
}

/// An account for each role, in a department if it is none of a hall; the login is the role's name.
pub(crate) async fn open_accounts(store: &Store, department: Option<Uuid>) {
    let names = ["陈思远", "周以宁", "方一鸣", "沈若溪", "何立新", "许安"];
    for ((n, role), name) in (1..).zip(Role::ALL).zip(names) {
        open_account(store, account(0xacc0 + n, role.name(), name, &[*role], department)).await;
    }
}

/// An account that is signed in to with [`PASSWORD`].
pub(crate) fn account(id: u128, login: &str, name: &str, roles: &[Role], department: Option<Uuid>) -> Account {
    Account {
        id: Uuid::from_u128(id),
        login: login.to_owned(),
        name: name.to_owned(),
        password_hash: password_hash().to_owned(),
        roles: roles.iter().map(|role| role.name().to_owned()).collect(),
        active: true,
        department,
    }
}

pub(crate) async fn open_account(store: &Store, account: Account) {
    store.write(async move |tx| tx.put_account(&account).await).await.unwrap();
}

/// A text as part of a query or path.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Waits for something that workers do, at most ten seconds.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    for _ in 0..2000 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{what} did not happen within ten seconds");
}

/// Makes each scenario a test on SQLite, and one on PostgreSQL when `TEST_POSTGRES_URL` is set.
#[macro_export]
macro_rules! on_both_databases {
    ($open:path: $($name:ident)+) => {
        $(mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($open($crate::stage::Place::sqlite()).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(place) = $crate::stage::Place::postgres() {
                    super::$name($open(place).await).await;
                }
            }
        })+
    };
}
