//! Who may do what: every role at every address.

use std::collections::BTreeSet;

use domain::rights::Role;
use http::Method;
use serde_json::{Value, json};

use crate::{
    fake_department::{Told, accepted, case_id},
    stage::{Office, Place, encoded},
    test_hall::{ITEM, PDF, TestHall, with_printer},
};

crate::on_both_databases! { open:
    every_role_has_its_addresses
    a_role_is_refused_before_what_it_sent_is_looked_at
    every_role_is_shown_in_lists_what_it_may_read_and_nothing_else
}

async fn open(place: Place) -> TestHall {
    let (hall, printer) = with_printer(place, None).await;
    // Switched off: it is asked about, and never prints.
    drop(printer);
    hall
}

async fn every_role_has_its_addresses(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let id = case_id(&case);
    let receipt = case["papers"][0]["id"].as_str().unwrap();
    let nobody = "0193b000-0000-7000-8000-00000000dead";
    let mut lines = vec![];
    for role in Role::ALL {
        lines.push(format!("{}:", role.name()));
        // At a window, so that the role alone decides.
        let desk = hall.visitor().signed_in(role.name(), Some("01")).await;
        let filing = {
            let clerk = hall.clerk().await;
            hall.filing(&clerk).await
        };
        let asks = [
            ("session", desk.ask(Method::GET, "/session")),
            ("items", desk.ask(Method::GET, "/items")),
            ("an item", desk.ask(Method::GET, &format!("/items/{ITEM}"))),
            ("upload a file", desk.ask(Method::PUT, "/files?name=a.pdf").bytes("application/pdf", PDF)),
            ("take a filing", desk.posting("/filings", &filing)),
            (
                "keep a draft",
                desk.ask(Method::PUT, &format!("/drafts/{}", hall.new_id())).json(&json!({ "content": {} })),
            ),
            ("drafts", desk.ask(Method::GET, "/drafts")),
            ("a draft", desk.ask(Method::GET, &format!("/drafts/{nobody}"))),
            ("remove a draft", desk.ask(Method::DELETE, &format!("/drafts/{nobody}"))),
            ("the second screen", desk.ask(Method::GET, "/window/screen")),
            ("show a draft", desk.ask(Method::PUT, "/window/screen").json(&json!({ "draft_id": nobody }))),
            ("hide it", desk.ask(Method::DELETE, "/window/screen")),
            ("confirm it", desk.ask(Method::POST, "/window/screen/confirm").json(&json!({ "digest": "ab" }))),
            ("an applicant", desk.ask(Method::GET, "/applicants?kind=person&id_number=11010519900307283X")),
            ("its materials", desk.ask(Method::GET, &format!("/applicants/{nobody}/materials"))),
            ("its certificates", desk.ask(Method::GET, &format!("/applicants/{nobody}/certificates"))),
            ("its cases", desk.ask(Method::GET, &format!("/applicants/{nobody}/cases"))),
            ("a guide", desk.ask(Method::GET, &format!("/items/{ITEM}/guide"))),
            ("print a guide", desk.posting(&format!("/items/{ITEM}/guide/prints"), &json!({}))),
            ("a print", desk.ask(Method::GET, &format!("/prints/{nobody}"))),
            ("cases", desk.ask(Method::GET, "/cases")),
            ("find a case", desk.ask(Method::GET, &format!("/cases/find?scan={}", case["number"].as_str().unwrap()))),
            ("a case", desk.ask(Method::GET, &format!("/cases/{id}"))),
            ("its timeline", desk.ask(Method::GET, &format!("/cases/{id}/timeline"))),
            ("its clock", desk.ask(Method::GET, &format!("/cases/{id}/clocks/intake"))),
            ("its material", desk.ask(Method::GET, &format!("/cases/{id}/materials/0"))),
            ("its paper", desk.ask(Method::GET, &format!("/papers/{receipt}"))),
            ("print its paper", desk.posting(&format!("/papers/{receipt}/prints"), &json!({}))),
            ("prints", desk.ask(Method::GET, "/prints")),
            ("cancel a print", desk.posting(&format!("/prints/{nobody}/cancel"), &json!({}))),
            ("retry a print", desk.posting(&format!("/prints/{nobody}/retry"), &json!({}))),
            ("printers", desk.ask(Method::GET, "/printers")),
            ("send again", desk.posting(&format!("/cases/{id}/deliveries/{nobody}/send-again"), &json!({}))),
            ("deliver", desk.posting(&format!("/cases/{id}/deliver"), &collected()).seen(1)),
        ];
        for (what, ask) in asks {
            let answer = ask.send().await;
            let outcome = match answer.status {
                200..300 => "yes".to_owned(),
                status => format!("{status} {}", answer.code()),
            };
            lines.push(format!("    {what}: {outcome}"));
        }
    }
    insta::assert_snapshot!("every_role_has_its_addresses", lines.join("\n"));
}

