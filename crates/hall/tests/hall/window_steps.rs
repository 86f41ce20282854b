//! What a window does beside taking: tells what is missing, rejects, accepts, decides, withdraws, asks.

use std::sync::Arc;

use protocol::Message;
use serde_json::{Value, json};
use uuid::Uuid;
use yichuang_hall::{Delegation, Workers};

use crate::{
    fake_department::{FakeDepartment, Told, case_id},
    hand_over::text_of,
    stage::{Office, Place, until},
    test_hall::{Setup, TestHall},
};

crate::on_both_databases! { Scene::open:
    what_is_missing_is_told_once_and_the_department_has_the_case_when_it_is_accepted
    a_notice_says_in_the_clerks_words_what_is_wrong
    a_second_notice_is_a_managers
    an_immediate_case_is_decided_at_one_sitting
    a_case_is_accepted_by_delegation
    an_application_is_rejected_with_its_document
    what_was_not_delegated_is_not_done_at_the_window
    what_is_decided_later_is_accepted_and_decided_at_once
    the_department_has_a_case_when_the_agreement_ends
    the_windows_silence_accepts_too
    nobody_acts_past_a_silence_that_is_not_written_down_yet
    what_is_missing_comes_and_the_limit_runs_from_then
    a_step_that_is_repeated_is_answered_as_it_was
    who_may_not_is_refused_every_step
}

/// What the department accepts itself.
mod referred {
    use super::*;

    async fn open(place: Place) -> Scene {
        let known =
            |item| delegated(item).replace("\"health-certificates\"\n", "\"health-certificates\"\nkind = \"health\"\n");
        Scene::with(place, known, None).await
    }

    crate::on_both_databases! { open:
        what_the_department_has_is_not_for_the_window
        a_department_knows_what_the_window_has_told_and_tells_for_itself
        what_is_here_is_used_for_a_supplement_and_nothing_is_handed_in_twice
        a_supplement_of_the_department_is_handed_in_at_the_window
        an_application_is_taken_back_and_its_originals_returned
        window_and_department_ask_each_other
    }
}

mod marked {
    use super::*;

    async fn open(place: Place) -> Scene {
        let marked = |item| delegated(item).replace("[result]\n", "[result]\nmark = \"安市监照\"\n");
        Scene::with(place, marked, Some(agreement())).await
    }

    crate::on_both_databases! { open:
        a_result_with_a_mark_of_its_own_is_numbered_under_it
    }
}

mod advised {
    use super::*;

    async fn open(place: Place) -> Scene {
        Scene::with(place, |item| delegated(item).replace("blocking = true", "blocking = false"), None).await
    }

    crate::on_both_databases! { open:
        an_advice_that_a_notice_asked_for_is_answered_too
    }
}

mod no_licence {
    use super::*;

    async fn open(place: Place) -> Scene {
        let item = |item: String| {
            let item = delegated(item).replace("kind = \"行政许可\"", "kind = \"公共服务\"");
            let (before, promise) = item.split_once("[[limits]]\nclock = \"promised\"").unwrap();
            let (_, after) = promise.split_once("\n[").unwrap();
            format!("{before}[{after}")
        };
        Scene::with(place, item, Some(agreement())).await
    }

    crate::on_both_databases! { open:
        a_notice_names_no_limit_that_the_item_has_not
        what_needs_no_service_is_not_called_a_licence
    }
}

/// A hall whose windows act for a department, with workers, and that department.
struct Scene {
    hall: TestHall,
    department: FakeDepartment,
    workers: Workers,
    clerk: Office,
}

/// The item, with a point to tick and everything left to the window.
fn delegated(item: String) -> String {
    let point = r#"
[[materials.points]]
code = "signed"
text = "申请书有申请人签字"
reason = "申请书没有申请人签字，请签字后提交。"
blocking = true
status = "unverified"

[[materials]]
code = "business-licence""#;
    let item = item.replacen("\n[[materials]]\ncode = \"business-licence\"", point, 1);
    let item = item.replace("immediate = false", "immediate = true");
    item.replace("accepts = \"department\"", "accepts = \"window\"")
        .replace("decides = \"department\"", "decides = \"window\"")
}

fn agreement() -> Delegation {
    Delegation {
        agreement: "安政服委〔2026〕1号".to_owned(),
        from: Some("2026-06-01".parse().unwrap()),
        until: Some("2026-06-30".parse().unwrap()),
        notice_mark: "安市监许受窗".to_owned(),
        decision_mark: "安市监许决窗".to_owned(),
        certificate_mark: "安市监食证窗".to_owned(),
        seal: "行政许可专用章".to_owned(),
        contact: "安澜市澜江路1号，0990-8000031".to_owned(),
        remedies: "可以申请行政复议。".to_owned(),
        remedies_verified: false,
    }
}

