//! What the pages were made from is what the services answer.

use std::fs;

#[test]
fn the_pages_know_the_interfaces_as_they_are() {
    for (service, now) in [("hall", hall::openapi()), ("department", department::openapi())] {
        let file = format!("{}/../../ui/openapi/{service}.json", env!("CARGO_MANIFEST_DIR"));
        let kept: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let now = serde_json::to_value(&now).unwrap();
        assert!(kept == now, "ui/openapi/{service}.json is stale: run `make api`");
    }
}
