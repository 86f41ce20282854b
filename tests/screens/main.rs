//! Takes a picture of every screen in both languages and two sizes, and lets axe look at each, at 200 % zoom too:
//! `screens http://127.0.0.1:PORT FOLDER`. Ends with a failure where axe finds anything, or a page goes past its side.

mod prepare;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;
use yichuang_tests::driver::Pages;
use yichuang_tests::{HarnessError, Result};

const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];
/// What is left of the smaller size at 200 % zoom.
const ZOOMED: (u32, u32) = (SIZES[0].0 / 2, SIZES[0].1 / 2);
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// A screen, who looks at it and where it is. `{}` in the address stands for the id of the first of a list.
struct Screen {
    name: &'static str,
    person: Option<(&'static str, &'static str)>,
    address: &'static str,
    list: &'static str,
    /// What is typed where before the picture is taken: a CSS selector and keys.
    typed: &'static [(&'static str, &'static str)],
    /// Where the picture is taken after that, when not where it was typed.
    then: Option<&'static str>,
}

const fn screen(
    name: &'static str,
    service: &'static str,
    login: &'static str,
    address: &'static str,
    list: &'static str,
) -> Screen {
    Screen { name, person: Some((service, login)), address, list, typed: &[], then: None }
}

/// A filled-in window: an item chosen, an applicant who is known, the situation and the first fields of the form.
const FILLED_IN: [(&str, &str); 7] = [
    ("[data-testid=item-search]", "食品\u{e007}"),
    ("[data-testid=applicant-id]", "990100196203120021"),
    ("[data-testid=answer-standing-licence]", "1"),
    ("[data-testid=answer-staff-hired]", "1"),
    ("#root_person_in_charge", "欧阳小雨"),
    ("#root_premises", "安澜市桂花街12号"),
    ("#root_area", "48.5"),
];

/// The same, on the applicant's screen (Alt+S).
const SHOWN: [(&str, &str); 8] = {
    let [item, number, licence, staff, person, premises, area] = FILLED_IN;
    [item, number, licence, staff, person, premises, area, ("body", "\u{e00a}s")]
};

const SCREENS: [Screen; 14] = [
    Screen { name: "sign-in", person: None, address: "/", list: "", typed: &[], then: None },
    screen("window-empty", "hall", "chuangkou", "/window", ""),
    Screen { typed: &FILLED_IN, ..screen("window", "hall", "chuangkou", "/window", "") },
    Screen {
        typed: &SHOWN,
        then: Some("/window/screen"),
        ..screen("applicant-screen", "hall", "chuangkou", "/window", "")
    },
    screen("cases", "hall", "chuangkou", "/cases", ""),
    screen("case", "hall", "chuangkou", "/cases/{}", "/api/hall/cases?state=closed&limit=1"),
    Screen {
        // The example (Alt+E), and what can be done at the sitting (Alt+T): the notice of what is missing.
        typed: &[
            ("[data-testid=item-search]", "食品\u{e007}"),
            ("body", "\u{e00a}e"),
            ("body", "\u{e00a}t"),
            ("body", "1"),
        ],
        ..screen("window-steps", "hall", "chuangkou", "/window", "")
    },
    screen("case-under-way", "hall", "zhuren", "/cases/{}", "/api/hall/cases?state=accepted&limit=1"),
    screen("output", "hall", "chuzheng", "/output", ""),
    Screen {
        // Ctrl+Enter asks who collects, and what became of the originals.
        typed: &[("body", "\u{e009}\u{e007}")],
        ..screen("output-case", "hall", "chuzheng", "/output/{}", "/api/hall/cases?state=issued&limit=1")
    },
    screen("tasks", "department", "shenpi", "/department", ""),
    screen("task", "department", "shenpi", "/department/{}", "/api/department/tasks?state=open&limit=1"),
    screen("task-done", "department", "shenpi", "/department/{}", "/api/department/tasks?state=done&limit=1"),
    Screen {
        // With all items behind it the picture would be too large.
        typed: &[("[data-testid=item-search]", "食品"), ("body", "\u{e031}")],
        ..screen("help", "hall", "chuangkou", "/window", "")
    },
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, folder] = arguments.as_slice() else {
        eprintln!("usage: screens BASE-URL FOLDER");
        return ExitCode::from(2);
    };
    match take_all(base, &PathBuf::from(folder)).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string));
            ExitCode::FAILURE
        }
    }
}

