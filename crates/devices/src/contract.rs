//! What a bridge serves, version 1. `docs/devices.md` says the same for whoever writes one.
//!
//! A bridge is a program on the window's computer. It listens on loopback only, wants `Authorization: Bearer {token}` with
//! every request, and answers nobody that comes from a web page (a request with `Origin`) or under another name than
//! loopback's (`Host`).

use serde::{Deserialize, Serialize};

/// The path that all others begin with.
pub const ROOT: &str = "/yichuang-devices/v1";

/// The largest picture, in bytes: what the hall takes as a file.
pub const LARGEST_PICTURE: usize = 20 * 1024 * 1024;

/// The answer to `GET /yichuang-devices/v1/devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// What the bridge speaks with, also while it is unplugged.
    pub devices: Vec<Device>,
}

/// A device behind a bridge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Names it in paths: letters, digits and hyphens.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// What people call it, such as maker and model.
    pub name: String,
    /// How it is.
    pub state: State,
}

/// What a device behind a bridge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Reads identity cards (读卡器): `POST devices/{id}/card` answers an [`IdCard`](crate::IdCard).
    CardReader,
    /// Takes pictures of papers (高拍仪): `POST devices/{id}/picture` answers `image/jpeg`.
    Camera,
    /// Of a later version of the contract.
    #[serde(other)]
    Other,
}

/// How a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It can be used.
    Ready,
    /// It is at work.
    Busy,
    /// Its cable is out, or it is switched off.
    Unplugged,
    /// It is there and does not work.
    #[serde(other)]
    Failed,
}

/// The body of every answer that is none of 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What programs act on.
    pub code: RefusalCode,
    /// What the maker's library said, for people who look after devices. Nothing of whose card it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// Why a device did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// No card on the reader (409).
    NoCard,
    /// The card was taken away too early, or cannot be read (502).
    ReadFailed,
    /// The device works for somebody else (409).
    Busy,
    /// The device is not connected (503).
    Unplugged,
    /// The token is missing or wrong (401).
    Token,
    /// A request from a web page, or under a foreign name (403).
    Origin,
    /// No such device, or none of this kind (404).
    NotFound,
    /// Anything else (500).
    #[serde(other)]
    Failed,
}

impl RefusalCode {
    /// The status it is answered with.
    pub fn status(self) -> u16 {
        match self {
            Self::NoCard | Self::Busy => 409,
            Self::ReadFailed => 502,
            Self::Unplugged => 503,
            Self::Token => 401,
            Self::Origin => 403,
            Self::NotFound => 404,
            Self::Failed => 500,
        }
    }
}
