//! The applicant sees what is entered, and confirms it.

use futures_util::StreamExt;
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    drafts::{colleague, draft_of, keep},
    stage::{Answer, Office},
    test_hall::{ITEM, Setup, TestHall},
};

crate::on_both_databases! { open:
    the_applicant_sees_words_in_the_order_of_the_form
    a_confirmation_is_of_what_was_shown
    what_a_colleague_left_on_the_screen_is_not_shown
    the_screen_goes_dark_with_its_draft
    the_stream_tells_of_the_screen
}

/// An item with a question about the situation.
async fn open(place: crate::stage::Place) -> TestHall {
    let setup = Setup { item: asking, ..Setup::default() };
    TestHall::open_with(std::sync::Arc::new(place), setup).await
}

fn asking(item: String) -> String {
    let question = r#"
[[questions]]
code = "network"
text = "是否通过网络经营？"
options = [{ code = "yes", label = "是" }, { code = "no", label = "否" }]

[papers.acceptance_notice]"#;
    let item = item.replacen("\n[papers.acceptance_notice]", question, 1);
    item.replacen("\n[example]\n", "\n[example]\nanswers = { network = \"no\" }\n", 1)
}

fn shown(name: &str) -> Value {
    let mut draft = draft_of(name);
    draft["shown"] = json!({
        "applicant": { "kind": "person", "name": name, "id_number": "11010519900307283X", "phone": "13800138000" },
        "agent": { "name": "李代办", "id_number": "11010519491231002X" },
        "item_code": ITEM,
        "answers": { "network": "no", "gone": "yes" },
        "form": { "staff": 4, "area": 46.5, "premises": "安澜市桂花街12号", "extra": "?", "scope": null },
        "materials": [{ "code": "application", "copies": 1, "original": true, "file_name": "申请书.pdf" }],
    });
    draft
}

async fn show(desk: &Office, id: Uuid) -> Answer {
    desk.ask(Method::PUT, "/window/screen").json(&json!({ "draft_id": id })).send().await
}

async fn confirm(desk: &Office, digest: &Value) -> Answer {
    desk.ask(Method::POST, "/window/screen/confirm").json(&json!({ "digest": digest })).send().await
}

async fn on_screen(desk: &Office) -> Value {
    desk.get("/window/screen").await.done()
}

async fn the_applicant_sees_words_in_the_order_of_the_form(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    assert_eq!(on_screen(&clerk).await, json!({ "window": "01", "draft": null }));
    keep(&clerk, id, 0, &shown("欧阳晓岚")).await.done();
    assert_eq!(on_screen(&clerk).await["draft"], Value::Null, "only what the clerk shows is shown");
    let screen = show(&clerk, id).await.done();
    assert_eq!(on_screen(&clerk).await, screen);
    insta::assert_json_snapshot!("the_applicant_sees_words_in_the_order_of_the_form", screen, {
        ".draft.draft_id" => "…",
    });
    // An item that the hall does not have, and nothing typed yet.
    let mut bare = shown("欧阳晓岚");
    bare["shown"] = json!({ "item_code": "none", "form": { "b": 1, "a": 2 } });
    keep(&clerk, id, 1, &bare).await.done();
    let draft = on_screen(&clerk).await["draft"].clone();
    assert_eq!((&draft["item_name"], &draft["version"]), (&Value::Null, &json!(2)));
    assert_eq!(draft["form"][0], json!({ "name": "a", "title": "a", "value": 2 }));
}

async fn a_confirmation_is_of_what_was_shown(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    keep(&clerk, id, 0, &shown("欧阳晓岚")).await.done();
    let digest = show(&clerk, id).await.done()["draft"]["digest"].clone();
    let confirmed = confirm(&clerk, &digest).await.done();
    assert_eq!(confirmed["draft"]["confirmed"], json!({ "at": "2026-06-15T01:00:00Z", "current": true }));
    hall.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(confirm(&clerk, &digest).await.done(), confirmed, "once more of the same changes nothing");

    // What the page keeps besides does not concern the applicant; what is shown does.
    let mut other = shown("欧阳晓岚");
    other["content"]["step"] = json!(3);
    assert_eq!(keep(&clerk, id, 1, &other).await.done()["confirmed"]["current"], true);
    other["shown"]["form"]["area"] = json!(47);
    assert_eq!(keep(&clerk, id, 2, &other).await.done()["confirmed"]["current"], false);
    let draft = clerk.get(&format!("/drafts/{id}")).await.done();
    assert_eq!(draft["confirmed"], json!({ "at": "2026-06-15T01:00:00Z", "current": false }));
    let now = on_screen(&clerk).await["draft"]["digest"].clone();
    let refused = confirm(&clerk, &digest).await;
    assert_eq!(refused.status, 412);
    assert_eq!(
        refused.json()["errors"][0],
        json!({
            "pointer": "/digest", "code": "changed", "value": digest, "params": { "digest": now },
        })
    );
    assert_eq!(confirm(&clerk, &json!("ab")).await.refusal(), "422 validation-failed | /digest not-allowed = \"ab\"");
    let again = confirm(&clerk, &now).await.done();
    assert_eq!(again["draft"]["confirmed"], json!({ "at": "2026-06-15T01:01:00Z", "current": true }));
}

