//! What a result says, line by line, without the lines of a table.

use jiff::civil::Date;

use super::dates::validity;
use crate::layout::{Flow, Style};

/// A line of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    /// Such as 经营者名称.
    pub label: String,
    /// Such as the name.
    pub value: String,
}

/// How long a result is valid, as a line of it.
pub(super) fn validity_row(from: Date, until: Option<Date>) -> CertificateRow {
    CertificateRow { label: "有效期限".into(), value: validity(from, until) }
}

/// Labels in a column as wide as the widest of them, and values beside them.
pub(super) struct Rows<'a> {
    rows: &'a [&'a CertificateRow],
    label: Style,
    value: Style,
    left: f32,
    label_width: f32,
    value_width: f32,
    gap: f32,
}

impl<'a> Rows<'a> {
    /// Rows in a column of its own.
    pub(super) fn new(
        flow: &Flow<'_>,
        rows: &'a [&'a CertificateRow],
        (label, value): (Style, Style),
        (left, column): (f32, f32),
    ) -> Self {
        let widest = rows.iter().map(|row| flow.width(&row.label, &label)).fold(0.0, f32::max);
        let label_width = (widest + 6.0).min(column / 2.0);
        let value_width = column - label_width;
        let gap = value.size * 0.28;
        Self { rows, label, value, left, label_width, value_width, gap }
    }

    /// The same with other space between them.
    pub(super) fn with_gap(self, gap: f32) -> Self {
        Self { gap, ..self }
    }

    pub(super) fn height(&self, flow: &Flow<'_>) -> f32 {
        self.rows.iter().map(|row| self.height_of(flow, row)).sum()
    }

    fn height_of(&self, flow: &Flow<'_>, row: &CertificateRow) -> f32 {
        let lines = flow.count_lines(&row.value, self.value_width, &self.value);
        let labels = flow.count_lines(&row.label, self.label_width, &self.label);
        lines.max(labels) as f32 * self.value.leading + self.gap
    }

    /// Puts them on the page, and goes to the next one when fewer than `reserve` millimetres would be left.
    pub(super) fn place(&self, flow: &mut Flow<'_>, reserve: f32) {
        for row in self.rows {
            self.place_one(flow, row, reserve);
        }
    }

    /// Puts them on the page, the last one together with the `reserve` millimetres after it.
    pub(super) fn place_before(&self, flow: &mut Flow<'_>, reserve: f32) {
        if let Some((last, others)) = self.rows.split_last() {
            others.iter().for_each(|row| self.place_one(flow, row, 0.0));
            flow.ensure(self.height_of(flow, last) + reserve);
            self.place_one(flow, last, 0.0);
        }
    }

    fn place_one(&self, flow: &mut Flow<'_>, CertificateRow { label, value }: &CertificateRow, reserve: f32) {
        let value = if value.trim().is_empty() { "无" } else { value };
        flow.ensure(self.value.leading + reserve);
        let named = flow.block(label, (self.left, flow.y), self.label_width, &self.label) + flow.y;
        let page = flow.page_count();
        flow.running_block(value, self.left + self.label_width, self.value_width, &self.value, reserve);
        if flow.page_count() == page {
            flow.y = flow.y.max(named);
        }
        flow.space(self.gap);
    }
}
