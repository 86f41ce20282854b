//! Writing, failing, closing.

use super::rows::case;
use super::stage::{Stage, at, id};
use crate::sql::run;
use crate::{CaseRow, Kind, NewEvent, Store, StoreConfig, StoreError, Tx};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The error of a use case.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the rules say no")]
    Rule,
    #[error("the store failed")]
    Store(#[from] StoreError),
}

fn event() -> NewEvent {
    NewEvent::new("tested", 1, at(0), "test", b"body".to_vec())
}

pub(super) async fn a_write_is_kept_and_read_back(stage: &Stage) {
    let store = stage.hall().await;
    let number: Result<u64, StoreError> = store.write(async |tx| tx.next("case").await).await;
    assert_eq!(number.unwrap(), 1);
    let stream = id();
    let version = store.write(async move |tx| tx.append(stream, 0, &[event()], at(1)).await).await.unwrap();
    assert_eq!(version, 1);
    assert_eq!(store.read().await.unwrap().load(stream).await.unwrap().len(), 1);
}

pub(super) async fn a_refused_write_leaves_nothing(stage: &Stage) {
    let store = stage.hall().await;
    let stream = id();
    let refused: Result<(), Refused> = store
        .write(async move |tx| {
            tx.append(stream, 0, &[event()], at(1)).await?;
            tx.next("case").await?;
            Err(Refused::Rule)
        })
        .await;
    assert!(matches!(refused, Err(Refused::Rule)));
    assert!(store.read().await.unwrap().head(stream).await.unwrap().is_none());
    assert_eq!(next(&store).await, 1);
}

pub(super) async fn one_failing_write_in_a_batch_spoils_nothing(stage: &Stage) {
    let store = stage.hall().await;
    let writes = (0..64).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write(async move |tx| {
                    let number = tx.next("case").await?;
                    tx.append(Uuid::from_u128(number.into()), 0, &[event()], at(1)).await?;
                    if n % 4 == 3 { Err(Refused::Rule) } else { Ok(number) }
                })
                .await
        })
    });
    let mut numbers = BTreeSet::new();
    for outcome in futures_util::future::join_all(writes).await {
        match outcome.unwrap() {
            Ok(number) => assert!(numbers.insert(number)),
            Err(Refused::Rule) => {}
            Err(Refused::Store(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!(numbers, (1..=48).collect());
    let mut tx = store.read().await.unwrap();
    for number in numbers {
        assert!(tx.head(Uuid::from_u128(number.into())).await.unwrap().is_some());
    }
}

pub(super) async fn a_swallowed_failure_is_not_committed(stage: &Stage) {
    let store = stage.hall().await;
    let kept: Result<(), StoreError> = store
        .write(async |tx| {
            tx.next("case").await?;
            let _ = break_something(tx).await;
            Ok(())
        })
        .await;
    assert_eq!(kept.unwrap_err().code(), "database");
    assert_eq!(next(&store).await, 1);
}

async fn break_something(tx: &mut Tx) -> Result<(), StoreError> {
    run!(tx.execute("INSERT INTO counter (office_id, name, last) VALUES ($1, NULL, 1)", tx.office))?;
    Ok(())
}

pub(super) async fn a_panicking_write_hurts_nobody_else(stage: &Stage) {
    let store = stage.hall().await;
    let panicked: Result<(), StoreError> = store
        .write(async |tx| {
            tx.next("case").await?;
            panic!("as the test wants")
        })
        .await;
    assert_eq!(panicked.unwrap_err().code(), "database");
    assert_eq!(next(&store).await, 1);
}

pub(super) async fn numbers_of_32_callers_are_unique_and_without_gaps(stage: &Stage) {
    let store = stage.hall().await;
    let callers = (0..32).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut taken: Vec<u64> = Vec::new();
            for _ in 0..4 {
                let number: Result<u64, StoreError> = store.write(async |tx| tx.next("case").await).await;
                taken.push(number.unwrap());
            }
            taken
        })
    });
    let mut numbers = Vec::new();
    for taken in futures_util::future::join_all(callers).await {
        numbers.extend(taken.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=128).collect::<Vec<_>>());
}

/// A use case as they are written: it borrows, awaits, and its future goes to another thread.
struct UseCases {
    store: Store,
}

