//! From the text of an item file to an item, or to everything that is wrong with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use domain::{ids::DepartmentId, item::Item, number::ImplementationCode};
use jiff::civil::Date;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use toml::de::DeTable;

use crate::{
    CatalogueItem,
    entry::{ExampleEntry, ItemEntry},
    place::line_of,
    review::{Finding, ItemRules, Looked, Review},
    rules::{Application, NAMES, Rule},
};

static SHAPE: LazyLock<Validator> = LazyLock::new(|| {
    let schema = include_str!("../../../catalogue/item.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is part of the program");
    jsonschema::draft202012::new(&schema).expect("the schema is part of the program")
});

/// One thing that is wrong with a file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {field} {why}{}", shown(.value))]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// Where in the file, as a JSON pointer; empty for the whole.
    pub field: String,
    /// What stands there, shortened; empty when nothing does.
    pub value: String,
    /// What is wrong with it.
    pub why: String,
}

impl Fault {
    /// What is wrong with a field of an item file.
    pub fn of(file: &str, text: &str, field: &str, value: impl ToString, why: impl ToString) -> Self {
        Self {
            file: file.to_owned(),
            line: DeTable::parse(text).map_or(1, |root| line_of(text, root.get_ref(), field)),
            field: field.to_owned(),
            value: value.to_string().chars().take(LONGEST_VALUE).collect(),
            why: why.to_string(),
        }
    }
}

/// Longer values are cut: the line says where to look.
const LONGEST_VALUE: usize = 120;

fn shown(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(": {value}") }
}

/// An example's day for checking that it is valid; its dates hold for years around it.
const EXAMPLE_DAY: Date = jiff::civil::date(2026, 6, 15);

/// The item of a file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_item(
    file: &str,
    text: &str,
    departments: &BTreeMap<DepartmentId, String>,
) -> Result<CatalogueItem, Vec<Fault>> {
    let (root, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        let fault = |error: toml::de::Error| Fault {
            file: file.to_owned(),
            line: error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            field: String::new(),
            value: String::new(),
            why: format!("is no TOML: {}", error.message()),
        };
        return Err(broken.into_iter().map(fault).collect());
    }
    let mut faults = Faults { file, text, root: root.get_ref(), found: vec![] };
    let item = faults.read(departments);
    match item {
        Some(item) if faults.found.is_empty() => Ok(item),
        _ => Err(faults.found),
    }
}

struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    root: &'a DeTable<'a>,
    found: Vec<Fault>,
}

