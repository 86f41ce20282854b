//! What a hall says that needs nobody at the department.

use protocol::{
    Certificate, EnquiryAsked, Message, Outcome, PaperRef, TaskAcceptedAtWindow, TaskDecidedAtWindow, TaskReceived,
    TaskWithdrawn,
};
use web::source::wall;

use super::{ASSIGNED, AT_WINDOW, Desk, Found, KEPT, RECEIPT, WITHDRAWN, expect_taken};
use crate::{
    Verdict,
    sample::{FIELDS, Sample},
};

/// Whether there is any answer.
pub(super) async fn first(desk: &Desk<'_>) -> Result<(), String> {
    let sample = desk.samples.case();
    let sent = desk.sender.event(&desk.samples.assignment(&sample)).await;
    sent.map(drop).map_err(|why| format!("sent: yichuang.task.assigned; {why}; expected: an answer"))
}

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    let assigned = desk.assigned().await;
    found.note(ASSIGNED, assigned.as_ref().map(drop).map_err(Clone::clone));
    if let Ok(sample) = assigned {
        found.note(RECEIPT, receipt(desk, &sample).await);
    }
    withdraw(desk, found).await;
    if let Some(verdict) = at_window(desk).await {
        found.note(AT_WINDOW, verdict);
    }
}

/// The receipt, field by field (接收回执).
async fn receipt(desk: &Desk<'_>, sample: &Sample) -> Verdict {
    let case = sample.assigned.case_id;
    let find = || {
        desk.heard.events(case).into_iter().find_map(|event| match event.message {
            Message::TaskReceived(received) => Some(received),
            _ => None,
        })
    };
    let Some(received) = desk.heard.until(desk.waits.message, find).await else {
        let seconds = desk.waits.message.as_secs();
        return Verdict::failed(format!(
            "sent: an assignment with {} fields; within {seconds} s came no yichuang.task.received",
            FIELDS.len()
        ));
    };
    fields(sample, &received).into()
}

fn fields(sample: &Sample, received: &TaskReceived) -> Result<(), String> {
    let names: Vec<_> = received.fields.iter().map(|field| field.name.as_str()).collect();
    let expected = FIELDS.map(|(name, _, _)| name);
    if names != expected {
        return Err(format!("came: the fields {}; expected: {}", names.join(", "), expected.join(", ")));
    }
    for (field, (name, _, pointer)) in received.fields.iter().zip(FIELDS) {
        let sent = sample.assigned.words_at(pointer);
        let came = field.value.as_deref().unwrap_or_default();
        if field.taken && came != sent {
            return Err(format!(
                "{name}: sent: {sent:?}; came: {came:?} as taken; expected: the same, or not taken with a note"
            ));
        }
        if !field.taken && field.note.is_none() {
            return Err(format!("{name}: not taken without a note; expected: why it was not"));
        }
    }
    Ok(())
}

/// A withdrawal is taken, and the next message shows that it was kept.
async fn withdraw(desk: &Desk<'_>, found: &mut Found) {
    let Ok(sample) = desk.assigned().await else { return };
    let case_id = sample.assigned.case_id;
    let withdrawn = TaskWithdrawn { case_id, withdrawn_at: wall(), reason: "申请人改变了主意。".to_owned() };
    let withdrawn = desk.taken(&desk.samples.event(&sample, 2, Message::TaskWithdrawn(withdrawn))).await;
    let taken = withdrawn.is_ok();
    found.note(WITHDRAWN, withdrawn);
    if !taken {
        return;
    }
    let asked = question(desk, &sample);
    let sent = "number 3 of a case whose numbers 1 and 2 were answered with 2xx";
    found.note(KEPT, expect_taken(sent, desk.sender.event(&desk.samples.event(&sample, 3, asked)).await));
}

/// A question of the window.
pub(super) fn question(desk: &Desk<'_>, sample: &Sample) -> Message {
    Message::EnquiryAsked(EnquiryAsked {
        case_id: sample.assigned.case_id,
        enquiry_id: desk.samples.new_id(),
        asked_at: wall(),
        officer: "陈思远".to_owned(),
        text: "请问还需要多长时间？".to_owned(),
    })
}

/// What the window does by delegation. None when no case could be assigned.
async fn at_window(desk: &Desk<'_>) -> Option<Verdict> {
    let sample = desk.assigned().await.ok()?;
    let case_id = sample.assigned.case_id;
    let paper = |number: &str| PaperRef { paper_id: desk.samples.new_id(), number: number.to_owned() };
    let (officer, agreement) = ("陈思远".to_owned(), "委托受理协议".to_owned());
    let accepted = Message::TaskAcceptedAtWindow(TaskAcceptedAtWindow {
        case_id,
        accepted_at: wall(),
        officer: officer.clone(),
        agreement: agreement.clone(),
        notice: paper("检查受〔2026〕1号"),
    });
    let decided = Message::TaskDecidedAtWindow(TaskDecidedAtWindow {
        case_id,
        decided_at: wall(),
        officer,
        agreement,
        outcome: Outcome::Granted,
        reason: "符合条件。".to_owned(),
        decision: paper("检查决〔2026〕1号"),
        certificate: Some(Certificate {
            paper_id: desk.samples.new_id(),
            number: "检查证〔2026〕1号".to_owned(),
            title: "协议检查证".to_owned(),
            holder: sample.assigned.applicant.name.clone(),
            valid_from: domain::clock::hall_date(wall()),
            valid_until: None,
        }),
    });
    let mut taken = desk.taken(&desk.samples.event(&sample, 2, accepted)).await;
    if taken.is_ok() {
        taken = desk.taken(&desk.samples.event(&sample, 3, decided)).await;
    }
    Some(taken.into())
}
