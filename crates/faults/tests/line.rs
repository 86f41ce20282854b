//! Department down, slow, 500 before and after the effect, twice, out of order: the case arrives once, in order, and the
//! hall knows.

#![allow(clippy::unwrap_used, reason = "these are tests, with their helpers")]

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;
use yichuang_faults::{
    desk::Wish,
    line::Fault,
    storm::{self, Storm},
    town::{Databases, Town},
};

/// The outbox of a hall whose department cannot be reached for hours.
const HOURS: SignedDuration = SignedDuration::from_hours(3);

struct Stage {
    town: Town,
    _folder: tempfile::TempDir,
}

async fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let town = Town::open(folder.path(), &Databases::files(folder.path())).await.unwrap();
    Stage { town, _folder: folder }
}

fn delivery(case: &Value) -> &Value {
    &case["delivery_to_department"]
}

/// Ends the faults, sees the cases through and looks at both sides.
async fn end_well(town: &Town, cases: &[Uuid]) {
    town.calm().await.unwrap();
    for (n, case) in cases.iter().enumerate() {
        let closed = town.while_time_passes(town.see_through(*case, n % 2 == 0)).await.unwrap();
        assert_eq!(closed["state"], "closed");
    }
    town.settle().await.unwrap();
    storm::whole(town, cases).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_department_is_down_the_hall_knows_and_afterwards_it_has_the_case_once() {
    let Stage { town, _folder } = stage().await;
    town.to_department.cut();
    let cases = [town.take().await.unwrap(), town.take().await.unwrap()];

    for attempts in 1..=10 {
        let waiting = |case: &Value| delivery(case)["attempts"].as_u64() >= Some(attempts);
        let view = town.case_when(cases[0], "another try failed", |case| {
            waiting(case) && delivery(case)["last_error"].is_string()
        });
        // A try counts when it begins: what it is put off to may lie behind the hours that have just passed.
        let view = town.while_time_passes(view).await.unwrap();
        let delivery = delivery(&view);
        assert_eq!(delivery["state"], "waiting");
        assert!(delivery["last_error"].as_str().unwrap().contains("cannot be reached"), "{delivery}");
        assert!(delivery["next_at"].is_string(), "{delivery}");
        assert!(delivery["delivered_at"].is_null(), "{delivery}");
        town.pass(HOURS);
    }

    town.calm().await.unwrap();
    let view = town.case_when(cases[0], "it is delivered", |case| delivery(case)["state"] == "delivered");
    assert!(delivery(&view.await.unwrap())["delivered_at"].is_string());
    end_well(&town, &cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_that_fails_before_and_after_the_effect_has_the_case_once() {
    let Stage { town, _folder } = stage().await;
    let faults = [Fault::FailBefore(500), Fault::FailAfter(500), Fault::FailAfter(503), Fault::LoseAnswer];
    town.to_department.meet_first(&faults);
    town.to_hall.meet_first(&faults);
    let cases = [town.take().await.unwrap()];
    let closed = town.while_time_passes(town.see_through(cases[0], true)).await.unwrap();
    assert_eq!(closed["state"], "closed");
    let tries = town.to_department.log().len();
    assert!(tries > faults.len(), "only {tries} tries");
    end_of(&town, &cases).await;
}

async fn end_of(town: &Town, cases: &[Uuid]) {
    town.settle().await.unwrap();
    storm::whole(town, cases).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_comes_twice_or_behind_later_ones_is_done_once_and_in_order() {
    let Stage { town, _folder } = stage().await;
    let faults = [Fault::Late(600), Fault::Twice];
    town.to_department.meet_first(&faults);
    town.to_hall.meet_first(&faults);
    let cases = [town.take().await.unwrap(), town.take().await.unwrap()];
    for case in cases {
        town.while_time_passes(town.see_through(case, true)).await.unwrap();
    }
    // The last of the late ones has arrived by then.
    tokio::time::sleep(Duration::from_millis(700)).await;
    end_of(&town, &cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_a_garbled_answer_and_a_busy_department_are_tried_again() {
    let Stage { town, _folder } = stage().await;
    let faults = [Fault::Moved, Fault::Garble, Fault::Busy(3600), Fault::Refuse];
    town.to_department.meet_first(&faults);
    let case = town.take().await.unwrap();
    for (attempts, reason) in [(1, "302"), (2, "cannot be reached"), (3, "503"), (4, "cannot be reached")] {
        let view = town.case_when(case, "another try failed", |case| {
            delivery(case)["attempts"] == attempts
                && delivery(case)["last_error"].as_str().is_some_and(|error| error.contains(reason))
        });
        let view = view.await.unwrap();
        assert_eq!(delivery(&view)["state"], "waiting");
        if reason == "503" {
            let next: jiff::Timestamp = delivery(&view)["next_at"].as_str().unwrap().parse().unwrap();
            let wait = next.duration_since(web::Clock::now(&town.clock));
            assert!(wait > SignedDuration::from_mins(58), "Retry-After was not kept: {wait:?}");
        }
        town.pass(HOURS);
    }
    end_well(&town, &[case]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_that_hangs_holds_up_only_what_hangs() {
    let Stage { town, _folder } = stage().await;
    let first = AtomicBool::new(true);
    town.to_department.meet(move |_| first.swap(false, Ordering::SeqCst).then_some(Fault::Hang));
    let first = town.take().await.unwrap();
    town.case_when(first, "it is under way", |case| delivery(case)["attempts"] == 1).await.unwrap();
    let since = web::source::instant();
    let second = town.take().await.unwrap();
    town.task(second).await.unwrap();
    let took = since.elapsed();
    assert!(took < Duration::from_secs(8), "the second case waited {took:?} for the first");

    let timed_out = |case: &Value| delivery(case)["last_error"].as_str().is_some_and(|it| it.contains("in time"));
    town.case_when(first, "the try has timed out", timed_out).await.unwrap();
    end_well(&town, &[first, second]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_comes_cut_or_wrong_is_fetched_until_it_is_right() {
    let Stage { town, _folder } = stage().await;
    let faults = [Fault::Cut, Fault::Wrong, Fault::FailBefore(500), Fault::LoseAnswer];
    town.to_department.meet(
        move |passing| {
            if passing.file { faults.get(passing.attempt as usize - 1).copied() } else { None }
        },
    );
    let cases = [town.take().await.unwrap()];
    let closed = town.while_time_passes(town.see_through(cases[0], true)).await.unwrap();
    assert_eq!(closed["state"], "closed");
    let fetched = town.to_department.log().iter().filter(|passed| passed.passing.file).count();
    assert!(fetched >= 3 * (faults.len() + 1), "only {fetched} fetches of three papers");
    end_of(&town, &cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_hangs_holds_up_no_other_case() {
    let Stage { town, _folder } = stage().await;
    let cases = [town.take().await.unwrap(), town.take().await.unwrap()];
    let first = AtomicBool::new(true);
    town.to_department
        .meet(move |passing| (passing.file && first.swap(false, Ordering::SeqCst)).then_some(Fault::Hang));
    let task = town.task(cases[0]).await.unwrap();
    town.accept(&task).await.unwrap();
    town.case_when(cases[0], "the notice is announced", |case| case["papers"][1].is_object()).await.unwrap();
    while !town.to_department.log().iter().any(|passed| passed.passing.file) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    let since = web::source::instant();
    town.see_through(cases[1], true).await.unwrap();
    let took = since.elapsed();
    assert!(took < Duration::from_secs(8), "the second case waited {took:?} for the first");
    town.while_time_passes(town.from_decision(cases[0], &task, true)).await.unwrap();
    end_of(&town, &cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_message_is_a_dead_letter_that_the_case_shows() {
    let Stage { town, _folder } = stage().await;
    town.to_department.meet_first(&[Fault::FailBefore(422)]);
    let case = town.take().await.unwrap();
    let view = town.case_when(case, "it has failed", |case| delivery(case)["state"] == "failed").await.unwrap();
    assert_eq!(delivery(&view)["attempts"], 1);
    assert!(delivery(&view)["last_error"].as_str().unwrap().contains("422"), "{}", delivery(&view));
    assert!(delivery(&view)["next_at"].is_null(), "{}", delivery(&view));
    town.pass(HOURS);
    // Before the next is taken: its first letter leaves at once.
    town.to_department.calm();
    let other = town.take().await.unwrap();
    town.while_time_passes(town.task(other)).await.unwrap();
    assert_eq!(town.to_department.log().iter().filter(|it| it.passing.number == view["number"]).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_and_is_sent_again_arrives_once_and_what_waits_behind_it_in_order() {
    let Stage { town, _folder } = stage().await;
    let again = |base: &str, view: &Value, delivery: &Value| {
        let (id, message) = (view["id"].as_str().unwrap(), delivery["id"].as_str().unwrap());
        Wish::to_change(format!("/{base}/{id}/deliveries/{message}/send-again"), &Value::Null).without_body()
    };
    // The department refuses the case, until somebody has mended it there.
    town.to_department.meet(|passing| (!passing.file).then_some(Fault::FailBefore(422)));
    let case = town.take().await.unwrap();
    let failed = town.case_when(case, "it has failed", |case| delivery(case)["state"] == "failed").await.unwrap();
    assert_eq!(delivery(&failed)["last_error_code"], "refused");
    town.to_department.calm();
    town.pass(HOURS);
    let sent = town.clerk.change(&again("cases", &failed, delivery(&failed))).await.unwrap();
    assert_eq!(delivery(&sent)["state"], "waiting");
    let task = town.task(case).await.unwrap();

    // The hall refuses that it is accepted; four more messages wait behind that.
    town.to_hall.meet(|passing| (!passing.file).then_some(Fault::FailBefore(422)));
    let task = town.accept(&task).await.unwrap();
    town.decide(&task, true).await.unwrap();
    let refused = async || {
        let task = town.approver.see(format!("/tasks/{case}")).await.unwrap();
        let waits = task["delivery_to_hall"]["state"] == "failed" && task["papers"].as_array().unwrap().len() == 3;
        (waits && task["papers"].as_array().unwrap().iter().all(|paper| paper["state"] == "ready")).then_some(task)
    };
    let task = loop {
        match refused().await {
            Some(task) => break task,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    assert_eq!(task["delivery_to_hall"]["kind"], "yichuang.task.accepted");
    town.to_hall.calm();
    town.pass(HOURS);
    assert_eq!(town.to_hall.log().len(), 1, "only what was refused was sent");
    town.approver.change(&again("tasks", &task, &task["delivery_to_hall"])).await.unwrap();
    // Without any more waiting: what is behind follows at once.
    let issued = town.case_when(case, "the case is issued", |case| case["state"] == "issued").await.unwrap();
    let tried: Vec<u64> = town.to_hall.log().iter().map(|passed| passed.passing.sequence).collect();
    assert_eq!(tried, [1, 1, 2, 3, 4, 5], "{issued}");
    town.while_time_passes(town.hand_out(case, &issued)).await.unwrap();
    end_of(&town, &[case]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_moved_back_still_delivers_and_fetches() {
    let Stage { town, _folder } = stage().await;
    let move_back = || {
        let now = web::Clock::now(&town.clock);
        town.clock.business.move_to(now - SignedDuration::from_hours(48));
    };
    town.to_department.cut();
    let case = town.take().await.unwrap();
    let view = town.case_when(case, "a try failed", |case| delivery(case)["last_error"].is_string()).await.unwrap();
    let next_at = |view: &Value| delivery(view)["next_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let before = next_at(&view);
    move_back();
    // The next try is no later than it was, and shown in the time that the demo has now.
    let after = next_at(&town.case(case).await.unwrap());
    let moved = before.duration_since(after);
    assert!((moved - SignedDuration::from_hours(48)).abs() < SignedDuration::from_secs(2), "{before} is now {after}");
    town.to_department.mend().await.unwrap();
    let task = town.while_time_passes(town.task(case)).await.unwrap();

    town.to_department.meet(|passing| (passing.file && passing.attempt == 1).then_some(Fault::FailBefore(500)));
    let task = town.accept(&task).await.unwrap();
    while !town.to_department.log().iter().any(|passed| passed.fault.is_some()) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    move_back();
    let closed = town.while_time_passes(town.from_decision(case, &task, true)).await.unwrap();
    assert_eq!(closed["state"], "closed");
    end_of(&town, &[case]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_behind_another_message_does_not_keep_the_courier_running() {
    let Stage { town, _folder } = stage().await;
    let case = town.take().await.unwrap();
    let task = town.task(case).await.unwrap();
    town.to_hall.cut();
    let task = town.accept(&task).await.unwrap();
    town.decide(&task, true).await.unwrap();
    // Five messages for the hall: the first waits for its time, the others for the first.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let before = processor_time();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let used = processor_time() - before;
    assert!(used < Duration::from_millis(400), "{used:?} of processor time in 2 s of waiting");
    end_well_from(&town, case).await;
}

async fn end_well_from(town: &Town, case: Uuid) {
    town.calm().await.unwrap();
    town.while_time_passes(town.case_when(case, "the case is issued", |case| case["state"] == "issued")).await.unwrap();
}

/// What this process has used so far.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// `FAULTS_SEED=n` repeats one storm.
async fn a_storm(default: u64) {
    let seed = std::env::var("FAULTS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(default);
    let folder = tempfile::tempdir().unwrap();
    let weather = Storm::short(seed).pass(&Databases::files(folder.path())).await.unwrap();
    assert!(weather.faults.values().sum::<usize>() > 20, "hardly a storm: {weather}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_storm_every_case_is_whole() {
    a_storm(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_another_storm_every_case_is_whole() {
    a_storm(20_261_121).await;
}
