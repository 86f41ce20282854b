//! What stands where in an application: the pointers of results, texts and fields of departments.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use serde_json::{Value, json};

use crate::message::{ItemResult, TaskAssigned};

impl TaskAssigned {
    /// What stands at a JSON pointer into `{"applicant": …, "agent": …, "answers": …, "form": …}`, in words; empty where nothing
    /// does. Several values are parted by 、.
    pub fn words_at(&self, pointer: &str) -> String {
        let answers = self.answers.iter().map(|answer| (&answer.question, &answer.label));
        let application = json!({
            "applicant": self.applicant,
            "agent": self.agent,
            "answers": answers.collect::<BTreeMap<_, _>>(),
            "form": self.form.to_value().unwrap_or_default(),
        });
        application.pointer(pointer).map_or_else(String::new, words)
    }

    /// A text with `{/pointer}` replaced by what stands there; `{/item/name}` is the item. What is no pointer stays.
    pub fn filled(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(begin) = rest.find("{/") {
            let Some(length) = rest[begin..].find('}') else { break };
            out.push_str(&rest[..begin]);
            match &rest[begin + 1..begin + length] {
                "/item/name" => out.push_str(&self.item.name),
                pointer => out.push_str(&self.words_at(pointer)),
            }
            rest = &rest[begin + length + 1..];
        }
        out + rest
    }

    /// The last day of a result that is valid from a day; none for one without end, or of which the application does not tell.
    pub fn last_valid_day(&self, from: Date) -> Option<Date> {
        let ItemResult { validity_years, validity_months, valid_until, .. } = &self.item.result;
        match (validity_years, validity_months, valid_until) {
            (Some(years), _, _) => day_before(from, Span::new().try_years(i64::from(*years)).ok()?),
            (None, Some(months), _) => day_before(from, Span::new().try_months(i64::from(*months)).ok()?),
            (None, None, Some(pointer)) => self.words_at(pointer).parse().ok(),
            (None, None, None) => None,
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(words).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

/// The day before the one that is a span later.
fn day_before(from: Date, span: Span) -> Option<Date> {
    from.checked_add(span).ok()?.yesterday().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn five_years_end_on_the_day_before_the_anniversary() {
        let years = |years| Span::new().years(years);
        assert_eq!(day_before(date(2026, 6, 16), years(5)), Some(date(2031, 6, 15)));
        assert_eq!(day_before(date(2024, 2, 29), years(1)), Some(date(2025, 2, 27)));
        assert_eq!(day_before(date(2026, 8, 31), Span::new().months(6)), Some(date(2027, 2, 27)));
    }
}
