//! Text that runs from the top of a page to its bottom and on to the next.

use super::wrap::{WIDEST_SPACING, wrap};
use super::{Ink, POINT, Page, Placed, Text};
use crate::text::on_one_line;
use crate::{Face, Fonts, Seal, seal};

/// A sheet of paper and the margins of its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// From the lower edge to the baseline of the footer.
    pub(crate) edge: f32,
}

impl Sheet {
    /// A4 upright with the side margins of an official document (GB/T 9704).
    pub(crate) const LETTER: Self =
        Self { width: 210.0, height: 297.0, top: 25.0, bottom: 23.0, left: 28.0, right: 26.0, edge: 15.0 };
    /// A4 upright with the narrower margins of a form.
    pub(crate) const FORM: Self = Self { top: 18.0, bottom: 22.0, left: 18.0, right: 18.0, ..Self::LETTER };
    /// A4 upright, inside a border.
    pub(crate) const FRAMED: Self =
        Self { top: 28.0, bottom: 26.0, left: 26.0, right: 26.0, edge: 20.5, ..Self::LETTER };
    /// A4 on its side, inside a border.
    pub(crate) const LANDSCAPE: Self =
        Self { width: 297.0, height: 210.0, top: 28.0, bottom: 25.0, left: 34.0, right: 34.0, edge: 20.5 };

    pub(crate) fn text_width(&self) -> f32 {
        self.width - self.left - self.right
    }

    fn floor(&self) -> f32 {
        self.height - self.bottom
    }
}

/// Which edge of its place a text keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
    Justified,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) face: Face,
    /// In points.
    pub(crate) size: f32,
    /// From line to line, in millimetres.
    pub(crate) leading: f32,
    pub(crate) align: Align,
    /// Of the first line of a paragraph, in em.
    pub(crate) indent: f32,
    pub(crate) ink: Ink,
}

impl Style {
    pub(crate) const fn song(size: f32) -> Self {
        let leading = size * 1.6 * POINT;
        Self { face: Face::Song, size, leading, align: Align::Left, indent: 0.0, ink: Ink::Black }
    }

    pub(crate) const fn hei(size: f32) -> Self {
        Self { face: Face::Hei, ..Self::song(size) }
    }

    /// Justified with the first line two characters in, as running text is.
    pub(crate) const fn prose(self) -> Self {
        Self { align: Align::Justified, indent: 2.0, ..self }
    }

    pub(crate) const fn leading(self, leading: f32) -> Self {
        Self { leading, ..self }
    }

    pub(crate) const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    pub(crate) const fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    pub(super) fn em(&self) -> f32 {
        self.size * POINT
    }

    /// From the top of a line to its baseline.
    pub(super) fn baseline(&self) -> f32 {
        (self.leading - self.em()) / 2.0 + 0.88 * self.em()
    }
}

/// Who issues a paper and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) date: &'a str,
    pub(crate) seal: Option<&'a Seal>,
    /// A longer name goes on to a second line.
    pub(crate) widest: f32,
}

/// What stands at the edges of every page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Running {
    /// Top left, from the second page on.
    pub(crate) header: String,
    /// Whether the paper is one of the demo hall.
    pub(crate) specimen: bool,
    /// Whether pages are numbered even if there is only one.
    pub(crate) numbered: bool,
}

/// Pages being filled from top to bottom.
pub(crate) struct Flow<'a> {
    pub(super) fonts: &'a Fonts,
    pub(crate) sheet: Sheet,
    pages: Vec<Vec<Placed>>,
    /// The upper edge of what comes next.
    pub(crate) y: f32,
    /// What part of the usual space is between lines, rows and blocks.
    density: f32,
}

impl<'a> Flow<'a> {
    pub(crate) fn new(fonts: &'a Fonts, sheet: Sheet) -> Self {
        Self { fonts, sheet, pages: vec![Vec::new()], y: sheet.top, density: 1.0 }
    }

