//! Chinese through an input method, in the fields where a clerk types it: nothing that belongs to a composition submits,
//! chooses or leads away.

use yichuang_tests::display::Display;
use yichuang_tests::driver::Pages;
use yichuang_tests::journey::{self, DEMO};
use yichuang_tests::{HarnessError, Result, built, wait};

/// What `shortcuts.ts` knows with a key that types nothing, in X notation.
const SHORTCUTS: [&str; 12] =
    ["ctrl+Return", "alt+2", "F1", "F2", "F4", "F8", "alt+n", "ctrl+n", "alt+i", "alt+a", "alt+e", "ctrl+shift+d"];

/// How long the page is given to be handed a key that the input method does not take.
const HANDED_BACK: std::time::Duration = std::time::Duration::from_millis(700);

/// Where the hand is, and what a shortcut could have brought: another page, a dialog, a field called wrong, a guide, another
/// block of fields, something in another field.
const WHERE: &str = "const count = (css) => document.querySelectorAll(css).length; const others = [...document.querySelectorAll('input')].filter((it) => it !== document.activeElement && (it.type === 'radio' || it.type === 'checkbox' ? it.checked : it.value !== '')).length; return [location.pathname, document.activeElement.dataset.testid ?? '', count('[role=dialog]'), count('.problem, .ant-form-item-explain-error'), count('[data-testid=guide]'), count('input'), others].join(' ')";

/// What the field that has the keyboard shows.
const VALUE: &str = "return document.activeElement.value";

const FOUND: &str =
    "return document.querySelector('[role=option][aria-selected=true]')?.textContent.includes('食品经营许可') === true";

/// Lets the page note whether it knows of a composition.
const LISTEN: &str = r#"
    window.composing = false;
    window.addEventListener("compositionstart", () => { window.composing = true; });
    window.addEventListener("compositionend", () => { window.composing = false; });
    window.keys = 0;
    window.addEventListener("keydown", () => { window.keys += 1; }, { capture: true });
"#;

/// The desk of 陈思远 in the real window, with the item search under the hand of an input method.
async fn open() -> Result<(Display, Pages)> {
    let mut display = Display::open(1400, 900).await?;
    display.start_pinyin().await?;
    let pages = Pages::desktop(&display, &built("yichuang"), &[]).await?;
    // A password is typed without an input method, so the session comes over HTTP.
    journey::session(&pages, &DEMO.clerk, "03").await?;
    until_at(&pages, "item-search").await?;
    pages.until_still().await?;
    pages.ask(LISTEN).await?;
    display.focus("一窗").await?;
    Ok((display, pages))
}

#[tokio::test]
async fn chinese_is_typed_into_item_search_and_name_with_an_input_method() -> Result<()> {
    let (display, pages) = open().await?;
    let typed = type_chinese(&display, &pages).await;
    tell(&display, &pages, &typed, "pinyin-typed").await?;
    typed?;
    pages.close().await
}

async fn type_chinese(display: &Display, pages: &Pages) -> Result<()> {
    choose_item(display, pages).await?;
    compose(display, "lixiulan").await?;
    display.picture("pinyin-name").await?;
    let name = wait::until("a name in Chinese", async || {
        let name = pages.ask(VALUE).await.ok()?.as_str()?.to_owned();
        let chinese = |sign| ('\u{4e00}'..='\u{9fff}').contains(&sign);
        if name.chars().count() >= 2
            && name.chars().all(chinese)
            && pages.ask("return window.composing").await.ok()? == false
        {
            return Some(name);
        }
        // Space takes the first candidate for what has not been taken yet.
        display.press(&["space"]).await.ok()?;
        None
    })
    .await?;
    eprintln!("lixiulan is {name}");
    let called = "return document.activeElement.dataset.testid === 'applicant-name' && ![...document.querySelectorAll('.checklist-gaps li')].some((gap) => gap.textContent.includes('姓名'))";
    pages.until("a checklist that has the name", called).await?;
    display.picture("pinyin-name-there").await.map(drop)
}