impl Faults<'_> {
    fn add(&mut self, field: &str, value: impl ToString, why: impl ToString) {
        self.found.push(Fault {
            file: self.file.to_owned(),
            line: line_of(self.text, self.root, field),
            field: field.to_owned(),
            value: value.to_string().chars().take(LONGEST_VALUE).collect(),
            why: why.to_string(),
        });
    }

    fn read(&mut self, departments: &BTreeMap<DepartmentId, String>) -> Option<CatalogueItem> {
        let value: Value = toml::from_str(self.text).map_err(|error| self.add("", "", error.message())).ok()?;
        for error in SHAPE.iter_errors(&value) {
            self.add(error.instance_path().as_str(), "", format!("is not as it must be: {error}"));
        }
        if !self.found.is_empty() {
            return None;
        }
        let entry: ItemEntry = serde_json::from_value(value).map_err(|error| self.add("", "", error)).ok()?;
        let code = ImplementationCode::parse(&entry.code).map_err(|error| self.add("/code", &entry.code, error)).ok();
        let department = departments.get(&DepartmentId(entry.department));
        if department.is_none() {
            self.add("/department", entry.department, "is no department that the hall knows");
        }
        // Without one the item is refused; what else is wrong with it is looked for all the same.
        let item = entry.item(code?, department.map_or("", String::as_str))?;
        self.codes(&item);
        let schema = self.json("/form/schema", &entry.form.schema);
        let layout = self.json("/form/layout", &entry.form.layout);
        let (schema, layout) = (schema?, layout?);
        let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
        let validator = validator.map_err(|error| self.add("/form/schema", "", error)).ok()?;
        let mut mentions = vec![];
        let rules = ItemRules::read(&item, |at, rule| {
            mentions.extend(unknown(&item, &schema, rule).map(|name| (at.to_owned(), name, rule.text().to_owned())));
        });
        for (at, name, rule) in mentions {
            self.add(&at, rule, format!("speaks of {name}, which there is not"));
        }
        let rules = match rules {
            Ok(rules) => rules,
            Err(faults) => {
                for (at, text, error) in faults {
                    self.add(&at, text, format!("is no rule: {error}"));
                }
                return None;
            }
        };
        self.pointers(&item, &schema);
        let read =
            CatalogueItem { example: application(&entry.example, &item, None), item, schema, layout, rules, validator };
        self.example(&entry, &read);
        Some(read)
    }

    fn json(&mut self, field: &str, text: &str) -> Option<Value> {
        let value: Result<Map<String, Value>, _> = serde_json::from_str(text);
        value.map(Value::Object).map_err(|error| self.add(field, "", format!("is no JSON object: {error}"))).ok()
    }

    /// Codes are unique, and every option of a question decides something.
    fn codes(&mut self, item: &Item) {
        let mut seen = BTreeSet::new();
        for (n, material) in item.materials.iter().enumerate() {
            if !seen.insert(&material.code) {
                self.add(&format!("/materials/{n}/code"), &material.code, "is there twice");
            }
        }
        let mut seen = BTreeSet::new();
        for (_, point) in item.all_points() {
            if !seen.insert(&point.code) {
                self.add("/points", &point.code, "is the code of two review points");
            }
        }
        let mut seen = BTreeSet::new();
        for (n, question) in item.questions.iter().enumerate() {
            if !seen.insert(&question.code) {
                self.add(&format!("/questions/{n}/code"), &question.code, "is there twice");
            }
            let options: BTreeSet<_> = question.options.iter().map(|option| &option.code).collect();
            if options.len() < question.options.len() {
                self.add(&format!("/questions/{n}/options"), &question.code, "has an option twice");
            }
        }
    }

    /// Pointers into the form point at one of its fields.
    fn pointers(&mut self, item: &Item, schema: &Value) {
        let rows = item.result.rows.iter().enumerate().map(|(n, row)| (format!("/result/rows/{n}"), &row.pointer));
        let fields = item.department_fields.iter().enumerate();
        let fields = fields.map(|(n, field)| (format!("/department_fields/{n}"), &field.pointer));
        let until = match &item.result.validity {
            domain::item::Validity::Until(pointer) => Some(("/result/validity".to_owned(), pointer)),
            _ => None,
        };
        for (at, pointer) in rows.chain(fields).chain(until).collect::<Vec<_>>() {
            let mut segments = pointer.split('/').skip(1);
            let known = match (segments.next(), segments.next()) {
                (Some("form"), Some(field)) => schema["properties"].get(field).is_some(),
                (Some(root), _) => NAMES.contains(&root) || root == "item",
                _ => false,
            };
            if !known {
                self.add(&at, pointer, "points at nothing");
            }
        }
    }

    /// The example is valid, and what is said to violate a point violates it and no other.
    fn example(&mut self, entry: &ItemEntry, read: &CatalogueItem) {
        for error in read.validator.iter_errors(&read.example.form) {
            self.add(&format!("/example/form{}", error.instance_path()), "", error);
        }
        let today = EXAMPLE_DAY;
        let ticked: Vec<&str> = read.item.all_points().map(|(_, point)| point.code.as_str()).collect();
        let review = read.rules.review(&read.item, &read.example, Looked::met(&ticked), today);
        for point in review.points.iter().filter(|point| point.finding != Finding::Met) {
            self.add("/example", point.code, "does not meet its own review point");
        }
        self.answers(read, &review);
        for (at, point) in entry.all_points().filter(|(_, point)| !point.violated_by.is_empty()) {
            let at = format!("{at}/violated_by");
            let violating = application(&entry.example, &read.item, Some(&point.violated_by));
            let review = read.rules.review(&read.item, &violating, Looked::met(&ticked), today);
            let not_met: Vec<_> =
                review.points.iter().filter(|point| point.finding != Finding::Met).map(|point| point.code).collect();
            if not_met != [point.code()] {
                self.add(
                    &at,
                    format!("{not_met:?}"),
                    format!("must violate {} and nothing else, but violates", point.code()),
                );
            }
            if let Some(error) = read.validator.iter_errors(&violating.form).next() {
                self.add(&at, "", format!("makes the form itself wrong: {error}"));
            }
        }
    }

    fn answers(&mut self, read: &CatalogueItem, review: &Review<'_>) {
        for code in &review.questions {
            let question = read.item.questions.iter().find(|question| question.code == *code);
            let answer = read.example.answers[*code].as_str().unwrap_or_default();
            if question.is_some_and(|question| !question.options.iter().any(|option| option.code == answer)) {
                self.add("/example/answers", answer, format!("does not answer {code}"));
            }
        }
    }
}

/// The fields and questions that a rule speaks of and that there are not.
fn unknown(item: &Item, schema: &Value, rule: &Rule) -> impl Iterator<Item = String> {
    let fields = rule.form_fields().filter(|field| schema["properties"].get(*field).is_none());
    let known = |code: &str| item.questions.iter().any(|question| question.code == code);
    let questions = rule.questions().filter(move |code| !known(code));
    fields.map(|field| format!("form.{field}")).chain(questions.map(|code| format!("answers.{code}")))
}

/// The application of an example, with everything handed in that it is asked for; `change` is merged into it.
fn application(example: &ExampleEntry, item: &Item, change: Option<&Map<String, Value>>) -> Application {
    let person = example.applicant == "person";
    let name = if person { "李秀兰" } else { "安澜好味餐饮有限公司" };
    let number = if person { "990100198001010026" } else { "91990100MA0000001G" };
    let mut applicant = json!({
        "kind": example.applicant,
        "name": example.name.as_deref().unwrap_or(name),
        "id_number": example.id_number.as_deref().unwrap_or(number),
    });
    let mut whole = json!({
        "applicant": applicant.take(),
        "agent": { "name": "", "id_number": "" },
        "answers": example.answers,
        "form": example.form,
        "materials": {},
    });
    for material in &item.materials {
        whole["materials"][&material.code] = json!({ "copies": material.copies.max(1) });
    }
    merge(&mut whole, &json!({ "materials": example.materials }));
    if let Some(change) = change {
        merge(&mut whole, &Value::Object(change.clone()));
    }
    let mut application = Application {
        applicant: whole["applicant"].take(),
        agent: whole["agent"].take(),
        answers: whole["answers"].take(),
        form: whole["form"].take(),
        materials: whole["materials"].take(),
    };
    application.tell_age(EXAMPLE_DAY);
    application
}

/// JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in patch {
        match (value, target.as_object_mut()) {
            (Value::Null, Some(target)) => drop(target.remove(name)),
            (value, Some(target)) => merge(target.entry(name).or_insert(Value::Null), value),
            (_, None) => {}
        }
    }
}
