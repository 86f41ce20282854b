//! From the decision to the hand-over: papers fetched by hash, printed on a real (simulated) printer, handed over once.

use http::Method;
use printing::simulator::{Condition, SimulatedPrinter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    fake_department::{FakeDepartment, case_id, case_when, issue},
    stage::{Office, Place, until},
    test_hall::{PDF, TestHall, with_printer},
};

crate::on_both_databases! { open:
    a_case_goes_from_window_to_hand_over
    the_result_is_handed_over_only_once_it_is_printed
    a_hand_over_names_the_version_it_was_decided_on
    a_collector_is_checked
    a_second_print_needs_a_reason
    a_print_that_fails_can_be_tried_again_and_a_waiting_one_called_off
}

/// A hall at work, with a printer and a department.
pub(crate) struct Scene {
    pub(crate) hall: TestHall,
    pub(crate) printer: SimulatedPrinter,
    pub(crate) department: FakeDepartment,
    pub(crate) workers: yichuang_hall::Workers,
}

pub(crate) async fn open(place: Place) -> Scene {
    let department = FakeDepartment::start().await;
    let (hall, printer) = with_printer(place, Some(department.url.clone())).await;
    let workers = hall.start();
    Scene { hall, printer, department, workers }
}

impl Scene {
    /// A case whose papers are all here, none of them printed.
    pub(crate) async fn issued_case(&self) -> (Office, Value) {
        let desk = self.hall.desk("output_clerk").await;
        let case = self.hall.taken_case(&self.hall.clerk().await).await;
        // First, so that the events of the case have one order.
        self.receipt(&desk, case_id(&case)).await;
        let case = issue(&self.hall, &self.department, &desk, case_id(&case)).await;
        (desk, case)
    }

    /// A case that was handed over, and is closed.
    pub(crate) async fn closed_case(&self) -> Uuid {
        let (desk, case) = self.issued_case().await;
        for kind in ["decision", "certificate"] {
            self.print(&desk, paper(&case, kind)).await;
        }
        let path = format!("/cases/{}", case_id(&case));
        let version = desk.get(&path).await.done()["version"].as_u64().unwrap();
        let delivered = desk.posting(&format!("{path}/deliver"), &collector(json!({}))).seen(version).send().await;
        assert_eq!(delivered.done()["state"], "closed");
        case_id(&case)
    }

    /// Waits for the receipt, which is rendered at any moment.
    async fn receipt(&self, desk: &Office, case: Uuid) {
        until("the receipt", async || {
            let case = desk.get(&format!("/cases/{case}")).await.done();
            (paper(&case, "intake-receipt")["state"] == "ready").then_some(())
        })
        .await;
    }

    pub(crate) async fn print(&self, desk: &Office, paper: &Value) -> Value {
        let path = format!("/papers/{}/prints", paper["id"].as_str().unwrap());
        let print = desk.post(&path, &json!({})).await.done();
        self.print_when(desk, &print["id"], "done").await
    }

    pub(crate) async fn print_when(&self, desk: &Office, id: &Value, state: &str) -> Value {
        until(&format!("a print that is {state}"), async || {
            let prints = desk.get("/prints").await.done();
            let found = prints["items"].as_array().unwrap().iter().find(|print| print["id"] == *id).cloned();
            found.filter(|print| print["state"] == state)
        })
        .await
    }
}

pub(crate) fn paper<'a>(case: &'a Value, kind: &str) -> &'a Value {
    case["papers"].as_array().unwrap().iter().find(|paper| paper["kind"] == kind).unwrap()
}

pub(crate) fn collector(changes: Value) -> Value {
    let mut body = json!({
        "collector": { "name": "欧阳晓岚", "id_number": "11010519900307283X", "relation": "self" },
        "originals": { "archived": ["application"] },
    });
    for (field, value) in changes.as_object().unwrap() {
        body["collector"][field] = value.clone();
    }
    body
}

