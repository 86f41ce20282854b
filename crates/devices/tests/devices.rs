//! The devices of a window over real HTTP: what they do, and every way in which they do not.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use axum::{Router, http::StatusCode, routing::any};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use yichuang_devices::{
    DeviceKind, DeviceSettings, IdCard, Misread, Patience, Trouble, WindowDevices,
    contract::{Devices, Refusal, RefusalCode},
    simulator::{Condition, SimulatedDevices, people},
};

const TOKEN: &str = "the-token-of-the-tests";

const HASTY: Patience =
    Patience { connect: Duration::from_secs(2), state: Duration::from_millis(800), work: Duration::from_millis(1500) };

async fn devices() -> (SimulatedDevices, WindowDevices) {
    let simulated = SimulatedDevices::start(TOKEN).await.unwrap();
    let window = WindowDevices::with_patience(simulated.settings(), HASTY);
    (simulated, window)
}

async fn troubles(window: &WindowDevices) -> Vec<(DeviceKind, Option<&'static str>)> {
    window.list().await.devices.into_iter().map(|device| (device.kind, device.trouble)).collect()
}

async fn pages(window: &WindowDevices) -> Result<usize, Trouble> {
    let scan = window.begin_scan().await?;
    let mut pages = 0;
    while window.next_page(scan.id).await?.is_some() {
        pages += 1;
    }
    Ok(pages)
}

// The list.

#[tokio::test]
async fn a_window_has_a_reader_a_camera_and_a_scanner() {
    let (_simulated, window) = devices().await;
    let names: Vec<_> = window.list().await.devices.into_iter().map(|device| (device.kind, device.name)).collect();
    assert_eq!(
        names,
        [
            (DeviceKind::CardReader, "演示读卡器".to_owned()),
            (DeviceKind::Camera, "演示高拍仪".to_owned()),
            (DeviceKind::Scanner, "演示扫描仪".to_owned()),
        ]
    );
    let all = [DeviceKind::CardReader, DeviceKind::Camera, DeviceKind::Scanner];
    assert_eq!(troubles(&window).await, all.map(|kind| (kind, None)));
}

#[tokio::test]
async fn the_list_says_what_is_wrong_with_each() {
    let (simulated, window) = devices().await;
    simulated.bridge.set_reader(Condition::Unplugged);
    simulated.bridge.set_camera(Condition::Busy);
    simulated.scanner.set(Condition::CoverOpen);
    assert_eq!(
        troubles(&window).await,
        [
            (DeviceKind::CardReader, Some("device-unplugged")),
            (DeviceKind::Camera, Some("device-busy")),
            (DeviceKind::Scanner, Some("cover-open")),
        ]
    );
}

#[tokio::test]
async fn a_window_without_settings_has_nothing() {
    let window = WindowDevices::new(DeviceSettings::default());
    assert_eq!(window.list().await.devices, []);
    assert_eq!(window.card().await, Err(Trouble::NotConfigured));
    assert_eq!(window.picture().await, Err(Trouble::NotConfigured));
    assert_eq!(window.begin_scan().await, Err(Trouble::NotConfigured));
}

#[tokio::test]
async fn what_is_switched_off_is_named() {
    let (simulated, window) = devices().await;
    drop(simulated);
    let unreachable = Some("device-unreachable");
    assert_eq!(troubles(&window).await, [(DeviceKind::Bridge, unreachable), (DeviceKind::Scanner, unreachable)]);
    assert_eq!(window.card().await, Err(Trouble::Unreachable));
    assert_eq!(window.begin_scan().await, Err(Trouble::Unreachable));
}

#[tokio::test]
async fn a_window_uses_the_reader_that_its_settings_name() {
    let (simulated, _) = devices().await;
    let mut settings = simulated.settings();
    settings.bridge.as_mut().unwrap().card_reader = Some("reader-2".to_owned());
    let window = WindowDevices::new(settings);
    assert_eq!(troubles(&window).await, [(DeviceKind::Camera, None), (DeviceKind::Scanner, None)]);
    assert_eq!(window.card().await, Err(Trouble::NotConfigured));
}

// The card reader.

#[tokio::test]
async fn a_card_is_read_with_every_field_and_its_photo() {
    let (_simulated, window) = devices().await;
    let card = window.card().await.unwrap();
    assert!(card == people()[0]);
    let photo = base64_of(&card);
    assert!(photo.starts_with("/9j/"), "a JPEG");
    assert!(window.card().await.unwrap() == people()[1], "the next applicant's");
}

