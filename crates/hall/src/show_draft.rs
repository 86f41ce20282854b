//! Shows a draft to the applicant on the second screen of a window (客户屏), and records that it was confirmed (确认).

use std::collections::BTreeMap;

use catalogue::CatalogueItem;
use domain::rights::Right;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{Confirmed, Digest, Draft, ShownDraft, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Actor, ProblemField};

use crate::{
    Hall, HallError, News,
    find_draft::ConfirmedView,
    keep_draft::{DraftBody, own},
    records::ApplicantKind,
    take_filing::sha256_of,
    views::AnswerView,
};

/// What a page writes into a draft for the applicant to see: codes and values as they are typed, whatever is not known yet
/// left out. The words come from the item.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = DraftShown)]
pub struct Shown {
    /// Who applies.
    pub applicant: ShownApplicant,
    /// Who acts for the applicant, if somebody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<ShownAgent>,
    /// Implementation code of the item; none before one is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_code: Option<String>,
    /// The code of the chosen option by the code of the question.
    pub answers: BTreeMap<String, String>,
    /// The form so far, by the names of its fields.
    #[schema(value_type = Object)]
    pub form: BTreeMap<String, Value>,
    /// What is handed in.
    pub materials: Vec<ShownMaterial>,
}

/// Who applies, as far as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShownApplicant {
    /// A person or an organisation.
    #[schema(required)]
    pub kind: Option<ApplicantKind>,
    /// Full name.
    pub name: String,
    /// 公民身份号码 or 统一社会信用代码, whole: it is the applicant who looks.
    pub id_number: String,
    /// Mobile or landline.
    pub phone: String,
    /// 通讯地址.
    pub address: String,
    /// 法定代表人 of an organisation.
    pub legal_representative: String,
    /// 联系人.
    pub contact: String,
}

/// Who acts for the applicant, as far as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShownAgent {
    /// Full name.
    pub name: String,
    /// 公民身份号码.
    pub id_number: String,
    /// Mobile or landline.
    pub phone: String,
    /// What the agent may do (代理权限).
    pub authority: String,
    /// Last day of the authority.
    #[schema(required)]
    pub until: Option<Date>,
}

/// A material that is handed in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShownMaterial {
    /// Its code within the item.
    pub code: String,
    /// The name of its file.
    pub file_name: String,
    /// Copies.
    pub copies: u16,
    /// Whether it is the original.
    pub original: bool,
}

/// The second screen of a window (客户屏).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Screen)]
pub struct ScreenView {
    /// The window.
    pub window: String,
    /// What the applicant sees; null when nothing is shown.
    #[schema(required)]
    pub draft: Option<ShownDraftView>,
}

/// A draft as the applicant sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShownDraft)]
pub struct ShownDraftView {
    /// The draft.
    pub draft_id: Uuid,
    /// Its version.
    pub version: u64,
    /// SHA-256 of what is shown: what the applicant confirms.
    pub digest: String,
    /// Since when it is shown.
    pub since: Timestamp,
    /// What the applicant confirmed of it.
    #[schema(required)]
    pub confirmed: Option<ConfirmedView>,
    /// What is shown.
    #[serde(flatten)]
    pub seen: OnScreen,
}

/// What the applicant sees and confirms: nothing else goes into the digest.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnScreen {
    /// Who applies.
    pub applicant: ShownApplicant,
    /// Who acts for the applicant.
    #[schema(required)]
    pub agent: Option<ShownAgent>,
    /// Implementation code of the item.
    #[schema(required)]
    pub item_code: Option<String>,
    /// The item's name; null while no item of the hall is chosen.
    #[schema(required)]
    pub item_name: Option<String>,
    /// What was answered about the situation, in words.
    pub answers: Vec<AnswerView>,
    /// What the form says, in the order of the form.
    pub form: Vec<ShownField>,
    /// What is handed in.
    pub materials: Vec<ShownMaterialView>,
}

