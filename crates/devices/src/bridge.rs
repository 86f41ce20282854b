//! The client of a bridge.

use bytes::Bytes;
use http::StatusCode;
use reqwest::{Client, Method, Url};

use crate::{
    IdCard, Misread, Patience, Trouble,
    contract::{Device, Devices, LARGEST_PICTURE, ROOT, Refusal, RefusalCode},
    http_client::{Answer, ask, client, jpeg},
    settings::BridgeSettings,
};

/// A card with its portrait, or a list of devices.
const LARGEST_TEXT: usize = 1024 * 1024;

/// A bridge on this computer. Holds no connection while nothing is asked.
#[derive(Clone)]
pub struct Bridge {
    client: Client,
    root: Url,
    token: String,
    patience: Patience,
}

impl Bridge {
    /// The bridge that the settings name; nothing is sent yet.
    pub fn new(settings: &BridgeSettings) -> Self {
        Self::with_patience(settings, Patience::default())
    }

    /// The same, with another patience.
    pub fn with_patience(settings: &BridgeSettings, patience: Patience) -> Self {
        let mut root = settings.url.clone();
        root.set_path(ROOT);
        Self { client: client(patience), root, token: settings.token.clone(), patience }
    }

    /// What the bridge speaks with, and how each is.
    ///
    /// # Errors
    /// When the bridge does not answer, or not by the contract.
    pub async fn devices(&self) -> Result<Vec<Device>, Trouble> {
        let request = self.request(Method::GET, "/devices");
        let answer = accepted(ask(request, self.patience.state, LARGEST_TEXT).await?)?;
        let Devices { devices } = read(&answer.body)?;
        if let Some(odd) = devices.iter().find(|device| !is_id(&device.id)) {
            let id: String = odd.id.chars().take(40).collect();
            return Err(Trouble::BadAnswer(format!("{id:?} cannot name a device")));
        }
        Ok(devices)
    }

    /// Reads the card that lies on a reader.
    ///
    /// # Errors
    /// When there is none, when it was not read properly, or when the reader or the bridge is not there.
    pub async fn card(&self, reader: &str) -> Result<IdCard, Trouble> {
        let request = self.request(Method::POST, &format!("/devices/{reader}/card"));
        let answer = accepted(ask(request, self.patience.work, LARGEST_TEXT).await?)?;
        let mut card: IdCard = read(&answer.body)?;
        card.check().map_err(Trouble::Misread)?;
        card.number.make_ascii_uppercase();
        Ok(card)
    }

    /// Takes a picture; JPEG.
    ///
    /// # Errors
    /// When the camera does not take one, or it or the bridge is not there.
    pub async fn picture(&self, camera: &str) -> Result<Bytes, Trouble> {
        let request = self.request(Method::POST, &format!("/devices/{camera}/picture"));
        jpeg(accepted(ask(request, self.patience.work, LARGEST_PICTURE).await?)?.body)
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut url = self.root.clone();
        url.set_path(&format!("{ROOT}{path}"));
        self.client.request(method, url).bearer_auth(&self.token)
    }
}

fn is_id(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn accepted(answer: Answer) -> Result<Answer, Trouble> {
    if answer.status == StatusCode::OK {
        return Ok(answer);
    }
    if answer.status == StatusCode::UNAUTHORIZED {
        return Err(Trouble::TokenRefused);
    }
    let Ok(Refusal { code, message }) = serde_json::from_slice(&answer.body) else {
        return Err(Trouble::BadAnswer(format!("status {} without a code", answer.status.as_u16())));
    };
    Err(match code {
        RefusalCode::NoCard => Trouble::NoCard,
        RefusalCode::ReadFailed => Trouble::Misread(Misread::Reader),
        RefusalCode::Busy => Trouble::Busy,
        RefusalCode::Unplugged => Trouble::Unplugged,
        RefusalCode::Token => Trouble::TokenRefused,
        RefusalCode::NotFound => Trouble::NotConfigured,
        RefusalCode::Origin | RefusalCode::Failed => Trouble::Failed(message.chars().take(200).collect()),
    })
}

/// The parser names place and kind of what is wrong, but would also quote a value: what it says of a card is not passed on.
fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body)
        .map_err(|error| Trouble::BadAnswer(format!("line {} column {}", error.line(), error.column())))
}
