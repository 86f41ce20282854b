//! One request over one connection, and what came of it.

use std::{fmt, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Whether the same request may be answered otherwise later: somebody had no time, or no memory. A 500 is a fault of
    /// the program and no passing one.
    pub fn is_passing(&self) -> bool {
        matches!(self.status.as_u16(), 429 | 502 | 503 | 504)
    }
}

/// There was no answer, or none that could be read.
#[derive(Debug)]
pub struct Silence(String);

impl Silence {
    /// Nobody listens.
    pub(crate) fn nobody() -> Self {
        Self("nobody listens".to_owned())
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer: {}", self.0)
    }
}

impl std::error::Error for Silence {}

/// Sends a request over a connection of its own.
///
/// # Errors
/// [`Silence`], also when the answer does not come `within` that time.
pub async fn send(to: SocketAddr, request: Request<Full<Bytes>>, within: Duration) -> Result<Answer, Silence> {
    match tokio::time::timeout(within, exchange(to, request)).await {
        Ok(outcome) => outcome.map_err(|error| Silence(error.to_string())),
        Err(_) => Err(Silence(format!("not within {within:?}"))),
    }
}

async fn exchange(
    to: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = async {
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok::<_, hyper::Error>(Answer { status: parts.status, headers: parts.headers, body })
    };
    let answer = answer.await;
    connection.abort();
    Ok(answer?)
}