/// A field of the form that says something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownField {
    /// Its name in the form.
    pub name: String,
    /// What the form calls it.
    pub title: String,
    /// What it says.
    #[schema(value_type = Value)]
    pub value: Value,
}

/// A material as the applicant sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MaterialOnScreen)]
pub struct ShownMaterialView {
    /// What the item calls it.
    pub name: String,
    /// As it was typed.
    #[serde(flatten)]
    pub handed: ShownMaterial,
}

impl OnScreen {
    /// SHA-256 of all of it.
    pub(crate) fn digest(&self) -> Digest {
        Sha256::digest(serde_json::to_vec(self).expect("views have string keys and no custom failures")).into()
    }
}

impl Hall {
    /// Shows one of one's drafts at one's window, instead of what was shown there.
    ///
    /// # Errors
    /// [`web::ProblemCode::DraftNotFound`], [`HallError::Invalid`] when nothing of it is to be shown.
    pub async fn show_draft(&self, actor: &Actor, id: Uuid) -> Result<ScreenView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let window = self.window_of(actor)?;
        let (hall, owner, now) = (self.clone(), actor.account(), self.0.clock.now());
        let view = self
            .0
            .store
            .write(async move |tx| {
                let draft = own(tx, owner, id).await?;
                if DraftBody::of(&draft)?.shown.is_none() {
                    let field = ProblemField::new("/draft_id", "nothing-to-show").value(id.to_string());
                    return Err(HallError::Invalid(vec![field]));
                }
                let name = window.to_string();
                tx.show_draft(&name, id, now).await?;
                hall.screen_in(tx, owner, name).await
            })
            .await?;
        self.tell(News::Screen(window));
        Ok(view)
    }

    /// Shows nothing at one's window.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub async fn hide_draft(&self, actor: &Actor) -> Result<(), HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let window = self.window_of(actor)?;
        let name = window.to_string();
        let hidden = self.0.store.write(async move |tx| Ok::<_, HallError>(tx.hide_draft(&name).await?)).await?;
        if hidden {
            self.tell(News::Screen(window));
        }
        Ok(())
    }

    /// What the applicant sees at one's window.
    ///
    /// # Errors
    /// [`HallError::Forbidden`].
    pub async fn screen(&self, actor: &Actor) -> Result<ScreenView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let window = self.window_of(actor)?.to_string();
        self.screen_in(&mut self.0.store.read().await?, actor.account(), window).await
    }

    /// Records that the applicant has confirmed what is shown at one's window (确认). Once more of the same changes nothing.
    ///
    /// # Errors
    /// [`HallError::ScreenChanged`] when something else is shown by now, [`web::ProblemCode::DraftNotFound`] when nothing is.
    pub async fn confirm_draft(&self, actor: &Actor, seen: &str) -> Result<ScreenView, HallError> {
        self.demand(actor, Right::TakeCase, None)?;
        let window = self.window_of(actor)?;
        let malformed = || HallError::Invalid(vec![ProblemField::new("/digest", "not-allowed").value(seen)]);
        let seen = sha256_of(seen).ok_or_else(malformed)?;
        let (hall, owner, at) = (self.clone(), actor.account(), self.0.clock.now());
        let view = self
            .0
            .store
            .write(async move |tx| {
                let name = window.to_string();
                let (_, draft, on_screen) = hall.shown_in(tx, owner, &name).await?.ok_or_else(HallError::no_draft)?;
                let digest = on_screen.digest();
                if digest != seen {
                    return Err(HallError::ScreenChanged { seen: hex::encode(seen), present: hex::encode(digest) });
                }
                if draft.row.confirmed.is_none_or(|confirmed| confirmed.digest != digest) {
                    tx.confirm_draft(draft.row.id, draft.row.version, Confirmed { at, digest }).await?;
                }
                hall.screen_in(tx, owner, name).await
            })
            .await?;
        self.tell(News::Screen(window));
        Ok(view)
    }

    async fn screen_in(&self, tx: &mut Tx, owner: Uuid, window: String) -> Result<ScreenView, HallError> {
        let draft = match self.shown_in(tx, owner, &window).await? {
            None => None,
            Some((shown, draft, seen)) => {
                let confirmed = self.kept_view(&draft)?.confirmed;
                let ShownDraft { draft: draft_id, version, since } = shown;
                Some(ShownDraftView { draft_id, version, digest: hex::encode(seen.digest()), since, confirmed, seen })
            }
        };
        Ok(ScreenView { window, draft })
    }

    /// What is shown at a window, if it is a draft of whoever sits there now: nobody sees what a colleague left on.
    async fn shown_in(
        &self,
        tx: &mut Tx,
        owner: Uuid,
        window: &str,
    ) -> Result<Option<(ShownDraft, Draft, OnScreen)>, HallError> {
        let Some(shown) = tx.shown_draft(window).await? else { return Ok(None) };
        let Some(draft) = tx.draft(shown.draft).await?.filter(|draft| draft.row.owner == owner) else {
            return Ok(None);
        };
        let Some(of_draft) = DraftBody::of(&draft)?.shown else { return Ok(None) };
        Ok(Some((shown, draft, self.on_screen(&of_draft))))
    }

    /// What the applicant sees of a draft, in words.
    pub(crate) fn on_screen(&self, shown: &Shown) -> OnScreen {
        let Shown { applicant, agent, item_code, answers, form, materials } = shown;
        let catalogue = self.catalogue();
        let entry = item_code.as_deref().and_then(|code| catalogue.item(code)).map(|entry| &**entry);
        OnScreen {
            applicant: applicant.clone(),
            agent: agent.clone(),
            item_code: item_code.clone(),
            item_name: entry.map(|entry| entry.item.name.clone()),
            answers: entry.map(|entry| answers_in_words(entry, answers)).unwrap_or_default(),
            form: fields(entry, form),
            materials: materials.iter().map(|material| material_on_screen(entry, material)).collect(),
        }
    }
}

