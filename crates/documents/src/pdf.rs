//! From placed things to PDF bytes, with printpdf.
//!
//! printpdf embeds a font as it is given, so each face is first reduced to the glyphs used (`subsetter`). Its document
//! id, dates and header are replaced: the same layout gives the same bytes.

use std::collections::BTreeMap;

use printpdf::{
    Color, CurTransMat, FontId, FontMetrics, Line, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, RawImage, RawImageData, RawImageFormat,
    Rgb, TextItem, WindingOrder, XObject, XObjectId, XObjectTransform,
};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;
use ttf_parser::GlyphId;

use crate::codes::{self, Symbol};
use crate::fonts::{self, Contour, Face, Fonts, Knot};
use crate::layout::{Ink, Layout, POINT, Page, Placed, Text};
use crate::picture::{self, InkPicture};
use crate::{DocumentError, Seal};

/// The PDF of a layout.
pub(crate) fn write(layout: &Layout, fonts: &Fonts) -> Result<Vec<u8>, DocumentError> {
    layout.check(fonts)?;
    let subsets = Subset::all(layout, fonts)?;
    let mut document = PdfDocument::new(&layout.title);
    let info = &mut document.metadata.info;
    info.subject.clone_from(&layout.number);
    info.author.clone_from(&layout.author);
    info.creator = "一窗".into();
    info.producer = concat!("Yichuang ", env!("CARGO_PKG_VERSION")).into();
    for (face, subset) in &subsets {
        let font = PdfFont::new(subset.font.clone());
        document.resources.fonts.map.insert(font_id(*face), font);
    }
    let mut pages = Vec::new();
    for page in &layout.pages {
        let xobjects = &mut document.resources.xobjects.map;
        let drawing = Drawing { fonts, subsets: &subsets, height: page.height, ops: Vec::new(), xobjects };
        pages.push(drawing.page(page)?);
    }
    save(document.with_pages(pages), layout)
}

fn save(document: &PdfDocument, layout: &Layout) -> Result<Vec<u8>, DocumentError> {
    let broken = |what: &'static str| move |_| DocumentError::Pdf(format!("it has no {what}"));
    let mut warnings = Vec::new();
    let mut file = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    if let Some(warning) = warnings.first() {
        return Err(DocumentError::Pdf(warning.msg.clone()));
    }

    let info = file.trailer.get(b"Info").and_then(|o| o.as_reference()).map_err(broken("info"))?;
    let info = file.get_dictionary_mut(info).map_err(broken("info"))?;
    info.remove(b"GTS_PDFXVersion");
    info.remove(b"Identifier");
    info.remove(b"Trapped");
    let date = layout.issued_at.strftime("D:%Y%m%d%H%M%S+08'00'").to_string().into_bytes();
    for key in [b"CreationDate".as_slice(), b"ModDate"] {
        let entry = info.get_mut(key).and_then(|o| o.as_str_mut()).map_err(broken("date"))?;
        entry.clone_from(&date);
    }

    let id = Sha256::digest(layout.to_string())[..16].to_vec();
    let ids = file.trailer.get_mut(b"ID").and_then(|o| o.as_array_mut()).map_err(broken("id"))?;
    for entry in ids {
        *entry.as_str_mut().map_err(broken("id"))? = id.clone();
    }

    file.version = "1.7".into();
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| DocumentError::Pdf(error.to_string()))?;
    Ok(bytes)
}

fn font_id(face: Face) -> FontId {
    FontId(format!("{face:?}"))
}

/// The characters of a document in one face, as a font of their own.
struct Subset {
    font: ParsedFont,
    /// Which character stands for all that share a glyph, so that what is extracted is one of them for sure.
    spelling: BTreeMap<char, char>,
}

impl Subset {
    fn all(layout: &Layout, fonts: &Fonts) -> Result<BTreeMap<Face, Self>, DocumentError> {
        let mut used: BTreeMap<Face, BTreeMap<char, GlyphId>> = BTreeMap::new();
        for text in texts(layout) {
            for c in text.text.chars() {
                if let Some((face, glyph)) = fonts.find(text.face, c) {
                    used.entry(face).or_default().insert(c, glyph);
                }
            }
        }
        used.into_iter().map(|(face, glyphs)| Ok((face, Self::of(face, fonts, &glyphs)?))).collect()
    }

