//! What needs somebody at the department.

use protocol::{
    EnquiryAnswered, Event, Message, PaperIssued, PaperKind, TaskDecided, TaskDeemedAccepted, TaskSupplemented,
    TaskWithdrawn,
};
use web::source::wall;

use super::{
    ACCEPTED, ANSWERED, ASKED, DECIDED, Desk, Found, MATERIAL, MATERIAL_HASH, MATERIAL_SIGNED, PAPERS, REJECTED,
    SILENCE_ACCEPTED, SILENCE_ASKED, SUPPLEMENT_ASKED, SUPPLEMENTED, WITHDRAWN_DECIDED, outgoing::whole,
    taking::question,
};
use crate::{Act, Check, Deed, Verdict, sample::Sample};

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    if let Some(sample) = spoilt_case(desk, found).await {
        material(desk, found, &sample).await;
    }
    if let Some(sample) = case(desk, found, ANSWERED).await {
        questions(desk, found, &sample).await;
    }
    if let Some(sample) = case(desk, found, ACCEPTED).await {
        accept_and_decide(desk, found, &sample).await;
    }
    if let Some(sample) = case(desk, found, SUPPLEMENT_ASKED).await {
        supplement(desk, found, &sample).await;
    }
    if let Some(sample) = case(desk, found, REJECTED).await {
        let rejected = desk.told(Deed::Reject, &sample, "yichuang.task.rejected", |event| {
            matches!(event.message, Message::TaskRejected(_)).then_some(())
        });
        found.note(REJECTED, verdict(rejected.await));
    }
}

async fn case(desk: &Desk<'_>, found: &mut Found, check: Check) -> Option<Sample> {
    match desk.assigned().await {
        Ok(sample) => Some(sample),
        Err(why) => {
            found.note(check, Verdict::skipped(format!("no case could be assigned: {why}")));
            None
        }
    }
}

/// A case whose file is given with other bytes, until it is mended.
async fn spoilt_case(desk: &Desk<'_>, found: &mut Found) -> Option<Sample> {
    let sample = desk.samples.case();
    desk.offer_file(&sample, true);
    match desk.taken(&desk.samples.assignment(&sample)).await {
        Ok(()) => Some(sample),
        Err(why) => {
            found.note(MATERIAL, Verdict::skipped(format!("no case could be assigned: {why}")));
            None
        }
    }
}

async fn material(desk: &Desk<'_>, found: &mut Found, sample: &Sample) {
    let sha256 = sample.assigned.materials.first().and_then(|material| material.sha256.clone()).unwrap_or_default();
    let asked = || desk.heard.asked(&sha256);
    let request = format!("GET /protocol/v1/files/{sha256}");
    let first = desk.done(Deed::OpenMaterial, sample, &request, || asked().into_iter().next()).await;
    let believed = match first {
        Ok(believed) => believed,
        Err(why) => return found.note(MATERIAL, why),
    };
    found.note(MATERIAL, Verdict::Passed);
    found.note(MATERIAL_SIGNED, believed.map_err(|why| format!("came: {request}: {why}")));
    found.note(MATERIAL_HASH, hash_checked(desk, sample, &sha256, &request).await);
}

/// Whether other bytes than those of the hash are shown to nobody, and the right ones are fetched when they are there.
async fn hash_checked(desk: &Desk<'_>, sample: &Sample, sha256: &str, request: &str) -> Verdict {
    match shown(desk, Deed::OpenMaterial, sample).await {
        Ok(false) => {}
        Ok(true) => {
            return Verdict::failed(format!(
                "given upon {request}: bytes with another hash; they were shown; expected: they are thrown away"
            ));
        }
        Err(why) => return Verdict::skipped(format!("nobody said whether the spoilt file was shown: {why}")),
    }
    let before = desk.heard.asked(sha256).len();
    desk.heard.mend_file(sha256);
    let expected = format!("{request} once more, because the bytes given before had another hash");
    let again = || desk.heard.asked(sha256).into_iter().nth(before);
    verdict(desk.done(Deed::OpenMaterialAgain, sample, &expected, again).await)
}

async fn shown(desk: &Desk<'_>, deed: Deed, sample: &Sample) -> Result<bool, String> {
    let act = Act { deed, case_id: sample.assigned.case_id, number: sample.assigned.number.clone() };
    let asked = tokio::time::timeout(desk.waits.person, desk.operator.file_shown(&act));
    asked.await.unwrap_or_else(|_| Err("no answer came in time".to_owned()))
}

async fn questions(desk: &Desk<'_>, found: &mut Found, sample: &Sample) {
    let asked = question(desk, sample);
    let Message::EnquiryAsked(question) = asked.clone() else { return };
    if let Err(why) = desk.taken(&desk.samples.event(sample, 2, asked)).await {
        return found.note(ANSWERED, Verdict::failed(why));
    }
    let (enquiry_id, text) = (question.enquiry_id, question.text);
    let expected = format!("yichuang.enquiry.answered with the enquiry_id {enquiry_id}");
    let answered = desk.told(Deed::Answer { enquiry_id, text }, sample, &expected, |event| match &event.message {
        Message::EnquiryAnswered(answer) if answer.enquiry_id == enquiry_id => Some(()),
        _ => None,
    });
    found.note(ANSWERED, verdict(answered.await));

    let asked = desk.told(Deed::Ask, sample, "yichuang.enquiry.asked", |event| match &event.message {
        Message::EnquiryAsked(asked) => Some(asked.enquiry_id),
        _ => None,
    });
    let enquiry_id = match asked.await {
        Ok(enquiry_id) => enquiry_id,
        Err(why) => return found.note(ASKED, why),
    };
    let answer = Message::EnquiryAnswered(EnquiryAnswered {
        case_id: sample.assigned.case_id,
        enquiry_id,
        answered_at: wall(),
        officer: "陈思远".to_owned(),
        text: "已经告知申请人。".to_owned(),
    });
    found.note(ASKED, desk.taken(&desk.samples.event(sample, 3, answer)).await);
}

