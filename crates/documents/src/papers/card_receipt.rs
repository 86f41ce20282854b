use jiff::civil::{Date, Time};

use super::closing::Ending;
use super::dates::{day, validity};
use super::opening::running;
use super::rows::CertificateRow;
use super::tables::Facts;
use crate::layout::{Align, Flow, Page, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// What a card is collected with (领卡凭证), such as that of a 老年人优待证.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardReceipt {
    /// What the card is called, such as 老年人优待证.
    pub card: String,
    /// The title, such as 老年人优待证领卡凭证; 领卡凭证 if empty.
    pub title: String,
    /// Number of the receipt.
    pub number: String,
    /// What stands on the card, line by line.
    pub rows: Vec<CertificateRow>,
    /// First day of validity of the card.
    pub valid_from: Date,
    /// Its last day of validity; without one it is valid for good (长期).
    pub valid_until: Option<Date>,
    /// Where the card is collected.
    pub place: String,
    /// From which day on; none if that is still to be told.
    pub from: Option<Date>,
    /// At what hours; may be empty.
    pub hours: String,
    /// What to bring; may be empty.
    pub bring: String,
    /// Where to ask, by phone.
    pub phone: String,
    /// Who issues the card.
    pub authority: String,
    /// Day of issue of the receipt.
    pub issued_on: Date,
    /// What the QR code says, usually an address where the receipt can be checked; no code if empty.
    pub link: String,
    /// The seal on it.
    pub seal: Seal,
    /// What is to be kept in mind; may be empty.
    pub note: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for CardReceipt {
    fn title(&self) -> &str {
        if self.title.is_empty() { "领卡凭证" } else { &self.title }
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        Layout {
            title: self.title().to_owned(),
            number: self.number.clone(),
            author: self.authority.clone(),
            issued_at: self.issued_on.to_datetime(Time::midnight()),
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

/// Width of the labels.
const LABEL: f32 = 34.0;

impl CardReceipt {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            card,
            title: _,
            number,
            rows,
            valid_from,
            valid_until,
            place,
            from,
            hours,
            bring,
            phone,
            authority,
            issued_on,
            link,
            seal,
            note,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::FORM).with_density(density);
        flow.paragraph(authority, &Style::hei(16.0).align(Align::Centre));
        flow.paragraph(self.title(), &Style::hei(22.0).align(Align::Centre));
        flow.space(2.0);
        flow.paragraph(&format!("编号：{number}"), &Style::song(10.5).align(Align::Right));
        flow.space(2.0);

        let from = from.map_or_else(|| "另行通知".to_owned(), |from| format!("{}起", day(from)));
        let collected = Facts::new(flow.sheet, LABEL)
            .whole("领取地点", place)
            .stressed()
            .whole("领取时间", &[&from, hours.as_str()].join("　"))
            .stressed()
            .whole_if_any("领取时携带", bring)
            .whole_if_any("咨询电话", phone);
        flow.titled_table(("领取安排", 1.5), None, collected.rows());

        flow.space(5.0);
        let facts = Facts::new(flow.sheet, LABEL).whole("卡证名称", card);
        let facts = rows.iter().fold(facts, |facts, CertificateRow { label, value }| facts.whole(label, value));
        let facts = facts.whole("有效期限", &validity(*valid_from, *valid_until));
        flow.titled_table(("卡证信息", 1.5), None, facts.rows());

        flow.space(4.0);
        let ending = Ending {
            issuer: authority,
            date: *issued_on,
            seal: Some(seal),
            code: (link, "扫码核验"),
            recipient: Some(("领卡人（代领人）签字：", "领卡日期：")),
            copies: "",
            unverified,
        };
        let words = if note.trim().is_empty() { "请凭本凭证领取。" } else { note.trim() };
        flow.paragraph_before(words, &Style::song(12.0).leading(7.4).prose(), ending.room());
        ending.place(&mut flow, &Style::song(12.0), 5.0);
        flow.finish(&running(self.title(), number, *specimen))
    }
}
