//! What a department is told of a case: the assignment, in the words of the protocol.

use catalogue::CatalogueItem;
use domain::{
    case::Intake,
    clock::{Article, Budget, ClockKind, ClockRule, SilenceEffect, StartRule},
    ids::CaseId,
    item::{DecisionForm, DepartmentField, Item, ItemPapers, NoticeForm, ResultTemplate, Validity},
};
use protocol::TaskAssigned;
use serde_json::Value;

use crate::{
    Hall,
    records::{AgentRecord, ApplicantKind, ApplicantRecord, CheckedRecord, MaterialRecord},
};

/// The content of a case, as it was handed in.
pub(crate) struct HandedIn<'a> {
    pub(crate) applicant: &'a ApplicantRecord,
    pub(crate) agent: Option<&'a AgentRecord>,
    pub(crate) checked: &'a CheckedRecord,
    pub(crate) form: &'a Value,
    pub(crate) materials: &'a [MaterialRecord],
    /// What the applicant was told already, by the window.
    pub(crate) notices: &'a [protocol::GivenNotice],
}

/// What the department is told of a case it is to decide.
pub(crate) fn assignment(
    hall: &Hall,
    case: CaseId,
    intake: &Intake,
    entry: &CatalogueItem,
    handed_in: HandedIn<'_>,
) -> TaskAssigned {
    let HandedIn { applicant, agent, checked, form, materials, notices } = handed_in;
    let item = &entry.item;
    let number = intake.number.to_string();
    TaskAssigned {
        case_id: case.0,
        progress_url: hall.0.config.progress_url(&number),
        number,
        official_number: intake.official.to_string(),
        filing_id: intake.filing.0,
        department_id: item.department.0,
        hall: protocol::HallName { id: hall.0.config.id.0, name: hall.0.config.name.clone() },
        window: intake.window.to_string(),
        taken_at: intake.taken_at,
        received_at: Some(intake.received_at).filter(|received_at| *received_at != intake.taken_at),
        item: protocol::AssignedItem {
            code: item.code.to_string(),
            version: item.version,
            name: item.name.clone(),
            kind: item.kind.term().to_owned(),
            limits: item.profile.limits.iter().map(limit).collect(),
            review_and_decision_in_one: item.profile.review_and_decision_in_one,
            result: protocol::ItemResult {
                certificate_title: Some(item.result.certificate_title.clone()),
                mark: item.result.mark.clone(),
                validity_years: match item.result.validity {
                    Validity::Years(years) => Some(u32::from(years)),
                    _ => None,
                },
                validity_months: match item.result.validity {
                    Validity::Months(months) => Some(u32::from(months)),
                    _ => None,
                },
                valid_until: match &item.result.validity {
                    Validity::Until(pointer) => Some(pointer.clone()),
                    _ => None,
                },
                template: match item.result.template {
                    ResultTemplate::Certificate => protocol::ResultTemplate::Certificate,
                    ResultTemplate::Approval => protocol::ResultTemplate::Approval,
                    ResultTemplate::Registration => protocol::ResultTemplate::Registration,
                    ResultTemplate::CardReceipt => protocol::ResultTemplate::CardReceipt,
                },
                rows: item
                    .result
                    .rows
                    .iter()
                    .map(|row| protocol::ResultRow { label: row.label.clone(), pointer: row.pointer.clone() })
                    .collect(),
            },
            papers: papers(&item.papers),
            decision_texts: Some(protocol::DecisionTexts {
                grant: item.decision.grant.clone(),
                refuse: item.decision.refuse.clone(),
            }),
            department_fields: item
                .department_fields
                .iter()
                .map(|DepartmentField { name, label, pointer }| protocol::DepartmentField {
                    name: name.clone(),
                    label: label.clone(),
                    pointer: pointer.clone(),
                })
                .collect(),
            form_schema: protocol::RawJson::from(&entry.schema),
            form_layout: Some(protocol::RawJson::from(&entry.layout)),
            unverified_notes: item.unverified(),
        },
        applicant: protocol::Applicant {
            kind: match applicant.kind {
                ApplicantKind::Person => protocol::ApplicantKind::Person,
                ApplicantKind::Organisation => protocol::ApplicantKind::Organisation,
            },
            name: applicant.name.clone(),
            id_kind: match applicant.kind {
                ApplicantKind::Person => "resident-id".to_owned(),
                ApplicantKind::Organisation => "uscc".to_owned(),
            },
            id_number: applicant.id_number.clone(),
            phone: applicant.phone.clone(),
            address: applicant.address.clone(),
            legal_representative: applicant.legal_representative.clone(),
            contact: applicant.contact.clone(),
        },
        agent: agent.map(|AgentRecord { name, id_number, phone, authority, until }| protocol::Agent {
            name: name.clone(),
            id_number: id_number.clone(),
            phone: phone.clone(),
            authority: authority.clone(),
            until: *until,
        }),
        answers: answers(item, checked),
        form: protocol::RawJson::from(form),
        points: points(item, checked),
        materials: materials
            .iter()
            .zip(0..)
            .map(|(material, index)| protocol::AssignedMaterial {
                index,
                code: material.code.clone(),
                name: material.name.clone(),
                file_name: material.file_name.clone(),
                media_type: material.media_type.clone(),
                size: material.size,
                sha256: material.sha256.clone(),
                copies: u32::from(material.copies),
                original: material.original,
            })
            .collect(),
        notices: notices.to_vec(),
    }
}

