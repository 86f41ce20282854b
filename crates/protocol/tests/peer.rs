//! One attempt against a receiver that answers what a test wants.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;
use yichuang_protocol::{
    Client, Delivered, DeliveryError, FetchError, MessageId, Party, Peer, PeerError, Secret, get_text, verify,
};

const OURS: Party = Party::Hall(Uuid::from_u128(0x11));

fn moment() -> Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn secret() -> Secret {
    Secret::generate([7; 32])
}

fn message_id() -> MessageId {
    MessageId::from(Uuid::from_u128(0x99))
}

/// A receiver that gives one answer to every request and remembers what it was asked.
struct Receiver {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/city/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, heard) = (answer.into(), asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !is_whole(&request) {
                    match stream.read(&mut buffer).await {
                        Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
                        _ => break,
                    }
                }
                heard.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Receiver { base, asked }
    }

    fn peer(&self) -> Peer {
        Peer::new(&Client::new().unwrap(), &self.base, OURS, vec![secret()]).unwrap()
    }

    async fn outcome(&self) -> Result<Delivered, DeliveryError> {
        self.peer().post_event(&Bytes::from_static(b"{}"), &message_id(), moment()).await
    }

    fn heard(&self) -> String {
        self.asked.lock().unwrap().last().unwrap().clone()
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok())
        .unwrap_or(0);
    body.len() >= length
}

