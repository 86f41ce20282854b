//! The description of the protocol. Both parties offer the same paths, so there is one.

use utoipa::OpenApi;

use crate::answer::ProblemAnswer;
use crate::event::EventDocument;

/// The OpenAPI description of what a hall and a department both offer to each other.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yichuang department protocol",
        version = "1",
        description = "What a hall and a department tell each other about a case: signed CloudEvents over HTTP in both directions, and \
            files by their hash. The same in words, with an example, is in docs/protocol.md; `yichuang-server check-department` \
            checks an endpoint.\n\n\
            Both offer the same two addresses below their own base address, and both sign with Standard Webhooks headers \
            (HMAC-SHA256 over `id.timestamp.body`, five minutes of tolerance, several signatures during a rotation).\n\n\
            An event may arrive more than once: the same `webhook-id` is answered alike and applied once; another body \
            under it is refused with 409 `id-taken`. Events of \
            one case are applied in the order of `sequence`; a gap is answered with 409 `out-of-order` and the number \
            that is expected in `errors[0].params.expected`, and nothing is stored. 401, 403, 408, 409, 425, 429 and 5xx are tried \
            again after 5 s, 30 s, 5 min, 30 min, 2 h, 5 h, 10 h (±20 %) or after `Retry-After` (1 s to 1 h); any \
            other 4xx is a dead letter; 410 ends sending; 3xx is a failure. Attributes and fields that are not known are passed \
            over.\n\n\
            What crosses on the way is no fault. An acceptance, a notice of what is missing or a rejection within the limit takes \
            the place of the silence that the hall wrote down (`yichuang.task.deemed-accepted`); a later one changes nothing. A \
            withdrawal that crosses a decision or a rejection holds.\n\n\
            A department's moments are refused with 422 when they lie in the future of the hall's clock, \
            or before what they follow, by more than the same five minutes."
    ),
    paths(post_event, get_file),
    tags(
        (name = "department", description = "Offered by a department, called by a hall."),
        (name = "hall", description = "Offered by a hall, called by a department."),
    )
)]
struct Description;

/// Takes an event.
///
/// A department takes from the hall `yichuang.task.assigned` (here is a case, always the first), `yichuang.task.supplemented` (what
/// was missing has come), `yichuang.task.accepted-at-window` and `yichuang.task.decided-at-window` (done by delegation),
/// `yichuang.task.deemed-accepted` (the limit is over and silence accepts) and `yichuang.task.withdrawn` (taken back).
///
/// A hall takes from the department `yichuang.task.received` (the receipt, field by field), `yichuang.task.progressed` (how far it has
/// come), `yichuang.task.supplement-asked` (everything that is missing), `yichuang.task.rejected` (not accepted),
/// `yichuang.task.accepted`, `yichuang.task.decided`, and `yichuang.paper.issued` for each paper that was announced.
///
/// Both take `yichuang.enquiry.asked`, and `yichuang.enquiry.answered` for what they asked.
#[utoipa::path(
    post,
    path = "/protocol/v1/events",
    operation_id = "post_event",
    tags = ["department", "hall"],
    params(
        ("webhook-id" = String, Header, description = "The id of the event, the same in every attempt.",
            max_length = 128, pattern = "^[A-Za-z0-9_-]+$"),
        ("webhook-timestamp" = i64, Header, description = "When this attempt was signed, in seconds since 1970."),
        ("webhook-signature" = String, Header,
            description = "`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; several are separated by spaces."),
        ("yichuang-source" = String, Header, description = "The source of the event, to choose the secret by."),
    ),
    request_body(content = EventDocument, content_type = "application/cloudevents+json"),
    responses(
        (status = 204, description = "Taken, now or in an earlier attempt."),
        (status = 400, description = "No event: `json-malformed`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 401, description = "Not believed: `signature-invalid`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "The hall has no such case: `case-not-found`. The department has none: \
            `task-not-found`. No such open question: `enquiry-not-found`. The paper was not announced: `paper-not-found`. \
            Nothing is at this address: `not-found`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 409, description = "An earlier event of the case is missing: `out-of-order`. The id was used for another \
            event: `id-taken`. The case does not stand so: `not-now`. A second notice of what is missing needs a \
            manager: `notice-given`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 410, description = "This party takes no more events."),
        (status = 413, description = "Larger than 1 MiB: `body-too-large`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 415, description = "Not application/cloudevents+json: `media-type`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or the type is not known: `validation-failed`, `event-type-unknown`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "Later, after `Retry-After`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 500, description = "A fault of the receiver: `internal`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 503, description = "Later, after `Retry-After`: `store-unavailable`, `timed-out`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
#[allow(dead_code, reason = "only its description is used")]
fn post_event() {}

/// Hands out a file by its hash.
///
/// The department fetches materials from the hall; the hall fetches papers from the department. Only files of cases
/// between the two are handed out.
#[utoipa::path(
    get,
    path = "/protocol/v1/files/{sha256}",
    operation_id = "get_file",
    tags = ["department", "hall"],
    params(
        ("sha256" = String, Path, description = "The hash from the event.", pattern = "^[0-9a-f]{64}$"),
        ("webhook-id" = String, Header, description = "Names the request.",
            max_length = 128, pattern = "^[A-Za-z0-9_-]+$"),
        ("webhook-timestamp" = i64, Header, description = "When the request was signed, in seconds since 1970."),
        ("webhook-signature" = String, Header,
            description = "As for an event, over `GET /protocol/v1/files/<sha256>` in place of a body."),
        ("yichuang-source" = String, Header, description = "Who asks, to choose the secret by."),
    ),
    responses(
        (status = 200, description = "The bytes; the receiver checks the hash.",
            body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 401, description = "Not believed: `signature-invalid`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 404, description = "No such file for this party: `file-not-found`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 503, description = "Later, after `Retry-After`.",
            body = ProblemAnswer, content_type = "application/problem+json"),
    )
)]
#[allow(dead_code, reason = "only its description is used")]
fn get_file() {}