fn base64_of(card: &IdCard) -> &str {
    card.photo.as_deref().unwrap()
}

#[tokio::test]
async fn every_failure_of_the_reader_has_its_name() {
    let (simulated, window) = devices().await;
    let expected = [
        (Condition::NoCard, Trouble::NoCard),
        (Condition::Fails, Trouble::Misread(Misread::Reader)),
        (Condition::Garbled, Trouble::Misread(Misread::Number)),
        (Condition::Unplugged, Trouble::Unplugged),
        (Condition::Busy, Trouble::Busy),
        (Condition::Silent, Trouble::Silent),
    ];
    for (condition, trouble) in expected {
        simulated.bridge.set_reader(condition);
        assert_eq!(window.card().await, Err(trouble), "{condition}");
    }
    simulated.bridge.set_reader(Condition::Ready);
    assert!(window.card().await.is_ok());
}

// The camera.

#[tokio::test]
async fn a_picture_is_a_jpeg() {
    let (_simulated, window) = devices().await;
    assert!(window.picture().await.unwrap().starts_with(&[0xff, 0xd8, 0xff]));
}

#[tokio::test]
async fn every_failure_of_the_camera_has_its_name() {
    let (simulated, window) = devices().await;
    let expected = [
        (Condition::Fails, "device-failed"),
        (Condition::Garbled, "device-answer"),
        (Condition::Unplugged, "device-unplugged"),
        (Condition::Busy, "device-busy"),
        (Condition::Silent, "device-silent"),
    ];
    for (condition, code) in expected {
        simulated.bridge.set_camera(condition);
        assert_eq!(window.picture().await.unwrap_err().code(), code, "{condition}");
    }
}

// The bridge.

