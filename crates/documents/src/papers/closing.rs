//! How papers end: the code, the seal with the date, the line of who receives it, the notes.

use jiff::civil::Date;

use super::dates::{BLANK, day};
use crate::Seal;
use crate::layout::{Align, Flow, Ink, Placed, Signature, Style};

/// The end of a paper that is handed over against a signature.
pub(super) struct Ending<'a> {
    /// Who issues it.
    pub(super) issuer: &'a str,
    pub(super) date: Date,
    pub(super) seal: Option<&'a Seal>,
    /// What the code says and the words under it; no code if empty.
    pub(super) code: (&'a str, &'a str),
    /// The words before the signature of who receives it, and before its date; no such line without them.
    pub(super) recipient: Option<(&'a str, &'a str)>,
    pub(super) copies: &'a str,
    pub(super) unverified: &'a [String],
}

impl Ending<'_> {
    /// What the seal, the recipient's line and the note on copies take, so that they stay together.
    pub(super) fn room(&self) -> f32 {
        self.room_beside_recipient() + if self.recipient.is_some() { RECIPIENT } else { 0.0 }
    }

    /// The same when the recipient signs beside the seal.
    pub(super) fn room_beside_recipient(&self) -> f32 {
        Flow::SIGNATURE + if self.copies.is_empty() { 0.0 } else { 7.5 }
    }

    /// After the last words of a letter, beside which the seal begins.
    pub(super) fn place_after(&self, flow: &mut Flow<'_>, words: &str, text: &Style) {
        /// How far the seal reaches up beside the short last line.
        const OVERLAP: f32 = 5.0;
        flow.paragraph_before(words, &text.prose(), self.room() - OVERLAP);
        flow.space(-OVERLAP);
        self.place(flow, text, 8.0);
    }

    /// The code at the left, the seal at the right, and the recipient's line under them.
    pub(super) fn place(&self, flow: &mut Flow<'_>, text: &Style, code_drop: f32) {
        let (content, caption) = self.code;
        if !content.is_empty() {
            flow.ensure(self.room());
            let beside = (flow.sheet.left + 12.0, flow.y + code_drop);
            captioned_qr(flow, beside, content, caption);
        }
        self.sign(flow, text, 100.0);
        if let Some((label, when)) = self.recipient {
            recipient_line(flow, label, when);
        }
        self.notes(flow);
    }

    /// The recipient's lines at the left, the seal at the right.
    pub(super) fn place_beside_recipient(&self, flow: &mut Flow<'_>, text: &Style) {
        let beside = (flow.sheet.left, flow.y + 20.0);
        if let Some((label, when)) = self.recipient {
            recipient_block(flow, beside, label, when);
        }
        self.sign(flow, text, 76.0);
        self.notes(flow);
    }

    fn sign(&self, flow: &mut Flow<'_>, text: &Style, widest: f32) {
        let signature = Signature { issuer: self.issuer, date: &day(self.date), seal: self.seal, widest };
        flow.signature(&signature, text);
    }

    fn notes(&self, flow: &mut Flow<'_>) {
        copies_note(flow, self.copies);
        unverified_note(flow, self.unverified);
    }
}

/// What on the paper still has to be checked against its source, as a footnote.
pub(super) fn unverified_note(flow: &mut Flow<'_>, unverified: &[String]) {
    if !unverified.is_empty() {
        footnote(flow, &format!("※ 待核对（依据尚未核实）：{}。", shortened(unverified).join("；")));
    }
}

/// As many of one kind as a footnote has room for; the others are on the page of the case.
const OF_ONE_KIND: usize = 2;

/// The notes, those of one kind (what stands before the colon) counted where there are many.
fn shortened(notes: &[String]) -> Vec<String> {
    let kind_of = |note: &str| note.split_once('：').map(|(kind, _)| kind.to_owned());
    let mut kinds: Vec<(Option<String>, Vec<&str>)> = vec![];
    for note in notes {
        let kind = kind_of(note);
        match kinds.iter_mut().find(|(known, _)| kind.is_some() && *known == kind) {
            Some((_, of_kind)) => of_kind.push(note),
            None => kinds.push((kind, vec![note])),
        }
    }
    let say = |(kind, of_kind): (Option<String>, Vec<&str>)| match kind {
        Some(kind) if of_kind.len() > OF_ONE_KIND => vec![format!("{kind}{}项", of_kind.len())],
        _ => of_kind.iter().map(|note| note.trim_end_matches(['。', '；']).to_owned()).collect(),
    };
    kinds.into_iter().flat_map(say).collect()
}

/// Small type under a short rule.
pub(super) fn footnote(flow: &mut Flow<'_>, note: &str) {
    let style = Style::song(9.0).ink(Ink::Grey);
    flow.space(3.0);
    flow.ensure(2.0 * style.leading);
    let (left, y) = (flow.sheet.left, flow.y);
    flow.place(Placed::Rule { from: (left, y), to: (left + 50.0, y), thickness: 0.15, ink: Ink::Grey });
    flow.space(1.0);
    flow.paragraph(note, &style);
}

/// How many copies there are and where each goes, in small type.
pub(super) fn copies_note(flow: &mut Flow<'_>, copies: &str) {
    if !copies.is_empty() {
        flow.space(2.0);
        flow.paragraph(copies, &Style::song(9.0).ink(Ink::Grey));
    }
}

/// Height of a [`recipient_line`].
const RECIPIENT: f32 = 11.0;

/// A place for the signature of who receives the paper, and for the date, on one line.
pub(super) fn recipient_line(flow: &mut Flow<'_>, label: &str, when: &str) {
    flow.ensure(RECIPIENT);
    let (left, right) = (flow.sheet.left, flow.sheet.width - flow.sheet.right);
    let y = flow.y + 3.5;
    signature_blank(flow, (left, y), label);
    let when = format!("{when}{BLANK}");
    let style = Style::song(10.5).align(Align::Right);
    flow.block(&when, (left, y), right - left, &style);
    flow.space(RECIPIENT);
}

/// The same as [`recipient_line`] on two lines, beside a seal.
fn recipient_block(flow: &mut Flow<'_>, (left, top): (f32, f32), label: &str, when: &str) {
    signature_blank(flow, (left, top), label);
    let style = Style::song(10.5);
    flow.block(&format!("{when}{BLANK}"), (left, top + 10.0), 78.0, &style);
}

fn signature_blank(flow: &mut Flow<'_>, (left, top): (f32, f32), label: &str) {
    let style = Style::song(10.5);
    let from = left + flow.width(label, &style) + 1.0;
    flow.block(label, (left, top), 80.0, &style);
    let y = top + style.leading - 0.8;
    flow.place(Placed::Rule { from: (from, y), to: (from + 36.0, y), thickness: 0.2, ink: Ink::Black });
}

/// A QR code with words under it, beside what follows.
pub(super) fn captioned_qr(flow: &mut Flow<'_>, (left, top): (f32, f32), content: &str, caption: &str) {
    const SIDE: f32 = 27.0;
    flow.place(Placed::Qr { left, top, side: SIDE, content: content.to_owned() });
    let style = Style::song(9.0).align(Align::Centre);
    flow.block(caption, (left - 10.0, top + SIDE + 1.5), SIDE + 20.0, &style);
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn notes_of_one_kind_are_counted_where_there_are_many() {
        let notes =
            ["《某条例》第三条", "材料：身份证", "审查要点：一。", "材料：照片", "审查要点：二", "审查要点：三"];
        let short = shortened(&notes.map(String::from));
        assert_eq!(short, ["《某条例》第三条", "材料：身份证", "材料：照片", "审查要点3项"]);
    }
}
