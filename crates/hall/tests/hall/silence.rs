//! A department that says nothing: the law accepts in its place, once, from the day of receipt (视为受理).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil::date};
use protocol::Message;
use serde_json::{Value, json};
use store::CaseRow;
use uuid::Uuid;

use crate::{
    fake_department::{FakeDepartment, OFFICER, Told, accepted, case_id, case_when, event, granted, signed},
    stage::{MORNING, Place, until},
    test_hall::{CALENDAR, Setup, TestHall},
};

crate::on_both_databases! { quiet_about_silence:
    where_the_item_is_quiet_about_silence_it_means_nothing
}

crate::on_both_databases! { TestHall::open:
    a_case_nobody_answers_is_accepted_from_the_day_of_receipt
    what_the_department_says_late_confirms_and_changes_no_date
    a_department_that_acts_too_late_finds_the_case_accepted
    silence_is_reckoned_by_the_date_of_the_hall_whatever_clock_the_department_has
    an_acceptance_in_time_stays_one_however_late_it_arrives
    an_acceptance_in_time_takes_the_place_of_silence_that_was_written_down
    on_a_day_that_may_change_silence_means_nothing_until_the_calendar_knows_it
    what_fails_does_not_stop_silence_for_those_behind_it
    the_days_of_an_open_case_are_reckoned_anew_when_the_hall_starts
    the_times_of_a_department_are_believed_within_the_tolerance_of_the_protocol
}

fn after(days: i64) -> Timestamp {
    MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * days)
}

/// The working days 16, 17, 18, 22 and 23 June: the limit ends with the 23rd.
const LAST_DAY: i64 = 8;

fn clock<'a>(case: &'a Value, kind: &str) -> &'a Value {
    case["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == kind).unwrap()
}

/// What happened to a case, but for the papers that the press filed meanwhile.
async fn kinds(hall: &TestHall, case: &Value) -> Vec<String> {
    let clerk = hall.clerk().await;
    let timeline = clerk.get(&format!("/cases/{}/timeline", case["id"].as_str().unwrap())).await.done();
    let kinds = timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind != "case.paper-filed").collect()
}

async fn row(hall: &TestHall, case: Uuid) -> CaseRow {
    hall.hall.store().read().await.unwrap().case(case).await.unwrap().unwrap()
}

/// Waits until the worker has looked at every case that is silent by today. `quiet` is a case that is not: its row says so all
/// the same, as an older calendar may have left it, and the worker mends it last.
async fn looked(hall: &TestHall, quiet: Uuid) {
    // Once may have been the reckoning with which the worker starts.
    for _ in 0..2 {
        let left = CaseRow { silent_from: Some(web::Clock::today(&hall.clock)), ..row(hall, quiet).await };
        hall.hall.store().write(async move |tx| tx.put_case(&left).await).await.unwrap();
        hall.hall.look_again();
        until("the worker has looked", async || row(hall, quiet).await.silent_from.is_none().then_some(())).await;
    }
}