async fn a_role_is_refused_before_what_it_sent_is_looked_at(hall: TestHall) {
    let clerk = hall.clerk().await;
    let case = hall.taken_case(&clerk).await;
    let id = case_id(&case);
    // Without a window, with a wrong item, with nothing right in it.
    let supervisor = hall.desk("supervisor").await;
    let filing = json!({ "id": hall.new_id(), "applicant": crate::test_hall::applicant(), "cases": [] });
    assert_eq!(hall.refusal(supervisor.posting("/filings", &filing)).await, "403 forbidden");
    let mut filing = hall.filing(&clerk).await;
    filing["cases"][0]["item_code"] = json!("unknown");
    assert_eq!(hall.refusal(supervisor.posting("/filings", &filing)).await, "403 forbidden");
    let mut wrong = collected();
    wrong["collector"]["id_number"] = json!("1");
    let ask = clerk.posting(&format!("/cases/{id}/deliver"), &wrong).seen(1);
    assert_eq!(hall.refusal(ask).await, "403 forbidden");
    let unknown =
        hall.desk("output_clerk").await.posting("/cases/0193b000-0000-7000-8000-00000000dead/deliver", &wrong);
    assert_eq!(hall.refusal(unknown.seen(1)).await, "404 case-not-found");
}

async fn every_role_is_shown_in_lists_what_it_may_read_and_nothing_else(hall: TestHall) {
    let mut cases = vec![];
    for window in ["01", "02", "01", "01"] {
        let clerk = hall.visitor().signed_in("window_clerk", Some(window)).await;
        cases.push((window, hall.taken_case(&clerk).await));
    }
    Told::default().tell(&hall, accepted(&hall, case_id(&cases[0].1))).await;
    let organisation = {
        let clerk = hall.clerk().await;
        let mut filing = hall.filing(&clerk).await;
        filing["applicant"] = crate::test_hall::organisation();
        clerk.post("/filings", &filing).await.done()["cases"][0].clone()
    };
    cases.push(("01", organisation));

    let mut readers = 0;
    for role in Role::ALL {
        let desk = hall.visitor().signed_in(role.name(), Some("01")).await;
        let mut readable = vec![];
        for (window, case) in &cases {
            let (id, number) = (case_id(case), case["number"].as_str().unwrap());
            let paper = case["papers"][0]["id"].as_str().unwrap();
            let answer = desk.get(&format!("/cases/{id}")).await;
            let may = answer.status == 200;
            for part in [
                format!("/cases/{id}/timeline"),
                format!("/cases/{id}/clocks/intake"),
                format!("/cases/{id}/materials/0"),
                format!("/cases/find?scan={number}"),
                format!("/papers/{paper}"),
            ] {
                // A receipt that nobody has made yet is no secret to those who may read it.
                let status = desk.get(&part).await.status;
                assert_eq!(may, status == 200 || status == 409, "{} {part} {status}", role.name());
            }
            assert_eq!(listed(&desk, &format!("/cases?q={number}")).await.contains(&id.to_string()), may);
            if may {
                readable.push((*window, answer.done()));
            }
        }
        readers += usize::from(!readable.is_empty());
        let shown = |holds: &dyn Fn(&str, &Value) -> bool| -> BTreeSet<String> {
            let kept = readable.iter().filter(|(window, case)| holds(window, case));
            kept.map(|(_, case)| case["id"].as_str().unwrap().to_owned()).collect()
        };
        let person = |case: &Value| case["applicant"]["kind"] == "person";
        for (list, expected) in [
            ("/cases?".to_owned(), shown(&|_, _| true)),
            ("/cases?state=taken".to_owned(), shown(&|_, case| case["state"] == "taken")),
            ("/cases?state=accepted".to_owned(), shown(&|_, case| case["state"] == "accepted")),
            ("/cases?state=closed".to_owned(), BTreeSet::new()),
            ("/cases?window=mine".to_owned(), shown(&|window, _| window == "01")),
            (format!("/cases?q={}", encoded("晓岚")), shown(&|_, case| person(case))),
            (format!("/cases?q={}", encoded("小吃店")), shown(&|_, case| !person(case))),
            (
                format!("/cases?state=taken&q={}", encoded("欧")),
                shown(&|_, case| person(case) && case["state"] == "taken"),
            ),
            ("/cases?q=13800138000".to_owned(), shown(&|_, case| person(case))),
            ("/cases?q=11010519900307283X".to_owned(), shown(&|_, case| person(case))),
        ] {
            assert_eq!(listed(&desk, &list).await, expected, "{} {list}", role.name());
        }
        let known = desk.get("/applicants?kind=person&id_number=11010519900307283X").await;
        if known.status == 200 {
            let list = format!("/applicants/{}/cases?", known.done()["id"].as_str().unwrap());
            assert_eq!(listed(&desk, &list).await, shown(&|_, case| person(case)), "{} {list}", role.name());
        }
    }
    assert_eq!(readers, 3, "window clerk, output clerk and supervisor");
}

/// What a list shows, page after page; nothing where there is no list.
async fn listed(desk: &Office, path: &str) -> BTreeSet<String> {
    let (mut seen, mut after) = (BTreeSet::new(), String::new());
    loop {
        let answer = desk.get(&format!("{path}&limit=2{after}")).await;
        if answer.status == 403 {
            return seen;
        }
        let page = answer.done();
        let ids = page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        seen.extend(ids);
        let Some(next) = page["next"].as_str() else { return seen };
        after = format!("&after={next}");
    }
}

fn collected() -> serde_json::Value {
    json!({
        "collector": { "name": "欧阳晓岚", "id_number": "11010519900307283X", "relation": "self" },
        "originals": { "archived": ["application"] },
    })
}
