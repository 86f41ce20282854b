//! Where everything goes on the pages of a paper: a list of placed things, readable as text.
//!
//! Millimetres from the top left corner; sizes of type in points.

mod flow;
mod table;
mod wrap;

use std::fmt;

use jiff::civil::DateTime;
use sha2::{Digest, Sha256};

pub(crate) use flow::{Align, Flow, Running, Sheet, Signature, Style};
pub(crate) use table::{Cell, Row};

use crate::{DocumentError, Face, Fonts, Seal};

/// Millimetres in a point.
pub(crate) const POINT: f32 = 25.4 / 72.0;

/// The laid out pages of a paper and what the file says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The title of the paper.
    pub title: String,
    /// The number of the paper.
    pub number: String,
    /// Who issues the paper.
    pub author: String,
    /// When it is issued, on the clock of the hall.
    pub issued_at: DateTime,
    /// At least one page.
    pub pages: Vec<Page>,
}

/// One side of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Width of the sheet.
    pub width: f32,
    /// Height of the sheet.
    pub height: f32,
    /// What is on it, in reading order.
    pub things: Vec<Placed>,
}

/// Something at its place on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Placed {
    /// One line of text.
    Text(Text),
    /// A straight line.
    Rule {
        /// Where it starts.
        from: (f32, f32),
        /// Where it ends.
        to: (f32, f32),
        /// How thick it is.
        thickness: f32,
        /// Its colour.
        ink: Ink,
    },
    /// The frame of a cell of a table.
    Cell {
        /// Its left edge.
        left: f32,
        /// Its upper edge.
        top: f32,
        /// Its width.
        width: f32,
        /// Its height.
        height: f32,
        /// Whether its ground is tinted.
        shaded: bool,
    },
    /// A drawn line of ornament.
    Curve {
        /// The points it goes through.
        points: Vec<(f32, f32)>,
        /// Whether it bends smoothly at its points.
        smooth: bool,
        /// How thick it is.
        thickness: f32,
        /// Its colour.
        ink: Ink,
    },
    /// A QR code.
    Qr {
        /// Its left edge, without quiet zone.
        left: f32,
        /// Its upper edge, without quiet zone.
        top: f32,
        /// Its width and height.
        side: f32,
        /// What it says.
        content: String,
    },
    /// A Code 128.
    Barcode {
        /// Its left edge, without quiet zone.
        left: f32,
        /// Its upper edge.
        top: f32,
        /// Its width.
        width: f32,
        /// Its height.
        height: f32,
        /// What it says.
        digits: String,
    },
    /// A seal, under the text around it.
    Seal {
        /// Its centre.
        centre: (f32, f32),
        /// What it says.
        seal: Seal,
    },
    /// A picture in black, such as a signature, as large as fits in its place and in the middle of it.
    Picture {
        /// Its left edge.
        left: f32,
        /// Its upper edge.
        top: f32,
        /// The width of its place.
        width: f32,
        /// The height of its place.
        height: f32,
        /// What it shows, as PNG.
        png: Vec<u8>,
    },
    /// Large, light, slanted letters under everything, drawn so that they are not part of the text.
    Watermark {
        /// What it says.
        text: String,
        /// Its centre.
        centre: (f32, f32),
        /// The height of a character.
        height: f32,
    },
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Where it starts on the baseline.
    pub at: (f32, f32),
    /// The face it is set in.
    pub face: Face,
    /// The size of the type in points.
    pub size: f32,
    /// Space added after each character to justify the line, in points.
    pub spacing: f32,
    /// Its colour.
    pub ink: Ink,
}

/// The colours that papers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Text.
    Black,
    /// What is beside the matter: headers and footers.
    Grey,
    /// The ground of labels.
    Pale,
    /// The watermark.
    Faint,
    /// Seals and titles of certificates.
    Red,
    /// The border of a certificate.
    Gold,
    /// The rosette under the text of a certificate.
    PaleGold,
}

impl Layout {
    /// Checks that every character has a glyph.
    pub(crate) fn check(&self, fonts: &Fonts) -> Result<(), DocumentError> {
        let mut characters = Vec::new();
        let mut first = None;
        for thing in self.pages.iter().flat_map(|page| &page.things) {
            let text = match thing {
                Placed::Text(text) => text.text.clone(),
                Placed::Seal { seal, .. } => seal.text(),
                Placed::Watermark { text, .. } => text.clone(),
                Placed::Rule { .. }
                | Placed::Cell { .. }
                | Placed::Curve { .. }
                | Placed::Qr { .. }
                | Placed::Barcode { .. }
                | Placed::Picture { .. } => continue,
            };
            let missing = fonts.missing(&text);
            if !missing.is_empty() {
                characters.extend(missing);
                first.get_or_insert(text);
            }
        }
        characters.sort_unstable();
        characters.dedup();
        match first {
            None => Ok(()),
            Some(text) => Err(DocumentError::MissingGlyphs { characters, text }),
        }
    }
}

/// The pages with comfortable spacing, or with a little less if that saves a page.
pub(crate) fn fitted(pages: impl Fn(f32) -> Vec<Page>) -> Vec<Page> {
    let comfortable = pages(1.0);
    if comfortable.len() == 1 {
        return comfortable;
    }
    let mut tighter = [0.95, 0.9].into_iter().map(pages);
    tighter.find(|tight| tight.len() < comfortable.len()).unwrap_or(comfortable)
}

/// One line for each placed thing, for people and tests.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} · {} · {}", self.title, self.number, self.author, self.issued_at)?;
        for (page, n) in self.pages.iter().zip(1..) {
            writeln!(f, "-- {n}/{}: {} × {} mm", self.pages.len(), page.width, page.height)?;
            page.things.iter().try_for_each(|thing| writeln!(f, "{thing}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(Text { text, at: (x, y), face, size, spacing: _, ink: _ }) => {
                write!(f, "{x:6.1} {y:6.1}  {face:?} {size}  {text}")
            }
            Self::Rule { from, to, thickness: _, ink: _ } => {
                write!(f, "{:6.1} {:6.1}  rule to {:.1} {:.1}", from.0, from.1, to.0, to.1)
            }
            Self::Cell { left, top, width, height, shaded } => {
                let kind = if *shaded { "label" } else { "cell" };
                write!(f, "{left:6.1} {top:6.1}  {kind} {width:.1} × {height:.1}")
            }
            Self::Curve { points, smooth: _, thickness: _, ink } => {
                let (x, y) = points.first().copied().unwrap_or_default();
                write!(f, "{x:6.1} {y:6.1}  curve of {} points, {ink:?}", points.len())
            }
            Self::Qr { left, top, side, content } => {
                write!(f, "{left:6.1} {top:6.1}  qr {side:.1}  {content}")
            }
            Self::Barcode { left, top, width, height, digits } => {
                write!(f, "{left:6.1} {top:6.1}  bars {width:.1} × {height:.1}  {digits}")
            }
            Self::Seal { centre: (x, y), seal: Seal { authority, kind } } => {
                write!(f, "{x:6.1} {y:6.1}  seal  {authority} {kind}")
            }
            Self::Picture { left, top, width, height, png } => {
                let hash = Sha256::digest(png);
                write!(f, "{left:6.1} {top:6.1}  picture {width:.1} × {height:.1}  ")?;
                hash.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Self::Watermark { text, centre: (x, y), height } => {
                write!(f, "{x:6.1} {y:6.1}  watermark {height:.1}  {text}")
            }
        }
    }
}