/// 食品 finds the item. The Enter that commits letters chooses nothing, the one after it does.
async fn choose_item(display: &Display, pages: &Pages) -> Result<()> {
    compose(display, "shipin").await?;
    display.picture("pinyin-item-search").await?;
    display.press(&["space"]).await?;
    pages.until("食品 in the item search", &format!("{VALUE} === '食品'")).await?;
    pages.until("食品经营许可", FOUND).await?;

    compose(display, "xu").await?;
    display.press(&["Return"]).await?;
    pages.until("食品xu in the item search, still", &format!("{VALUE} === '食品xu'")).await?;
    display.press(&["BackSpace", "BackSpace"]).await?;
    pages.until("食品 again", &format!("{VALUE} === '食品'")).await?;
    pages.until("食品经营许可 again", FOUND).await?;

    display.press(&["Return"]).await?;
    // The number comes first; the name is the next field.
    until_at(pages, "applicant-id").await?;
    display.press(&["Tab"]).await?;
    until_at(pages, "applicant-name").await
}

#[tokio::test]
async fn no_shortcut_fires_while_something_is_being_composed() -> Result<()> {
    let (display, pages) = open().await?;
    let pressed = press_shortcuts(&display, &pages).await;
    tell(&display, &pages, &pressed, "pinyin-shortcuts").await?;
    pressed?;
    pages.close().await
}

async fn press_shortcuts(display: &Display, pages: &Pages) -> Result<()> {
    for keys in SHORTCUTS {
        does_nothing(display, pages, "shipin", keys).await?;
    }
    choose_item(display, pages).await?;
    // What the situation asks for comes a little later than the fields.
    pages.element("#question-standing").await?;
    pages.until_still().await?;
    for keys in SHORTCUTS {
        does_nothing(display, pages, "lixiulan", keys).await?;
    }
    let windows = pages.client.windows().await?.len();
    if windows == 1 { Ok(()) } else { Err(HarnessError::InVain(format!("one window, not {windows}"))) }
}

async fn does_nothing(display: &Display, pages: &Pages, pinyin: &str, keys: &str) -> Result<()> {
    let before = pages.ask(WHERE).await?;
    compose(display, pinyin).await?;
    // A page that knows nothing of it cannot tell its keys from others; the web view has to say it.
    pages.until("a composition that the page knows of", "return window.composing").await?;
    let seen = pages.ask("return window.keys").await?;
    display.press(&[keys]).await?;
    // The input method hands back what it does not take, and no hand is fast enough to end the composition before that. What
    // it takes never comes.
    let handed_back = wait::until("the key", async || {
        let now = pages.ask("return window.keys").await.ok()?;
        (now != seen).then_some(())
    });
    // In vain is as good: then the key stayed with the input method.
    let _ = tokio::time::timeout(HANDED_BACK, handed_back).await;
    display.press(&["Escape"]).await?;
    pages.until("the end of the composition", "return !window.composing").await?;
    let now = pages.ask(WHERE).await?;
    if now != before {
        return Err(HarnessError::InVain(format!("{keys} while composing does nothing: {before} became {now}")));
    }
    display.press(&["ctrl+a", "BackSpace"]).await?;
    pages.until("an empty field", &format!("{VALUE} === ''")).await
}

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

async fn until_at(pages: &Pages, test_id: &str) -> Result<()> {
    let at = format!("return document.activeElement.dataset.testid === '{test_id}'");
    pages.until(&format!("the keyboard at {test_id}"), &at).await
}

/// Leaves a picture and a word of where it went wrong.
async fn tell(display: &Display, pages: &Pages, outcome: &Result<()>, name: &str) -> Result<()> {
    if let Err(error) = outcome {
        display.picture(&format!("{name}-failed")).await?;
        eprintln!("{error}; at {:?}, {:?}", pages.ask(WHERE).await, pages.ask(VALUE).await);
    }
    Ok(())
}
