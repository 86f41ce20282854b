//! One number brings back who applies, what is still good of what they handed in, and what was issued to them.

use std::sync::Arc;

use domain::identity::DivisionPrefix;
use jiff::{SignedDuration, ToSpan, civil::Date};
use serde_json::{Value, json};
use uuid::Uuid;
use web::Clock as _;

use crate::{
    fake_department::{FakeDepartment, case_id, issue},
    stage::{Answer, Office, Place, encoded},
    test_hall::{PDF, Setup, TestHall, applicant, organisation},
};

crate::on_both_databases! { open:
    a_known_applicant_comes_back_with_everything
    the_newest_data_are_those_of_the_last_filing
    a_number_is_checked_before_anybody_is_looked_for
    an_unknown_province_warns_and_does_not_block
    the_divisions_of_the_city_are_known
    an_agent_comes_back_by_number
    a_material_is_reused_without_an_upload
    what_is_no_longer_good_is_neither_offered_nor_reused
    what_is_of_somebody_else_is_not_reused
    a_repeated_filing_changes_nothing_that_is_remembered
    the_lists_of_an_applicant_go_on_page_by_page
}

mod certificates {
    use super::*;

    crate::on_both_databases! { with_department:
        a_certificate_is_offered_and_reused_while_it_is_valid
        an_erased_applicant_is_not_remembered_by_a_late_certificate
    }
}

async fn open(place: Place) -> TestHall {
    TestHall::open_with(Arc::new(place), Setup { item: with_kinds, ..Setup::default() }).await
}

async fn with_department(place: Place) -> (TestHall, FakeDepartment) {
    let department = FakeDepartment::start().await;
    let setup = Setup { item: with_kinds, department_url: department.url.clone(), ..Setup::default() };
    (TestHall::open_with(Arc::new(place), setup).await, department)
}

/// Health certificates are good for 30 days; a licence as long as it is valid, and it is what comes out, too.
fn with_kinds(item: String) -> String {
    let kind = |item: String, code: &str, more: &str| {
        item.replacen(&format!("code = \"{code}\"\n"), &format!("code = \"{code}\"\n{more}\n"), 1)
    };
    let item = kind(item, "business-licence", "kind = \"licence\"");
    let item = kind(item, "health-certificates", "kind = \"health\"\nvalid_days = 30");
    item.replacen("template = \"certificate\"", "template = \"certificate\"\nkind = \"licence\"", 1)
}

const PERSON: &str = "/applicants?kind=person&id_number=11010519900307283X";

async fn upload(desk: &Office, more: &str) -> String {
    let bytes = [PDF, more.as_bytes()].concat();
    let file = desk.put(&format!("/files?name={}", encoded("a.pdf")), bytes).await.done();
    file["sha256"].as_str().unwrap().to_owned()
}

fn material(code: &str, sha256: &str, dated: Option<&str>) -> Value {
    let file_name = format!("{code}.pdf");
    json!({ "code": code, "sha256": sha256, "file_name": file_name, "copies": 1, "original": false, "dated": dated })
}

fn reused(code: &str, sha256: &str, from: &Value) -> Value {
    json!({ "code": code, "sha256": sha256, "copies": 1, "original": false, "reused_from": from })
}

/// A filing with more materials than the one that must be there.
async fn filing_with(hall: &TestHall, desk: &Office, more: Vec<Value>) -> Value {
    let mut filing = hall.filing(desk).await;
    filing["cases"][0]["materials"].as_array_mut().unwrap().extend(more);
    filing
}

async fn take(desk: &Office, filing: &Value) -> Value {
    desk.post("/filings", filing).await.done()["cases"][0].clone()
}

