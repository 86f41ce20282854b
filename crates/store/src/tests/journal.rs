//! Events, their chains, and records.

use super::stage::{Stage, at, id};
use crate::sql::run;
use crate::{ChainFault, Engine, Fault, NewEvent, RecordCheck, Salt, Store, StoreError, Tx, seal};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

fn event(n: u8) -> NewEvent {
    NewEvent::new(format!("happened-{n}"), 1, at(n.into()), "window:03", vec![n; n.into()])
}

async fn written(store: &Store, events: u8) -> Uuid {
    let stream = id();
    store
        .write(async move |tx| {
            let events: Vec<NewEvent> = (1..=events).map(event).collect();
            tx.append(stream, 0, &events, at(100)).await
        })
        .await
        .unwrap();
    stream
}

pub(super) async fn events_come_back_in_order(stage: &Stage) {
    let store = stage.hall().await;
    let stream = written(&store, 3).await;
    let version =
        store.write(async move |tx| tx.append(stream, 3, &[event(4), event(5)], at(200)).await).await.unwrap();
    assert_eq!(version, 5);

    let mut tx = store.read().await.unwrap();
    let events = tx.load(stream).await.unwrap();
    for (stored, n) in events.iter().zip(1u8..) {
        let new = event(n);
        assert_eq!((stored.seq, stored.stream), (n.into(), stream));
        assert_eq!((&stored.kind, stored.version, &stored.writer), (&new.kind, new.version, &new.writer));
        assert_eq!((stored.occurred_at, &stored.body), (new.occurred_at, &new.body));
        assert_eq!(stored.recorded_at, if n > 3 { at(200) } else { at(100) });
    }
    assert_eq!(events.len(), 5);
    let head = tx.head(stream).await.unwrap().unwrap();
    assert_eq!((head.version, head.hash), (5, events[4].hash));
    let some: Vec<u64> = tx.events_after(stream, 1, 2).await.unwrap().iter().map(|event| event.seq).collect();
    assert_eq!(some, [2, 3]);
    assert_eq!(tx.verify(stream).await.unwrap(), None);
    assert_eq!(tx.verify(id()).await.unwrap(), None);
}

pub(super) async fn an_append_to_another_version_is_stale(stage: &Stage) {
    let store = stage.hall().await;
    let stream = written(&store, 2).await;
    for seen in [0, 1, 3] {
        let stale = store.write(async move |tx| tx.append(stream, seen, &[event(9)], at(200)).await).await;
        assert!(matches!(stale, Err(StoreError::Stale)), "{seen}");
    }
    let nothing = store.write(async move |tx| tx.append(stream, 2, &[], at(200)).await).await;
    assert_eq!(nothing.unwrap(), 2);
}

pub(super) async fn of_32_appends_to_one_version_one_succeeds(stage: &Stage) {
    let store = stage.hall().await;
    for expected in [0, 1] {
        let stream = if expected == 0 { id() } else { written(&store, 1).await };
        let writes = (0..32).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                store.write(async move |tx| tx.append(stream, expected, &[event(7)], at(200)).await).await
            })
        });
        let outcomes = futures_util::future::join_all(writes).await;
        let kept = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
        assert_eq!(kept, 1);
        let stale = |outcome: &Result<_, StoreError>| matches!(outcome, Ok(_) | Err(StoreError::Stale));
        assert!(outcomes.iter().all(|outcome| stale(outcome.as_ref().unwrap())));
        assert_eq!(store.read().await.unwrap().verify(stream).await.unwrap(), None);
    }
}

/// Ways to write behind the journal's back.
#[derive(Debug, Clone, Copy)]
enum Tampering {
    Kind,
    Version,
    Writer,
    OccurredAt,
    RecordedAt,
    Body,
    Hash,
    Remove,
    RemoveAndCloseUp,
    CutTail,
    CopyToTheEnd,
    HeadHash,
    HeadBack,
    NoHead,
}

impl Tampering {
    const ALL: [Self; 14] = [
        Self::Kind,
        Self::Version,
        Self::Writer,
        Self::OccurredAt,
        Self::RecordedAt,
        Self::Body,
        Self::Hash,
        Self::Remove,
        Self::RemoveAndCloseUp,
        Self::CutTail,
        Self::CopyToTheEnd,
        Self::HeadHash,
        Self::HeadBack,
        Self::NoHead,
    ];

