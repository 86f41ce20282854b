//! What the shell itself owes its pages, whatever they show.

use serde_json::json;
use yichuang_tests::display::Display;
use yichuang_tests::driver::Pages;
use yichuang_tests::{Result, built, wait};

/// The page that asks who is there is drawn.
const FIRST_PAGE: &str = "return document.readyState === 'complete' && document.querySelector('input') !== null";

/// A field of the test's own on the page, which notes what it is told.
const PROBE: &str = r#"
    const field = Object.assign(document.createElement("input"), { id: "probe" });
    document.body.prepend(field);
    window.told = [];
    for (const name of ["keydown", "compositionstart", "compositionend", "input"]) {
        field.addEventListener(name, (event) => window.told.push([name, event.isComposing, event.keyCode ?? 0]));
    }
    // The page's own field takes the keyboard when it is first drawn.
    requestAnimationFrame(() => requestAnimationFrame(() => { field.focus(); done(); }));
"#;

async fn open(display: &Display) -> Result<Pages> {
    let pages = Pages::desktop(display, &built("yichuang"), &[]).await?;
    pages.until("the first page", FIRST_PAGE).await?;
    Ok(pages)
}

#[tokio::test]
async fn chinese_is_typed_with_an_input_method_into_the_real_window() -> Result<()> {
    let mut display = Display::open(1400, 900).await?;
    display.start_pinyin().await?;
    let pages = open(&display).await?;
    display.focus("一窗").await?;
    pages.ask_later(PROBE).await?;

    display.until_pinyin_listens().await?;
    display.type_keys("shipin").await?;
    wait::until("the candidates", async || {
        let found = display.run("xdotool", &["search", "--onlyvisible", "--name", "ibus-ui-gtk3"]).await.ok()?;
        found.status.success().then_some(())
    })
    .await?;
    display.picture("pinyin").await?;
    display.press(&["space"]).await?;
    pages.until("食品 in the field", "return document.getElementById('probe').value === '食品'").await?;

    // Enter that ends a composition belongs to the input method and must submit nothing.
    display.type_keys("ab").await?;
    display.press(&["Return"]).await?;
    pages.until("ab in the field", "return document.getElementById('probe').value === '食品ab'").await?;
    let told = pages.ask("return window.told").await?;
    let keys: Vec<_> = told.as_array().into_iter().flatten().filter(|event| event[0] == "keydown").collect();
    assert!(keys.iter().all(|key| key[2] == 229), "the page saw keys that belong to the input method: {told}");
    pages.close().await
}

#[tokio::test]
async fn a_body_that_kills_the_web_view_is_refused_and_the_window_lives_on() -> Result<()> {
    let display = Display::open(1400, 900).await?;
    let pages = open(&display).await?;
    for body in [
        "new Blob(['x'])",
        "(() => { const form = new FormData(); form.append('f', new File(['x'], 'x')); return form; })()",
    ] {
        let refused = pages
            .ask_later(&format!("fetch('/api/hall/files', {{ method: 'PUT', body: {body} }}).then(() => done(''), (error) => done(error.name))"))
            .await?;
        assert_eq!(refused, json!("TypeError"), "{body}");
    }
    let request = pages
        .ask_later("fetch(new Request('/api/hall/files?name=x', { method: 'PUT', body: new Blob(['x']) })).then((answer) => done(answer.status > 0))")
        .await?;
    assert_eq!(request, json!(true));
    pages.close().await
}

#[tokio::test]
async fn pages_stay_inside() -> Result<()> {
    let display = Display::open(1400, 900).await?;
    let pages = open(&display).await?;
    let home = pages.ask("return location.href").await?;
    pages.ask("location.href = 'https://example.org/'").await?;
    let opened = pages.ask("return window.open('https://example.org/') === null").await?;
    assert_eq!(opened, json!(true));
    pages.until("a page that answers", "return document.readyState === 'complete'").await?;
    assert_eq!(pages.ask("return location.href").await?, home);
    pages.close().await
}

#[tokio::test]
async fn each_desk_is_signed_in_for_itself_and_scripts_see_no_cookie() -> Result<()> {
    let display = Display::open(1400, 900).await?;
    let pages = open(&display).await?;
    pages.ask_later("window.__TAURI_INTERNALS__.invoke('open_desk').then(done, done)").await?;
    let windows = wait::until("a second desk", async || {
        let windows = pages.client.windows().await.ok()?;
        (windows.len() == 2).then_some(windows)
    })
    .await?;

    let session =
        "fetch('/api/hall/session').then((answer) => answer.text()).then((text) => done([text, document.cookie]))";
    let mut seen = Vec::new();
    for (number, window) in windows.into_iter().enumerate() {
        pages.client.switch_to_window(window).await?;
        pages.until("the first page", FIRST_PAGE).await?;
        if number == 0 {
            pages.ask_later("fetch('/api/hall/sessions', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify({ login: 'chuangkou', password: 'anlan-2026', window: '03' }) }).then((answer) => done(answer.status))").await?;
        }
        seen.push(pages.ask_later(session).await?);
    }
    display.picture("two-desks").await?;
    assert_ne!(seen[0][0], seen[1][0], "both desks have the same session: {seen:?}");
    assert_eq!([&seen[0][1], &seen[1][1]], ["", ""], "a script sees a cookie");
    pages.close().await
}
