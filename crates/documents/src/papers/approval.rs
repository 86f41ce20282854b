use jiff::civil::{Date, Time};

use super::closing::Ending;
use super::opening::{addressee, letter_head, running};
use super::rows::{CertificateRow, Rows, validity_row};
use super::sections::{TEXT, or_none};
use crate::layout::{Flow, Page, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// A result that is written as a letter (批准文件), such as 营业性演出批准文件.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The title, such as 营业性演出批准文件.
    pub title: String,
    /// Number of the approval.
    pub number: String,
    /// Whom it is to.
    pub applicant: String,
    /// What is approved and why, in paragraphs, to be read before the rows.
    pub text: String,
    /// What exactly, line by line.
    pub rows: Vec<CertificateRow>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; without one it is valid for good (长期).
    pub valid_until: Option<Date>,
    /// Who approves.
    pub authority: String,
    /// Day of issue.
    pub issued_on: Date,
    /// What the QR code says, usually an address where the approval can be checked; no code if empty.
    pub link: String,
    /// The seal on it.
    pub seal: Seal,
    /// What is to be kept in mind, to be read after the rows; may be empty.
    pub note: String,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for Approval {
    fn title(&self) -> &str {
        &self.title
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        Layout {
            title: self.title.clone(),
            number: self.number.clone(),
            author: self.authority.clone(),
            issued_at: self.issued_on.to_datetime(Time::midnight()),
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

impl Approval {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            title,
            number,
            applicant,
            text,
            rows,
            valid_from,
            valid_until,
            authority,
            issued_on,
            link,
            seal,
            note,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::LETTER).with_density(density);

        letter_head(&mut flow, authority, title, number, &TEXT);
        flow.space(2.0);
        flow.paragraph(&addressee(applicant, ""), &TEXT);
        flow.paragraph(or_none(text.trim()), &TEXT.prose());
        flow.space(1.0);

        let ending = Ending {
            issuer: authority,
            date: *issued_on,
            seal: Some(seal),
            code: (link, "扫码核验"),
            recipient: None,
            copies,
            unverified,
        };
        let validity = validity_row(*valid_from, *valid_until);
        let rows: Vec<&CertificateRow> = rows.iter().chain([&validity]).collect();
        let indent = 2.0 * flow.width("　", &TEXT);
        let column = (flow.sheet.left + indent, flow.sheet.text_width() - indent);
        let label = Style::hei(TEXT.size).leading(TEXT.leading);
        let set = Rows::new(&flow, &rows, (label, TEXT), column).with_gap(1.2);
        if note.trim().is_empty() {
            // The line on validity stands with the seal.
            set.place_before(&mut flow, ending.room());
        } else {
            set.place(&mut flow, 0.0);
            flow.paragraph_before(note.trim(), &TEXT.prose(), ending.room());
        }
        ending.place(&mut flow, &TEXT, 8.0);
        flow.finish(&running(title, number, *specimen))
    }
}
