//! Lists, search, scans, the timeline, clocks and files of a case.

use serde_json::{Value, json};

use crate::{
    fake_department::{Told, accepted, case_id},
    stage::encoded,
    test_hall::{ITEM, PDF, TestHall, organisation},
};

crate::on_both_databases! { TestHall::open:
    the_catalogue_says_what_is_asked_for
    a_case_is_shown_whole_and_masked
    pages_follow_each_other_without_gap_or_repeat
    a_case_is_found_by_any_number_it_has_and_by_part_of_a_name
    the_timeline_says_who_did_what
    a_clock_is_explained_day_by_day
    the_list_shows_the_worst_light_of_the_page_on_every_day
    a_material_comes_back_as_it_was_uploaded
}

async fn the_catalogue_says_what_is_asked_for(hall: TestHall) {
    let clerk = hall.clerk().await;
    insta::assert_json_snapshot!("items", clerk.get("/items").await.done());
    let item = clerk.get(&format!("/items/{ITEM}")).await.done();
    assert_eq!(item["form_schema"]["title"], "食品经营许可申请表");
    assert_eq!(item["materials"].as_array().unwrap().len(), 5);
    assert_eq!(clerk.get("/welcome").await.done()["today"], "2026-06-15");
}

async fn a_case_is_shown_whole_and_masked(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let answer = clerk.get(&format!("/cases/{}", case["id"].as_str().unwrap())).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let mut view = answer.done();
    assert_eq!(view, case, "the submit was answered with the case as it is read");
    assert!(view["form_schema"].is_object());
    view["form_schema"] = json!("…");
    insta::assert_json_snapshot!("a_case_is_shown_whole_and_masked", view, {
        ".id" => "…", ".filing_id" => "…", ".papers[].id" => "…", ".delivery_to_department.id" => "…",
    });
}

async fn pages_follow_each_other_without_gap_or_repeat(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut taken = vec![];
    for _ in 0..7 {
        taken.push(hall.taken_case(&clerk).await["id"].clone());
    }
    taken.sort_by_key(|id| std::cmp::Reverse(id.as_str().unwrap().to_owned()));
    for filter in ["", "&state=taken", "&q=欧阳"] {
        let filter =
            filter.split_once("q=").map_or(filter.to_owned(), |(before, q)| format!("{before}q={}", encoded(q)));
        let mut seen = vec![];
        let mut next = String::new();
        for page in 0.. {
            assert!(page < 4, "the pages end");
            let page = clerk.get(&format!("/cases?limit=3{filter}{next}")).await.done();
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&after={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen, taken, "{filter}");
    }
    let none = clerk.get("/cases?state=closed").await.done();
    assert_eq!(none, json!({ "items": [], "next": null }));
    let row: &Value = &clerk.get("/cases?limit=1").await.done()["items"][0];
    assert_eq!(row["applicant_masked"], "欧**岚", "{row}");
    assert!(!row.to_string().contains("阳晓"));
}

async fn a_case_is_found_by_any_number_it_has_and_by_part_of_a_name(hall: TestHall) {
    let clerk = hall.clerk().await;
    hall.taken_case(&clerk).await;
    let mut filing = hall.filing(&clerk).await;
    filing["applicant"] = organisation();
    let case = clerk.post("/filings", &filing).await.done()["cases"][0].clone();
    let text = |field: &str| case[field].as_str().unwrap().to_owned();
    let number = text("number");
    let scans = [
        number.clone(),
        text("number_spoken"),
        format!(" {number} "),
        text("official_number"),
        format!("https://banshi.example/c/{number}"),
        format!("https://banshi.example/c/{number}/"),
        case["papers"][0]["number"].as_str().unwrap().to_owned(),
    ];
    for scan in scans {
        let found = clerk.get(&format!("/cases/find?scan={}", encoded(&scan))).await;
        assert_eq!(found.done()["id"], case["id"], "{scan}");
    }
    for q in [number.as_str(), "桂花小吃", "吃", "司马青", "安澜市 桂花小吃店", &text("official_number")]
    {
        let found = clerk.get(&format!("/cases?q={}", encoded(q))).await.done();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{q}");
        assert_eq!(found["items"][0]["id"], case["id"], "{q}");
    }
    for q in ["桂花大吃", "0001260615019999", "1101051990030728", "1380013800"] {
        let found = clerk.get(&format!("/cases?q={}", encoded(q))).await.done();
        assert!(found["items"].as_array().unwrap().is_empty(), "{q}: {found}");
    }
    // A filter holds for what is found by its number, too.
    let found = clerk.get(&format!("/cases?q={number}&state=closed")).await.done();
    assert!(found["items"].as_array().unwrap().is_empty(), "{found}");
}

async fn the_timeline_says_who_did_what(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let timeline = clerk.get(&format!("/cases/{}/timeline", case["id"].as_str().unwrap())).await.done();
    insta::assert_json_snapshot!("the_timeline_says_who_did_what", timeline);
}

async fn a_clock_is_explained_day_by_day(hall: TestHall) {
    // The Thursday before the Dragon Boat Festival (Friday 2026-06-19).
    hall.clock.move_to("2026-06-18T01:00:00Z".parse().unwrap());
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let clock = clerk.get(&format!("/cases/{}/clocks/intake", case["id"].as_str().unwrap())).await.done();
    insta::assert_json_snapshot!("a_clock_is_explained_day_by_day", clock);
}

async fn the_list_shows_the_worst_light_of_the_page_on_every_day(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (taken, reviewed) = (hall.taken_case(&clerk).await, hall.taken_case(&clerk).await);
    Told::default().tell(&hall, accepted(&hall, case_id(&reviewed))).await;
    let mut lights = [vec![], vec![]];
    for days in [0, 2, 3, 7, 8, 9, 14, 16, 17, 90] {
        hall.clock.move_to(
            "2026-06-15T01:00:00Z".parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_hours(24 * days),
        );
        let clerk = hall.clerk().await;
        let list = clerk.get("/cases").await.done();
        for (case, lights) in [&taken, &reviewed].into_iter().zip(&mut lights) {
            let row = list["items"].as_array().unwrap().iter().find(|row| row["id"] == case["id"]).unwrap();
            let page = clerk.get(&format!("/cases/{}", case["id"].as_str().unwrap())).await.done();
            let running = page["clocks"].as_array().unwrap().iter().filter(|clock| clock["stopped_at"].is_null());
            let order = ["normal", "warning", "yellow", "red"];
            let worst = running.filter_map(|clock| order.iter().position(|light| clock["light"] == *light)).max();
            assert_eq!(row["light"], order[worst.unwrap()], "after {days} days");
            assert_eq!(row["light"], page["light"]);
            lights.push(order[worst.unwrap()]);
        }
    }
    let [taken, reviewed] = lights;
    let (n, w, y, r) = ("normal", "warning", "yellow", "red");
    assert_eq!(taken, [n, n, n, w, w, r, r, r, r, r], "five working days, a holiday among them");
    assert_eq!(reviewed, [n, n, n, w, w, y, y, r, r, r], "promised in five, by law in ten");
}

async fn a_material_comes_back_as_it_was_uploaded(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let answer = clerk.get(&format!("/cases/{}/materials/0", case["id"].as_str().unwrap())).await;
    assert_eq!((answer.status, answer.bytes.as_slice()), (200, PDF));
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-disposition"), format!("inline; filename*=UTF-8''{}.pdf", encoded("申请书")));
}
