//! Characters that have no place in what people type.

/// Control characters, and those that turn, join or hide what stands beside them: none has a place in a name.
pub fn is_hidden(character: char) -> bool {
    let steers = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}');
    character.is_control() || steers
}

/// The same in a text that may have lines and tabs.
pub fn is_hidden_in_lines(character: char) -> bool {
    is_hidden(character) && !matches!(character, '\n' | '\r' | '\t')
}

/// The name of a character: `U+202E`.
pub fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_not_hidden() {
        let typed = "欧阳晓岚·Ömer O’Neill 〔2026〕１号，①𠮷（男）";
        assert!(!typed.contains(is_hidden), "{typed}");
        assert!(!"第一行\r\n\t第二行".contains(is_hidden_in_lines));
        for hidden in
            ['\0', '\u{7}', '\n', '\u{7f}', '\u{85}', '\u{200b}', '\u{202e}', '\u{2067}', '\u{feff}', '\u{fffd}']
        {
            assert!(is_hidden(hidden), "{}", code_point(hidden));
        }
    }
}
