//! What is wrong with what somebody typed, field by field.

use std::{collections::BTreeMap, ops::RangeInclusive};

use catalogue::{CatalogueItem, Finding, PointFinding, Review};
use domain::{
    identity::{CitizenId, CreditCode, IdentityError, Phone},
    item::{Item, Subject},
};
use jiff::civil::Date;
use jsonschema::error::ValidationErrorKind as ErrorKind;
use protocol::MissingPoint;
use serde_json::{Value, json};
use web::{
    ProblemField,
    text::{code_point, is_hidden, is_hidden_in_lines},
};

use crate::{
    HallError,
    deliver_case::traced,
    records::{AgentRecord, ApplicantKind, ApplicantRecord, CollectorRecord, MaterialRecord, PostRecord},
    take_filing::NewCase,
};

/// The longest words of a notice about a point, in characters, as the protocol bounds them.
const LONGEST_POINT: usize = 500;

/// How long the number of a parcel is.
const TRACED: RangeInclusive<usize> = 8..=30;

/// The faults found so far.
#[derive(Default)]
pub(crate) struct Faults(Vec<ProblemField>);

impl Faults {
    pub(crate) fn add(&mut self, field: ProblemField) {
        self.0.push(field);
    }

    pub(crate) fn into_fields(self) -> Vec<ProblemField> {
        self.0
    }

    /// Nothing, or all that is wrong.
    pub(crate) fn check(self) -> Result<(), HallError> {
        if self.0.is_empty() { Ok(()) } else { Err(HallError::Invalid(self.0)) }
    }

    /// Lines of text that stand on a paper, of a length in characters.
    pub(crate) fn lines(&mut self, pointer: &str, text: &str, least: usize, most: usize) {
        let length = text.chars().count();
        let field = |code| ProblemField::new(pointer.to_owned(), code).value(text);
        if text.trim().is_empty() && least > 0 {
            self.add(field("required"));
        } else if length > most {
            self.add(field("too-long").params(json!({ "max": most })));
        } else if let Some(hidden) = text.chars().find(|found| is_hidden_in_lines(*found)) {
            self.add(field("control-character").params(json!({ "character": code_point(hidden) })));
        } else {
            self.printable(pointer, text);
        }
    }

    /// A line of text of a length in characters, without control characters.
    pub(crate) fn line(&mut self, pointer: &str, text: &str, least: usize, most: usize) {
        let length = text.chars().count();
        let field = |code| ProblemField::new(pointer.to_owned(), code).value(text);
        if text.trim().is_empty() && least > 0 {
            self.add(field("required"));
        } else if length < least {
            self.add(field("too-short").params(json!({ "min": least })));
        } else if length > most {
            self.add(field("too-long").params(json!({ "max": most })));
        } else if let Some(hidden) = text.chars().find(|found| is_hidden(*found)) {
            self.add(field("control-character").params(json!({ "character": code_point(hidden) })));
        }
    }

    /// A line that stands on a paper: nothing is printed with a box in somebody's name.
    fn printed_line(&mut self, pointer: &str, text: &str, least: usize, most: usize) {
        let before = self.0.len();
        self.line(pointer, text, least, most);
        if self.0.len() == before {
            self.printable(pointer, text);
        }
    }

    fn printable(&mut self, pointer: &str, text: &str) {
        let missing = documents::Fonts::shared().missing(text);
        if !missing.is_empty() {
            let characters: Vec<_> =
                missing.into_iter().map(|found| format!("{found} {}", code_point(found))).collect();
            let field = ProblemField::new(pointer.to_owned(), "missing-glyphs").value(text);
            self.add(field.params(json!({ "characters": characters })));
        }
    }

    /// The name of a file, as a person sees it: no folder, and nothing that makes it read as another.
    pub(crate) fn file_name(&mut self, pointer: &str, name: &str) {
        let before = self.0.len();
        self.line(pointer, name, 1, 255);
        if self.0.len() == before && name.contains(['/', '\\']) {
            self.add(ProblemField::new(pointer.to_owned(), "not-allowed").value(name));
        }
    }

    fn optional_line(&mut self, pointer: &str, text: Option<&String>, most: usize) {
        if let Some(text) = text {
            self.printed_line(pointer, text, 1, most);
        }
    }

    fn identity<T>(&mut self, pointer: &str, text: &str, parsed: Result<T, IdentityError>) {
        if let Err(error) = parsed {
            let params = json!({ "why": error.to_string() });
            self.add(ProblemField::new(pointer.to_owned(), error.code()).value(text).params(params));
        }
    }

