//! Answers what the hall has asked about a task (前后台咨询).

use domain::{
    case::EnquiryAnswer,
    ids::{CaseId, EnquiryId},
    item::Seat,
    rights::Right,
    task::TaskCommand,
};
use store::Content;
use web::{
    Actor,
    idempotency::{Kept, Once},
};

use crate::{
    Department, DepartmentError,
    ask_hall::Words,
    records,
    step::{Found, Step},
};

impl Department {
    /// Answers a question of the hall.
    ///
    /// # Errors
    /// [`DepartmentError::Invalid`]; [`DepartmentError::Refused`] when the hall has asked no such question or it was answered;
    /// or what a write can fail with.
    pub async fn answer_hall(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        enquiry: EnquiryId,
        words: Words,
    ) -> Result<Kept, DepartmentError> {
        self.demand(actor, Right::EnquireOfHall)?;
        let text = words.checked()?;
        let (content_id, message) = (self.new_id(), self.new_id());
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right: Right::EnquireOfHall, once, task: id, seen: None };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let answered = protocol::EnquiryAnswered {
                case_id: id.0,
                enquiry_id: enquiry.0,
                answered_at: now,
                officer: by.name().to_owned(),
                text: text.clone(),
            };
            let content = Content::new(content_id, "enquiry-answer", records::bytes(&answered));
            content.keep(tx, id.0, now).await?;
            let answer = EnquiryAnswer { enquiry, answered_at: now, by: Seat::Department, content: content.sealed() };
            let Found { task, .. } = department.append_step(tx, found, TaskCommand::Answer(answer), now, &by).await?;
            department.tell_hall(tx, &task, message, &protocol::Message::EnquiryAnswered(answered), now).await
        })
        .await
    }
}
