//! Why a device did not do what it was asked.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::Misread;

/// Why a device did not do what it was asked. The text is for people who look after devices; it holds no address and nothing
/// of whom a card belongs to. The words for a clerk are in the pages, by [`Trouble::code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The window has no such device.
    #[error("this window has no such device")]
    NotConfigured,
    /// No card lies on the reader.
    #[error("there is no card on the reader")]
    NoCard,
    /// The card was not read to its end, or what was read cannot be.
    #[error("the card was not read properly: {0}")]
    Misread(Misread),
    /// The bridge is there, the device is not.
    #[error("the device is unplugged or switched off")]
    Unplugged,
    /// The device is at work for somebody else.
    #[error("the device is busy")]
    Busy,
    /// The feeder has no paper, and there is no glass to lay it on.
    #[error("there is no paper in the feeder")]
    FeederEmpty,
    /// Paper is stuck.
    #[error("paper is stuck in the scanner")]
    Jam,
    /// A cover is open.
    #[error("a cover of the scanner is open")]
    CoverOpen,
    /// The device says that it failed.
    #[error("the device failed: {0}")]
    Failed(String),
    /// Nobody answers at the address.
    #[error("the bridge or scanner does not answer")]
    Unreachable,
    /// An answer did not come in time.
    #[error("the device took too long")]
    Silent,
    /// The bridge does not know our token.
    #[error("the bridge refuses the token of this window")]
    TokenRefused,
    /// An answer is not what the contract or the standard says.
    #[error("the answer is not in order: {0}")]
    BadAnswer(String),
    /// There is no such scan any more.
    #[error("there is no such scan, or it has ended")]
    NoSuchScan,
}

impl Trouble {
    /// What programs act on. A test of the pages holds these against their words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConfigured => "device-not-configured",
            Self::NoCard => "no-card",
            Self::Misread(_) => "card-misread",
            Self::Unplugged => "device-unplugged",
            Self::Busy => "device-busy",
            Self::FeederEmpty => "feeder-empty",
            Self::Jam => "scanner-jam",
            Self::CoverOpen => "cover-open",
            Self::Failed(_) => "device-failed",
            Self::Unreachable => "device-unreachable",
            Self::Silent => "device-silent",
            Self::TokenRefused => "device-token",
            Self::BadAnswer(_) => "device-answer",
            Self::NoSuchScan => "scan-not-found",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotConfigured | Self::NoSuchScan => StatusCode::NOT_FOUND,
            // Somebody has to do something at the device, and then the same request is right.
            _ => StatusCode::CONFLICT,
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::json!({
            "type": format!("/problems/{}", self.code()), "title": self.to_string(), "status": status.as_u16(),
            "code": self.code(), "errors": [],
        });
        let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
        (status, headers, body.to_string()).into_response()
    }
}
