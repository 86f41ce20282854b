//! Without a session nothing is shown or changed.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::{stage::PASSWORD, test_hall::TestHall};

crate::on_both_databases! { TestHall::open:
    without_a_session_nothing_is_shown_or_changed
    an_idle_session_ends
    a_session_ends_after_twelve_hours_however_busy
    a_session_that_was_signed_out_is_gone
    a_bad_sign_in_is_refused
    five_wrong_passwords_lock_a_login_for_a_while
    the_window_is_the_one_of_the_session
}

async fn without_a_session_nothing_is_shown_or_changed(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let case = hall.taken_case(&clerk).await;
    let token = clerk.cookie().split_once('=').unwrap().1.to_owned();
    let cookies = [
        ("no cookie", String::new()),
        ("a cookie without token", "yichuang-hall=".to_owned()),
        ("a token nobody has", format!("yichuang-hall={}", "a".repeat(64))),
        ("a token cut short", format!("yichuang-hall={}", &token[..63])),
        ("a token in capitals", format!("yichuang-hall={}", token.to_uppercase())),
        ("the cookie of the other service", format!("yichuang-department={token}")),
        ("SQL as token", "yichuang-hall=' OR 1=1 --".to_owned()),
    ];
    let mut lines = vec![];
    for (label, cookie) in cookies {
        let visitor = hall.visitor().with_cookie(&cookie);
        let line = hall.refusal(visitor.posting("/filings", &filing)).await;
        for path in ["/session", "/items", "/cases", "/prints", "/printers", "/events", "/cases/find?scan=1"] {
            assert_eq!(hall.refusal(visitor.ask(Method::GET, path)).await, line, "{path}");
        }
        let case = format!("/cases/{}", case["id"].as_str().unwrap());
        assert_eq!(hall.refusal(visitor.ask(Method::GET, &case)).await, line);
        lines.push(format!("{label}\n    -> {line}"));
    }
    let bearer = hall.visitor().posting("/filings", &filing).header("authorization", "Basic YTpi");
    lines.push(format!("another scheme\n    -> {}", hall.refusal(bearer).await));
    insta::assert_snapshot!("without_a_session_nothing_is_shown_or_changed", lines.join("\n"));
    let bearer = hall.visitor().ask(Method::GET, "/cases").header("authorization", &format!("Bearer {token}"));
    assert_eq!(bearer.send().await.status, 200);
}

async fn an_idle_session_ends(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    hall.clock.advance(Duration::from_secs(29 * 60));
    assert_eq!(clerk.get("/cases").await.status, 200);
    hall.clock.advance(Duration::from_secs(29 * 60));
    assert_eq!(clerk.get("/cases").await.status, 200);
    hall.clock.advance(Duration::from_secs(30 * 60));
    assert_eq!(hall.refusal(clerk.posting("/filings", &filing)).await, "401 session-expired");
    // The same submit under a new session is taken.
    let clerk = hall.clerk().await;
    assert_eq!(clerk.post("/filings", &filing).await.status, 201);
}

async fn a_session_ends_after_twelve_hours_however_busy(hall: TestHall) {
    let clerk = hall.clerk().await;
    for _ in 0..35 {
        hall.clock.advance(Duration::from_secs(20 * 60));
        assert_eq!(clerk.get("/session").await.status, 200);
    }
    hall.clock.advance(Duration::from_secs(20 * 60));
    assert_eq!(hall.refusal(clerk.ask(Method::GET, "/session")).await, "401 session-expired");
}

async fn a_session_that_was_signed_out_is_gone(hall: TestHall) {
    let (clerk, other) = (hall.clerk().await, hall.clerk().await);
    let answer = clerk.ask(Method::DELETE, "/session").send().await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(hall.refusal(clerk.ask(Method::GET, "/cases")).await, "401 no-session");
    assert_eq!(other.get("/cases").await.status, 200, "another session of the same person goes on");
    assert_eq!(clerk.ask(Method::DELETE, "/session").send().await.status, 204, "twice does no harm");
}

async fn a_bad_sign_in_is_refused(hall: TestHall) {
    let visitor = hall.visitor();
    let long = "x".repeat(201);
    let bodies: Vec<(&str, Value)> = vec![
        ("nothing", json!({})),
        ("no password", json!({ "login": "window_clerk" })),
        ("an empty login", json!({ "login": "", "password": PASSWORD })),
        ("an empty password", json!({ "login": "window_clerk", "password": "" })),
        ("a login too long", json!({ "login": long, "password": PASSWORD })),
        ("a password too long", json!({ "login": "window_clerk", "password": long })),
        ("a window too long", json!({ "login": "window_clerk", "password": PASSWORD, "window": long })),
        ("NUL in the login", json!({ "login": "window\0clerk", "password": PASSWORD })),
        ("NUL in the password", json!({ "login": "window_clerk", "password": "anlan\0-2026" })),
        ("NUL in the window", json!({ "login": "window_clerk", "password": PASSWORD, "window": "0\0" })),
        ("a number as login", json!({ "login": 7, "password": PASSWORD })),
        ("nobody of that login", json!({ "login": "nobody", "password": PASSWORD })),
        ("a wrong password", json!({ "login": "window_clerk", "password": "anlan-2025" })),
        ("SQL as login", json!({ "login": "' OR 1=1 --", "password": PASSWORD })),
    ];
    let mut lines = vec![];
    for (label, body) in bodies {
        let ask = visitor.ask(Method::POST, "/sessions").json(&body);
        let line = hall.refusal(ask).await;
        assert!(!line.contains("anlan"), "a password is never given back");
        lines.push(format!("{label}\n    -> {line}"));
    }
    insta::assert_snapshot!("a_bad_sign_in_is_refused", lines.join("\n"));
}

async fn five_wrong_passwords_lock_a_login_for_a_while(hall: TestHall) {
    let visitor = hall.visitor();
    let try_with = async |login: &str, password: &str| {
        let wish = json!({ "login": login, "password": password, "window": "01" });
        visitor.ask(Method::POST, "/sessions").json(&wish).send().await
    };
    for login in ["window_clerk", "nobody"] {
        for _ in 0..5 {
            assert_eq!(try_with(login, "wrong-password").await.refusal(), "401 wrong-login-or-password");
        }
        let locked = try_with(login, PASSWORD).await;
        assert_eq!(locked.refusal(), "429 too-many-attempts");
        assert_eq!(locked.header("retry-after"), "900");
    }
    assert_eq!(try_with("output_clerk", PASSWORD).await.status, 201, "nobody else is locked out");
    hall.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(try_with("window_clerk", PASSWORD).await.status, 201);
}

async fn the_window_is_the_one_of_the_session(hall: TestHall) {
    let clerk = hall.clerk().await;
    let filing = hall.filing(&clerk).await;
    let mut lines = vec![];
    for window in [None, Some("77"), Some("一号")] {
        let mut wish = json!({ "login": "window_clerk", "password": PASSWORD });
        if let Some(window) = window {
            wish["window"] = window.into();
        }
        let line = hall.refusal(hall.visitor().ask(Method::POST, "/sessions").json(&wish)).await;
        lines.push(format!("{window:?}\n    -> {line}"));
    }
    insta::assert_snapshot!("the_window_is_the_one_of_the_session", lines.join("\n"));
    let second = hall.visitor().signed_in("window_clerk", Some("02")).await;
    let taken = second.post("/filings", &filing).await.done();
    assert_eq!(taken["cases"][0]["window"], "02");
    assert_eq!(
        taken["cases"][0]["number"].as_str().unwrap().get(10..12),
        Some("02"),
        "{}",
        taken["cases"][0]["number"]
    );
}
