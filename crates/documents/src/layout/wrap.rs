//! Breaking text into lines by UAX #14, which keeps Chinese punctuation off the wrong end of a line.

use unicode_linebreak::{BreakOpportunity, linebreaks};

use crate::text::printable;
use crate::{Face, Fonts};

/// More than this between two characters, in em, looks like a gap and is extracted as one.
pub(super) const WIDEST_SPACING: f32 = 0.08;

/// One line of a wrapped text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// In em.
    pub(super) width: f32,
    /// Whether a paragraph ends here, so that the line is not to be justified.
    pub(super) ends: bool,
}

/// Breaks a text into lines of at most `width` em; the first line of each paragraph is shorter by `indent`. A word that
/// is longer than a line is broken anywhere.
pub(super) fn wrap(fonts: &Fonts, face: Face, text: &str, width: f32, indent: f32) -> Vec<Line> {
    let text = printable(text);
    let mut filling = Filling { fonts, face, room: width, indent, first: true, lines: Vec::new(), line: String::new() };
    let mut from = 0;
    for (to, opportunity) in linebreaks(&text) {
        let at_end = to == text.len();
        if opportunity == BreakOpportunity::Allowed && (parts_a_date(&text, to) || parts_a_mark(&text, to)) {
            continue;
        }
        filling.add(text[from..to].trim_end_matches('\n'));
        if opportunity == BreakOpportunity::Mandatory && (!at_end || text.ends_with('\n')) {
            filling.end_paragraph();
        }
        from = to;
    }
    if !filling.line.is_empty() || filling.lines.is_empty() {
        filling.end_paragraph();
    }
    filling.lines
}

/// A number is not parted from the 年, 月, 日 and so on that it counts, nor a date after its year or month.
fn parts_a_date(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    let digit = |c: char| c.is_ascii_digit();
    before.is_some_and(digit) && after.is_some_and(|c| "年月日时分号条款项个份天元".contains(c))
        || before.is_some_and(|c| "年月".contains(c)) && after.is_some_and(digit)
}

/// The year of a document's number, 〔2026〕, and marks such as 〔待核对〕 are not broken, nor parted from what they follow.
fn parts_a_mark(text: &str, at: usize) -> bool {
    const LONGEST: usize = 5;
    let inside = || text[..at].chars().rev().take(LONGEST).take_while(|c| *c != '〕').any(|c| c == '〔');
    text[at..].starts_with('〔') || inside()
}

struct Filling<'a> {
    fonts: &'a Fonts,
    face: Face,
    room: f32,
    indent: f32,
    first: bool,
    lines: Vec<Line>,
    line: String,
}

impl Filling<'_> {
    fn add(&mut self, piece: &str) {
        let together = self.width(&self.line) + self.width(piece.trim_end());
        if together <= self.available() {
            self.line.push_str(piece);
            return;
        }
        if !self.line.is_empty() {
            self.end_line(false);
        }
        if self.width(piece.trim_end()) <= self.available() {
            self.line.push_str(piece);
            return;
        }
        for c in piece.chars() {
            let with = self.width(&self.line) + self.fonts.advance(self.face, c);
            if with > self.available() && !self.line.is_empty() {
                self.end_line(false);
            }
            self.line.push(c);
        }
    }

    fn end_paragraph(&mut self) {
        self.keep_company();
        self.end_line(true);
        self.first = true;
    }

    /// One character and a full stop do not make a line: the last character of the line before comes down to them, if that
    /// line can still be spaced out to the edge.
    fn keep_company(&mut self) {
        const SHORT: usize = 2;
        const LONG: usize = 12;
        if self.line.is_empty() || self.line.chars().count() > SHORT {
            return;
        }
        let Some(before) = self.lines.last_mut().filter(|line| !line.ends && line.text.chars().count() > LONG) else {
            return;
        };
        let gaps = before.text.chars().count().saturating_sub(2) as f32;
        let mut last = before.text.chars().rev();
        if let (Some(moved), Some(left)) = (last.next(), last.next())
            && is_han(moved)
            && is_han(left)
            && self.line.starts_with(is_han)
            && self.room - before.width + self.fonts.advance(self.face, moved) <= gaps * WIDEST_SPACING
        {
            before.text.truncate(before.text.len() - moved.len_utf8());
            before.width -= self.fonts.advance(self.face, moved);
            self.line.insert(0, moved);
        }
    }

    fn end_line(&mut self, ends: bool) {
        let text = std::mem::take(&mut self.line).trim_end().to_owned();
        let width = self.width(&text);
        self.lines.push(Line { text, width, ends });
        self.first = false;
    }

    fn available(&self) -> f32 {
        // A hair of tolerance, so that rounding does not throw out the last character of a full line.
        self.room - if self.first { self.indent } else { 0.0 } + 0.001
    }

    fn width(&self, text: &str) -> f32 {
        self.fonts.width(self.face, text)
    }
}

/// Between two of these a line may be broken.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: f32, indent: f32) -> Vec<String> {
        let lines = wrap(Fonts::shared(), Face::Song, text, width, indent);
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn no_line_starts_with_a_comma_or_ends_with_an_opening_bracket() {
        assert_eq!(lines("甲乙丙丁，戊己庚（辛）壬癸", 4.0, 0.0), ["甲乙丙", "丁，戊己", "庚（辛）", "壬癸"]);
    }

    #[test]
    fn the_first_line_of_each_paragraph_is_indented() {
        assert_eq!(lines("甲乙丙丁戊\n己庚辛", 4.0, 2.0), ["甲乙", "丙丁戊", "己庚", "辛"]);
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        assert_eq!(lines("甲乙丙丁2026年3月", 6.0, 0.0), ["甲乙丙丁", "2026年3月"]);
        assert_eq!(lines("自甲至2026年3月15日止", 8.0, 0.0), ["自甲至", "2026年3月15日止"]);
    }

    #[test]
    fn a_number_of_a_document_and_a_mark_are_not_broken() {
        assert_eq!(lines("见安市监受〔2026〕1号文", 8.0, 0.0), ["见安市监", "受〔2026〕1号文"]);
        assert_eq!(lines("第三十五条〔待核对〕。", 8.0, 0.0), ["第三十五", "条〔待核对〕。"]);
    }

    #[test]
    fn one_character_does_not_make_a_line_unless_the_line_before_would_gape() {
        let text = "自收到申请材料之日起即为受理甲乙丙。";
        assert_eq!(lines(text, 16.0, 0.0), ["自收到申请材料之日起即为受理甲", "乙丙。"]);
        assert_eq!(lines(text, 16.9, 0.0), ["自收到申请材料之日起即为受理甲乙", "丙。"]);
        assert_eq!(
            lines("自收到申请材料之日起即为受理（甲）乙。", 17.0, 0.0),
            ["自收到申请材料之日起即为受理（甲）", "乙。"]
        );
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        let broken = lines(&format!("见{}", "x".repeat(100)), 10.0, 0.0);
        assert!(broken.len() > 4);
        assert_eq!(broken.concat().len(), "见".len() + 100);
    }

    #[test]
    fn nothing_is_one_empty_line_and_control_characters_vanish() {
        assert_eq!(lines("", 10.0, 0.0), [""]);
        assert_eq!(lines("甲\r\n\u{7}乙\u{feff}\t丙", 10.0, 0.0), ["甲", "乙 丙"]);
    }
}
