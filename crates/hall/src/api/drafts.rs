//! Drafts and the second screen.

use axum::{Json, extract::State};
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{
    Actor, Path, Problem,
    json::Body,
    page::{After, Limit, Page, PageParams},
    precondition::{Etag, IfMatchOrNew},
};

use super::HallDesk;
use crate::{
    find_draft::{DraftKeptView, DraftRowView, DraftView},
    keep_draft::DraftInput,
    show_draft::ScreenView,
};

pub(super) fn routes() -> OpenApiRouter<HallDesk> {
    OpenApiRouter::new()
        .routes(routes!(drafts))
        .routes(routes!(draft, keep_draft, remove_draft))
        .routes(routes!(screen, show_draft, hide_draft))
        .routes(routes!(confirm_draft))
}

/// One's own drafts (暂存件), the one kept last first.
#[utoipa::path(get, path = "/drafts", tag = "drafts", params(PageParams),
    responses((status = 200, body = Page<DraftRowView>), Problem))]
async fn drafts(
    State(desk): State<HallDesk>,
    actor: Actor,
    After(after): After<(Timestamp, Uuid)>,
    limit: Limit,
) -> Result<Json<Page<DraftRowView>>, Problem> {
    Ok(Json(desk.0.hall.drafts(&actor, after, limit).await?))
}

/// One of one's own drafts, whole.
#[utoipa::path(get, path = "/drafts/{id}", tag = "drafts", params(("id" = Uuid, Path)),
    responses((status = 200, body = DraftView, headers(("etag" = String))), Problem))]
async fn draft(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<DraftView>), Problem> {
    let view = desk.0.hall.draft(&actor, id).await?;
    Ok((Etag(view.kept.row.version), Json(view)))
}

/// Keeps a draft under the id of the filing that it is to become. Without `If-Match`, or with `*`, it is a new one.
#[utoipa::path(put, path = "/drafts/{id}", tag = "drafts", request_body = DraftInput,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DraftKeptView, headers(("etag" = String))), Problem))]
async fn keep_draft(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatchOrNew(seen): IfMatchOrNew,
    Body(draft, _): Body<DraftInput>,
) -> Result<(Etag, Json<DraftKeptView>), Problem> {
    let view = desk.0.hall.keep_draft(&actor, id, seen, draft).await?;
    Ok((Etag(view.row.version), Json(view)))
}

/// Removes a draft.
#[utoipa::path(delete, path = "/drafts/{id}", tag = "drafts", params(("id" = Uuid, Path)),
    responses((status = 204), Problem))]
async fn remove_draft(State(desk): State<HallDesk>, actor: Actor, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    desk.0.hall.remove_draft(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the applicant sees at one's window (客户屏): numbers whole, names and answers in words.
#[utoipa::path(get, path = "/window/screen", tag = "drafts", responses((status = 200, body = ScreenView), Problem))]
async fn screen(State(desk): State<HallDesk>, actor: Actor) -> Result<Json<ScreenView>, Problem> {
    Ok(Json(desk.0.hall.screen(&actor).await?))
}

/// A draft to be shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShowDraft {
    /// One of one's own.
    draft_id: Uuid,
}

/// Shows one of one's drafts at one's window, instead of what was shown there.
#[utoipa::path(put, path = "/window/screen", tag = "drafts", request_body = ShowDraft,
    responses((status = 200, body = ScreenView), Problem))]
async fn show_draft(
    State(desk): State<HallDesk>,
    actor: Actor,
    Body(ShowDraft { draft_id }, _): Body<ShowDraft>,
) -> Result<Json<ScreenView>, Problem> {
    Ok(Json(desk.0.hall.show_draft(&actor, draft_id).await?))
}

/// Shows nothing at one's window.
#[utoipa::path(delete, path = "/window/screen", tag = "drafts", responses((status = 204), Problem))]
async fn hide_draft(State(desk): State<HallDesk>, actor: Actor) -> Result<StatusCode, Problem> {
    desk.0.hall.hide_draft(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the applicant has confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmDraft {
    /// The digest of what was on the screen.
    digest: String,
}

/// Records that the applicant has confirmed what is shown (确认); `precondition-failed` when it has changed meanwhile.
#[utoipa::path(post, path = "/window/screen/confirm", tag = "drafts", request_body = ConfirmDraft,
    responses((status = 200, body = ScreenView), Problem))]
async fn confirm_draft(
    State(desk): State<HallDesk>,
    actor: Actor,
    Body(ConfirmDraft { digest }, _): Body<ConfirmDraft>,
) -> Result<Json<ScreenView>, Problem> {
    Ok(Json(desk.0.hall.confirm_draft(&actor, &digest).await?))
}
