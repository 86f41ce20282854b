//! What hands do at the output desk: they print, and hand over.

use super::hands::{CONTROL, ENTER, Hands};
use crate::Result;

impl Hands<'_> {
    /// Prints a paper whose button is further on, and waits until the printer says that it came out.
    ///
    /// # Errors
    /// Where the page does not do it.
    pub async fn print(&self, kind: &str) -> Result<()> {
        let ready = format!("return document.querySelector('[data-testid=paper-print-{kind}]')?.disabled === false");
        self.pages().until(&format!("{kind}, ready to be printed"), &ready).await?;
        self.tab_or_back_to(&format!("[data-testid=paper-print-{kind}]")).await?;
        self.press(&[ENTER]).await?;
        let done =
            format!("return document.querySelector('[data-testid=paper-state-{kind}]')?.dataset.state === 'done'");
        self.pages().until(&format!("{kind}, printed"), &done).await
    }

    /// Prints everything that was never printed (Ctrl+P), and waits until the printer says that these came out.
    ///
    /// # Errors
    /// Where one does not.
    pub async fn print_all(&self, kinds: &[&str]) -> Result<()> {
        for kind in kinds {
            let ready =
                format!("return document.querySelector('[data-testid=paper-state-{kind}]')?.dataset.state === 'ready'");
            self.pages().until(&format!("{kind}, ready to be printed"), &ready).await?;
        }
        self.press(&[CONTROL, 'p']).await?;
        for kind in kinds {
            self.printed(kind).await?;
        }
        Ok(())
    }

    /// Waits until the printer says that a paper came out.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn printed(&self, kind: &str) -> Result<()> {
        let done =
            format!("return document.querySelector('[data-testid=paper-state-{kind}]')?.dataset.state === 'done'");
        self.pages().until(&format!("{kind}, printed"), &done).await
    }

    /// Hands a case over to who applied, on their number; the proof of service comes out by itself.
    ///
    /// # Errors
    /// Where it is not closed then.
    pub async fn hand_over_to(&self, number: &str, id: &str, papers: &[&str]) -> Result<()> {
        self.until_at("[data-testid=scan-box]").await?;
        self.type_text(number).await?;
        self.press(&[ENTER]).await?;
        self.print_all(papers).await?;
        self.press(&[CONTROL, ENTER]).await?;
        self.until_at("[data-testid=collector-id]").await?;
        self.type_text(id).await?;
        self.press(&[CONTROL, ENTER]).await?;
        let closed = "return document.querySelector('[data-testid=case-state]')?.textContent.includes('办结') === true";
        self.pages().until("办结", closed).await?;
        self.printed("delivery-proof").await
    }
}
