//! Problem documents (RFC 9457): the one form in which a request is refused.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::StoreError;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder};

/// `application/problem+json`.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// How much of an offending value is repeated.
const SHOWN: usize = 200;

macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])* $code:ident = $status:literal, $name:literal, $title:literal;)+) => {
        /// What programs act on. The words for people are in the user interface.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[doc = $doc])* #[serde(rename = $name)] $code,)+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$code),+];

            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(ProblemCode::$code => $name),+ }
            }

            /// The status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(ProblemCode::$code => $status),+ }
            }

            /// What it means, for people who integrate.
            pub const fn title(self) -> &'static str {
                match self { $(ProblemCode::$code => $title),+ }
            }
        }
    };
}

problem_codes! {
    /// Fields are wrong; `errors` says which.
    ValidationFailed = 422, "validation-failed", "Some fields are wrong.";
    /// The body is no JSON.
    JsonMalformed = 400, "json-malformed", "The body is not JSON.";
    /// The path, the query or a header cannot be read.
    RequestMalformed = 400, "request-malformed", "The address or a header cannot be read.";
    /// The body is larger than allowed.
    BodyTooLarge = 413, "body-too-large", "The body is too large.";
    /// The body has another media type than the one that is taken.
    MediaType = 415, "media-type", "The body has the wrong media type.";
    /// There is nothing at this address.
    NotFound = 404, "not-found", "There is nothing at this address.";
    /// The address does not take this method.
    Method = 405, "method", "The address does not take this method.";
    /// The roles do not allow it.
    Forbidden = 403, "forbidden", "Your roles do not allow this.";
    /// Nobody is signed in.
    NoSession = 401, "no-session", "Nobody is signed in.";
    /// The session was idle or open too long.
    SessionExpired = 401, "session-expired", "The session has expired.";
    /// Also for a login that does not exist.
    WrongLoginOrPassword = 401, "wrong-login-or-password", "Login or password is wrong.";
    /// Too many wrong passwords; wait for `Retry-After`.
    TooManyAttempts = 429, "too-many-attempts", "There were too many attempts.";
    /// A change without `Idempotency-Key`.
    IdempotencyKeyMissing = 400, "idempotency-key-missing", "The header Idempotency-Key is missing.";
    /// An `Idempotency-Key` that is not 1 to 200 visible ASCII characters.
    IdempotencyKeyMalformed = 400, "idempotency-key-malformed", "The header Idempotency-Key cannot be read.";
    /// The same `Idempotency-Key` with another request.
    IdempotencyKeyReused = 422, "idempotency-key-reused", "The key was used for another request.";
    /// The first request with this `Idempotency-Key` is not finished.
    IdempotencyKeyInUse = 409, "idempotency-key-in-use", "The first request with this key is not finished.";
    /// A change without `If-Match`.
    PreconditionRequired = 428, "precondition-required", "The header If-Match is missing.";
    /// An `If-Match` that is no version.
    PreconditionMalformed = 400, "precondition-malformed", "The header If-Match is not one version in quotes.";
    /// It was changed meanwhile.
    PreconditionFailed = 412, "precondition-failed", "It was changed meanwhile.";
    /// The id was made by somebody else for something else.
    IdTaken = 409, "id-taken", "The id is already used for something else.";
    /// No such case, or not for these eyes.
    CaseNotFound = 404, "case-not-found", "There is no such case.";
    /// No such draft, or not for these eyes; or none is shown at the window.
    DraftNotFound = 404, "draft-not-found", "There is no such draft.";
    /// Nobody with this number has applied here yet.
    ApplicantNotFound = 404, "applicant-not-found", "There is no such applicant.";
    /// No such task, or not for these eyes.
    TaskNotFound = 404, "task-not-found", "There is no such task.";
    /// No such item.
    ItemNotFound = 404, "item-not-found", "There is no such item.";
    /// No such paper, or not for these eyes.
    PaperNotFound = 404, "paper-not-found", "There is no such paper.";
    /// No such print.
    PrintNotFound = 404, "print-not-found", "There is no such print.";
    /// No such material, or it has no file.
    MaterialNotFound = 404, "material-not-found", "There is no such material.";
    /// No such printer.
    PrinterNotFound = 404, "printer-not-found", "There is no such printer.";
    /// No such message about this case.
    MessageNotFound = 404, "message-not-found", "There is no such message about this case.";
    /// No such file for who asks.
    FileNotFound = 404, "file-not-found", "There is no such file.";
    /// The item has a newer version than the one filled in.
    ItemVersionChanged = 409, "item-version-changed", "The item has changed since it was opened.";
    /// A file is larger than allowed.
    FileTooLarge = 413, "file-too-large", "The file is too large.";
    /// A file is not of a kind that is taken.
    FileTypeRefused = 415, "file-type-refused", "Files of this kind are not taken.";
    /// A material names a file that was not uploaded.
    FileMissing = 422, "file-missing", "A file was not uploaded.";
    /// A required material is missing.
    MaterialMissing = 422, "material-missing", "A required material is missing.";
    /// The state does not allow it.
    NotNow = 409, "not-now", "This cannot be done now.";
    /// Everything missing has been told once.
    NoticeGiven = 409, "notice-given", "The applicant has been told already what is missing; a manager's reason is needed.";
    /// The department has not left this step to the window.
    NotDelegated = 409, "not-delegated", "The department has not delegated this to the window.";
    /// The department has the case.
    WithDepartment = 409, "with-department", "The department has the case, and does this now.";
    /// The department does not have the case yet.
    NotWithDepartment = 409, "not-with-department", "The department does not have the case yet.";
    /// No such question about this case, or it was answered.
    EnquiryNotFound = 404, "enquiry-not-found", "There is no such open question about this case.";
    /// Somebody else has taken the task up.
    Claimed = 409, "claimed", "Somebody else has taken this up.";
    /// The procedure wants a review first.
    NotReviewed = 409, "not-reviewed", "Nobody has reviewed it yet.";
    /// The procedure wants two persons.
    SamePerson = 409, "same-person", "Whoever accepted it may not decide it too.";
    /// Handing over before the papers were printed.
    PaperNotPrinted = 409, "paper-not-printed", "A paper has not been printed.";
    /// The paper has not been rendered or fetched yet.
    PaperNotReady = 409, "paper-not-ready", "The paper is not ready yet.";
    /// A second print without a reason.
    ReprintReasonMissing = 422, "reprint-reason-missing", "A second print needs a reason.";
    /// A window or an authority has used up its numbers for the day or the year.
    NumbersUsedUp = 409, "numbers-used-up", "There are no numbers left.";
    /// An earlier event of the case is missing; `errors[0].params.expected` is the one waited for.
    OutOfOrder = 409, "out-of-order", "An earlier event of this case is missing.";
    /// The sender did not prove who it is.
    SignatureInvalid = 401, "signature-invalid", "The signature is not valid.";
    /// The event has a type that is not known.
    EventTypeUnknown = 422, "event-type-unknown", "The event type is not known.";
    /// The other service behind this address cannot be reached.
    BackendUnreachable = 502, "backend-unreachable", "The service behind this address cannot be reached.";
    /// The database cannot be reached.
    StoreUnavailable = 503, "store-unavailable", "Nothing can be read or saved at the moment.";
    /// The answer took too long.
    TimedOut = 503, "timed-out", "The answer took too long.";
    /// A fault of the program; the log has the cause.
    Internal = 500, "internal", "Something went wrong here.";
}