    /// An applicant as typed at the window. `today` bounds dates of birth.
    pub(crate) fn applicant(&mut self, at: &str, applicant: &ApplicantRecord, today: Date) {
        let ApplicantRecord { kind, name, id_number, phone, address, legal_representative, contact } = applicant;
        self.printed_line(&format!("{at}/name"), name, 2, 100);
        let pointer = format!("{at}/id_number");
        match kind {
            ApplicantKind::Person => self.identity(&pointer, id_number, CitizenId::parse(id_number, today)),
            ApplicantKind::Organisation => self.identity(&pointer, id_number, CreditCode::parse(id_number)),
        }
        self.identity(&format!("{at}/phone"), phone, Phone::parse(phone));
        self.optional_line(&format!("{at}/address"), address.as_ref(), 100);
        self.optional_line(&format!("{at}/legal_representative"), legal_representative.as_ref(), 30);
        self.optional_line(&format!("{at}/contact"), contact.as_ref(), 30);
    }

    /// Whether the item is open to such an applicant (服务对象).
    pub(crate) fn subject(&mut self, at: &str, item: &Item, kind: ApplicantKind) {
        let subject = match kind {
            ApplicantKind::Person => Subject::Person,
            ApplicantKind::Organisation => Subject::Organisation,
        };
        if !item.subjects.contains(&subject) {
            self.add(ProblemField::new(at.to_owned(), "subject-not-allowed").params(json!({ "item": item.name })));
        }
    }

    /// An agent as typed at the window.
    pub(crate) fn agent(&mut self, at: &str, agent: &AgentRecord, today: Date) {
        let AgentRecord { name, id_number, phone, authority, until } = agent;
        self.printed_line(&format!("{at}/name"), name, 2, 100);
        self.identity(&format!("{at}/id_number"), id_number, CitizenId::parse(id_number, today));
        self.identity(&format!("{at}/phone"), phone, Phone::parse(phone));
        self.printed_line(&format!("{at}/authority"), authority, 1, 200);
        if let Some(until) = until
            && *until < today
        {
            self.add(ProblemField::new(format!("{at}/until"), "expired").value(until.to_string()));
        }
    }

    /// The answers to the questions that are asked (情形).
    pub(crate) fn answers(&mut self, at: &str, item: &Item, review: &Review<'_>, answers: &BTreeMap<String, String>) {
        for question in item.questions.iter().filter(|question| review.questions.contains(&question.code.as_str())) {
            let pointer = below(at, &question.code);
            match answers.get(&question.code) {
                None => self.add(ProblemField::new(pointer, "required").params(json!({ "question": question.text }))),
                Some(answer) if question.options.iter().any(|option| option.code == *answer) => {}
                Some(answer) => self.add(ProblemField::new(pointer, "unknown").value(answer.as_str())),
            }
        }
        for (code, answer) in answers {
            if !item.questions.iter().any(|question| question.code == *code) {
                self.add(ProblemField::new(below(at, code), "unknown-field").value(answer.as_str()));
            }
        }
    }

    /// The required materials that are not there.
    pub(crate) fn materials(&mut self, at: &str, item: &Item, review: &Review<'_>, handed: &[MaterialRecord]) {
        let asked_for = item.materials.iter().filter(|it| it.required && review.materials.contains(&it.code.as_str()));
        for material in asked_for.filter(|it| !handed.iter().any(|record| record.code == it.code)) {
            let field = ProblemField::new(at.to_owned(), "required").value(material.name.as_str());
            self.add(field.params(json!({ "code": material.code })));
        }
    }

    /// The blocking review points (审查要点) that are not met.
    pub(crate) fn points(&mut self, at: &str, item: &Item, review: &Review<'_>) {
        self.open_points(at, item, review.open());
    }

    /// What the applicant was told and is not met yet, blocking or not: an advice that was given in a notice was asked for.
    pub(crate) fn told_points(&mut self, at: &str, item: &Item, review: &Review<'_>, told: &[String]) {
        let open = review
            .points
            .iter()
            .filter(|point| point.finding != Finding::Met && told.iter().any(|it| it == point.code));
        // The blocking ones are named with all the others.
        self.open_points(at, item, open.filter(|point| !point.blocking));
    }

    /// What would be told of a point at which nobody has looked.
    pub(crate) fn not_looked_at(&mut self, at: &str, item: &Item, review: &Review<'_>, told: &[MissingPoint]) {
        let told = |code: &str| told.iter().any(|point| point.code.as_deref() == Some(code));
        let open = review.open().filter(|point| point.finding == Finding::Open && !point.by_machine);
        self.open_points(at, item, open.filter(|point| told(point.code)));
    }

    /// What the clerk has found not met.
    pub(crate) fn unmet(&mut self, at: &str, item: &Item, case: &NewCase) {
        for (code, words) in &case.unmet {
            let pointer = below(&format!("{at}/unmet"), code);
            match item.all_points().find(|(_, point)| point.code == *code && point.rule.is_none()) {
                None => self.add(ProblemField::new(pointer, "unknown").value(code.as_str())),
                Some(_) if case.ticked.contains(code) => {
                    self.add(ProblemField::new(pointer, "twice").value(code.as_str()))
                }
                Some(_) => self.own_words(&pointer, words),
            }
        }
    }

