//! Starting, ending and starting again in one data folder.

use std::path::Path;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::{
    City, HallItems, ServerError,
    embedded::{self, Embedded, EmbeddedConfig},
};
use tower::ServiceExt as _;
use web::Clock as _;

async fn start(folder: &Path) -> Embedded {
    embedded::start(EmbeddedConfig::demo(folder)).await.unwrap()
}

async fn ask(embedded: &Embedded, request: Request<Body>) -> (StatusCode, String) {
    let response = embedded.gateway.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn get(embedded: &Embedded, path: &str) -> (StatusCode, String) {
    ask(embedded, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn sign_in(embedded: &Embedded, service: &str, login: &str) -> StatusCode {
    let body = json!({ "login": login, "password": "anlan-2026", "window": "03" }).to_string();
    let request = Request::post(format!("/api/{service}/sessions")).header(header::CONTENT_TYPE, "application/json");
    ask(embedded, request.body(body.into()).unwrap()).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn one_origin_has_pages_and_both_services() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = start(folder.path()).await;
    for path in ["/", "/cases", "/api/hall/openapi.json", "/api/department/openapi.json", "/healthz", "/metrics"] {
        assert_eq!(get(&embedded, path).await.0, StatusCode::OK, "{path}");
    }
    let metrics = get(&embedded, "/metrics").await.1;
    for route in ["/healthz", "/api/hall/openapi.json", "/api/department/openapi.json"] {
        assert!(metrics.contains(&format!("route=\"{route}\"")), "{metrics}");
    }
    for gauge in ["outbox_pending", "outbox_dead", "outbox_oldest_seconds"] {
        for service in ["hall", "department"] {
            assert!(metrics.contains(&format!("\n{gauge}{{service=\"{service}\"}} 0\n")), "{gauge}: {metrics}");
        }
    }
    assert!(metrics.contains("\nprints_waiting{service=\"hall\"} 0\n"), "{metrics}");
    for path in ["/api/hall/nothing", "/api/nothing", "/protocol/v1/events"] {
        assert_eq!(get(&embedded, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let departments = City::anlan().unwrap().departments.len();
    for (service, office, accounts) in
        [("hall", "安澜市政务服务中心", 3), ("department", "安澜市政务服务中心后台", 2 * departments)]
    {
        let welcome = get(&embedded, &format!("/api/{service}/welcome")).await.1;
        let welcome: Value = serde_json::from_str(&welcome).unwrap();
        assert_eq!(welcome["office"]["name"], office);
        assert_eq!(welcome["demo"], true);
        assert_eq!(welcome["today"], "2026-06-15");
        assert_eq!(welcome["demo_accounts"].as_array().unwrap().len(), accounts);
    }
    embedded.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_people_secrets_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = start(folder.path()).await;
    let clock = embedded.demo_clock.clone().unwrap();
    assert_eq!(sign_in(&embedded, "hall", "chuangkou").await, StatusCode::CREATED);
    embedded.shutdown().await;
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let (secrets, demo) = (read("secrets.toml"), read("demo.toml"));

    let again = start(folder.path()).await;
    let difference = again.demo_clock.as_ref().unwrap().offset() - clock.offset();
    assert!(difference.abs() <= SignedDuration::from_secs(1), "{difference}");
    assert!(clock.now() <= again.demo_clock.as_ref().unwrap().now() + SignedDuration::from_secs(1));
    for (service, login) in [("hall", "chuangkou"), ("hall", "chuzheng"), ("hall", "zhuren"), ("department", "shenpi")]
    {
        assert_eq!(sign_in(&again, service, login).await, StatusCode::CREATED, "{login}");
    }
    assert_eq!((read("secrets.toml"), read("demo.toml")), (secrets, demo));
    again.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_is_for_one_program() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    let second = embedded::start(EmbeddedConfig::demo(folder.path())).await.err().unwrap();
    assert!(matches!(second, ServerError::FolderInUse(_)), "{second}");
    first.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quick_restart_waits_until_the_former_program_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    let (second, ()) = tokio::join!(start(folder.path()), first.shutdown());
    assert_eq!(get(&second, "/healthz").await.0, StatusCode::OK);
    second.shutdown().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_for_their_owner_alone() {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    let folder = tempfile::tempdir().unwrap();
    start(folder.path()).await.shutdown().await;
    let file = folder.path().join("secrets.toml");
    let mode = || file.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);

    std::fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    let refused = embedded::start(EmbeddedConfig::demo(folder.path())).await.err().unwrap().to_string();
    assert!(refused.contains("secrets.toml") && refused.contains("mode 640"), "{refused}");

    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&file, "hall_and_department = \"hunter2\"\n").unwrap();
    let refused = web::problem::chain(&embedded::start(EmbeddedConfig::demo(folder.path())).await.err().unwrap());
    assert!(refused.contains("secrets.toml") && !refused.contains("hunter2"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hall_of_ones_own_is_described_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let real = || EmbeddedConfig { demo: false, ..EmbeddedConfig::demo(folder.path()) };
    let refused = embedded::start(real()).await.err().unwrap().to_string();
    assert!(refused.contains("catalogue/city.toml"), "{refused}");

    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    std::fs::create_dir_all(folder.path().join("catalogue/items")).unwrap();
    for file in ["city.toml", "calendar.txt", "items/food-operation-licence.toml"] {
        std::fs::copy(catalogue.join(file), folder.path().join("catalogue").join(file)).unwrap();
    }
    let nothing_yet = HallItems::of_desktop(folder.path()).await.err().unwrap().to_string();
    assert!(nothing_yet.contains("hall.db; the hall makes it"), "{nothing_yet}");
    let embedded = embedded::start(real()).await.unwrap();
    let items = HallItems::of_desktop(folder.path()).await.unwrap();
    let listed = items.list().await.unwrap();
    assert_eq!(listed.len(), 1, "what its folder has is published at the first start");
    assert_eq!((listed[0].version, listed[0].published_by.as_str()), (1, "first start"));
    items.close().await;
    let welcome: Value = serde_json::from_str(&get(&embedded, "/api/hall/welcome").await.1).unwrap();
    assert_eq!(welcome["demo"], false);
    assert_eq!(welcome["demo_accounts"], json!([]));
    assert_eq!(sign_in(&embedded, "hall", "chuangkou").await, StatusCode::UNAUTHORIZED);
    embedded.shutdown().await;
}
