//! What only somebody at the department can do.

use std::fmt;

use futures_util::future::BoxFuture;
use uuid::Uuid;

/// Somebody at the department, or whoever acts for them.
pub trait Operator: Send + Sync {
    /// Does something, or tells a person to and returns at once: what comes of it is waited for.
    ///
    /// # Errors
    /// In words, when it is known that it will not be done.
    fn please<'a>(&'a self, act: &'a Act) -> BoxFuture<'a, Result<(), String>>;

    /// Whether the file that was last asked for came up at the department.
    ///
    /// # Errors
    /// In words, when nobody says so.
    fn file_shown<'a>(&'a self, act: &'a Act) -> BoxFuture<'a, Result<bool, String>>;

    /// Still waiting for what came of it.
    fn waiting(&self, _act: &Act, _seconds_left: u64) {}
}

/// Something to be done with a case at the department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What.
    pub deed: Deed,
    /// The case.
    pub case_id: Uuid,
    /// Its short number, by which it is found.
    pub number: String,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Open the file of the first material.
    OpenMaterial,
    /// Open it once more.
    OpenMaterialAgain,
    /// Ask the window something.
    Ask,
    /// Answer the window's question.
    Answer {
        /// The question.
        enquiry_id: Uuid,
        /// Its words.
        text: String,
    },
    /// Accept the case (受理).
    Accept,
    /// Decide the case, granting it (准予).
    Grant,
    /// Tell the applicant what is missing (补正).
    AskSupplement,
    /// Do not accept the case (不予受理).
    Reject,
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = &self.number;
        match &self.deed {
            Deed::OpenMaterial => write!(f, "Open the file of the first material of case {number}."),
            Deed::OpenMaterialAgain => write!(
                f,
                "Open the file of the first material of case {number} once more. (The first time other bytes were sent on purpose.)"
            ),
            Deed::Ask => write!(f, "Ask the window a question about case {number}."),
            Deed::Answer { text, .. } => write!(f, "Answer the window's question about case {number}: {text}"),
            Deed::Accept => write!(f, "Accept case {number} (受理)."),
            Deed::Grant => write!(f, "Decide case {number}: grant it, with its certificate (准予)."),
            Deed::AskSupplement => {
                write!(f, "Tell the applicant of case {number} that something is missing (补正告知).")
            }
            Deed::Reject => write!(f, "Do not accept case {number} (不予受理)."),
        }
    }
}