// By hand, because the derive does not see names that come through a macro.
impl utoipa::PartialSchema for ProblemCode {
    fn schema() -> RefOr<utoipa::openapi::schema::Schema> {
        let names = ProblemCode::ALL.iter().map(|code| code.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for ProblemCode {}

/// A refusal. Made from a code; becomes an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone, PartialEq)]
struct Inner {
    code: ProblemCode,
    detail: Option<String>,
    errors: Vec<ProblemField>,
    retry_after: Option<u64>,
    allow: Option<HeaderValue>,
}

/// A refusal as it is written (RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means, for people who integrate.
    pub title: String,
    /// The status once more.
    pub status: u16,
    /// What happened this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What programs act on.
    pub code: ProblemCode,
    /// The fields concerned.
    pub errors: Vec<ProblemField>,
}

/// One field of a refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FieldProblem)]
pub struct ProblemField {
    /// JSON pointer into the body, or `?name` for the query and `name:` for a header.
    pub pointer: String,
    /// What is wrong there, such as `required`, `wrong-type`, `too-long`.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// The value found, cut to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Facts for the words, such as `{"max": 200}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Value>,
}

impl ProblemField {
    /// A fault at a pointer.
    pub fn new(pointer: impl Into<String>, code: impl Into<Cow<'static, str>>) -> Self {
        ProblemField { pointer: pointer.into(), code: code.into(), value: None, params: None }
    }

    /// With the value found, which is cut to 200 characters.
    #[must_use]
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.value = Some(shortened(value.into()));
        self
    }

    /// With facts for the words.
    #[must_use]
    pub fn params(mut self, params: impl Into<Value>) -> Self {
        self.params = Some(params.into());
        self
    }
}

impl Problem {
    /// A refusal with this code.
    pub fn new(code: ProblemCode) -> Self {
        Problem(Box::new(Inner { code, detail: None, errors: Vec::new(), retry_after: None, allow: None }))
    }

    /// Wrong fields.
    pub fn invalid(errors: impl IntoIterator<Item = ProblemField>) -> Self {
        Problem::new(ProblemCode::ValidationFailed).fields(errors)
    }

    /// One wrong field.
    pub fn invalid_field(field: ProblemField) -> Self {
        Problem::invalid([field])
    }

    /// The state does not allow it: which command, and which state it is in.
    pub fn not_now(command: &str, state: &str) -> Self {
        Problem::new(ProblemCode::NotNow)
            .field(ProblemField::new("", "not-now").params(serde_json::json!({ "command": command, "state": state })))
    }