fn plain(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn problem(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn an_event_goes_out_signed_under_the_base_path() {
    let receiver = Receiver::answering(plain("204 No Content")).await;
    assert_eq!(receiver.outcome().await, Ok(Delivered { status: 204 }));

    let heard = receiver.heard();
    assert!(heard.starts_with("POST /city/protocol/v1/events HTTP/1.1\r\n"), "{heard}");
    let headers = headers_of(&heard);
    assert_eq!(headers["content-type"], "application/cloudevents+json");
    assert_eq!(yichuang_protocol::claimed_source(&headers), Some(OURS));
    let verified = verify(&headers, b"{}", &[secret()], moment()).unwrap();
    assert_eq!(verified.message_id, message_id());
}

#[tokio::test]
async fn every_answer_has_its_meaning() {
    let retry = |after: Option<u64>, reason: &str| {
        Err(DeliveryError::Retry { after: after.map(Duration::from_secs), reason: reason.into() })
    };
    let refused = |status| Err(DeliveryError::Refused { status, problem: None });
    for (answer, expected) in [
        (plain("200 OK"), Ok(Delivered { status: 200 })),
        (plain("202 Accepted"), Ok(Delivered { status: 202 })),
        (plain("301 Moved\r\nlocation: http://127.0.0.1:1/"), retry(None, "301")),
        (plain("308 Moved\r\nlocation: /elsewhere"), retry(None, "308")),
        (plain("400 Bad Request"), refused(400)),
        (plain("401 Unauthorized"), retry(None, "401")),
        (plain("404 Not Found"), retry(None, "404")),
        (plain("422 Unprocessable"), refused(422)),
        (plain("408 Request Timeout"), retry(None, "408")),
        (plain("409 Conflict"), retry(None, "409")),
        (plain("410 Gone"), Err(DeliveryError::Gone)),
        (plain("425 Too Early"), retry(None, "425")),
        (plain("429 Too Many\r\nretry-after: 30"), retry(Some(30), "429")),
        (plain("429 Too Many\r\nretry-after: 0"), retry(Some(1), "429")),
        (plain("503 Unavailable\r\nretry-after: 86400"), retry(Some(3600), "503")),
        (plain("503 Unavailable\r\nretry-after: soon"), retry(None, "503")),
        (plain("500 Internal"), retry(None, "500")),
        (plain("502 Bad Gateway"), retry(None, "502")),
        (problem("503 Unavailable", r#"{"code":"store-unavailable"}"#), retry(None, "503 store-unavailable")),
        (
            problem(
                "409 Conflict",
                r#"{"code":"out-of-order","errors":[{"pointer":"/sequence","code":"out-of-order","params":{"expected":3}}]}"#,
            ),
            Err(DeliveryError::OutOfOrder { expected: 3 }),
        ),
        (problem("409 Conflict", r#"{"code":"idempotency-key-in-use"}"#), retry(None, "409 idempotency-key-in-use")),
    ] {
        let receiver = Receiver::answering(answer.clone()).await;
        assert_eq!(receiver.outcome().await, expected, "{answer}");
    }
}

#[tokio::test]
async fn a_refusal_brings_the_problem_along() {
    let body = r#"{"type":"/problems/validation-failed","title":"t","status":422,"code":"validation-failed",
        "errors":[{"pointer":"/data/officer","code":"empty","value":""}]}"#;
    let receiver = Receiver::answering(problem("422 Unprocessable", body)).await;
    let error = receiver.outcome().await.unwrap_err();
    assert!(error.is_final());
    assert_eq!(error.to_string(), "the receiver refused it with 422 validation-failed");
    let DeliveryError::Refused { problem: Some(problem), .. } = error else { panic!() };
    assert_eq!(problem.errors[0].pointer, "/data/officer");
}

#[tokio::test]
async fn an_endless_or_broken_problem_is_cut() {
    let endless = format!("{{\"code\":\"{}\"}}", "x".repeat(200_000));
    for body in [endless.as_str(), "not json", "[]", ""] {
        let receiver = Receiver::answering(problem("400 Bad Request", body)).await;
        assert_eq!(receiver.outcome().await, Err(DeliveryError::Refused { status: 400, problem: None }));
    }
}

#[tokio::test]
async fn nobody_there_is_unreachable_and_says_no_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let peer = Peer::new(&Client::new().unwrap(), &format!("http://{address}"), OURS, vec![secret()]).unwrap();
    let error = peer.post_event(&Bytes::from_static(b"{}"), &message_id(), moment()).await.unwrap_err();
    assert!(matches!(error, DeliveryError::Unreachable(_)));
    assert!(!error.is_final());
    assert!(!error.to_string().contains(&address.port().to_string()), "{error}");

    // Somebody who hangs up is the same.
    let receiver = Receiver::answering("").await;
    assert!(matches!(receiver.outcome().await, Err(DeliveryError::Unreachable(_))));
}

#[tokio::test]
async fn a_file_is_fetched_with_a_signature_and_checked() {
    let bytes = b"%PDF-1.7 paper";
    let hash = hex::encode(Sha256::digest(bytes));
    let answer =
        [format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", bytes.len()).as_bytes(), bytes]
            .concat();
    let receiver = Receiver::answering(answer.clone()).await;
    let peer = receiver.peer();
    assert_eq!(peer.fetch_file(&hash, 100, moment()).await.unwrap(), &bytes[..]);

    let heard = receiver.heard();
    assert!(heard.starts_with(&format!("GET /city/protocol/v1/files/{hash} HTTP/1.1\r\n")), "{heard}");
    // The prefix of a proxy is not signed.
    let text = get_text(&format!("/protocol/v1/files/{hash}"));
    assert!(verify(&headers_of(&heard), text.as_bytes(), &[secret()], moment()).is_ok());
    assert!(verify(&headers_of(&heard), b"GET /protocol/v1/files/other", &[secret()], moment()).is_err());

    let other = "0".repeat(64);
    assert_eq!(peer.fetch_file(&other, 100, moment()).await, Err(FetchError::WrongHash));
    assert_eq!(peer.fetch_file(&hash, 13, moment()).await, Err(FetchError::TooLarge(13)));
    assert!(matches!(peer.fetch_file("../secrets", 100, moment()).await, Err(FetchError::NotAHash(_))));
}

#[tokio::test]
async fn a_file_that_hides_its_length_is_cut_all_the_same() {
    let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(5000));
    let receiver = Receiver::answering(answer).await;
    let hash = "0".repeat(64);
    assert_eq!(receiver.peer().fetch_file(&hash, 4999, moment()).await, Err(FetchError::TooLarge(4999)));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_refused_for_good() {
    let receiver = Receiver::answering(problem("404 Not Found", r#"{"code":"file-not-found"}"#)).await;
    let error = receiver.peer().fetch_file(&"0".repeat(64), 100, moment()).await.unwrap_err();
    assert!(error.is_final());
    assert_eq!(error.to_string(), "the receiver refused it with 404 file-not-found");
}

#[test]
fn a_peer_has_a_plain_address_and_a_secret() {
    let client = Client::new().unwrap();
    for wrong in [
        "",
        "hall",
        "ftp://hall",
        "file:///etc/passwd",
        "http://me:pw@hall",
        "http://hall?a=b",
        "http://hall/#x",
        "http://",
    ] {
        let peer = Peer::new(&client, wrong, OURS, vec![secret()]);
        assert!(matches!(peer, Err(PeerError::BadAddress(_))), "{wrong}");
    }
    assert!(matches!(Peer::new(&client, "http://hall", OURS, vec![]), Err(PeerError::NoSecret)));
}

fn headers_of(request: &str) -> http::HeaderMap {
    request
        .split("\r\n\r\n")
        .next()
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.parse::<http::HeaderName>().unwrap(), value.parse::<http::HeaderValue>().unwrap())
        })
        .collect()
}
