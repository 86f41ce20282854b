//! A department that says nothing: the law accepts in its place, once, from the day of receipt (视为受理).

use jiff::{SignedDuration, Timestamp};
use protocol::Message;
use serde_json::{Value, json};

use crate::{
    fake_department::{FakeDepartment, Told, accepted, case_id, case_when, event, granted, signed},
    stage::{MORNING, until},
    test_hall::{Setup, TestHall},
};

crate::on_both_databases! { TestHall::open:
    a_case_nobody_answers_is_accepted_from_the_day_of_receipt
    what_the_department_says_late_confirms_and_changes_no_date
    a_department_that_acts_too_late_finds_the_case_accepted
    an_acceptance_in_time_stays_one_however_late_it_arrives
    where_the_item_is_quiet_about_silence_it_means_nothing
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

async fn a_case_nobody_answers_is_accepted_from_the_day_of_receipt(hall: TestHall) {
    let department = FakeDepartment::start().await;
    let setup = Setup { department_url: department.url.clone(), seed: 8, ..Setup::default() };
    let hall = TestHall::open_with(hall.place.clone(), setup).await;
    let case = hall.taken_case(&hall.clerk().await).await;
    let id = case_id(&case);
    let workers = hall.start();

    hall.clock.move_to(after(LAST_DAY));
    hall.hall.look_again();
    until("the assignment has arrived", async || (department.assigned().len() == 1).then_some(())).await;
    assert_eq!(
        hall.clerk().await.get(&format!("/cases/{id}")).await.done()["state"],
        "taken",
        "the last day is in time"
    );

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
    let row = &clerk.get("/cases").await.done()["items"][0];
    assert_eq!((&row["deemed_accepted"], &row["light"]), (&json!(true), &json!("yellow")));

    hall.hall.look_again();
    hall.clock.move_to(after(LAST_DAY + 2));
    hall.hall.look_again();
    workers.stop().await;
    let kinds = kinds(&hall, &case).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "case.deemed-accepted").count(), 1, "{kinds:?}");
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

async fn where_the_item_is_quiet_about_silence_it_means_nothing(hall: TestHall) {
    let spoil = |item: String| {
        let natural = item.replacen("working_days = 5", "natural_days = 7", 1);
        natural.replacen("silence = \"deemed-accepted\"\n", "", 1)
    };
    let department = FakeDepartment::start().await;
    let setup = Setup { department_url: department.url.clone(), seed: 8, item: spoil, ..Setup::default() };
    let hall = TestHall::open_with(hall.place.clone(), setup).await;
    let case = hall.taken_case(&hall.clerk().await).await;
    let workers = hall.start();
    let assigned = until("the assignment has arrived", async || department.assigned().first().cloned()).await;
    let intake = &assigned.item.limits[0];
    assert_eq!((intake.days, intake.unit, intake.silence), (7, protocol::DayUnit::Natural, None));
    hall.clock.move_to(after(30));
    hall.hall.look_again();
    tokio::task::yield_now().await;
    workers.stop().await;
    Told::default().tell(&hall, accepted(&hall, case_id(&case))).await;
    assert_eq!(kinds(&hall, &case).await.last().unwrap(), "case.accepted");
}

async fn the_days_of_an_open_case_are_reckoned_anew_when_the_hall_starts(hall: TestHall) {
    let case = case_id(&hall.taken_case(&hall.clerk().await).await);
    let row = async || hall.hall.store().read().await.unwrap().case(case).await.unwrap().unwrap();
    let right = row().await;
    // As an older program, or an older calendar, has left it.
    let left = store::CaseRow { due_at: None, lights: Default::default(), silent_from: None, ..right.clone() };
    hall.hall.store().write(async move |tx| tx.put_case(&left).await).await.unwrap();
    let workers = hall.start();
    until("the days are reckoned", async || (row().await == right).then_some(())).await;
    workers.stop().await;
}

async fn the_times_of_a_department_are_believed_within_the_tolerance_of_the_protocol(hall: TestHall) {
    let case = case_id(&hall.taken_case(&hall.clerk().await).await);
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
    let mut told = Told::default();
    hall.clock.move_to(after(0) + SignedDuration::from_hours(1));
    told.tell(&hall, moved(&accepted(&hall, case), 300)).await;
    let decision = Message::TaskDecided(granted(&hall, case));
    for (label, seconds) in [("before it was accepted", 299), ("in the future", 301)] {
        let event = event(&hall, 2, moved(&decision, seconds));
        lines.push(format!("decided {label}\n    -> {}", hall.refusal(signed(&hall, &event)).await));
    }
    told.tell(&hall, moved(&decision, 300)).await;
    insta::assert_snapshot!("times_that_are_not_believed", lines.join("\n"));
}
