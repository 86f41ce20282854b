use jiff::civil::{Date, Time};

use super::closing::Ending;
use super::dates::day;
use super::opening::{addressee, letter_head, running};
use super::sections::{TEXT, closing_section, ground, or_none, section};
use crate::layout::{Flow, Page, Sheet, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// How a case is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 准予
    Granted,
    /// 不予
    Denied,
}

/// The decision on an application, such as 准予行政许可决定书 or 不予行政许可决定书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionDocument {
    /// The title, such as 准予行政许可决定书.
    pub title: String,
    /// What is decided, to be read after 本机关决定：.
    pub ruling: String,
    /// Whether what was applied for is granted.
    pub outcome: Outcome,
    /// Who decides.
    pub authority: String,
    /// Number of the decision, such as 安市监食许〔2026〕1号.
    pub number: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// Number of the applicant's identity document or unified social credit code; may be empty.
    pub applicant_id: String,
    /// What was applied for.
    pub item: String,
    /// Day of the application.
    pub applied_on: Date,
    /// What the examination found.
    pub facts: String,
    /// Why it is decided so; may be empty.
    pub reason: String,
    /// The articles it is decided by, to be read after 根据.
    pub basis: String,
    /// What is granted, in which scope, until when. Printed when granted.
    pub content: String,
    /// How the applicant can have the decision reviewed (复议, 诉讼).
    pub remedies: String,
    /// Day of the decision.
    pub decided_on: Date,
    /// The seal on it.
    pub seal: Seal,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for DecisionDocument {
    fn title(&self) -> &str {
        &self.title
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

impl DecisionDocument {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            title: _,
            ruling,
            outcome,
            authority,
            number,
            applicant,
            applicant_id,
            item,
            applied_on,
            facts,
            reason,
            basis,
            content,
            remedies,
            decided_on,
            seal,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::LETTER).with_density(density);

        letter_head(&mut flow, authority, self.title(), number, &TEXT);
        flow.space(2.0);

        flow.paragraph(&addressee(applicant, applicant_id), &TEXT);
        let opening =
            format!("你（单位）于{}向本机关提出“{item}”申请，本机关已依法受理并进行了审查。", day(*applied_on));
        flow.paragraph(&opening, &TEXT.prose());

        let (found, why) = match outcome {
            Outcome::Granted => ("一、审查情况", "二、理由".to_owned()),
            Outcome::Denied => ("一、查明的事实", format!("二、{ruling}的理由")),
        };
        section(&mut flow, found, facts);
        section(&mut flow, &why, reason);
        let ground = ground(basis);
        let decision = match outcome {
            Outcome::Granted => {
                let content = or_none(content);
                format!("{ground}本机关决定：{ruling}。内容如下：\n{content}")
            }
            Outcome::Denied => format!("{ground}本机关决定：{ruling}。"),
        };
        section(&mut flow, "三、决定内容", &decision);
        let ending = Ending {
            issuer: authority,
            date: *decided_on,
            seal: Some(seal),
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
