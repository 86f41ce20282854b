//! Standard Webhooks signatures (`v1`, HMAC-SHA256) over the raw bytes, before anything is parsed.
//!
//! The time is handed in; the crate `standardwebhooks` computes the signatures, but its `verify` reads the computer's
//! clock, so the comparison is here.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use standardwebhooks::Webhook;

use crate::event::MessageId;

/// Names the message; the same over all its attempts.
pub const HEADER_ID: HeaderName = HeaderName::from_static(standardwebhooks::HEADER_WEBHOOK_ID);
/// When this attempt was signed, in seconds.
pub const HEADER_TIMESTAMP: HeaderName = HeaderName::from_static(standardwebhooks::HEADER_WEBHOOK_TIMESTAMP);
/// The signatures, separated by spaces.
pub const HEADER_SIGNATURE: HeaderName = HeaderName::from_static(standardwebhooks::HEADER_WEBHOOK_SIGNATURE);

/// How far the sender's clock may be from ours, in seconds.
pub const TOLERANCE: i64 = 5 * 60;

/// More signatures than any rotation needs; the rest is not looked at.
const MAX_SIGNATURES: usize = 16;

const PREFIX: &str = "whsec_";

/// A secret shared with one peer. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// The text is no secret.
#[derive(Debug, thiserror::Error)]
#[error("a secret is whsec_ followed by 24 to 64 bytes in base64")]
pub struct SecretError;

impl Secret {
    /// Reads `whsec_…`.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let encoded = text.trim().strip_prefix(PREFIX).ok_or(SecretError)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| SecretError)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(SecretError);
        }
        Ok(Secret(bytes))
    }

    /// A new secret from random bytes.
    pub fn generate(random: [u8; 32]) -> Self {
        Secret(random.to_vec())
    }

    /// The secret as text, for the settings of the other side. Keep it out of logs.
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    fn signature(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<String, SignatureError> {
        Webhook::from_bytes(self.0.clone())
            .and_then(|webhook| webhook.sign(id, timestamp, body))
            .map_err(|_| SignatureError::NotText)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a request is not believed, or cannot be signed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no secret for this peer.
    #[error("there is no secret to sign or check with")]
    NoSecret,
    /// A header is not there.
    #[error("the header {0} is missing")]
    MissingHeader(HeaderName),
    /// A header cannot be read.
    #[error("the header {0} cannot be read")]
    InvalidHeader(HeaderName),
    /// Signed more than five minutes ago.
    #[error("the request was signed too long ago")]
    TooOld,
    /// Signed more than five minutes from now.
    #[error("the request was signed in the future")]
    TooNew,
    /// No signature fits any secret.
    #[error("no signature fits")]
    Mismatch,
    /// Signed bodies are JSON, and that is UTF-8.
    #[error("the body is not text")]
    NotText,
}

/// A request whose sender knows the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// `webhook-id`.
    pub message_id: MessageId,
    /// `webhook-timestamp`.
    pub signed_at: Timestamp,
}

/// The string that is signed in place of a body when a file is asked for: `GET` and the path from `/protocol/v1/` on,
/// without any prefix that a proxy may put before it.
pub fn get_text(path: &str) -> String {
    format!("GET {path}")
}

/// Signs a body with every secret (during a rotation there are two).
pub fn sign(
    secrets: &[Secret],
    message_id: &MessageId,
    now: Timestamp,
    body: &[u8],
) -> Result<HeaderMap, SignatureError> {
    if secrets.is_empty() {
        return Err(SignatureError::NoSecret);
    }
    let timestamp = now.as_second();
    let signatures = secrets
        .iter()
        .map(|secret| secret.signature(message_id.as_str(), timestamp, body))
        .collect::<Result<Vec<_>, _>>()?;

    let value =
        |name: HeaderName, text: &str| HeaderValue::from_str(text).map_err(|_| SignatureError::InvalidHeader(name));
    let mut headers = HeaderMap::with_capacity(3);
    headers.insert(HEADER_ID, value(HEADER_ID, message_id.as_str())?);
    headers.insert(HEADER_TIMESTAMP, HeaderValue::from(timestamp));
    headers.insert(HEADER_SIGNATURE, value(HEADER_SIGNATURE, &signatures.join(" "))?);
    Ok(headers)
}

