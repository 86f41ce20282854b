//! Papers and prints.

use super::messages::send;
use super::stage::{Stage, at, id};
use crate::{Engine, NewPrint, PaperRow, PaperState, PrintChange, PrintRow, PrintState, Store};
use uuid::Uuid;

fn paper(case: Uuid, state: PaperState, number: &str) -> PaperRow {
    PaperRow {
        id: id(),
        case,
        kind: "decision".into(),
        title: "准予行政许可决定书".into(),
        number: number.into(),
        state,
        sha256: None,
        size: None,
        model: (state == PaperState::Pending).then(id),
        created_at: at(0),
    }
}

async fn put(store: &Store, paper: &PaperRow) -> bool {
    let paper = paper.clone();
    store.write(async move |tx| tx.put_paper(&paper).await).await.unwrap()
}

async fn ready(store: &Store, paper: Uuid, hash: u8, size: u64) -> bool {
    store.write(async move |tx| tx.paper_ready(paper, [hash; 32], size).await).await.unwrap()
}

pub(super) async fn a_paper_waits_until_its_bytes_are_here(stage: &Stage) {
    let store = stage.hall().await;
    let case = id();
    let (one, other) = (paper(case, PaperState::Pending, "1"), paper(case, PaperState::Pending, "2"));
    assert_eq!((put(&store, &one).await, put(&store, &one).await, put(&store, &other).await), (true, false, true));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.pending_papers(9).await.unwrap(), [one.clone(), other.clone()]);
    drop(tx);

    assert_eq!((ready(&store, one.id, 1, 10).await, ready(&store, one.id, 1, 10).await), (true, false));
    let mut tx = store.read().await.unwrap();
    let kept = PaperRow { state: PaperState::Ready, sha256: Some([1; 32]), size: Some(10), ..one };
    assert_eq!(tx.paper(kept.id).await.unwrap().as_ref(), Some(&kept));
    assert_eq!(tx.paper_by_number("1").await.unwrap().as_ref(), Some(&kept));
    assert_eq!(tx.pending_papers(9).await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(tx.papers(case).await.unwrap(), [kept, other]);
}

pub(super) async fn a_fetched_paper_must_be_the_expected_one(stage: &Stage) {
    let store = stage.hall().await;
    let announced = paper(id(), PaperState::Announced, "1");
    put(&store, &announced).await;
    assert!(!ready(&store, announced.id, 1, 10).await);
    let expect =
        async || store.write(async move |tx| tx.paper_expected(announced.id, [1; 32], 10).await).await.unwrap();
    assert_eq!((expect().await, expect().await), (true, false));
    let expected = store.read().await.unwrap().expected_files(9).await.unwrap();
    assert_eq!((expected[0].paper, expected[0].case, expected[0].size), (announced.id, announced.case, 10));
    assert!(!ready(&store, announced.id, 2, 10).await);
    assert!(!ready(&store, announced.id, 1, 11).await);
    assert!(ready(&store, announced.id, 1, 10).await);
    assert!(store.read().await.unwrap().expected_files(9).await.unwrap().is_empty());
}

async fn queue(store: &Store, paper: Uuid, station: Option<&str>) -> (Uuid, u32) {
    let print = NewPrint {
        id: id(),
        paper,
        reason: Some("torn".into()),
        station: station.map(Into::into),
        printer: None,
        requested_by: "林小燕".into(),
        requested_at: at(0),
    };
    let queued = print.id;
    (queued, store.write(async move |tx| tx.queue_print(&print).await).await.unwrap())
}

async fn claim(store: &Store, station: &'static str, now: i64) -> Option<PrintRow> {
    store.write(async move |tx| tx.claim_print(station, at(-9), at(now), at(now + 60)).await).await.unwrap()
}

async fn change(store: &Store, print: Uuid, change: PrintChange) -> bool {
    store.write(async move |tx| tx.change_print(print, &change, at(9)).await).await.unwrap()
}

pub(super) async fn prints_are_counted_per_paper(stage: &Stage) {
    let store = stage.hall().await;
    let (one, other) = (id(), id());
    let (first, n1) = queue(&store, one, None).await;
    let (second, n2) = queue(&store, one, None).await;
    let (apart, n3) = queue(&store, other, None).await;
    assert_eq!((n1, n2, n3), (1, 2, 1));
    let mut tx = store.read().await.unwrap();
    let prints = |rows: Vec<PrintRow>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(prints(tx.prints(one).await.unwrap()), [first, second]);
    assert_eq!(prints(tx.prints_after(None, 2).await.unwrap()), [apart, second]);
    assert_eq!(prints(tx.prints_after(Some(second), 2).await.unwrap()), [first]);
    let row = tx.print(first).await.unwrap().unwrap();
    assert_eq!((row.state, row.reason.as_deref(), row.attempts), (PrintState::Queued, Some("torn"), 0));
    assert_eq!((row.requested_by.as_str(), row.paper), ("林小燕", one));
    drop(tx);

    // Asked for at once, they still have different numbers.
    let at_once = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { queue(&store, other, None).await.1 })
    });
    let mut numbers: Vec<u32> =
        futures_util::future::join_all(at_once).await.into_iter().map(|number| number.unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7, 8, 9]);
}