async fn take_all(base: &str, folder: &Path) -> Result<usize> {
    std::fs::create_dir_all(folder)?;
    prepare::a_morning(base).await.map_err(|error| HarnessError::Failed("a morning".to_owned(), error.to_string()))?;
    let mut faults = 0;
    for (width, height) in SIZES {
        for language in LANGUAGES {
            for screen in &SCREENS {
                // A browser for each: nobody is signed in, and no stream of an earlier page is left open.
                let pages = Pages::chromium(width, height).await?;
                if !open(&pages, base, language, screen).await? {
                    eprintln!("{}: nothing is in {}", screen.name, screen.list);
                    return Ok(1);
                }
                let file = folder.join(format!("{}-{language}-{width}.png", screen.name));
                std::fs::write(&file, pages.client.screenshot().await?)?;
                faults += look(&pages, &format!("{} {language} {width}", screen.name)).await?;
                if (width, height) == SIZES[0] {
                    pages.resize(ZOOMED.0, ZOOMED.1).await?;
                    pages.until_still().await?;
                    faults += look(&pages, &format!("{} {language} zoomed", screen.name)).await?;
                }
                pages.close().await?;
            }
        }
    }
    Ok(faults)
}

/// Says what is wrong with a page, and how much that is.
async fn look(pages: &Pages, name: &str) -> Result<usize> {
    let mut faults = pages.accessibility_faults().await?;
    let past = pages.ask("return document.documentElement.scrollWidth - innerWidth").await?;
    if past.as_i64().is_none_or(|past| past > 0) {
        faults.push(format!("the page goes past its side by {past} pixels"));
    }
    for fault in &faults {
        eprintln!("{name}: {fault}");
    }
    Ok(faults.len())
}

/// Opens a screen; `false` where there is nothing yet that it could show.
async fn open(pages: &Pages, base: &str, language: &str, screen: &Screen) -> Result<bool> {
    pages.client.goto(base).await?;
    pages.ask(&format!("localStorage.setItem('yichuang.language', '{language}')")).await?;
    if let Some((service, login)) = screen.person {
        pages.ask_later(&sign_in(service, login)).await?;
    }
    let mut address = format!("{base}{}", screen.address);
    if !screen.list.is_empty() {
        let list =
            pages.ask_later(&format!("fetch('{}').then((answer) => answer.json()).then(done)", screen.list)).await?;
        let Some(id) = list["items"][0]["id"].as_str() else {
            return Ok(false);
        };
        address = address.replace("{}", id);
    }
    pages.client.goto(&address).await?;
    pages.until("the page", "return document.getElementById('root').childElementCount > 0").await?;
    for (selector, keys) in screen.typed {
        pages.until_still().await?;
        pages.element(selector).await?.send_keys(keys).await?;
    }
    pages.until_still().await?;
    if let Some(then) = screen.then {
        pages.client.goto(&format!("{base}{then}")).await?;
        pages.until_still().await?;
    }
    Ok(true)
}

/// Signs in over HTTP; the browser keeps the cookie.
fn sign_in(service: &str, login: &str) -> String {
    let mut body = serde_json::json!({ "login": login, "password": "anlan-2026" });
    if service == "hall" {
        body["window"] = "03".into();
    }
    format!(
        "fetch('/api/{service}/sessions', {{ method: 'POST', body: {}, headers: {{ 'content-type': 'application/json', \
         'idempotency-key': crypto.randomUUID() }} }}).then((answer) => done(answer.status))",
        Value::String(body.to_string())
    )
}
