//! The numbered sections of a decision, in the type of an official document.

use crate::layout::{Flow, Style};

/// The type of the text.
pub(super) const TEXT: Style = Style::song(14.0).leading(8.6);

pub(super) fn section(flow: &mut Flow<'_>, title: &str, text: &str) {
    heading(flow, title);
    flow.paragraph(or_none(text.trim_matches('\n')), &TEXT.prose());
}

/// The last section, whose heading goes along when its text moves to the page of the seal.
pub(super) fn closing_section(flow: &mut Flow<'_>, title: &str, text: &str, reserve: f32) {
    let text = or_none(text);
    let lines = flow.count_lines(text, flow.sheet.text_width(), &TEXT.prose());
    if lines <= 3 {
        flow.ensure((lines as f32 + 1.0) * TEXT.leading + reserve);
    }
    heading(flow, title);
    flow.paragraph_before(text, &TEXT.prose(), reserve);
}

/// A heading with room for two lines under it.
fn heading(flow: &mut Flow<'_>, title: &str) {
    flow.ensure(3.0 * TEXT.leading);
    let style = Style { indent: 2.0, ..Style::hei(TEXT.size).leading(TEXT.leading) };
    flow.paragraph(title, &style);
}

/// What to write where there is nothing.
pub(super) fn or_none(text: &str) -> &str {
    if text.trim().is_empty() { "无。" } else { text }
}

/// What an article is cited by, to be read before the rest of a sentence; nothing without one.
pub(super) fn ground(basis: &str) -> String {
    if basis.is_empty() { String::new() } else { format!("根据{basis}，") }
}
