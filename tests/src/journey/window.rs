//! What hands do at a window: they take cases, decide at the sitting, and take what was missing.
//!
//! # How keys are counted
//!
//! Every key counts as one: letters of the search, Enter, Tab, a key of the desk, a held key with another one. A card on
//! the reader is one key, F7. Apart from that stands **what only the applicant knows**, which no page can spare anybody: the
//! characters of names, numbers, telephone and form, and the keys that choose an answer in a list of the form. A chosen file
//! is one key. A known applicant's case is counted without that exception, all of it.

use std::path::Path;

use serde_json::Value;

use super::hands::{ALT, CONTROL, DOWN, ENTER, F2, F7, F8, F9, Hands, SPACE, checked};
use super::{case_of, demand};
use crate::Result;

/// The hall has said how the application stands.
const SAID: &str = "document.querySelector('.checklist [data-gap=review]') === null";

/// The most keys that a case of a known applicant takes, and that one of an unknown takes beside what only they know.
pub const MOST_KEYS: u32 = 30;

/// Nothing is missing on the desk, and nothing advised.
const COMPLETE: &str = "document.querySelector('[data-testid=checklist-heading]')?.textContent === '已齐全'";

/// Somebody at the window.
#[derive(Debug, Clone, Copy)]
pub struct Applicant {
    /// The name.
    pub name: &'static str,
    /// The number of the identity card.
    pub id: &'static str,
    /// The telephone.
    pub phone: &'static str,
}

/// A case that a window has taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its number, without spaces.
    pub number: String,
    /// All keys, from the desk to the taken case.
    pub keys: u32,
    /// Those of them that say what only the applicant knows.
    pub said: u32,
    /// The case as the hall shows it.
    pub case: Value,
}

