//! Accounts made from the command line, such as the first one of a new hall.

use domain::{ids::DepartmentId, rights::Role};
use store::{Account, Kind, Store};
use web::{
    session::Passwords,
    source::{self, Chance},
};

use crate::ServerError;

/// Somebody who shall be able to sign in.
pub struct NewAccount {
    /// What is typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person works as.
    pub roles: Vec<Role>,
    /// What else is typed.
    pub password: String,
    /// The department of a department service where the person works; none in a hall.
    pub department: Option<DepartmentId>,
}

/// Not a role.
#[derive(Debug, thiserror::Error)]
#[error("{given:?} is no role; there are {known}")]
pub struct RoleError {
    given: String,
    known: String,
}

/// The role of a name.
///
/// # Errors
/// With all names there are.
pub fn read_role(name: &str) -> Result<Role, RoleError> {
    Role::named(name).ok_or_else(|| RoleError {
        given: name.to_owned(),
        known: Role::ALL.iter().map(|role| role.name()).collect::<Vec<_>>().join(", "),
    })
}

/// Adds an account.
///
/// # Errors
/// When the login is taken, in whichever department; when the password is refused, or the database cannot be used; when a
/// department is named in a hall, or none in a department service.
pub async fn add_account(store: &Store, account: NewAccount) -> Result<(), ServerError> {
    let NewAccount { login, name, roles, password, department } = account;
    let wrong = |field, value, why: &str| ServerError::Value {
        place: "accounts".to_owned(),
        field,
        value,
        why: why.to_owned(),
    };
    match (store.kind(), department) {
        (Kind::Department, None) => {
            return Err(wrong("department", "none".to_owned(), "whoever works in a department service has one"));
        }
        (Kind::Department, Some(id)) if id.0 == store.office() => {
            return Err(wrong("department", id.to_string(), "it was also given as the office, which is the service"));
        }
        (Kind::Hall, Some(id)) => return Err(wrong("department", id.to_string(), "a hall has none")),
        _ => {}
    }
    let chance = Chance::system();
    let account = Account {
        id: chance.id(source::wall()),
        login,
        name,
        password_hash: Passwords::new().hash(&password, &chance).await?,
        roles: roles.iter().map(|role| role.name().to_owned()).collect(),
        active: true,
        department: department.map(|id| id.0),
    };
    let login = account.login.clone();
    let added = store.write(async move |tx| {
        let taken = tx.account_by_login(&account.login).await?;
        if taken.is_none() {
            tx.put_account(&account).await?;
        }
        Ok(taken)
    });
    match added.await.map_err(ServerError::store("the office"))? {
        None => Ok(()),
        Some(Account { department: elsewhere, .. }) if elsewhere != department.map(|id| id.0) => {
            let elsewhere = elsewhere.map_or_else(|| "no department".to_owned(), |id| format!("department {id}"));
            Err(wrong("login", login, &format!("somebody in {elsewhere} of this service has it already")))
        }
        Some(_) => Err(wrong("login", login, "somebody has it already")),
    }
}
