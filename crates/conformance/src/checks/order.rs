//! One after the other.

use super::{Desk, Found, GAP, GAP_FILLED, expect_refused, taking::question};
use crate::sender::Answer;

pub(super) async fn run(desk: &Desk<'_>, found: &mut Found) {
    let sample = desk.samples.case();
    desk.heard.refuse_once(sample.assigned.case_id);
    if desk.taken(&desk.samples.assignment(&sample)).await.is_err() {
        return;
    }
    let second = desk.samples.event(&sample, 2, question(desk, &sample));
    let third = desk.samples.event(&sample, 3, question(desk, &sample));
    found.note(GAP, gap(desk.sender.event(&third).await));
    let mut filled = desk.taken(&second).await;
    if filled.is_ok() {
        filled = desk.taken(&third).await;
    }
    found.note(GAP_FILLED, filled);
}

fn gap(answer: Result<Answer, String>) -> Result<(), String> {
    let sent = "number 3 of a case of which number 1 was taken";
    let answer = expect_refused(sent, answer, 409, Some("out-of-order"))?;
    match answer.problem.and_then(|problem| problem.expected_sequence()) {
        Some(2) => Ok(()),
        Some(other) => Err(format!("sent: {sent}; came: 409 that expects {other}; expected: 2")),
        None => Err(format!("sent: {sent}; came: 409 without errors[0].params.expected; expected: 2 there")),
    }
}