async fn a_case_nobody_answers_is_accepted_from_the_day_of_receipt(hall: TestHall) {
    let department = FakeDepartment::start().await;
    let setup = Setup { department_url: department.url.clone(), seed: 8, ..Setup::default() };
    let hall = TestHall::open_with(hall.place.clone(), setup).await;
    let case = hall.taken_case(&hall.clerk().await).await;
    let id = case_id(&case);
    let answered = case_id(&hall.taken_case(&hall.clerk().await).await);
    Told::default().tell(&hall, accepted(&hall, answered)).await;
    let workers = hall.start();

    // The last second of the last day in the hall.
    hall.clock.move_to("2026-06-23T15:59:59Z".parse().unwrap());
    until("the assignments have arrived", async || (department.assigned().len() == 2).then_some(())).await;
    looked(&hall, answered).await;
    assert_eq!(kinds(&hall, &case).await, ["case.taken"], "the last day is in time");
    assert!(department.told_silence().is_empty());

    // Midnight in the hall.
    hall.clock.move_to("2026-06-23T16:00:00Z".parse().unwrap());
    hall.hall.look_again();
    let clerk = hall.clerk().await;
    let view = case_when(&clerk, id, "accepted").await;
    assert_eq!(view["deemed_accepted"], true);
    assert_eq!(
        view["acceptance"],
        json!({ "accepted_at": MORNING, "deemed_at": "2026-06-23T16:00:00Z", "said_at": null, "officer": null })
    );
    let statutory = clock(&view, "statutory");
    assert_eq!((&statutory["started_at"], &statutory["due"]), (&json!(MORNING), &json!("2026-06-30")));
    assert_eq!(clock(&view, "promised")["due"], "2026-06-23", "the promise counts from the receipt too");
    assert_eq!((&view["light"], &clock(&view, "intake")["light"]), (&json!("yellow"), &json!("red")));
    assert!(view["papers"].as_array().unwrap().iter().all(|paper| paper["kind"] == "intake-receipt"), "no notice");

    let told = until("the department is told", async || department.told_silence().first().cloned()).await;
    assert_eq!((told.case_id, told.accepted_at.to_string().as_str()), (id, MORNING));
    let rows = clerk.get("/cases").await.done();
    let row = rows["items"].as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap();
    assert_eq!((&row["deemed_accepted"], &row["light"]), (&json!(true), &json!("yellow")));

    looked(&hall, answered).await;
    hall.clock.move_to(after(LAST_DAY + 2));
    looked(&hall, answered).await;
    workers.stop().await;
    assert_eq!(kinds(&hall, &case).await, ["case.taken", "case.deemed-accepted"], "once");
    let sent = hall.hall.store().read().await.unwrap().deliveries(id).await.unwrap();
    assert_eq!(sent.len(), 2, "the assignment, and once that it was silent: {sent:?}");
}

/// A case that silence has accepted.
async fn silent(hall: &TestHall) -> Value {
    let case = hall.taken_case(&hall.clerk().await).await;
    hall.clock.move_to(after(LAST_DAY + 1));
    let workers = hall.start();
    case_when(&hall.clerk().await, case_id(&case), "accepted").await;
    workers.stop().await;
    case
}

async fn what_the_department_says_late_confirms_and_changes_no_date(hall: TestHall) {
    let case = silent(&hall).await;
    let id = case_id(&case);
    let mut told = Told::default();
    let before = hall.clerk().await.get(&format!("/cases/{id}")).await.done();
    told.tell(&hall, accepted(&hall, id)).await;
    let clerk = hall.clerk().await;
    let view = clerk.get(&format!("/cases/{id}")).await.done();
    assert_eq!(view["clocks"], before["clocks"]);
    assert_eq!(view["acceptance"]["accepted_at"], MORNING);
    assert_eq!(view["acceptance"]["said_at"], after(LAST_DAY + 1).to_string());
    let notice = view["papers"].as_array().unwrap().iter().find(|paper| paper["kind"] == "acceptance-notice");
    assert_eq!(notice.unwrap()["title"], "行政许可申请受理通知书");

    let twice = told.next(&hall, accepted(&hall, id));
    assert_eq!(
        hall.refusal(signed(&hall, &twice)).await,
        "409 not-now |  not-now {\"command\":\"record-acceptance\",\"state\":\"accepted\"}"
    );
    let mut told_again = Told::default();
    told_again.next(&hall, accepted(&hall, id));
    told_again.tell(&hall, Message::TaskDecided(granted(&hall, id))).await;
    let view = clerk.get(&format!("/cases/{id}")).await.done();
    assert_eq!((&view["state"], &view["deemed_accepted"]), (&json!("decided"), &json!(true)));
    assert_eq!(
        kinds(&hall, &case).await,
        ["case.taken", "case.deemed-accepted", "case.acceptance-confirmed", "case.decided"]
    );
}

async fn a_department_that_acts_too_late_finds_the_case_accepted(hall: TestHall) {
    // No worker has run: the hall itself was off.
    let (first, second) = (hall.taken_case(&hall.clerk().await).await, hall.taken_case(&hall.clerk().await).await);
    hall.clock.move_to(after(LAST_DAY + 1));
    Told::default().tell(&hall, accepted(&hall, case_id(&first))).await;
    Told::default().tell(&hall, Message::TaskDecided(granted(&hall, case_id(&second)))).await;
    let late = ["case.taken", "case.deemed-accepted"];
    assert_eq!(kinds(&hall, &first).await, [&late[..], &["case.acceptance-confirmed"]].concat());
    assert_eq!(kinds(&hall, &second).await, [&late[..], &["case.decided"]].concat());
    let mut tx = hall.hall.store().read().await.unwrap();
    for case in [&first, &second] {
        let kinds: Vec<_> = tx.deliveries(case_id(case)).await.unwrap().into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, ["yichuang.task.assigned", "yichuang.task.deemed-accepted"]);
    }
}

