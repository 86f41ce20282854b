//! Rules of the catalogue: expressions of the Common Expression Language that are true or false about an application.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock},
};

use cel::{Context, Env, ExecutionError, Program, Value as CelValue};
use domain::identity::CitizenId;
use jiff::{Span, Unit, civil::Date};
use serde_json::Value;

use crate::mentions::mentions;

/// A rule that was read (规则).
#[derive(Debug)]
pub struct Rule {
    text: String,
    program: Program,
    mentions: BTreeSet<(String, Option<String>)>,
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// It is no expression.
    #[error("{0}")]
    Syntax(String),
    /// It speaks of something that no rule sees.
    #[error("there is no {0}")]
    Unknown(String),
}

/// What a rule can speak of: see `docs/catalogue.md`.
pub const NAMES: [&str; 6] = ["applicant", "agent", "answers", "form", "materials", "today"];

const FUNCTIONS: [&str; 5] = ["days", "years", "plus_days", "plus_months", "plus_years"];

static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`RuleError`], when the text is no expression or speaks of what no rule sees.
    pub fn read(text: &str) -> Result<Self, RuleError> {
        let program = LANGUAGE.compile(text).map_err(|error| RuleError::Syntax(error.to_string()))?;
        let mentions = mentions(program.expression());
        if let Some((name, _)) = mentions.iter().find(|(name, _)| !NAMES.contains(&name.as_str())) {
            return Err(RuleError::Unknown(name.clone()));
        }
        Ok(Self { text: text.to_owned(), program, mentions })
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fields of the form that it looks at.
    pub fn form_fields(&self) -> impl Iterator<Item = &str> {
        self.fields_of("form")
    }

    /// The questions whose answers it looks at.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.fields_of("answers")
    }

    fn fields_of(&self, of: &str) -> impl Iterator<Item = &str> {
        self.mentions.iter().filter(move |(name, _)| name == of).filter_map(|(_, field)| field.as_deref())
    }

    /// Whether it holds; `None` while something it needs has not been said yet.
    pub fn holds(&self, facts: &Facts) -> Option<bool> {
        match self.program.execute(&facts.0) {
            Ok(CelValue::Bool(holds)) => Some(holds),
            _ => None,
        }
    }
}

/// What is known of an application, for rules.
pub struct Facts(Context<'static, 'static>);

/// What is known of an application.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Application {
    /// `kind`, `name`, `id_number`; of a person `birth`, and `age` today.
    pub applicant: Value,
    /// `name` and `id_number` of the agent, both empty when nobody acts for the applicant.
    pub agent: Value,
    /// The code of the chosen option by the code of the question.
    pub answers: Value,
    /// The form.
    pub form: Value,
    /// What was handed in, by code.
    pub materials: Value,
}

impl Application {
    /// Says when an applicant who is a person was born, and how old that makes them on a day.
    pub fn tell_age(&mut self, today: Date) {
        let number = self.applicant["id_number"].as_str().unwrap_or_default();
        let Ok(number) = CitizenId::parse(number, today) else { return };
        let birth = number.birth_date();
        let age = birth.until((Unit::Year, today)).map_or(0, |lived| lived.get_years());
        self.applicant["birth"] = birth.to_string().into();
        self.applicant["age"] = age.into();
    }
}

impl Facts {
    /// The facts of an application on a day.
    pub fn of(application: &Application, today: Date) -> Self {
        let mut facts = Context::with_env(LANGUAGE.clone());
        let Application { applicant, agent, answers, form, materials } = application;
        for (name, value) in
            [("applicant", applicant), ("agent", agent), ("answers", answers), ("form", form), ("materials", materials)]
        {
            facts.add_variable_from_value(name, cel_value(value));
        }
        facts.add_variable_from_value("today", today.to_string());
        add_functions(&mut facts);
        Self(facts)
    }
}

type Text = Arc<String>;

