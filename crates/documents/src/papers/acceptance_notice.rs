use jiff::civil::{Date, Time};

use super::Material;
use super::closing::Ending;
use super::dates::day;
use super::opening::{addressee, letter_head, running};
use super::sections::ground;
use super::tables::{Facts, material_list};
use crate::layout::{Flow, Page, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// What a department sends when it accepts an application (受理通知书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptanceNotice {
    /// The title, such as 行政许可申请受理通知书; 受理通知书 if empty.
    pub title: String,
    /// Who accepts.
    pub authority: String,
    /// Number of the notice, such as 安市监食受〔2026〕1号.
    pub number: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// What is applied for.
    pub item: String,
    /// Day of the application.
    pub applied_on: Date,
    /// Day of the acceptance.
    pub accepted_on: Date,
    /// Whether it was silence that accepted (视为受理): nobody then says that the materials are complete.
    pub by_silence: bool,
    /// Date of the notice.
    pub issued_on: Date,
    /// The article that acceptance rests on; may be empty.
    pub basis: String,
    /// What was handed in.
    pub materials: Vec<Material>,
    /// The limit of the law, in words; empty where there is none, of which nothing is said then.
    pub statutory_limit: String,
    /// The limit that the department promises, in words; the same.
    pub promised_limit: String,
    /// The last day for the decision; none where no limit sets one.
    pub decision_by: Option<Date>,
    /// Whom to ask, with phone number.
    pub contact: String,
    /// The address in the QR code, where the applicant sees how the case stands; no code if empty.
    pub progress_url: String,
    /// The seal on it.
    pub seal: Seal,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for AcceptanceNotice {
    fn title(&self) -> &str {
        if self.title.is_empty() { "受理通知书" } else { &self.title }
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

impl AcceptanceNotice {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            title: _,
            authority,
            number,
            applicant,
            item,
            applied_on,
            accepted_on,
            by_silence,
            issued_on,
            basis,
            materials,
            statutory_limit,
            promised_limit,
            decision_by,
            contact,
            progress_url,
            seal,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::LETTER).with_density(density);
        let text = Style::song(12.0).leading(7.6);

        letter_head(&mut flow, authority, self.title(), number, &text);
        flow.space(1.0);

        flow.paragraph(&addressee(applicant, ""), &text);
        let applied_on = day(*applied_on);
        let accepted = day(*accepted_on);
        let ground = ground(basis);
        let received = format!("你（单位）于{applied_on}提出的“{item}”申请及所附材料收悉。");
        let body = match by_silence {
            true => format!(
                "{received}本机关未在受理时限内告知是否受理或者需要补正的内容，{ground}该申请自收到申请材料之日即{accepted}起视为受理。"
            ),
            false => format!(
                "{received}经审查，申请属于本机关职权范围，申请材料齐全，符合法定形式。{ground}本机关决定自{accepted}起予以受理。"
            ),
        };
        flow.paragraph(&body, &text.prose());
        flow.space(2.0);

        let facts = Facts::new(flow.sheet, 28.0).pair(("申请日期", &applied_on), ("受理日期", &accepted));
        let (statutory, promised) = ("法定办结时限", "承诺办结时限");
        let facts = match (statutory_limit.as_str(), promised_limit.as_str()) {
            ("", "") => facts,
            (limit, "") => facts.whole(statutory, limit),
            ("", limit) => facts.whole(promised, limit),
            (limit, other) => facts.pair((statutory, limit), (promised, other)),
        };
        let facts = match decision_by {
            Some(last) => facts.whole("决定期限", &format!("本机关将于{}前（含当日）作出决定", day(*last))),
            None => facts,
        };
        facts.whole("联系方式", contact).place(&mut flow);

        flow.space(4.0);
        material_list(&mut flow, ("收到的申请材料", 1.0), materials);
        flow.space(1.0);

        let ending = Ending {
            issuer: authority,
            date: *issued_on,
            seal: Some(seal),
            code: (progress_url, "扫码查询办理进度"),
            recipient: Some(("申请人（代理人）签收：", "签收时间：")),
            copies,
            unverified,
        };
        ending.place_after(&mut flow, "特此通知。", &text);
        flow.finish(&running(self.title(), number, *specimen))
    }
}
