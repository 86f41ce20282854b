//! What hands do in the back office: they open a task, say what is missing, accept, and do not accept.

use super::hands::{ALT, CONTROL, ENTER, F2, Hands, RIGHT, SPACE, checked};
use super::{Person, at_the_desk_of, name_and_password};
use crate::Result;

/// Chooses the back office and signs in there.
///
/// # Errors
/// Where the desk does not come.
pub async fn sign_in_at_the_department(hands: &Hands<'_>, person: &Person) -> Result<()> {
    hands.until_at("[data-testid=sign-in-login]").await?;
    if hands.pages().ask("return document.querySelector('[data-testid=sign-in-window]') !== null").await? == true {
        hands.back_to(".sign-in-service input").await?;
        hands.press(&[RIGHT]).await?;
        hands
            .pages()
            .until("no window", "return document.querySelector('[data-testid=sign-in-window]') === null")
            .await?;
        hands.tab_to("[data-testid=sign-in-login]").await?;
    }
    name_and_password(hands, person).await?;
    hands.press(&[ENTER]).await?;
    at_the_desk_of(hands, person).await
}

impl Hands<'_> {
    /// Opens a task of the queue.
    ///
    /// # Errors
    /// Where it is not there.
    pub async fn open_task(&self, number: &str) -> Result<()> {
        let row = format!("[data-testid=task-row-{number}]");
        self.pages().element(&row).await?;
        self.press(&[F2]).await?;
        self.until_at("[data-testid=task-search]").await?;
        self.tab_to(&row).await?;
        self.press(&[ENTER]).await?;
        let shown =
            format!("return document.querySelector('[data-testid=task-number]')?.dataset.number === '{number}'");
        self.pages().until("the task", &shown).await
    }

    /// Says that a point of the item is not met (Alt+B), once and with its usual words.
    ///
    /// # Errors
    /// Where the notice does not go out.
    pub async fn ask_for(&self, point: &str) -> Result<()> {
        self.enabled("ask").await?;
        self.press(&[ALT, 'b']).await?;
        let box_ = format!("[data-testid=ask-{point}]");
        self.pages().element(&box_).await?;
        self.tab_or_back_to(&box_).await?;
        self.press(&[SPACE]).await?;
        self.pages().until(&format!("{point}, marked"), &checked(&box_)).await?;
        self.press(&[CONTROL, ENTER]).await?;
        self.say_so().await?;
        self.task_state("待补正").await
    }

    /// Accepts the task (Ctrl+Enter).
    ///
    /// # Errors
    /// Where it is not accepted.
    pub async fn accept(&self) -> Result<()> {
        self.enabled("accept").await?;
        self.press(&[CONTROL, ENTER]).await?;
        self.say_so().await?;
        let noticed =
            "return document.querySelector('[data-testid=paper-state-acceptance-notice]')?.dataset.state === 'ready'";
        self.pages().until("the notice of acceptance", noticed).await
    }

    /// Does not accept the task (Alt+J), which is none that needs a permit.
    ///
    /// # Errors
    /// Where the refusal does not go out.
    pub async fn reject(&self, reason: &str) -> Result<()> {
        self.enabled("reject").await?;
        self.press(&[ALT, 'j']).await?;
        self.pages().element("[data-testid=reject-not-needed]").await?;
        self.tab_or_back_to("[data-testid=reject-not-needed]").await?;
        self.press(&[SPACE]).await?;
        self.pages().until("a ground", &checked("[data-testid=reject-not-needed]")).await?;
        self.tab_to("[data-testid=reject-reason]").await?;
        self.type_text(reason).await?;
        self.press(&[CONTROL, ENTER]).await?;
        self.say_so().await?;
        self.task_state("不予受理").await
    }

    /// Says once more what cannot be taken back.
    async fn say_so(&self) -> Result<()> {
        self.until_at("[data-testid=confirm-ok]").await?;
        self.press(&[ENTER]).await
    }

    async fn enabled(&self, step: &str) -> Result<()> {
        let may = format!("return document.querySelector('[data-testid=task-{step}]')?.disabled === false");
        self.pages().until(&format!("{step}, that may be done"), &may).await
    }

    async fn task_state(&self, words: &str) -> Result<()> {
        let state = format!(
            "return document.querySelector('[data-testid=task-state]')?.textContent.includes('{words}') === true"
        );
        self.pages().until(words, &state).await
    }
}