fn answers_in_words(entry: &CatalogueItem, answers: &BTreeMap<String, String>) -> Vec<AnswerView> {
    let answered = entry.item.questions.iter().filter_map(|question| {
        let answer = answers.get(&question.code)?;
        let option = question.options.iter().find(|option| option.code == *answer)?;
        Some(AnswerView { question: question.text.clone(), answer: option.label.clone() })
    });
    answered.collect()
}

/// The fields of a form that say something: first those that the form puts in order, then all others.
fn fields(entry: Option<&CatalogueItem>, form: &BTreeMap<String, Value>) -> Vec<ShownField> {
    let order = entry.and_then(|entry| entry.layout.get("ui:order")?.as_array());
    let ordered: Vec<&str> = order.into_iter().flatten().filter_map(Value::as_str).collect();
    let place = |name: &str| ordered.iter().position(|known| *known == name).unwrap_or(ordered.len());
    let mut said: Vec<_> = form.iter().filter(|(_, value)| !value.is_null()).collect();
    said.sort_by_key(|(name, _)| place(name));
    let title = |name: &str| entry?.schema.get("properties")?.get(name)?.get("title")?.as_str();
    said.into_iter()
        .map(|(name, value)| ShownField {
            name: name.clone(),
            title: title(name).unwrap_or(name).to_owned(),
            value: value.clone(),
        })
        .collect()
}

fn material_on_screen(entry: Option<&CatalogueItem>, handed: &ShownMaterial) -> ShownMaterialView {
    let known = entry.and_then(|entry| entry.item.materials.iter().find(|known| known.code == handed.code));
    let name = known.map_or(&handed.code, |known| &known.name).clone();
    ShownMaterialView { name, handed: handed.clone() }
}
