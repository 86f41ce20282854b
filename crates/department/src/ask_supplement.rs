//! Tells the applicant everything that is missing (补正告知), once: 行政许可法 art. 32(4).

use domain::{
    clock::hall_date,
    ids::CaseId,
    paper::{NumberedPaper, PaperKind},
    rights::Right,
    task::{TaskCommand, TaskRefusal, TaskSupplementNotice},
};
use protocol::{MissingPoint, TaskAssigned};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Content;
use utoipa::ToSchema;
use web::{
    Actor, ProblemField,
    idempotency::{Kept, Once},
};

use crate::{
    Department, DepartmentError,
    accept_task::{LONGEST_OPINION, Ordered, not_before, order_paper, received_at},
    faults::{fault_of, fault_of_line, missing},
    records::{self, PaperModel},
    step::{Found, Step},
};

/// What is missing.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskSupplement)]
pub struct AskSupplement {
    /// Each thing that is missing or wrong.
    #[schema(min_items = 1, max_items = 100)]
    pub points: Vec<PointInput>,
    /// Why there is a second notice, 1 to 1,000 characters: the reason of whoever may allow one. Needed for it, not allowed
    /// for the first.
    #[serde(default)]
    pub allowed: Option<String>,
}

/// A thing that is missing or wrong.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MissingPointInput)]
pub struct PointInput {
    /// The code of one of the task's review points.
    #[serde(default)]
    pub code: Option<String>,
    /// The code of a material; that of the point when left out.
    #[serde(default)]
    pub material: Option<String>,
    /// What is missing or wrong, and what it has to be: 1 to 500 characters in one line.
    pub reason: String,
}

/// The most points of a notice.
const MOST_POINTS: usize = 100;

/// The longest reason of a point, in characters.
const LONGEST_REASON: usize = 500;

impl Department {
    /// Tells the applicant what is missing: numbers the notice, and tells the hall. The clock of the intake stops until it
    /// comes. A second notice needs the right to allow one, and the reason.
    ///
    /// # Errors
    /// [`DepartmentError::Invalid`] with every wrong field, [`DepartmentError::Refused`], or what a write can fail with.
    pub async fn ask_supplement(
        &self,
        actor: &Actor,
        once: Once,
        id: CaseId,
        seen: u64,
        ask: AskSupplement,
    ) -> Result<Kept, DepartmentError> {
        let right = if ask.allowed.is_some() { Right::AskSupplementAgain } else { Right::AskSupplement };
        self.demand(actor, right)?;
        check(&ask)?;
        let AskSupplement { points, allowed } = ask;
        let allowed = allowed.map(|reason| reason.trim().to_owned());
        let sealed_allowed =
            allowed.as_ref().map(|reason| Content::new(self.new_id(), "allowance", records::bytes(reason)));
        let (content_id, model_id) = (self.new_id(), self.new_id());
        let (notice, message) = (self.new_id(), self.new_id());
        let (department, by) = (self.clone(), actor.clone());
        let step = Step { actor: actor.clone(), right, once, task: id, seen: Some(seen) };
        self.take_step(step, async move |tx, found| {
            let now = found.now;
            let points = named(&points, &found.assigned)?;
            // What the window told before the department had the case was the first notice.
            let given = found.assigned.notices.len() + found.task.notices.len();
            match &allowed {
                Some(reason) if given == 0 => {
                    let field = ProblemField::new("/allowed", "contradiction").value(reason.as_str());
                    return Err(DepartmentError::Invalid(vec![field]));
                }
                None if given > 0 => return Err(TaskRefusal::NoticeGiven { given }.into()),
                _ => {}
            }
            let asked_at = not_before(received_at(&found.task), now);
            let year = hall_date(asked_at).year();
            let number = department.next_number(tx, &department.0.profile.supplement_mark, year).await?;
            let content = Content::new(content_id, "notice", records::bytes(&points));
            content.keep(tx, id.0, now).await?;
            if let Some(allowed) = &sealed_allowed {
                allowed.keep(tx, id.0, now).await?;
            }
            let asked = TaskSupplementNotice {
                by: by.account().into(),
                asked_at,
                content: content.sealed(),
                paper: NumberedPaper { id: notice.into(), number: number.clone() },
                allowed: sealed_allowed.as_ref().map(Content::sealed),
            };
            let command = TaskCommand::AskSupplement(asked);
            let Found { task, assigned, .. } = department.append_step(tx, found, command, asked_at, &by).await?;

            let model = PaperModel::SupplementNotice {
                number: number.clone(),
                points: points.clone(),
                nth: given + 1,
                second_because: allowed.clone(),
                asked_at,
            };
            let title = &assigned.item.papers.supplement_notice.title;
            let ordered = Ordered { kind: PaperKind::SupplementNotice, title, id: notice, number: &number };
            order_paper(tx, id, ordered, Content::new(model_id, "paper-model", records::bytes(&model)), now).await?;
            let told = protocol::Message::TaskSupplementAsked(protocol::TaskSupplementAsked {
                case_id: id.0,
                asked_at,
                officer: by.name().to_owned(),
                points,
                notice: protocol::PaperRef { paper_id: notice, number },
                allowed: allowed
                    .as_ref()
                    .map(|reason| protocol::Allowance { manager: by.name().to_owned(), reason: reason.clone() }),
            });
            department.tell_hall(tx, &task, message, &told, now).await
        })
        .await
    }
}