async fn a_case_goes_from_window_to_hand_over(scene: Scene) {
    let Scene { hall, printer, department, .. } = &scene;
    let (desk, case) = scene.issued_case().await;
    let id = case_id(&case);
    until("the department has the task", async || (department.assigned().len() == 1).then_some(())).await;
    assert_eq!(department.assigned()[0].number, case["number"].as_str().unwrap());
    assert_eq!(department.assigned()[0].applicant.id_number, "11010519900307283X");

    let receipt = until("the receipt", async || {
        let answer = desk.get(&format!("/papers/{}", paper(&case, "intake-receipt")["id"].as_str().unwrap())).await;
        (answer.status == 200).then_some(answer)
    })
    .await;
    assert!(receipt.bytes.starts_with(b"%PDF-"));
    let decision = desk.get(&format!("/papers/{}", paper(&case, "decision")["id"].as_str().unwrap())).await;
    assert!(decision.bytes.starts_with(PDF), "the paper is the one the department made");
    assert_eq!(decision.header("content-type"), "application/pdf");

    for kind in ["decision", "certificate"] {
        let print = scene.print(&desk, paper(&case, kind)).await;
        assert_eq!((&print["nth"], &print["reason"]), (&json!(1), &Value::Null));
    }
    assert_eq!(printer.printed().len(), 2);
    assert_eq!(printer.printed()[0].bytes, decision.bytes);

    let seen = desk.get(&format!("/cases/{id}")).await;
    let version = seen.done()["version"].as_u64().unwrap();
    assert_eq!(seen.header("etag"), format!("\"{version}\""));
    let ask = || desk.posting(&format!("/cases/{id}/deliver"), &collector(json!({}))).seen(version).key("hand-over");
    let delivered = ask().send().await;
    assert_eq!(delivered.done()["state"], "closed");
    assert_eq!(ask().send().await.bytes, delivered.bytes, "repeated, it is answered as before");
    assert_eq!(delivered.done()["collector"]["id_number"], "1101**********283X", "{}", delivered.done()["collector"]);
    until("the proof", async || {
        let case = desk.get(&format!("/cases/{id}")).await.done();
        (paper(&case, "delivery-proof")["state"] == "ready").then_some(())
    })
    .await;
    let again = desk.posting(&format!("/cases/{id}/deliver"), &collector(json!({})));
    let now = delivered.done()["version"].as_u64().unwrap();
    assert_eq!(hall.refusal(again.seen(now)).await, r#"409 not-now |  not-now {"command":"deliver","state":"closed"}"#);

    let timeline = desk.get(&format!("/cases/{id}/timeline")).await.done();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str().unwrap()).collect();
    for kind in ["taken", "accepted", "decided", "issued", "delivered", "closed"] {
        assert!(kinds.iter().any(|found| found.contains(kind)), "{kind}: {kinds:?}");
    }
    assert!(hall.hall.store().verify_journal(|_| ()).await.unwrap().faults.is_empty());
    scene.workers.stop().await;
}

