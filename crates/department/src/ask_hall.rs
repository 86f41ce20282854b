//! Asks the hall about a task (前后台咨询).

use domain::{case::Enquiry, ids::CaseId, item::Seat, rights::Right, task::TaskCommand};
use serde::{Deserialize, Serialize};
use store::Content;
use utoipa::ToSchema;
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{
    Department, DepartmentError,
    faults::{fault_of_words, missing},
    records,
    step::{Found, Step},
};

/// A question, or the answer to one.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnquiryText)]
pub struct Words {
    /// What is asked or answered, 1 to 1,000 characters.
    pub text: String,
}

/// The longest question or answer, in characters.
const LONGEST: usize = 1_000;

impl Words {
    /// The text without blanks around it.
    pub(crate) fn checked(&self) -> Result<String, DepartmentError> {
        let text = self.text.trim();
        match missing("/text", &self.text).or_else(|| fault_of_words("/text", text, LONGEST)) {
            Some(fault) => Err(DepartmentError::Invalid(vec![fault])),
            None => Ok(text.to_owned()),
        }
    }
}

impl Department {
    /// Asks the hall about a task. It changes nothing that people decide by, so that nobody's version is held against it.
    ///
    /// # Errors
    /// [`DepartmentError::Invalid`], or what a write can fail with.
    pub async fn ask_hall(&self, actor: &Actor, once: Once, id: CaseId, words: Words) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::EnquireOfHall)?;
        let text = words.checked()?;
        let (content_id, enquiry_id, message) = (self.new_id(), self.new_id(), self.new_id());
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right: Right::EnquireOfHall, once, task: id, seen: None };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let asked = protocol::EnquiryAsked {
                case_id: id.0,
                enquiry_id,
                asked_at: now,
                officer: by.name().to_owned(),
                text: text.clone(),
            };
            let content = Content::new(content_id, "enquiry", records::bytes(&asked));
            content.keep(tx, id.0, now).await?;
            let enquiry =
                Enquiry { id: enquiry_id.into(), asked_at: now, by: Seat::Department, content: content.sealed() };
            let Found { task, .. } = department.append_step(tx, found, TaskCommand::Ask(enquiry), now, &by).await?;
            department.tell_hall(tx, &task, message, &protocol::Message::EnquiryAsked(asked), now).await
        })
        .await
    }
}