async fn bare(simulated: &SimulatedDevices, headers: &[(&str, &str)]) -> (u16, Option<RefusalCode>) {
    let url = format!("{}yichuang-devices/v1/devices", simulated.bridge.url());
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let request = headers.iter().fold(client.get(url), |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap();
    (status, serde_json::from_slice::<Refusal>(&body).ok().map(|refusal| refusal.code))
}

#[tokio::test]
async fn a_bridge_answers_nobody_without_its_token_and_no_page_of_a_browser() {
    let (simulated, _) = devices().await;
    let token = ("authorization", "Bearer the-token-of-the-tests");
    assert_eq!(bare(&simulated, &[token]).await, (200, None));
    assert_eq!(bare(&simulated, &[]).await, (401, Some(RefusalCode::Token)));
    let wrong = ("authorization", "Bearer the-token-of-the-tesst");
    assert_eq!(bare(&simulated, &[wrong]).await, (401, Some(RefusalCode::Token)));
    let origin = ("origin", "https://evil.example");
    assert_eq!(bare(&simulated, &[token, origin]).await, (403, Some(RefusalCode::Origin)));
    let host = ("host", "rebound.example:9470");
    assert_eq!(bare(&simulated, &[token, host]).await, (403, Some(RefusalCode::Origin)));
}

#[tokio::test]
async fn another_token_is_told_apart_from_no_bridge() {
    let (simulated, _) = devices().await;
    let mut settings = simulated.settings();
    settings.bridge.as_mut().unwrap().token = "another-token-than-that".to_owned();
    let window = WindowDevices::new(settings);
    assert_eq!(window.card().await, Err(Trouble::TokenRefused));
    assert_eq!(troubles(&window).await[0], (DeviceKind::Bridge, Some("device-token")));
}

/// A server that answers everything the same.
async fn stranger(status: StatusCode, body: &'static str) -> WindowDevices {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router =
        Router::new().fallback(any(move || async move { (status, [("location", "http://192.0.2.1/")], body) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let text = format!(
        "[bridge]\nurl = \"http://{address}\"\ntoken = \"{TOKEN}\"\n[scanner]\nurl = \"http://{address}/eSCL\"\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("devices.toml");
    std::fs::write(&file, text).unwrap();
    WindowDevices::with_patience(DeviceSettings::read(&file).unwrap().unwrap(), HASTY)
}

#[tokio::test]
async fn what_is_no_bridge_and_no_scanner_is_said_to_be_none() {
    for (status, body) in [
        (StatusCode::OK, "<html>"),
        (StatusCode::OK, "{}"),
        (StatusCode::OK, r#"{"devices": [{"id": "../x", "kind": "camera", "name": "", "state": "ready"}]}"#),
        (StatusCode::NOT_FOUND, "nothing"),
        (StatusCode::FOUND, "elsewhere"),
    ] {
        let window = stranger(status, body).await;
        assert_eq!(window.card().await.unwrap_err().code(), "device-answer", "{status} {body}");
        assert_eq!(window.begin_scan().await.unwrap_err().code(), "device-answer", "{status} {body}");
    }
}

#[tokio::test]
async fn what_a_later_bridge_says_is_understood_as_far_as_it_goes() {
    let body = r#"{"devices": [{"id": "palm", "kind": "palm-reader", "name": "掌纹", "state": "ready"},
        {"id": "c", "kind": "camera", "name": "高拍仪", "state": "dreaming", "firmware": "7"}]}"#;
    let window = stranger(StatusCode::OK, body).await;
    assert_eq!(troubles(&window).await[0], (DeviceKind::Camera, Some("device-failed")));
}

// The scanner.

#[tokio::test]
async fn all_sheets_of_the_feeder_come_as_pages() {
    let (_simulated, window) = devices().await;
    let scan = window.begin_scan().await.unwrap();
    assert_eq!(serde_json::to_value(&scan).unwrap()["source"], "feeder");
    let first = window.next_page(scan.id).await.unwrap().unwrap();
    let second = window.next_page(scan.id).await.unwrap().unwrap();
    assert!(first != second && first.starts_with(&[0xff, 0xd8, 0xff]));
    assert_eq!(window.next_page(scan.id).await, Ok(None));
    assert_eq!(window.next_page(scan.id).await, Err(Trouble::NoSuchScan));
}

#[tokio::test]
async fn without_paper_in_the_feeder_the_glass_is_scanned_once() {
    let (simulated, window) = devices().await;
    simulated.scanner.set(Condition::FeederEmpty);
    assert_eq!(pages(&window).await, Ok(1));
}

#[tokio::test]
async fn a_scanner_that_warms_up_is_waited_for() {
    let (simulated, window) = devices().await;
    simulated.scanner.set(Condition::Slow);
    assert_eq!(pages(&window).await, Ok(2));
}

#[tokio::test]
async fn a_jam_is_told_after_the_pages_that_came() {
    let (simulated, window) = devices().await;
    simulated.scanner.set(Condition::Jam);
    let scan = window.begin_scan().await.unwrap();
    assert!(window.next_page(scan.id).await.unwrap().is_some());
    assert_eq!(window.next_page(scan.id).await, Err(Trouble::Jam));
    assert_eq!(troubles(&window).await[2], (DeviceKind::Scanner, Some("scanner-jam")));
    simulated.scanner.set(Condition::Ready);
    assert_eq!(pages(&window).await, Ok(2));
}

#[tokio::test]
async fn every_failure_of_the_scanner_has_its_name() {
    let (simulated, window) = devices().await;
    for (condition, code) in [
        (Condition::CoverOpen, "cover-open"),
        (Condition::Busy, "device-busy"),
        (Condition::Garbled, "device-answer"),
        (Condition::Silent, "device-silent"),
    ] {
        simulated.scanner.set(condition);
        assert_eq!(pages(&window).await.unwrap_err().code(), code, "{condition}");
    }
}

#[tokio::test]
async fn a_cancelled_scan_is_cancelled_at_the_scanner() {
    let (simulated, window) = devices().await;
    let scan = window.begin_scan().await.unwrap();
    window.cancel_scan(scan.id).await;
    assert_eq!(simulated.scanner.cancelled(), 1);
    assert_eq!(window.next_page(scan.id).await, Err(Trouble::NoSuchScan));
}

#[tokio::test]
async fn a_scan_is_cancelled_also_while_its_page_is_waited_for() {
    let (simulated, window) = devices().await;
    simulated.scanner.set(Condition::Silent);
    let scan = window.begin_scan().await.unwrap();
    let waiting = tokio::spawn({
        let window = window.clone();
        async move { window.next_page(scan.id).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    window.cancel_scan(scan.id).await;
    assert_eq!(simulated.scanner.cancelled(), 1);
    assert_eq!(waiting.await.unwrap(), Err(Trouble::Silent));
}

/// A scanner is told of what has ended beside the work.
async fn cancelled(simulated: &SimulatedDevices, expected: usize) {
    for _ in 0..100 {
        if simulated.scanner.cancelled() == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} scans were cancelled at the scanner, not {expected}", simulated.scanner.cancelled());
}

#[tokio::test]
async fn the_glass_is_given_back_after_its_page() {
    let (simulated, window) = devices().await;
    simulated.scanner.set(Condition::FeederEmpty);
    let scan = window.begin_scan().await.unwrap();
    assert!(window.next_page(scan.id).await.unwrap().is_some());
    cancelled(&simulated, 1).await;
}

#[tokio::test]
async fn a_scan_that_fails_is_cancelled_at_the_scanner() {
    let (simulated, window) = devices().await;
    for (failures, condition) in (1..).zip([Condition::Jam, Condition::Garbled, Condition::Silent]) {
        simulated.scanner.set(Condition::Ready);
        let scan = window.begin_scan().await.unwrap();
        simulated.scanner.set(condition);
        while window.next_page(scan.id).await.is_ok() {}
        cancelled(&simulated, failures).await;
    }
}

#[tokio::test]
async fn a_feeder_that_is_read_to_its_end_needs_no_cancelling() {
    let (simulated, window) = devices().await;
    assert_eq!(pages(&window).await, Ok(2));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(simulated.scanner.cancelled(), 0);
}

#[tokio::test]
async fn a_scan_that_newer_ones_displace_is_cancelled_at_the_scanner() {
    let (simulated, window) = devices().await;
    for _ in 0..5 {
        window.begin_scan().await.unwrap();
    }
    cancelled(&simulated, 1).await;
}

// What the pages see.

async fn ask(router: &Router, method: &str, path: &str) -> (u16, String, Vec<u8>) {
    let request = axum::http::Request::builder().method(method).uri(path).body(axum::body::Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let (status, kind, caching) = (response.status().as_u16(), header("content-type"), header("cache-control"));
    assert!(status == 204 || caching == "no-store", "{path} may be kept");
    (status, kind, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn the_pages_read_a_card_take_a_picture_and_scan() {
    let (simulated, window) = devices().await;
    let router = window.routes();
    let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();

    let (status, _, body) = ask(&router, "GET", "/api/devices").await;
    assert_eq!((status, json(&body)["devices"][0]["kind"].as_str()), (200, Some("card-reader")));
    let (status, _, body) = ask(&router, "POST", "/api/devices/card").await;
    assert_eq!((status, json(&body)["name"].as_str()), (200, Some("白晓兰")));
    assert_eq!(json(&body)["birth_date"], "1988-02-14");
    let (status, kind, _) = ask(&router, "POST", "/api/devices/picture").await;
    assert_eq!((status, kind.as_str()), (200, "image/jpeg"));

    let (status, _, body) = ask(&router, "POST", "/api/devices/scans").await;
    assert_eq!(status, 201);
    let path = format!("/api/devices/scans/{}/pages", json(&body)["id"]);
    let mut seen = vec![];
    for _ in 0..3 {
        let (status, kind, _) = ask(&router, "POST", &path).await;
        seen.push((status, kind));
    }
    let jpeg = || (200, "image/jpeg".to_owned());
    assert_eq!(seen, [jpeg(), jpeg(), (204, String::new())]);

    simulated.bridge.set_reader(Condition::NoCard);
    let (status, kind, body) = ask(&router, "POST", "/api/devices/card").await;
    assert_eq!((status, kind.as_str()), (409, "application/problem+json"));
    assert_eq!(json(&body)["code"], "no-card");
}

// The description for whoever writes a bridge.

#[test]
fn the_examples_of_the_description_are_what_is_read() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/devices.md")).unwrap();
    let examples: Vec<&str> = text.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [devices, card, refusal] = examples[..] else { panic!("{} examples", examples.len()) };
    assert_eq!(serde_json::from_str::<Devices>(devices).unwrap().devices.len(), 2);
    serde_json::from_str::<IdCard>(card).unwrap().check().unwrap();
    assert_eq!(serde_json::from_str::<Refusal>(refusal).unwrap().code, RefusalCode::NoCard);
    let settings = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("devices.toml");
    std::fs::write(&file, settings).unwrap();
    let read = DeviceSettings::read(&file).unwrap().unwrap();
    assert!(read.bridge.is_some() && read.scanner.is_some());
}
