use jiff::civil::{Date, Time};

use super::closing::Ending;
use super::dates::day;
use super::opening::{addressee, letter_head, running};
use super::sections::{TEXT, closing_section, ground, section};
use crate::layout::{Flow, Page, Sheet, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// The decision that an application is not accepted (不予受理决定书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The title, such as 行政许可申请不予受理决定书; 不予受理决定书 if empty.
    pub title: String,
    /// Who decides.
    pub authority: String,
    /// Number of the decision, such as 安市监许不受〔2026〕1号.
    pub number: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// Masked number of the applicant's identity document; may be empty.
    pub applicant_id: String,
    /// What was applied for.
    pub item: String,
    /// Day of the application.
    pub applied_on: Date,
    /// The ground in the words of the law, such as 申请事项依法不属于本行政机关职权范围。
    pub ground: String,
    /// Why the ground is given here.
    pub reason: String,
    /// Who is competent instead; empty where nobody is.
    pub competent_authority: String,
    /// The articles it is decided by, to be read after 根据; may be empty.
    pub basis: String,
    /// How the applicant can have the decision reviewed (复议, 诉讼).
    pub remedies: String,
    /// The seal on it; none where the hall issues it without a delegation.
    pub seal: Option<Seal>,
    /// Day of the decision.
    pub decided_on: Date,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for Rejection {
    fn title(&self) -> &str {
        if self.title.is_empty() { "不予受理决定书" } else { &self.title }
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        Layout {
            title: self.title().to_owned(),
            number: self.number.clone(),
            author: self.authority.clone(),
            issued_at: self.decided_on.to_datetime(Time::midnight()),
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

impl Rejection {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            title: _,
            authority,
            number,
            applicant,
            applicant_id,
            item,
            applied_on,
            ground: on_ground,
            reason,
            competent_authority,
            basis,
            remedies,
            seal,
            decided_on,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::LETTER).with_density(density);

        letter_head(&mut flow, authority, self.title(), number, &TEXT);
        flow.space(2.0);
        flow.paragraph(&addressee(applicant, applicant_id), &TEXT);
        let opening = format!("你（单位）于{}向本机关提出“{item}”申请，本机关对申请进行了审查。", day(*applied_on));
        flow.paragraph(&opening, &TEXT.prose());

        section(&mut flow, "一、不予受理的事由", on_ground);
        section(&mut flow, "二、理由", reason);
        let mut decision = format!("{}本机关决定：不予受理。", ground(basis));
        if !competent_authority.trim().is_empty() {
            decision.push_str(&format!("\n请向{}提出申请。", competent_authority.trim()));
        }
        section(&mut flow, "三、决定内容", &decision);
        let ending = Ending {
            issuer: authority,
            date: *decided_on,
            seal: seal.as_ref(),
            code: ("", ""),
            recipient: Some(("申请人（代理人）签收：", "签收时间：")),
            copies,
            unverified,
        };
        closing_section(&mut flow, "四、救济途径", remedies, ending.room_beside_recipient());
        ending.place_beside_recipient(&mut flow, &TEXT);
        flow.finish(&running(self.title(), number, *specimen))
    }
}
