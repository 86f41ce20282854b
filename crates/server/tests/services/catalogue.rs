//! Every item of the fictional city, through a running hall: taken as it should be, and refused for each point alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use server::{
    embedded::{self, EmbeddedConfig},
    walk::{APPLICATION_FORM, Desk, People, Service, Site, WalkError, example_filing},
};
use tokio::{net::TcpListener, sync::oneshot};

/// The files of the catalogue, each with its text.
fn files() -> Vec<(String, toml::Table)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue/items");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (path.file_stem().unwrap().to_string_lossy().into_owned(), text.parse().unwrap())
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

/// What violates each point that the machine checks, by the point's code.
fn violations(file: &toml::Table) -> BTreeMap<String, Value> {
    let points = |table: &toml::Table| -> Vec<toml::Value> {
        table.get("points").and_then(|points| points.as_array()).cloned().unwrap_or_default()
    };
    let materials = file["materials"].as_array().unwrap();
    let under = materials.iter().flat_map(|material| points(material.as_table().unwrap()));
    let all = points(file).into_iter().chain(under);
    let violated = all.filter_map(|point| {
        let change = point.get("violated_by")?.clone();
        Some((point["code"].as_str().unwrap().to_owned(), serde_json::to_value(change).unwrap()))
    });
    violated.collect()
}

/// JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    for (name, value) in patch {
        match value {
            Value::Null => drop(target.as_object_mut().unwrap().remove(name)),
            value => merge(&mut target[name], value),
        }
    }
}

/// A filing of the item's example with one thing changed, in the words of the catalogue: form, answers, materials, agent.
fn changed(mut filing: Value, change: &Value) -> Value {
    for (name, change) in change.as_object().unwrap() {
        match name.as_str() {
            "form" | "answers" => merge(&mut filing["cases"][0][name], change),
            "materials" => {
                for (code, change) in change.as_object().unwrap() {
                    let materials = filing["cases"][0]["materials"].as_array_mut().unwrap();
                    if change.is_null() {
                        materials.retain(|material| material["code"] != *code);
                        continue;
                    }
                    let material = materials.iter_mut().find(|material| material["code"] == *code).unwrap();
                    for (field, value) in change.as_object().unwrap() {
                        material[if field == "date" { "dated" } else { field }] = value.clone();
                    }
                }
            }
            "applicant" => merge(&mut filing["applicant"], change),
            "agent" => {
                filing["agent"] = json!({
                    "name": "赵志强", "id_number": "990100197506150013", "phone": "13900000000", "authority": "代为申请",
                });
                merge(&mut filing["agent"], change);
            }
            other => panic!("nothing is known of {other}"),
        }
    }
    filing
}

#[tokio::test(flavor = "multi_thread")]
async fn every_blocking_point_of_every_item_blocks_alone_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = embedded::start(EmbeddedConfig::demo(folder.path())).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = Site::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let served = tokio::spawn(web::server::serve(listener, embedded.gateway.clone(), async {
        let _ = ended.await;
    }));
    let clerk = Desk::sign_in(&site, Service::Hall, &People::of_the_demo().clerk).await.unwrap();
    let file = json!(clerk.upload("申请书.pdf", APPLICATION_FORM).await.unwrap());
    let (mut checked, mut ticked) = (0, 0);
    for (name, text) in files() {
        let code = text["code"].as_str().unwrap();
        let item: Value = clerk.get(&format!("/items/{code}")).await.unwrap();
        let whole = example_filing(site.id(), site.id(), &item, Some(&file));
        let violations = violations(&text);
        let points = item["points"].as_array().unwrap().iter();
        let under = item["materials"].as_array().unwrap().iter().flat_map(|it| it["points"].as_array().unwrap());
        for point in points.chain(under) {
            let code = point["code"].as_str().unwrap();
            let filing = match violations.get(code) {
                Some(change) => changed(whole.clone(), change),
                None => {
                    let mut filing = whole.clone();
                    filing["cases"][0]["ticked"].as_array_mut().unwrap().retain(|ticked| ticked != code);
                    filing
                }
            };
            if point["blocking"] == false {
                continue;
            }
            let mut filing = filing;
            (filing["id"], filing["cases"][0]["id"]) = (json!(site.id()), json!(site.id()));
            let refused = match clerk.take(&filing).await {
                Err(WalkError::Refused { body, .. }) => body,
                // A ticked point that this application does not have: it is of another situation.
                Ok(_) if !violations.contains_key(code) => continue,
                other => panic!("{name}: {code} did not block: {other:?}"),
            };
            let found = format!("/cases/0/points/{code}");
            assert!(refused.contains(&found), "{name}: {code} is not named in {refused}");
            assert_eq!(refused.matches("/cases/0/points/").count(), 1, "{name}: more than {code} in {refused}");
            let reason = point["reason"].as_str().unwrap();
            assert!(refused.contains(reason), "{name}: {code} does not say why in {refused}");
            if violations.contains_key(code) { checked += 1 } else { ticked += 1 }
        }
    }
    assert!(checked > 60 && ticked > 60, "{checked} checked by the machine, {ticked} ticked");
    end.send(()).unwrap();
    served.await.unwrap().unwrap();
    embedded.shutdown().await;
}