async fn silence_is_reckoned_by_the_date_of_the_hall_whatever_clock_the_department_has(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (behind, ahead) = (hall.taken_case(&clerk).await, hall.taken_case(&clerk).await);
    // A minute before midnight in the hall, and four minutes ahead of it.
    hall.clock.move_to("2026-06-23T15:59:00Z".parse().unwrap());
    let Message::TaskAccepted(said) = accepted(&hall, case_id(&ahead)) else { unreachable!() };
    let tomorrow = protocol::TaskAccepted { accepted_at: "2026-06-23T16:03:00Z".parse().unwrap(), ..said };
    Told::default().tell(&hall, Message::TaskAccepted(tomorrow)).await;
    assert_eq!(kinds(&hall, &ahead).await, ["case.taken", "case.accepted"], "the hall's last day is not over");

    // A minute after midnight, by a clock that has not struck it.
    hall.clock.move_to("2026-06-23T16:01:00Z".parse().unwrap());
    let decided_at = "2026-06-23T15:58:00Z".parse().unwrap();
    let decided = protocol::TaskDecided { decided_at, ..granted(&hall, case_id(&behind)) };
    Told::default().tell(&hall, Message::TaskDecided(decided)).await;
    assert_eq!(kinds(&hall, &behind).await, ["case.taken", "case.deemed-accepted", "case.decided"]);
}

async fn an_acceptance_in_time_stays_one_however_late_it_arrives(hall: TestHall) {
    let case = hall.taken_case(&hall.clerk().await).await;
    hall.clock.move_to(after(LAST_DAY));
    let in_time = accepted(&hall, case_id(&case));
    hall.clock.move_to(after(LAST_DAY + 3));
    Told::default().tell(&hall, in_time).await;
    let view = hall.clerk().await.get(&format!("/cases/{}", case_id(&case))).await.done();
    assert_eq!((&view["deemed_accepted"], &view["state"]), (&json!(false), &json!("accepted")));
    assert_eq!(view["acceptance"]["accepted_at"], after(LAST_DAY).to_string());
}

async fn an_acceptance_in_time_takes_the_place_of_silence_that_was_written_down(hall: TestHall) {
    let case = silent(&hall).await;
    let id = case_id(&case);
    let Message::TaskAccepted(said) = accepted(&hall, id) else { unreachable!() };
    // The second before midnight in the hall.
    let last_moment: Timestamp = "2026-06-23T15:59:59Z".parse().unwrap();
    let in_time = protocol::TaskAccepted { accepted_at: last_moment, ..said };
    Told::default().tell(&hall, Message::TaskAccepted(in_time)).await;

    let clerk = hall.clerk().await;
    let view = clerk.get(&format!("/cases/{id}")).await.done();
    assert_eq!((&view["state"], &view["deemed_accepted"]), (&json!("accepted"), &json!(false)));
    assert_eq!(
        view["acceptance"],
        json!({ "accepted_at": last_moment, "deemed_at": null, "said_at": last_moment, "officer": OFFICER })
    );
    assert_eq!(clock(&view, "intake")["stopped_at"], json!(last_moment));
    assert_eq!((&view["light"], &clock(&view, "intake")["light"]), (&json!("normal"), &json!("normal")));
    for kind in ["statutory", "promised"] {
        assert_eq!(clock(&view, kind)["started_at"], json!(last_moment));
    }
    let notices = view["papers"].as_array().unwrap().iter().filter(|paper| paper["kind"] == "acceptance-notice");
    assert_eq!(notices.count(), 1);
    let row = &clerk.get("/cases").await.done()["items"][0];
    assert_eq!((&row["deemed_accepted"], &row["light"], &row["due"]), (&json!(false), &json!("normal"), &view["due"]));
    assert_eq!(kinds(&hall, &case).await, ["case.taken", "case.deemed-accepted", "case.accepted-in-time"]);
}

