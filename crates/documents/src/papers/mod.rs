//! The papers of the hall and the departments, each with the model of what it says.

mod acceptance_notice;
mod certificate;
mod decision;
mod intake_receipt;

use jiff::civil::{Date, DateTime};

pub use acceptance_notice::AcceptanceNotice;
pub use certificate::{Certificate, CertificateRow};
pub use decision::{DecisionDocument, Outcome};
pub use intake_receipt::IntakeReceipt;

use crate::layout::{Align, Cell, Flow, Ink, Placed, Row, Style};

/// A material on a list (材料).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// What it is called in the catalogue.
    pub name: String,
    /// How many were handed in.
    pub copies: u32,
    /// In which form.
    pub form: MaterialForm,
}

/// The form in which a material was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaterialForm {
    /// 原件
    Original,
    /// 复印件
    Copy,
    /// 原件和复印件: the original was seen and given back, the copy kept.
    OriginalAndCopy,
    /// 电子件
    Electronic,
}

impl MaterialForm {
    fn word(self) -> &'static str {
        match self {
            Self::Original => "原件",
            Self::Copy => "复印件",
            Self::OriginalAndCopy => "原件和复印件",
            Self::Electronic => "电子件",
        }
    }
}

/// 2026年3月5日
fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 2026年3月5日 09:05
fn moment(at: DateTime) -> String {
    format!("{} {:02}:{:02}", day(at.date()), at.hour(), at.minute())
}

/// The numbered list of materials, over the whole width.
fn material_table(flow: &mut Flow<'_>, materials: &[Material], size: f32) {
    let (serial, copies, form) = (14.0, 16.0, 32.0);
    let name = flow.sheet.text_width() - serial - copies - form;
    let heading = Row::new([
        Cell::label("序号", serial, size),
        Cell::label("材料名称", name, size),
        Cell::label("份数", copies, size),
        Cell::label("形式", form, size),
    ]);
    let row = |(n, material): (usize, &Material)| {
        let Material { name: called, copies: count, form: kind } = material;
        Row::new([
            Cell::value(&n.to_string(), serial, size).centred(),
            Cell::value(called, name, size),
            Cell::value(&count.to_string(), copies, size).centred(),
            Cell::value(kind.word(), form, size).centred(),
        ])
    };
    let mut rows: Vec<Row> = (1..).zip(materials).map(row).collect();
    if rows.is_empty() {
        rows.push(Row::new([Cell::value("", flow.sheet.text_width(), size).centred()]));
    }
    flow.table(Some(&heading), &rows);
}

/// What on the paper still has to be checked against its source, as a footnote.
fn unverified_note(flow: &mut Flow<'_>, unverified: &[String]) {
    if unverified.is_empty() {
        return;
    }
    let style = Style::song(9.0).ink(Ink::Grey);
    flow.space(3.0);
    flow.ensure(2.0 * style.leading);
    let (left, y) = (flow.sheet.left, flow.y);
    flow.place(Placed::Rule { from: (left, y), to: (left + 50.0, y), thickness: 0.15, ink: Ink::Grey });
    flow.space(1.0);
    flow.paragraph(&format!("※ 待核对（依据尚未核实）：{}。", unverified.join("；")), &style);
}

/// How many copies there are and where each goes, in small type.
fn copies_note(flow: &mut Flow<'_>, copies: &str) {
    if !copies.is_empty() {
        flow.space(2.0);
        flow.paragraph(copies, &Style::song(9.0).ink(Ink::Grey));
    }
}

/// What the seal, the recipient's line and the note on copies take, so that they stay together.
fn signing_room(copies: &str) -> f32 {
    Flow::SIGNATURE + RECIPIENT + if copies.is_empty() { 0.0 } else { 7.5 }
}

/// A place for the signature of who receives the paper, and for the date, on one line.
fn recipient_line(flow: &mut Flow<'_>, label: &str, when: &str) {
    flow.ensure(RECIPIENT);
    let (left, right) = (flow.sheet.left, flow.sheet.width - flow.sheet.right);
    let y = flow.y + 3.5;
    signature_blank(flow, (left, y), label);
    let when = format!("{when}{BLANK_DATE}");
    let style = Style::song(10.5).align(Align::Right);
    flow.block(&when, (left, y), right - left, &style);
    flow.space(RECIPIENT);
}

/// Height of a [`recipient_line`].
const RECIPIENT: f32 = 11.0;

const BLANK_DATE: &str = "　　　　年　　月　　日";

/// The same as [`recipient_line`] on two lines, beside a seal.
fn recipient_block(flow: &mut Flow<'_>, (left, top): (f32, f32), label: &str, when: &str) {
    signature_blank(flow, (left, top), label);
    let style = Style::song(10.5);
    flow.block(&format!("{when}{BLANK_DATE}"), (left, top + 10.0), 78.0, &style);
}

fn signature_blank(flow: &mut Flow<'_>, (left, top): (f32, f32), label: &str) {
    let style = Style::song(10.5);
    let from = left + flow.width(label, &style) + 1.0;
    flow.block(label, (left, top), 80.0, &style);
    let y = top + style.leading - 0.8;
    flow.place(Placed::Rule { from: (from, y), to: (from + 36.0, y), thickness: 0.2, ink: Ink::Black });
}

/// A QR code with words under it, beside what follows.
fn captioned_qr(flow: &mut Flow<'_>, (left, top): (f32, f32), content: &str, caption: &str) {
    const SIDE: f32 = 27.0;
    flow.place(Placed::Qr { left, top, side: SIDE, content: content.to_owned() });
    let style = Style::song(9.0).align(Align::Centre);
    flow.block(caption, (left - 10.0, top + SIDE + 1.5), SIDE + 20.0, &style);
}
