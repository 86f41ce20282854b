//! Stored form of the events of a case.

use domain::{
    case::{
        Acceptance, Certificate, Decision, Delivery, DeliveryWay, DepartmentReceipt, Event, HandedMaterial, Intake,
        OriginalsAccount, Outcome, Progress, Rejection, Supplement, SupplementNotice, Withdrawal,
    },
    ids::{DepartmentId, FilingId, Sealed},
    item::ItemKey,
    number::{CaseNumber, ImplementationCode, OfficialNumber, WindowNumber},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DeemedAcceptedV1, StoredPaper, StoredSeal, UnreadableEvent, Written, hex, moment, parse,
    steps::{AnsweredV1, AskedV1, ContentAtV1, ground, seat},
    unhex, value, written, written_as,
};

/// A case's event as bytes.
pub fn write_case_event(event: &Event) -> Written {
    match event {
        Event::Taken(intake) => written("case.taken", &TakenV1::from(intake)),
        Event::SupplementAsked(notice) => written("case.supplement-asked", &SupplementAskedV1::from(notice)),
        Event::Supplemented(supplement) => written("case.supplemented", &SupplementedV1::from(supplement)),
        Event::Rejected(rejection) => written("case.rejected", &RejectedV1::from(rejection)),
        Event::Withdrawn(withdrawal) => written("case.withdrawn", &WithdrawnV1::from(withdrawal)),
        Event::Progressed(Progress { at, content }) => written("case.progressed", &ContentAtV1::of(*at, content)),
        Event::ReceivedByDepartment(DepartmentReceipt { at, content }) => {
            written("case.received-by-department", &ContentAtV1::of(*at, content))
        }
        Event::Asked(enquiry) => written("case.asked", &AskedV1::from(enquiry)),
        Event::Answered(answer) => written("case.answered", &AnsweredV1::from(answer)),
        Event::OriginalsAccounted(account) => match &account.receiver {
            None => written("case.originals-accounted", &OriginalsV1::from(account)),
            Some(receiver) => written_as("case.originals-accounted", 2, &OriginalsV2::of(account, receiver)),
        },
        Event::Accepted(acceptance) => written("case.accepted", &AcceptedV1::from(acceptance)),
        Event::DeemedAccepted { deemed_at } => {
            written("case.deemed-accepted", &DeemedAcceptedV1 { deemed_at: deemed_at.as_microsecond() })
        }
        Event::AcceptanceConfirmed(acceptance) => written("case.acceptance-confirmed", &AcceptedV1::from(acceptance)),
        Event::AcceptedInTime(acceptance) => written("case.accepted-in-time", &AcceptedV1::from(acceptance)),
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
        ("case.supplement-asked", 1) => parse::<SupplementAskedV1>(kind, body)?.read(),
        ("case.supplemented", 1) => parse::<SupplementedV1>(kind, body)?.read(),
        ("case.rejected", 1) => parse::<RejectedV1>(kind, body)?.read(),
        ("case.withdrawn", 1) => parse::<WithdrawnV1>(kind, body)?.read(),
        ("case.progressed", 1) => {
            let (at, content) = parse::<ContentAtV1>(kind, body)?.read()?;
            Ok(Event::Progressed(Progress { at, content }))
        }
        ("case.received-by-department", 1) => {
            let (at, content) = parse::<ContentAtV1>(kind, body)?.read()?;
            Ok(Event::ReceivedByDepartment(DepartmentReceipt { at, content }))
        }
        ("case.asked", 1) => Ok(Event::Asked(parse::<AskedV1>(kind, body)?.read()?)),
        ("case.answered", 1) => Ok(Event::Answered(parse::<AnsweredV1>(kind, body)?.read()?)),
        ("case.originals-accounted", 1) => parse::<OriginalsV1>(kind, body)?.read(),
        ("case.originals-accounted", 2) => parse::<OriginalsV2>(kind, body)?.read(),
        ("case.accepted", 1) => Ok(Event::Accepted(parse::<AcceptedV1>(kind, body)?.read()?)),
        ("case.deemed-accepted", 1) => {
            parse::<DeemedAcceptedV1>(kind, body)?.read().map(|deemed_at| Event::DeemedAccepted { deemed_at })
        }
        ("case.acceptance-confirmed", 1) => Ok(Event::AcceptanceConfirmed(parse::<AcceptedV1>(kind, body)?.read()?)),
        ("case.accepted-in-time", 1) => Ok(Event::AcceptedInTime(parse::<AcceptedV1>(kind, body)?.read()?)),
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<StoredSeal>,
    form: StoredSeal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checked: Option<StoredSeal>,
    materials: Vec<MaterialV1>,
    receipt: StoredPaper,
}

#[derive(Serialize, Deserialize)]
struct MaterialV1 {
    code: String,
    file: StoredSeal,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    kept: bool,
}

impl From<&HandedMaterial> for MaterialV1 {
    fn from(HandedMaterial { code, file, kept }: &HandedMaterial) -> Self {
        Self { code: code.clone(), file: file.into(), kept: *kept }
    }
}

impl MaterialV1 {
    fn read(self) -> Result<HandedMaterial, UnreadableEvent> {
        Ok(HandedMaterial { code: self.code, file: self.file.read()?, kept: self.kept })
    }
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
            // It is moved on by what is supplemented, which is an event of its own.
            received_at: _,
            applicant,
            agent,
            form,
            checked,
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
            agent: agent.as_ref().map(StoredSeal::from),
            form: form.into(),
            checked: checked.as_ref().map(StoredSeal::from),
            materials: materials.iter().map(MaterialV1::from).collect(),
            receipt: receipt.into(),
        }
    }
}