    fn of(face: Face, fonts: &Fonts, glyphs: &BTreeMap<char, GlyphId>) -> Result<Self, DocumentError> {
        let name = face.postscript_name();
        let mut remapper = GlyphRemapper::new();
        let mut mapping = BTreeMap::new();
        let mut widths = BTreeMap::new();
        let mut speakers: BTreeMap<GlyphId, char> = BTreeMap::new();
        let mut spelling = BTreeMap::new();
        let parsed = fonts.face(face);
        for (c, glyph) in glyphs {
            let speaker = speakers.entry(*glyph).or_insert(*c);
            if is_radical(*speaker) {
                *speaker = *c;
            }
            let new = remapper.remap(glyph.0);
            mapping.insert(u32::from(*c), new);
            widths.insert(new, parsed.glyph_hor_advance(*glyph).unwrap_or(0));
        }
        for (c, glyph) in glyphs {
            spelling.insert(*c, speakers.get(glyph).copied().unwrap_or(*c));
        }
        let bytes = subsetter::subset(fonts::bytes(face), 0, &remapper)
            .map_err(|source| DocumentError::Subset { face: name, source })?;
        let tagged = format!("{}+{name}", tag(glyphs));
        let metrics = FontMetrics { ascent: parsed.ascender(), descent: parsed.descender() };
        let units = parsed.units_per_em();
        let mut font = ParsedFont::with_glyph_data(bytes, 0, Some(tagged), mapping, widths, units, metrics);
        let bounds = parsed.global_bounding_box();
        let descriptor = &mut font.pdf_font_metrics;
        (descriptor.x_min, descriptor.y_min) = (bounds.x_min, bounds.y_min);
        (descriptor.x_max, descriptor.y_max) = (bounds.x_max, bounds.y_max);
        descriptor.us_weight_class = parsed.weight().to_number();
        Ok(Self { font, spelling })
    }

    fn spell(&self, c: char) -> char {
        self.spelling.get(&c).copied().unwrap_or(c)
    }
}

/// Kangxi and other radicals share glyphs with ordinary characters, which are preferred.
fn is_radical(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}')
}

/// Six capitals that name a subset of a font, made from the characters in it.
fn tag(glyphs: &BTreeMap<char, GlyphId>) -> String {
    let characters: String = glyphs.keys().collect();
    let hash = Sha256::digest(characters);
    hash.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn texts(layout: &Layout) -> impl Iterator<Item = &Text> {
    layout.pages.iter().flat_map(|page| &page.things).filter_map(|thing| match thing {
        Placed::Text(text) => Some(text),
        _ => None,
    })
}

/// The operators of one page.
struct Drawing<'a> {
    fonts: &'a Fonts,
    subsets: &'a BTreeMap<Face, Subset>,
    height: f32,
    ops: Vec<Op>,
    /// The pictures of the document so far.
    xobjects: &'a mut BTreeMap<XObjectId, XObject>,
}

