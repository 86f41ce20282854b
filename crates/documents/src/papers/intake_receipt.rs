use jiff::civil::DateTime;

use super::{
    Material, captioned_qr, copies_note, day, material_table, moment, recipient_line, signing_room, unverified_note,
};
use crate::layout::{Align, Cell, Flow, Page, Placed, Row, Running, Sheet, Signature, Style, fitted};
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
        Layout {
            title: self.title().to_owned(),
            number: self.number.clone(),
            author: self.hall.clone(),
            issued_at: self.received_at,
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

impl IntakeReceipt {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            hall,
            window,
            receipt_number,
            number,
            number_spoken,
            progress_url,
            applicant,
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

        head(&mut flow, hall, window, (number, number_spoken));
        flow.paragraph(self.title(), &Style::hei(22.0).align(Align::Centre));
        flow.space(2.0);
        flow.paragraph(receipt_number, &Style::song(10.5).align(Align::Right));
        flow.space(2.0);

        let size = 10.5;
        let (label, half) = (26.0, 61.0);
        flow.table(
            None,
            &[
                Row::new([
                    Cell::label("办件编号", label, size),
                    Cell::value(number_spoken, half, size).with_style(Style::hei(12.0)),
                    Cell::label("收件时间", label, size),
                    Cell::value(&moment(*received_at), half, size),
                ]),
                Row::new([
                    Cell::label("申请人", label, size),
                    Cell::value(applicant, half, size),
                    Cell::label("证件号码", label, size),
                    Cell::value(applicant_id, half, size),
                ]),
                Row::new([
                    Cell::label("联系电话", label, size),
                    Cell::value(phone, half, size),
                    Cell::label("收件窗口", label, size),
                    Cell::value(window, half, size),
                ]),
                Row::new([
                    Cell::label("申办事项", label, size),
                    Cell::value(item, half, size),
                    Cell::label("收件人", label, size),
                    Cell::value(clerk, half, size),
                ]),
            ],
        );

        flow.space(5.0);
        flow.ensure(24.0);
        flow.paragraph("收到材料清单", &Style::hei(12.0));
        flow.space(1.5);
        material_table(&mut flow, materials, size);
        let total: u64 = materials.iter().map(|material| u64::from(material.copies)).sum();
        flow.space(1.0);
        let sum = format!("以上材料共 {} 种 {total} 份。", materials.len());
        flow.paragraph(&sum, &Style::song(size));

        flow.space(3.0);
        let prose = Style::song(12.0).leading(7.4).prose();
        flow.paragraph_before(statement, &prose, signing_room(copies));
        let beside = (flow.sheet.left + 12.0, flow.y + 5.0);
        captioned_qr(&mut flow, beside, progress_url, "扫码查询办理进度");
        let date = day(received_at.date());
        let signature = Signature { issuer: hall, date: &date, seal: seal.as_ref(), widest: 100.0 };
        flow.signature(&signature, &Style::song(12.0));
        recipient_line(&mut flow, "申请人（代理人）签字：", "日期：");

        copies_note(&mut flow, copies);
        unverified_note(&mut flow, unverified);
        let header = format!("{hall}　{}　{number_spoken}", self.title());
        let running = Running { header, specimen: *specimen, numbered: true };
        flow.finish(&running)
    }
}

/// The hall and window at the left, the number as bar code at the right.
fn head(flow: &mut Flow<'_>, hall: &str, window: &str, (number, spoken): (&str, &str)) {
    const BARS: f32 = 46.125;
    let (left, top) = (flow.sheet.left, flow.sheet.top);
    let right = flow.sheet.width - flow.sheet.right;
    let room = right - BARS - 10.0 - left;
    let named = flow.block(hall, (left, top), room, &Style::hei(14.0));
    let beneath = flow.block(window, (left, top + named), room, &Style::song(10.5));
    let bars = right - BARS;
    flow.place(Placed::Barcode { left: bars, top, width: BARS, height: 11.0, digits: number.to_owned() });
    let spoken_height =
        flow.block(spoken, (bars - 5.0, top + 11.5), BARS + 10.0, &Style::song(10.5).align(Align::Centre));
    flow.y = top + (named + beneath).max(11.5 + spoken_height) + 4.0;
}
