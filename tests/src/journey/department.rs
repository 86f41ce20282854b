//! What hands do in the back office: they sign in and open a task.

use super::hands::{ENTER, F2, Hands, RIGHT};
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
}