/// Checks that the sender knows one of the secrets and signed these bytes within five minutes of now.
pub fn verify(
    headers: &HeaderMap,
    body: &[u8],
    secrets: &[Secret],
    now: Timestamp,
) -> Result<Verified, SignatureError> {
    let id = header(headers, HEADER_ID)?;
    let message_id = id.parse().map_err(|_| SignatureError::InvalidHeader(HEADER_ID))?;
    let signatures = header(headers, HEADER_SIGNATURE)?;
    let timestamp: i64 =
        header(headers, HEADER_TIMESTAMP)?.parse().map_err(|_| SignatureError::InvalidHeader(HEADER_TIMESTAMP))?;
    let signed_at = Timestamp::from_second(timestamp).map_err(|_| SignatureError::InvalidHeader(HEADER_TIMESTAMP))?;

    let age = now.as_second() - timestamp;
    if age > TOLERANCE {
        return Err(SignatureError::TooOld);
    }
    if age < -TOLERANCE {
        return Err(SignatureError::TooNew);
    }
    if secrets.is_empty() {
        return Err(SignatureError::NoSecret);
    }
    for secret in secrets {
        let expected = secret.signature(id, timestamp, body)?;
        if signatures.split(' ').take(MAX_SIGNATURES).any(|given| same(given, &expected)) {
            return Ok(Verified { message_id, signed_at });
        }
    }
    Err(SignatureError::Mismatch)
}

