//! The hand-over: proof of service with a signature, the post, and who may collect.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    fake_department::{case_id, issue},
    printing_and_delivery::{Scene, collector, open, paper},
    stage::{Answer, Office, until},
    test_hall::{PDF, TestHall},
};

crate::on_both_databases! { open:
    a_signed_hand_over_makes_a_proof_that_is_printed_at_once
    without_a_pad_the_proof_has_a_blank_to_be_signed
    what_cannot_be_a_signature_is_refused
    a_result_is_sent_by_post_and_found_by_its_number
    a_parcel_with_several_results_finds_each_case
    a_parcel_is_checked_field_by_field
    who_sends_the_result_does_not_collect_it
}

const SIGNATURE: &[u8] = include_bytes!("../files/signature.png");
const BLANK: &[u8] = include_bytes!("../files/blank.png");

impl Scene {
    /// A case of which only the hand-over is left.
    async fn printed_case(&self) -> (Office, Value) {
        let (desk, case) = self.issued_case().await;
        for kind in ["decision", "certificate"] {
            self.print(&desk, paper(&case, kind)).await;
        }
        let case = desk.get(&format!("/cases/{}", case_id(&case))).await.done();
        (desk, case)
    }

    async fn handed_over(&self, desk: &Office, case: &Value, body: &Value) -> Answer {
        let path = format!("/cases/{}/deliver", case_id(case));
        desk.posting(&path, body).seen(case["version"].as_u64().unwrap()).send().await
    }

    /// The proof of a case once it is here, with its text.
    async fn proof(&self, desk: &Office, case: &Value) -> (Value, String) {
        let path = format!("/cases/{}", case_id(case));
        let proof = until("the proof", async || {
            let case = desk.get(&path).await.done();
            let proof = paper(&case, "delivery-proof").clone();
            (proof["state"] == "ready").then_some(proof)
        })
        .await;
        let bytes = desk.get(&format!("/papers/{}", proof["id"].as_str().unwrap())).await.bytes;
        (proof, text_of(&bytes))
    }
}

async fn refused(hall: &TestHall, desk: &Office, case: &Value, body: &Value) -> String {
    let path = format!("/cases/{}/deliver", case_id(case));
    hall.refusal(desk.posting(&path, body).seen(case["version"].as_u64().unwrap())).await
}

/// The text of a PDF, without the spaces between.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext");
    let mut reader = reader.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    text.chars().filter(|found| !found.is_whitespace()).collect()
}

async fn uploaded(desk: &Office, name: &str, bytes: &[u8]) -> String {
    let file = desk.put(&format!("/files?name={name}"), bytes).await.done();
    file["sha256"].as_str().unwrap().to_owned()
}