async fn the_result_is_handed_over_only_once_it_is_printed(scene: Scene) {
    let hall = &scene.hall;
    let clerk = hall.clerk().await;
    let desk = hall.desk("output_clerk").await;
    let case = hall.taken_case(&clerk).await;
    let id = case_id(&case);
    let deliver = |version: u64| desk.posting(&format!("/cases/{id}/deliver"), &collector(json!({}))).seen(version);
    let version = async || desk.get(&format!("/cases/{id}")).await.done()["version"].as_u64().unwrap();
    scene.receipt(&desk, id).await;
    let early = hall.refusal(deliver(version().await)).await;
    assert_eq!(early, r#"409 not-now |  not-now {"command":"deliver","state":"taken"}"#);

    let case = issue(hall, &scene.department, &desk, id).await;
    let now = version().await;
    assert_eq!(hall.refusal(deliver(now)).await, r#"409 paper-not-printed |  not-printed = "安市监许决〔2026〕1号""#);
    scene.print(&desk, paper(&case, "decision")).await;
    let now = version().await;
    assert!(
        hall.refusal(deliver(now)).await.starts_with(r#"409 paper-not-printed |  not-printed = "JY29901000000001""#)
    );
    scene.print(&desk, paper(&case, "certificate")).await;
    let now = version().await;
    assert_eq!(deliver(now).send().await.status, 200);
    scene.workers.stop().await;
}

async fn a_hand_over_names_the_version_it_was_decided_on(scene: Scene) {
    let hall = &scene.hall;
    let (desk, case) = scene.issued_case().await;
    scene.workers.stop().await;
    let deliver = || desk.posting(&format!("/cases/{}/deliver", case_id(&case)), &collector(json!({})));
    let mut lines = vec![format!("no If-Match\n    -> {}", hall.refusal(deliver()).await)];
    let garbled = [
        "7",
        "",
        "\"\"",
        "\"seven\"",
        "*",
        "W/\"1\"",
        "\"1\", \"2\"",
        "\"-1\"",
        "\"99999999999999999999\"",
        "\"1\0\"",
        "\"１\"",
    ];
    for value in garbled.into_iter().filter(|value| !value.contains('\0')) {
        lines.push(format!("If-Match {value}\n    -> {}", hall.refusal(deliver().header("if-match", value)).await));
    }
    for old in [0, 1, u64::MAX] {
        let line = hall.refusal(deliver().seen(old)).await;
        lines.push(format!("If-Match {old}\n    -> {line}"));
    }
    insta::assert_snapshot!("a_hand_over_names_the_version_it_was_decided_on", lines.join("\n"));
}

async fn a_collector_is_checked(scene: Scene) {
    let hall = &scene.hall;
    let (desk, case) = scene.issued_case().await;
    for kind in ["decision", "certificate"] {
        scene.print(&desk, paper(&case, kind)).await;
    }
    scene.workers.stop().await;
    let version = desk.get(&format!("/cases/{}", case_id(&case))).await.done()["version"].as_u64().unwrap();
    let wrong = [
        ("name missing", json!({ "name": null })),
        ("name empty", json!({ "name": "" })),
        ("name too long", json!({ "name": "长".repeat(101) })),
        ("name with NUL", json!({ "name": "欧阳\0晓岚" })),
        ("name with a mark that turns", json!({ "name": "欧阳\u{202e}晓岚" })),
        ("id number with a wrong check digit", json!({ "id_number": "110105199003072831" })),
        ("id number of somebody else", json!({ "id_number": "11010519491231002X" })),
        ("relation unknown", json!({ "relation": "friend" })),
        ("note too long", json!({ "note": "长".repeat(201), "relation": "agent" })),
        (
            "an agent without authority",
            json!({ "name": "李代办", "id_number": "11010519491231002X", "relation": "agent" }),
        ),
        ("a representative of a person", json!({ "relation": "representative" })),
        ("a name that cannot be printed", json!({ "name": "欧阳\u{20bb7}" })),
        ("a field that there is not", json!({ "phone": "13800138000" })),
    ];
    let mut lines = vec![];
    for (label, changes) in wrong {
        let ask = desk.posting(&format!("/cases/{}/deliver", case_id(&case)), &collector(changes)).seen(version);
        lines.push(format!("{label}\n    -> {}", hall.refusal(ask).await));
    }
    let ask = desk.posting(&format!("/cases/{}/deliver", case_id(&case)), &json!({})).seen(version);
    lines.push(format!("nobody\n    -> {}", hall.refusal(ask).await));
    insta::assert_snapshot!("a_collector_is_checked", lines.join("\n"));

    let agent = collector(
        json!({ "name": "李代办", "id_number": "11010519491231002x", "relation": "agent", "authority": "授权委托书" }),
    );
    let ask = desk.posting(&format!("/cases/{}/deliver", case_id(&case)), &agent).seen(version);
    assert_eq!(ask.send().await.done()["state"], "closed");
}

async fn a_second_print_needs_a_reason(scene: Scene) {
    let hall = &scene.hall;
    let (desk, case) = scene.issued_case().await;
    let decision = paper(&case, "decision");
    let path = format!("/papers/{}/prints", decision["id"].as_str().unwrap());
    scene.print(&desk, decision).await;
    let mut lines = vec![];
    let bodies = [
        json!({}),
        json!({ "reason": null }),
        json!({ "reason": "   " }),
        json!({ "reason": 7 }),
        json!({ "reason": "长".repeat(201) }),
        json!({ "reason": "卡纸\0" }),
        json!({ "reason": "卡\u{202e}纸" }),
        json!({ "grund": "卡纸" }),
        json!(["卡纸"]),
    ];
    for body in bodies {
        lines.push(format!("{:.60}\n    -> {}", body.to_string(), hall.refusal(desk.posting(&path, &body)).await));
    }
    let ask = desk.ask(Method::POST, &path).key("text").bytes("text/plain", "卡纸");
    lines.push(format!("as text\n    -> {}", hall.refusal(ask).await));
    insta::assert_snapshot!("a_second_print_needs_a_reason", lines.join("\n"));

    let again = desk.post(&path, &json!({ "reason": " 申请人遗失 " })).await.done();
    assert_eq!((&again["nth"], &again["reason"]), (&json!(2), &json!("申请人遗失")));
    scene.print_when(&desk, &again["id"], "done").await;
    assert_eq!(scene.printer.printed().len(), 2);
    scene.workers.stop().await;
}

async fn a_print_that_fails_can_be_tried_again_and_a_waiting_one_called_off(scene: Scene) {
    let Scene { hall, printer, workers, .. } = &scene;
    let _ = workers;
    let (desk, case) = scene.issued_case().await;
    let path = |kind: &str| format!("/papers/{}/prints", paper(&case, kind)["id"].as_str().unwrap());
    printer.set(Condition::Jam);
    let print = desk.post(&path("decision"), &json!({})).await.done();
    let failed = scene.print_when(&desk, &print["id"], "failed").await;
    assert_eq!(failed["trouble"], "aborted", "{failed}");
    let id: Uuid = print["id"].as_str().unwrap().parse().unwrap();
    let cancel = format!("/prints/{id}/cancel");
    assert_eq!(
        hall.refusal(desk.posting(&cancel, &json!({}))).await,
        r#"409 not-now |  not-now {"command":"change-print","state":"failed"}"#
    );
    printer.set(Condition::Ready);
    desk.post(&format!("/prints/{id}/retry"), &json!({})).await.done();
    scene.print_when(&desk, &print["id"], "done").await;
    let seen = case_when(&desk, case_id(&case), "issued").await;
    assert_eq!(paper(&seen, "decision")["prints"].as_array().unwrap().len(), 1);
    assert_eq!(
        hall.refusal(desk.posting(&format!("/prints/{id}/retry"), &json!({}))).await,
        r#"409 not-now |  not-now {"command":"change-print","state":"done"}"#
    );

    // A failed print is none, so that another needs no reason; once that came out, to try the failed one again does.
    printer.set(Condition::Jam);
    let failed = desk.post(&path("intake-receipt"), &json!({})).await.done();
    scene.print_when(&desk, &failed["id"], "failed").await;
    printer.set(Condition::Ready);
    let second = desk.post(&path("intake-receipt"), &json!({})).await.done();
    scene.print_when(&desk, &second["id"], "done").await;
    let retry = format!("/prints/{}/retry", failed["id"].as_str().unwrap());
    let refused = hall.refusal(desk.posting(&retry, &json!({}))).await;
    assert!(refused.contains("reprint-reason-missing"), "{refused}");

    // With nobody at the station a print waits, and can be called off.
    let Scene { hall, workers, .. } = scene;
    workers.stop().await;
    let waiting = desk.post(&path("certificate"), &json!({})).await.done();
    let cancel = format!("/prints/{}/cancel", waiting["id"].as_str().unwrap());
    assert_eq!(desk.post(&cancel, &json!({})).await.done()["state"], "cancelled");
    let refused = hall.refusal(desk.posting(&cancel, &json!({}))).await;
    assert_eq!(refused, r#"409 not-now |  not-now {"command":"change-print","state":"cancelled"}"#);
    // What was called off is no print: the next one is the first and needs no reason.
    let first = desk.post(&path("certificate"), &json!({})).await.done();
    assert_eq!(first["state"], "queued");
}
