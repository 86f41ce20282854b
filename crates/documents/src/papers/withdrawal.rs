use jiff::civil::{Date, DateTime};

use super::Original;
use super::closing::Ending;
use super::dates::{day, moment};
use super::opening::{form_head, form_title, running};
use super::tables::{Facts, original_list};
use crate::layout::{Flow, Page, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// What confirms that an applicant has taken an application back (撤回申请确认书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawalConfirmation {
    /// Name of the hall.
    pub hall: String,
    /// Name of the window.
    pub window: String,
    /// Number of the confirmation itself (文号).
    pub number: String,
    /// The short number of the case, digits only; it becomes the bar code.
    pub case_number: String,
    /// The same number in groups, as it is said aloud.
    pub case_number_spoken: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// Masked number of the applicant's identity document.
    pub applicant_id: String,
    /// Who acts for the applicant, if somebody does.
    pub agent: Option<Agent>,
    /// What was applied for.
    pub item: String,
    /// Day of the application.
    pub applied_on: Date,
    /// When it was taken back, on the clock of the hall.
    pub withdrawn_at: DateTime,
    /// Why.
    pub reason: String,
    /// The originals that the hall held.
    pub originals: Vec<Original>,
    /// What follows from taking it back, and how originals that are still to be returned are fetched; may be empty.
    pub statement: String,
    /// Name of the clerk.
    pub clerk: String,
    /// The seal of the hall, if it has one for this.
    pub seal: Option<Seal>,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

/// Who acts for an applicant (代理人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Full name.
    pub name: String,
    /// Masked number of the identity document.
    pub id: String,
    /// What they may do, and by which paper, such as 授权委托书（2026年3月1日）; may be empty.
    pub authority: String,
}

impl Paper for WithdrawalConfirmation {
    fn title(&self) -> &str {
        "撤回申请确认书"
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        Layout {
            title: self.title().to_owned(),
            number: self.number.clone(),
            author: self.hall.clone(),
            issued_at: self.withdrawn_at,
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

impl WithdrawalConfirmation {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            hall,
            window,
            number,
            case_number,
            case_number_spoken,
            applicant,
            applicant_id,
            agent,
            item,
            applied_on,
            withdrawn_at,
            reason,
            originals,
            statement,
            clerk,
            seal,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::FORM).with_density(density);

        form_head(&mut flow, hall, window, (case_number, case_number_spoken));
        form_title(&mut flow, self.title(), number);
        let facts = Facts::new(flow.sheet, 26.0)
            .case(case_number_spoken, ("撤回时间", &moment(*withdrawn_at)))
            .pair(("申请人", applicant), ("证件号码", applicant_id));
        let facts = match agent {
            Some(Agent { name, id, authority }) => {
                facts.pair(("代理人", name), ("证件号码", id)).whole("代理权限", authority)
            }
            None => facts,
        };
        facts
            .pair(("申请日期", &day(*applied_on)), ("经办人", clerk))
            .whole("申办事项", item)
            .whole("撤回理由", reason)
            .place(&mut flow);

        flow.space(5.0);
        original_list(&mut flow, ("原件退还", 1.5), originals);

        flow.space(4.0);
        let ending = Ending {
            issuer: hall,
            date: withdrawn_at.date(),
            seal: seal.as_ref(),
            code: ("", ""),
            recipient: Some(("申请人（代理人）签字：", "日期：")),
            copies,
            unverified,
        };
        let text = Style::song(12.0).leading(7.4);
        let by = if agent.is_some() { "代理人" } else { "申请人" };
        let confirmed = format!("{by}于{}撤回上列事项的申请，现予确认。", moment(*withdrawn_at));
        let words = [confirmed.as_str(), statement.trim()].join("\n");
        flow.paragraph_before(words.trim_end(), &text.prose(), ending.room());
        ending.place(&mut flow, &Style::song(12.0), 5.0);
        flow.finish(&running(&format!("{hall}　{}", self.title()), case_number_spoken, *specimen))
    }
}
