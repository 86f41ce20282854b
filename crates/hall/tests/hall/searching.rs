//! The output desk finds cases by whole numbers, and a window its own of the day.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;
use web::Clock as _;

use crate::{
    stage::{Office, encoded},
    test_hall::{TestHall, organisation},
};

crate::on_both_databases! { TestHall::open:
    a_case_is_found_by_the_whole_numbers_of_applicant_and_agent
    cases_of_one_number_come_in_pages_and_by_state
    a_window_sees_what_it_took_today
    a_draft_of_last_month_is_among_the_cases_of_today
    filters_that_contradict_each_other_are_refused
}

async fn found(desk: &Office, query: &str) -> Vec<Value> {
    let page = desk.get(&format!("/cases?{query}")).await.done();
    page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

async fn take(desk: &Office, filing: &Value) -> Value {
    desk.post("/filings", filing).await.done()["cases"][0]["id"].clone()
}

async fn a_case_is_found_by_the_whole_numbers_of_applicant_and_agent(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut filing = hall.filing(&clerk).await;
    filing["applicant"] = organisation();
    filing["agent"] = json!({
        "name": "李代办", "id_number": "11010519491231002x", "phone": "+86 139-0013-9000", "authority": "递交材料",
    });
    let acted = take(&clerk, &filing).await;
    let own = take(&clerk, &hall.filing(&clerk).await).await;

    let desk = hall.desk("output_clerk").await;
    for (number, case) in [
        ("91990100MA0001234F", &acted),
        ("91990100ma0001234f", &acted),
        (" 0990-8000001 ", &acted),
        ("（0990）8000001", &acted),
        ("11010519491231002X", &acted),
        ("13900139000", &acted),
        ("+86 13900139000", &acted),
        ("1101051990030728３x", &own),
        ("138 0013 8000", &own),
    ] {
        assert_eq!(found(&desk, &format!("q={}", encoded(number))).await, std::slice::from_ref(case), "{number}");
    }
    // A part of a number finds nothing: nobody may fish for them.
    for part in ["1101051990030728", "13800138", "91990100MA", "110105199003072831", "13900139001", "138\u{0}00138000"]
    {
        assert_eq!(found(&desk, &format!("q={}", encoded(part))).await, [Value::Null; 0], "{part}");
    }
    assert_eq!(hall.desk("approver").await.get("/cases?q=13800138000").await.refusal(), "403 forbidden");
}

async fn cases_of_one_number_come_in_pages_and_by_state(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut taken = vec![];
    for _ in 0..5 {
        taken.push(take(&clerk, &hall.filing(&clerk).await).await);
    }
    taken.sort_by_key(|id| std::cmp::Reverse(id.as_str().unwrap().to_owned()));
    let (mut seen, mut after) = (vec![], String::new());
    loop {
        let page = clerk.get(&format!("/cases?q=13800138000&state=taken&limit=2{after}")).await.done();
        seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, taken);
    assert_eq!(found(&clerk, "q=13800138000&state=issued").await, [Value::Null; 0]);
}

async fn a_window_sees_what_it_took_today(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut mine = vec![];
    for _ in 0..3 {
        mine.push(take(&clerk, &hall.filing(&clerk).await).await);
    }
    let next_door = hall.visitor().signed_in("window_clerk", Some("02")).await;
    let theirs = take(&next_door, &hall.filing(&next_door).await).await;
    mine.reverse();
    assert_eq!(found(&clerk, "window=mine").await, mine);
    assert_eq!(found(&next_door, "window=mine").await, [theirs]);
    assert_eq!(found(&clerk, "window=mine&state=issued").await, [Value::Null; 0]);
    let first = clerk.get("/cases?window=mine&limit=2").await.done();
    let rest = found(&clerk, &format!("window=mine&limit=2&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!(rest, mine[2..]);

    hall.clock.advance(SignedDuration::from_hours(24).unsigned_abs());
    let clerk = hall.clerk().await;
    assert_eq!(found(&clerk, "window=mine").await, [Value::Null; 0]);
    assert_eq!(found(&clerk, "window=mine&since=2026-06-15").await, mine);
    let next_day = take(&clerk, &hall.filing(&clerk).await).await;
    assert_eq!(found(&clerk, "window=mine").await, [next_day]);
}

async fn a_draft_of_last_month_is_among_the_cases_of_today(hall: TestHall) {
    let clerk = hall.clerk().await;
    let made = |at: Timestamp| web::source::Chance::system().id(at);
    let (today, hours) = (hall.clock.now(), SignedDuration::from_hours);
    let with_id = async |id: Uuid| {
        let mut filing = hall.filing(&clerk).await;
        filing["cases"][0]["id"] = json!(id);
        take(&clerk, &filing).await
    };
    // More than are looked at at once stand before it, all of them taken yesterday.
    let old = with_id(made(today - hours(24 * 29))).await;
    assert_eq!(found(&clerk, "window=mine").await, std::slice::from_ref(&old));
    let row = hall.hall.store().read().await.unwrap().cases(None, 1).await.unwrap().remove(0);
    for n in 0..250_u32 {
        let mut row = row.clone();
        row.id = made(today - hours(24 * 28) + SignedDuration::from_secs(n.into()));
        row.number = format!("{n:016}");
        row.official_number = None;
        row.taken_at = today - hours(24);
        hall.hall.store().write(async move |tx| tx.put_case(&row).await).await.unwrap();
    }
    assert_eq!(found(&clerk, "window=mine").await, [old]);
}

async fn filters_that_contradict_each_other_are_refused(hall: TestHall) {
    let (clerk, supervisor) = (hall.clerk().await, hall.desk("supervisor").await);
    for (desk, query, expected) in [
        (&clerk, "window=mine&q=13800138000", "422 validation-failed | ?q not-allowed = \"13800138000\""),
        (&clerk, "since=2026-06-15", "422 validation-failed | ?since not-allowed = \"2026-06-15\""),
        (&clerk, "window=02", "400 request-malformed | ?window not-allowed = \"02\""),
        (&clerk, "window=mine&since=yesterday", "400 request-malformed | ?since wrong-type = \"yesterday\""),
        (&supervisor, "window=mine", "422 validation-failed | /window required = \"\""),
    ] {
        let answer = desk.ask(Method::GET, &format!("/cases?{query}")).send().await;
        assert_eq!(answer.refusal(), expected, "{query}");
    }
}