async fn a_signed_hand_over_makes_a_proof_that_is_printed_at_once(scene: Scene) {
    let (desk, case) = scene.printed_case().await;
    let mut body = collector(json!({ "note": "当面核对" }));
    body["originals"] = json!({ "returned": ["application"] });
    body["signature"] = json!(uploaded(&desk, "signature.png", SIGNATURE).await);
    body["print_proof"] = json!(true);
    let delivered = scene.handed_over(&desk, &case, &body).await.done();
    assert_eq!(delivered["state"], "closed");
    assert_eq!(paper(&delivered, "delivery-proof")["number"], "安政服送〔2026〕1号");
    let (proof, text) = scene.proof(&desk, &case).await;
    for expected in [
        "送达回证",
        "安政服送〔2026〕1号",
        "安市监许决〔2026〕1号",
        "JY29901000000001",
        "欧阳晓岚",
        "本人",
        "直接送达",
        "1101**********283X",
        "安澜市政务服务中心09号窗口",
        "随同退还的原件",
        "当面核对",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    assert!(!text.contains("11010519900307283X"), "{text}");
    until("the print of the proof", async || (scene.printer.printed().len() == 3).then_some(())).await;
    let bytes = desk.get(&format!("/papers/{}", proof["id"].as_str().unwrap())).await.bytes;
    assert_eq!(scene.printer.printed()[2].bytes, bytes);
    // It is a paper of the case like the others: printed again only with a reason, and counted.
    let path = format!("/papers/{}/prints", proof["id"].as_str().unwrap());
    until("the print is counted", async || {
        let case = desk.get(&format!("/cases/{}", case_id(&case))).await.done();
        (paper(&case, "delivery-proof")["prints"][0]["state"] == "done").then_some(())
    })
    .await;
    assert_eq!(
        scene.hall.refusal(desk.posting(&path, &json!({}))).await,
        "422 reprint-reason-missing | /reason required"
    );
    let found = desk.get(&format!("/cases/find?scan={}", crate::stage::encoded("安政服送〔2026〕1号"))).await.done();
    assert_eq!(found["id"], case["id"]);
    scene.workers.stop().await;
    assert!(scene.hall.hall.store().verify_journal(|_| ()).await.unwrap().faults.is_empty());
}

async fn without_a_pad_the_proof_has_a_blank_to_be_signed(scene: Scene) {
    let (desk, case) = scene.printed_case().await;
    scene.handed_over(&desk, &case, &collector(json!({}))).await.done();
    let (proof, text) = scene.proof(&desk, &case).await;
    assert!(text.contains("收件人签名或者盖章") && text.contains("年月日"), "{text}");
    assert_eq!(proof["prints"], json!([]), "it is printed at once only when that was asked for");
    scene.workers.stop().await;
}

async fn what_cannot_be_a_signature_is_refused(scene: Scene) {
    let (desk, case) = scene.printed_case().await;
    scene.workers.stop().await;
    let broken = [&SIGNATURE[..60], &[0; 60]].concat();
    for (sha256, expected) in [
        ("ab".repeat(32), "file-missing"),
        ("none".to_owned(), "file-missing"),
        (uploaded(&desk, "a.pdf", PDF).await, "refused"),
        (uploaded(&desk, "blank.png", BLANK).await, "no-ink"),
        (uploaded(&desk, "broken.png", &broken).await, "refused"),
    ] {
        let mut body = collector(json!({}));
        body["signature"] = json!(sha256);
        let line = refused(&scene.hall, &desk, &case, &body).await;
        assert_eq!(line, format!("422 validation-failed | /signature {expected} = {:?}", sha256));
    }
}

fn parcel(changes: Value) -> Value {
    let mut post = json!({
        "carrier": "中国邮政 EMS",
        "tracking_number": "ea 123-456789 cn",
        "addressee": "欧阳晓岚",
        "address": "安澜市桂花街12号",
        "phone": "13800138000",
    });
    for (field, value) in changes.as_object().unwrap() {
        post[field] = value.clone();
    }
    json!({ "post": post, "originals": { "archived": ["application"] }, "print_proof": true })
}

async fn a_result_is_sent_by_post_and_found_by_its_number(scene: Scene) {
    let (desk, case) = scene.printed_case().await;
    let sent = scene.handed_over(&desk, &case, &parcel(json!({ "addressee": "司马青" }))).await.done();
    assert_eq!((&sent["state"], &sent["collector"]), (&json!("closed"), &Value::Null));
    assert_eq!(sent["post"]["tracking_number"], "EA123456789CN");
    assert_eq!(sent["post"]["phone"], "138****8000");
    let (_, text) = scene.proof(&desk, &case).await;
    for expected in ["邮寄送达", "中国邮政EMS", "EA123456789CN", "安澜市桂花街12号", "邮件收件人：司马青。"]
    {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    assert!(text.contains("年月日"), "when it arrives is put down by who takes it: {text}");
    for scan in ["EA123456789CN", "ea123456789cn", "EA%20123%20456%20789%20CN"] {
        assert_eq!(desk.get(&format!("/cases/find?scan={scan}")).await.done()["id"], case["id"], "{scan}");
        assert_eq!(desk.get(&format!("/cases?q={scan}")).await.done()["items"][0]["id"], case["id"], "{scan}");
    }
    assert_eq!(desk.get("/cases/find?scan=EA123456788CN").await.refusal(), "404 case-not-found");
    scene.workers.stop().await;
}

async fn a_parcel_with_several_results_finds_each_case(scene: Scene) {
    let (desk, first) = scene.printed_case().await;
    let second = scene.hall.taken_case(&scene.hall.clerk().await).await;
    let second = issue(&scene.hall, &scene.department, &desk, case_id(&second)).await;
    for kind in ["decision", "certificate"] {
        scene.print(&desk, paper(&second, kind)).await;
    }
    let second = desk.get(&format!("/cases/{}", case_id(&second))).await.done();
    for case in [&first, &second] {
        scene.handed_over(&desk, case, &parcel(json!({}))).await.done();
    }
    let number = "EA123456789CN";
    let found = async |query: &str| {
        let page = desk.get(&format!("/cases?q={number}{query}")).await.done();
        let ids: Vec<Value> = page["items"].as_array().unwrap().iter().map(|case| case["id"].clone()).collect();
        (ids, page["next"].as_str().map(str::to_owned))
    };
    assert_eq!(found("").await, (vec![second["id"].clone(), first["id"].clone()], None));
    assert_eq!(found("&state=issued").await, (vec![], None));
    let (newest, next) = found("&limit=1").await;
    assert_eq!(newest, [second["id"].clone()]);
    assert_eq!(found(&format!("&limit=1&after={}", next.unwrap())).await.0, [first["id"].clone()]);
    let scanned = desk.get(&format!("/cases/find?scan={number}")).await.done();
    assert_eq!(scanned, json!({ "id": second["id"], "several": true }));
    let scanned = desk.get(&format!("/cases/find?scan={}", first["number"].as_str().unwrap())).await.done();
    assert_eq!(scanned, json!({ "id": first["id"], "several": false }));
    scene.workers.stop().await;
}

async fn a_parcel_is_checked_field_by_field(scene: Scene) {
    let (desk, case) = scene.printed_case().await;
    scene.workers.stop().await;
    let wrong = [
        ("no carrier", json!({ "carrier": "" })),
        ("a carrier that is too long", json!({ "carrier": "长".repeat(51) })),
        ("no number", json!({ "tracking_number": " - " })),
        ("a number that is too short", json!({ "tracking_number": "EA12345" })),
        ("a number that is too long", json!({ "tracking_number": "1".repeat(31) })),
        ("a number with other characters", json!({ "tracking_number": "单号123456789" })),
        ("nobody", json!({ "addressee": " " })),
        ("a name that cannot be printed", json!({ "addressee": "\u{20bb7}野家" })),
        ("nowhere", json!({ "address": "" })),
        ("no phone", json!({ "phone": "12" })),
        ("a field that there is not", json!({ "weight": 1 })),
    ];
    let mut lines = vec![];
    for (label, changes) in wrong {
        lines.push(format!("{label}\n    -> {}", refused(&scene.hall, &desk, &case, &parcel(changes)).await));
    }
    insta::assert_snapshot!("a_parcel_is_checked_field_by_field", lines.join("\n"));
}

async fn who_sends_the_result_does_not_collect_it(scene: Scene) {
    let (desk, case) = scene.printed_case().await;
    scene.workers.stop().await;
    let mut both = collector(json!({}));
    both["post"] = parcel(json!({}))["post"].clone();
    assert_eq!(refused(&scene.hall, &desk, &case, &both).await, "422 validation-failed | /post not-allowed");
    let mut signed = parcel(json!({}));
    signed["signature"] = json!(uploaded(&desk, "signature.png", SIGNATURE).await);
    let line = refused(&scene.hall, &desk, &case, &signed).await;
    assert!(line.starts_with("422 validation-failed | /signature not-allowed"), "{line}");
}
