use super::IntakeReceipt;
use crate::layout::fitted;
use crate::{Fonts, Layout, Paper};

/// What the hall gives for what was handed in upon a notice (补正材料收件凭证). It says what an [`IntakeReceipt`] says, and
/// which notice it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplementReceipt {
    /// What was handed in this time, when, and what follows.
    pub receipt: IntakeReceipt,
    /// Number of the notice that it answers, such as 安市监许补〔2026〕1号.
    pub notice_number: String,
}

impl Paper for SupplementReceipt {
    fn title(&self) -> &str {
        "补正材料收件凭证"
    }

    fn number(&self) -> &str {
        self.receipt.number()
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        let Self { receipt, notice_number } = self;
        Layout {
            title: self.title().to_owned(),
            pages: fitted(|density| receipt.pages(fonts, density, self.title(), Some(notice_number))),
            ..receipt.file(Vec::new())
        }
    }
}
