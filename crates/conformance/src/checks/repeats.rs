//! What comes twice.

use super::{Desk, Found, OTHER_BODY, REPEAT_ALIKE, REPEAT_ONCE, expect_refused};
use crate::{Verdict, sample::Sample, sender::Answer};

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    let sample = desk.samples.case();
    let event = desk.samples.assignment(&sample);
    let first = desk.sender.event(&event).await;
    let Ok(first) = first else { return };
    // Its receipt shall not be taken for a second effect.
    desk.heard.until(desk.waits.settle, || (!heard(desk, &sample).is_empty()).then_some(())).await;
    let before = heard(desk, &sample);

    let again = desk.sender.event(&event).await;
    found.note(REPEAT_ALIKE, alike(&first, again));

    tokio::time::sleep(desk.waits.settle).await;
    let more: Vec<_> = heard(desk, &sample).split_off(before.len());
    found.note(
        REPEAT_ONCE,
        match more.is_empty() {
            true => Verdict::Passed,
            false => Verdict::failed(format!(
                "sent: an assignment twice with the same id; after the second came: {}; expected: nothing",
                more.join(", ")
            )),
        },
    );

    let mut other = event.clone();
    other.subject.push('0');
    let answer = desk.sender.event(&other).await;
    found.note(
        OTHER_BODY,
        expect_refused("another body under an id that was used, rightly signed", answer, 409, None).map(drop),
    );
}

fn heard(desk: &Desk<'_>, sample: &Sample) -> Vec<&'static str> {
    desk.heard.events(sample.assigned.case_id).iter().map(|event| event.message.event_type()).collect()
}

fn alike(first: &Answer, again: Result<Answer, String>) -> Result<(), String> {
    let expected = format!("{} as the first time", first.said());
    match again {
        Ok(again) if again.status == first.status && again.body == first.body => Ok(()),
        Ok(again) => Err(format!("sent: an assignment again; came: {}; expected: {expected}", again.said())),
        Err(why) => Err(format!("sent: an assignment again; {why}; expected: {expected}")),
    }
}
