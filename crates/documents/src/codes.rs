//! QR codes and Code 128 as runs of dark modules, to be drawn as vectors.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

/// Why a text has no code.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The text is too long for a QR code.
    #[error("the text of {bytes} bytes does not fit a QR code")]
    Qr {
        /// Length of the text.
        bytes: usize,
        /// What the encoder says.
        #[source]
        source: qrcode::types::QrError,
    },

    /// A bar code holds digits only.
    #[error("“{0}” is not a number for a bar code")]
    NotDigits(String),
}

/// A run of dark modules in one row, in modules from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) column: usize,
    pub(crate) row: usize,
    pub(crate) length: usize,
}

/// Dark runs of a symbol that is `columns` modules wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Symbol {
    pub(crate) columns: usize,
    pub(crate) runs: Vec<Run>,
}

/// A QR code without its quiet zone.
pub(crate) fn qr(text: &str) -> Result<Symbol, CodeError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|source| CodeError::Qr { bytes: text.len(), source })?;
    let columns = code.width();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|c| c == Color::Dark).collect();
    let rows = dark.chunks(columns).enumerate();
    let runs = rows.flat_map(|(row, modules)| dark_runs(row, modules)).collect();
    Ok(Symbol { columns, runs })
}

/// A Code 128 in subset C, two digits to a symbol, without its quiet zones. An odd first digit is put in subset B.
pub(crate) fn code128(digits: &str) -> Result<Symbol, CodeError> {
    let not_digits = || CodeError::NotDigits(digits.to_owned());
    if digits.len() < 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(not_digits());
    }
    const SUBSET_B: char = 'Ɓ';
    const SUBSET_C: char = 'Ć';
    let coded = if digits.len().is_multiple_of(2) {
        format!("{SUBSET_C}{digits}")
    } else {
        format!("{SUBSET_B}{}{SUBSET_C}{}", &digits[..1], &digits[1..])
    };
    let modules: Vec<bool> =
        Code128::new(coded).map_err(|_| not_digits())?.encode().into_iter().map(|module| module == 1).collect();
    Ok(Symbol { columns: modules.len(), runs: dark_runs(0, &modules) })
}

fn dark_runs(row: usize, modules: &[bool]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut column = 0;
    for same in modules.chunk_by(|a, b| a == b) {
        if same[0] {
            runs.push(Run { column, row, length: same.len() });
        }
        column += same.len();
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_digits_take_eight_symbols() {
        let symbol = code128("4401202603050012").expect("digits");
        // Start, eight pairs, check symbol, stop.
        assert_eq!(symbol.columns, 11 + 8 * 11 + 11 + 13);
        assert_eq!(symbol.runs[0], Run { column: 0, row: 0, length: 2 });
    }

    #[test]
    fn an_odd_number_of_digits_is_coded_too() {
        assert!(code128("123").is_ok());
    }

    #[test]
    fn letters_have_no_bar_code() {
        assert!(matches!(code128("12A4"), Err(CodeError::NotDigits(_))));
        assert!(matches!(code128(""), Err(CodeError::NotDigits(_))));
    }

    #[test]
    fn an_endless_address_has_no_qr_code() {
        assert!(matches!(qr(&"长".repeat(2000)), Err(CodeError::Qr { bytes: 6000, .. })));
    }
}