/// What can be said of a notice before looking at its task.
fn check(ask: &AskSupplement) -> Result<(), DepartmentError> {
    let AskSupplement { points, allowed } = ask;
    let mut faults = vec![];
    if points.is_empty() {
        faults.push(ProblemField::new("/points", "required"));
    }
    if points.len() > MOST_POINTS {
        let field = ProblemField::new("/points", "too-many").value(points.len());
        faults.push(field.params(json!({ "max": MOST_POINTS })));
    }
    for (n, PointInput { reason, .. }) in points.iter().enumerate().take(MOST_POINTS) {
        let pointer = format!("/points/{n}/reason");
        let fault = missing(&pointer, reason).or_else(|| fault_of_line(pointer, reason.trim(), LONGEST_REASON));
        faults.extend(fault);
    }
    if let Some(reason) = allowed {
        let fault = || fault_of("/allowed".to_owned(), reason.trim(), LONGEST_OPINION);
        faults.extend(missing("/allowed", reason).or_else(fault));
    }
    if faults.is_empty() { Ok(()) } else { Err(DepartmentError::Invalid(faults)) }
}

/// The points, with the material of each; codes are those of the task.
fn named(points: &[PointInput], assigned: &TaskAssigned) -> Result<Vec<MissingPoint>, DepartmentError> {
    let mut faults = vec![];
    let mut named = vec![];
    for (n, PointInput { code, material, reason }) in points.iter().enumerate() {
        let point = code.as_ref().map(|code| assigned.points.iter().find(|point| point.code == *code));
        if let (Some(code), Some(None)) = (code, point) {
            faults.push(ProblemField::new(format!("/points/{n}/code"), "unknown").value(code.as_str()));
        }
        if let Some(code) = material
            && !assigned.materials.iter().any(|material| material.code == *code)
            && !assigned.points.iter().any(|point| point.material.as_ref() == Some(code))
        {
            faults.push(ProblemField::new(format!("/points/{n}/material"), "unknown").value(code.as_str()));
        }
        named.push(MissingPoint {
            code: code.clone(),
            material: material.clone().or_else(|| point.flatten().and_then(|point| point.material.clone())),
            reason: reason.trim().to_owned(),
        });
    }
    if faults.is_empty() { Ok(named) } else { Err(DepartmentError::Invalid(faults)) }
}
