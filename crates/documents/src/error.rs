use crate::codes;

/// Why a paper was not made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// None of the bundled faces has these characters. Nothing is printed rather than a box in somebody's name.
    #[error("no bundled font has {}, needed in “{text}”", list(characters))]
    MissingGlyphs {
        /// The characters without a glyph, each once, in code point order.
        characters: Vec<char>,
        /// The first line on the paper that needs one of them.
        text: String,
    },

    /// A bundled font file cannot be read.
    #[error("the bundled font {face} cannot be read")]
    Font {
        /// The name of the face.
        face: &'static str,
        /// What the reader says.
        #[source]
        source: ttf_parser::FaceParsingError,
    },

    /// The used glyphs could not be taken out of a bundled font.
    #[error("the font {face} cannot be reduced to the characters used")]
    Subset {
        /// The name of the face.
        face: &'static str,
        /// What the reducer says.
        #[source]
        source: subsetter::Error,
    },

    /// The text for a QR code or a bar code cannot be encoded.
    #[error(transparent)]
    Code(#[from] codes::CodeError),

    /// A picture, such as a signature, is no PNG that can be read.
    #[error("a picture on the paper cannot be read")]
    Picture(#[source] image::ImageError),

    /// The PDF writer did not produce what it should.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

fn list(characters: &[char]) -> String {
    let each: Vec<String> = characters.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
    each.join(", ")
}
