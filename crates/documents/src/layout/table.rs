//! Tables with wrapped cells. Rows break across pages when they must, and the heading is repeated.

use super::flow::{Align, Flow, Style};
use super::{Placed, Text};

const PADDING: f32 = 2.0;

/// A cell of a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) width: f32,
    pub(crate) style: Style,
    pub(crate) shaded: bool,
}

impl Cell {
    /// The name of what stands in the next cell.
    pub(crate) fn label(text: &str, width: f32, size: f32) -> Self {
        let style = Style::hei(size).align(Align::Centre);
        Self { text: text.to_owned(), width, style, shaded: true }
    }

    /// A value; 无 if there is none.
    pub(crate) fn value(text: &str, width: f32, size: f32) -> Self {
        let text = if text.trim().is_empty() { "无" } else { text };
        Self { text: text.to_owned(), width, style: Style::song(size), shaded: false }
    }

    /// Room to write in.
    pub(crate) fn blank(width: f32) -> Self {
        Self { text: String::new(), width, style: Style::song(9.0), shaded: false }
    }

    pub(crate) fn centred(self) -> Self {
        Self { style: self.style.align(Align::Centre), ..self }
    }

    pub(crate) fn with_style(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

/// A row of a table, as high as its highest cell and at least `least`.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    pub(crate) least: f32,
}

impl Row {
    pub(crate) fn new(cells: impl Into<Vec<Cell>>) -> Self {
        Self { cells: cells.into(), least: 8.0 }
    }

    pub(crate) fn at_least(self, least: f32) -> Self {
        Self { least, ..self }
    }
}

/// What of a row is still to be placed.
struct Rest {
    cells: Vec<(Cell, Vec<Text>)>,
    least: f32,
}

impl Rest {
    fn height(&self) -> f32 {
        let heights = self.cells.iter().map(|(cell, lines)| lines.len() as f32 * cell.style.leading);
        (heights.fold(0.0, f32::max) + PADDING).max(self.least)
    }

    /// The part that fits into a height, taken off; nothing when not even one line fits.
    fn split(&mut self, height: f32) -> Option<Self> {
        let fitting = |style: &Style| ((height - PADDING) / style.leading).max(0.0) as usize;
        if self.cells.iter().any(|(cell, _)| fitting(&cell.style) == 0) {
            return None;
        }
        let cells = self.cells.iter_mut().map(|(cell, lines)| {
            let rest = lines.split_off(fitting(&cell.style).min(lines.len()));
            (cell.clone(), std::mem::replace(lines, rest))
        });
        Some(Self { cells: cells.collect(), least: self.least })
    }
}

impl Flow<'_> {
    /// A table at the left margin. The heading, if there is one, is repeated on each page.
    pub(crate) fn table(&mut self, heading: Option<&Row>, rows: &[Row]) {
        self.ensure(self.start(heading, rows));
        if let Some(heading) = heading {
            self.whole_row(heading);
        }
        for row in rows {
            self.row(heading, row);
        }
    }

    /// A table under a title, which stays with its first row.
    pub(crate) fn titled_table(&mut self, (title, gap): (&str, f32), heading: Option<&Row>, rows: &[Row]) {
        let style = Style::hei(12.0);
        let above = (style.leading + gap) * self.density();
        self.ensure(above + self.start(heading, rows));
        self.paragraph(title, &style);
        self.space(gap);
        self.table(heading, rows);
    }

    /// A row that is not broken. Gives its upper edge.
    pub(crate) fn lone_row(&mut self, row: &Row) -> f32 {
        let measured = self.measured(row);
        self.ensure(measured.height());
        let top = self.y;
        self.draw(&measured);
        top
    }

    /// How high a row is.
    pub(crate) fn row_height(&self, row: &Row) -> f32 {
        self.measured(row).height()
    }

    /// What of a table must fit under what stands above it.
    fn start(&self, heading: Option<&Row>, rows: &[Row]) -> f32 {
        let first = rows.first().map_or(0.0, |row| self.measured(row).height());
        let head = heading.map_or(0.0, |row| self.measured(row).height());
        (head + first).min(head + 20.0)
    }

    fn row(&mut self, heading: Option<&Row>, row: &Row) {
        let mut rest = self.measured(row);
        while rest.height() > self.room() {
            // A row is only cut when it is long; a short one goes to the next page whole.
            let long = rest.height() > self.whole_page() / 3.0;
            if let Some(part) = long.then(|| rest.split(self.room())).flatten() {
                self.draw(&part);
            }
            self.next_page();
            if let Some(heading) = heading {
                self.whole_row(heading);
            }
        }
        self.draw(&rest);
    }

    fn whole_row(&mut self, row: &Row) {
        let measured = self.measured(row);
        self.draw(&measured);
    }

    fn measured(&self, row: &Row) -> Rest {
        let mut left = self.sheet.left;
        let cells = row.cells.iter().map(|cell| {
            let cell = cell.clone().with_style(self.dense(&cell.style));
            let room = cell.width - 2.0 * PADDING;
            let lines = self.lines(&cell.text, left + PADDING, room, &cell.style);
            left += cell.width;
            (cell, lines)
        });
        Rest { cells: cells.collect(), least: row.least * self.density() }
    }

    fn draw(&mut self, rest: &Rest) {
        let height = rest.height();
        let top = self.y;
        let mut left = self.sheet.left;
        for (cell, lines) in &rest.cells {
            let (width, shaded) = (cell.width, cell.shaded);
            self.place(Placed::Cell { left, top, width, height, shaded });
            let text_height = lines.len() as f32 * cell.style.leading;
            let mut y = top + (height - text_height) / 2.0;
            for line in lines {
                let baseline = y + cell.style.baseline();
                if !line.text.is_empty() {
                    self.place(Placed::Text(Text { at: (line.at.0, baseline), ..line.clone() }));
                }
                y += cell.style.leading;
            }
            left += width;
        }
        self.y += height;
    }
}
