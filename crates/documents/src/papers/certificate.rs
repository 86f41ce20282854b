use jiff::civil::{Date, Time};

use super::closing::captioned_qr;
use super::dates::day;
use super::rows::{CertificateRow, Rows, validity_row};
use crate::layout::{Align, Flow, Ink, Page, Running, Sheet, Signature, Style};
use crate::{Fonts, Layout, Paper, Seal, ornament};

/// A licence on A4 on its side (许可证).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The title, such as 食品经营许可证.
    pub title: String,
    /// Which of the two it is, 正本 or 副本; may be empty.
    pub edition: String,
    /// Number of the certificate.
    pub number: String,
    /// What it certifies, line by line.
    pub rows: Vec<CertificateRow>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; without one it is valid for good (长期).
    pub valid_until: Option<Date>,
    /// Who issues it.
    pub authority: String,
    /// Day of issue.
    pub issued_on: Date,
    /// What the QR code says, usually an address where the certificate can be checked; no code if empty.
    pub link: String,
    /// The seal on it.
    pub seal: Seal,
    /// A note at the foot; may be empty.
    pub note: String,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for Certificate {
    fn title(&self) -> &str {
        &self.title
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        let Self {
            title,
            edition,
            number,
            rows,
            valid_from,
            valid_until,
            authority,
            issued_on,
            link,
            seal,
            note,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::LANDSCAPE);

        flow.paragraph(title, &Style::hei(34.0).leading(17.0).align(Align::Centre).ink(Ink::Red));
        if !edition.is_empty() {
            let style = Style::song(14.0).align(Align::Centre);
            flow.paragraph(&format!("（{edition}）"), &style);
        }
        flow.space(1.0);
        flow.paragraph(&format!("编号：{number}"), &Style::song(12.0).align(Align::Centre));
        flow.space(6.0);

        foot(&mut flow, note);
        let top = flow.y;
        let middle = flow.sheet.width - flow.sheet.right - SIDE / 2.0;
        if !link.is_empty() {
            captioned_qr(&mut flow, (middle - 13.5, top + 2.0), link, "扫码核验证书");
        }
        flow.y = flow.sheet.height - flow.sheet.bottom - Flow::SIGNATURE - FOOT;
        let above = (middle - SIDE / 2.0, flow.y - 6.0);
        flow.block("发证机关（盖章）", above, SIDE, &Style::song(10.5).align(Align::Centre));
        let signature = Signature { issuer: authority, date: &day(*issued_on), seal: Some(seal), widest: SIDE };
        flow.signature(&signature, &Style::song(12.0));
        flow.y = top;
        let validity = validity_row(*valid_from, *valid_until);
        let rows: Vec<&CertificateRow> = rows.iter().chain([&validity]).collect();
        place_rows(&mut flow, &rows);

        let header = format!("{title}　编号：{number}（续）");
        let running = Running { header, specimen: *specimen, numbered: false };
        let mut pages = flow.finish(&running);
        pages.iter_mut().for_each(adorn);
        Layout {
            title: title.clone(),
            number: number.clone(),
            author: authority.clone(),
            issued_at: issued_on.to_datetime(Time::midnight()),
            pages,
        }
    }
}

/// Width of the column with code, seal and date.
const SIDE: f32 = 74.0;
/// Kept free for the note at the foot.
const FOOT: f32 = 9.0;

fn foot(flow: &mut Flow<'_>, note: &str) {
    if !note.is_empty() {
        let (left, width) = (flow.sheet.left, flow.sheet.text_width());
        let top = flow.sheet.height - flow.sheet.bottom - FOOT + 2.0;
        let style = Style::song(9.0).align(Align::Centre).ink(Ink::Grey);
        flow.block(note, (left, top), width, &style);
    }
}

/// The rows in the largest type with which they fit beside the seal; if none does, in the smallest over several pages.
fn place_rows(flow: &mut Flow<'_>, rows: &[&CertificateRow]) {
    const SIZES: [f32; 5] = [15.0, 14.0, 12.0, 10.5, 9.0];
    let smallest = SIZES[SIZES.len() - 1];
    let column = (flow.sheet.left, flow.sheet.text_width() - SIDE - 6.0);
    let set = |flow: &Flow<'_>, size: f32| Rows::new(flow, rows, (Style::hei(size), Style::song(size)), column);
    let fits = |size: &f32| set(flow, *size).height(flow) <= flow.room() - FOOT;
    let size = SIZES.into_iter().find(fits).unwrap_or(smallest);
    set(flow, size).place(flow, FOOT);
}

/// The border and the rosette go under what is on the page.
fn adorn(page: &mut Page) {
    let mut things = ornament::border(page.width, page.height, 9.0);
    let centre = (page.width / 2.0, page.height / 2.0 + 8.0);
    things.push(ornament::rosette(centre, 62.0));
    things.append(&mut page.things);
    page.things = things;
}
