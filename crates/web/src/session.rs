//! Signing in, and who is calling.
//!
//! A token is 32 random bytes; only its SHA-256 is kept. Passwords are argon2id and are computed on threads of their
//! own, as many at once as there are cores, so that a storm of sign-ins does not disturb open desks. Sessions end after
//! [`IDLE`] without a request and [`ABSOLUTE`] after signing in, in real time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use axum::extract::FromRequestParts;
use domain::rights::{Grant, Right, Role};
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{Account, LoginFailures, SessionRow, Store, StoreError};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::clock::Clock;
use crate::desk::Desk;
use crate::problem::{Problem, ProblemCode, ProblemField};
use crate::source::Chance;

/// A session ends this long after the last request.
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends this long after signing in.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);
/// Wrong passwords in a row, after which no more are tried.
pub const MAX_FAILURES: u32 = 5;
/// For this long.
pub const LOCKED: Duration = Duration::from_secs(15 * 60);

/// How often the last use of a session is noted, at most.
const TOUCH: Duration = Duration::from_secs(60);
const LONGEST_LOGIN: usize = 100;
const LONGEST_PASSWORD: usize = 200;
const LONGEST_WINDOW: usize = 20;

/// Checked when there is no such account, so that it takes as long as for one that exists. No password has this hash.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Who is calling. Only a session makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    account: Uuid,
    login: String,
    name: String,
    roles: Vec<Role>,
    department: Option<Uuid>,
    window: Option<String>,
    expires_at: Timestamp,
}

impl Actor {
    /// The account.
    pub fn account(&self) -> Uuid {
        self.account
    }

    /// What is typed to sign in.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the person works as.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The department of a department service where the person works; none in a hall.
    pub fn department(&self) -> Option<Uuid> {
        self.department
    }

    /// The window where the person signed in.
    pub fn window(&self) -> Option<&str> {
        self.window.as_deref()
    }

    /// When the session ends if nothing more is asked.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The roles as grants, for [`domain::rights::may`].
    pub fn grants(&self) -> Vec<Grant> {
        self.roles.iter().copied().map(Grant::always).collect()
    }

    /// Whether one of the roles has the right.
    pub fn may(&self, right: Right) -> bool {
        self.roles.iter().any(|role| role.rights().contains(&right))
    }

    /// Refuses when none of the roles has the right.
    pub fn demand(&self, right: Right) -> Result<(), Problem> {
        if self.may(right) {
            return Ok(());
        }
        tracing::info!(account.id = %self.account, right = ?right, "a request was beyond the caller's rights");
        Err(Problem::new(ProblemCode::Forbidden))
    }
}

impl<D: Desk> FromRequestParts<D> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &D) -> Result<Self, Problem> {
        desk.sessions().actor(&parts.headers).await
    }
}

/// Who is listening to a stream: like [`Actor`], but an open page alone does not keep a session from ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener(pub Actor);

impl<D: Desk> FromRequestParts<D> for Listener {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &D) -> Result<Self, Problem> {
        desk.sessions().listener(&parts.headers).await.map(Listener)
    }
}

/// Where the token of a session is kept by a browser.
#[derive(Debug, Clone)]
pub struct SessionCookie {
    /// `yichuang-hall` or `yichuang-department`.
    pub name: &'static str,
    /// `/api/hall` or `/api/department`.
    pub path: &'static str,
    /// Only over HTTPS. False where the program itself serves plain HTTP.
    pub secure: bool,
}

/// The sessions of a hall or a department service. Clones share them.
#[derive(Clone)]
pub struct Sessions(Arc<Shared>);

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Chance,
    passwords: Passwords,
    cookie: SessionCookie,
}

/// A session that was just opened.
#[derive(Clone)]
pub struct Opened {
    /// The token, to be given to the caller and nobody else.
    pub token: String,
    /// Who signed in.
    pub actor: Actor,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("actor", &self.actor).finish_non_exhaustive()
    }
}

impl Sessions {
    /// The sessions kept in a store.
    pub fn new(store: Store, clock: Arc<dyn Clock>, chance: Chance, cookie: SessionCookie) -> Self {
        Sessions(Arc::new(Shared { store, clock, chance, passwords: Passwords::new(), cookie }))
    }

    /// The clock of the office.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// The passwords, to make accounts with.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Hashes a password for a new account.
    pub async fn hash_password(&self, password: &str) -> Result<String, PasswordError> {
        self.0.passwords.hash(password, &self.0.chance).await
    }

