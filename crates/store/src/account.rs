//! The people of a hall or department service and their sessions. Passwords and tokens are hashed by the caller.
//!
//! A service with many departments has one list of people: a login is one person's in all of it, and leads to its department.

use crate::sql::run;
use crate::value::{Place, micros};
use crate::{Digest, StoreError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub id: Uuid,
    /// What is typed to sign in; one account each.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// A PHC string.
    pub password_hash: String,
    /// The words for what they may do.
    pub roles: Vec<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// In which department of a department service they work; in a hall there is none.
    pub department: Option<Uuid>,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token, which is nowhere kept.
    pub token_hash: Digest,
    /// Who.
    pub account: Uuid,
    /// At which window.
    pub window: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When last heard of.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// How often signing in under a login failed, whether or not there is such an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoginFailures {
    /// How often in a row.
    pub failed: u32,
    /// Until when no try is accepted.
    pub locked_until: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct AccountColumns {
    id: Uuid,
    login: String,
    name: String,
    password_hash: String,
    roles: String,
    active: bool,
    department_id: Option<Uuid>,
}

impl AccountColumns {
    fn of(self) -> Result<Account, StoreError> {
        let Self { id, login, name, password_hash, roles, active, department_id: department } = self;
        let roles = serde_json::from_str(&roles)
            .map_err(|_| StoreError::corrupt("account", id, "roles that are no list of words"))?;
        Ok(Account { id, login, name, password_hash, roles, active, department })
    }
}

#[derive(sqlx::FromRow)]
struct SessionColumns {
    account_id: Uuid,
    at_window: Option<String>,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
}

impl Tx {
    /// Adds an account or changes all of it.
    ///
    /// # Errors
    /// `Database` when another account has the login.
    pub async fn put_account(&mut self, account: &Account) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO account (office_id, id, login, name, password_hash, roles, active, department_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (office_id, id) DO UPDATE
               SET login = excluded.login, name = excluded.name, password_hash = excluded.password_hash,
                   roles = excluded.roles, active = excluded.active, department_id = excluded.department_id";
        let Account { id, login, name, password_hash, roles, active, department } = account;
        let roles = serde_json::Value::from_iter(roles.iter().map(String::as_str)).to_string();
        run!(self.execute(
            SQL,
            self.people,
            *id,
            login.as_str(),
            name.as_str(),
            password_hash.as_str(),
            roles,
            *active,
            *department,
        ))?;
        Ok(())
    }

    /// The account with an id.
    pub async fn account(&mut self, id: Uuid) -> Result<Option<Account>, StoreError> {
        const SQL: &str = "
            SELECT id, login, name, password_hash, roles, active, department_id FROM account
             WHERE office_id = $1 AND id = $2";
        let row: Option<AccountColumns> = run!(self.fetch_optional(SQL, self.people, id))?;
        row.map(AccountColumns::of).transpose()
    }

    /// The account with a login.
    pub async fn account_by_login(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        const SQL: &str = "
            SELECT id, login, name, password_hash, roles, active, department_id FROM account
             WHERE office_id = $1 AND login = $2";
        let row: Option<AccountColumns> = run!(self.fetch_optional(SQL, self.people, login))?;
        row.map(AccountColumns::of).transpose()
    }

    /// All accounts, by login.
    pub async fn accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        const SQL: &str = "
            SELECT id, login, name, password_hash, roles, active, department_id FROM account
             WHERE office_id = $1
             ORDER BY login";
        let rows: Vec<AccountColumns> = run!(self.fetch_all(SQL, self.people))?;
        rows.into_iter().map(AccountColumns::of).collect()
    }

    /// Begins a session.
    pub async fn open_session(&mut self, session: &SessionRow) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO session (office_id, token_hash, account_id, at_window, created_at, seen_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let SessionRow { token_hash, account, window, created_at, seen_at, expires_at } = session;
        run!(self.execute(
            SQL,
            self.people,
            token_hash.to_vec(),
            *account,
            window.as_deref(),
            micros(*created_at),
            micros(*seen_at),
            micros(*expires_at),
        ))?;
        Ok(())
    }

    /// The session of a token, whether or not it has expired.
    pub async fn session(&mut self, token_hash: Digest) -> Result<Option<SessionRow>, StoreError> {
        const SQL: &str = "
            SELECT account_id, at_window, created_at, seen_at, expires_at FROM session
             WHERE office_id = $1 AND token_hash = $2";
        let row: Option<SessionColumns> = run!(self.fetch_optional(SQL, self.people, token_hash.to_vec()))?;
        row.map(|SessionColumns { account_id, at_window, created_at, seen_at, expires_at }| {
            let place = Place::new("session", &account_id);
            Ok(SessionRow {
                token_hash,
                account: account_id,
                window: at_window,
                created_at: place.at(created_at)?,
                seen_at: place.at(seen_at)?,
                expires_at: place.at(expires_at)?,
            })
        })
        .transpose()
    }

    /// Notes that a session was used, and until when it lasts now; false when it is gone.
    pub async fn touch_session(
        &mut self,
        token_hash: Digest,
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE session SET seen_at = $3, expires_at = $4
             WHERE office_id = $1 AND token_hash = $2";
        Ok(run!(self.execute(SQL, self.people, token_hash.to_vec(), micros(seen_at), micros(expires_at)))? == 1)
    }

    /// Ends a session; false when it is gone.
    pub async fn close_session(&mut self, token_hash: Digest) -> Result<bool, StoreError> {
        const SQL: &str = "
            DELETE FROM session
             WHERE office_id = $1 AND token_hash = $2";
        Ok(run!(self.execute(SQL, self.people, token_hash.to_vec()))? == 1)
    }

    /// Removes sessions that ended before a moment, at most `limit` of them, and returns how many.
    pub async fn forget_sessions(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        const SQL: &str = "
            DELETE FROM session
             WHERE office_id = $1
               AND token_hash IN (SELECT s.token_hash FROM session AS s
                                   WHERE s.office_id = $1 AND s.expires_at < $2
                                   ORDER BY s.expires_at
                                   LIMIT $3)";
        run!(self.execute(SQL, self.people, micros(before), i64::from(limit)))
    }

    /// How often signing in under a login failed.
    pub async fn login_failures(&mut self, login: &str) -> Result<LoginFailures, StoreError> {
        const SQL: &str = "
            SELECT failed, locked_until FROM login_failure
             WHERE office_id = $1 AND login = $2";
        let row: Option<(i64, Option<i64>)> = run!(self.fetch_optional(SQL, self.people, login))?;
        let Some((failed, locked_until)) = row else {
            return Ok(LoginFailures::default());
        };
        let place = Place::new("login_failure", &login);
        Ok(LoginFailures { failed: place.number(failed)?, locked_until: place.maybe_at(locked_until)? })
    }

    /// Keeps how often signing in under a login failed, the last time now.
    pub async fn put_login_failures(
        &mut self,
        login: &str,
        failures: LoginFailures,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO login_failure (office_id, login, failed, locked_until, failed_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (office_id, login) DO UPDATE
               SET failed = excluded.failed, locked_until = excluded.locked_until, failed_at = excluded.failed_at";
        let LoginFailures { failed, locked_until } = failures;
        run!(self.execute(SQL, self.people, login, i64::from(failed), locked_until.map(micros), micros(now)))?;
        Ok(())
    }

    /// Forgets that signing in under a login ever failed.
    pub async fn clear_login_failures(&mut self, login: &str) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM login_failure
             WHERE office_id = $1 AND login = $2";
        run!(self.execute(SQL, self.people, login))?;
        Ok(())
    }

    /// Forgets the logins under which signing in last failed before a moment and which are not locked since, at most
    /// `limit` of them, and returns how many.
    pub async fn forget_login_failures(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        const SQL: &str = "
            DELETE FROM login_failure
             WHERE office_id = $1
               AND login IN (SELECT l.login FROM login_failure AS l
                              WHERE l.office_id = $1 AND l.failed_at < $2
                                AND (l.locked_until IS NULL OR l.locked_until < $2)
                              ORDER BY l.failed_at
                              LIMIT $3)";
        run!(self.execute(SQL, self.people, micros(before), i64::from(limit)))
    }
}
