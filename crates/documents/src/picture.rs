//! A signature made on a pad: a PNG turned into black ink on nothing, so that what lies under it stays to be seen.

use std::io::Cursor;

use image::imageops::thumbnail;
use image::{GrayImage, ImageError, ImageFormat, ImageReader, Limits};

use crate::error::DocumentError;

/// How much ink there is at each place, without the empty margins around.
pub(crate) struct InkPicture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// From 0, nothing, to 255, row by row from the top.
    pub(crate) ink: Vec<u8>,
}

/// No pad has more pixels to a side.
const LARGEST: u32 = 2000;
/// More pixels than this to a side are not seen in print.
const PRINTED: u32 = 800;
/// Less than this is the ground that was written on.
const FAINTEST: u8 = 32;

/// Reads a PNG. A picture without ink has no size.
pub(crate) fn read(png: &[u8]) -> Result<InkPicture, DocumentError> {
    let ink = decode(png).map_err(DocumentError::Picture)?;
    let Some((left, top, width, height)) = inked(&ink) else {
        return Ok(InkPicture { width: 0, height: 0, ink: Vec::new() });
    };
    let trimmed = image::imageops::crop_imm(&ink, left, top, width, height).to_image();
    let largest = width.max(height);
    let printed = if largest > PRINTED {
        let scaled = |side: u32| (side * PRINTED / largest).max(1);
        thumbnail(&trimmed, scaled(width), scaled(height))
    } else {
        trimmed
    };
    Ok(InkPicture { width: printed.width(), height: printed.height(), ink: printed.into_raw() })
}

fn decode(png: &[u8]) -> Result<GrayImage, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(png), ImageFormat::Png);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LARGEST), Some(LARGEST));
    reader.limits(limits);
    let grey = reader.decode()?.into_luma_alpha8();
    let ink = grey.pixels().map(|pixel| {
        let [light, opacity] = pixel.0;
        let ink = u16::from(255 - light) * u16::from(opacity) / 255;
        u8::try_from(ink).map_or(255, |ink| if ink < FAINTEST { 0 } else { ink })
    });
    let (width, height) = grey.dimensions();
    Ok(GrayImage::from_vec(width, height, ink.collect()).unwrap_or_default())
}

/// The rectangle around the ink, if there is any.
fn inked(picture: &GrayImage) -> Option<(u32, u32, u32, u32)> {
    let dark = || picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] > 0);
    let (left, right) = (dark().map(|(x, _, _)| x).min()?, dark().map(|(x, _, _)| x).max()?);
    let (top, bottom) = (dark().map(|(_, y, _)| y).min()?, dark().map(|(_, y, _)| y).max()?);
    Some((left, top, right - left + 1, bottom - top + 1))
}

#[cfg(test)]
mod tests {
    use image::{LumaA, Rgb, RgbImage};

    use super::*;

    fn png(image: impl Into<image::DynamicImage>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, ImageFormat::Png).expect("a png");
        bytes.into_inner()
    }

    #[test]
    fn only_the_ink_is_kept() {
        let mut paper = RgbImage::from_pixel(300, 200, Rgb([250, 248, 240]));
        for x in 100..150 {
            paper.put_pixel(x, 60, Rgb([10, 10, 120]));
        }
        let picture = read(&png(paper)).expect("a picture");
        assert_eq!((picture.width, picture.height), (50, 1));
        assert!(picture.ink.iter().all(|ink| *ink > 200));
    }

    #[test]
    fn what_is_transparent_is_no_ink_whatever_its_colour() {
        let mut pad = image::GrayAlphaImage::from_pixel(40, 40, LumaA([0, 0]));
        pad.put_pixel(7, 9, LumaA([0, 255]));
        let picture = read(&png(pad)).expect("a picture");
        assert_eq!((picture.width, picture.height, picture.ink), (1, 1, vec![255]));
    }

    #[test]
    fn a_large_picture_is_reduced_and_a_blank_one_has_no_size() {
        let black = read(&png(RgbImage::new(1200, 300))).expect("a picture");
        assert_eq!((black.width, black.height), (800, 200));
        let blank = read(&png(RgbImage::from_pixel(20, 20, Rgb([255, 255, 255])))).expect("a picture");
        assert_eq!((blank.width, blank.height), (0, 0));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(matches!(read(b"GIF89a"), Err(DocumentError::Picture(_))));
    }
}