impl Scene {
    async fn open(place: Place) -> Self {
        Self::with(place, delegated, Some(agreement())).await
    }

    async fn with(place: Place, item: fn(String) -> String, delegation: Option<Delegation>) -> Self {
        let department = FakeDepartment::start().await;
        let setup = Setup { department_url: department.url.clone(), item, delegation, ..Setup::default() };
        let hall = TestHall::open_with(Arc::new(place), setup).await;
        let (workers, clerk) = (hall.start(), hall.clerk().await);
        Self { hall, department, workers, clerk }
    }

    /// A filing of one case that is whole.
    async fn filing(&self, then: Option<Value>) -> Value {
        let mut filing = self.hall.filing(&self.clerk).await;
        filing["cases"][0]["ticked"] = json!(["signed"]);
        if let Some(then) = then {
            filing["cases"][0]["then"] = then;
        }
        filing
    }

    async fn taken(&self, filing: &Value) -> Value {
        let answer = self.clerk.post("/filings", filing).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["cases"][0].clone()
    }

    async fn step(&self, desk: &Office, case: &Value, step: &str, body: Value) -> Value {
        let seen = desk.get(&format!("/cases/{}", case_id(case))).await.done()["version"].as_u64().unwrap();
        desk.posting(&format!("/cases/{}/{step}", case_id(case)), &body).seen(seen).send().await.done()
    }

    async fn refused(&self, desk: &Office, case: &Value, step: &str, body: Value) -> String {
        let seen = desk.get(&format!("/cases/{}", case_id(case))).await.done()["version"].as_u64().unwrap();
        desk.posting(&format!("/cases/{}/{step}", case_id(case)), &body).seen(seen).send().await.refusal()
    }

    /// The paper of that kind, once it is rendered.
    async fn paper(&self, case: Uuid, kind: &str) -> Value {
        until(kind, async || {
            let view = self.clerk.get(&format!("/cases/{case}")).await.done();
            let found = view["papers"].as_array().unwrap().iter().find(|paper| paper["kind"] == kind).cloned();
            found.filter(|paper| paper["state"] == "ready")
        })
        .await
    }

    /// A filing whose application is not signed, of which the applicant is told.
    async fn unsigned(&self, words: &str) -> Value {
        let mut filing = self.filing(Some(json!({ "act": "ask-supplement" }))).await;
        filing["cases"][0]["ticked"] = json!([]);
        filing["cases"][0]["unmet"] = json!({ "signed": words });
        filing
    }

    async fn text(&self, case: Uuid, kind: &str) -> String {
        let paper = self.paper(case, kind).await;
        text_of(&self.clerk.get(&format!("/papers/{}", paper["id"].as_str().unwrap())).await.bytes)
    }

    /// The numbers of the cases that somebody must look at.
    async fn to_look_at(&self, attention: &str) -> Vec<Value> {
        let page = self.clerk.get(&format!("/cases?attention={attention}")).await.done();
        page["items"].as_array().unwrap().iter().map(|row| row["number"].clone()).collect()
    }

    async fn told(&self, many: usize) -> Vec<Message> {
        until("the department is told", async || {
            let told = self.department.told();
            (told.len() >= many).then_some(told)
        })
        .await
    }
}