impl Hands<'_> {
    /// Searches an item by the first letters of its sound and picks it, which is the first answer.
    ///
    /// # Errors
    /// Where it is not.
    pub async fn pick_item(&self, letters: &str, name: &str) -> Result<()> {
        self.until_at("[data-testid=item-search]").await?;
        self.type_text(letters).await?;
        let first = format!(
            "return document.querySelector('[role=option][aria-selected=true]')?.textContent.includes('{name}') === true"
        );
        self.pages().until(&format!("{name} as the first answer"), &first).await?;
        self.press(&[ENTER]).await?;
        self.until_at("[data-testid=applicant-id]").await
    }

    /// Asks somebody whom nobody knows for number, name and telephone.
    ///
    /// # Errors
    /// Where the hand is not led from one to the next.
    pub async fn ask_who(&self, who: &Applicant) -> Result<()> {
        self.say(who.id).await?;
        self.press(&[ENTER]).await?;
        self.until_at("[data-testid=applicant-name]").await?;
        self.say(who.name).await?;
        self.press(&[ENTER]).await?;
        self.until_at("[data-testid=applicant-phone]").await?;
        self.say(who.phone).await
    }

    /// Takes over everything that is known (Alt+R), until it offers nothing more.
    ///
    /// # Errors
    /// Where there is nothing to take.
    pub async fn take_all(&self) -> Result<()> {
        self.pages().element("[data-testid=take-all]").await?;
        self.press(&[ALT, 'r']).await?;
        self.pages()
            .until("everything taken over", "return document.querySelector('[data-testid=take-all]') === null")
            .await
    }

    /// Goes on to a field of the form that is empty (F8), and types what the applicant says.
    ///
    /// # Errors
    /// Where it is not the next that is missing.
    pub async fn fill(&self, field: &str, text: &str) -> Result<()> {
        self.to_gap(&format!("#root_{field}")).await?;
        self.say(text).await
    }

    /// Goes on to a list of the form in which nothing is chosen (F8), and chooses what the applicant says.
    ///
    /// # Errors
    /// Where it is not the next that is missing.
    pub async fn fill_choice(&self, field: &str, answer: &str) -> Result<()> {
        self.to_gap(&format!("#root_{field}")).await?;
        let before = self.strokes();
        self.choose(answer).await?;
        self.count_as_said(self.strokes() - before);
        Ok(())
    }

    /// Goes through the materials as the desk leads: takes each, as a file or on paper, and ticks what was looked at.
    ///
    /// # Errors
    /// Where the desk does not lead to the end.
    pub async fn go_through_materials(&self, files: &[(&str, &Path)]) -> Result<()> {
        const TO_DO: &str = "const it = document.activeElement; \
            const material = it.matches('[data-testid^=material-file-]') && it.closest('.material')?.classList.contains('material-there') === false; \
            const point = it.matches('input[data-point]') && !it.checked;";
        for _ in 0..MOST_KEYS {
            // Whoever looks at papers is slower than the hall, which says what is asked for after each of them.
            let there = format!("{TO_DO} return {SAID} && ({COMPLETE} || material || point)");
            self.pages().until("something to do, or nothing that is missing", &there).await?;
            let at = format!(
                "{TO_DO} return {COMPLETE} ? '' : material ? it.dataset.testid.slice('material-file-'.length) : 'point'"
            );
            let at = self.pages().ask(&at).await?;
            match at.as_str().unwrap_or_default() {
                "" => return Ok(()),
                "point" => {}
                code => self.hand_in(code, files.iter().find(|(of, _)| *of == code).map(|(_, file)| *file)).await?,
            }
            let left = format!("{TO_DO} return {COMPLETE} || !material");
            self.pages().until("the material, taken", &left).await?;
            self.press(&[F9]).await?;
        }
        demand(false, || "an end of the materials".to_owned())
    }

    /// Takes the case (Ctrl+Enter).
    ///
    /// # Errors
    /// Where the hall does not take it.
    pub async fn take(&self) -> Result<Taken> {
        self.press(&[CONTROL, ENTER]).await?;
        self.taken().await
    }

    /// Takes the case, accepts it and grants what is applied for, all at this sitting (Alt+T).
    ///
    /// # Errors
    /// Where the window may not, or the hall does not.
    pub async fn take_and_grant(&self) -> Result<Taken> {
        self.step_at_the_sitting("decide").await?;
        self.until_at("#step-outcome input").await?;
        self.press(&[SPACE]).await?;
        self.press(&[CONTROL, ENTER]).await?;
        self.taken().await
    }

    /// Opens what can be done at this sitting, and picks one by its number.
    async fn step_at_the_sitting(&self, act: &str) -> Result<()> {
        self.press(&[ALT, 't']).await?;
        self.until_at(".step input[name=step-act]").await?;
        let number = format!(
            "return document.querySelector('[data-testid=step-act-{act}]')?.closest('label')?.querySelector('kbd')?.textContent ?? ''"
        );
        let number = self.pages().ask(&number).await?;
        let key = number.as_str().and_then(|number| number.chars().next());
        demand(key.is_some(), || format!("{act} at the sitting"))?;
        self.press(&[key.unwrap_or_default()]).await
    }

    /// The number that is said aloud, and the keys it took.
    async fn taken(&self) -> Result<Taken> {
        let number = self.pages().element("[data-testid=filing-number]").await?;
        let number = number.attr("data-number").await?.unwrap_or_default();
        let case = case_of(self.pages(), &number).await?;
        Ok(Taken { number, keys: self.strokes(), said: self.said(), case })
    }

    /// On to who comes next (Alt+N).
    ///
    /// # Errors
    /// Where the desk is not empty then.
    pub async fn next_applicant(&self) -> Result<()> {
        self.press(&[ALT, 'n']).await?;
        self.until_at("[data-testid=item-search]").await
    }

    /// Reads the card on the reader (F7), of this person.
    ///
    /// # Errors
    /// Where it is another.
    pub async fn read_card(&self, who: &Applicant) -> Result<()> {
        self.pages().element("[data-testid=read-card]").await?;
        self.press(&[F7]).await?;
        let read = format!("return document.querySelector('[data-testid=applicant-id]')?.value === '{}'", who.id);
        self.pages().until(&format!("the card of {}", who.name), &read).await
    }

    /// Takes what was missing of a material, ticks what was looked at on it, and hands it on (Ctrl+Enter).
    ///
    /// # Errors
    /// Where the page still asks for it then.
    pub async fn hand_in_supplement(&self, code: &str, file: &Path, points: &[&str]) -> Result<()> {
        self.tab_or_back_to(&format!("[data-testid=material-file-{code}]")).await?;
        self.hand_in(code, Some(file)).await?;
        for point in points {
            let point = format!("[data-testid=point-{point}]");
            self.tab_to(&point).await?;
            self.press(&[SPACE]).await?;
            self.pages().until(&format!("{point}, ticked"), &checked(&point)).await?;
        }
        self.press(&[CONTROL, ENTER]).await?;
        self.pages()
            .until(
                "nothing that is asked for",
                "return document.querySelector('[data-testid=hand-in-submit]') === null",
            )
            .await
    }

    /// Looks a case up by its number, as a scanner does.
    ///
    /// # Errors
    /// Where its page does not come.
    pub async fn find_case(&self, number: &str) -> Result<()> {
        self.press(&[F2]).await?;
        self.until_at("[data-testid=scan-box]").await?;
        self.type_text(number).await?;
        self.press(&[ENTER]).await?;
        let shown = format!("return document.querySelector('.case-head [data-number]')?.dataset.number === '{number}'");
        self.pages().until(&format!("the page of case {number}"), &shown).await
    }

    /// Opens the list of the field that has the keyboard and goes down to the answer.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn choose(&self, answer: &str) -> Result<()> {
        self.press(&[DOWN]).await?;
        let active = format!(
            "return [...document.querySelectorAll('.ant-select-item-option-active')].some((it) => it.textContent === '{answer}')"
        );
        for _ in 0..10 {
            self.pages()
                .until("an open list", "return document.querySelector('.ant-select-item-option-active') !== null")
                .await?;
            if self.pages().ask(&active).await? == Value::Bool(true) {
                break;
            }
            self.press(&[DOWN]).await?;
        }
        self.pages().until(answer, &active).await?;
        self.press(&[ENTER]).await?;
        let chosen = format!(
            "return document.activeElement.closest('.ant-select')?.textContent.includes('{answer}') === true && document.querySelector('.ant-select-open') === null"
        );
        self.pages().until(&format!("{answer} in its field"), &chosen).await
    }

    /// Goes on to what is missing next (F8), which is this.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn to_gap(&self, css: &str) -> Result<()> {
        // What the situation asks for comes with the answer of the hall.
        self.pages().element(css).await?;
        self.press(&[F8]).await?;
        self.until_at(css).await
    }

    /// Answers a question of the situation by the number of the answer.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn answer(&self, question: &str, number: char, option: &str) -> Result<()> {
        self.press(&[number]).await?;
        let chosen = format!("[data-testid=answer-{question}-{option}]");
        self.pages().until(&format!("{option} as answer {number}"), &checked(&chosen)).await
    }

    /// Takes a material: its file, with the original where the window keeps it, or the paper alone.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn hand_in(&self, code: &str, file: Option<&Path>) -> Result<()> {
        self.until_at(&format!("[data-testid=material-file-{code}]")).await?;
        let Some(file) = file else {
            self.press(&['1']).await?;
            let paper = format!("[data-testid=material-paper-{code}]");
            return self.pages().until(&format!("{paper}, marked"), &checked(&paper)).await;
        };
        self.choose_file(file).await?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let there = format!(
            "return document.querySelector('[data-testid=material-name-{code}]')?.textContent.includes('{name}') === true"
        );
        self.pages().until("the file under its name", &there).await?;
        // The hand is where it was, and goes on from there.
        self.until_at(&format!("[data-testid=material-file-{code}]")).await?;
        self.mark(&format!("[data-testid=material-original-{code}]")).await
    }

    /// Goes back to a box of the same material and marks it.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn mark(&self, css: &str) -> Result<()> {
        self.back_to(css).await?;
        self.press(&[SPACE]).await?;
        self.pages().until(&format!("{css}, marked"), &checked(css)).await
    }

    /// Ticks what was looked at on a material (F9), which goes on to what is missing next.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn tick(&self, points: &[&str]) -> Result<()> {
        self.press(&[F9]).await?;
        for point in points {
            let css = format!("[data-testid=point-{point}]");
            self.pages().until(&format!("{point}, ticked"), &checked(&css)).await?;
        }
        Ok(())
    }
}