async fn a_known_applicant_comes_back_with_everything(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (licence, health) = (upload(&clerk, "1").await, upload(&clerk, "2").await);
    let more = vec![
        material("business-licence", &licence, Some("2020-01-01")),
        material("health-certificates", &health, Some("2026-06-01")),
        material("floor-plan", &upload(&clerk, "3").await, None),
    ];
    let case = take(&clerk, &filing_with(&hall, &clerk, more).await).await;
    // Typed small, wide and with blanks: it is the same number.
    let typed = encoded(" 1101051990030728３x ");
    let known = clerk.get(&format!("/applicants?kind=person&id_number={typed}")).await.done();
    assert_eq!(known["applicant"], applicant(), "nothing known is typed again");
    assert_eq!(known["warnings"], json!([]));
    let offered: Vec<_> = known["materials"]["items"].as_array().unwrap().iter().collect();
    assert_eq!(offered.len(), 2, "what is of this item alone is not offered: {offered:?}");
    assert_eq!(
        offered[0],
        &json!({
            "kind": "licence", "name": "营业执照", "file_name": "business-licence.pdf", "sha256": licence,
            "media_type": "application/pdf", "size": PDF.len() + 1, "dated": "2020-01-01", "valid_until": null,
            "case_id": case["id"], "case_number": case["number"], "handed_at": "2026-06-15T01:00:00Z",
        })
    );
    assert_eq!((&offered[1]["kind"], &offered[1]["valid_until"]), (&json!("health"), &json!("2026-07-01")));
    assert_eq!(known["certificates"], json!({ "items": [], "next": null }));
    let rows: &Value = &known["cases"]["items"];
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["number"]), (1, &case["number"]));
    assert_eq!((&rows[0]["item_name"], &rows[0]["state"]), (&case["item_name"], &json!("taken")));

    for nobody in ["approver", "output_clerk", "supervisor", "administrator"] {
        assert_eq!(hall.desk(nobody).await.get(PERSON).await.refusal(), "403 forbidden", "{nobody}");
    }
}

async fn the_newest_data_are_those_of_the_last_filing(hall: TestHall) {
    let clerk = hall.clerk().await;
    let mut filing = hall.filing(&clerk).await;
    filing["applicant"]["id_number"] = json!("11010519900307283x");
    take(&clerk, &filing).await;
    let first = clerk.get(PERSON).await.done();
    assert_eq!(first["applicant"]["id_number"], "11010519900307283X");
    let mut filing = hall.filing(&clerk).await;
    filing["applicant"]["phone"] = json!("0990-8000009");
    filing["applicant"].as_object_mut().unwrap().remove("address");
    take(&clerk, &filing).await;
    let known = clerk.get(PERSON).await.done();
    assert_eq!(known["id"], first["id"], "one number is one applicant");
    assert_eq!(known["applicant"], filing["applicant"]);
    assert_eq!(known["cases"]["items"].as_array().unwrap().len(), 2);
    // An organisation with the same digits would be somebody else.
    let other = clerk.get("/applicants?kind=organisation&id_number=91990100MA0001234F").await;
    assert_eq!(other.json()["code"], "applicant-not-found");
}

async fn a_number_is_checked_before_anybody_is_looked_for(hall: TestHall) {
    let clerk = hall.clerk().await;
    let ask = async |kind: &str, number: &str| {
        clerk.get(&format!("/applicants?kind={kind}&id_number={}", encoded(number))).await.refusal()
    };
    let mut lines = vec![];
    for (kind, number) in [
        ("person", ""),
        ("person", "110105199003072831"),
        ("person", "11010519900230283X"),
        ("person", "110105209003072836"),
        ("person", "1101051990030728\u{0}X"),
        ("person", "91990100MA0001234F"),
        ("person", "11010519900307283X"),
        ("organisation", "91990100MA0001234E"),
        ("organisation", "91990100MA000I234F"),
        ("ghost", "11010519900307283X"),
    ] {
        lines.push(format!("{kind} {number:?}\n    -> {}", ask(kind, number).await));
    }
    for query in ["", "?kind=person", "?id_number=1"] {
        lines.push(format!("{query:?}\n    -> {}", clerk.get(&format!("/applicants{query}")).await.refusal()));
    }
    for list in ["materials", "certificates", "cases"] {
        let nobody = clerk.get(&format!("/applicants/{}/{list}", hall.new_id())).await.refusal();
        lines.push(format!("{list} of nobody\n    -> {nobody}"));
    }
    take(&clerk, &hall.filing(&clerk).await).await;
    let id = clerk.get(PERSON).await.done()["id"].as_str().unwrap().to_owned();
    let forged = web::page::cursor(&("a\0b", "2026-06-15T01:00:00Z", "ab".repeat(32)));
    for after in [forged, web::page::cursor(&("a", "2026-06-15T01:00:00Z", "ab"))] {
        lines.push(clerk.get(&format!("/applicants/{id}/materials?after={after}")).await.refusal());
    }
    insta::assert_snapshot!("a_number_is_checked_before_anybody_is_looked_for", lines.join("\n"));
}