impl Drawing<'_> {
    fn page(mut self, page: &Page) -> Result<PdfPage, DocumentError> {
        for thing in &page.things {
            self.ground(thing);
        }
        let mut things: Vec<&Placed> = page.things.iter().collect();
        things.sort_by_key(|thing| layer(thing));
        for thing in things {
            self.thing(thing)?;
        }
        Ok(PdfPage::new(Mm(page.width), Mm(page.height), self.ops))
    }

    /// The tinted ground of a cell, which lies even under the watermark.
    fn ground(&mut self, thing: &Placed) {
        if let Placed::Cell { left, top, width, height, shaded: true } = thing {
            self.fill(Ink::Pale);
            let ring = self.rectangle(*left, *top, *width, *height);
            self.paint(vec![ring]);
        }
    }

    fn thing(&mut self, thing: &Placed) -> Result<(), DocumentError> {
        match thing {
            Placed::Text(text) => self.text(text),
            Placed::Rule { from, to, thickness, ink } => {
                self.stroke(&[*from, *to], *thickness, *ink);
            }
            Placed::Cell { left, top, width, height, shaded: _ } => {
                let (right, bottom) = (left + width, top + height);
                let corners = [(*left, *top), (right, *top), (right, bottom), (*left, bottom), (*left, *top)];
                self.stroke(&corners, 0.2, Ink::Black);
            }
            Placed::Curve { points, smooth: false, thickness, ink } => {
                self.stroke(points, *thickness, *ink);
            }
            Placed::Curve { points, smooth: true, thickness, ink } => {
                self.bend(points, *thickness, *ink);
            }
            Placed::Qr { left, top, side, content } => {
                let symbol = codes::qr(content)?;
                let module = side / symbol.columns as f32;
                self.symbol(&symbol, *left, *top, module, module);
            }
            Placed::Barcode { left, top, width, height, digits } => {
                let symbol = codes::code128(digits)?;
                self.symbol(&symbol, *left, *top, width / symbol.columns as f32, *height);
            }
            Placed::Seal { centre, seal } => self.seal(*centre, seal),
            Placed::Picture { left, top, width, height, png } => self.picture((*left, *top), (*width, *height), png)?,
            Placed::Watermark { text, centre, height } => self.watermark(text, *centre, *height),
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) {
        self.fill(text.ink);
        self.ops.push(Op::StartTextSection);
        if text.spacing != 0.0 {
            self.ops.push(Op::SetCharacterSpacing { multiplier: rounded(text.spacing, 1000.0) });
        }
        let pos = self.point(text.at.0, text.at.1);
        self.ops.push(Op::SetTextCursor { pos });
        for (face, run) in self.runs(text) {
            let font = PdfFontHandle::External(font_id(face));
            self.ops.push(Op::SetFont { font, size: Pt(text.size) });
            self.ops.push(Op::ShowText { items: vec![TextItem::Text(run)] });
        }
        if text.spacing != 0.0 {
            self.ops.push(Op::SetCharacterSpacing { multiplier: 0.0 });
        }
        self.ops.push(Op::EndTextSection);
    }

    /// The text in pieces of one face, because a rare character may be in the other one only.
    fn runs(&self, text: &Text) -> Vec<(Face, String)> {
        let mut runs: Vec<(Face, String)> = Vec::new();
        for c in text.text.chars() {
            let face = self.fonts.find(text.face, c).map_or(text.face, |(face, _)| face);
            let spelt = self.subsets.get(&face).map_or(c, |subset| subset.spell(c));
            match runs.last_mut() {
                Some((last, run)) if *last == face => run.push(spelt),
                _ => runs.push((face, spelt.to_string())),
            }
        }
        runs
    }

    /// The runs in their own coordinates, one module to a unit: small numbers keep the file small.
    fn symbol(&mut self, symbol: &Symbol, left: f32, top: f32, width: f32, height: f32) {
        let origin = self.point(left, top);
        let placed = [width / POINT, 0.0, 0.0, -height / POINT, origin.x.0, origin.y.0];
        let rings = symbol.runs.iter().map(|run| {
            let (left, right) = (run.column as f32, (run.column + run.length) as f32);
            let (top, bottom) = (run.row as f32, (run.row + 1) as f32);
            let corner = |x, y| LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false };
            let (upper, lower) =
                ([corner(left, top), corner(right, top)], [corner(right, bottom), corner(left, bottom)]);
            PolygonRing { points: [upper, lower].concat() }
        });
        let rings = rings.collect();
        self.ops.push(Op::SaveGraphicsState);
        self.fill(Ink::Black);
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(placed) });
        self.paint(rings);
        self.ops.push(Op::RestoreGraphicsState);
    }

    /// A seal in its own coordinates of a twentieth of a point, whose whole numbers keep the file small.
    fn seal(&mut self, (x, y): (f32, f32), seal: &Seal) {
        const UNIT: f32 = 0.05;
        let units = |millimetres: f32| (millimetres / POINT / UNIT).round();
        let centre = self.point(x, y);
        let placed = [UNIT, 0.0, 0.0, UNIT, centre.x.0, centre.y.0];
        let engraving = seal.engrave(self.fonts);
        let ring = ring(&circle(engraving.ring_radius), units);
        let rings = engraving.filled.iter().map(|contour| self::ring(contour, units)).collect();
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(placed) });
        self.fill(Ink::Red);
        self.ops.push(Op::SetOutlineColor { col: colour(Ink::Red) });
        self.ops.push(Op::SetOutlineThickness { pt: Pt(units(engraving.ring_thickness)) });
        self.ops.push(polygon(vec![ring], PaintMode::Stroke));
        self.ops.push(Op::SetOutlineThickness { pt: Pt(units(engraving.hair)) });
        self.ops.push(polygon(rings, PaintMode::FillStroke));
        self.ops.push(Op::RestoreGraphicsState);
    }

    /// Ink with its opacity, as large as fits in the middle of its place.
    fn picture(&mut self, (left, top): (f32, f32), place: (f32, f32), png: &[u8]) -> Result<(), DocumentError> {
        let InkPicture { width, height, ink } = picture::read(png)?;
        if ink.is_empty() {
            return Ok(());
        }
        let (columns, rows) = (width as f32, height as f32);
        let scale = (place.0 / columns).min(place.1 / rows);
        let (wide, high) = (columns * scale, rows * scale);
        let corner = self.point(left + (place.0 - wide) / 2.0, top + (place.1 + high) / 2.0);
        let image = RawImage {
            pixels: RawImageData::U8(ink.into_iter().flat_map(|ink| [0, ink]).collect()),
            width: width as usize,
            height: height as usize,
            data_format: RawImageFormat::RG8,
            tag: Vec::new(),
        };
        let id = XObjectId(format!("Picture{}", self.xobjects.len() + 1));
        self.xobjects.insert(id.clone(), XObject::Image(image));
        let transform = XObjectTransform {
            translate_x: Some(corner.x),
            translate_y: Some(corner.y),
            scale_x: Some(pt(wide)),
            scale_y: Some(pt(high)),
            no_auto_scale: true,
            ..XObjectTransform::default()
        };
        self.ops.push(Op::UseXobject { id, transform });
        Ok(())
    }

    fn watermark(&mut self, text: &str, (x, y): (f32, f32), height: f32) {
        let (sin, cos) = std::f32::consts::FRAC_PI_6.sin_cos();
        self.fill(Ink::Faint);
        let mut pen = -self.fonts.width(Face::Hei, text) / 2.0;
        for c in text.chars() {
            let outline = self.fonts.outline(Face::Hei, c);
            let turned = outline.iter().map(|contour| {
                contour.map(|dx, dy| {
                    let (dx, dy) = ((dx + pen) * height, (dy - 0.38) * height);
                    (x + dx * cos - dy * sin, self.height - (y - dx * sin - dy * cos))
                })
            });
            let rings = turned.map(|contour| ring(&contour, pt)).collect();
            self.paint(rings);
            pen += self.fonts.advance(Face::Hei, c);
        }
    }

    fn stroke(&mut self, points: &[(f32, f32)], thickness: f32, ink: Ink) {
        self.pen(thickness, ink);
        let points = points.iter().map(|(x, y)| LinePoint { p: self.point(*x, *y), bezier: false });
        let line = Line { points: points.collect(), is_closed: false };
        self.ops.push(Op::DrawLine { line });
    }

    /// A smooth line through points (Catmull-Rom): at each it runs parallel to its neighbours.
    fn bend(&mut self, points: &[(f32, f32)], thickness: f32, ink: Ink) {
        self.pen(thickness, ink);
        let Some(first) = points.first() else { return };
        let last = points.len() - 1;
        let knot = |x: f32, y: f32, bezier: bool| {
            let (x, y) = (x / POINT, (self.height - y) / POINT);
            LinePoint { p: Point { x: Pt(rounded(x, 10.0)), y: Pt(rounded(y, 10.0)) }, bezier }
        };
        let mut path = vec![knot(first.0, first.1, false)];
        for (i, pair) in points.windows(2).enumerate() {
            let (from, to) = (pair[0], pair[1]);
            let (before, after) = (points[i.saturating_sub(1)], points[(i + 2).min(last)]);
            path.push(knot(from.0 + (to.0 - before.0) / 6.0, from.1 + (to.1 - before.1) / 6.0, true));
            path.push(knot(to.0 - (after.0 - from.0) / 6.0, to.1 - (after.1 - from.1) / 6.0, true));
            path.push(knot(to.0, to.1, false));
        }
        self.ops.push(Op::DrawLine { line: Line { points: path, is_closed: false } });
    }

    fn pen(&mut self, thickness: f32, ink: Ink) {
        self.ops.push(Op::SetOutlineColor { col: colour(ink) });
        self.ops.push(Op::SetOutlineThickness { pt: Pt(pt(thickness)) });
    }

    fn fill(&mut self, ink: Ink) {
        self.ops.push(Op::SetFillColor { col: colour(ink) });
    }

    fn paint(&mut self, rings: Vec<PolygonRing>) {
        self.ops.push(polygon(rings, PaintMode::Fill));
    }

    fn rectangle(&self, left: f32, top: f32, width: f32, height: f32) -> PolygonRing {
        let (right, bottom) = (left + width, top + height);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let points = corners.map(|(x, y)| LinePoint { p: self.point(x, y), bezier: false });
        PolygonRing { points: points.to_vec() }
    }

    /// PDF counts upwards from the bottom, in points.
    fn point(&self, x: f32, y: f32) -> Point {
        Point { x: Pt(pt(x)), y: Pt(pt(self.height - y)) }
    }
}