/// A hall whose item does not say what silence means.
async fn quiet_about_silence(place: Place) -> (TestHall, FakeDepartment) {
    let spoil = |item: String| {
        let natural = item.replacen("working_days = 5", "natural_days = 7", 1);
        natural.replacen("silence = \"deemed-accepted\"\n", "", 1)
    };
    let department = FakeDepartment::start().await;
    let setup = Setup { department_url: department.url.clone(), item: spoil, ..Setup::default() };
    (TestHall::open_with(Arc::new(place), setup).await, department)
}

async fn where_the_item_is_quiet_about_silence_it_means_nothing((hall, department): (TestHall, FakeDepartment)) {
    let case = hall.taken_case(&hall.clerk().await).await;
    let workers = hall.start();
    let assigned = until("the assignment has arrived", async || department.assigned().first().cloned()).await;
    let intake = &assigned.item.limits[0];
    assert_eq!((intake.days, intake.unit, intake.silence), (7, protocol::DayUnit::Natural, None));
    hall.clock.move_to(after(30));
    looked(&hall, case_id(&case)).await;
    assert_eq!(kinds(&hall, &case).await, ["case.taken"]);
    assert!(department.told_silence().is_empty());
    workers.stop().await;
    Told::default().tell(&hall, accepted(&hall, case_id(&case))).await;
    assert_eq!(kinds(&hall, &case).await.last().unwrap(), "case.accepted");
}

/// A calendar that ends before the year of the tests: what it says of that year may change.
fn older_calendar() -> String {
    CALENDAR.split_once("\nyear 2026").unwrap().0.to_owned()
}

async fn on_a_day_that_may_change_silence_means_nothing_until_the_calendar_knows_it(hall: TestHall) {
    let setup = Setup { calendar: older_calendar(), seed: 8, ..Setup::default() };
    let before = TestHall::open_with(hall.place.clone(), setup).await;
    let case = before.taken_case(&before.clerk().await).await;
    let id = case_id(&case);
    assert_eq!(row(&before, id).await.silent_from, None);
    before.clock.move_to(after(30));
    let workers = before.start();
    looked(&before, id).await;
    workers.stop().await;
    assert_eq!(kinds(&before, &case).await, ["case.taken"]);

    // The hall has started again, with the calendar of the year.
    hall.clock.move_to(after(30));
    let workers = hall.start();
    let view = case_when(&hall.clerk().await, id, "accepted").await;
    workers.stop().await;
    assert_eq!(view["acceptance"]["deemed_at"], "2026-06-23T16:00:00Z", "the 19th was a holiday");
}

async fn what_fails_does_not_stop_silence_for_those_behind_it(hall: TestHall) {
    let case = case_id(&hall.taken_case(&hall.clerk().await).await);
    let good = row(&hall, case).await;
    // More than a page of cases whose item is gone from the catalogue, all of them silent for longer.
    let gone: Vec<_> = (0..60)
        .map(|n| CaseRow {
            id: hall.new_id(),
            number: format!("gone-{n}"),
            official_number: None,
            item_code: "gone".to_owned(),
            silent_from: Some(date(2026, 6, 17)),
            ..good.clone()
        })
        .collect();
    let write = hall.hall.store().write(async move |tx| {
        for row in &gone {
            tx.put_case(row).await?;
        }
        Ok::<_, store::StoreError>(())
    });
    write.await.unwrap();
    hall.clock.move_to(after(LAST_DAY + 1));
    let workers = hall.start();
    until("it is accepted", async || row(&hall, case).await.deemed_accepted.then_some(())).await;
    workers.stop().await;
}

