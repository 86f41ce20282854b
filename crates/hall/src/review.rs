//! Says how an application stands before it is taken (审查): which questions are asked, which materials, and what is open.

use std::collections::BTreeMap;

use catalogue::{Application, CatalogueItem, Looked, Review};
use domain::{
    item::{FeeLine, Item},
    rights::Right,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use web::{Actor, ProblemCode};

use crate::{
    Hall, HallError,
    records::{AgentRecord, ApplicantKind, ApplicantRecord, CheckedRecord, PointRecord},
    take_filing::{NewCase, NewMaterial},
    views::FindingName,
};

/// An application as far as it has been filled in: whatever is not known yet is left out.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ReviewApplication)]
pub struct Unfinished {
    /// Who applies.
    pub applicant: PartialApplicant,
    /// The agent's name; none when nobody acts for the applicant.
    pub agent_name: Option<String>,
    /// The code of the chosen option by the code of the question.
    pub answers: BTreeMap<String, String>,
    /// The form so far.
    #[schema(value_type = Object)]
    pub form: Value,
    /// What is there so far.
    pub materials: Vec<PartialMaterial>,
    /// The codes of the points that the clerk has found met.
    pub ticked: Vec<String>,
}

/// Who applies, as far as it is known.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PartialApplicant {
    /// A person or an organisation.
    pub kind: Option<ApplicantKind>,
    /// Full name.
    pub name: String,
    /// 公民身份号码 or 统一社会信用代码.
    pub id_number: String,
}

/// A material that is there.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartialMaterial {
    /// Its code within the item.
    pub code: String,
    /// Copies.
    pub copies: u16,
    /// The date on it.
    #[serde(default)]
    pub dated: Option<jiff::civil::Date>,
}

/// How an application stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Review)]
pub struct ReviewView {
    /// The codes of the questions that are asked.
    pub questions: Vec<String>,
    /// The codes of the materials that are asked for.
    pub materials: Vec<String>,
    /// Every point that concerns this application.
    pub points: Vec<PointView>,
    /// What is charged, when the tariff says it.
    #[schema(required)]
    pub fee: Option<FeeLineView>,
}

/// How a review point stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewedPoint)]
pub struct PointView {
    /// Its code within the item.
    pub code: String,
    /// How it stands.
    pub finding: FindingName,
    /// The fields of the form that its rule looks at.
    pub fields: Vec<String>,
}

/// A line of a tariff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeeLine)]
pub struct FeeLineView {
    /// For what.
    pub label: String,
    /// How much, in fen (分).
    pub fen: u64,
}

impl FeeLineView {
    pub(crate) fn of(FeeLine { label, fen, when: _ }: &FeeLine) -> Self {
        Self { label: label.clone(), fen: *fen }
    }
}

impl Hall {
    /// How an application stands today.
    ///
    /// # Errors
    /// [`ProblemCode::ItemNotFound`], [`HallError::Forbidden`].
    pub fn review(&self, actor: &Actor, code: &str, unfinished: &Unfinished) -> Result<ReviewView, HallError> {
        self.demand(actor, Right::ReadItem, None)?;
        let catalogue = self.catalogue();
        let entry = catalogue.item(code).ok_or(HallError::NotFound(ProblemCode::ItemNotFound))?;
        let materials = unfinished.materials.iter().map(|it| (it.code.as_str(), it.copies, it.dated));
        let PartialApplicant { kind, name, id_number } = &unfinished.applicant;
        let agent = unfinished.agent_name.as_deref().map(|name| (name, ""));
        let mut application = application(*kind, (name, id_number), agent, &unfinished.answers, materials);
        application.form = unfinished.form.clone();
        let today = self.0.clock.today();
        application.tell_age(today);
        let ticked: Vec<&str> = unfinished.ticked.iter().map(String::as_str).collect();
        Ok(view(&entry.item, &entry.rules.review(&entry.item, &application, Looked::met(&ticked), today)))
    }

    /// How a case stands that is to be taken today.
    pub(crate) fn review_case<'a>(
        &self,
        entry: &'a CatalogueItem,
        applicant: &ApplicantRecord,
        agent: Option<&AgentRecord>,
        case: &NewCase,
    ) -> Review<'a> {
        let today = self.0.clock.today();
        let application = application_of(applicant, agent, case, today);
        let ticked: Vec<&str> = case.ticked.iter().map(String::as_str).collect();
        let unmet: Vec<&str> = case.unmet.keys().map(String::as_str).collect();
        entry.rules.review(&entry.item, &application, Looked { met: &ticked, unmet: &unmet }, today)
    }
}

fn view(item: &Item, review: &Review<'_>) -> ReviewView {
    let owned = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
    let points = review.points.iter().map(|point| PointView {
        code: point.code.to_owned(),
        finding: FindingName::of(point.finding),
        fields: owned(&point.fields),
    });
    let line = review.fee.and_then(|n| item.fee.lines.get(n));
    ReviewView {
        questions: owned(&review.questions),
        materials: owned(&review.materials),
        points: points.collect(),
        fee: line.map(FeeLineView::of),
    }
}

fn application_of(
    applicant: &ApplicantRecord,
    agent: Option<&AgentRecord>,
    case: &NewCase,
    today: jiff::civil::Date,
) -> Application {
    let materials =
        case.materials.iter().map(|NewMaterial { code, copies, dated, .. }| (code.as_str(), *copies, *dated));
    let agent = agent.map(|agent| (agent.name.as_str(), agent.id_number.as_str()));
    let who = (applicant.name.as_str(), applicant.id_number.as_str());
    let mut application = application(Some(applicant.kind), who, agent, &case.answers, materials);
    application.form = case.form.clone();
    application.tell_age(today);
    application
}

fn application<'a>(
    kind: Option<ApplicantKind>,
    (name, id_number): (&str, &str),
    agent: Option<(&str, &str)>,
    answers: &BTreeMap<String, String>,
    materials: impl Iterator<Item = (&'a str, u16, Option<jiff::civil::Date>)>,
) -> Application {
    let (agent_name, agent_id) = agent.unwrap_or_default();
    let mut handed = json!({});
    for (code, copies, dated) in materials {
        handed[code] = json!({ "copies": copies });
        if let Some(dated) = dated {
            handed[code]["date"] = json!(dated.to_string());
        }
    }
    let mut applicant = json!({ "name": name, "id_number": id_number });
    if let Some(kind) = kind {
        applicant["kind"] = json!(kind);
    }
    Application {
        applicant,
        agent: json!({ "name": agent_name, "id_number": agent_id }),
        answers: json!(answers),
        form: json!({}),
        materials: handed,
    }
}

/// What is kept of what was asked and looked at.
pub(crate) fn checked(item: &Item, review: &Review<'_>, answers: &BTreeMap<String, String>) -> CheckedRecord {
    let points = review.points.iter().map(PointRecord::of);
    let asked = item.questions.iter().filter(|question| review.questions.contains(&question.code.as_str()));
    let answers = asked.filter_map(|question| Some((question.code.clone(), answers.get(&question.code)?.clone())));
    CheckedRecord { answers: answers.collect(), points: points.collect() }
}
