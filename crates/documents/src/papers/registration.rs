use jiff::civil::{Date, Time};

use super::closing::Ending;
use super::dates::validity;
use super::opening::running;
use super::rows::CertificateRow;
use crate::layout::{Align, Cell, Flow, Ink, Page, Row, Running, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal, ornament};

/// What shows that something stands in a register (登记证明), such as 生育登记证明.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The title, such as 生育登记证明.
    pub title: String,
    /// Which of the two it is, 正本 or 副本; may be empty.
    pub edition: String,
    /// Number of the paper.
    pub number: String,
    /// The number in the register (登记编号); may be empty where the paper's number is the register's.
    pub register_number: String,
    /// What is registered, line by line.
    pub rows: Vec<CertificateRow>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; without one it is valid for good (长期).
    pub valid_until: Option<Date>,
    /// Who keeps the register.
    pub authority: String,
    /// Day of the registration.
    pub issued_on: Date,
    /// What the QR code says, usually an address where the registration can be checked; no code if empty.
    pub link: String,
    /// The seal on it.
    pub seal: Seal,
    /// What it attests, to be read after the table; may be empty.
    pub statement: String,
    /// A note at the foot; may be empty.
    pub note: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for Registration {
    fn title(&self) -> &str {
        &self.title
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        let mut pages = fitted(|density| self.pages(fonts, density));
        pages.iter_mut().for_each(adorn);
        Layout {
            title: self.title.clone(),
            number: self.number.clone(),
            author: self.authority.clone(),
            issued_at: self.issued_on.to_datetime(Time::midnight()),
            pages,
        }
    }
}

impl Registration {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            title,
            edition,
            number,
            register_number,
            rows,
            valid_from,
            valid_until,
            authority,
            issued_on,
            link,
            seal,
            statement,
            note,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::FRAMED).with_density(density);

        flow.paragraph(title, &Style::hei(28.0).leading(15.0).align(Align::Centre).ink(Ink::Red));
        if !edition.is_empty() {
            flow.paragraph(&format!("（{edition}）"), &Style::song(14.0).align(Align::Centre));
        }
        flow.paragraph(&format!("编号：{number}"), &Style::song(12.0).align(Align::Centre));
        flow.space(5.0);

        // Few lines are given more room each, so that the page is filled.
        const ROOM: f32 = 120.0;
        let height = (ROOM / (rows.len() + 2) as f32).clamp(11.0, 15.0);
        let line = |label: &str, value: &str| {
            const LABEL: f32 = 46.0;
            let width = flow.sheet.text_width() - LABEL;
            Row::new([Cell::label(label, LABEL, 12.0), Cell::value(value, width, 12.0)]).at_least(height)
        };
        let register = (!register_number.is_empty()).then(|| line("登记编号", register_number));
        let registered = rows.iter().map(|CertificateRow { label, value }| line(label, value));
        let table: Vec<Row> = register.into_iter().chain(registered).collect();
        let last = line("有效期限", &validity(*valid_from, *valid_until));
        let ending = Ending {
            issuer: authority,
            date: *issued_on,
            seal: Some(seal),
            code: (link, "扫码核验"),
            recipient: None,
            copies: note,
            unverified,
        };
        flow.table(None, &table);
        if statement.trim().is_empty() {
            // The last line stands with the seal.
            flow.ensure(flow.row_height(&last) + ending.room());
            flow.lone_row(&last);
            flow.space(3.0);
        } else {
            flow.lone_row(&last);
            flow.space(4.0);
            let text = Style::song(12.0).leading(7.6);
            flow.paragraph_before(statement.trim(), &text.prose(), ending.room());
        }
        ending.place(&mut flow, &Style::song(12.0), 8.0);
        let Running { header, specimen, numbered: _ } = running(title, number, *specimen);
        flow.finish(&Running { header, specimen, numbered: false })
    }
}

/// The border goes under what is on the page.
fn adorn(page: &mut Page) {
    let mut things = ornament::border(page.width, page.height, 9.0);
    things.append(&mut page.things);
    page.things = things;
}