    /// The same with less space between lines.
    pub(crate) fn with_density(self, density: f32) -> Self {
        Self { density, ..self }
    }

    pub(super) fn dense(&self, style: &Style) -> Style {
        style.leading(style.leading * self.density)
    }

    pub(super) fn density(&self) -> f32 {
        self.density
    }

    /// The pages with their headers and footers.
    pub(crate) fn finish(mut self, running: &Running) -> Vec<Page> {
        let sheet = self.sheet;
        let count = self.pages.len();
        for page in 0..count {
            self.add_edges(page, count, running);
        }
        let pages = self.pages.into_iter();
        pages.map(|things| Page { width: sheet.width, height: sheet.height, things }).collect()
    }

    fn add_edges(&mut self, page: usize, count: usize, running: &Running) {
        let sheet = self.sheet;
        let mut edges = Vec::new();
        let small = Style::song(9.0).ink(Ink::Grey);
        let (left, right) = (sheet.left, sheet.width - sheet.right);
        if running.specimen {
            edges.push(Placed::Watermark {
                text: "样张".into(),
                centre: (sheet.width / 2.0, sheet.height / 2.0),
                height: 62.0,
            });
        }
        if page > 0 && !running.header.is_empty() {
            let baseline = sheet.top - 6.0;
            edges.push(self.text(&running.header, left, baseline, &small));
            edges.push(Placed::Rule {
                from: (left, baseline + 2.0),
                to: (right, baseline + 2.0),
                thickness: 0.15,
                ink: Ink::Grey,
            });
        }
        let baseline = sheet.height - sheet.edge;
        let numbered = running.numbered || count > 1;
        if numbered {
            let label = format!("第 {} 页　共 {count} 页", page + 1);
            let at = sheet.width / 2.0 - self.width(&label, &small) / 2.0;
            edges.push(self.text(&label, at, baseline, &small));
        }
        if running.specimen {
            let label = "样张：仅供演示，不具有法律效力";
            let centred = sheet.width / 2.0 - self.width(label, &small) / 2.0;
            let at = if numbered { left } else { centred };
            edges.push(self.text(label, at, baseline, &small));
        }
        self.pages[page].extend(edges);
    }

    /// Puts something on the current page.
    pub(crate) fn place(&mut self, thing: Placed) {
        self.pages.last_mut().expect("a flow has a page from the start").push(thing);
    }

    /// How much can still be placed on the current page.
    pub(crate) fn room(&self) -> f32 {
        self.sheet.floor() - self.y
    }

    /// How much an empty page holds.
    pub(super) fn whole_page(&self) -> f32 {
        self.sheet.floor() - self.sheet.top
    }