fn add_functions(facts: &mut Context<'static, 'static>) {
    let [days, years, plus_days, plus_months, plus_years] = FUNCTIONS;
    let added = [
        facts.add_function(days, |from: Text, to: Text| {
            Ok::<_, ExecutionError>(i64::from((date(days, &to)? - date(days, &from)?).get_days()))
        }),
        facts.add_function(years, |from: Text, to: Text| {
            let since = date(years, &from)?.until((Unit::Year, date(years, &to)?));
            since.map(|since| i64::from(since.get_years())).map_err(|error| failed(years, error))
        }),
        facts.add_function(plus_days, |from: Text, n: i64| plus(plus_days, &from, Span::new().try_days(n))),
        facts.add_function(plus_months, |from: Text, n: i64| plus(plus_months, &from, Span::new().try_months(n))),
        facts.add_function(plus_years, |from: Text, n: i64| plus(plus_years, &from, Span::new().try_years(n))),
    ];
    debug_assert!(added.iter().all(Result::is_ok), "the functions have names of their own");
}

fn plus(function: &str, from: &str, span: Result<Span, jiff::Error>) -> Result<CelValue, ExecutionError> {
    let date = date(function, from)?.checked_add(span.map_err(|error| failed(function, error))?);
    date.map(|date| date.to_string().into()).map_err(|error| failed(function, error))
}

fn date(function: &str, text: &str) -> Result<Date, ExecutionError> {
    text.parse().map_err(|error| failed(function, error))
}

fn failed(function: &str, error: jiff::Error) -> ExecutionError {
    ExecutionError::function_error(function, error)
}

/// JSON for rules: a whole number is an integer that can be subtracted from.
fn cel_value(value: &Value) -> CelValue {
    match value {
        Value::Null => CelValue::Null,
        Value::Bool(value) => CelValue::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => CelValue::Int(whole),
            None => CelValue::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => CelValue::String(Arc::new(text.clone())),
        Value::Array(values) => CelValue::List(Arc::new(values.iter().map(cel_value).collect())),
        Value::Object(fields) => {
            let fields: HashMap<String, CelValue> =
                fields.iter().map(|(name, value)| (name.clone(), cel_value(value))).collect();
            CelValue::Map(fields.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    fn holds(rule: &str, form: Value) -> Option<bool> {
        let application = Application {
            applicant: json!({ "kind": "person", "name": "李秀兰", "birth": "1980-01-01", "age": 46 }),
            agent: json!({ "name": "", "id_number": "" }),
            answers: json!({ "place": "rent" }),
            form,
            materials: json!({ "lease": { "copies": 1 } }),
        };
        Rule::read(rule).unwrap().holds(&Facts::of(&application, date(2026, 6, 15)))
    }

    #[test]
    fn a_rule_is_true_false_or_waits_for_what_is_not_said_yet() {
        assert_eq!(holds("form.area > 0", json!({ "area": 48.5 })), Some(true));
        assert_eq!(holds("form.area > 0", json!({ "area": 0 })), Some(false));
        assert_eq!(holds("form.area > 0", json!({})), None);
        assert_eq!(holds("!has(form.staff) || form.staff - 5 > 0", json!({})), Some(true));
        assert_eq!(holds("!has(form.staff) || form.staff - 5 > 0", json!({ "staff": 3 })), Some(false));
    }

    #[test]
    fn rules_see_answers_materials_and_the_day() {
        assert_eq!(holds("answers.place == 'rent' && 'lease' in materials", json!({})), Some(true));
        assert_eq!(holds("form.until >= plus_years(today, 1)", json!({ "until": "2027-06-15" })), Some(true));
        assert_eq!(holds("form.until >= plus_years(today, 1)", json!({ "until": "2027-06-14" })), Some(false));
        assert_eq!(
            holds("days(form.from, form.to) + 1 <= 30", json!({ "from": "2026-06-01", "to": "2026-06-30" })),
            Some(true)
        );
        assert_eq!(holds("years(applicant.birth, today) == applicant.age", json!({})), Some(true));
        assert_eq!(holds("plus_months('2026-01-31', 1) == '2026-02-28'", json!({})), Some(true));
        assert_eq!(holds("days('soon', today) > 1", json!({})), None);
    }

    #[test]
    fn a_rule_about_nothing_known_is_no_rule() {
        assert_eq!(Rule::read("frm.area > 0").unwrap_err(), RuleError::Unknown("frm".into()));
        assert!(matches!(Rule::read("form.area >").unwrap_err(), RuleError::Syntax(_)));
        let rule = Rule::read("form.staff.all(s, s.age <= form.oldest) && answers.place == 'rent'").unwrap();
        assert_eq!(rule.form_fields().collect::<Vec<_>>(), ["oldest", "staff"]);
        assert_eq!(rule.questions().collect::<Vec<_>>(), ["place"]);
    }
}
