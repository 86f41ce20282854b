//! What is wrong with what somebody typed.

use serde_json::json;
use web::{
    ProblemField,
    text::{code_point, is_hidden, is_hidden_in_lines},
};

/// What is wrong with a text that is printed: its length, or characters that cannot be.
pub(crate) fn fault_of(pointer: String, text: &str, most: usize) -> Option<ProblemField> {
    unreadable(&pointer, text, most, is_hidden_in_lines).or_else(|| unprintable(pointer, text))
}

/// The same of a text that is one line.
pub(crate) fn fault_of_line(pointer: String, text: &str, most: usize) -> Option<ProblemField> {
    unreadable(&pointer, text, most, is_hidden).or_else(|| unprintable(pointer, text))
}

/// What is wrong with a text that is read on a screen and never printed.
pub(crate) fn fault_of_words(pointer: &str, text: &str, most: usize) -> Option<ProblemField> {
    unreadable(pointer, text, most, is_hidden_in_lines)
}

/// A text that has to be there and is not.
pub(crate) fn missing(pointer: &str, text: &str) -> Option<ProblemField> {
    text.trim().is_empty().then(|| ProblemField::new(pointer.to_owned(), "required").value(text))
}

fn unreadable(pointer: &str, text: &str, most: usize, hidden: fn(char) -> bool) -> Option<ProblemField> {
    let field = |code| ProblemField::new(pointer.to_owned(), code).value(text);
    if text.chars().count() > most {
        return Some(field("too-long").params(json!({ "max": most })));
    }
    let found = text.chars().find(|found| hidden(*found))?;
    Some(field("control-character").params(json!({ "character": code_point(found) })))
}

fn unprintable(pointer: String, text: &str) -> Option<ProblemField> {
    let named = |found: char| format!("{found} {}", code_point(found));
    let missing: Vec<_> = documents::Fonts::shared().missing(text).into_iter().map(named).collect();
    let field = || ProblemField::new(pointer, "missing-glyphs").value(text).params(json!({ "characters": missing }));
    (!missing.is_empty()).then(field)
}
