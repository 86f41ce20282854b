//! The tables that papers have in common.

use super::{Material, Original};
use crate::layout::{Cell, Flow, Row, Sheet, Style};

/// The size of the type in tables.
pub(super) const SIZE: f32 = 10.5;

/// What there is to say, in labels and values: two to a row, or one over the whole width.
pub(super) struct Facts {
    label: f32,
    half: f32,
    rows: Vec<Row>,
}

impl Facts {
    /// A table as wide as the text of a sheet, with labels of a width.
    pub(super) fn new(sheet: Sheet, label: f32) -> Self {
        Self { label, half: sheet.text_width() / 2.0 - label, rows: Vec::new() }
    }

    pub(super) fn pair(mut self, (left, value): (&str, &str), (right, other): (&str, &str)) -> Self {
        let (label, half) = (self.label, self.half);
        self.rows.push(Row::new([
            Cell::label(left, label, SIZE),
            Cell::value(value, half, SIZE),
            Cell::label(right, label, SIZE),
            Cell::value(other, half, SIZE),
        ]));
        self
    }

    /// Two labels with room to write in.
    pub(super) fn blanks(self, left: &str, right: &str) -> Self {
        let mut facts = self.pair((left, ""), (right, ""));
        for cell in facts.rows.last_mut().into_iter().flat_map(|row| &mut row.cells).filter(|cell| !cell.shaded) {
            cell.text.clear();
        }
        facts
    }

    /// The number of the case as it is said aloud, in larger type, and another fact beside it.
    pub(super) fn case(self, spoken: &str, other: (&str, &str)) -> Self {
        self.pair(("办件编号", spoken), other).stressed()
    }

    pub(super) fn whole(mut self, label: &str, value: &str) -> Self {
        let width = 2.0 * self.half + self.label;
        self.rows.push(Row::new([Cell::label(label, self.label, SIZE), Cell::value(value, width, SIZE)]));
        self
    }

    /// The same as [`Facts::whole`], if there is something to say.
    pub(super) fn whole_if_any(self, label: &str, value: &str) -> Self {
        if value.trim().is_empty() { self } else { self.whole(label, value) }
    }

    /// The first value of the last row in larger type.
    pub(super) fn stressed(mut self) -> Self {
        if let Some(value) = self.rows.last_mut().and_then(|row| row.cells.get_mut(1)) {
            value.style = Style::hei(12.0);
        }
        self
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn place(&self, flow: &mut Flow<'_>) {
        flow.table(None, &self.rows);
    }
}

/// A column of a [`list`].
pub(super) struct Column {
    heading: &'static str,
    width: f32,
    centred: bool,
}

impl Column {
    /// For words. A column without width takes what the others leave.
    pub(super) const fn words(heading: &'static str, width: f32) -> Self {
        Self { heading, width, centred: false }
    }

    /// What the other columns leave, for words.
    pub(super) const fn rest(heading: &'static str) -> Self {
        Self::words(heading, 0.0)
    }

    /// For what is short.
    pub(super) const fn short(heading: &'static str, width: f32) -> Self {
        Self { heading, width, centred: true }
    }
}

/// A numbered list under a title, if it has one, over the whole width; 无 if nothing is on it.
pub(super) fn list<const N: usize>(
    flow: &mut Flow<'_>,
    title: (&str, f32),
    columns: [Column; N],
    entries: impl Iterator<Item = [String; N]>,
) {
    list_in(flow, SIZE, title, columns, entries);
}

/// The same in type of another size.
pub(super) fn list_in<const N: usize>(
    flow: &mut Flow<'_>,
    size: f32,
    title: (&str, f32),
    columns: [Column; N],
    entries: impl Iterator<Item = [String; N]>,
) {
    let serial = size * 4.0 / 3.0;
    let whole = flow.sheet.text_width();
    let rest = whole - serial - columns.iter().map(|column| column.width).sum::<f32>();
    let columns =
        columns.map(|column| Column { width: if column.width > 0.0 { column.width } else { rest }, ..column });
    let labels = columns.iter().map(|column| Cell::label(column.heading, column.width, size));
    let heading = Row::new(std::iter::once(Cell::label("序号", serial, size)).chain(labels).collect::<Vec<_>>());
    let row = |(n, entry): (usize, [String; N])| {
        let values = columns.iter().zip(entry).map(|(column, value)| {
            let cell = Cell::value(&value, column.width, size);
            if column.centred { cell.centred() } else { cell }
        });
        let serial = Cell::value(&n.to_string(), serial, size).centred();
        Row::new(std::iter::once(serial).chain(values).collect::<Vec<_>>())
    };
    let mut rows: Vec<Row> = (1..).zip(entries).map(row).collect();
    if rows.is_empty() {
        rows.push(Row::new([Cell::value("", whole, size).centred()]));
    }
    if title.0.is_empty() {
        flow.table(Some(&heading), &rows);
    } else {
        flow.titled_table(title, Some(&heading), &rows);
    }
}

/// The list of materials that were handed in.
pub(super) fn material_list(flow: &mut Flow<'_>, title: (&str, f32), materials: &[Material]) {
    let columns = [Column::rest("材料名称"), Column::short("份数", 16.0), Column::short("形式", 32.0)];
    let entries = materials.iter().map(|material| {
        let Material { name, copies, form } = material;
        [name.clone(), copies.to_string(), form.word().to_owned()]
    });
    list(flow, title, columns, entries);
}

/// The list of originals and what becomes of each.
pub(super) fn original_list(flow: &mut Flow<'_>, title: (&str, f32), originals: &[Original]) {
    let columns = [Column::rest("原件名称"), Column::short("份数", 16.0), Column::short("去向", 32.0)];
    let entries = originals.iter().map(|original| {
        let Original { name, copies, fate } = original;
        [name.clone(), copies.to_string(), fate.word().to_owned()]
    });
    list(flow, title, columns, entries);
}