fn header(headers: &HeaderMap, name: HeaderName) -> Result<&str, SignatureError> {
    let mut values = headers.get_all(&name).iter();
    let first = values.next().ok_or_else(|| SignatureError::MissingHeader(name.clone()))?;
    // Two values would leave open which one the next program reads.
    if values.next().is_some() {
        return Err(SignatureError::InvalidHeader(name));
    }
    first.to_str().map_err(|_| SignatureError::InvalidHeader(name))
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTOR_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const VECTOR_BODY: &[u8] = br#"{"test": 2432232314}"#;
    const VECTOR_SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn moment() -> Timestamp {
        Timestamp::from_second(1_614_265_330).unwrap()
    }

    fn id() -> MessageId {
        "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap()
    }

    fn later(seconds: i64) -> Timestamp {
        Timestamp::from_second(moment().as_second() + seconds).unwrap()
    }

    fn vector() -> (Secret, HeaderMap) {
        let secret = Secret::parse(VECTOR_SECRET).unwrap();
        let headers = sign(std::slice::from_ref(&secret), &id(), moment(), VECTOR_BODY).unwrap();
        (secret, headers)
    }

    #[test]
    fn the_published_vector_is_reproduced_and_believed() {
        let (secret, headers) = vector();
        assert_eq!(headers[HEADER_ID], "msg_p5jXN8AQM9LWM0D4loKWxJek");
        assert_eq!(headers[HEADER_TIMESTAMP], "1614265330");
        assert_eq!(headers[HEADER_SIGNATURE], VECTOR_SIGNATURE);
        assert_eq!(
            verify(&headers, VECTOR_BODY, &[secret], moment()),
            Ok(Verified { message_id: id(), signed_at: moment() })
        );
    }

    #[test]
    fn a_changed_body_is_not_believed() {
        let (secret, headers) = vector();
        let changed = br#"{"test": 2432232315}"#;
        assert_eq!(verify(&headers, changed, std::slice::from_ref(&secret), moment()), Err(SignatureError::Mismatch));
        let reformatted = br#"{"test":2432232314}"#;
        assert_eq!(verify(&headers, reformatted, &[secret], moment()), Err(SignatureError::Mismatch));
    }

    #[test]
    fn a_changed_id_or_time_is_not_believed() {
        let (secret, headers) = vector();
        let mut other_id = headers.clone();
        other_id.insert(HEADER_ID, HeaderValue::from_static("msg_other"));
        assert_eq!(
            verify(&other_id, VECTOR_BODY, std::slice::from_ref(&secret), moment()),
            Err(SignatureError::Mismatch)
        );
        let mut other_time = headers;
        other_time.insert(HEADER_TIMESTAMP, HeaderValue::from_static("1614265331"));
        assert_eq!(verify(&other_time, VECTOR_BODY, &[secret], moment()), Err(SignatureError::Mismatch));
    }

    #[test]
    fn five_minutes_are_tolerated_in_both_directions_and_no_second_more() {
        let (secret, headers) = vector();
        let secrets = [secret];
        for (seconds, expected) in [
            (TOLERANCE, None),
            (-TOLERANCE, None),
            (TOLERANCE + 1, Some(SignatureError::TooOld)),
            (-TOLERANCE - 1, Some(SignatureError::TooNew)),
        ] {
            assert_eq!(verify(&headers, VECTOR_BODY, &secrets, later(seconds)).err(), expected, "{seconds}");
        }
    }

    #[test]
    fn both_secrets_work_while_one_replaces_the_other() {
        let old = Secret::generate([1; 32]);
        let new = Secret::generate([2; 32]);
        let body = b"{}";
        let signed_by = |secrets: &[Secret]| sign(secrets, &id(), moment(), body).unwrap();

        let both = signed_by(&[old.clone(), new.clone()]);
        for receiver in [vec![old.clone()], vec![new.clone()], vec![new.clone(), old.clone()]] {
            assert!(verify(&both, body, &receiver, moment()).is_ok());
        }
        assert!(verify(&signed_by(std::slice::from_ref(&old)), body, &[new.clone(), old.clone()], moment()).is_ok());
        assert_eq!(verify(&signed_by(&[old]), body, &[new], moment()), Err(SignatureError::Mismatch));
    }

    #[test]
    fn other_versions_and_cut_signatures_are_passed_over() {
        let (secret, headers) = vector();
        for (signatures, believed) in [
            (format!("v1a,abc v1,AAAA {VECTOR_SIGNATURE}"), true),
            (VECTOR_SIGNATURE[..12].to_owned(), false),
            ("v1,".to_owned(), false),
            (String::new(), false),
            (VECTOR_SIGNATURE.replace("v1,", "v2,"), false),
        ] {
            let mut headers = headers.clone();
            headers.insert(HEADER_SIGNATURE, signatures.parse().unwrap());
            let outcome = verify(&headers, VECTOR_BODY, std::slice::from_ref(&secret), moment());
            assert_eq!(outcome.is_ok(), believed, "{signatures}");
        }
    }

    #[test]
    fn headers_must_be_there_once_and_readable() {
        let (secret, headers) = vector();
        let secrets = [secret];
        for name in [HEADER_ID, HEADER_TIMESTAMP, HEADER_SIGNATURE] {
            let mut missing = headers.clone();
            missing.remove(&name);
            assert_eq!(
                verify(&missing, VECTOR_BODY, &secrets, moment()),
                Err(SignatureError::MissingHeader(name.clone()))
            );
            let mut twice = headers.clone();
            twice.append(name.clone(), headers[&name].clone());
            assert_eq!(
                verify(&twice, VECTOR_BODY, &secrets, moment()),
                Err(SignatureError::InvalidHeader(name.clone()))
            );
            let mut garbage = headers.clone();
            garbage.insert(name.clone(), HeaderValue::from_bytes(b"\xff\xfe").unwrap());
            assert!(verify(&garbage, VECTOR_BODY, &secrets, moment()).is_err());
        }
        for timestamp in ["", "now", "9223372036854775807", "-9223372036854775808"] {
            let mut headers = headers.clone();
            headers.insert(HEADER_TIMESTAMP, timestamp.parse().unwrap());
            assert!(verify(&headers, VECTOR_BODY, &secrets, moment()).is_err(), "{timestamp}");
        }
    }

    #[test]
    fn without_a_secret_nothing_is_signed_or_believed() {
        let (_, headers) = vector();
        assert_eq!(sign(&[], &id(), moment(), b"{}"), Err(SignatureError::NoSecret));
        assert_eq!(verify(&headers, VECTOR_BODY, &[], moment()), Err(SignatureError::NoSecret));
    }

    #[test]
    fn a_body_that_is_not_text_is_not_believed() {
        let (secret, headers) = vector();
        assert_eq!(verify(&headers, b"\xff", &[secret], moment()), Err(SignatureError::NotText));
    }

    #[test]
    fn a_secret_has_at_least_24_bytes_and_is_never_shown() {
        for wrong in ["", "whsec_", "whsec_!!", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(Secret::parse(wrong).is_err(), "{wrong}");
        }
        let secret = Secret::parse(VECTOR_SECRET).unwrap();
        assert_eq!(secret.expose(), VECTOR_SECRET);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        let made = Secret::generate([9; 32]);
        assert_eq!(Secret::parse(&made.expose()).unwrap(), made);
    }
}
