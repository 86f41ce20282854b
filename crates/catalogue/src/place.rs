//! Where something stands in a file: the line of a JSON pointer.

use toml::de::{DeTable, DeValue};

/// The line, from 1, of what the pointer names; of the nearest thing around it when it is not there itself.
pub(crate) fn line_of(text: &str, root: &DeTable<'_>, pointer: &str) -> usize {
    let mut at = 0;
    let mut segments = pointer.split('/').skip(1);
    let mut inner = segments.next().and_then(|first| root.iter().find(|(name, _)| name.get_ref() == first));
    let mut value = inner.take().map(|(name, value)| {
        at = name.span().start;
        value
    });
    for segment in segments {
        value = match value.map(|value| value.get_ref()) {
            Some(DeValue::Table(table)) => {
                table.iter().find(|(name, _)| name.get_ref() == segment).map(|(name, value)| {
                    at = name.span().start;
                    value
                })
            }
            Some(DeValue::Array(values)) => {
                let value = segment.parse().ok().and_then(|index: usize| values.get(index));
                at = value.map_or(at, |value| value.span().start);
                value
            }
            _ => None,
        };
    }
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_the_nearest_thing() {
        let text = "a = 1\n\n[b]\nc = [\n  1,\n  2,\n]\n\n[[d]]\ne = 1\n[[d]]\ne = 2\n";
        let table = DeTable::parse(text).unwrap();
        let line = |pointer| line_of(text, table.get_ref(), pointer);
        assert_eq!([line("/a"), line("/b/c/1"), line("/b/x"), line("/d/1/e"), line("")], [1, 6, 3, 12, 1]);
    }
}