/// The answers in words, in the order in which they were asked.
pub(crate) fn answers(item: &Item, checked: &CheckedRecord) -> Vec<protocol::Answer> {
    let answered = item.questions.iter().filter_map(|question| {
        let code = checked.answers.get(&question.code)?;
        let option = question.options.iter().find(|option| option.code == *code)?;
        Some(protocol::Answer {
            question: question.code.clone(),
            text: question.text.clone(),
            code: code.clone(),
            label: option.label.clone(),
        })
    });
    answered.collect()
}

/// The review points with what was found.
pub(crate) fn points(item: &Item, checked: &CheckedRecord) -> Vec<protocol::CheckedPoint> {
    let found = checked.points.iter().filter_map(|found| {
        let (material, point) = item.all_points().find(|(_, point)| point.code == found.code)?;
        Some(protocol::CheckedPoint {
            code: point.code.clone(),
            material: material.map(str::to_owned),
            text: point.text.clone(),
            reason: point.reason.clone(),
            blocking: point.blocking,
            by_machine: found.by_machine,
            met: found.met,
            open: found.is_open(),
        })
    });
    found.collect()
}

fn papers(
    ItemPapers { acceptance_notice, supplement_notice, refusal, granted, denied }: &ItemPapers,
) -> protocol::ItemPapers {
    let notice = |NoticeForm { title, basis }: &NoticeForm| protocol::NoticeForm {
        title: title.clone(),
        basis: basis.iter().map(article).collect(),
    };
    let decision = |DecisionForm { title, ruling, basis }: &DecisionForm| protocol::DecisionForm {
        title: title.clone(),
        ruling: ruling.clone(),
        basis: basis.iter().map(article).collect(),
    };
    protocol::ItemPapers {
        acceptance_notice: notice(acceptance_notice),
        supplement_notice: notice(supplement_notice),
        refusal: notice(refusal),
        granted: decision(granted),
        denied: decision(denied),
    }
}

fn article(article: &Article) -> protocol::Article {
    protocol::Article { law: article.law.clone(), article: article.article.clone(), verified: article.is_sourced() }
}

fn limit(rule: &ClockRule) -> protocol::Limit {
    let ClockRule { kind, budget, start, article, silence } = rule;
    protocol::Limit {
        clock: match kind {
            ClockKind::Intake => protocol::ClockKind::Intake,
            ClockKind::Statutory => protocol::ClockKind::Statutory,
            ClockKind::Promised => protocol::ClockKind::Promised,
        },
        days: budget.days(),
        unit: match budget {
            Budget::WorkingDays(_) => protocol::DayUnit::Working,
            Budget::NaturalDays(_) => protocol::DayUnit::Natural,
        },
        start: match start {
            StartRule::DayAfterReceipt => protocol::LimitStart::Receipt,
            StartRule::DayAfterAcceptance => protocol::LimitStart::Acceptance,
        },
        law: article.law.clone(),
        article: article.article.clone(),
        verified: article.is_sourced(),
        silence: silence.map(|SilenceEffect::DeemedAccepted| protocol::Silence::DeemedAccepted),
    }
}
