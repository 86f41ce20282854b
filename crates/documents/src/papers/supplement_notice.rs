use jiff::civil::{Date, Time};

use super::closing::Ending;
use super::dates::day;
use super::opening::{addressee, letter_head, running};
use super::sections::ground;
use super::tables::{Column, Facts, list};
use crate::layout::{Flow, Page, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// What tells an applicant everything that is missing (补正告知书, 一次性告知书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplementNotice {
    /// The title, such as 行政许可申请材料补正告知书; 补正告知书 if empty.
    pub title: String,
    /// Who asks: the department, or the hall.
    pub authority: String,
    /// Number of the notice, such as 安市监许补〔2026〕1号.
    pub number: String,
    /// The short number of the case in groups, as it is said aloud.
    pub case_number_spoken: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// What is applied for.
    pub item: String,
    /// Day of the application.
    pub applied_on: Date,
    /// What is missing, in order.
    pub points: Vec<SupplementPoint>,
    /// The article that the notice rests on; may be empty.
    pub basis: String,
    /// Where and how to hand in what is missing.
    pub place: String,
    /// Where to ask, by phone.
    pub phone: String,
    /// The last day for handing it in; none where no rule sets one.
    pub until: Option<Date>,
    /// That this is everything, and what follows if nothing comes, as the law has it; may be empty.
    pub statement: String,
    /// On every notice but the first.
    pub again: Option<Again>,
    /// The address in the QR code, where the applicant sees how the case stands; no code if empty.
    pub progress_url: String,
    /// The seal on it; none where the hall issues it without a delegation.
    pub seal: Option<Seal>,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// Date of the notice.
    pub issued_on: Date,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

/// That this is not the first notice (第二次告知).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Which notice of the case it is, from 2.
    pub nth: usize,
    /// Why there is another, in the words of the manager who allowed it.
    pub because: String,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplementPoint {
    /// The material; empty where the point is about none.
    pub material: String,
    /// What is wrong with it, and what is to be handed in.
    pub reason: String,
}

impl Paper for SupplementNotice {
    fn title(&self) -> &str {
        if self.title.is_empty() { "补正告知书" } else { &self.title }
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

impl SupplementNotice {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            title: _,
            authority,
            number,
            case_number_spoken,
            applicant,
            item,
            applied_on,
            points,
            basis,
            place,
            phone,
            until,
            statement,
            again,
            progress_url,
            seal,
            copies,
            issued_on,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::LETTER).with_density(density);
        let text = Style::song(12.0).leading(7.6);

        letter_head(&mut flow, authority, self.title(), number, &text);
        flow.space(1.0);
        flow.paragraph(&addressee(applicant, ""), &text);
        let body = format!(
            "你（单位）于{}提出的“{item}”申请（办件编号 {case_number_spoken}）及所附材料收悉。经审查，需要补正。{}现将需要补正的内容告知如下：",
            day(*applied_on),
            ground(basis),
        );
        flow.paragraph(&body, &text.prose());
        if let Some(Again { nth, because }) = again {
            flow.paragraph(&format!("本次为第{}次告知，理由：{because}", count(*nth)), &text.prose());
        }

        flow.space(2.0);
        let columns = [Column::words("材料", 48.0), Column::rest("问题和补正要求")];
        let entries = points.iter().map(|point| {
            let SupplementPoint { material, reason } = point;
            [if material.is_empty() { "其他".to_owned() } else { material.clone() }, reason.clone()]
        });
        list(&mut flow, ("", 0.0), columns, entries);

        flow.space(4.0);
        let until = until.map(|last| format!("{}前（含当日）", day(last)));
        let facts = Facts::new(flow.sheet, 24.0).whole("补正方式", place);
        match &until {
            Some(until) if !phone.trim().is_empty() => facts.pair(("补正期限", until), ("咨询电话", phone)),
            Some(until) => facts.whole("补正期限", until),
            None => facts.whole_if_any("咨询电话", phone),
        }
        .place(&mut flow);

        flow.space(3.0);
        if !statement.trim().is_empty() {
            flow.paragraph(statement, &text.prose());
        }
        let ending = Ending {
            issuer: authority,
            date: *issued_on,
            seal: seal.as_ref(),
            code: (progress_url, "扫码查询办理进度"),
            recipient: Some(("申请人（代理人）签收：", "签收时间：")),
            copies,
            unverified,
        };
        ending.place_after(&mut flow, "特此告知。", &text);
        flow.finish(&running(self.title(), number, *specimen))
    }
}

/// A small number in words; a greater one in digits.
fn count(number: usize) -> String {
    const WORDS: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
