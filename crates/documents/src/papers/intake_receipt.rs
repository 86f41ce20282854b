use jiff::civil::DateTime;

use super::Material;
use super::closing::Ending;
use super::dates::moment;
use super::opening::{form_head, form_title, running};
use super::tables::{Facts, SIZE, material_list};
use crate::layout::{Flow, Page, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// What the hall gives for materials that it has taken (收件凭证).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeReceipt {
    /// Name of the hall.
    pub hall: String,
    /// Name of the window.
    pub window: String,
    /// Number of the receipt itself (文号).
    pub receipt_number: String,
    /// The short number of the case, digits only; it becomes the bar code.
    pub number: String,
    /// The same number in groups, as it is said aloud.
    pub number_spoken: String,
    /// The address in the QR code, where the applicant sees how the case stands.
    pub progress_url: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// Full name of who acts for the applicant (代理人), where somebody does.
    pub agent: Option<String>,
    /// Masked number of the applicant's identity document.
    pub applicant_id: String,
    /// Masked phone number of the applicant.
    pub phone: String,
    /// What is applied for.
    pub item: String,
    /// What was handed in.
    pub materials: Vec<Material>,
    /// When, on the clock of the hall.
    pub received_at: DateTime,
    /// What follows if the applicant hears nothing within the time of the law.
    pub statement: String,
    /// Name of the clerk.
    pub clerk: String,
    /// The seal for receipts, if the hall has one.
    pub seal: Option<Seal>,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

impl Paper for IntakeReceipt {
    fn title(&self) -> &str {
        "收件凭证"
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        self.file(fitted(|density| self.pages(fonts, density, self.title(), None)))
    }
}

impl IntakeReceipt {
    pub(super) fn file(&self, pages: Vec<Page>) -> Layout {
        Layout {
            title: self.title().to_owned(),
            number: self.number.clone(),
            author: self.hall.clone(),
            issued_at: self.received_at,
            pages,
        }
    }

    /// The pages under a title, with the number of the notice that was answered, if it was one.
    pub(super) fn pages(&self, fonts: &Fonts, density: f32, title: &str, answers: Option<&str>) -> Vec<Page> {
        let Self {
            hall,
            window,
            receipt_number,
            number,
            number_spoken,
            progress_url,
            applicant,
            agent,
            applicant_id,
            phone,
            item,
            materials,
            received_at,
            statement,
            clerk,
            seal,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::FORM).with_density(density);

        form_head(&mut flow, hall, window, (number, number_spoken));
        form_title(&mut flow, title, receipt_number);
        let facts = Facts::new(flow.sheet, 26.0)
            .case(number_spoken, ("收件时间", &moment(*received_at)))
            .pair(("申请人", applicant), ("证件号码", applicant_id))
            .pair(("联系电话", phone), ("收件窗口", window))
            .pair(("申办事项", item), ("收件人", clerk))
            .whole_if_any("代理人", agent.as_deref().unwrap_or_default());
        facts.whole_if_any("补正告知书", answers.unwrap_or_default()).place(&mut flow);

        flow.space(5.0);
        match answers {
            Some(notice) if materials.is_empty() => {
                let words = format!("本次没有新交材料；{notice}所列问题已在窗口当场补正，并经核对。");
                flow.paragraph(&words, &Style::song(12.0).leading(7.4).prose());
            }
            _ => {
                material_list(&mut flow, ("收到材料清单", 1.5), materials);
                let total: u64 = materials.iter().map(|material| u64::from(material.copies)).sum();
                flow.space(1.0);
                let sum = format!("以上材料共 {} 种 {total} 份。", materials.len());
                flow.paragraph(&sum, &Style::song(SIZE));
            }
        }

        flow.space(3.0);
        let ending = Ending {
            issuer: hall,
            date: received_at.date(),
            seal: seal.as_ref(),
            code: (progress_url, "扫码查询办理进度"),
            recipient: Some(("申请人（代理人）签字：", "日期：")),
            copies,
            unverified,
        };
        flow.paragraph_before(statement, &Style::song(12.0).leading(7.4).prose(), ending.room());
        ending.place(&mut flow, &Style::song(12.0), 5.0);
        flow.finish(&running(&format!("{hall}　{title}"), number_spoken, *specimen))
    }
}
