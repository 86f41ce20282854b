//! Turns paper models into PDF bytes.
//!
//! A paper (文书) is a plain struct with what is printed on it. [`render`] lays it out, refuses it if a character has no
//! glyph, and writes the PDF. The same paper gives the same bytes. This crate only renders: it takes no numbers, reads
//! no clock, stores nothing and prints nothing.

mod codes;
mod error;
mod fonts;
pub mod layout;
mod ornament;
mod papers;
mod pdf;
mod picture;
mod seal;
mod text;

pub use codes::CodeError;
pub use error::DocumentError;
pub use fonts::{Face, Fonts};
pub use layout::Layout;
pub use papers::{
    AcceptanceNotice, Again, Agent, Approval, CardReceipt, Certificate, CertificateRow, Collector, DecisionDocument,
    DeliveredDocument, DeliveryProof, Guide, GuideLimit, GuideMaterial, GuideQuestion, IntakeReceipt, Material,
    MaterialForm, Original, OriginalAsked, OriginalFate, Outcome, Posting, Registration, Rejection, Stated,
    SupplementNotice, SupplementPoint, SupplementReceipt, TranscriptionCard, TranscriptionField,
    WithdrawalConfirmation,
};
pub use seal::Seal;

/// What can be put on paper.
pub trait Paper {
    /// The title printed on the paper and shown by PDF viewers.
    fn title(&self) -> &str;

    /// The number of the paper, which becomes the subject of the PDF.
    fn number(&self) -> &str;

    /// Where everything goes. Pure; the fonts are only measured.
    fn layout(&self, fonts: &Fonts) -> Layout;
}

/// Whether a PNG, such as a signature from a pad, has anything on it.
///
/// # Errors
///
/// [`DocumentError::Picture`] when it cannot be read.
pub fn has_ink(png: &[u8]) -> Result<bool, DocumentError> {
    Ok(picture::read(png)?.width > 0)
}

/// Makes the PDF of a paper.
///
/// # Errors
///
/// [`DocumentError::MissingGlyphs`] when a character cannot be printed; [`DocumentError::Code`] when a number or address
/// does not fit its code; [`DocumentError::Picture`] when a picture cannot be read.
pub fn render(paper: &(impl Paper + ?Sized), fonts: &Fonts) -> Result<Vec<u8>, DocumentError> {
    pdf::write(&paper.layout(fonts), fonts)
}