async fn accept_and_decide(desk: &Desk<'_>, found: &mut Found, sample: &Sample) {
    let accepted = desk.told(Deed::Accept, sample, "yichuang.task.accepted", |event| match &event.message {
        Message::TaskAccepted(accepted) => Some(accepted.notice.paper_id),
        _ => None,
    });
    let notice = match accepted.await {
        Ok(notice) => notice,
        Err(why) => return found.note(ACCEPTED, why),
    };
    found.note(ACCEPTED, Verdict::Passed);

    let silence = deemed(sample, sample.assigned.taken_at);
    let crossed = desk.taken(&desk.samples.event(sample, 2, silence)).await;
    let next = after(&crossed);
    found.note(SILENCE_ACCEPTED, crossed);

    let decided = desk.told(Deed::Grant, sample, "yichuang.task.decided", |event| match &event.message {
        Message::TaskDecided(decided) => Some(decided.clone()),
        _ => None,
    });
    let decided = match decided.await {
        Ok(decided) => decided,
        Err(why) => return found.note(DECIDED, why),
    };
    found.note(DECIDED, whole(&decided));
    found.note(PAPERS, papers(desk, sample, notice, &decided).await);

    let withdrawn_at = decided.decided_at;
    let reason = "申请人在作出决定的同一时刻撤回。".to_owned();
    let withdrawn = Message::TaskWithdrawn(TaskWithdrawn { case_id: sample.assigned.case_id, withdrawn_at, reason });
    found.note(WITHDRAWN_DECIDED, desk.taken(&desk.samples.event(sample, next, withdrawn)).await);
}

/// The number after a second message: what was refused was not counted.
fn after(second: &Result<(), String>) -> u64 {
    if second.is_ok() { 3 } else { 2 }
}

/// That the limit for acceptance of a case is over: far enough from now that what was just done was in time.
fn deemed(sample: &Sample, accepted_at: jiff::Timestamp) -> Message {
    let deemed_at = accepted_at.saturating_add(jiff::SignedDuration::from_hours(7 * 24)).unwrap_or(accepted_at);
    Message::TaskDeemedAccepted(TaskDeemedAccepted { case_id: sample.assigned.case_id, accepted_at, deemed_at })
}

/// Notice, decision and certificate: each announced, and fetched.
async fn papers(desk: &Desk<'_>, sample: &Sample, notice: uuid::Uuid, decided: &TaskDecided) -> Verdict {
    let mut wanted = vec![(PaperKind::AcceptanceNotice, notice), (PaperKind::Decision, decided.decision.paper_id)];
    wanted.extend(decided.certificate.iter().map(|certificate| (PaperKind::Certificate, certificate.paper_id)));
    for (kind, id) in wanted {
        let find = || desk.heard.events(sample.assigned.case_id).iter().find_map(|event| issued(event, kind, id));
        let Some(issued) = desk.heard.until(desk.waits.message, find).await else {
            let seconds = desk.waits.message.as_secs();
            return Verdict::failed(format!("within {seconds} s came no yichuang.paper.issued for the {kind:?} {id}"));
        };
        match desk.sender.paper(&issued.sha256, issued.size).await {
            Ok(bytes) if bytes.len() as u64 == issued.size => {}
            Ok(bytes) => {
                let (came, size) = (bytes.len(), issued.size);
                return Verdict::failed(format!("fetched: the {kind:?}; came: {came} bytes; announced: {size}"));
            }
            Err(why) => return Verdict::failed(format!("fetched: the {kind:?} {}: {why}", issued.sha256)),
        }
    }
    Verdict::Passed
}

fn issued(event: &Event, kind: PaperKind, id: uuid::Uuid) -> Option<PaperIssued> {
    match &event.message {
        Message::PaperIssued(issued) if issued.kind == kind && issued.paper_id == id => Some(issued.clone()),
        _ => None,
    }
}

async fn supplement(desk: &Desk<'_>, found: &mut Found, sample: &Sample) {
    let asked = desk.told(Deed::AskSupplement, sample, "yichuang.task.supplement-asked", |event| {
        matches!(event.message, Message::TaskSupplementAsked(_)).then_some(())
    });
    if let Err(why) = asked.await {
        return found.note(SUPPLEMENT_ASKED, why);
    }
    found.note(SUPPLEMENT_ASKED, Verdict::Passed);

    let silence = deemed(sample, sample.assigned.taken_at);
    let crossed = desk.taken(&desk.samples.event(sample, 2, silence)).await;
    let next = after(&crossed);
    found.note(SILENCE_ASKED, crossed);

    let assigned = &sample.assigned;
    let supplemented = TaskSupplemented {
        case_id: assigned.case_id,
        received_at: wall(),
        form: assigned.form.clone(),
        materials: assigned.materials.clone(),
        points: assigned.points.clone(),
    };
    let message = Message::TaskSupplemented(Box::new(supplemented));
    found.note(SUPPLEMENTED, desk.taken(&desk.samples.event(sample, next, message)).await);
}

fn verdict<T>(found: Result<T, Verdict>) -> Verdict {
    found.map_or_else(|verdict| verdict, |_| Verdict::Passed)
}
