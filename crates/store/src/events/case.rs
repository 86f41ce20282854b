//! Stored form of the events of a case.

use domain::{
    case::{Acceptance, Certificate, Decision, Delivery, Event, HandedMaterial, Intake, Outcome},
    ids::{DepartmentId, FilingId},
    item::ItemKey,
    number::{CaseNumber, ImplementationCode, OfficialNumber, WindowNumber},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DeemedAcceptedV1, StoredPaper, StoredSeal, UnreadableEvent, Written, hex, moment, parse, unhex, value, written,
};

/// A case's event as bytes.
pub fn write_case_event(event: &Event) -> Written {
    match event {
        Event::Taken(intake) => written("case.taken", &TakenV1::from(intake)),
        Event::Accepted(acceptance) => written("case.accepted", &AcceptedV1::from(acceptance)),
        Event::DeemedAccepted { deemed_at } => {
            written("case.deemed-accepted", &DeemedAcceptedV1 { deemed_at: deemed_at.as_microsecond() })
        }
        Event::AcceptanceConfirmed(acceptance) => written("case.acceptance-confirmed", &AcceptedV1::from(acceptance)),
        Event::Decided(decision) => written("case.decided", &DecidedV1::from(decision)),
        Event::PaperFiled { paper, digest } => {
            written("case.paper-filed", &PaperFiledV1 { paper: paper.0, digest: hex(digest) })
        }
        Event::PaperPrinted { paper, print, nth } => {
            written("case.paper-printed", &PaperPrintedV1 { paper: paper.0, print: print.0, nth: *nth })
        }
        Event::Issued => written("case.issued", &NothingV1 {}),
        Event::Delivered(delivery) => written("case.delivered", &DeliveredV1::from(delivery)),
        Event::Closed => written("case.closed", &NothingV1 {}),
    }
}

/// The event that these bytes hold.
///
/// # Errors
/// [`UnreadableEvent`], when the type, its version or the bytes are not known here.
pub fn read_case_event(kind: &str, version: u16, body: &[u8]) -> Result<Event, UnreadableEvent> {
    match (kind, version) {
        ("case.taken", 1) => parse::<TakenV1>(kind, body)?.read(),
        ("case.accepted", 1) => Ok(Event::Accepted(parse::<AcceptedV1>(kind, body)?.read()?)),
        ("case.deemed-accepted", 1) => {
            parse::<DeemedAcceptedV1>(kind, body)?.read().map(|deemed_at| Event::DeemedAccepted { deemed_at })
        }
        ("case.acceptance-confirmed", 1) => Ok(Event::AcceptanceConfirmed(parse::<AcceptedV1>(kind, body)?.read()?)),
        ("case.decided", 1) => parse::<DecidedV1>(kind, body)?.read(),
        ("case.paper-filed", 1) => {
            let PaperFiledV1 { paper, digest } = parse(kind, body)?;
            Ok(Event::PaperFiled { paper: paper.into(), digest: unhex(&digest)? })
        }
        ("case.paper-printed", 1) => {
            let PaperPrintedV1 { paper, print, nth } = parse(kind, body)?;
            Ok(Event::PaperPrinted { paper: paper.into(), print: print.into(), nth })
        }
        ("case.issued", 1) => parse::<NothingV1>(kind, body).map(|NothingV1 {}| Event::Issued),
        ("case.delivered", 1) => parse::<DeliveredV1>(kind, body)?.read(),
        ("case.closed", 1) => parse::<NothingV1>(kind, body).map(|NothingV1 {}| Event::Closed),
        _ => Err(UnreadableEvent::Unknown { kind: kind.to_owned(), version }),
    }
}

#[derive(Serialize, Deserialize)]
struct NothingV1 {}

#[derive(Serialize, Deserialize)]
struct PaperFiledV1 {
    paper: Uuid,
    digest: String,
}

#[derive(Serialize, Deserialize)]
struct PaperPrintedV1 {
    paper: Uuid,
    print: Uuid,
    nth: u32,
}

#[derive(Serialize, Deserialize)]
struct TakenV1 {
    filing: Uuid,
    number: String,
    official: String,
    item: String,
    item_version: u32,
    department: Uuid,
    window: String,
    taken_at: i64,
    applicant: StoredSeal,
    form: StoredSeal,
    materials: Vec<MaterialV1>,
    receipt: StoredPaper,
}

#[derive(Serialize, Deserialize)]
struct MaterialV1 {
    code: String,
    file: StoredSeal,
}

