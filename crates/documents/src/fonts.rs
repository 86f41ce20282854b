//! The bundled faces: measuring, finding glyphs, outlines.

use std::sync::{Arc, OnceLock};

use ttf_parser::{GlyphId, OutlineBuilder};

use crate::error::DocumentError;
use crate::text::printable;

// Static, not const: a const would be embedded again in every place that uses it.
static SONG: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../assets/node_modules/@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf"
));
static HEI: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../assets/node_modules/@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"
));

/// A style of writing that papers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// 宋, for the text. Noto Serif SC Regular.
    Song,
    /// 黑, for headings and labels. Noto Sans SC Bold.
    Hei,
}

impl Face {
    pub(crate) fn postscript_name(self) -> &'static str {
        match self {
            Self::Song => "NotoSerifSC-Regular",
            Self::Hei => "NotoSansSC-Bold",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Song => Self::Hei,
            Self::Hei => Self::Song,
        }
    }
}

/// The bundled fonts, parsed. A clone shares them.
#[derive(Clone)]
pub struct Fonts(Arc<Faces>);

struct Faces {
    song: ttf_parser::Face<'static>,
    hei: ttf_parser::Face<'static>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fonts")
    }
}

impl Fonts {
    /// Reads the bundled fonts.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Font`] when a bundled file is no font, which means that the program was built wrongly.
    pub fn load() -> Result<Self, DocumentError> {
        let face = |face: Face| {
            ttf_parser::Face::parse(bytes(face), 0)
                .map_err(|source| DocumentError::Font { face: face.postscript_name(), source })
        };
        Ok(Self(Arc::new(Faces { song: face(Face::Song)?, hei: face(Face::Hei)? })))
    }

    /// The fonts of this process, read at the first call.
    ///
    /// # Panics
    ///
    /// When a bundled file is no font, which means that the program was built wrongly.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Fonts> = OnceLock::new();
        SHARED.get_or_init(|| Self::load().expect("the bundled fonts were readable when built"))
    }

    /// The characters of a text that no face has, each once. A name can be checked with this before a paper is asked for.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing: Vec<char> =
            printable(text).chars().filter(|c| *c != '\n' && self.find(Face::Song, *c).is_none()).collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// The glyph for a character in the wanted face, or else in the other one.
    pub(crate) fn find(&self, wanted: Face, character: char) -> Option<(Face, GlyphId)> {
        [wanted, wanted.other()]
            .into_iter()
            .find_map(|face| Some((face, self.face(face).glyph_index(character)?)))
            .filter(|(_, glyph)| glyph.0 != 0)
    }

    /// How far a character moves the pen, in em. A character without glyph counts as a full one.
    pub(crate) fn advance(&self, wanted: Face, character: char) -> f32 {
        let Some((face, glyph)) = self.find(wanted, character) else {
            return 1.0;
        };
        let face = self.face(face);
        f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / f32::from(face.units_per_em())
    }

    /// The width of a text in em.
    pub(crate) fn width(&self, face: Face, text: &str) -> f32 {
        text.chars().map(|c| self.advance(face, c)).sum()
    }

    /// The outline of a character in em from its origin on the baseline, y upwards; nothing if there is no glyph.
    pub(crate) fn outline(&self, wanted: Face, character: char) -> Vec<Contour> {
        let Some((face, glyph)) = self.find(wanted, character) else {
            return Vec::new();
        };
        let face = self.face(face);
        let mut pen = Pen { scale: 1.0 / f32::from(face.units_per_em()), contours: Vec::new() };
        face.outline_glyph(glyph, &mut pen);
        pen.contours
    }

    pub(crate) fn face(&self, face: Face) -> &ttf_parser::Face<'static> {
        match face {
            Face::Song => &self.0.song,
            Face::Hei => &self.0.hei,
        }
    }
}

/// The whole font file of a face.
pub(crate) fn bytes(face: Face) -> &'static [u8] {
    match face {
        Face::Song => SONG,
        Face::Hei => HEI,
    }
}

/// A closed curve of lines and cubic Béziers. The first point is where it starts; a Bézier is two control points and its
/// end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contour(pub(crate) Vec<Knot>);

/// A point of a [`Contour`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Knot {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) control: bool,
}

impl Contour {
    /// The same curve with every point moved by a function.
    pub(crate) fn map(&self, moved: impl Fn(f32, f32) -> (f32, f32)) -> Self {
        let knots = self.0.iter().map(|k| {
            let (x, y) = moved(k.x, k.y);
            Knot { x, y, control: k.control }
        });
        Self(knots.collect())
    }
}

struct Pen {
    scale: f32,
    contours: Vec<Contour>,
}

impl Pen {
    fn push(&mut self, x: f32, y: f32, control: bool) {
        if let Some(contour) = self.contours.last_mut() {
            contour.0.push(Knot { x: x * self.scale, y: y * self.scale, control });
        }
    }

    fn position(&self) -> (f32, f32) {
        let last = self.contours.last().and_then(|c| c.0.last());
        last.map_or((0.0, 0.0), |k| (k.x / self.scale, k.y / self.scale))
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.contours.push(Contour(Vec::new()));
        self.push(x, y, false);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push(x, y, false);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.position();
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.push(third(x0, x1), third(y0, y1), true);
        self.push(third(x, x1), third(y, y1), true);
        self.push(x, y, false);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.push(x1, y1, true);
        self.push(x2, y2, true);
        self.push(x, y, false);
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_can_be_shared_between_threads() {
        fn shareable<T: Send + Sync + Clone>(_: &T) {}
        shareable(Fonts::shared());
    }

    #[test]
    fn rare_names_are_covered_and_emoji_are_not() {
        let fonts = Fonts::shared();
        assert_eq!(fonts.missing("欧阳𬱖　张䶮　王㛃〔2026〕"), []);
        assert_eq!(fonts.missing("好😀\n😀"), ['😀']);
    }

    #[test]
    fn the_digits_of_hei_are_all_as_wide() {
        let fonts = Fonts::shared();
        let zero = fonts.advance(Face::Hei, '0');
        assert!(('1'..='9').all(|digit| fonts.advance(Face::Hei, digit) == zero));
    }

    #[test]
    fn a_han_character_is_one_em_wide() {
        let fonts = Fonts::shared();
        assert_eq!(fonts.width(Face::Song, "受理，"), 3.0);
        assert_eq!(fonts.width(Face::Hei, "受理"), 2.0);
    }
}
