//! How papers begin: the head of a letter, the head of a form.

use crate::layout::{Align, Flow, Placed, Running, Style};

/// Who writes, what it is, and under which number at the right.
pub(super) fn letter_head(flow: &mut Flow<'_>, authority: &str, title: &str, number: &str, text: &Style) {
    flow.paragraph(authority, &Style::hei(18.0).align(Align::Centre));
    flow.paragraph(title, &Style::hei(22.0).align(Align::Centre));
    flow.space(2.0);
    flow.paragraph(number, &text.align(Align::Right));
}

/// Whom a letter is to, with the number of their identity document if there is one.
pub(super) fn addressee(applicant: &str, id: &str) -> String {
    if id.is_empty() { format!("{applicant}：") } else { format!("{applicant}（{id}）：") }
}

/// The hall and window at the left, the number of the case as bar code at the right.
pub(super) fn form_head(flow: &mut Flow<'_>, hall: &str, window: &str, (number, spoken): (&str, &str)) {
    const BARS: f32 = 46.125;
    let (left, top) = (flow.sheet.left, flow.sheet.top);
    let right = flow.sheet.width - flow.sheet.right;
    let room = right - BARS - 10.0 - left;
    let named = flow.block(hall, (left, top), room, &Style::hei(14.0));
    let beneath = flow.block(window, (left, top + named), room, &Style::song(10.5));
    let bars = right - BARS;
    flow.place(Placed::Barcode { left: bars, top, width: BARS, height: 11.0, digits: number.to_owned() });
    let spoken_height =
        flow.block(spoken, (bars - 5.0, top + 11.5), BARS + 10.0, &Style::song(10.5).align(Align::Centre));
    flow.y = top + (named + beneath).max(11.5 + spoken_height) + 4.0;
}

/// What a form is, and under which number at the right, if it has one.
pub(super) fn form_title(flow: &mut Flow<'_>, title: &str, number: &str) {
    flow.paragraph(title, &Style::hei(22.0).align(Align::Centre));
    flow.space(2.0);
    if !number.is_empty() {
        flow.paragraph(number, &Style::song(10.5).align(Align::Right));
        flow.space(2.0);
    }
}

/// What stands at the edges of a paper that goes by its title and number.
pub(super) fn running(title: &str, number: &str, specimen: bool) -> Running {
    Running { header: format!("{title}　{number}"), specimen, numbered: true }
}
