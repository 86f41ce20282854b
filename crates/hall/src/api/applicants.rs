//! Applicants by one number.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use web::{
    Actor, Path, Problem, Query,
    page::{After, Limit, Page, PageParams},
};

use super::HallDesk;
use crate::{
    find_applicant::{AgentView, ApplicantView, MaterialCursor, OwnCertificateView, ReusableMaterialView},
    records::ApplicantKind,
    views::CaseRowView,
};

pub(super) fn routes() -> OpenApiRouter<HallDesk> {
    OpenApiRouter::new()
        .routes(routes!(applicant))
        .routes(routes!(agent))
        .routes(routes!(applicant_materials))
        .routes(routes!(applicant_certificates))
        .routes(routes!(applicant_cases))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OneNumber {
    /// A person or an organisation.
    kind: ApplicantKind,
    /// 公民身份号码 of a person, 统一社会信用代码 of an organisation.
    id_number: String,
}

/// The applicant with a number (一号申请). `applicant-not-found` when nobody with it has applied here: its `errors`
/// are then the warnings about the number, such as `unknown-province`.
#[utoipa::path(get, path = "/applicants", tag = "applicants", params(OneNumber),
    responses((status = 200, body = ApplicantView), Problem))]
async fn applicant(
    State(desk): State<HallDesk>,
    actor: Actor,
    Query(OneNumber { kind, id_number }): Query<OneNumber>,
) -> Result<Json<ApplicantView>, Problem> {
    Ok(Json(desk.0.hall.applicant(&actor, kind, &id_number).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AgentNumber {
    /// 公民身份号码: an agent is a person.
    id_number: String,
}

/// Somebody who acts for others, by number (代理人). `applicant-not-found` when nobody with it acted or applied here.
#[utoipa::path(get, path = "/agents", tag = "applicants", params(AgentNumber),
    responses((status = 200, body = AgentView), Problem))]
async fn agent(
    State(desk): State<HallDesk>,
    actor: Actor,
    Query(AgentNumber { id_number }): Query<AgentNumber>,
) -> Result<Json<AgentView>, Problem> {
    Ok(Json(desk.0.hall.agent(&actor, &id_number).await?))
}

/// What an applicant handed in before and is still good today (可复用材料), kind by kind, of each the newest first.
#[utoipa::path(get, path = "/applicants/{id}/materials", tag = "applicants", params(("id" = Uuid, Path), PageParams),
    responses((status = 200, body = Page<ReusableMaterialView>), Problem))]
async fn applicant_materials(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    After(after): After<MaterialCursor>,
    limit: Limit,
) -> Result<Json<Page<ReusableMaterialView>>, Problem> {
    Ok(Json(desk.0.hall.applicant_materials(&actor, id, after, limit).await?))
}

/// The certificates issued here to an applicant that are valid today (证照), newest first.
#[utoipa::path(get, path = "/applicants/{id}/certificates", tag = "applicants", params(("id" = Uuid, Path), PageParams),
    responses((status = 200, body = Page<OwnCertificateView>), Problem))]
async fn applicant_certificates(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    After(after): After<(Timestamp, Uuid)>,
    limit: Limit,
) -> Result<Json<Page<OwnCertificateView>>, Problem> {
    Ok(Json(desk.0.hall.applicant_certificates(&actor, id, after, limit).await?))
}

/// The cases of an applicant, newest first.
#[utoipa::path(get, path = "/applicants/{id}/cases", tag = "applicants", params(("id" = Uuid, Path), PageParams),
    responses((status = 200, body = Page<CaseRowView>), Problem))]
async fn applicant_cases(
    State(desk): State<HallDesk>,
    actor: Actor,
    Path(id): Path<Uuid>,
    After(after): After<Uuid>,
    limit: Limit,
) -> Result<Json<Page<CaseRowView>>, Problem> {
    Ok(Json(desk.0.hall.applicant_cases(&actor, id, after, limit).await?))
}
