//! docs/protocol.md is what department programmers work by: its example is true, and it leaves no message and no field out.

#![allow(clippy::unwrap_used, reason = "a test may")]

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use yichuang_protocol::{
    HEADER_TIMESTAMP, KeptEvent, Message, Secret, claimed_source, get_text, openapi, receive, sign, verify,
};

const DOCUMENT: &str = include_str!("../../../docs/protocol.md");

/// The requests that are shown: first line, headers, body.
fn examples() -> Vec<(&'static str, HeaderMap, &'static str)> {
    let blocks = DOCUMENT.split("```http\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    let read = blocks.map(|block| {
        let (head, body) = block.split_once("\n\n").unwrap_or((block, ""));
        let (first, headers) = head.split_once('\n').unwrap();
        let pairs = headers.lines().map(|line| line.split_once(": ").unwrap());
        let pairs = pairs.map(|(name, value)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        });
        (first, pairs.collect(), body)
    });
    read.collect()
}

fn secret() -> Secret {
    let text = DOCUMENT.split("The secret is `").nth(1).unwrap().split('`').next().unwrap();
    Secret::parse(text).unwrap()
}

fn signed_at(headers: &HeaderMap) -> jiff::Timestamp {
    jiff::Timestamp::from_second(headers[HEADER_TIMESTAMP].to_str().unwrap().parse().unwrap()).unwrap()
}

#[test]
fn the_message_of_the_example_is_believed_read_and_signed_as_it_stands_there() {
    let (first, headers, body) = examples().remove(0);
    assert_eq!(first, "POST /protocol/v1/events HTTP/1.1");
    let (now, secret) = (signed_at(&headers), secret());
    let from = claimed_source(&headers).unwrap();
    let event = receive(&headers, body.as_bytes(), from, std::slice::from_ref(&secret), now).unwrap();
    assert_eq!(event.message.event_type(), "yichuang.task.accepted");
    let kept = KeptEvent {
        id: &event.id,
        source: event.source,
        type_name: event.message.event_type(),
        time: event.time,
        subject: &event.subject,
        case_id: event.case_id(),
        sequence: event.sequence,
        data: &event.message.data(),
    };
    assert_eq!(String::from_utf8(kept.to_bytes()).unwrap(), body, "the bytes are those that we would send");
    let ours = sign(&[secret], &event.id, now, body.as_bytes()).unwrap();
    for (name, value) in &ours {
        assert_eq!(headers[name], value, "{name}");
    }
    assert!(DOCUMENT.contains(&format!("It has {} bytes.", body.len())));
}

#[test]
fn the_request_for_a_file_of_the_example_is_believed() {
    let (first, headers, _) = examples().remove(1);
    let path = first.strip_prefix("GET ").unwrap().strip_suffix(" HTTP/1.1").unwrap();
    assert!(path.ends_with(&hex::encode(Sha256::digest(b"%PDF-"))), "{path}");
    verify(&headers, get_text(path).as_bytes(), &[secret()], signed_at(&headers)).unwrap();
}

#[test]
fn every_message_has_its_paragraph_and_every_field_its_row() {
    let description = serde_json::to_value(openapi()).unwrap();
    let schemas = &description["components"]["schemas"];
    for name in Message::TYPES {
        let heading = format!("`{name}`\n");
        let paragraphs: Vec<_> = DOCUMENT.split("\n### ").filter(|text| paragraph_is(text, &heading)).collect();
        let [paragraph] = paragraphs[..] else { panic!("{name} has {} paragraphs", paragraphs.len()) };
        let fields = schemas[schema_of(name)]["properties"].as_object().unwrap();
        assert!(fields.len() > 1, "{name}");
        for field in fields.keys() {
            assert!(paragraph.contains(&format!("\n| `{field}` |")), "{name} {field}");
        }
        let rows = paragraph.matches("\n| `").count();
        assert_eq!(rows, fields.len(), "{name} has rows that are no fields");
    }
}

#[test]
fn what_an_assignment_holds_is_named_in_its_rows() {
    let description = serde_json::to_value(openapi()).unwrap();
    let schemas = &description["components"]["schemas"];
    let paragraph = DOCUMENT.split("\n### ").find(|text| paragraph_is(text, "`yichuang.task.assigned`\n")).unwrap();
    for schema in ["AssignedItem", "Applicant", "Agent", "Answer", "AssignedMaterial", "CheckedPoint"] {
        for field in schemas[schema]["properties"].as_object().unwrap().keys() {
            assert!(paragraph.contains(&format!("`{field}`")), "{schema} {field}");
        }
    }
}

fn paragraph_is(text: &str, heading: &str) -> bool {
    text.split_once(' ').is_some_and(|(_, rest)| rest.starts_with(heading))
}

/// `yichuang.task.accepted-at-window` is `TaskAcceptedAtWindow`.
fn schema_of(name: &str) -> String {
    let words = name.strip_prefix("yichuang.").unwrap().split(['.', '-']);
    words.map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..])).collect()
}

#[test]
fn the_description_says_who_sends_each_message_and_answers_with_each_code() {
    let description: Value = serde_json::to_value(openapi()).unwrap();
    let said = description["paths"]["/protocol/v1/events"]["post"]["description"].as_str().unwrap();
    for name in Message::TYPES {
        assert!(said.contains(&format!("`{name}`")), "{name}");
    }
    let responses = |path: &str, method: &str| description["paths"][path][method]["responses"].to_string();
    let codes = responses("/protocol/v1/events", "post") + &responses("/protocol/v1/files/{sha256}", "get");
    let table = DOCUMENT.split("### 4.2").nth(1).unwrap().split("\n### ").next().unwrap();
    let rows = table.lines().filter(|row| ["| 4", "| 5"].iter().any(|status| row.starts_with(status)));
    let rows: Vec<&str> = rows.filter_map(|row| row.split(" | `").nth(1)?.split('`').next()).collect();
    assert!(rows.len() > 15, "{rows:?}");
    for code in rows {
        assert!(codes.contains(&format!("`{code}`")), "{code}");
    }
}