async fn the_divisions_of_the_city_are_known(hall: TestHall) {
    let (place, divisions) = (hall.place.clone(), vec![DivisionPrefix::parse("9901").unwrap()]);
    drop(hall);
    let hall = TestHall::open_with(place, Setup { divisions, item: with_kinds, seed: 8, ..Setup::default() }).await;
    let new = hall.clerk().await.get("/applicants?kind=organisation&id_number=91990100MA0001234F").await;
    assert_eq!((new.status, &new.json()["errors"]), (404, &json!([])));
}

async fn an_unknown_province_warns_and_does_not_block(hall: TestHall) {
    let clerk = hall.clerk().await;
    let path = "/applicants?kind=organisation&id_number=91990100MA0001234F";
    let warning = json!([{ "pointer": "?id_number", "code": "unknown-province", "value": "99" }]);
    let unknown = clerk.get(path).await;
    assert_eq!((unknown.status, &unknown.json()["errors"]), (404, &warning), "also of who is new here");
    let mut filing = hall.filing(&clerk).await;
    filing["applicant"] = organisation();
    take(&clerk, &filing).await;
    let known = clerk.get(path).await.done();
    assert_eq!((&known["warnings"], &known["applicant"]), (&warning, &organisation()));
}

async fn an_agent_comes_back_by_number(hall: TestHall) {
    const NUMBER: &str = "11010519491231002X";
    let clerk = hall.clerk().await;
    let agent = format!("/agents?id_number={NUMBER}");
    assert_eq!(clerk.get(&agent).await.refusal(), "404 applicant-not-found");
    let mut filing = hall.filing(&clerk).await;
    filing["agent"] = json!({ "name": "李代办", "id_number": NUMBER, "phone": "13900139000", "authority": "递交材料" });
    take(&clerk, &filing).await;
    let acted = json!({ "name": "李代办", "phone": "13900139000", "updated_at": "2026-06-15T01:00:00Z" });
    assert_eq!(clerk.get(&agent).await.done(), acted, "and not what they might do then");
    let as_applicant = format!("/applicants?kind=person&id_number={NUMBER}");
    assert_eq!(clerk.get(&as_applicant).await.refusal(), "404 applicant-not-found", "acting is not applying");

    let mut own = filing.clone();
    own["agent"]["id_number"] = filing["applicant"]["id_number"].clone();
    let refused = clerk.post("/filings", &own).await.refusal();
    assert!(refused.starts_with("422 validation-failed | /agent/id_number is-applicant"), "{refused}");

    hall.clock.advance(SignedDuration::from_mins(10).unsigned_abs());
    let mut filing = hall.filing(&clerk).await;
    filing["applicant"]["name"] = json!("李代办");
    filing["applicant"]["id_number"] = json!(NUMBER);
    filing["applicant"]["phone"] = json!("13700137000");
    take(&clerk, &filing).await;
    assert_eq!(clerk.get(&agent).await.done()["phone"], "13700137000", "who applied said it anew");
    let known = clerk.get(&as_applicant).await.done();
    assert_eq!(known["applicant"]["name"], "李代办");
    assert_eq!(known["cases"]["items"].as_array().unwrap().len(), 1, "only those of their own");

    let misread = clerk.get("/agents?id_number=110105194912310021").await;
    assert_eq!(
        (misread.json()["code"].as_str(), misread.json()["errors"][0]["code"].as_str()),
        (Some("validation-failed"), Some("wrong-check-character"))
    );
    for nobody in ["approver", "output_clerk", "supervisor", "administrator"] {
        assert_eq!(hall.desk(nobody).await.get(&agent).await.refusal(), "403 forbidden", "{nobody}");
    }
}

