//! People and sessions.

use super::stage::{Stage, at, id};
use crate::{Account, LoginFailures, SessionRow};

fn account(login: &str) -> Account {
    Account {
        id: id(),
        login: login.into(),
        name: "陈思远".into(),
        password_hash: "$argon2id$".into(),
        roles: vec!["window_clerk".into(), "output_clerk".into()],
        active: true,
        department: None,
    }
}

pub(super) async fn accounts_are_found_by_login(stage: &Stage) {
    let store = stage.hall().await;
    let (b, mut a) = (account("b"), account("a"));
    for account in [b.clone(), a.clone()] {
        store.write(async move |tx| tx.put_account(&account).await).await.unwrap();
    }
    a.active = false;
    a.department = Some(id());
    a.roles.clear();
    let changed = a.clone();
    store.write(async move |tx| tx.put_account(&changed).await).await.unwrap();

    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.accounts().await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(tx.account_by_login("a").await.unwrap(), Some(a));
    assert_eq!(tx.account(b.id).await.unwrap(), Some(b));
    assert_eq!(tx.account_by_login("A").await.unwrap(), None);
    drop(tx);
    let taken = store.write(async move |tx| tx.put_account(&account("b")).await).await;
    assert_eq!(taken.unwrap_err().code(), "database");
}

pub(super) async fn the_departments_of_a_service_have_their_people_in_common(stage: &Stage) {
    let service = stage.department().await;
    let (one, other) = (service.for_office(id()), service.for_office(id()));
    let approver = Account { department: Some(one.office()), ..account("approver") };
    let (kept, same_login) = (approver.clone(), Account { department: Some(other.office()), ..account("approver") });
    one.write(async move |tx| tx.put_account(&kept).await).await.unwrap();
    for store in [&service, &one, &other] {
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.account(approver.id).await.unwrap(), Some(approver.clone()));
        assert_eq!(tx.account_by_login("approver").await.unwrap(), Some(approver.clone()));
    }
    let taken = other.write(async move |tx| tx.put_account(&same_login).await).await;
    assert_eq!(taken.unwrap_err().code(), "database");
    let elsewhere = stage.store(service.kind(), id()).await;
    assert_eq!(elsewhere.read().await.unwrap().account_by_login("approver").await.unwrap(), None);
}

pub(super) async fn a_session_lives_and_expires(stage: &Stage) {
    let store = stage.hall().await;
    let session = |token, window: Option<&str>| SessionRow {
        token_hash: [token; 32],
        account: id(),
        window: window.map(Into::into),
        created_at: at(0),
        seen_at: at(0),
        expires_at: at(100),
    };
    let (one, other) = (session(1, Some("03")), session(2, None));
    for session in [one.clone(), other.clone()] {
        store.write(async move |tx| tx.open_session(&session).await).await.unwrap();
    }
    assert_eq!(store.read().await.unwrap().session([1; 32]).await.unwrap(), Some(one));
    assert!(store.write(async |tx| tx.touch_session([1; 32], at(50), at(150)).await).await.unwrap());
    assert!(!store.write(async |tx| tx.touch_session([3; 32], at(50), at(150)).await).await.unwrap());
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.session([1; 32]).await.unwrap().unwrap().seen_at, at(50));
    drop(tx);
    assert!(store.write(async |tx| tx.close_session([1; 32]).await).await.unwrap());
    assert!(!store.write(async |tx| tx.close_session([1; 32]).await).await.unwrap());
}

pub(super) async fn login_failures_are_counted_for_anybody(stage: &Stage) {
    let store = stage.hall().await;
    assert_eq!(store.read().await.unwrap().login_failures("nobody").await.unwrap(), LoginFailures::default());
    for failed in 1..=5 {
        let failures = LoginFailures { failed, locked_until: (failed == 5).then(|| at(900)) };
        store.write(async move |tx| tx.put_login_failures("nobody", failures, at(0)).await).await.unwrap();
    }
    let five = LoginFailures { failed: 5, locked_until: Some(at(900)) };
    assert_eq!(store.read().await.unwrap().login_failures("nobody").await.unwrap(), five);
    store.write(async |tx| tx.clear_login_failures("nobody").await).await.unwrap();
    assert_eq!(store.read().await.unwrap().login_failures("nobody").await.unwrap(), LoginFailures::default());
}
