//! What the department sent, all of it.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Event, Message, Outcome};
use uuid::Uuid;

use super::{Desk, Found, OUT_AGAIN, OUT_FOLLOWS, OUT_FORM, OUT_SEQUENCE, OUT_SIGNED, PROGRESS};
use crate::{Verdict, listener::Letter};

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    let again = sent_again(desk).await;
    found.note(OUT_AGAIN, again);
    let letters = desk.heard.letters();
    if letters.is_empty() {
        return;
    }
    found.note(OUT_SIGNED, first_fault(&letters, |letter| letter.believed.clone().err()));
    found.note(OUT_FORM, first_fault(&letters, |letter| letter.event.as_ref().err().cloned()));
    let cases = by_case(&letters);
    let whole = |judged: Result<(), String>| match judged {
        Ok(()) if desk.heard.is_full() => Verdict::skipped("the department sent more messages than are kept"),
        judged => judged.into(),
    };
    found.note(OUT_SEQUENCE, whole(cases.values().try_for_each(|events| in_sequence(events))));
    found.note(OUT_FOLLOWS, whole(cases.values().try_for_each(|events| follows(events))));
    let progressed = |event: &&Event| matches!(event.message, Message::TaskProgressed(_));
    found.note(
        PROGRESS,
        match cases.values().flatten().any(|event| progressed(&event)) {
            true => Verdict::Passed,
            false => Verdict::skipped("no yichuang.task.progressed came; none has to"),
        },
    );
}

/// Whether the message that was put off came again as it was.
async fn sent_again(desk: &Desk<'_>) -> Verdict {
    let put_off = |letters: &[Letter]| letters.iter().find(|letter| letter.put_off).cloned();
    let Some(first) = put_off(&desk.heard.letters()) else {
        return Verdict::skipped("no message came about the case whose first message was to be put off");
    };
    let find = || desk.heard.letters().into_iter().find(|letter| !letter.put_off && letter.id == first.id);
    match desk.heard.until(desk.waits.message, find).await {
        Some(again) if again.body == first.body => Verdict::Passed,
        Some(_) => {
            Verdict::failed(format!("message {} was put off with 503; it came again with other bytes", first.id))
        }
        None => Verdict::failed(format!(
            "message {} was put off with 503 and Retry-After: 1; within {} s it did not come again",
            first.id,
            desk.waits.message.as_secs()
        )),
    }
}

fn first_fault(letters: &[Letter], fault: impl Fn(&Letter) -> Option<String>) -> Result<(), String> {
    letters.iter().find_map(|letter| Some((letter, fault(letter)?))).map_or(Ok(()), |(letter, why)| {
        let kind = letter.event.as_ref().map_or("a message", |event| event.message.event_type());
        Err(format!("came: {kind} with the webhook-id {:?}: {why}", letter.id))
    })
}

/// Each case's messages, each id once, in the order in which they came.
fn by_case(letters: &[Letter]) -> BTreeMap<Uuid, Vec<Event>> {
    let mut seen = BTreeSet::new();
    let mut cases: BTreeMap<Uuid, Vec<Event>> = BTreeMap::new();
    for event in letters.iter().filter(|letter| !letter.put_off).filter_map(|letter| letter.event.as_ref().ok()) {
        if seen.insert(event.id.clone()) {
            cases.entry(event.case_id()).or_default().push(event.clone());
        }
    }
    cases
}

fn in_sequence(events: &[Event]) -> Result<(), String> {
    events.iter().zip(1..).try_for_each(|(event, expected)| match event.sequence == expected {
        true => Ok(()),
        false => Err(format!(
            "came: {} about case {} with the sequence {}; expected: {expected}",
            event.message.event_type(),
            event.subject,
            event.sequence
        )),
    })
}

fn follows(events: &[Event]) -> Result<(), String> {
    let accepted = |event: &Event| matches!(event.message, Message::TaskAccepted(_));
    let decided = |event: &Event| matches!(event.message, Message::TaskDecided(_));
    let Some(decision) = events.iter().position(decided) else { return Ok(()) };
    if !events[..decision].iter().any(accepted) {
        let number = &events[decision].subject;
        return Err(format!("came: yichuang.task.decided about case {number}; no yichuang.task.accepted came before"));
    }
    Ok(())
}

/// What a decision must have.
pub(super) fn whole(decided: &protocol::TaskDecided) -> Result<(), String> {
    match (decided.outcome, &decided.certificate) {
        (Outcome::Granted, None) => Err("came: a grant without a certificate; the item has one".to_owned()),
        (Outcome::Denied, _) => Err("came: a denial; asked of the department was to grant".to_owned()),
        _ => Ok(()),
    }
}
