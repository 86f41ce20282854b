//! The round seal of an authority, as vectors.

use std::f32::consts::{PI, TAU};

use crate::fonts::{Contour, Face, Fonts, Knot};
use crate::text::on_one_line;

/// The diameter of a seal in millimetres.
pub(crate) const DIAMETER: f32 = 42.0;

/// A round seal: the name of the authority on an arc over a star, and the kind of seal below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Whose seal it is, such as 安市市场监督管理局.
    pub authority: String,
    /// What it is for, such as 行政许可专用章. Empty for the seal of the authority itself.
    pub kind: String,
}

/// What a seal consists of, in millimetres from its centre, y upwards.
pub(crate) struct Engraving {
    pub(crate) ring_radius: f32,
    pub(crate) ring_thickness: f32,
    pub(crate) filled: Vec<Contour>,
    /// Thickness of a line around what is filled: it makes the thin strokes of 宋 as bold as they are on a cut seal.
    pub(crate) hair: f32,
}

impl Seal {
    /// Characters on the seal.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.authority, self.kind)
    }

    pub(crate) fn engrave(&self, fonts: &Fonts) -> Engraving {
        let (authority, kind) = (on_one_line(&self.authority), on_one_line(&self.kind));
        let ring_thickness = 1.2;
        let ring_radius = (DIAMETER - ring_thickness) / 2.0;
        let mut filled = vec![star(6.6)];
        filled.extend(arc_text(fonts, &authority, ring_radius - ring_thickness));
        filled.extend(straight_text(fonts, &kind));
        Engraving { ring_radius, ring_thickness, filled, hair: if is_long(&authority) { 0.04 } else { 0.12 } }
    }
}

/// A name of which the characters must be small.
fn is_long(authority: &str) -> bool {
    authority.chars().count() > 14
}

fn star(radius: f32) -> Contour {
    let corner = |i: u8| {
        let radius = if i.is_multiple_of(2) { radius } else { radius * 0.382 };
        let angle = TAU * f32::from(i) / 10.0;
        Knot { x: radius * angle.sin(), y: radius * angle.cos(), control: false }
    };
    Contour((0..10).map(corner).collect())
}

/// The name, upright on the inside of the ring, centred at the top. Long names are set closer and narrower.
fn arc_text(fonts: &Fonts, text: &str, outer: f32) -> Vec<Contour> {
    let count = text.chars().count().max(1) as f32;
    let height = if is_long(text) { 4.4 } else { 5.6 };
    let middle = outer - 0.7 - height / 2.0;
    let widest_step = (height * 1.25) / middle;
    let step = widest_step.min(PI * 1.36 / count);
    // The inner edge of a character is where neighbours meet.
    let width = (height * 0.82).min(step * (middle - height * 0.35));
    let placed = text.chars().zip(0_u16..).flat_map(|(character, i)| {
        let angle = (f32::from(i) - (count - 1.0) / 2.0) * step;
        let (sin, cos) = angle.sin_cos();
        centred(fonts, character, width, height).into_iter().map(move |contour| {
            contour.map(|x, y| {
                let y = y + middle;
                (x * cos + y * sin, y * cos - x * sin)
            })
        })
    });
    placed.collect()
}

fn straight_text(fonts: &Fonts, text: &str) -> Vec<Contour> {
    let count = text.chars().count().max(1) as f32;
    let height = 3.9_f32;
    let pitch = (height * 0.98).min(24.0 / count);
    let placed = text.chars().zip(0_u16..).flat_map(|(character, i)| {
        let left = (f32::from(i) - (count - 1.0) / 2.0) * pitch;
        let glyph = centred(fonts, character, pitch * 0.94, height).into_iter();
        glyph.map(move |contour| contour.map(|x, y| (x + left, y - 11.6)))
    });
    placed.collect()
}

/// A character stretched to a width and height, around the origin.
fn centred(fonts: &Fonts, character: char, width: f32, height: f32) -> Vec<Contour> {
    let middle_of_em = 0.38;
    let half = fonts.advance(Face::Song, character) / 2.0;
    let outline = fonts.outline(Face::Song, character).into_iter();
    outline.map(|c| c.map(|x, y| ((x - half) * width, (y - middle_of_em) * height))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stays_inside_the_ring() {
        let names = ["安市", "安市市场监督管理局", "安市高新技术产业开发区管理委员会行政审批服务局"];
        for authority in names {
            let seal = Seal { authority: authority.into(), kind: "行政许可专用章（三）".into() };
            let engraving = seal.engrave(Fonts::shared());
            let inner = engraving.ring_radius - engraving.ring_thickness / 2.0;
            for knot in engraving.filled.iter().flat_map(|c| &c.0) {
                assert!(knot.x.hypot(knot.y) < inner, "{authority}: {knot:?}");
            }
        }
    }
}