    fn statements(self) -> &'static [&'static str] {
        match self {
            Self::Kind => &["UPDATE event SET kind = kind || 'x' WHERE office_id = $1 AND stream_id = $2 AND seq = $3"],
            Self::Version => {
                &["UPDATE event SET version = version + 1 WHERE office_id = $1 AND stream_id = $2 AND seq = $3"]
            }
            Self::Writer => &["UPDATE event SET writer = '' WHERE office_id = $1 AND stream_id = $2 AND seq = $3"],
            Self::OccurredAt => {
                &["UPDATE event SET occurred_at = occurred_at + 1 WHERE office_id = $1 AND stream_id = $2 AND seq = $3"]
            }
            Self::RecordedAt => {
                &["UPDATE event SET recorded_at = recorded_at - 1 WHERE office_id = $1 AND stream_id = $2 AND seq = $3"]
            }
            Self::Body => &["UPDATE event SET body = hash WHERE office_id = $1 AND stream_id = $2 AND seq = $3"],
            Self::Hash => &["UPDATE event SET hash = (SELECT h.digest FROM record AS h WHERE h.office_id = $1 LIMIT 1)
                              WHERE office_id = $1 AND stream_id = $2 AND seq = $3"],
            Self::Remove => &["DELETE FROM event WHERE office_id = $1 AND stream_id = $2 AND seq = $3"],
            Self::RemoveAndCloseUp => &[
                "DELETE FROM event WHERE office_id = $1 AND stream_id = $2 AND seq = $3",
                "UPDATE event SET seq = -seq WHERE office_id = $1 AND stream_id = $2 AND seq > $3",
                "UPDATE event SET seq = -seq - 1 WHERE office_id = $1 AND stream_id = $2 AND seq < 0 AND $3 > 0",
            ],
            Self::CutTail => &["DELETE FROM event WHERE office_id = $1 AND stream_id = $2 AND seq >= $3"],
            Self::CopyToTheEnd => &["INSERT INTO event
                SELECT office_id, stream_id, 1 + (SELECT MAX(seq) FROM event WHERE office_id = $1 AND stream_id = $2),
                       kind, version, writer, occurred_at, recorded_at, body, algorithm, hash
                  FROM event WHERE office_id = $1 AND stream_id = $2 AND seq = $3"],
            Self::HeadHash => &["UPDATE stream_head
                   SET hash = (SELECT h.digest FROM record AS h WHERE h.office_id = $1 LIMIT 1)
                 WHERE office_id = $1 AND stream_id = $2 AND $3 > 0"],
            Self::HeadBack => &["UPDATE stream_head SET version = $3 - 1 WHERE office_id = $1 AND stream_id = $2"],
            Self::NoHead => &["DELETE FROM stream_head WHERE office_id = $1 AND stream_id = $2 AND $3 > 0"],
        }
    }
}

async fn tamper(tx: &mut Tx, stream: Uuid, seq: i64, tampering: Tampering) -> Result<(), StoreError> {
    for sql in tampering.statements() {
        run!(tx.execute(sql, tx.office, stream, seq))?;
    }
    Ok(())
}

/// The fault found after tampering with the event `seq` of a stream.
async fn fault_after(store: &Store, events: u8, seq: u8, tampering: Tampering) -> Option<ChainFault> {
    let stream = written(store, events).await;
    store.write(async move |tx| tamper(tx, stream, seq.into(), tampering).await).await.unwrap();
    let fault = store.read().await.unwrap().verify(stream).await.unwrap();
    assert!(fault.as_ref().is_none_or(|fault| fault.stream == stream));
    fault
}

/// Something whose digest can be put where it does not belong.
async fn keep_a_record(store: &Store) {
    let record = id();
    store
        .write(async move |tx| tx.keep_record(record, record, "form", b"x", Salt([1; 16]), at(0)).await)
        .await
        .unwrap();
}

pub(super) async fn each_fault_is_named(stage: &Stage) {
    let store = stage.hall().await;
    keep_a_record(&store).await;
    for (tampering, seq, shows_at, what) in [
        (Tampering::Kind, 2, 2, Fault::Changed),
        (Tampering::Body, 3, 3, Fault::Changed),
        (Tampering::Remove, 2, 2, Fault::Missing),
        (Tampering::Remove, 4, 4, Fault::Missing),
        (Tampering::RemoveAndCloseUp, 2, 2, Fault::Changed),
        (Tampering::CutTail, 3, 3, Fault::Missing),
        (Tampering::CutTail, 1, 1, Fault::Missing),
        (Tampering::CopyToTheEnd, 2, 5, Fault::Inserted),
        (Tampering::HeadHash, 1, 4, Fault::HeadDiffers),
        (Tampering::HeadBack, 4, 4, Fault::Inserted),
        (Tampering::NoHead, 1, 4, Fault::HeadDiffers),
    ] {
        let fault = fault_after(&store, 4, seq, tampering).await.unwrap();
        assert_eq!((fault.seq, fault.what), (shows_at, what), "{tampering:?} at {seq}");
    }
}

pub(super) async fn any_tampering_shows(stage: &Stage) {
    let store = stage.hall().await;
    keep_a_record(&store).await;
    let tampering = (1u8..8).prop_flat_map(|events| (Just(events), 1..=events, 0..Tampering::ALL.len()));
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    tokio::task::block_in_place(|| {
        runner
            .run(&tampering, |(events, seq, which)| {
                let found =
                    tokio::runtime::Handle::current().block_on(fault_after(&store, events, seq, Tampering::ALL[which]));
                prop_assert!(found.is_some());
                Ok(())
            })
            .unwrap();
    });
}

pub(super) async fn the_whole_journal_is_verified(stage: &Stage) {
    let store = stage.hall().await;
    for _ in 0..3 {
        written(&store, 2).await;
    }
    let (changed, headless) = (written(&store, 2).await, written(&store, 2).await);
    store.write(async move |tx| tamper(tx, changed, 2, Tampering::Writer).await).await.unwrap();
    store.write(async move |tx| tamper(tx, headless, 1, Tampering::NoHead).await).await.unwrap();

    let mut told = Vec::new();
    let report = store.verify_journal(|progress| told.push(progress)).await.unwrap();
    assert_eq!(report.streams, 5);
    assert_eq!(
        report.faults,
        [
            ChainFault { stream: changed, seq: 2, what: Fault::Changed },
            ChainFault { stream: headless, seq: 2, what: Fault::HeadDiffers },
        ]
    );
    assert_eq!(told.last().unwrap().faults, 2);
}

pub(super) async fn a_record_is_sealed_and_erased(stage: &Stage) {
    let store = stage.hall().await;
    let (record, stream, salt) = (id(), id(), Salt::random());
    let sealed = store
        .write(async move |tx| tx.keep_record(record, stream, "applicant", b"Chen", salt, at(1)).await)
        .await
        .unwrap();
    assert_eq!((sealed.record, sealed.digest), (record, seal(b"Chen", salt)));

    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.record(record).await.unwrap().unwrap(), b"Chen");
    assert_eq!(tx.record_matches(record, sealed.digest).await.unwrap(), RecordCheck::Matches);
    assert_eq!(tx.record_matches(record, [0; 32]).await.unwrap(), RecordCheck::Differs);
    assert!(matches!(tx.record_matches(id(), [0; 32]).await, Err(StoreError::NotThere { .. })));

    let mut erased = Vec::new();
    for _ in 0..2 {
        erased.push(store.write(async move |tx| tx.erase_record(record, at(2)).await).await.unwrap());
    }
    assert_eq!(erased, [true, false]);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.record(record).await.unwrap(), None);
    assert_eq!(tx.record_matches(record, sealed.digest).await.unwrap(), RecordCheck::Erased);
    let rows = tx.records(stream).await.unwrap();
    assert_eq!((rows[0].kind.as_str(), rows[0].erased_at), ("applicant", Some(at(2))));
}

pub(super) async fn a_changed_record_differs(stage: &Stage) {
    let store = stage.hall().await;
    let (record, salt) = (id(), Salt::random());
    let sealed = store
        .write(async move |tx| {
            let sealed = tx.keep_record(record, record, "form", b"{}", salt, at(1)).await?;
            run!(tx.execute(
                "UPDATE record SET content = $3 WHERE office_id = $1 AND id = $2",
                tx.office,
                record,
                b"[]".to_vec()
            ))?;
            Ok::<_, StoreError>(sealed)
        })
        .await
        .unwrap();
    let check = store.read().await.unwrap().record_matches(record, sealed.digest).await.unwrap();
    assert_eq!(check, RecordCheck::Differs);

    let again = store.write(async move |tx| tx.keep_record(record, record, "form", b"{}", salt, at(1)).await).await;
    assert_eq!(again.unwrap_err().code(), "database");
    assert!(matches!(store.engine(), Engine::Sqlite | Engine::Postgres));
}
