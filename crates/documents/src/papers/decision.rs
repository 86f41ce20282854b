use jiff::civil::{Date, Time};

use super::{RECIPIENT, copies_note, day, recipient_block, signing_room, unverified_note};
use crate::layout::{Align, Flow, Page, Running, Sheet, Signature, Style, fitted};
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
        let text = TEXT;

        flow.paragraph(authority, &Style::hei(18.0).align(Align::Centre));
        flow.paragraph(self.title(), &Style::hei(22.0).align(Align::Centre));
        flow.space(2.0);
        flow.paragraph(number, &text.align(Align::Right));
        flow.space(2.0);

        let addressee = match applicant_id.as_str() {
            "" => format!("{applicant}："),
            id => format!("{applicant}（{id}）："),
        };
        flow.paragraph(&addressee, &text);
        let opening =
            format!("你（单位）于{}向本机关提出“{item}”申请，本机关已依法受理并进行了审查。", day(*applied_on));
        flow.paragraph(&opening, &text.prose());

        let (found, why) = match outcome {
            Outcome::Granted => ("一、审查情况", "二、理由".to_owned()),
            Outcome::Denied => ("一、查明的事实", format!("二、{ruling}的理由")),
        };
        section(&mut flow, found, facts);
        section(&mut flow, &why, reason);
        let ground = if basis.is_empty() { String::new() } else { format!("根据{basis}，") };
        let decision = match outcome {
            Outcome::Granted => {
                let content = or_none(content);
                format!("{ground}本机关决定：{ruling}。内容如下：\n{content}")
            }
            Outcome::Denied => format!("{ground}本机关决定：{ruling}。"),
        };
        section(&mut flow, "三、决定内容", &decision);
        closing(&mut flow, "四、救济途径", or_none(remedies), signing_room(copies) - RECIPIENT);

        let beside = (flow.sheet.left, flow.y + 20.0);
        recipient_block(&mut flow, beside, "申请人（代理人）签收：", "签收时间：");
        let signature = Signature { issuer: authority, date: &day(*decided_on), seal: Some(seal), widest: 76.0 };
        flow.signature(&signature, &text);
        copies_note(&mut flow, copies);
        unverified_note(&mut flow, unverified);
        let header = format!("{}　{number}", self.title());
        let running = Running { header, specimen: *specimen, numbered: true };
        flow.finish(&running)
    }
}

const TEXT: Style = Style::song(14.0).leading(8.6);

fn section(flow: &mut Flow<'_>, title: &str, text: &str) {
    heading(flow, title);
    flow.paragraph(or_none(text.trim_matches('\n')), &TEXT.prose());
}

/// A heading with room for two lines under it.
fn heading(flow: &mut Flow<'_>, title: &str) {
    flow.ensure(3.0 * TEXT.leading);
    let style = Style { indent: 2.0, ..Style::hei(TEXT.size).leading(TEXT.leading) };
    flow.paragraph(title, &style);
}

/// The last section, whose heading goes along when its text moves to the page of the seal.
fn closing(flow: &mut Flow<'_>, title: &str, text: &str, reserve: f32) {
    let lines = flow.count_lines(text, flow.sheet.text_width(), &TEXT.prose());
    if lines <= 3 {
        flow.ensure((lines as f32 + 1.0) * TEXT.leading + reserve);
    }
    heading(flow, title);
    flow.paragraph_before(text, &TEXT.prose(), reserve);
}

fn or_none(text: &str) -> &str {
    if text.trim().is_empty() { "无。" } else { text }
}
