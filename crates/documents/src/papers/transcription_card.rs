use jiff::civil::DateTime;

use super::closing::recipient_line;
use super::dates::moment;
use super::opening::{form_head, form_title, running};
use super::tables::Facts;
use crate::layout::{Cell, Flow, Ink, Page, Row, Sheet, Style, fitted};
use crate::{Fonts, Layout, Paper};

/// What somebody types into the system of a department that cannot be reached (转录卡), in the order of its screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptionCard {
    /// Name of the hall.
    pub hall: String,
    /// The department, or its system, into which it is typed.
    pub department: String,
    /// The short number of the case, digits only; it becomes the bar code.
    pub number: String,
    /// The same number in groups, as it is said aloud.
    pub number_spoken: String,
    /// What is applied for.
    pub item: String,
    /// Full name of the applicant.
    pub applicant: String,
    /// The fields of the department's screen, in order.
    pub fields: Vec<TranscriptionField>,
    /// When it was printed, on the clock of the hall.
    pub printed_at: DateTime,
    /// Whether this is a paper of the demo hall.
    pub specimen: bool,
}

/// A field on the screen of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptionField {
    /// What stands before it on the screen.
    pub label: String,
    /// What it is called there, such as JYCS; may be empty.
    pub name: String,
    /// What is to be typed.
    pub value: String,
}

impl Paper for TranscriptionCard {
    fn title(&self) -> &str {
        "转录卡"
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn layout(&self, fonts: &Fonts) -> Layout {
        Layout {
            title: self.title().to_owned(),
            number: self.number.clone(),
            author: self.hall.clone(),
            issued_at: self.printed_at,
            pages: fitted(|density| self.pages(fonts, density)),
        }
    }
}

impl TranscriptionCard {
    fn pages(&self, fonts: &Fonts, density: f32) -> Vec<Page> {
        let Self { hall, department, number, number_spoken, item, applicant, fields, printed_at, specimen } = self;
        let mut flow = Flow::new(fonts, Sheet::FORM).with_density(density);

        form_head(&mut flow, hall, department, (number, number_spoken));
        form_title(&mut flow, self.title(), "");
        Facts::new(flow.sheet, 26.0)
            .case(number_spoken, ("打印时间", &moment(*printed_at)))
            .pair(("申请人", applicant), ("录入部门", department))
            .whole("申办事项", item)
            .place(&mut flow);

        flow.space(5.0);
        let mut rows: Vec<Row> = (1..).zip(fields).map(|(n, field)| row(n, field, &flow)).collect();
        if rows.is_empty() {
            rows.push(Row::new([Cell::value("", flow.sheet.text_width(), 10.5).centred()]));
        }
        let value = value_width(&flow);
        let heading = Row::new([
            Cell::label("序号", SERIAL, 10.5),
            Cell::label("栏目", LABEL, 10.5),
            Cell::label("字段", NAME, 10.5),
            Cell::label("录入内容", value, 10.5),
            Cell::label("已录", TICK, 10.5),
        ]);
        flow.titled_table(("请按顺序录入，录入一项勾选一项", 1.5), Some(&heading), &rows);
        flow.space(4.0);
        recipient_line(&mut flow, "录入人签字：", "录入日期：");
        flow.finish(&running(&format!("{}　{applicant}", self.title()), number_spoken, *specimen))
    }
}

const SERIAL: f32 = 12.0;
const LABEL: f32 = 36.0;
const NAME: f32 = 24.0;
const TICK: f32 = 13.0;

fn value_width(flow: &Flow<'_>) -> f32 {
    flow.sheet.text_width() - SERIAL - LABEL - NAME - TICK
}

fn row(n: usize, field: &TranscriptionField, flow: &Flow<'_>) -> Row {
    let TranscriptionField { label, name, value } = field;
    let width = value_width(flow);
    let typed = if value.trim().is_empty() {
        // 无 would be typed.
        Cell::value("（空着，不录）", width, 10.5).with_style(Style::song(10.5).ink(Ink::Grey))
    } else {
        Cell::value(value, width, 0.0).with_style(legible(value, width - 4.0, flow))
    };
    let name = if name.is_empty() { Cell::blank(NAME) } else { Cell::value(name, NAME, 9.0) };
    Row::new([
        Cell::value(&n.to_string(), SERIAL, 10.5).centred(),
        Cell::value(label, LABEL, 10.5).with_style(Style::hei(10.5)),
        name,
        typed,
        Cell::value("□", TICK, 18.0).centred(),
    ])
    .at_least(11.0)
}

/// Large type: for numbers 黑, whose digits are all as wide, and for everything else 宋, in which I, l and 1 differ. What has
/// no place to be broken at is set smaller rather than broken.
fn legible(value: &str, room: f32, flow: &Flow<'_>) -> Style {
    const SIZES: [f32; 3] = [16.0, 14.0, 12.0];
    let plain = |c: char| c.is_ascii_digit() || "-.: ".contains(c) || (c.is_ascii_uppercase() && !"IO".contains(c));
    let style = if value.chars().all(plain) { Style::hei } else { Style::song };
    let styles = SIZES.map(style);
    let whole = value.is_ascii() && !value.contains(' ');
    let fits = |style: &Style| !whole || flow.width(value, style) <= room;
    styles.into_iter().find(fits).unwrap_or(styles[0])
}