pub(super) async fn prints_that_wait_are_counted(stage: &Stage) {
    use PrintState::{Claimed, Held, Sent};
    let store = stage.hall().await;
    let waiting = async || store.read().await.unwrap().prints_waiting().await.unwrap();
    let (first, _) = queue(&store, id(), None).await;
    queue(&store, id(), None).await;
    assert_eq!(waiting().await, 2);
    assert_eq!(claim(&store, "a", 0).await.unwrap().id, first);
    assert_eq!(waiting().await, 2);
    assert!(change(&store, first, PrintChange::new(Claimed, Sent)).await);
    assert_eq!(waiting().await, 1);
    assert!(change(&store, first, PrintChange::new(Sent, Held)).await);
    assert_eq!(waiting().await, 2);
}

pub(super) async fn a_print_is_claimed_by_one_station(stage: &Stage) {
    let store = stage.hall().await;
    let (for_any, _) = queue(&store, id(), None).await;
    let (for_a, _) = queue(&store, id(), Some("a")).await;
    let claimed = claim(&store, "b", 0).await.unwrap();
    assert_eq!((claimed.id, claimed.state, claimed.station.as_deref()), (for_any, PrintState::Claimed, Some("b")));
    assert_eq!(claim(&store, "b", 0).await, None);
    assert_eq!(claim(&store, "a", 0).await.unwrap().id, for_a);
    assert_eq!(claim(&store, "a", 59).await, None);
    // Station b died before it sent it.
    let taken_over = claim(&store, "a", 60).await.unwrap();
    assert_eq!((taken_over.id, taken_over.attempts, taken_over.station.as_deref()), (for_any, 2, Some("a")));
    assert_eq!(claim(&store, "a", 60).await.unwrap().id, for_a);
    assert_eq!(claim(&store, "a", 61).await, None);
    // Station a died too, and begins again.
    assert_eq!(store.write(async |tx| tx.end_print_leases().await).await.unwrap(), 2);
    assert_eq!(claim(&store, "a", 61).await.map(|print| print.id), Some(for_any));
}

pub(super) async fn leases_end_once_where_no_other_program_can_hold_one(stage: &Stage) {
    let killed = stage.hall().await;
    let (print, _) = queue(&killed, id(), None).await;
    let recipient = id();
    let (message, _) = send(&killed, id(), recipient, 1).await;
    let claimed = async |store: &Store| {
        let messages = super::messages::claim(store, recipient, 1).await.into_iter().map(|claimed| claimed.id);
        (claim(store, "a", 1).await.map(|print| print.id), messages.collect::<Vec<_>>())
    };
    let (all, nothing) = ((Some(print), vec![message]), (None, vec![]));
    assert_eq!(claimed(&killed).await, all);

    let begun = stage.hall().await;
    assert_eq!(claimed(&begun).await, nothing);
    begun.end_leases().await.unwrap();
    assert_eq!(claimed(&begun).await, if begun.engine() == Engine::Sqlite { all } else { nothing.clone() });
    // A worker that panicked begins again, and what it had may still be under way.
    begun.end_leases().await.unwrap();
    assert_eq!(claimed(&begun).await, nothing);

    let department = stage.department().await;
    department.end_leases().await.unwrap();
}

pub(super) async fn a_print_changes_only_from_the_expected_state(stage: &Stage) {
    use PrintState as S;
    let store = stage.hall().await;
    let (print, _) = queue(&store, id(), None).await;
    assert!(!change(&store, print, PrintChange::new(S::Claimed, S::Sent)).await);
    claim(&store, "a", 0).await.unwrap();
    let sent =
        PrintChange { printer: Some("laser".into()), ipp_job: Some(17), ..PrintChange::new(S::Claimed, S::Sent) };
    assert!(change(&store, print, sent).await);
    let held = PrintChange { trouble: Some("media-empty".into()), ..PrintChange::new(S::Sent, S::Held) };
    assert!(change(&store, print, held).await);
    let mut tx = store.read().await.unwrap();
    let under_way = tx.prints_under_way("a").await.unwrap();
    assert_eq!((under_way[0].printer.as_deref(), under_way[0].ipp_job), (Some("laser"), Some(17)));
    assert_eq!(under_way[0].trouble.as_deref(), Some("media-empty"));
    drop(tx);

    assert!(change(&store, print, PrintChange::new(S::Held, S::Failed)).await);
    assert_eq!(store.read().await.unwrap().print(print).await.unwrap().unwrap().finished_at, Some(at(9)));
    assert!(change(&store, print, PrintChange::new(S::Failed, S::Queued)).await);
    let again = store.read().await.unwrap().print(print).await.unwrap().unwrap();
    assert_eq!((again.station, again.finished_at, again.trouble), (None, None, None));
    assert_eq!(claim(&store, "b", 10).await.unwrap().id, print);
}