impl UseCases {
    async fn take(&self, name: &str) -> Result<u64, Refused> {
        let name = name.to_owned();
        let number = self
            .store
            .write(async move |tx| {
                let number = tx.next(&name).await?;
                tx.append(Uuid::from_u128(number.into()), 0, &[event()], at(1)).await?;
                tx.index_name(Uuid::from_u128(number.into()), "name", &name).await?;
                if number > 10 { Err(Refused::Rule) } else { Ok(number) }
            })
            .await?;
        assert_eq!(self.store.read().await?.load(Uuid::from_u128(number.into())).await?.len(), 1);
        Ok(number)
    }
}

pub(super) async fn writes_from_a_spawned_task_are_send(stage: &Stage) {
    let cases = std::sync::Arc::new(UseCases { store: stage.hall().await });
    let number = tokio::spawn(async move { cases.take("window 03").await.unwrap() });
    assert_eq!(number.await.unwrap(), 1);
}

pub(super) async fn one_office_does_not_see_another(stage: &Stage) {
    let one = stage.hall().await;
    let other = stage.store(Kind::Hall, id()).await;
    let stream = id();
    let row = CaseRow { id: stream, ..case("1", "taken", id()) };
    one.write(async move |tx| {
        tx.put_case(&row).await?;
        tx.index_name(stream, "name", "陈思远").await?;
        tx.append(stream, 0, &[event()], at(1)).await
    })
    .await
    .unwrap();
    assert_eq!(next(&one).await, 1);
    assert_eq!(next(&other).await, 1);
    let mut tx = other.read().await.unwrap();
    assert!(tx.load(stream).await.unwrap().is_empty());
    assert!(tx.cases_found("思远", None, None, 10).await.unwrap().is_empty());
    drop(tx);
    assert_eq!(one.read().await.unwrap().cases_found("思远", None, None, 10).await.unwrap().len(), 1);
}

pub(super) async fn offices_of_one_database_write_side_by_side(stage: &Stage) {
    let service = stage.department().await;
    let offices: Vec<Store> = (0..4).map(|_| service.for_office(id())).collect();
    let (stream, rounds) = (id(), 8);
    // On SQLite they share commits.
    let writes = (0..rounds).flat_map(|_| &offices).map(|store| {
        store.write(async move |tx| {
            let seen = tx.head(stream).await?.map_or(0, |head| head.version);
            tx.append(stream, seen, &[event()], at(1)).await?;
            Ok::<_, StoreError>((tx.office(), tx.next("case").await?))
        })
    });
    let numbers = futures_util::future::join_all(writes).await.into_iter().map(Result::unwrap);
    let numbers: BTreeSet<(Uuid, u64)> = numbers.collect();
    for store in &offices {
        let own = numbers.iter().filter(|(office, _)| *office == store.office()).map(|(_, number)| *number);
        assert_eq!(own.collect::<Vec<_>>(), (1..=rounds).collect::<Vec<_>>());
        assert_eq!(store.read().await.unwrap().load(stream).await.unwrap().len() as u64, rounds);
        let report = store.verify_journal(|_| {}).await.unwrap();
        assert_eq!((report.faults.len(), report.events), (0, rounds));
    }
    assert!(service.read().await.unwrap().load(stream).await.unwrap().is_empty());
}

pub(super) async fn a_closed_store_is_unavailable(stage: &Stage) {
    let store = stage.hall().await;
    let waiting = store.write(async |tx| tx.next("case").await);
    let (number, ()) = tokio::join!(waiting, store.close());
    let number: u64 = number.unwrap();
    assert_eq!(number, 1);
    let late: Result<u64, StoreError> = store.write(async |tx| tx.next("case").await).await;
    assert_eq!(late.unwrap_err().code(), "unavailable");
    assert_eq!(store.read().await.err().unwrap().code(), "unavailable");
}

pub(super) async fn a_store_opens_again_with_what_it_had(stage: &Stage) {
    let store = stage.hall().await;
    assert_eq!(next(&store).await, 1);
    store.close().await;
    assert_eq!(next(&stage.hall().await).await, 2);
    // The other kind of office may live in the same database.
    assert_eq!(next(&stage.department().await).await, 3);
}

/// As when an account is added while the service starts for the first time.
pub(super) async fn a_new_database_may_be_opened_by_many_at_once(stage: &Stage) {
    let opening = (0..8).map(|_| {
        let (url, office) = (stage.url().to_owned(), id());
        tokio::spawn(async move { Store::open(&StoreConfig::new(url), Kind::Hall, office).await })
    });
    for opened in futures_util::future::join_all(opening).await {
        assert_eq!(next(&opened.unwrap().unwrap()).await, 1);
    }
}

async fn next(store: &Store) -> u64 {
    store.write(async |tx| tx.next("case").await as Result<u64, StoreError>).await.unwrap()
}