/// A contour whose millimetres are turned into the units of the drawing.
fn ring(contour: &Contour, units: impl Fn(f32) -> f32) -> PolygonRing {
    let points = contour
        .0
        .iter()
        .map(|knot| LinePoint { p: Point { x: Pt(units(knot.x)), y: Pt(units(knot.y)) }, bezier: knot.control });
    PolygonRing { points: points.collect() }
}

fn polygon(rings: Vec<PolygonRing>, mode: PaintMode) -> Op {
    let polygon = Polygon { rings, mode, winding_order: WindingOrder::NonZero };
    Op::DrawPolygon { polygon }
}

/// A circle around the origin of four Béziers.
fn circle(radius: f32) -> Contour {
    let reach = radius * 0.552_284_8;
    let knot = |(x, y, control)| Knot { x, y, control };
    let knots = [
        (radius, 0.0, false),
        (radius, reach, true),
        (reach, radius, true),
        (0.0, radius, false),
        (-reach, radius, true),
        (-radius, reach, true),
        (-radius, 0.0, false),
        (-radius, -reach, true),
        (-reach, -radius, true),
        (0.0, -radius, false),
        (reach, -radius, true),
        (radius, -reach, true),
        (radius, 0.0, false),
    ];
    Contour(knots.map(knot).to_vec())
}

