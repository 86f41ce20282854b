//! What is read, what is passed over, and what is refused by name.

use protocol::{Event, MAX_EVENT_BYTES};
use serde_json::{Value, json};

use super::{
    Desk, Found, MALFORMED, OTHER_DEPARTMENT, TOO_LARGE, UNKNOWN_FIELDS, UNKNOWN_TYPE, WRONG_FIELD, expect_refused,
    expect_taken,
};
use crate::sender::{Answer, Signed};

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    let answer = changed(desk, |_| {}, |text| text.truncate(text.len() - 1)).await;
    found.note(
        MALFORMED,
        expect_refused("an assignment without its last brace, signed", answer, 400, Some("json-malformed")).map(drop),
    );

    let answer = changed(desk, |event| drop(event["data"]["applicant"]["name"].take()), |_| {}).await;
    found.note(WRONG_FIELD, wrong_field(answer));

    let answer = changed(desk, |event| event["type"] = json!("yichuang.task.praised"), |_| {}).await;
    let sent = "an event of the type yichuang.task.praised";
    found.note(UNKNOWN_TYPE, expect_refused(sent, answer, 422, Some("event-type-unknown")).map(drop));

    let answer = changed(
        desk,
        |event| {
            event["traceparent"] = json!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            event["data"]["weather"] = json!("sunny");
        },
        |_| {},
    )
    .await;
    found.note(
        UNKNOWN_FIELDS,
        expect_taken("an assignment with the attribute traceparent and the field data.weather", answer),
    );

    let other = desk.samples.new_id();
    let answer = changed(desk, |event| event["data"]["department_id"] = json!(other), |_| {}).await;
    found.note(
        OTHER_DEPARTMENT,
        expect_refused("an assignment for another department", answer, 422, Some("validation-failed")).map(drop),
    );

    let answer = changed(desk, |_| {}, |text| text.push_str(&" ".repeat(MAX_EVENT_BYTES))).await;
    found.note(TOO_LARGE, expect_refused("an assignment with a megabyte of spaces", answer, 413, None).map(drop));
}

/// Sends an assignment that was changed as JSON or as text.
async fn changed(
    desk: &Desk<'_>,
    change: impl FnOnce(&mut Value),
    spoil: impl FnOnce(&mut String),
) -> Result<Answer, String> {
    let event: Event = desk.samples.assignment(&desk.samples.case());
    let mut value: Value = serde_json::from_slice(&event.to_bytes()).expect("an event is JSON");
    change(&mut value);
    let mut text = value.to_string();
    spoil(&mut text);
    desk.sender.bytes(&event.id, text.into_bytes(), Signed::Right).await
}

fn wrong_field(answer: Result<Answer, String>) -> Result<(), String> {
    let sent = "an assignment in which data.applicant.name is null";
    let answer = expect_refused(sent, answer, 422, Some("validation-failed"))?;
    let entries = answer.problem.map(|problem| problem.errors).unwrap_or_default();
    let pointers: Vec<_> = entries.iter().map(|entry| entry.pointer.as_str()).collect();
    match pointers.iter().any(|pointer| pointer.starts_with("/data/applicant")) {
        true => Ok(()),
        false => Err(format!(
            "sent: {sent}; came: 422 that names {pointers:?}; expected: errors with the pointer /data/applicant/name"
        )),
    }
}
