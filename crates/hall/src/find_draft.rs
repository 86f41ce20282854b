//! Finds the drafts of somebody (暂存件), in a list and one by one.

use domain::rights::Right;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use store::{Draft, DraftKey, DraftRow};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{
    Actor,
    page::{Limit, Page},
};

use crate::{
    Hall, HallError,
    keep_draft::{DraftBody, own},
};

/// A draft in a list (暂存件).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftRow)]
pub struct DraftRowView {
    /// The draft, and the filing that it is to become.
    pub id: Uuid,
    /// What it is called: the item, and who applies, masked.
    pub title: String,
    /// The window at which it was last kept.
    pub window: String,
    /// Its version, for `If-Match`.
    pub version: u64,
    /// When it was first kept.
    pub created_at: Timestamp,
    /// When it was last kept.
    pub updated_at: Timestamp,
}

/// A draft as it was just kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftKept)]
pub struct DraftKeptView {
    /// As in the list.
    #[serde(flatten)]
    pub row: DraftRowView,
    /// What the applicant confirmed of it (确认).
    #[schema(required)]
    pub confirmed: Option<ConfirmedView>,
}

/// A draft, whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    /// As it was kept.
    #[serde(flatten)]
    pub kept: DraftKeptView,
    /// What the page gave with it.
    #[schema(value_type = Object)]
    pub content: Value,
}

/// What an applicant confirmed on the second screen (确认).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Confirmed)]
pub struct ConfirmedView {
    /// When.
    pub at: Timestamp,
    /// Whether that is what the draft would show now.
    pub current: bool,
}

impl Hall {
    /// One's own drafts, the one kept last first.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub async fn drafts(
        &self,
        actor: &Actor,
        after: Option<(Timestamp, Uuid)>,
        limit: Limit,
    ) -> Result<Page<DraftRowView>, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let after = after.map(|(updated_at, id)| DraftKey { updated_at, id });
        let rows = self.0.store.read().await?.drafts_of(actor.account(), after, limit.and_one()).await?;
        Ok(Page::of(rows, limit, |row| (row.updated_at, row.id)).map(DraftRowView::of))
    }

    /// One of one's own drafts, whole.
    ///
    /// # Errors
    /// [`web::ProblemCode::DraftNotFound`], also when it is somebody else's.
    pub async fn draft(&self, actor: &Actor, id: Uuid) -> Result<DraftView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let draft = own(&mut self.0.store.read().await?, actor.account(), id).await?;
        Ok(DraftView { kept: self.kept_view(&draft)?, content: DraftBody::of(&draft)?.content })
    }

    pub(crate) fn kept_view(&self, draft: &Draft) -> Result<DraftKeptView, HallError> {
        let shown = DraftBody::of(draft)?.shown;
        let now = shown.map(|shown| self.on_screen(&shown).digest());
        let confirmed = draft
            .row
            .confirmed
            .map(|confirmed| ConfirmedView { at: confirmed.at, current: now == Some(confirmed.digest) });
        Ok(DraftKeptView { row: DraftRowView::of(draft.row.clone()), confirmed })
    }
}

impl DraftRowView {
    fn of(row: DraftRow) -> Self {
        let DraftRow { id, owner: _, window, title, version, confirmed: _, created_at, updated_at } = row;
        Self { id, title, window, version, created_at, updated_at }
    }
}
