//! Stored form of what cases and tasks have alike.

use domain::{
    case::{Enquiry, EnquiryAnswer, RejectionGround},
    ids::Sealed,
    item::Seat,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{StoredSeal, UnreadableEvent, moment, value};

pub(super) fn seat(name: &str) -> Result<Seat, UnreadableEvent> {
    value("seat", name, Seat::named(name).ok_or(()))
}

pub(super) fn ground(name: &str) -> Result<RejectionGround, UnreadableEvent> {
    value("ground", name, RejectionGround::named(name).ok_or(()))
}

/// Content of a moment.
#[derive(Serialize, Deserialize)]
pub(super) struct ContentAtV1 {
    at: i64,
    content: StoredSeal,
}

impl ContentAtV1 {
    pub(super) fn of(at: Timestamp, content: &Sealed) -> Self {
        Self { at: at.as_microsecond(), content: content.into() }
    }

    pub(super) fn read(self) -> Result<(Timestamp, Sealed), UnreadableEvent> {
        Ok((moment("at", self.at)?, self.content.read()?))
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct AskedV1 {
    id: Uuid,
    asked_at: i64,
    by: String,
    content: StoredSeal,
}

impl From<&Enquiry> for AskedV1 {
    fn from(Enquiry { id, asked_at, by, content }: &Enquiry) -> Self {
        Self { id: id.0, asked_at: asked_at.as_microsecond(), by: by.name().to_owned(), content: content.into() }
    }
}

impl AskedV1 {
    pub(super) fn read(self) -> Result<Enquiry, UnreadableEvent> {
        Ok(Enquiry {
            id: self.id.into(),
            asked_at: moment("asked_at", self.asked_at)?,
            by: seat(&self.by)?,
            content: self.content.read()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct AnsweredV1 {
    enquiry: Uuid,
    answered_at: i64,
    by: String,
    content: StoredSeal,
}

impl From<&EnquiryAnswer> for AnsweredV1 {
    fn from(EnquiryAnswer { enquiry, answered_at, by, content }: &EnquiryAnswer) -> Self {
        let by = by.name().to_owned();
        Self { enquiry: enquiry.0, answered_at: answered_at.as_microsecond(), by, content: content.into() }
    }
}

impl AnsweredV1 {
    pub(super) fn read(self) -> Result<EnquiryAnswer, UnreadableEvent> {
        Ok(EnquiryAnswer {
            enquiry: self.enquiry.into(),
            answered_at: moment("answered_at", self.answered_at)?,
            by: seat(&self.by)?,
            content: self.content.read()?,
        })
    }
}
