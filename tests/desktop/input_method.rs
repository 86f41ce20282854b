//! Chinese through an input method, in the fields where a clerk types it: nothing that belongs to a composition submits,
//! chooses or leads away.

use yichuang_tests::display::Display;
use yichuang_tests::driver::Pages;
use yichuang_tests::journey::{self, DEMO};
use yichuang_tests::{HarnessError, Result, built, wait};

/// All that `shortcuts.ts` knows, in X notation.
const SHORTCUTS: [&str; 7] = ["ctrl+Return", "alt+2", "F1", "F2", "alt+n", "ctrl+n", "ctrl+shift+d"];

/// What is on the page, other than what is being composed.
const WHERE: &str = "return [location.pathname, document.activeElement.dataset.testid ?? '', String(document.querySelector('[role=dialog]') !== null), String(document.querySelectorAll('.problem, .ant-form-item-explain-error').length)].join(' ')";

/// Lets the page note what it is told of keys and compositions.
const LISTEN: &str = r#"
    window.told = [];
    window.composing = false;
    if (window.listens) return;
    window.listens = true;
    for (const name of ["keydown", "compositionstart", "compositionupdate", "compositionend", "beforeinput"]) {
        window.addEventListener(name, (event) => {
            if (name === "compositionstart") window.composing = true;
            if (name === "compositionend") window.composing = false;
            window.told.push([name, event.key ?? event.data, event.keyCode ?? 0, event.isComposing ?? false].join(" "));
        }, true);
    }
"#;

/// What the field that has the keyboard shows.
const VALUE: &str = "return document.activeElement.value";

/// Types pinyin and waits until the input method offers characters for it.
async fn compose(display: &Display, pinyin: &str) -> Result<()> {
    display.until_pinyin_listens().await?;
    display.type_keys(pinyin).await?;
    wait::until("the candidates", async || {
        let found = display.run("xdotool", &["search", "--onlyvisible", "--name", "ibus-ui-gtk3"]).await.ok()?;
        found.status.success().then_some(())
    })
    .await
}

/// Presses a shortcut in the middle of a composition, and demands that nothing came of it.
async fn shortcut_does_nothing(display: &Display, pages: &Pages, pinyin: &str, keys: &str) -> Result<()> {
    let before = pages.ask(WHERE).await?;
    pages.ask(LISTEN).await?;
    compose(display, pinyin).await?;
    pages.until("a composition", "return window.composing === true").await?;
    display.press(&[keys]).await?;
    // A key of the input method's own comes after the shortcut: when the page has seen it, it has seen both.
    display.press(&["Escape"]).await?;
    pages.until("the end of the composition", "return window.composing === false").await?;
    let now = pages.ask(WHERE).await?;
    eprintln!("{keys} {now} {} {:?}", pages.ask("return JSON.stringify(window.told)").await?, pages.ask(VALUE).await?);
    clear(display, pages).await?;
    if now != before {
        return Err(HarnessError::InVain(format!("{keys} while composing does nothing: {before} became {now}")));
    }
    Ok(())
}

#[tokio::test]
async fn chinese_is_typed_into_item_search_and_name_and_no_shortcut_fires_meanwhile() -> Result<()> {
    let mut display = Display::open(1400, 900).await?;
    display.start_pinyin().await?;
    let pages = Pages::desktop(&display, &built("yichuang"), &[]).await?;
    let typed = type_chinese(&display, &pages).await;
    if typed.is_err() {
        display.picture("pinyin-failed").await?;
        eprintln!("{:?} {:?}", pages.ask(WHERE).await, pages.ask(VALUE).await);
    }
    typed?;
    pages.close().await
}

async fn type_chinese(display: &Display, pages: &Pages) -> Result<()> {
    // Passwords are typed without an input method; the session comes over HTTP.
    journey::session(pages, &DEMO.clerk, "03").await?;
    pages.element("[data-testid=item-search]").await?;
    display.focus("一窗").await?;

    // Item search.
    compose(display, "shipin").await?;
    display.picture("pinyin-item-search").await?;
    display.press(&["Escape"]).await?;
    clear(display, pages).await?;
    for keys in SHORTCUTS {
        shortcut_does_nothing(display, pages, "shipin", keys).await?;
    }

    compose(display, "shipin").await?;
    display.press(&["space"]).await?;
    pages.until("食品 in the item search", &format!("{VALUE} === '食品'")).await?;
    let first = "return document.querySelector('[role=option][aria-selected=true]')?.textContent.includes('食品经营许可') === true";
    pages.until("食品经营许可", first).await?;

    // Letters that Enter commits are searched for; that Enter chooses nothing.
    compose(display, "xu").await?;
    display.press(&["Return"]).await?;
    pages.until("食品xu in the item search", &format!("{VALUE} === '食品xu'")).await?;
    pages.until("the item search", "return document.querySelector('[data-testid=item-search]') !== null").await?;
    display.press(&["BackSpace", "BackSpace"]).await?;
    pages.until("食品 again", &format!("{VALUE} === '食品'")).await?;
    pages.until("食品经营许可", first).await?;
    display.press(&["Return"]).await?;

    // The applicant's name.
    pages.until("the name field", "return document.activeElement.dataset.testid === 'applicant-name'").await?;
    compose(display, "lixiulan").await?;
    display.picture("pinyin-name").await?;
    display.press(&["Escape"]).await?;
    clear(display, pages).await?;
    for keys in SHORTCUTS {
        shortcut_does_nothing(display, pages, "lixiulan", keys).await?;
    }
    compose(display, "lixiulan").await?;
    // Space takes the first candidate; where that is not the whole word, again.
    wait::until("a name in Chinese", async || {
        let name = pages.ask(VALUE).await.ok()?;
        let name = name.as_str()?;
        if name.chars().count() >= 2 && name.chars().all(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign)) {
            return Some(());
        }
        display.press(&["space"]).await.ok().and(None)
    })
    .await?;
    display.picture("pinyin-name-there").await?;
    Ok(())
}

async fn clear(display: &Display, pages: &Pages) -> Result<()> {
    display.press(&["ctrl+a", "BackSpace"]).await?;
    pages.until("an empty field", &format!("{VALUE} === ''")).await
}