async fn what_is_missing_is_told_once_and_the_department_has_the_case_when_it_is_accepted(scene: Scene) {
    let Scene { hall, department, clerk, .. } = &scene;
    let whole = scene.filing(Some(json!({ "act": "ask-supplement" }))).await;
    let refused = hall.refusal(clerk.posting("/filings", &whole)).await;
    assert_eq!(refused, "422 validation-failed | /cases/0/then nothing-missing");

    // Nobody has looked whether it is signed: the applicant would not be told everything at once.
    let mut filing = whole;
    filing["cases"][0]["ticked"] = json!([]);
    let refused = hall.refusal(clerk.posting("/filings", &filing)).await;
    assert!(refused.starts_with("422 validation-failed | /cases/0/points/signed point-open"), "{refused}");

    filing["cases"][0]["unmet"] = json!({ "signed": "" });
    filing["agent"] = json!({
        "name": "钱小梅", "id_number": "11010519491231002X", "phone": "13900139000", "authority": "递交材料",
    });
    let case = scene.taken(&filing).await;
    assert_eq!(case["state"], "supplement-asked");
    assert!(scene.text(case_id(&case), "intake-receipt").await.contains("代理人钱小梅"));
    assert_eq!(case["delivery_to_department"], Value::Null);
    let points = &case["notices"][0]["points"];
    assert_eq!(
        *points,
        json!([{
            "code": "signed", "material": "application", "reason": "申请书没有申请人签字，请签字后提交。",
        }])
    );
    scene.paper(case_id(&case), "supplement-notice").await;

    let nothing = scene.refused(clerk, &case, "supplements", json!({})).await;
    assert!(nothing.contains("/points/signed point-open"), "{nothing}");
    let view = scene.step(clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;
    assert_eq!(view["state"], "taken");
    assert!(view["notices"][0]["supplied_at"].is_string());
    let receipt = scene.text(case_id(&case), "supplement-receipt").await;
    assert!(receipt.contains("本次没有新交材料") && receipt.contains("已收到补正。"), "{receipt}");
    assert!(receipt.contains("代理人钱小梅") && !receipt.contains("共0种"), "{receipt}");
    assert_eq!(view["delivery_to_department"], Value::Null, "it is the window that accepts");
    let question = json!({ "text": "布局图可以手绘吗？" });
    let asked = clerk.posting(&format!("/cases/{}/enquiries", case_id(&case)), &question).send().await;
    assert_eq!(asked.refusal(), "409 not-with-department");
    scene.step(clerk, &case, "accept", json!({})).await;
    until("the department has the case", async || (department.assigned().len() == 1).then_some(())).await;
    let assigned = &department.assigned()[0];
    assert!(assigned.points.iter().any(|point| point.code == "signed" && point.met));
    scene.workers.stop().await;
}

async fn a_notice_says_in_the_clerks_words_what_is_wrong(scene: Scene) {
    let Scene { hall, clerk, .. } = &scene;
    let mut wrong = scene.unsigned("第二页\n没有签字").await;
    wrong["cases"][0]["unmet"]["moon"] = json!("");
    let refused = hall.refusal(clerk.posting("/filings", &wrong)).await;
    assert!(refused.contains("/cases/0/unmet/moon unknown"), "{refused}");
    assert!(refused.contains("/cases/0/unmet/signed control-character"), "{refused}");
    let mut wrong = scene.unsigned("").await;
    wrong["cases"][0]["ticked"] = json!(["signed"]);
    let refused = hall.refusal(clerk.posting("/filings", &wrong)).await;
    assert!(refused.contains("/cases/0/unmet/signed twice"), "{refused}");

    let case = scene.taken(&scene.unsigned("申请书第二页没有签字。").await).await;
    assert_eq!(case["notices"][0]["points"][0]["reason"], "申请书第二页没有签字。");
    let signed = case["points"].as_array().and_then(|points| points.iter().find(|point| point["code"] == "signed"));
    let signed = signed.unwrap_or(&Value::Null);
    assert_eq!((&signed["met"], &signed["open"]), (&json!(false), &json!(false)));

    scene.step(clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;
    let manager = hall.desk("supervisor").await;
    let again = json!({ "points": ["signed"], "allowed": "申请书换了。", "words": { "signed": "新申请书没有签字。" } });
    let view = scene.step(&manager, &case, "ask-supplement", again).await;
    assert_eq!(view["notices"][1]["points"][0]["reason"], "新申请书没有签字。");
    scene.workers.stop().await;
}

async fn a_second_notice_is_a_managers(scene: Scene) {
    let Scene { hall, clerk, .. } = &scene;
    let filing = scene.unsigned("").await;
    let case = scene.taken(&filing).await;
    scene.step(clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;

    let again = json!({ "points": ["signed"] });
    assert_eq!(scene.refused(clerk, &case, "ask-supplement", again.clone()).await, "403 forbidden");
    let manager = hall.desk("supervisor").await;
    let refused = scene.refused(&manager, &case, "ask-supplement", again).await;
    assert!(refused.starts_with("409 notice-given"), "{refused}");
    let allowed = json!({ "points": ["signed"], "allowed": "申请人换了法定代表人，原签字无效。" });
    let view = scene.step(&manager, &case, "ask-supplement", allowed).await;
    assert_eq!(view["state"], "supplement-asked");
    assert_eq!(view["notices"][1]["allowed_because"], "申请人换了法定代表人，原签字无效。");
    assert_eq!(scene.to_look_at("told-again").await, [case["number"].clone()]);
    scene.step(clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;
    let allowed = json!({ "points": ["signed"], "allowed": "补正的签字与身份证不符。" });
    scene.step(&manager, &case, "ask-supplement", allowed).await;
    let third = until("three notices", async || {
        let view = clerk.get(&format!("/cases/{}", case_id(&case))).await.done();
        let notices = view["papers"].as_array().unwrap().iter().filter(|paper| paper["kind"] == "supplement-notice");
        let ready: Vec<_> = notices.filter(|paper| paper["state"] == "ready").collect();
        let number = &view["notices"][2]["number"];
        ready.iter().find(|paper| paper["number"] == *number).map(|paper| paper["id"].as_str().unwrap().to_owned())
    });
    let third = text_of(&clerk.get(&format!("/papers/{}", third.await)).await.bytes);
    assert!(third.contains("本次为第三次告知，理由：补正的签字与身份证不符。"), "{third}");
    assert!(scene.to_look_at("asked").await.is_empty());
    let refused = manager.get("/cases?attention=asked&state=taken").await.refusal();
    assert_eq!(refused, "422 validation-failed | ?state not-allowed = \"taken\"");
    scene.step(clerk, &case, "withdraw", json!({ "text": "申请人不再开店。" })).await;
    assert!(scene.to_look_at("told-again").await.is_empty());
    scene.workers.stop().await;
}

async fn a_supplement_of_the_department_is_handed_in_at_the_window(scene: Scene) {
    let Scene { hall, clerk, .. } = &scene;
    let case = scene.taken(&scene.filing(None).await).await;
    let id = case_id(&case);
    let mut told = Told::default();
    let asked = protocol::TaskSupplementAsked {
        case_id: id,
        asked_at: web::Clock::now(&hall.clock),
        officer: "王建国".to_owned(),
        points: vec![protocol::MissingPoint {
            code: None,
            material: Some("floor-plan".to_owned()),
            reason: "请提交设备布局图。".to_owned(),
        }],
        notice: protocol::PaperRef { paper_id: hall.new_id(), number: "安市监许补〔2026〕1号".to_owned() },
        allowed: None,
    };
    told.tell(hall, Message::TaskSupplementAsked(asked)).await;
    let view = clerk.get(&format!("/cases/{id}")).await.done();
    assert_eq!((&view["state"], &view["notices"][0]["by"]), (&json!("supplement-asked"), &json!("department")));

    let lacking = scene.refused(clerk, &case, "supplements", json!({})).await;
    assert!(lacking.contains("/points/told-0 point-open"), "{lacking}");
    let plan = json!({ "code": "floor-plan", "sha256": null, "file_name": null, "copies": 1, "original": false });
    let mut health = plan.clone();
    let file = clerk.put("/files?name=a.pdf", b"%PDF-1.7 health".to_vec()).await.done();
    for (field, value) in [("code", "health-certificates"), ("file_name", "a.pdf"), ("dated", "2026-06-01")] {
        health[field] = json!(value);
    }
    health["sha256"] = file["sha256"].clone();
    let body = json!({ "materials": [plan, health], "ticked": ["told-0"] });
    let view = scene.step(clerk, &case, "supplements", body).await;
    assert_eq!(view["state"], "taken");
    let known = clerk.get("/applicants?kind=person&id_number=11010519900307283X").await.done();
    assert_eq!(known["materials"]["items"][0]["sha256"], file["sha256"], "what came with it is not asked for again");
    let told = scene.told(1).await;
    let Message::TaskSupplemented(supplemented) = &told[0] else { panic!("{told:?}") };
    let codes: Vec<_> = supplemented.materials.iter().map(|material| material.code.as_str()).collect();
    assert_eq!(codes, ["application", "floor-plan", "health-certificates"]);
    scene.workers.stop().await;
}

async fn an_advice_that_a_notice_asked_for_is_answered_too(scene: Scene) {
    let Scene { hall, clerk, .. } = &scene;
    let mut filing = scene.filing(None).await;
    filing["cases"][0]["ticked"] = json!([]);
    let case = scene.taken(&filing).await;
    let asked = protocol::TaskSupplementAsked {
        case_id: case_id(&case),
        asked_at: web::Clock::now(&hall.clock),
        officer: "王建国".to_owned(),
        points: vec![protocol::MissingPoint {
            code: Some("signed".to_owned()),
            material: Some("application".to_owned()),
            reason: "申请书没有申请人签字。".to_owned(),
        }],
        notice: protocol::PaperRef { paper_id: hall.new_id(), number: "安市监许补〔2026〕1号".to_owned() },
        allowed: None,
    };
    Told::default().tell(hall, Message::TaskSupplementAsked(asked)).await;
    let nothing = scene.refused(clerk, &case, "supplements", json!({})).await;
    assert!(nothing.contains("/points/signed point-open"), "{nothing}");
    let view = scene.step(clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;
    assert_eq!(view["state"], "taken");
    scene.workers.stop().await;
}

async fn an_immediate_case_is_decided_at_one_sitting(scene: Scene) {
    let then = json!({ "act": "decide", "outcome": "granted", "reason": "材料齐全，符合法定条件。" });
    let case = scene.taken(&scene.filing(Some(then)).await).await;
    let id = case_id(&case);
    assert_eq!((&case["state"], &case["outcome"]), (&json!("decided"), &json!("granted")));
    for kind in ["acceptance-notice", "decision", "certificate"] {
        scene.paper(id, kind).await;
    }
    until("the case is issued", async || {
        (scene.clerk.get(&format!("/cases/{id}")).await.done()["state"] == "issued").then_some(())
    })
    .await;
    let told = scene.told(2).await;
    let Message::TaskAcceptedAtWindow(accepted) = &told[0] else { panic!("{told:?}") };
    assert_eq!(accepted.agreement, "安政服委〔2026〕1号");
    let Message::TaskDecidedAtWindow(decided) = &told[1] else { panic!("{told:?}") };
    let certificate = decided.certificate.as_ref().unwrap();
    assert_eq!(certificate.number, "安市监食证窗〔2026〕1号");
    assert_eq!(certificate.valid_until, Some("2031-06-14".parse().unwrap()));
    assert_eq!(scene.department.assigned().len(), 1);
    scene.workers.stop().await;
}

async fn a_result_with_a_mark_of_its_own_is_numbered_under_it(scene: Scene) {
    let then = json!({ "act": "decide", "outcome": "granted", "reason": "材料齐全，符合法定条件。" });
    let case = scene.taken(&scene.filing(Some(then)).await).await;
    // What the department issues under the mark is counted there.
    assert_eq!(case["decision"]["certificate"]["number"], "安市监照窗〔2026〕1号");
    scene.workers.stop().await;
}

async fn a_case_is_accepted_by_delegation(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    assert_eq!(scene.to_look_at("with-window").await, [case["number"].clone()]);
    let texts = async |desk: &Office| {
        let item = desk.get(&format!("/cases/{}/item", case_id(&case))).await.done();
        item["decision_texts"]["grant"].as_str().unwrap().to_owned()
    };
    assert!(texts(&scene.clerk).await.contains("欧阳晓岚"), "{}", texts(&scene.clerk).await);
    assert!(texts(&scene.hall.desk("output_clerk").await).await.contains("{/"), "only who decides has it filled in");
    assert_eq!(case["item_code"], crate::test_hall::ITEM);
    let item = scene.clerk.get(&format!("/items/{}", crate::test_hall::ITEM)).await.done();
    assert_eq!(item["delegated"], json!(["accept", "decide"]));
    let view = scene.step(&scene.clerk, &case, "accept", json!({})).await;
    assert_eq!(view["state"], "accepted");
    scene.paper(case_id(&case), "acceptance-notice").await;
    assert!(scene.to_look_at("with-window").await.is_empty());
    let told = scene.told(1).await;
    assert!(matches!(&told[0], Message::TaskAcceptedAtWindow(_)), "{told:?}");
    assert_eq!(scene.department.assigned().len(), 1);
    let decide = json!({ "outcome": "denied", "reason": "经营场所不符合条件。" });
    assert_eq!(scene.refused(&scene.clerk, &case, "decide", decide).await, "409 with-department");
    scene.workers.stop().await;
}

async fn what_is_decided_later_is_accepted_and_decided_at_once(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    let decide = json!({ "outcome": "denied", "reason": "经营场所不符合条件。" });
    let view = scene.step(&scene.clerk, &case, "decide", decide).await;
    assert_eq!((&view["state"], &view["outcome"]), (&json!("decided"), &json!("denied")));
    scene.paper(case_id(&case), "acceptance-notice").await;
    let told = scene.told(2).await;
    assert!(matches!(&told[..], [Message::TaskAcceptedAtWindow(_), Message::TaskDecidedAtWindow(_)]), "{told:?}");
    assert_eq!(scene.department.assigned().len(), 1);
    scene.workers.stop().await;
}

async fn the_department_has_a_case_when_the_agreement_ends(scene: Scene) {
    let Scene { hall, department, workers, .. } = scene;
    // Three working days before the agreement ends, so that the limit for acceptance goes on.
    hall.clock.move_to("2026-06-29T01:00:00Z".parse().unwrap());
    let scene_clerk = hall.clerk().await;
    let mut filing = hall.filing(&scene_clerk).await;
    filing["cases"][0]["ticked"] = json!(["signed"]);
    let case = scene_clerk.post("/filings", &filing).await.done()["cases"][0].clone();
    assert_eq!(case["delivery_to_department"], Value::Null);
    workers.stop().await;
    hall.clock.move_to("2026-07-01T01:00:00Z".parse().unwrap());
    let workers = hall.start();
    until("the department has the case", async || (department.assigned().len() == 1).then_some(())).await;
    let view = hall.clerk().await.get(&format!("/cases/{}", case_id(&case))).await.done();
    assert_eq!(view["state"], "taken", "and may still accept it");
    workers.stop().await;
}

async fn the_windows_silence_accepts_too(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    let Scene { hall, department, workers, .. } = scene;
    workers.stop().await;
    hall.clock.move_to("2026-06-24T01:00:00Z".parse().unwrap());
    let workers = hall.start();
    until("the department is told of the silence", async || (department.told_silence().len() == 1).then_some(())).await;
    assert_eq!(department.assigned().len(), 1, "it has the case first");
    let view = hall.clerk().await.get(&format!("/cases/{}", case_id(&case))).await.done();
    assert_eq!((&view["state"], &view["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    workers.stop().await;
}

async fn nobody_acts_past_a_silence_that_is_not_written_down_yet(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    let Scene { hall, department, workers, .. } = scene;
    workers.stop().await;
    hall.clock.move_to("2026-06-24T01:00:00Z".parse().unwrap());
    let clerk = hall.clerk().await;
    let path = format!("/cases/{}", case_id(&case));
    let seen = clerk.get(&path).await.done()["version"].as_u64().unwrap();
    let refused = clerk.posting(&format!("{path}/accept"), &json!({})).seen(seen).send().await;
    assert_eq!(refused.json()["code"], "precondition-failed", "{}", refused.text());
    let view = clerk.get(&path).await.done();
    assert_eq!((&view["state"], &view["deemed_accepted"]), (&json!("accepted"), &json!(true)));
    let workers = hall.start();
    until("the department is told of the silence", async || (department.told_silence().len() == 1).then_some(())).await;
    workers.stop().await;
}

async fn what_is_missing_comes_and_the_limit_runs_from_then(scene: Scene) {
    let case = scene.taken(&scene.unsigned("").await).await;
    let later: jiff::Timestamp = "2026-06-16T02:00:00Z".parse().unwrap();
    scene.hall.clock.move_to(later);
    let clerk = scene.hall.clerk().await;
    scene.step(&clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;
    let Scene { hall, department, workers, .. } = scene;
    workers.stop().await;
    hall.clock.move_to("2026-06-26T01:00:00Z".parse().unwrap());
    let workers = hall.start();
    until("the department is told of the silence", async || (department.told_silence().len() == 1).then_some(())).await;
    let assigned = department.assigned();
    assert_eq!((assigned[0].received_at, assigned[0].limit_from()), (Some(later), later));
    assert_eq!(department.told_silence()[0].accepted_at, later);
    workers.stop().await;
}

async fn a_step_that_is_repeated_is_answered_as_it_was(scene: Scene) {
    let Scene { clerk, .. } = &scene;
    let case = scene.taken(&scene.filing(None).await).await;
    let path = format!("/cases/{}/ask-supplement", case_id(&case));
    let seen = clerk.get(&format!("/cases/{}", case_id(&case))).await.done()["version"].as_u64().unwrap();
    let ask = async || {
        let body = json!({ "points": ["signed"] });
        clerk.posting(&path, &body).seen(seen).key("first-notice").send().await.done()
    };
    let first = ask().await;
    assert_eq!(ask().await, first, "though a second notice is a manager's");
    scene.workers.stop().await;
}

async fn a_department_knows_what_the_window_has_told_and_tells_for_itself(scene: Scene) {
    let Scene { hall, clerk, department, .. } = &scene;
    let case = scene.taken(&scene.unsigned("").await).await;
    scene.step(clerk, &case, "supplements", json!({ "ticked": ["signed"] })).await;
    until("the department has the case", async || (department.assigned().len() == 1).then_some(())).await;
    let notices = &department.assigned()[0].notices;
    assert_eq!((notices.len(), notices[0].points[0].code.as_deref()), (1, Some("signed")));

    // A department that does not look at that has issued its notice all the same.
    let asked = protocol::TaskSupplementAsked {
        case_id: case_id(&case),
        asked_at: web::Clock::now(&hall.clock),
        officer: "王建国".to_owned(),
        points: vec![protocol::MissingPoint {
            code: None, material: None, reason: "请提交设备布局图。".to_owned()
        }],
        notice: protocol::PaperRef { paper_id: hall.new_id(), number: "安市监许补〔2026〕1号".to_owned() },
        allowed: None,
    };
    Told::default().tell(hall, Message::TaskSupplementAsked(asked)).await;
    let view = clerk.get(&format!("/cases/{}", case_id(&case))).await.done();
    assert_eq!((&view["state"], view["notices"].as_array().map(Vec::len)), (&json!("supplement-asked"), Some(2)));
    assert_eq!(scene.to_look_at("told-again").await, [case["number"].clone()], "and somebody looks at it");
    scene.workers.stop().await;
}

async fn what_is_here_is_used_for_a_supplement_and_nothing_is_handed_in_twice(scene: Scene) {
    let Scene { clerk, .. } = &scene;
    let case = scene.taken(&scene.unsigned("").await).await;
    let plan = json!({ "code": "floor-plan", "copies": 1, "original": false });
    let twice = json!({ "materials": [plan, plan], "ticked": ["signed"] });
    let refused = scene.refused(clerk, &case, "supplements", twice).await;
    assert!(refused.contains("/materials/1/code twice"), "{refused}");
    let mut strange = plan;
    strange["reused_from"] = json!(scene.hall.new_id());
    strange["sha256"] = json!("ab".repeat(32));
    let strange = json!({ "materials": [strange], "ticked": ["signed"] });
    let refused = scene.refused(clerk, &case, "supplements", strange).await;
    assert!(refused.contains("/materials/0/reused_from unknown"), "{refused}");
    scene.workers.stop().await;
}

async fn what_the_department_has_is_not_for_the_window(scene: Scene) {
    let Scene { hall, clerk, .. } = &scene;
    let case = scene.taken(&scene.filing(None).await).await;
    let ask = json!({ "points": ["signed"] });
    assert_eq!(scene.refused(clerk, &case, "ask-supplement", ask).await, "409 with-department");
    let unsigned = scene.taken(&scene.unsigned("").await).await;
    let manager = hall.desk("supervisor").await;
    scene.step(clerk, &unsigned, "supplements", json!({ "ticked": ["signed"] })).await;
    let again = json!({ "points": ["signed"], "allowed": "申请书换了。" });
    assert_eq!(scene.refused(&manager, &unsigned, "ask-supplement", again).await, "409 with-department");
    scene.workers.stop().await;
}

async fn a_notice_names_no_limit_that_the_item_has_not(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    scene.step(&scene.clerk, &case, "accept", json!({})).await;
    let text = scene.text(case_id(&case), "acceptance-notice").await;
    assert!(text.contains("法定办结时限") && !text.contains("承诺办结时限"), "{text}");
    scene.workers.stop().await;
}

async fn what_needs_no_service_is_not_called_a_licence(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    let rejection = json!({ "ground": "not-needed", "reason": "本人已经办理。" });
    scene.step(&scene.clerk, &case, "reject", rejection).await;
    let text = scene.text(case_id(&case), "rejection").await;
    assert!(text.contains("申请事项依法不需要办理。") && !text.contains("不需要取得行政许可"), "{text}");
    scene.workers.stop().await;
}

async fn an_application_is_rejected_with_its_document(scene: Scene) {
    let Scene { hall, clerk, department, .. } = &scene;
    let reject = |authority: Option<&str>| {
        json!({ "act": "reject", "ground": "not-competent", "reason": "该事项由市卫生健康委员会办理。",
                "competent_authority": authority })
    };
    let wrong = scene.filing(Some(reject(None))).await;
    let refused = hall.refusal(clerk.posting("/filings", &wrong)).await;
    assert_eq!(refused, "422 validation-failed | /cases/0/then/competent_authority required");
    let mut filing = scene.filing(Some(reject(Some("安澜市卫生健康委员会")))).await;
    // An application that is not accepted need not be whole.
    filing["cases"][0]["ticked"] = json!([]);
    let case = scene.taken(&filing).await;
    assert_eq!(case["state"], "rejected");
    assert_eq!(case["rejection"]["competent_authority"], "安澜市卫生健康委员会");
    let paper = scene.paper(case_id(&case), "rejection").await;
    assert_eq!(paper["number"], "安市监许不受窗〔2026〕1号");
    assert!(department.assigned().is_empty());
    let output = hall.desk("output_clerk").await;
    let collect = json!({
        "collector": { "name": "欧阳晓岚", "id_number": "11010519900307283X", "relation": "self" },
        "originals": { "returned": ["application"] },
    });
    let refused = scene.refused(&output, &case, "deliver", collect).await;
    assert!(refused.starts_with("409 paper-not-printed"), "{refused}");
    scene.workers.stop().await;
}

async fn what_was_not_delegated_is_not_done_at_the_window(mut scene: Scene) {
    let decide = json!({ "act": "decide", "outcome": "granted", "reason": "符合条件。" });
    // The agreement ends with the month.
    scene.hall.clock.move_to("2026-07-01T01:00:00Z".parse().unwrap());
    scene.clerk = scene.hall.clerk().await;
    let Scene { hall, clerk, .. } = &scene;
    let item = format!("/items/{}", crate::test_hall::ITEM);
    assert_eq!(clerk.get(&item).await.done()["delegated"], json!([]));
    let filing = scene.filing(Some(decide)).await;
    let refused = hall.refusal(clerk.posting("/filings", &filing)).await;
    assert!(refused.starts_with("409 not-delegated"), "{refused}");
    let mut unsigned = scene.unsigned("").await;
    unsigned["cases"][0]["then"] = json!({ "act": "reject", "ground": "not-needed", "reason": "无须许可。" });
    let refused = hall.refusal(clerk.posting("/filings", &unsigned)).await;
    assert!(refused.starts_with("409 not-delegated"), "{refused}");
    let case = scene.taken(&scene.filing(None).await).await;
    for (step, body) in [("accept", json!({})), ("reject", json!({ "ground": "not-needed", "reason": "无须许可。" }))]
    {
        assert_eq!(scene.refused(clerk, &case, step, body).await, "409 with-department", "{step}");
    }
    scene.workers.stop().await;
}

async fn an_application_is_taken_back_and_its_originals_returned(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    let view = scene.step(&scene.clerk, &case, "withdraw", json!({ "text": "申请人不再经营。" })).await;
    assert_eq!((&view["state"], &view["withdrawal"]["reason"]), (&json!("withdrawn"), &json!("申请人不再经营。")));
    scene.paper(case_id(&case), "withdrawal").await;
    let told = scene.told(1).await;
    assert!(matches!(&told[0], Message::TaskWithdrawn(_)), "{told:?}");
    let output = scene.hall.desk("output_clerk").await;
    let receiver = json!({ "name": "欧阳晓岚", "id_number": "11010519900307283X", "relation": "self" });
    let nobody = scene.refused(&output, &case, "originals", json!({ "returned": ["application"] })).await;
    assert_eq!(nobody, "422 validation-failed | /receiver required");
    let mut other = receiver.clone();
    other["id_number"] = json!("11010519491231002X");
    let other = json!({ "returned": ["application"], "receiver": other });
    let other = scene.refused(&output, &case, "originals", other).await;
    assert!(other.contains("/receiver/id_number not-the-applicant"), "{other}");
    let strange = json!({ "returned": ["lease"], "receiver": receiver });
    let strange = scene.refused(&output, &case, "originals", strange).await;
    assert!(strange.contains("not-held"), "{strange}");
    let back = json!({ "returned": ["application"], "receiver": receiver });
    let view = scene.step(&output, &case, "originals", back).await;
    assert_eq!(view["state"], "closed");
    assert_eq!(view["originals"][0]["fate"], "returned");
    assert_eq!(view["originals"][0]["receiver"], "欧阳晓岚");
    scene.workers.stop().await;
}

async fn window_and_department_ask_each_other(scene: Scene) {
    let Scene { hall, clerk, .. } = &scene;
    let case = scene.taken(&scene.filing(None).await).await;
    let id = case_id(&case);
    let path = format!("/cases/{id}/enquiries");
    let view = clerk.posting(&path, &json!({ "text": "布局图可以手绘吗？" })).send().await.done();
    let enquiry: Uuid = view["enquiries"][0]["id"].as_str().unwrap().parse().unwrap();
    let told = scene.told(1).await;
    let Message::EnquiryAsked(asked) = &told[0] else { panic!("{told:?}") };
    assert_eq!((asked.enquiry_id, asked.text.as_str()), (enquiry, "布局图可以手绘吗？"));

    let mut department = Told::default();
    let now = web::Clock::now(&hall.clock);
    let answered = protocol::EnquiryAnswered {
        case_id: id,
        enquiry_id: enquiry,
        answered_at: now,
        officer: "王建国".to_owned(),
        text: "可以，标明尺寸。".to_owned(),
    };
    department.tell(hall, Message::EnquiryAnswered(answered)).await;
    let theirs = hall.new_id();
    let asked = protocol::EnquiryAsked {
        case_id: id,
        enquiry_id: theirs,
        asked_at: now,
        officer: "王建国".to_owned(),
        text: "申请人经营面积是否含后厨？".to_owned(),
    };
    department.tell(hall, Message::EnquiryAsked(asked)).await;
    assert_eq!(scene.to_look_at("asked").await, [case["number"].clone()]);
    let own = clerk.posting(&format!("{path}/{enquiry}/answer"), &json!({ "text": "自问自答" })).send().await;
    assert!(own.refusal().starts_with("404 enquiry-not-found"), "{}", own.refusal());
    let view = clerk.posting(&format!("{path}/{theirs}/answer"), &json!({ "text": "含。" })).send().await.done();
    assert!(scene.to_look_at("asked").await.is_empty());
    let words: Vec<_> = view["enquiries"].as_array().unwrap().iter().map(|it| &it["answer"]).collect();
    assert_eq!(words, [&json!("可以，标明尺寸。"), &json!("含。")]);
    scene.workers.stop().await;
}

async fn who_may_not_is_refused_every_step(scene: Scene) {
    let case = scene.taken(&scene.filing(None).await).await;
    let output = scene.hall.desk("output_clerk").await;
    for (step, body) in [
        ("ask-supplement", json!({ "points": ["signed"] })),
        ("supplements", json!({})),
        ("reject", json!({ "ground": "not-needed", "reason": "无须许可。" })),
        ("accept", json!({})),
        ("decide", json!({ "outcome": "granted", "reason": "符合条件。" })),
        ("withdraw", json!({ "text": "不办了。" })),
    ] {
        assert_eq!(scene.refused(&output, &case, step, body).await, "403 forbidden", "{step}");
    }
    let clerk = &scene.clerk;
    let originals = scene.refused(clerk, &case, "originals", json!({ "returned": ["application"] })).await;
    assert_eq!(originals, "403 forbidden");
    scene.workers.stop().await;
}
