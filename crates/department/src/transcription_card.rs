//! The transcription card (转录卡): what somebody types into a system that nothing else reaches, in the order of its screen.

use documents::{Fonts, TranscriptionCard, TranscriptionField};
use domain::{clock::hall_datetime, ids::CaseId, number::CaseNumber, rights::Right};
use protocol::{DepartmentField, TaskAssigned};
use sha2::{Digest, Sha256};
use web::{Actor, ProblemCode, view::Download};

use crate::{Department, DepartmentError};

impl Department {
    /// The transcription card of a task. It is made anew whenever it is asked for, and kept nowhere: it is no paper of the case.
    ///
    /// # Errors
    /// [`ProblemCode::TaskNotFound`], [`ProblemCode::PaperNotFound`] when the item names no fields of the department's own
    /// system, [`DepartmentError::Document`] with the characters that cannot be printed.
    pub async fn transcription_card(&self, actor: &Actor, id: CaseId) -> Result<Download, DepartmentError> {
        self.demand(actor, Right::ReadTask)?;
        let (task, assigned) = self.load(&mut self.0.store.read().await?, id).await?;
        if assigned.item.department_fields.is_empty() {
            return Err(DepartmentError::NotFound(ProblemCode::PaperNotFound));
        }
        let hall = task.assignment().and_then(|assignment| self.0.config.halls.get(&assignment.hall));
        let number = assigned.number.clone();
        let card = TranscriptionCard {
            hall: hall.map(|hall| hall.name.clone()).unwrap_or_default(),
            department: self.profile().name.clone(),
            number_spoken: CaseNumber::parse(&number).map_or_else(|_| number.clone(), |number| number.spoken()),
            number: number.clone(),
            item: assigned.item.name.clone(),
            applicant: assigned.applicant.name.clone(),
            fields: fields(&assigned),
            printed_at: hall_datetime(self.0.clock.now()),
            specimen: self.0.config.demo,
        };
        let rendered = tokio::task::spawn_blocking(move || documents::render(&card, Fonts::shared())).await;
        let bytes = rendered.map_err(DepartmentError::network)??;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok(Download {
            bytes, media_type: "application/pdf".to_owned(), name: format!("转录卡 {number}.pdf"), sha256
        })
    }
}

fn fields(assigned: &TaskAssigned) -> Vec<TranscriptionField> {
    let fields = assigned.item.department_fields.iter();
    let fields = fields.map(|DepartmentField { name, label, pointer }| TranscriptionField {
        label: label.clone(),
        name: name.clone(),
        value: assigned.words_at(pointer),
    });
    fields.collect()
}
