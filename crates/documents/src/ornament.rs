//! The border and the rosette of a certificate.

use std::f32::consts::TAU;

use crate::layout::{Ink, Placed};

/// A border along the edges of a sheet: two rules with interlaced waves between them.
pub(crate) fn border(width: f32, height: f32, inset: f32) -> Vec<Placed> {
    const BAND: f32 = 6.0;
    let mut things = vec![
        frame(width, height, inset, 0.9),
        frame(width, height, inset + 1.3, 0.25),
        frame(width, height, inset + 1.3 + BAND, 0.25),
        frame(width, height, inset + 2.2 + BAND, 0.6),
    ];
    let middle = inset + 1.3 + BAND / 2.0;
    let (left, top) = (middle, middle);
    let (right, bottom) = (width - middle, height - middle);
    for phase in [0.0, 0.5] {
        things.push(wave((left, top), (right, top), phase, BAND));
        things.push(wave((right, top), (right, bottom), phase, BAND));
        things.push(wave((right, bottom), (left, bottom), phase, BAND));
        things.push(wave((left, bottom), (left, top), phase, BAND));
    }
    things
}

fn frame(width: f32, height: f32, inset: f32, thickness: f32) -> Placed {
    let (right, bottom) = (width - inset, height - inset);
    let points = vec![(inset, inset), (right, inset), (right, bottom), (inset, bottom), (inset, inset)];
    Placed::Curve { points, smooth: false, thickness, ink: Ink::Gold }
}

/// A whole number of waves between two corners.
fn wave(from: (f32, f32), to: (f32, f32), phase: f32, band: f32) -> Placed {
    const STEPS: u16 = 6;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let waves = (length / 7.0).round();
    let steps = (waves * f32::from(STEPS)) as u16;
    let points = (0..=steps).map(|step| {
        let along = f32::from(step) / f32::from(steps);
        let across = (TAU * (waves * along + phase)).sin() * band * 0.36 / length;
        (from.0 + dx * along - dy * across, from.1 + dy * along + dx * across)
    });
    Placed::Curve { points: points.collect(), smooth: true, thickness: 0.3, ink: Ink::Gold }
}

/// A pale rosette under the text: one line that swings between two circles and closes after several turns.
pub(crate) fn rosette(centre: (f32, f32), radius: f32) -> Placed {
    const SWINGS: u16 = 41;
    const TURNS: u16 = 9;
    const STEPS: u16 = SWINGS * 8;
    let points = (0..=STEPS).map(|step| {
        let part = TAU * f32::from(step) / f32::from(STEPS);
        let turn = part * f32::from(TURNS);
        let reach = radius * (0.66 + 0.34 * (part * f32::from(SWINGS)).cos());
        (centre.0 + reach * turn.sin(), centre.1 - reach * turn.cos())
    });
    Placed::Curve { points: points.collect(), smooth: true, thickness: 0.15, ink: Ink::PaleGold }
}