impl TakenV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        let agent = self.agent.map(StoredSeal::read).transpose()?;
        let checked = self.checked.map(StoredSeal::read).transpose()?;
        let materials = self.materials.into_iter().map(MaterialV1::read);
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
            received_at: moment("taken_at", self.taken_at)?,
            applicant: self.applicant.read()?,
            agent,
            form: self.form.read()?,
            checked,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agreement: Option<String>,
}

impl From<&Acceptance> for AcceptedV1 {
    fn from(Acceptance { accepted_at, officer, notice, agreement }: &Acceptance) -> Self {
        Self {
            accepted_at: accepted_at.as_microsecond(),
            officer: officer.into(),
            notice: notice.into(),
            agreement: agreement.clone(),
        }
    }
}

impl AcceptedV1 {
    fn read(self) -> Result<Acceptance, UnreadableEvent> {
        Ok(Acceptance {
            accepted_at: moment("accepted_at", self.accepted_at)?,
            officer: self.officer.read()?,
            notice: self.notice.read(),
            agreement: self.agreement,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agreement: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct CertificateV1 {
    paper: StoredPaper,
    valid_from: String,
    valid_until: Option<String>,
}

impl From<&Decision> for DecidedV1 {
    fn from(Decision { decided_at, outcome, reason, document, certificate, agreement }: &Decision) -> Self {
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
            agreement: agreement.clone(),
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
            agreement: self.agreement,
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
    /// None for the counter, as it was before there was another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    way: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proof: Option<StoredPaper>,
}

impl From<&Delivery> for DeliveredV1 {
    fn from(Delivery { delivered_at, collector, way, proof }: &Delivery) -> Self {
        Self {
            delivered_at: delivered_at.as_microsecond(),
            collector: collector.into(),
            way: (*way != DeliveryWay::Counter).then(|| way.name().to_owned()),
            proof: proof.as_ref().map(StoredPaper::from),
        }
    }
}

impl DeliveredV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        let way = match &self.way {
            Some(name) => value("way", name, DeliveryWay::named(name).ok_or(()))?,
            None => DeliveryWay::Counter,
        };
        Ok(Event::Delivered(Delivery {
            delivered_at: moment("delivered_at", self.delivered_at)?,
            collector: self.collector.read()?,
            way,
            proof: self.proof.map(StoredPaper::read),
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct SupplementAskedV1 {
    asked_at: i64,
    by: String,
    content: StoredSeal,
    paper: StoredPaper,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allowed: Option<StoredSeal>,
}

impl From<&SupplementNotice> for SupplementAskedV1 {
    fn from(SupplementNotice { asked_at, by, content, paper, allowed }: &SupplementNotice) -> Self {
        Self {
            asked_at: asked_at.as_microsecond(),
            by: by.name().to_owned(),
            content: content.into(),
            paper: paper.into(),
            allowed: allowed.as_ref().map(StoredSeal::from),
        }
    }
}

impl SupplementAskedV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        Ok(Event::SupplementAsked(SupplementNotice {
            asked_at: moment("asked_at", self.asked_at)?,
            by: seat(&self.by)?,
            content: self.content.read()?,
            paper: self.paper.read(),
            allowed: self.allowed.map(StoredSeal::read).transpose()?,
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct SupplementedV1 {
    received_at: i64,
    materials: Vec<MaterialV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<StoredSeal>,
    checked: StoredSeal,
    receipt: StoredPaper,
}

impl From<&Supplement> for SupplementedV1 {
    fn from(Supplement { received_at, materials, form, checked, receipt }: &Supplement) -> Self {
        Self {
            received_at: received_at.as_microsecond(),
            materials: materials.iter().map(MaterialV1::from).collect(),
            form: form.as_ref().map(StoredSeal::from),
            checked: checked.into(),
            receipt: receipt.into(),
        }
    }
}

impl SupplementedV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        Ok(Event::Supplemented(Supplement {
            received_at: moment("received_at", self.received_at)?,
            materials: self.materials.into_iter().map(MaterialV1::read).collect::<Result<_, _>>()?,
            form: self.form.map(StoredSeal::read).transpose()?,
            checked: self.checked.read()?,
            receipt: self.receipt.read(),
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct RejectedV1 {
    rejected_at: i64,
    by: String,
    ground: String,
    content: StoredSeal,
    paper: StoredPaper,
}

impl From<&Rejection> for RejectedV1 {
    fn from(Rejection { rejected_at, by, ground, content, paper }: &Rejection) -> Self {
        Self {
            rejected_at: rejected_at.as_microsecond(),
            by: by.name().to_owned(),
            ground: ground.name().to_owned(),
            content: content.into(),
            paper: paper.into(),
        }
    }
}

impl RejectedV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        Ok(Event::Rejected(Rejection {
            rejected_at: moment("rejected_at", self.rejected_at)?,
            by: seat(&self.by)?,
            ground: ground(&self.ground)?,
            content: self.content.read()?,
            paper: self.paper.read(),
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct WithdrawnV1 {
    withdrawn_at: i64,
    content: StoredSeal,
    paper: StoredPaper,
}

impl From<&Withdrawal> for WithdrawnV1 {
    fn from(Withdrawal { withdrawn_at, content, paper }: &Withdrawal) -> Self {
        Self { withdrawn_at: withdrawn_at.as_microsecond(), content: content.into(), paper: paper.into() }
    }
}

impl WithdrawnV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        Ok(Event::Withdrawn(Withdrawal {
            withdrawn_at: moment("withdrawn_at", self.withdrawn_at)?,
            content: self.content.read()?,
            paper: self.paper.read(),
        }))
    }
}

#[derive(Serialize, Deserialize)]
struct OriginalsV1 {
    at: i64,
    returned: Vec<String>,
    archived: Vec<String>,
}

impl From<&OriginalsAccount> for OriginalsV1 {
    fn from(OriginalsAccount { at, returned, archived, receiver: _ }: &OriginalsAccount) -> Self {
        Self { at: at.as_microsecond(), returned: returned.clone(), archived: archived.clone() }
    }
}

impl OriginalsV1 {
    fn read(self) -> Result<Event, UnreadableEvent> {
        let Self { at, returned, archived } = self;
        let account = OriginalsAccount { at: moment("at", at)?, returned, archived, receiver: None };
        Ok(Event::OriginalsAccounted(account))
    }
}

/// With who took what was given back.
#[derive(Serialize, Deserialize)]
struct OriginalsV2 {
    at: i64,
    returned: Vec<String>,
    archived: Vec<String>,
    receiver: StoredSeal,
}

impl OriginalsV2 {
    fn of(account: &OriginalsAccount, receiver: &Sealed) -> Self {
        let OriginalsV1 { at, returned, archived } = OriginalsV1::from(account);
        Self { at, returned, archived, receiver: receiver.into() }
    }

    fn read(self) -> Result<Event, UnreadableEvent> {
        let Self { at, returned, archived, receiver } = self;
        let receiver = Some(receiver.read()?);
        Ok(Event::OriginalsAccounted(OriginalsAccount { at: moment("at", at)?, returned, archived, receiver }))
    }
}