/// What lies under what: the watermark, ornament, seals, and on top all that is read.
fn layer(thing: &Placed) -> u8 {
    match thing {
        Placed::Watermark { .. } => 0,
        Placed::Curve { .. } | Placed::Cell { .. } => 1,
        Placed::Seal { .. } => 2,
        Placed::Text(_) | Placed::Picture { .. } | Placed::Rule { .. } | Placed::Qr { .. } | Placed::Barcode { .. } => {
            3
        }
    }
}

fn colour(ink: Ink) -> Color {
    let (r, g, b) = match ink {
        Ink::Black => (0.0, 0.0, 0.0),
        Ink::Grey => (0.35, 0.35, 0.35),
        Ink::Pale => (0.925, 0.925, 0.925),
        Ink::Faint => (0.925, 0.925, 0.925),
        Ink::Red => (0.85, 0.07, 0.09),
        Ink::Gold => (0.72, 0.55, 0.2),
        Ink::PaleGold => (0.93, 0.86, 0.68),
    };
    Color::Rgb(Rgb::new(r, g, b, None))
}

/// Millimetres to points, to a hundredth: finer than any printer, and short in the file.
fn pt(millimetres: f32) -> f32 {
    rounded(millimetres / POINT, 100.0)
}

fn rounded(value: f32, steps: f32) -> f32 {
    (value * steps).round() / steps
}
