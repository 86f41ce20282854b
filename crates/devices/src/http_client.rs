//! Plain HTTP to what the settings name, and nowhere else: no redirects, no proxy, no cookies, and no answer without an end.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use reqwest::{Client, RequestBuilder, redirect::Policy};

use crate::Trouble;

/// How long a device is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For an answer about a state.
    pub state: Duration,
    /// For a card, a picture or a page. Below the minute that the pages wait.
    pub work: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), state: Duration::from_secs(4), work: Duration::from_secs(45) }
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) fn client(patience: Patience) -> Client {
    // There is one provider in the program; if somebody installed it already, that is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().redirect(Policy::none()).no_proxy().connect_timeout(patience.connect);
    // Devices are on loopback or in the hall's own network, without certificates.
    builder.tls_certs_only([]).build().expect("a client without certificates can be made")
}

/// Sends and reads to the end.
pub(crate) async fn ask(request: RequestBuilder, patience: Duration, largest: usize) -> Result<Answer, Trouble> {
    let asked = tokio::time::timeout(patience, async {
        let mut response = request.send().await.map_err(trouble)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(piece) = response.chunk().await.map_err(trouble)? {
            if body.len() + piece.len() > largest {
                return Err(Trouble::BadAnswer(format!("it is larger than {largest} bytes")));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status, headers, body: body.freeze() })
    });
    asked.await.unwrap_or(Err(Trouble::Silent))
}

fn trouble(error: reqwest::Error) -> Trouble {
    if error.is_timeout() && !error.is_connect() {
        return Trouble::Silent;
    }
    tracing::debug!(error = %error.without_url(), "a device does not answer");
    Trouble::Unreachable
}

/// A picture must be what it says it is: it becomes a file of a case.
pub(crate) fn jpeg(bytes: Bytes) -> Result<Bytes, Trouble> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) { Ok(bytes) } else { Err(Trouble::BadAnswer("it is no JPEG".into())) }
}
