//! Keeps what a window has half done (暂存), and removes it.

use domain::{identity::mask_person, rights::Right};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Digest, Draft, DraftRow, NewDraft, StoreError, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Actor, ProblemField};

use crate::{
    Hall, HallError, News, faults::Faults, find_draft::DraftKeptView, records::ApplicantKind, show_draft::Shown,
    take_filing::sha256_of,
};

/// More uploads than any sitting has.
const MOST_FILES: usize = 500;

/// A draft as a page keeps it (暂存件). All of the request is at most 1 MiB.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeepDraft)]
pub struct DraftInput {
    /// What a list calls it, as far as it is known.
    #[serde(default)]
    pub title: DraftTitle,
    /// SHA-256 of the uploads that it mentions, hexadecimal: they stay as long as it does.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub files: Vec<String>,
    /// What the page needs to go on with it: whatever it likes.
    #[schema(value_type = Object)]
    pub content: Value,
    /// What the applicant sees of it on the second screen (客户屏); without it there is nothing to show.
    #[serde(default)]
    pub shown: Option<Shown>,
}

/// What a list calls a draft. The applicant's name is kept masked only.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DraftTitle {
    /// The item's name; empty before one is chosen.
    #[schema(max_length = 200)]
    pub item_name: String,
    /// What the applicant is.
    pub applicant_kind: Option<ApplicantKind>,
    /// The applicant's name as far as it is typed.
    #[schema(max_length = 100)]
    pub applicant_name: String,
}

/// The body of a draft in the store.
#[derive(Serialize, Deserialize)]
pub(crate) struct DraftBody {
    pub(crate) content: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shown: Option<Shown>,
}

impl DraftBody {
    pub(crate) fn of(draft: &Draft) -> Result<Self, StoreError> {
        serde_json::from_slice(&draft.body).map_err(|_| StoreError::Corrupt {
            table: "draft",
            key: draft.row.id.to_string(),
            what: "a body that is none",
        })
    }
}

impl DraftTitle {
    fn masked(&self) -> String {
        let name = match self.applicant_kind {
            Some(ApplicantKind::Organisation) => self.applicant_name.clone(),
            Some(ApplicantKind::Person) | None => mask_person(self.applicant_name.trim()),
        };
        [self.item_name.trim(), name.trim()].join(" ").trim().to_owned()
    }
}

impl Hall {
    /// Keeps a draft; `seen` is the version it follows, 0 for a new one. The same content again, as when the answer to it was
    /// lost, is no new version.
    ///
    /// # Errors
    /// [`HallError::Changed`] when another version is the newest, [`HallError::IdTaken`] when its filing has been taken,
    /// [`web::ProblemCode::DraftNotFound`] when it is gone or somebody else's.
    pub async fn keep_draft(
        &self,
        actor: &Actor,
        id: Uuid,
        seen: u64,
        draft: DraftInput,
    ) -> Result<DraftKeptView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let window = self.window_of(actor)?;
        let files = check(id, &draft)?;
        let DraftInput { title, files: _, content, shown } = draft;
        let body = serde_json::to_vec(&DraftBody { content, shown }).expect("a draft has string keys and no failures");
        if body.len() > NewDraft::LONGEST {
            return Err(HallError::TooLarge { most: NewDraft::LONGEST });
        }
        let (owner, title) = (actor.account(), title.masked());
        let new = NewDraft { id, owner, window: window.to_string(), title, body, files };
        let (hall, now) = (self.clone(), self.0.clock.now());
        let (view, shown) = self
            .0
            .store
            .write(async move |tx| {
                if !tx.cases_of_filing(id).await?.is_empty() {
                    return Err(HallError::id_taken("", id));
                }
                let before = tx.draft(id).await?;
                demand_follows(&new, before.as_ref(), seen)?;
                if before.is_none_or(|before| before.row.version == seen) {
                    tx.put_draft(&new, seen, now).await?;
                }
                let shown = tx.shown_draft(&new.window).await?.is_some_and(|shown| shown.draft == id);
                let draft = tx.draft(id).await?.ok_or_else(HallError::no_draft)?;
                Ok((hall.kept_view(&draft)?, shown))
            })
            .await?;
        if shown {
            self.tell(News::Screen(window));
        }
        Ok(view)
    }

    /// Removes a draft; uploads that nothing else mentions go later.
    ///
    /// # Errors
    /// [`web::ProblemCode::DraftNotFound`] when it is gone or somebody else's.
    pub async fn remove_draft(&self, actor: &Actor, id: Uuid) -> Result<(), HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let (owner, window) = (actor.account(), self.window_of(actor)?);
        let removed = async move |tx: &mut Tx| {
            own(tx, owner, id).await?;
            tx.remove_draft(id).await.map_err(HallError::from)
        };
        self.0.store.write(removed).await?;
        // It went from the second screen with it, if it was there.
        self.tell(News::Screen(window));
        Ok(())
    }
}

/// A draft of somebody; another's is not there for them.
pub(crate) async fn own(tx: &mut Tx, owner: Uuid, id: Uuid) -> Result<Draft, HallError> {
    let draft = tx.draft(id).await?.filter(|draft| draft.row.owner == owner);
    draft.ok_or_else(HallError::no_draft)
}

/// Whether a draft may follow what is kept: the version seen, or the very same.
fn demand_follows(new: &NewDraft, before: Option<&Draft>, seen: u64) -> Result<(), HallError> {
    let Some(Draft { row: DraftRow { owner, version, title, .. }, body }) = before else {
        return if seen == 0 { Ok(()) } else { Err(HallError::no_draft()) };
    };
    if *owner != new.owner {
        return Err(HallError::no_draft());
    }
    let repeated = Some(*version) == seen.checked_add(1) && *title == new.title && *body == new.body;
    if *version == seen || repeated { Ok(()) } else { Err(HallError::Changed { seen, present: *version }) }
}

/// The hashes of the files that a draft mentions, once nothing is wrong with it.
fn check(id: Uuid, draft: &DraftInput) -> Result<Vec<Digest>, HallError> {
    let mut faults = Faults::default();
    // The first and the last of all ids are the ends of lists and made by nobody.
    if id.is_nil() || id.is_max() {
        faults.add(ProblemField::new("/id", "not-allowed").value(id.to_string()));
    }
    faults.line("/title/item_name", &draft.title.item_name, 0, 200);
    faults.line("/title/applicant_name", &draft.title.applicant_name, 0, 100);
    if draft.files.len() > MOST_FILES {
        let params = json!({ "max": MOST_FILES });
        faults.add(ProblemField::new("/files", "too-many").value(draft.files.len()).params(params));
    }
    let mut files = vec![];
    for (n, text) in draft.files.iter().enumerate() {
        match sha256_of(text) {
            Some(sha256) => files.push(sha256),
            None => faults.add(ProblemField::new(format!("/files/{n}"), "not-allowed").value(text.as_str())),
        }
    }
    let fields = faults.into_fields();
    if fields.is_empty() { Ok(files) } else { Err(HallError::Invalid(fields)) }
}