    /// Opens a session for whom `admit` lets in. Whether the login exists cannot be told from answer or time.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        window: Option<&str>,
        admit: impl FnOnce(&Actor) -> Result<(), Problem>,
    ) -> Result<Opened, Problem> {
        check_lengths(login, password, window)?;
        // Asked for under the permit, so that tries at the same time cannot all come before the lock.
        let permit = self.0.passwords.permit().await;
        let mut tx = self.0.store.read().await?;
        demand_unlocked(tx.login_failures(login).await?, self.wall())?;
        let account = tx.account_by_login(login).await?.filter(|account| account.active);
        drop(tx);

        let hash = account.as_ref().map_or(NOBODYS_HASH, |account| &account.password_hash);
        // The permit is held until the failure is counted.
        let (fits, _permit) = permit.verify(password, hash).await;
        match account {
            Some(account) if fits => self.open(account, login, window, admit).await,
            _ => Err(self.note_failure(login).await?),
        }
    }

    /// Who is calling, by cookie or `Authorization: Bearer`. The session goes on from here.
    pub async fn actor(&self, headers: &HeaderMap) -> Result<Actor, Problem> {
        let (token_hash, session, account) = self.look_up(headers).await?;
        let now = self.wall();
        let mut expires_at = session.expires_at;
        if now.duration_since(session.seen_at).unsigned_abs() >= TOUCH {
            expires_at = ends_at(session.created_at, now);
            self.0.store.write(async move |tx| tx.touch_session(token_hash, now, expires_at).await).await?;
        }
        Ok(actor_of(account, session.window, expires_at))
    }

    /// Who is listening. Unlike [`Sessions::actor`] this does not keep the session from ending.
    pub async fn listener(&self, headers: &HeaderMap) -> Result<Actor, Problem> {
        let (_, session, account) = self.look_up(headers).await?;
        Ok(actor_of(account, session.window, session.expires_at))
    }

    async fn look_up(&self, headers: &HeaderMap) -> Result<([u8; 32], SessionRow, Account), Problem> {
        let no_session = || Problem::new(ProblemCode::NoSession);
        let token_hash = self.token(headers).and_then(hash_of_token).ok_or_else(no_session)?;
        let mut tx = self.0.store.read().await?;
        let session = tx.session(token_hash).await?.ok_or_else(no_session)?;
        if self.wall() >= session.expires_at {
            return Err(Problem::new(ProblemCode::SessionExpired));
        }
        let account = tx.account(session.account).await?;
        let account = account.filter(|account| account.active).ok_or_else(no_session)?;
        Ok((token_hash, session, account))
    }

    /// Ends the session of the caller, if there is one.
    pub async fn sign_out(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if let Some(token_hash) = self.token(headers).and_then(hash_of_token) {
            self.0.store.write(async move |tx| tx.close_session(token_hash).await).await?;
        }
        Ok(())
    }

    /// The header that gives the token to a browser.
    pub fn cookie_with(&self, token: &str) -> HeaderValue {
        self.cookie(token, "")
    }

    /// The header that takes the token away from a browser.
    pub fn cookie_without(&self) -> HeaderValue {
        self.cookie("", "; Max-Age=0")
    }

    fn cookie(&self, value: &str, more: &str) -> HeaderValue {
        let SessionCookie { name, path, secure } = &self.0.cookie;
        let secure = if *secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!("{name}={value}; Path={path}; HttpOnly; SameSite=Strict{secure}{more}"))
            .expect("cookie names, paths and tokens are visible ASCII")
    }

    async fn open(
        &self,
        account: Account,
        login: &str,
        window: Option<&str>,
        admit: impl FnOnce(&Actor) -> Result<(), Problem>,
    ) -> Result<Opened, Problem> {
        let token: [u8; 32] = self.0.chance.bytes();
        let token = hex::encode(token);
        let now = self.wall();
        let session = SessionRow {
            token_hash: Sha256::digest(token.as_bytes()).into(),
            account: account.id,
            window: window.map(str::to_owned),
            created_at: now,
            seen_at: now,
            expires_at: ends_at(now, now),
        };
        let actor = actor_of(account, session.window.clone(), session.expires_at);
        admit(&actor)?;
        let login = login.to_owned();
        self.0
            .store
            .write(async move |tx| {
                tx.clear_login_failures(&login).await?;
                tx.open_session(&session).await
            })
            .await?;
        Ok(Opened { token, actor })
    }

    /// Counts a wrong password and says what to answer.
    async fn note_failure(&self, login: &str) -> Result<Problem, Problem> {
        let now = self.wall();
        let login = login.to_owned();
        let failures = self
            .0
            .store
            .write(async move |tx| {
                let before = tx.login_failures(&login).await?;
                // A lock that is over starts a new count.
                let over = before.locked_until.is_some_and(|until| until <= now);
                let failed = if over { 1 } else { before.failed.saturating_add(1) };
                let locked_until = if failed >= MAX_FAILURES { now.saturating_add(LOCKED).ok() } else { None };
                let after = LoginFailures { failed, locked_until };
                tx.put_login_failures(&login, after, now).await?;
                Ok::<_, StoreError>(after)
            })
            .await?;
        if failures.locked_until.is_some() {
            tracing::warn!(failed = failures.failed, "a login was locked after wrong passwords");
        }
        Ok(Problem::new(ProblemCode::WrongLoginOrPassword))
    }

    fn wall(&self) -> Timestamp {
        self.0.clock.wall()
    }

    fn token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        bearer(headers).or_else(|| cookie_named(headers, self.0.cookie.name))
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("cookie", &self.0.cookie).finish_non_exhaustive()
    }
}

