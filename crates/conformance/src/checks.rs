//! What is checked, and in which order.

mod belief;
mod order;
mod outgoing;
mod people;
mod reading;
mod repeats;
mod taking;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use protocol::Event;
use web::source::instant;

use crate::{
    Act, Check, Deed, Finding, Operator, Report, Verdict, Waits,
    listener::Listener,
    sample::{Sample, Samples},
    sender::{Answer, Sender},
};

macro_rules! checks {
    ($($id:ident = $name:literal, $paragraph:literal, $says:literal;)+) => {
        $(pub(crate) const $id: Check = Check { name: $name, paragraph: $paragraph, says: $says };)+
        /// Every check, in the order of the report.
        pub const ALL: &[Check] = &[$($id),+];
    };
}

checks! {
    ANSWERS = "answers-in-time", "4.3", "a request is answered within 15 seconds";
    ASSIGNED = "assignment-taken", "7.1", "an assignment is taken";
    UNSIGNED = "signature-missing-refused", "3.1", "what is not signed is refused with 401";
    SPOILT = "signature-wrong-refused", "3.2", "a wrong signature is refused with 401";
    OTHER_KEY = "signature-key-refused", "3.2", "a signature by another key is refused with 401";
    EXCHANGED = "signature-covers-body", "3.2", "a body under the signature of another is refused with 401";
    STALE = "signature-stale-refused", "3.3", "what was signed more than five minutes ago is refused with 401";
    FUTURE = "signature-future-refused", "3.3", "what is signed more than five minutes from now is refused with 401";
    STRANGER = "source-unknown-refused", "3.1", "a hall that is not known is refused with 401";
    MALFORMED = "json-malformed-refused", "4.2", "a body that is no JSON is refused with 400 json-malformed";
    WRONG_FIELD = "field-wrong-named", "4.2", "a missing field is refused with 422 validation-failed and named";
    UNKNOWN_TYPE = "unknown-type-refused", "4.2", "a type that is not known is refused with 422 event-type-unknown";
    UNKNOWN_FIELDS = "unknown-fields-passed-over", "2.2", "attributes and fields that are not known are passed over";
    OTHER_DEPARTMENT = "other-department-refused", "7.1", "a case for another department is refused with 422";
    TOO_LARGE = "too-large-refused", "2.3", "an event larger than 1 MiB is refused with 413";
    REPEAT_ALIKE = "repeat-answered-alike", "5.1", "a repeated event is answered as it was answered first";
    REPEAT_ONCE = "repeat-applied-once", "5.1", "a repeated event has no second effect";
    OTHER_BODY = "same-id-other-body-refused", "5.2", "another body under a used id is refused with 409";
    GAP = "gap-refused", "5.3", "an event before its predecessor is refused with 409 out-of-order and the number expected";
    GAP_FILLED = "gap-filled", "5.3", "what was refused as too early is taken when its turn has come";
    WITHDRAWN = "withdrawal-taken", "7.6", "a withdrawal is taken";
    KEPT = "taken-is-kept", "4.1", "what was answered with 2xx is kept";
    AT_WINDOW = "window-acts-taken", "7.3", "an acceptance and a decision at the window are taken";
    FILE_STRANGER = "files-to-strangers-refused", "6.2", "a file is not given without a signature: 401";
    RECEIPT = "receipt-fields", "8.1", "the receipt names each field of the department's system, in order, with what stands in it";
    MATERIAL = "material-fetched", "6.1", "a material is fetched by its hash";
    MATERIAL_SIGNED = "material-request-signed", "6.1", "the request for a material is signed";
    MATERIAL_HASH = "material-hash-checked", "6.3", "other bytes than those of the hash are shown to nobody, and fetched again";
    ASKED = "question-asked", "9.1", "the department's question comes, and its answer is taken";
    ANSWERED = "question-answered", "9.2", "the window's question is answered";
    ACCEPTED = "acceptance-told", "8.5", "an acceptance is told";
    SILENCE_ACCEPTED = "silence-crossing-acceptance", "5.5", "silence that crosses an acceptance is taken";
    DECIDED = "decision-told", "8.6", "a decision is told, with the certificate of a grant";
    PAPERS = "papers-fetched", "6.2", "each paper is announced, and fetched with the hash and size announced";
    WITHDRAWN_DECIDED = "withdrawal-crossing-decision", "5.5", "a withdrawal that crosses a decision is taken";
    SUPPLEMENT_ASKED = "supplement-asked", "8.3", "a notice of what is missing is told";
    SILENCE_ASKED = "silence-crossing-supplement", "5.5", "silence that crosses a notice of what is missing is taken";
    SUPPLEMENTED = "supplement-taken", "7.2", "what was missing is taken";
    REJECTED = "rejection-told", "8.4", "a rejection is told";
    PROGRESS = "progress-told", "8.2", "progress may be told";
    OUT_SIGNED = "messages-signed", "3.1", "every message of the department is signed";
    OUT_FORM = "messages-well-formed", "2.1", "every message of the department is an event of the protocol";
    OUT_SEQUENCE = "messages-in-sequence", "5.3", "messages about a case are numbered 1, 2, 3 …";
    OUT_AGAIN = "message-sent-again", "5.4", "a message that was put off comes again with the same id and the same bytes";
    OUT_FOLLOWS = "decision-follows-acceptance", "8.6", "no case is decided that was not accepted";
}

