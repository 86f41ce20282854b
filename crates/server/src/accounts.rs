//! Accounts made from the command line, such as the first one of a new hall.

use domain::rights::Role;
use store::{Account, Store};
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
/// When the login is taken, the password is refused, or the database cannot be used.
pub async fn add_account(store: &Store, account: NewAccount) -> Result<(), ServerError> {
    let NewAccount { login, name, roles, password } = account;
    let chance = Chance::system();
    let account = Account {
        id: chance.id(source::wall()),
        login,
        name,
        password_hash: Passwords::new().hash(&password, &chance).await?,
        roles: roles.iter().map(|role| role.name().to_owned()).collect(),
        active: true,
    };
    let login = account.login.clone();
    let added = store.write(async move |tx| {
        if tx.account_by_login(&account.login).await?.is_some() {
            return Ok(false);
        }
        tx.put_account(&account).await?;
        Ok(true)
    });
    match added.await.map_err(ServerError::store("the office"))? {
        true => Ok(()),
        false => Err(ServerError::Value {
            place: "accounts".to_owned(),
            field: "login",
            value: login,
            why: "somebody has it already".to_owned(),
        }),
    }
}
