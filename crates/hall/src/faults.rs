//! What is wrong with what somebody typed, field by field.

use domain::identity::{CitizenId, CreditCode, IdentityError, Phone};
use jiff::civil::Date;
use serde_json::{Value, json};
use web::ProblemField;

use crate::{
    catalogue::CatalogueItem,
    records::{ApplicantKind, ApplicantRecord, CollectorRecord},
};

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
        } else if let Some(control) = text.chars().find(|found| found.is_control()) {
            let code_point = format!("U+{:04X}", u32::from(control));
            self.add(field("control-character").params(json!({ "character": code_point })));
        }
    }

    fn optional_line(&mut self, pointer: &str, text: Option<&String>, most: usize) {
        if let Some(text) = text {
            self.line(pointer, text, 1, most);
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
        self.line(&format!("{at}/name"), name, 2, 100);
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

    /// A collector as typed at the output desk.
    pub(crate) fn collector(&mut self, at: &str, collector: &CollectorRecord, today: Date) {
        let CollectorRecord { name, id_number, relation: _, note } = collector;
        self.line(&format!("{at}/name"), name, 2, 100);
        self.identity(&format!("{at}/id_number"), id_number, CitizenId::parse(id_number, today));
        self.optional_line(&format!("{at}/note"), note.as_ref(), 200);
    }

    /// A filled-in form, by the item's own schema.
    pub(crate) fn form(&mut self, at: &str, item: &CatalogueItem, form: &Value) {
        for error in item.faults(form) {
            let keyword = error.kind().keyword().to_owned();
            let mut pointer = format!("{at}{}", error.instance_path());
            // A missing property is reported at its own place, where the page shows it.
            if let jsonschema::error::ValidationErrorKind::Required { property } = error.kind() {
                pointer.push('/');
                pointer.push_str(property.as_str().unwrap_or_default());
            }
            let value = error.instance().clone().into_owned();
            let value = if keyword == "required" { Value::Null } else { value };
            self.add(ProblemField::new(pointer, keyword).value(value).params(json!({ "why": error.to_string() })));
        }
    }
}