async fn the_days_of_an_open_case_are_reckoned_anew_when_the_hall_starts(hall: TestHall) {
    let setup = Setup { calendar: older_calendar(), seed: 8, ..Setup::default() };
    let before = TestHall::open_with(hall.place.clone(), setup).await;
    let clerk = before.clerk().await;
    let (taken, answered) = (case_id(&before.taken_case(&clerk).await), case_id(&before.taken_case(&clerk).await));
    Told::default().tell(&before, accepted(&before, answered)).await;
    let left = [row(&before, taken).await, row(&before, answered).await];

    let workers = hall.start();
    // The 19th and the 22nd of June are not what the older calendar took them for.
    let last = "2026-06-23T09:30:00Z".parse().unwrap();
    for (id, left, silent_from) in [(taken, &left[0], Some(date(2026, 6, 24))), (answered, &left[1], None)] {
        let anew =
            until("the days are reckoned", async || Some(row(&hall, id).await).filter(|row| row.due_at == Some(last)))
                .await;
        assert_eq!((anew.silent_from, left.silent_from), (silent_from, None));
        assert!(left.due_at < anew.due_at && left.lights != anew.lights, "{left:?}");
        assert_eq!(hall.clerk().await.get(&format!("/cases/{id}")).await.done()["due"], json!(last));
    }
    workers.stop().await;
}

async fn the_times_of_a_department_are_believed_within_the_tolerance_of_the_protocol(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (case, early) = (case_id(&hall.taken_case(&clerk).await), case_id(&hall.taken_case(&clerk).await));
    let moved = |message: &Message, seconds: i64| {
        let mut message = message.clone();
        match &mut message {
            Message::TaskAccepted(accepted) => accepted.accepted_at += SignedDuration::from_secs(seconds),
            Message::TaskDecided(decided) => decided.decided_at += SignedDuration::from_secs(seconds),
            _ => unreachable!(),
        }
        message
    };
    let mut lines = vec![];
    let acceptance = accepted(&hall, case);
    for (label, seconds) in [("a second too early", -301), ("a second too late", 301), ("a year too late", 31_536_000)]
    {
        let event = event(&hall, 1, moved(&acceptance, seconds));
        lines.push(format!("accepted {label}\n    -> {}", hall.refusal(signed(&hall, &event)).await));
    }
    let late = web::Clock::now(&hall.clock) + SignedDuration::from_secs(301);
    let (officer, text) = (OFFICER.to_owned(), "健康证明是哪家机构出具的？".to_owned());
    for (label, message) in [
        (
            "received",
            Message::TaskReceived(protocol::TaskReceived {
                case_id: case,
                received_at: late,
                department_number: None,
                fields: vec![],
            }),
        ),
        (
            "progressed",
            Message::TaskProgressed(protocol::TaskProgressed {
                case_id: case,
                at: late,
                step: "现场核查".to_owned(),
                officer: None,
                note: None,
            }),
        ),
        (
            "asked",
            Message::EnquiryAsked(protocol::EnquiryAsked {
                case_id: case,
                enquiry_id: hall.new_id(),
                asked_at: late,
                officer: officer.clone(),
                text: text.clone(),
            }),
        ),
        (
            "answered",
            Message::EnquiryAnswered(protocol::EnquiryAnswered {
                case_id: case,
                enquiry_id: hall.new_id(),
                answered_at: late,
                officer,
                text,
            }),
        ),
    ] {
        let refusal = hall.refusal(signed(&hall, &event(&hall, 1, message))).await;
        lines.push(format!("{label} in the future\n    -> {refusal}"));
    }
    let mut told = Told::default();
    told.tell(&hall, moved(&accepted(&hall, early), -300)).await;
    hall.clock.move_to(after(0) + SignedDuration::from_hours(1));
    told.tell(
        &hall,
        Message::TaskDecided(protocol::TaskDecided {
            decided_at: after(0) - SignedDuration::from_secs(600),
            ..granted(&hall, early)
        }),
    )
    .await;
    told.tell(&hall, moved(&accepted(&hall, case), 300)).await;
    let decision = Message::TaskDecided(granted(&hall, case));
    for (label, seconds) in [("before it was accepted", -1), ("in the future", 301)] {
        let event = event(&hall, 2, moved(&decision, seconds));
        lines.push(format!("decided {label}\n    -> {}", hall.refusal(signed(&hall, &event)).await));
    }
    // Five minutes before it was accepted, as two clocks of one department may have it.
    told.tell(&hall, decision).await;
    insta::assert_snapshot!("times_that_are_not_believed", lines.join("\n"));
}
