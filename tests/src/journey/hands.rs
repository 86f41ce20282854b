//! Hands on the keys of a page. They know Tab, and count what they press.

use std::cell::Cell;
use std::path::Path;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Result;
use crate::driver::Pages;
use crate::journey::demand;

/// The keys that are no characters, as WebDriver names them.
pub const ENTER: char = '\u{E007}';
/// Space.
pub const SPACE: char = ' ';
/// Tab.
pub const TAB: char = '\u{E004}';
/// Shift, held.
pub const SHIFT: char = '\u{E008}';
/// Ctrl, held.
pub const CONTROL: char = '\u{E009}';
/// Alt, held.
pub const ALT: char = '\u{E00A}';
/// Right.
pub const RIGHT: char = '\u{E014}';
/// Down.
pub const DOWN: char = '\u{E015}';
/// F2.
pub const F2: char = '\u{E032}';
/// F7.
pub const F7: char = '\u{E037}';
/// F8.
pub const F8: char = '\u{E038}';
/// F9.
pub const F9: char = '\u{E039}';

/// No desk has more places for Tab than this.
const MOST_TABS: usize = 60;

/// Hands that press keys and nothing else.
pub struct Hands<'a> {
    pages: &'a Pages,
    strokes: Cell<u32>,
    said: Cell<u32>,
}

impl<'a> Hands<'a> {
    /// Puts them on the keys of a page.
    #[must_use]
    pub fn on(pages: &'a Pages) -> Self {
        Self { pages, strokes: Cell::new(0), said: Cell::new(0) }
    }

    /// The page.
    #[must_use]
    pub fn pages(&self) -> &'a Pages {
        self.pages
    }

    /// How many keys they have pressed. A held key with another one counts as one, a character of Chinese too.
    #[must_use]
    pub fn strokes(&self) -> u32 {
        self.strokes.get()
    }

    /// How many of the keys said what only the applicant knows.
    #[must_use]
    pub fn said(&self) -> u32 {
        self.said.get()
    }

    /// The last keys said what only the applicant knows.
    pub fn count_as_said(&self, strokes: u32) {
        self.said.set(self.said.get() + strokes);
    }

    /// Types what only the applicant knows.
    ///
    /// # Errors
    /// Where the field does not show it.
    pub async fn say(&self, text: &str) -> Result<()> {
        self.count_as_said(text.chars().count() as u32);
        self.type_text(text).await
    }

    /// Presses keys together: the last one while the ones before it are held.
    ///
    /// # Errors
    /// Where the page does not take them.
    pub async fn press(&self, keys: &[char]) -> Result<()> {
        self.count(1);
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        self.perform(down.chain(up)).await
    }

    /// Types into the field that has the keyboard, and waits until it shows what was typed.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.count(text.chars().count() as u32);
        self.perform(text.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }])).await?;
        let shown = format!("return document.activeElement.value?.endsWith({}) === true", Value::from(text));
        self.pages.until(&format!("{text} in its field"), &shown).await
    }

    /// Types instead of what is in the field.
    ///
    /// # Errors
    /// Where it does not show it.
    pub async fn replace_text(&self, text: &str) -> Result<()> {
        if self.pages.ask("return document.activeElement.value !== ''").await? == true {
            self.press(&[CONTROL, 'a']).await?;
        }
        self.type_text(text).await?;
        let only = format!("return document.activeElement.value === {}", Value::from(text));
        self.pages.until(&format!("only {text} in its field"), &only).await
    }

    /// Chooses a file for the field that has the keyboard. The dialog belongs to the system, so its keys are not counted;
    /// the one that opens it is.
    ///
    /// # Errors
    /// Where the field does not take it.
    pub async fn choose_file(&self, file: &Path) -> Result<()> {
        self.count(1);
        Ok(self.pages.client.active_element().await?.send_keys(&file.to_string_lossy()).await?)
    }

    /// Waits until an element has the keyboard.
    ///
    /// # Errors
    /// Where it never gets it.
    pub async fn until_at(&self, css: &str) -> Result<()> {
        self.pages.until(&format!("the keyboard at {css}"), &at(css)).await
    }

    /// Goes on with Tab to an element.
    ///
    /// # Errors
    /// Where Tab does not lead there, with the places it came by.
    pub async fn tab_to(&self, css: &str) -> Result<()> {
        self.tab_until(css, &at(css)).await
    }

    /// Goes back with Shift+Tab to an element.
    ///
    /// # Errors
    /// Where it does not lead there, with the places it came by.
    pub async fn back_to(&self, css: &str) -> Result<()> {
        self.go(&[SHIFT, TAB], css, &at(css)).await
    }

    /// Goes to an element on the shorter way, as somebody would who sees the page.
    ///
    /// # Errors
    /// Where neither way leads there.
    pub async fn tab_or_back_to(&self, css: &str) -> Result<()> {
        let before = format!(
            "const there = document.querySelector({}); return Boolean(there && document.activeElement !== document.body && document.activeElement.compareDocumentPosition(there) & 2)",
            Value::from(css)
        );
        if self.pages.ask(&before).await? == true { self.back_to(css).await } else { self.tab_to(css).await }
    }

    /// Goes on with Tab until a script says that it is there.
    ///
    /// # Errors
    /// Where Tab does not lead there, with the places it came by.
    pub async fn tab_until(&self, what: &str, there: &str) -> Result<()> {
        self.go(&[TAB], what, there).await
    }

    async fn go(&self, keys: &[char], what: &str, there: &str) -> Result<()> {
        let mut places = Vec::new();
        for _ in 0..MOST_TABS {
            if self.pages.ask(there).await? == true {
                return Ok(());
            }
            self.press(keys).await?;
            places.push(self.pages.ask("const it = document.activeElement; return it.dataset.testid ?? (it.id || it.textContent.slice(0, 20) || it.tagName)").await?);
        }
        demand(false, || format!("{what}, with Tab; it came by {}", Value::from(places)))
    }

    async fn perform(&self, actions: impl Iterator<Item = KeyAction>) -> Result<()> {
        let keys = actions.fold(KeyActions::new("hands".to_owned()), InputSource::then);
        Ok(self.pages.client.perform_actions(keys).await?)
    }

    fn count(&self, strokes: u32) {
        self.strokes.set(self.strokes.get() + strokes);
    }
}

fn at(css: &str) -> String {
    format!("return document.activeElement.matches({})", Value::from(css))
}

/// The SHA-256 of bytes, as pages write it.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a box or an answer is marked.
pub(super) fn checked(css: &str) -> String {
    format!("return document.querySelector({})?.checked === true", Value::from(css))
}