/// Passwords as argon2id (19 MiB, two passes, one lane). Clones share the permits.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Shorter than 8 or longer than 200 characters.
    #[error("a password has 8 to 200 characters")]
    Length,
    /// Not enough memory, most likely.
    #[error("the password could not be hashed")]
    Hash,
}

/// The right to compute one hash.
struct Permit {
    _permit: Option<tokio::sync::OwnedSemaphorePermit>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// As many hashes at once as there are cores.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Passwords { permits: Arc::new(Semaphore::new(cores)) }
    }

    /// The hash to keep, as a PHC string.
    pub async fn hash(&self, password: &str, chance: &Chance) -> Result<String, PasswordError> {
        if !(8..=LONGEST_PASSWORD).contains(&password.chars().count()) {
            return Err(PasswordError::Length);
        }
        let permit = self.permit().await;
        let password = password.to_owned();
        let salt: [u8; 16] = chance.bytes();
        let hashed = tokio::task::spawn_blocking(move || {
            let _held = permit;
            argon2id().hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string())
        });
        hashed.await.ok().and_then(Result::ok).ok_or(PasswordError::Hash)
    }

    /// Whether a password has this hash.
    pub async fn verify(&self, password: &str, hash: &str) -> bool {
        self.permit().await.verify(password, hash).await.0
    }

    async fn permit(&self) -> Permit {
        // The semaphore is never closed; without a permit it would only be slower.
        Permit { _permit: self.permits.clone().acquire_owned().await.ok() }
    }
}

impl Permit {
    /// The permit goes to the thread and comes back: when the caller stops waiting, the thread still counts.
    async fn verify(self, password: &str, hash: &str) -> (bool, Option<Permit>) {
        let (password, hash) = (password.to_owned(), hash.to_owned());
        let verified = tokio::task::spawn_blocking(move || {
            let fits = argon2id().verify_password(password.as_bytes(), hash.as_str()).is_ok();
            (fits, self)
        });
        verified.await.map_or((false, None), |(fits, permit)| (fits, Some(permit)))
    }
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("19 MiB, two passes and one lane are allowed");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn check_lengths(login: &str, password: &str, window: Option<&str>) -> Result<(), Problem> {
    let fields = [
        ("/login", login, LONGEST_LOGIN),
        ("/password", password, LONGEST_PASSWORD),
        ("/window", window.unwrap_or("-"), LONGEST_WINDOW),
    ];
    let faults: Vec<_> = fields
        .into_iter()
        .filter_map(|(pointer, text, max)| {
            let wrong = |code| {
                let field = ProblemField::new(pointer, code).params(serde_json::json!({ "max": max }));
                // A password is never given back.
                if pointer == "/password" { field } else { field.value(text) }
            };
            match text.chars().count() {
                0 => Some(wrong("required")),
                length if length > max => Some(wrong("too-long")),
                _ if text.chars().any(char::is_control) => Some(wrong("not-allowed")),
                _ => None,
            }
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

fn demand_unlocked(failures: LoginFailures, now: Timestamp) -> Result<(), Problem> {
    match failures.locked_until {
        Some(until) if until > now => {
            let seconds = until.duration_since(now).as_secs().max(1).unsigned_abs();
            Err(Problem::new(ProblemCode::TooManyAttempts).retry_after(seconds))
        }
        _ => Ok(()),
    }
}

fn ends_at(created_at: Timestamp, now: Timestamp) -> Timestamp {
    let idle = now.saturating_add(IDLE).unwrap_or(now);
    let absolute = created_at.saturating_add(ABSOLUTE).unwrap_or(now);
    idle.min(absolute)
}

fn actor_of(account: Account, window: Option<String>, expires_at: Timestamp) -> Actor {
    let Account { id, login, name, password_hash: _, roles, active: _, department } = account;
    // A role that this program does not know gives no right.
    let roles = roles.iter().filter_map(|role| Role::named(role)).collect();
    Actor { account: id, login, name, roles, department, window, expires_at }
}

/// Tokens have one form; anything else is not even looked up.
fn hash_of_token(token: &str) -> Option<[u8; 32]> {
    let ours = token.len() == 64 && token.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    ours.then(|| Sha256::digest(token.as_bytes()).into())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie_named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}