    pub(crate) fn next_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.sheet.top;
    }

    /// Goes to the next page unless there is so much room.
    pub(crate) fn ensure(&mut self, height: f32) {
        if height > self.room() {
            self.next_page();
        }
    }

    pub(crate) fn space(&mut self, height: f32) {
        self.y += height * self.density;
    }

    pub(crate) fn width(&self, text: &str, style: &Style) -> f32 {
        self.fonts.width(style.face, text) * style.em()
    }

    fn text(&self, text: &str, x: f32, baseline: f32, style: &Style) -> Placed {
        Placed::Text(Text {
            text: on_one_line(text),
            at: (x, baseline),
            face: style.face,
            size: style.size,
            spacing: 0.0,
            ink: style.ink,
        })
    }

    /// A text over the whole width.
    pub(crate) fn paragraph(&mut self, text: &str, style: &Style) {
        self.paragraph_before(text, style, 0.0);
    }

    /// A text over the whole width whose last two lines stay on one page with the `reserve` millimetres after them, so
    /// that a seal never stands on a page without text.
    pub(crate) fn paragraph_before(&mut self, text: &str, style: &Style, reserve: f32) {
        let (left, width) = (self.sheet.left, self.sheet.text_width());
        let style = &self.dense(style);
        let lines = self.lines(text, left, width, style);
        let count = lines.len();
        for (i, line) in lines.into_iter().enumerate() {
            let left_over = count - i;
            let starts_the_end = left_over == 2 || (i == 0 && left_over <= 3);
            let needed = if starts_the_end { left_over as f32 * style.leading + reserve } else { style.leading };
            self.ensure(needed);
            self.place_line(line, style);
        }
    }

    fn place_line(&mut self, mut line: Text, style: &Style) {
        line.at.1 = self.y + style.baseline();
        self.y += style.leading;
        if !line.text.is_empty() {
            self.place(Placed::Text(line));
        }
    }

    /// A text in a box of its own, its top at a given height, which does not break across pages. Gives its height.
    pub(crate) fn block(&mut self, text: &str, (left, top): (f32, f32), width: f32, style: &Style) -> f32 {
        let mut y = top;
        for mut line in self.lines(text, left, width, style) {
            line.at.1 = y + style.baseline();
            y += style.leading;
            if !line.text.is_empty() {
                self.place(Placed::Text(line));
            }
        }
        y - top
    }

    /// A text in a column of its own that goes on to the next page when fewer than `reserve` millimetres would be left.
    pub(crate) fn running_block(&mut self, text: &str, left: f32, width: f32, style: &Style, reserve: f32) {
        for line in self.lines(text, left, width, style) {
            self.ensure(style.leading + reserve);
            self.place_line(line, style);
        }
    }

    pub(crate) fn count_lines(&self, text: &str, width: f32, style: &Style) -> usize {
        self.lines(text, 0.0, width, style).len()
    }

    pub(crate) fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The lines of a text with their horizontal places; their baselines are not set.
    pub(super) fn lines(&self, text: &str, left: f32, width: f32, style: &Style) -> Vec<Text> {
        let room = width / style.em();
        let mut starts = true;
        let lines = wrap(self.fonts, style.face, text, room, style.indent).into_iter();
        let placed = lines.map(|line| {
            let indent = if starts { style.indent } else { 0.0 };
            starts = line.ends;
            let slack = room - indent - line.width;
            let gaps = line.text.chars().count().saturating_sub(1).max(1) as f32;
            let (shift, spacing) = match style.align {
                Align::Left => (0.0, 0.0),
                Align::Centre => (slack / 2.0, 0.0),
                Align::Right => (slack, 0.0),
                Align::Justified if line.ends || slack / gaps > WIDEST_SPACING => (0.0, 0.0),
                Align::Justified => (0.0, slack / gaps),
            };
            Text {
                text: line.text,
                at: (left + (indent + shift) * style.em(), 0.0),
                face: style.face,
                size: style.size,
                spacing: spacing * style.size,
                ink: style.ink,
            }
        });
        placed.collect()
    }

    /// Height of a [`Flow::signature`].
    pub(crate) const SIGNATURE: f32 = seal::DIAMETER + 3.0;

    /// Puts the seal on a name and a date (骑年盖月). Keeps together.
    pub(crate) fn signature(&mut self, signature: &Signature<'_>, style: &Style) {
        let Signature { issuer, date, seal, widest } = signature;
        self.ensure(Self::SIGNATURE);
        let width = self.width(issuer, style).clamp(74.0_f32.min(*widest), *widest);
        let left = self.sheet.width - self.sheet.right - width;
        let style = style.align(Align::Centre);
        let middle = self.y + Self::SIGNATURE / 2.0;
        if let Some(seal) = seal {
            let centre = (left + width / 2.0, middle);
            self.place(Placed::Seal { centre, seal: (*seal).clone() });
        }
        // The upper half holds the name, the lower the date: the seal comes down on both.
        let name_height = self.lines(issuer, left, width, &style).len() as f32 * style.leading;
        self.block(issuer, (left, middle + 1.5 - name_height), width, &style);
        self.block(date, (left, middle + 1.5), width, &style);
        self.y += Self::SIGNATURE;
    }
}