impl From<&Intake> for TakenV1 {
    fn from(intake: &Intake) -> Self {
        let Intake {
            filing,
            number,
            official,
            item: ItemKey { code, version },
            department,
            window,
            taken_at,
            applicant,
            form,
            materials,
            receipt,
        } = intake;
        Self {
            filing: filing.0,
            number: number.to_string(),
            official: official.to_string(),
            item: code.to_string(),
            item_version: *version,
            department: department.0,
            window: window.to_string(),
            taken_at: taken_at.as_microsecond(),
            applicant: applicant.into(),
            form: form.into(),
            materials: materials
                .iter()
                .map(|HandedMaterial { code, file }| MaterialV1 { code: code.clone(), file: file.into() })
                .collect(),
            receipt: receipt.into(),
        }
    }
}

impl TakenV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        let materials = self.materials.into_iter().map(|MaterialV1 { code, file }| {
            let file = file.read()?;
            Ok(HandedMaterial { code, file })
        });
        Ok(Event::Taken(Intake {
            filing: FilingId(self.filing),
            number: value("number", &self.number, CaseNumber::parse(&self.number))?,
            official: value("official", &self.official, OfficialNumber::parse(&self.official))?,
            item: ItemKey {
                code: value("item", &self.item, ImplementationCode::parse(&self.item))?,
                version: self.item_version,
            },
            department: DepartmentId(self.department),
            window: value("window", &self.window, WindowNumber::parse(&self.window))?,
            taken_at: moment("taken_at", self.taken_at)?,
            applicant: self.applicant.read()?,
            form: self.form.read()?,
            materials: materials.collect::<Result<_, UnreadableEvent>>()?,
            receipt: self.receipt.read(),
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct AcceptedV1 {
    accepted_at: i64,
    officer: StoredSeal,
    notice: StoredPaper,
}

impl From<&Acceptance> for AcceptedV1 {
    fn from(Acceptance { accepted_at, officer, notice }: &Acceptance) -> Self {
        Self { accepted_at: accepted_at.as_microsecond(), officer: officer.into(), notice: notice.into() }
    }
}

impl AcceptedV1 {
    fn read(self) -> Result<Acceptance, UnreadableEvent> {
        Ok(Acceptance {
            accepted_at: moment("accepted_at", self.accepted_at)?,
            officer: self.officer.read()?,
            notice: self.notice.read(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct DecidedV1 {
    decided_at: i64,
    outcome: String,
    reason: StoredSeal,
    document: StoredPaper,
    certificate: Option<CertificateV1>,
}

#[derive(Serialize, Deserialize)]
struct CertificateV1 {
    paper: StoredPaper,
    valid_from: String,
    valid_until: Option<String>,
}

impl From<&Decision> for DecidedV1 {
    fn from(Decision { decided_at, outcome, reason, document, certificate }: &Decision) -> Self {
        Self {
            decided_at: decided_at.as_microsecond(),
            outcome: outcome.name().to_owned(),
            reason: reason.into(),
            document: document.into(),
            certificate: certificate.as_ref().map(|Certificate { paper, valid_from, valid_until }| CertificateV1 {
                paper: paper.into(),
                valid_from: valid_from.to_string(),
                valid_until: valid_until.map(|until| until.to_string()),
            }),
        }
    }
}

impl DecidedV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        let outcome = Outcome::named(&self.outcome).ok_or(());
        let certificate = self.certificate.map(CertificateV1::read).transpose()?;
        Ok(Event::Decided(Decision {
            decided_at: moment("decided_at", self.decided_at)?,
            outcome: value("outcome", &self.outcome, outcome)?,
            reason: self.reason.read()?,
            document: self.document.read(),
            certificate,
        }))
    }
}

impl CertificateV1 {
    fn read(self) -> Result<Certificate, UnreadableEvent> {
        let until = self.valid_until.map(|text| date("valid_until", &text));
        Ok(Certificate {
            paper: self.paper.read(),
            valid_from: date("valid_from", &self.valid_from)?,
            valid_until: until.transpose()?,
        })
    }
}

pub(super) fn date(field: &'static str, text: &str) -> Result<Date, UnreadableEvent> {
    value(field, text, text.parse::<Date>())
}

#[derive(Serialize, Deserialize)]
struct DeliveredV1 {
    delivered_at: i64,
    collector: StoredSeal,
}

impl From<&Delivery> for DeliveredV1 {
    fn from(Delivery { delivered_at, collector }: &Delivery) -> Self {
        Self { delivered_at: delivered_at.as_microsecond(), collector: collector.into() }
    }
}

impl DeliveredV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        Ok(Event::Delivered(Delivery {
            delivered_at: moment("delivered_at", self.delivered_at)?,
            collector: self.collector.read()?,
        }))
    }
}
