use jiff::civil::{Date, DateTime, Time};

use super::Original;
use super::closing::Ending;
use super::dates::{BLANK, moment};
use super::opening::{form_head, form_title, running};
use super::tables::{Column, Facts, SIZE, list, original_list};
use crate::layout::{Align, Cell, Flow, Page, Placed, Row, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper, Seal};

/// What proves that documents were served (送达回证).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryProof {
    /// The organ whose documents they are (送达机关).
    pub authority: String,
    /// The hall where they are handed over; may be empty.
    pub hall: String,
    /// Number of the proof (文号).
    pub number: String,
    /// The short number of the case, digits only; it becomes the bar code.
    pub case_number: String,
    /// The same number in groups, as it is said aloud.
    pub case_number_spoken: String,
    /// What is served.
    pub documents: Vec<DeliveredDocument>,
    /// Whom it is for (受送达人).
    pub addressee: String,
    /// Where (送达地点).
    pub place: String,
    /// How (送达方式), such as 直接送达 or 邮寄送达.
    pub way: String,
    /// When it arrived; without a moment there is a blank for it.
    pub delivered_at: Option<DateTime>,
    /// How it was sent, if it was.
    pub posting: Option<Posting>,
    /// Who took it; without one there are blanks.
    pub collector: Option<Collector>,
    /// The originals that are given back with it.
    pub originals: Vec<Original>,
    /// The signature of who took it, as PNG; without one there is a blank.
    pub signature: Option<Vec<u8>>,
    /// Who handed it over (送达人).
    pub deliverer: String,
    /// What else is to be put down, such as why somebody else took it, or who saw it refused; may be empty.
    pub note: String,
    /// The seal of the organ, if it is put on proofs.
    pub seal: Option<Seal>,
    /// Date of the proof.
    pub issued_on: Date,
    /// How many copies there are and who keeps them; may be empty.
    pub copies: String,
    /// What of this has not been checked against its source.
    pub unverified: Vec<String>,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

/// A document that is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredDocument {
    /// Such as 准予行政许可决定书.
    pub title: String,
    /// Its number.
    pub number: String,
    /// How many.
    pub copies: u32,
}

/// Who takes what is served (收件人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// Full name.
    pub name: String,
    /// Masked number of the identity document.
    pub id: String,
    /// What they are to whom it is for, such as 本人 or 代理人.
    pub relation: String,
    /// By which paper they may take it, such as 授权委托书（2026年3月1日）; may be empty.
    pub authority: String,
}

/// How something was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Who carries it, such as 中国邮政.
    pub carrier: String,
    /// The number by which it can be traced.
    pub tracking_number: String,
    /// When it was handed to them.
    pub posted_at: DateTime,
}

impl Paper for DeliveryProof {
    fn title(&self) -> &str {
        "送达回证"
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
const LABEL: f32 = 32.0;

impl DeliveryProof {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self {
            authority,
            hall,
            number,
            case_number,
            case_number_spoken,
            documents,
            addressee,
            place,
            way,
            delivered_at,
            posting,
            collector,
            originals,
            signature,
            deliverer,
            note,
            seal,
            issued_on,
            copies,
            unverified,
            specimen,
        } = self;
        let mut flow = Flow::new(fonts, Sheet::FORM).with_density(density);

        form_head(&mut flow, authority, hall, (case_number, case_number_spoken));
        form_title(&mut flow, self.title(), number);
        let delivered = delivered_at.map_or_else(|| BLANK.to_owned(), moment);
        let facts = Facts::new(flow.sheet, LABEL)
            .case(case_number_spoken, ("送达人", deliverer))
            .whole("受送达人", addressee)
            .whole("送达地点", place)
            .pair(("送达方式", way), ("送达时间", &delivered));
        let facts = match posting {
            Some(Posting { carrier, tracking_number, posted_at }) => {
                facts.pair(("寄递企业", carrier), ("交寄时间", &moment(*posted_at))).whole("邮件号码", tracking_number)
            }
            None => facts,
        };
        let facts = match collector {
            Some(Collector { name, id, relation, authority }) => facts
                .pair(("收件人", name), ("与受送达人关系", relation))
                .whole("证件号码", id)
                .whole_if_any("代理权限", authority),
            None => facts.blanks("收件人", "与受送达人关系").blanks("证件号码", "代理权限"),
        };
        facts.place(&mut flow);

        flow.space(4.0);
        let columns = [Column::rest("文书名称"), Column::words("文号", 58.0), Column::short("份数", 16.0)];
        let entries = documents.iter().map(|document| {
            let DeliveredDocument { title, number, copies } = document;
            [title.clone(), number.clone(), copies.to_string()]
        });
        list(&mut flow, ("送达文书", 1.5), columns, entries);
        if !originals.is_empty() {
            flow.space(4.0);
            original_list(&mut flow, ("随同退还的原件", 1.5), originals);
        }

        flow.space(4.0);
        Facts::new(flow.sheet, LABEL).whole_if_any("备注", note).place(&mut flow);
        let ending = Ending {
            issuer: authority,
            date: *issued_on,
            seal: seal.as_ref(),
            code: ("", ""),
            recipient: None,
            copies,
            unverified,
        };
        sign(&mut flow, signature.as_deref(), *delivered_at, ending.room());
        flow.space(2.0);
        ending.place(&mut flow, &Style::song(12.0), 0.0);
        flow.finish(&running(&format!("{authority}　{}", self.title()), number, *specimen))
    }
}

/// Where who takes it signs, on the page of the seal.
fn sign(flow: &mut Flow<'_>, signature: Option<&[u8]>, at: Option<DateTime>, reserve: f32) {
    const HEIGHT: f32 = 26.0;
    let (left, width) = (flow.sheet.left + LABEL, flow.sheet.text_width() - LABEL);
    let cells = [Cell::label("收件人签名\n或者盖章", LABEL, SIZE), Cell::blank(width)];
    let row = Row::new(cells).at_least(HEIGHT);
    flow.ensure(flow.row_height(&row) + 2.0 + reserve);
    let top = flow.lone_row(&row);
    let bottom = flow.y;
    if let Some(png) = signature {
        let (top, height) = (top + 2.0, bottom - top - 4.0);
        flow.place(Placed::Picture { left: left + 4.0, top, width: 76.0, height, png: png.to_vec() });
    }
    let style = Style::song(SIZE).align(Align::Right);
    let date = at.filter(|_| signature.is_some()).map_or_else(|| BLANK.to_owned(), moment);
    flow.block(&date, (left, bottom - style.leading - 1.5), width - 4.0, &style);
}