async fn a_material_is_reused_without_an_upload(hall: TestHall) {
    let clerk = hall.clerk().await;
    let health = upload(&clerk, "1").await;
    let handed = vec![material("health-certificates", &health, Some("2026-06-01"))];
    let first = take(&clerk, &filing_with(&hall, &clerk, handed).await).await;
    hall.clock.advance(SignedDuration::from_hours(24).unsigned_abs());
    let clerk = hall.clerk().await;

    let mut again = filing_with(&hall, &clerk, vec![reused("health-certificates", &health, &first["id"])]).await;
    // What the page says of name and date is not asked.
    again["cases"][0]["materials"][1]["dated"] = json!("2026-06-15");
    let case = take(&clerk, &again).await;
    let kept = &case["materials"][1];
    assert_eq!(kept["reused_from"], json!({ "source": "case", "id": first["id"], "number": first["number"] }));
    assert_eq!((&kept["file_name"], &kept["dated"]), (&json!("health-certificates.pdf"), &json!("2026-06-01")));
    assert_eq!(case["materials"][0]["reused_from"], Value::Null);
    let bytes = clerk.get(&format!("/cases/{}/materials/1", case["id"].as_str().unwrap())).await.bytes;
    assert_eq!(bytes, [PDF, b"1"].concat());
    assert_eq!(clerk.post("/filings", &again).await.done()["cases"][0]["number"], case["number"], "repeated");
    // It is still the one that was handed in first, and no better for having been used again.
    let offered = clerk.get(PERSON).await.done()["materials"]["items"].clone();
    assert_eq!(offered.as_array().unwrap().len(), 1);
    assert_eq!((&offered[0]["case_id"], &offered[0]["valid_until"]), (&first["id"], &json!("2026-07-01")));
}

