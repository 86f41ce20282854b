//! Text as it can be set in type.

/// A text with line feeds as its only control characters, and without characters that have no shape.
pub(crate) fn printable(text: &str) -> String {
    const ENDS_OF_LINES: [char; 6] = ['\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}', '\u{85}'];
    let text = text.replace("\r\n", "\n").replace(ENDS_OF_LINES, "\n");
    text.chars()
        .map(|c| if matches!(c, '\t' | '\u{a0}') { ' ' } else { c })
        .filter(|c| *c == '\n' || !(c.is_control() || is_shapeless(*c)))
        .collect()
}

/// The same on one line.
pub(crate) fn on_one_line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

/// Characters that only steer line breaking, direction or byte order.
fn is_shapeless(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}