    /// What is wrong with a point, in the clerk's own words where there are any.
    pub(crate) fn own_words(&mut self, pointer: &str, words: &str) {
        self.printed_line(pointer, words, 0, LONGEST_POINT);
    }

    fn open_points<'a>(&mut self, at: &str, item: &Item, open: impl Iterator<Item = &'a PointFinding<'a>>) {
        for open in open {
            let Some((_, point)) = item.all_points().find(|(_, point)| point.code == open.code) else { continue };
            let code = if open.finding == Finding::Violated { "point-violated" } else { "point-open" };
            let params = json!({ "point": point.text, "reason": point.reason, "material": open.material });
            self.add(ProblemField::new(below(at, open.code), code).params(params));
        }
    }

    /// A collector as typed at the output desk.
    pub(crate) fn collector(&mut self, at: &str, collector: &CollectorRecord, today: Date) {
        let CollectorRecord { name, id_number, relation: _, authority, note } = collector;
        self.printed_line(&format!("{at}/name"), name, 2, 100);
        self.identity(&format!("{at}/id_number"), id_number, CitizenId::parse(id_number, today));
        self.optional_line(&format!("{at}/authority"), authority.as_ref(), 200);
        self.optional_line(&format!("{at}/note"), note.as_ref(), 200);
    }

    /// How a result was sent, as typed at the output desk.
    pub(crate) fn post(&mut self, at: &str, post: &PostRecord) {
        let PostRecord { carrier, tracking_number, addressee, address, phone, note } = post;
        self.printed_line(&format!("{at}/carrier"), carrier, 1, 50);
        self.tracking_number(&format!("{at}/tracking_number"), tracking_number);
        self.printed_line(&format!("{at}/addressee"), addressee, 2, 100);
        self.printed_line(&format!("{at}/address"), address, 1, 200);
        if let Some(phone) = phone {
            self.identity(&format!("{at}/phone"), phone, Phone::parse(phone));
        }
        self.optional_line(&format!("{at}/note"), note.as_ref(), 200);
    }

    /// Letters and digits; carriers group them as they like.
    fn tracking_number(&mut self, pointer: &str, text: &str) {
        let number = traced(text);
        let params = json!({ "min": TRACED.start(), "max": TRACED.end() });
        let field = |code| ProblemField::new(pointer.to_owned(), code).value(text).params(params);
        if number.is_empty() {
            self.add(ProblemField::new(pointer.to_owned(), "required"));
        } else if !number.chars().all(|found| found.is_ascii_alphanumeric()) || !TRACED.contains(&number.len()) {
            self.add(field("no-tracking-number"));
        }
    }

    /// A filled-in form, by the item's own schema.
    pub(crate) fn form(&mut self, at: &str, item: &CatalogueItem, form: &Value) {
        let before = self.0.len();
        for error in item.faults(form) {
            let keyword = error.kind().keyword().to_owned();
            let pointer = format!("{at}{}", error.instance_path());
            // What is missing or too much is reported at its own place, where the page shows it.
            match error.kind() {
                ErrorKind::Required { property } => {
                    let pointer = below(&pointer, property.as_str().unwrap_or_default());
                    self.add(ProblemField::new(pointer, "required"));
                }
                ErrorKind::AdditionalProperties { unexpected } => {
                    for name in unexpected {
                        let field = ProblemField::new(below(&pointer, name), "unknown-field");
                        self.add(field.value(error.instance().get(name).cloned().unwrap_or_default()));
                    }
                }
                _ => {
                    // The value stands beside it, shortened; the sentence does not repeat it whole.
                    let why = error.masked().to_string();
                    let value = error.instance().clone().into_owned();
                    self.add(ProblemField::new(pointer, keyword).value(value).params(json!({ "why": why })));
                }
            }
        }
        if self.0.len() == before {
            self.texts(at, form);
        }
    }

    /// Every text of a form that is as its schema wants it: it may have lines, and all of it can be printed.
    fn texts(&mut self, at: &str, value: &Value) {
        match value {
            Value::String(text) => {
                let hidden = text.chars().find(|found| is_hidden_in_lines(*found));
                match hidden {
                    Some(hidden) => {
                        let field = ProblemField::new(at.to_owned(), "control-character").value(text.as_str());
                        self.add(field.params(json!({ "character": code_point(hidden) })));
                    }
                    None => self.printable(at, text),
                }
            }
            Value::Array(entries) => {
                entries.iter().enumerate().for_each(|(n, entry)| self.texts(&format!("{at}/{n}"), entry));
            }
            Value::Object(fields) => fields.iter().for_each(|(name, value)| self.texts(&below(at, name), value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

pub(crate) fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}