async fn what_is_no_longer_good_is_neither_offered_nor_reused(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (health, undated) = (upload(&clerk, "1").await, upload(&clerk, "2").await);
    let first = vec![material("health-certificates", &health, Some("2026-06-15"))];
    let first = take(&clerk, &filing_with(&hall, &clerk, first).await).await;
    let second = vec![material("health-certificates", &undated, None)];
    let second = take(&clerk, &filing_with(&hall, &clerk, second).await).await;
    let last: Date = "2026-06-15".parse::<Date>().unwrap() + 30.days();
    let offered = async || {
        let known = hall.clerk().await.get(PERSON).await.done();
        known["materials"]["items"].as_array().unwrap().iter().map(|row| row["sha256"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(offered().await, [json!(health)], "nobody can say how long the one without a date is good");

    hall.clock.advance(SignedDuration::from_hours(24 * 30).unsigned_abs());
    assert_eq!(hall.clock.today(), last);
    assert_eq!(offered().await, [json!(health)]);
    let clerk = hall.clerk().await;
    let reuse = async |clerk: &Office, sha256: &str, from: &Value| -> Answer {
        let filing = filing_with(&hall, clerk, vec![reused("health-certificates", sha256, from)]).await;
        clerk.post("/filings", &filing).await
    };
    assert_eq!(reuse(&clerk, &health, &first["id"]).await.status, 201, "on the last day");
    hall.clock.advance(SignedDuration::from_hours(24).unsigned_abs());
    assert_eq!(offered().await, [Value::Null; 0]);
    let clerk = hall.clerk().await;
    let expected =
        |code: &str, case: &Value| format!("422 validation-failed | /cases/0/materials/1/reused_from {code} = {case}");
    let refused = reuse(&clerk, &health, &first["id"]).await.refusal();
    assert!(refused.starts_with(&expected("expired", &first["id"])), "{refused}");
    let refused = reuse(&clerk, &undated, &second["id"]).await.refusal();
    assert!(refused.starts_with(&expected("unknown", &second["id"])), "{refused}");
}

async fn what_is_of_somebody_else_is_not_reused(hall: TestHall) {
    let clerk = hall.clerk().await;
    let (theirs, own) = (upload(&clerk, "1").await, upload(&clerk, "2").await);
    let mut filing = filing_with(&hall, &clerk, vec![material("business-licence", &theirs, None)]).await;
    filing["applicant"] = organisation();
    let their_case = take(&clerk, &filing).await;
    let handed = vec![material("business-licence", &own, None), material("floor-plan", &theirs, None)];
    let own_case = take(&clerk, &filing_with(&hall, &clerk, handed).await).await;

    let nobody = json!(hall.new_id());
    for (what, code, sha256, from, expected) in [
        ("their file of their case", "business-licence", &theirs, &their_case["id"], "not-yours"),
        ("one's own file of their case", "business-licence", &own, &their_case["id"], "not-yours"),
        ("their file of one's own case", "business-licence", &theirs, &own_case["id"], "unknown"),
        ("one's own as something else", "health-certificates", &own, &own_case["id"], "unknown"),
        ("what has no kind", "floor-plan", &theirs, &own_case["id"], "unknown"),
        ("of no case at all", "business-licence", &own, &nobody, "unknown"),
        ("no file at all", "business-licence", &"ab".repeat(32), &own_case["id"], "unknown"),
    ] {
        let filing = filing_with(&hall, &clerk, vec![reused(code, sha256, from)]).await;
        let refused = hall.refusal(clerk.posting("/filings", &filing)).await;
        let start = format!("422 validation-failed | /cases/0/materials/1/reused_from {expected} = {from}");
        assert!(refused.starts_with(&start), "{what}: {refused}");
    }
    // Handed in once more meanwhile: it is from there.
    let handed = vec![material("business-licence", &own, Some("2026-06-14"))];
    let newer = take(&clerk, &filing_with(&hall, &clerk, handed).await).await;
    let late = filing_with(&hall, &clerk, vec![reused("business-licence", &own, &own_case["id"])]).await;
    let kept = take(&clerk, &late).await["materials"][1].clone();
    assert_eq!((&kept["reused_from"]["id"], &kept["dated"]), (&newer["id"], &json!("2026-06-14")));
    // A wrong number is reported as such, with everything else that is wrong.
    let mut filing = filing_with(&hall, &clerk, vec![reused("business-licence", &own, &own_case["id"])]).await;
    filing["applicant"]["id_number"] = json!("110105199003072831");
    let refused = hall.refusal(clerk.posting("/filings", &filing)).await;
    assert!(refused.contains("/applicant/id_number wrong-check-character"), "{refused}");
    assert!(!refused.contains("reused_from"), "{refused}");
}

async fn a_repeated_filing_changes_nothing_that_is_remembered(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    take(&clerk, &filing).await;
    let mut newer = hall.filing(&clerk).await;
    newer["applicant"]["phone"] = json!("13900139000");
    take(&clerk, &newer).await;
    let known = clerk.get(PERSON).await.done();
    // Under another key: the older data do not come back.
    take(&clerk, &filing).await;
    assert_eq!(clerk.get(PERSON).await.done(), known);
    assert_eq!(known["applicant"]["phone"], "13900139000");
}

async fn the_lists_of_an_applicant_go_on_page_by_page(hall: TestHall) {
    let clerk = hall.clerk().await;
    for n in 0..12 {
        let (licence, health) = (upload(&clerk, &format!("l{n}")).await, upload(&clerk, &format!("h{n}")).await);
        let more = vec![
            material("business-licence", &licence, None),
            material("health-certificates", &health, Some("2026-06-14")),
        ];
        take(&clerk, &filing_with(&hall, &clerk, more).await).await;
    }
    let known = clerk.get(PERSON).await.done();
    let id = known["id"].as_str().unwrap();
    for (list, name, expected) in [("materials", "sha256", 24), ("cases", "id", 12)] {
        let mut seen: Vec<Value> = known[list]["items"].as_array().unwrap().clone();
        assert_eq!(seen.len(), 10, "{list}");
        let mut next = known[list]["next"].clone();
        while let Some(after) = next.as_str() {
            let page = clerk.get(&format!("/applicants/{id}/{list}?limit=5&after={after}")).await.done();
            seen.extend(page["items"].as_array().unwrap().clone());
            next = page["next"].clone();
        }
        let mut names: Vec<_> = seen.iter().map(|row| row[name].as_str().unwrap().to_owned()).collect();
        names.sort();
        names.dedup();
        assert_eq!((seen.len(), names.len()), (expected, expected), "{list}: without gap or repeat");
    }
    assert_eq!(clerk.get(&format!("/applicants/{id}/certificates")).await.done()["items"], json!([]));
}

async fn a_certificate_is_offered_and_reused_while_it_is_valid((hall, department): (TestHall, FakeDepartment)) {
    let workers = hall.start();
    let (clerk, desk) = (hall.clerk().await, hall.desk("output_clerk").await);
    let case = case_id(&hall.taken_case(&clerk).await);
    assert_eq!(clerk.get(PERSON).await.done()["certificates"]["items"], json!([]));
    let issued = issue(&hall, &department, &desk, case).await;
    workers.stop().await;
    let paper = issued["papers"].as_array().unwrap().iter().find(|paper| paper["kind"] == "certificate").unwrap();
    let own = clerk.get(PERSON).await.done()["certificates"]["items"].clone();
    assert_eq!(own.as_array().unwrap().len(), 1, "the decision is no certificate");
    let sha256 = own[0]["sha256"].as_str().unwrap().to_owned();
    assert_eq!(
        own[0],
        json!({
            "paper_id": paper["id"], "kind": "licence", "title": "食品经营许可证", "number": "JY29901000000001",
            "valid_from": "2026-06-15", "valid_until": "2031-06-14", "sha256": sha256, "case_id": case,
            "issued_at": "2026-06-15T01:00:00Z",
        })
    );

    let licence = vec![reused("business-licence", &sha256, &paper["id"])];
    let again = take(&clerk, &filing_with(&hall, &clerk, licence.clone()).await).await;
    let kept = &again["materials"][1];
    assert_eq!(
        kept["reused_from"],
        json!({
            "source": "certificate", "id": paper["id"], "number": "JY29901000000001",
        })
    );
    assert_eq!(
        (&kept["file_name"], &kept["dated"]),
        (&json!("食品经营许可证 JY29901000000001.pdf"), &json!("2026-06-15"),)
    );
    let file = clerk.get(&format!("/cases/{}/materials/1", again["id"].as_str().unwrap())).await;
    assert!(file.bytes.ends_with(b"JY29901000000001"));
    let known = clerk.get(PERSON).await.done();
    assert_eq!(known["materials"]["items"], json!([]), "as a material it would outlive its own days");

    // Not as something else, not of somebody else, and not once it is void or over.
    let refusal = async |filing: &Value| {
        let refused = hall.refusal(hall.clerk().await.posting("/filings", filing)).await;
        let at = "422 validation-failed | /cases/0/materials/1/reused_from ";
        refused.strip_prefix(at).unwrap_or_else(|| panic!("{refused}")).split(' ').next().unwrap().to_owned()
    };
    let plan = vec![reused("floor-plan", &sha256, &paper["id"])];
    assert_eq!(refusal(&filing_with(&hall, &clerk, plan).await).await, "unknown");
    let other = vec![reused("business-licence", &"ab".repeat(32), &paper["id"])];
    assert_eq!(refusal(&filing_with(&hall, &clerk, other).await).await, "unknown");
    let filing = filing_with(&hall, &clerk, licence.clone()).await;
    let mut foreign = filing.clone();
    foreign["applicant"] = organisation();
    assert_eq!(refusal(&foreign).await, "not-yours");
    let id: Uuid = paper["id"].as_str().unwrap().parse().unwrap();
    hall.hall.store().write(async move |tx| tx.void_certificate(id).await).await.unwrap();
    assert_eq!(refusal(&filing).await, "expired");
    assert_eq!(clerk.get(PERSON).await.done()["certificates"]["items"], json!([]));
}

async fn an_erased_applicant_is_not_remembered_by_a_late_certificate((hall, department): (TestHall, FakeDepartment)) {
    let workers = hall.start();
    let (clerk, desk) = (hall.clerk().await, hall.desk("output_clerk").await);
    let case = case_id(&hall.taken_case(&clerk).await);
    let id: Uuid = clerk.get(PERSON).await.done()["id"].as_str().unwrap().parse().unwrap();
    hall.hall.store().write(async move |tx| tx.erase_applicant(id).await).await.unwrap();
    issue(&hall, &department, &desk, case).await;
    workers.stop().await;
    assert_eq!(clerk.get(PERSON).await.refusal(), "404 applicant-not-found");
}