async fn what_a_colleague_left_on_the_screen_is_not_shown(hall: TestHall) {
    let (clerk, id) = (hall.clerk().await, hall.new_id());
    keep(&clerk, id, 0, &shown("欧阳晓岚")).await.done();
    let digest = show(&clerk, id).await.done()["draft"]["digest"].clone();
    let other = colleague(&hall, "01").await;
    assert_eq!(on_screen(&other).await["draft"], Value::Null);
    assert_eq!(confirm(&other, &digest).await.refusal(), "404 draft-not-found");
    assert_eq!(show(&other, id).await.refusal(), "404 draft-not-found");
    assert_eq!(on_screen(&clerk).await["draft"]["confirmed"], Value::Null);
    // At another window the same clerk sees that window's screen.
    let elsewhere = hall.visitor().signed_in("window_clerk", Some("02")).await;
    assert_eq!(on_screen(&elsewhere).await, json!({ "window": "02", "draft": null }));
    let supervisor = hall.desk("supervisor").await;
    assert_eq!(supervisor.get("/window/screen").await.refusal(), "403 forbidden");
}

async fn the_screen_goes_dark_with_its_draft(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let taken: Uuid = filing["id"].as_str().unwrap().parse().unwrap();
    let (hidden, removed) = (hall.new_id(), hall.new_id());
    for id in [hidden, removed, taken] {
        keep(&clerk, id, 0, &shown("欧阳晓岚")).await.done();
    }
    show(&clerk, hidden).await.done();
    assert_eq!(clerk.ask(Method::DELETE, "/window/screen").send().await.status, 204);
    assert_eq!(on_screen(&clerk).await["draft"], Value::Null);
    assert_eq!(clerk.ask(Method::DELETE, "/window/screen").send().await.status, 204, "dark already");
    show(&clerk, removed).await.done();
    assert_eq!(clerk.ask(Method::DELETE, &format!("/drafts/{removed}")).send().await.status, 204);
    assert_eq!(on_screen(&clerk).await["draft"], Value::Null);
    show(&clerk, taken).await.done();
    let mut filing = filing;
    filing["cases"][0]["answers"] = json!({ "network": "no" });
    clerk.post("/filings", &filing).await.done();
    assert_eq!(on_screen(&clerk).await["draft"], Value::Null);

    let without = hall.new_id();
    keep(&clerk, without, 0, &draft_of("甲一")).await.done();
    let refused = show(&clerk, without).await.refusal();
    assert_eq!(refused, format!("422 validation-failed | /draft_id nothing-to-show = \"{without}\""));
    assert_eq!(confirm(&clerk, &json!("ab".repeat(32))).await.refusal(), "404 draft-not-found");
}

async fn the_stream_tells_of_the_screen(hall: TestHall) {
    use tower::ServiceExt;

    let (clerk, id) = (hall.clerk().await, hall.new_id());
    let request = http::Request::get("/api/hall/events").header("cookie", clerk.cookie());
    let answer = hall.router().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let mut stream = answer.into_body().into_data_stream();
    let mut next = async || String::from_utf8(stream.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(next().await.contains("event: ready"));

    keep(&clerk, id, 0, &shown("欧阳晓岚")).await.done();
    let digest = show(&clerk, id).await.done()["draft"]["digest"].clone();
    confirm(&clerk, &digest).await.done();
    keep(&clerk, id, 1, &shown("欧阳晓")).await.done();
    keep(&clerk, hall.new_id(), 0, &shown("欧阳晓")).await.done();
    clerk.ask(Method::DELETE, &format!("/drafts/{id}")).send().await;
    for n in 2..6 {
        let told = next().await;
        for part in [format!("id: {n}\n"), "event: screen\n".to_owned(), "data: {\"window\":\"01\"}\n".to_owned()] {
            assert!(told.contains(&part), "{told}");
        }
    }
    // A draft that is not shown was no news: the next piece is of the case.
    let mut filing = hall.filing(&clerk).await;
    filing["cases"][0]["answers"] = json!({ "network": "no" });
    clerk.post("/filings", &filing).await.done();
    assert!(next().await.contains("event: case\n"));
}