    /// The key was used for another request.
    pub fn key_reused() -> Self {
        Problem::new(ProblemCode::IdempotencyKeyReused).field(ProblemField::new("idempotency-key:", "twice"))
    }

    /// It was changed since it was seen.
    pub fn changed(seen: u64, present: u64) -> Self {
        Problem::new(ProblemCode::PreconditionFailed).field(
            ProblemField::new("if-match:", "changed").value(seen).params(serde_json::json!({ "version": present })),
        )
    }

    /// An event came before the one that is waited for.
    pub fn out_of_order(expected: u64, found: u64) -> Self {
        Problem::new(ProblemCode::OutOfOrder).field(
            ProblemField::new("/sequence", "out-of-order")
                .value(found.to_string())
                .params(serde_json::json!({ "expected": expected })),
        )
    }

    /// A fault of the program. The cause is logged here, once; the answer does not hold it.
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "a request failed");
        Problem::new(ProblemCode::Internal)
    }

    /// With a sentence on what happened this time. No personal data, no inner workings.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// With one more field.
    #[must_use]
    pub fn field(mut self, field: ProblemField) -> Self {
        self.0.errors.push(field);
        self
    }

    /// With more fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = ProblemField>) -> Self {
        self.0.errors.extend(fields);
        self
    }

    /// With a wait, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// What programs act on.
    pub fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// The fields concerned.
    pub fn errors(&self) -> &[ProblemField] {
        &self.0.errors
    }

    /// The document as it is written.
    pub fn document(&self) -> ProblemDocument {
        let Inner { code, detail, errors, retry_after: _, allow: _ } = &*self.0;
        ProblemDocument {
            kind: format!("/problems/{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.clone(),
            code: *code,
            errors: errors.clone(),
        }
    }
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Problem::new(code)
    }
}

impl From<StoreError> for Problem {
    /// What callers act on keeps its code; the rest is a fault of ours. Logged here, once.
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Stale => Problem::new(ProblemCode::PreconditionFailed),
            StoreError::Unavailable(_) | StoreError::Unknown(_) => {
                tracing::warn!(error = %chain(&error), "the store did not answer");
                Problem::new(ProblemCode::StoreUnavailable).retry_after(1)
            }
            _ => Problem::internal(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = self.document();
        let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_MEDIA_TYPE));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = self.0.allow {
            headers.insert(ALLOW, allow);
        }
        response
    }
}

impl utoipa::IntoResponses for Problem {
    /// Any other answer than the ones listed is a problem document.
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description("Refused: a problem document (RFC 9457).")
            .content(PROBLEM_MEDIA_TYPE, content)
            .build();
        BTreeMap::from([("default".to_owned(), response.into())])
    }
}

/// Adds the schemas that `responses(…, Problem)` refers to.
pub fn describe(api: &mut utoipa::openapi::OpenApi) {
    let mut schemas = Vec::new();
    ProblemDocument::schemas(&mut schemas);
    schemas.push((ProblemDocument::name().into_owned(), <ProblemDocument as utoipa::PartialSchema>::schema()));
    let components = api.components.get_or_insert_with(Default::default);
    components.schemas.extend(schemas);
}

/// Turns every refusal that is not yet a problem document into one: wrong methods, unknown addresses, extractors of
/// other crates. For `axum::middleware::from_fn`.
pub async fn layer(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(PROBLEM_MEDIA_TYPE.as_bytes()));
    if is_problem {
        return response;
    }
    let mut problem = Problem::new(code_of(status));
    problem.0.allow = response.headers().get(ALLOW).cloned();
    problem.into_response()
}

/// The answer to an address that does not exist. For `Router::fallback`.
pub async fn not_found() -> Problem {
    Problem::new(ProblemCode::NotFound)
}

/// The answer to a method that an address does not take. For `Router::method_not_allowed_fallback`.
pub async fn method_not_allowed() -> Problem {
    Problem::new(ProblemCode::Method)
}

fn code_of(status: StatusCode) -> ProblemCode {
    match status {
        StatusCode::UNAUTHORIZED => ProblemCode::NoSession,
        StatusCode::FORBIDDEN => ProblemCode::Forbidden,
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::Method,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::MediaType,
        StatusCode::UNPROCESSABLE_ENTITY => ProblemCode::ValidationFailed,
        StatusCode::SERVICE_UNAVAILABLE => ProblemCode::TimedOut,
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => ProblemCode::BackendUnreachable,
        status if status.is_client_error() => ProblemCode::RequestMalformed,
        _ => ProblemCode::Internal,
    }
}

/// A value that is short enough to be repeated; containers are only counted.
pub(crate) fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.chars().take(SHOWN).collect()),
        Value::Array(items) => Value::String(format!("[{} entries]", items.len())),
        Value::Object(fields) => Value::String(format!("{{{} fields}}", fields.len())),
        other => other,
    }
}

/// An error and all its causes, for the log.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
