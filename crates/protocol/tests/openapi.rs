//! The description names everything that goes over the wire.

use serde_json::Value;
use yichuang_protocol::{Message, openapi};

#[test]
fn the_description_stays() {
    insta::assert_json_snapshot!(openapi());
}

#[test]
fn the_description_names_every_type_path_and_header() {
    let text = serde_json::to_string(&openapi()).unwrap();
    for name in Message::TYPES {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/protocol/v1/events", "/protocol/v1/files/{sha256}"] {
        let operation = &document["paths"][path].as_object().unwrap().values().next().unwrap()["parameters"];
        for header in ["webhook-id", "webhook-timestamp", "webhook-signature", "yichuang-source"] {
            assert!(operation.to_string().contains(header), "{path} {header}");
        }
    }
    for schema in [
        "Event",
        "Message",
        "TaskAssigned",
        "TaskAccepted",
        "TaskDecided",
        "PaperIssued",
        "Applicant",
        "AssignedItem",
        "AssignedMaterial",
        "Certificate",
        "Limit",
        "PaperRef",
        "Problem",
        "ProblemField",
    ] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(openapi()).unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 10);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => into.push(reference.clone()),
                    other => collect(other, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}