/// What the checks work with.
pub(crate) struct Desk<'a> {
    pub(crate) sender: Sender,
    pub(crate) heard: Arc<Listener>,
    pub(crate) samples: Samples,
    pub(crate) operator: &'a dyn Operator,
    pub(crate) waits: Waits,
    pub(crate) operated: bool,
}

/// What was found so far.
#[derive(Default)]
pub(crate) struct Found(BTreeMap<&'static str, Verdict>);

impl Found {
    pub(crate) fn note(&mut self, check: Check, verdict: impl Into<Verdict>) {
        self.0.insert(check.name, verdict.into());
    }
}

/// How often the operator hears that it is still waited.
const REMIND: Duration = Duration::from_secs(10);

/// Everything, one after the other: each has cases of its own, so that one fault is found where it is.
pub(crate) async fn run(desk: &Desk<'_>) -> Report {
    let mut found = Found::default();
    match taking::first(desk).await {
        Ok(()) => {
            found.note(ANSWERS, Verdict::Passed);
            taking::run(desk, &mut found).await;
            belief::run(desk, &mut found).await;
            reading::run(desk, &mut found).await;
            repeats::run(desk, &mut found).await;
            order::run(desk, &mut found).await;
            people::run(desk, &mut found).await;
            outgoing::run(desk, &mut found).await;
        }
        Err(why) => found.note(ANSWERS, Verdict::failed(format!("{why}; everything else was not looked at"))),
    }
    let findings = ALL.iter().map(|check| {
        let never = || Verdict::skipped("what it needs did not come about");
        Finding { check: *check, verdict: found.0.remove(check.name).unwrap_or_else(never) }
    });
    Report { findings: findings.collect() }
}

impl Desk<'_> {
    /// A new case, assigned, with its file to be fetched.
    pub(crate) async fn assigned(&self) -> Result<Sample, String> {
        let sample = self.samples.case();
        self.offer_file(&sample, false);
        self.taken(&self.samples.assignment(&sample)).await?;
        Ok(sample)
    }

    pub(crate) fn offer_file(&self, sample: &Sample, spoilt: bool) {
        let assigned = &sample.assigned;
        if let Some(sha256) = assigned.materials.first().and_then(|material| material.sha256.as_deref()) {
            self.heard.put_file(sha256, crate::sample::material(&assigned.number), spoilt);
        }
    }

    /// Sends an event that must be taken.
    pub(crate) async fn taken(&self, event: &Event) -> Result<(), String> {
        let answer = self.sender.event(event).await;
        expect_taken(&format!("{} number {}", event.message.event_type(), event.sequence), answer)
    }

    /// Has something done at the department, and waits for what comes of it.
    pub(crate) async fn done<T>(
        &self,
        deed: Deed,
        sample: &Sample,
        expected: &str,
        mut find: impl FnMut() -> Option<T>,
    ) -> Result<T, Verdict> {
        if !self.operated {
            return Err(Verdict::skipped("nobody at the department takes part"));
        }
        let act = Act { deed, case_id: sample.assigned.case_id, number: sample.assigned.number.clone() };
        if let Err(why) = self.operator.please(&act).await {
            return Err(Verdict::skipped(format!("it was not done at the department: {act} {why}")));
        }
        let end = instant() + self.waits.person;
        loop {
            let left = end.saturating_duration_since(instant());
            if let Some(found) = self.heard.until(left.min(REMIND), &mut find).await {
                return Ok(found);
            }
            let left = end.saturating_duration_since(instant()).as_secs();
            if left == 0 {
                let seconds = self.waits.person.as_secs();
                let said = format!(
                    "Asked of the department: {act} Within {seconds} s came nothing of it; expected: {expected}"
                );
                return Err(Verdict::failed(said));
            }
            self.operator.waiting(&act, left);
        }
    }

    /// The same for a message about the case that `find` looks for, beyond those of before.
    pub(crate) async fn told<T>(
        &self,
        deed: Deed,
        sample: &Sample,
        expected: &str,
        find: impl Fn(&Event) -> Option<T>,
    ) -> Result<T, Verdict> {
        let case = sample.assigned.case_id;
        let before = self.heard.events(case).len();
        self.done(deed, sample, expected, || self.heard.events(case).iter().skip(before).find_map(&find)).await
    }
}

/// That something was taken.
pub(crate) fn expect_taken(sent: &str, answer: Result<Answer, String>) -> Result<(), String> {
    match answer {
        Ok(answer) if answer.taken() => Ok(()),
        Ok(answer) => Err(format!("sent: {sent}; came: {}; expected: 204", answer.said())),
        Err(why) => Err(format!("sent: {sent}; {why}; expected: 204")),
    }
}

/// That something was refused with a status and, where one is named, a code.
pub(crate) fn expect_refused(
    sent: &str,
    answer: Result<Answer, String>,
    status: u16,
    code: Option<&str>,
) -> Result<Answer, String> {
    let expected = code.map_or_else(|| status.to_string(), |code| format!("{status} {code}"));
    match answer {
        Ok(answer) if answer.status == status && code.is_none_or(|code| answer.code() == Some(code)) => Ok(answer),
        Ok(answer) => Err(format!("sent: {sent}; came: {}; expected: {expected}", answer.said())),
        Err(why) => Err(format!("sent: {sent}; {why}; expected: {expected}")),
    }
}
