//! Who is believed.

use protocol::Party;

use super::{
    Desk, EXCHANGED, FILE_STRANGER, FUTURE, Found, OTHER_KEY, SPOILT, STALE, STRANGER, UNSIGNED, expect_refused,
};
use crate::{Check, sample::sha256, sender::Signed};

/// A minute beyond the tolerance, in seconds.
const TOO_FAR: i64 = protocol::TOLERANCE + 60;

/// Each with a case of its own, so that what is believed wrongly is found once.
const LETTERS: [(Check, Signed, &str); 5] = [
    (UNSIGNED, Signed::Not, "an assignment without the headers of the signature"),
    (SPOILT, Signed::Spoilt, "an assignment with one character of the signature changed"),
    (OTHER_KEY, Signed::OtherKey, "an assignment signed with another key"),
    (STALE, Signed::At(-TOO_FAR), "an assignment signed six minutes ago"),
    (FUTURE, Signed::At(TOO_FAR), "an assignment signed six minutes from now"),
];

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    for (check, signed, sent) in LETTERS {
        let event = desk.samples.assignment(&desk.samples.case());
        let answer = desk.sender.bytes(&event.id, event.to_bytes(), signed).await;
        found.note(check, expect_refused(sent, answer, 401, None).map(drop));
    }

    let event = desk.samples.assignment(&desk.samples.case());
    let mut other = event.clone();
    other.subject.push('0');
    let answer = desk.sender.exchanged(&event, other.to_bytes()).await;
    found.note(
        EXCHANGED,
        expect_refused("an assignment whose subject was changed after it was signed", answer, 401, None).map(drop),
    );

    let event = desk.samples.assignment(&desk.samples.case());
    let answer = desk.sender.named(&event, Party::Hall(desk.samples.new_id())).await;
    found.note(STRANGER, expect_refused("an assignment in the name of another hall", answer, 401, None).map(drop));

    let answer = desk.sender.file_as_stranger(&sha256(b"a file of nobody")).await;
    found.note(FILE_STRANGER, expect_refused("a request for a file without a signature", answer, 401, None).map(drop));
}
