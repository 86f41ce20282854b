//! Renders and seals the department's papers after the write that numbered them, and tells the hall where they are.

use std::{error::Error, time::Duration};

use documents::{
    AcceptanceNotice, Again, Approval, CardReceipt, Certificate, CertificateRow, DecisionDocument, Fonts, Material,
    MaterialForm, Outcome, Paper, Registration, Rejection, Seal, SupplementNotice, SupplementPoint,
};
use domain::{
    clock::hall_date,
    identity::mask_number,
    ids::CaseId,
    item::ItemKind,
    number::CaseNumber,
    paper::PaperKind,
    task::{TaskCommand, decide_task},
};
use jiff::civil::Date;
use protocol::{Article, ClockKind, DecisionForm, MissingPoint, ResultTemplate, TaskAssigned};
use store::{Content, PaperRow, Stamp};
use web::workers::{Stop, work};

use crate::{
    Department, DepartmentError, find_task::read, receive_event::rule, records::PaperModel, reject_task::domain_ground,
};

/// How many papers are rendered in one round.
const AT_ONCE: u32 = 50;

/// How soon a paper that could not be rendered is tried again.
const AGAIN: Duration = Duration::from_secs(60);

pub(crate) async fn run(department: Department, stop: Stop) {
    let round = || async {
        if let Err(error) = render_all(&department).await {
            tracing::warn!(error = &error as &dyn Error, "papers to be rendered could not be read");
        }
        AGAIN
    };
    work(stop, &department.0.wake.press, round).await;
}

async fn render_all(department: &Department) -> Result<(), DepartmentError> {
    loop {
        let pending = department.0.store.read().await?.pending_papers(AT_ONCE).await?;
        let full = pending.len() == AT_ONCE as usize;
        let mut rendered = 0;
        for paper in pending {
            match department.render_paper(&paper).await {
                Ok(()) => rendered += 1,
                Err(error) => unrendered(&paper, &error),
            }
        }
        if !full || rendered == 0 {
            return Ok(());
        }
    }
}

/// The cause may quote a line of the paper, which is about people: only the characters are told.
fn unrendered(paper: &PaperRow, error: &DepartmentError) {
    let characters = match error {
        DepartmentError::Document(documents::DocumentError::MissingGlyphs { characters, .. }) => characters.as_slice(),
        _ => &[],
    };
    tracing::error!(paper.id = %paper.id, error = %error, ?characters, "a paper could not be rendered");
}

impl Department {
    async fn render_paper(&self, paper: &PaperRow) -> Result<(), DepartmentError> {
        let (model, assigned) = {
            let mut tx = self.0.store.read().await?;
            let model = paper.model.ok_or_else(DepartmentError::no_task)?;
            let model: Option<PaperModel> = read(&mut tx, model).await?;
            let (_, assigned) = self.load(&mut tx, CaseId(paper.case)).await?;
            (model.ok_or_else(DepartmentError::no_task)?, assigned)
        };
        let drawn = self.drawn(model, assigned);
        let rendered = tokio::task::spawn_blocking(move || documents::render(&*drawn, Fonts::shared())).await;
        let bytes = rendered.map_err(DepartmentError::network)??;
        self.file_paper(paper, bytes).await
    }

    /// Files the bytes of a paper: on the disk first, then in the journal with the message to the hall.
    async fn file_paper(&self, paper: &PaperRow, bytes: Vec<u8>) -> Result<(), DepartmentError> {
        let kept = self.0.files.put(bytes).await?;
        let hash = Content::new(self.new_id(), "paper-hash", kept.sha256.to_vec());
        let message = self.new_id();
        let (department, now, paper) = (self.clone(), self.0.clock.now(), paper.clone());
        let case = paper.case;
        self.0
            .store
            .write(async move |tx| {
                let (task, assigned) = department.load(tx, CaseId(paper.case)).await?;
                let made = task.papers.iter().find(|known| known.paper.id.0 == paper.id);
                if made.is_some_and(|known| known.made.is_some()) {
                    return Ok(());
                }
                let profile = &department.0.profile;
                let command = TaskCommand::FilePaper {
                    paper: paper.id.into(),
                    digest: hash.sealed().digest,
                    authority: profile.name.clone(),
                    seal: profile.seal.clone(),
                };
                let events = decide_task(&task, command)?;
                hash.keep(tx, paper.case, now).await?;
                let stamp = Stamp { occurred_at: now, recorded_at: now, writer: "system" };
                let task = tx.append_to_task(task, events, stamp).await?;
                tx.keep_file(kept.sha256, kept.size, "application/pdf", now).await?;
                tx.paper_ready(paper.id, kept.sha256, kept.size).await?;
                department.keep_row(tx, &task, &assigned, now).await?;
                let issued = protocol::Message::PaperIssued(protocol::PaperIssued {
                    case_id: paper.case,
                    paper_id: paper.id,
                    kind: match PaperKind::named(&paper.kind) {
                        Some(PaperKind::SupplementNotice) => protocol::PaperKind::SupplementNotice,
                        Some(PaperKind::Rejection) => protocol::PaperKind::Rejection,
                        Some(PaperKind::Decision) => protocol::PaperKind::Decision,
                        Some(PaperKind::Certificate) => protocol::PaperKind::Certificate,
                        _ => protocol::PaperKind::AcceptanceNotice,
                    },
                    number: paper.number.clone(),
                    sha256: hex::encode(kept.sha256),
                    size: kept.size,
                });
                department.tell_hall(tx, &task, message, &issued, now).await
            })
            .await?;
        self.0.wake.courier.notify_one();
        self.tell(case);
        Ok(())
    }

    fn drawn(&self, model: PaperModel, assigned: TaskAssigned) -> Box<dyn Paper + Send> {
        let profile = &self.0.profile;
        let seal = Seal { authority: profile.name.clone(), kind: profile.seal.clone() };
        let applied_on = hall_date(assigned.taken_at);
        let mut unverified = assigned.item.unverified_notes.clone();
        match model {
            PaperModel::Notice { number, accepted_at, confirmed_at, decision_by } => Box::new(AcceptanceNotice {
                title: assigned.item.papers.acceptance_notice.title.clone(),
                authority: profile.name.clone(),
                number,
                applicant: assigned.applicant.name.clone(),
                item: assigned.item.name.clone(),
                applied_on,
                accepted_on: hall_date(accepted_at),
                by_silence: confirmed_at.is_some(),
                issued_on: hall_date(confirmed_at.unwrap_or(accepted_at)),
                basis: basis(&assigned.item.papers.acceptance_notice.basis),
                materials: materials(&assigned),
                statutory_limit: limit(&assigned, ClockKind::Statutory),
                promised_limit: limit(&assigned, ClockKind::Promised),
                decision_by,
                contact: profile.contact.clone(),
                progress_url: assigned.progress_url.clone(),
                seal,
                copies: COPIES.to_owned(),
                unverified,
                specimen: self.0.config.demo,
            }),
            PaperModel::SupplementNotice { number, points, nth, second_because, asked_at } => {
                let notice = SupplementNotice {
                    title: assigned.item.papers.supplement_notice.title.clone(),
                    authority: profile.name.clone(),
                    number,
                    case_number_spoken: spoken(&assigned.number),
                    applicant: assigned.applicant.name.clone(),
                    item: assigned.item.name.clone(),
                    applied_on,
                    points: points.into_iter().map(|point| missing(point, &assigned)).collect(),
                    basis: basis(&assigned.item.papers.supplement_notice.basis),
                    place: format!("{}任一综合窗口", assigned.hall.name),
                    phone: profile.contact.clone(),
                    until: None,
                    statement: NOTHING_ELSE.to_owned(),
                    again: second_because.map(|because| Again { nth, because }),
                    progress_url: assigned.progress_url.clone(),
                    seal: Some(seal),
                    copies: COPIES.to_owned(),
                    issued_on: hall_date(asked_at),
                    unverified,
                    specimen: self.0.config.demo,
                };
                Box::new(notice)
            }
            PaperModel::Rejection { number, ground, reason, competent_authority, rejected_at } => {
                if !profile.remedies_verified {
                    unverified.push(REMEDIES.to_owned());
                }
                Box::new(Rejection {
                    title: assigned.item.papers.refusal.title.clone(),
                    authority: profile.name.clone(),
                    number,
                    applicant: assigned.applicant.name.clone(),
                    applicant_id: mask_number(&assigned.applicant.id_number),
                    item: assigned.item.name.clone(),
                    applied_on,
                    ground: domain_ground(ground).in_words(assigned.item.kind == ItemKind::Licence.term()).to_owned(),
                    reason,
                    competent_authority: competent_authority.unwrap_or_default(),
                    basis: basis(&assigned.item.papers.refusal.basis),
                    remedies: profile.remedies.clone(),
                    seal: Some(seal),
                    decided_on: hall_date(rejected_at),
                    copies: COPIES.to_owned(),
                    unverified,
                    specimen: self.0.config.demo,
                })
            }
            PaperModel::Decision { number, granted, reason, decided_at, certificate } => {
                if !profile.remedies_verified && !granted {
                    unverified.push(REMEDIES.to_owned());
                }
                let DecisionForm { title, ruling, basis: articles } =
                    if granted { &assigned.item.papers.granted } else { &assigned.item.papers.denied };
                Box::new(DecisionDocument {
                    title: title.clone(),
                    ruling: ruling.clone(),
                    outcome: if granted { Outcome::Granted } else { Outcome::Denied },
                    authority: profile.name.clone(),
                    number,
                    applicant: assigned.applicant.name.clone(),
                    applicant_id: mask_number(&assigned.applicant.id_number),
                    item: assigned.item.name.clone(),
                    applied_on,
                    facts: facts(&assigned.item.name, granted),
                    reason,
                    basis: basis(articles),
                    content: content(&assigned.item.name, ruling, certificate.as_deref()),
                    remedies: profile.remedies.clone(),
                    decided_on: hall_date(decided_at),
                    seal,
                    copies: COPIES.to_owned(),
                    unverified,
                    specimen: self.0.config.demo,
                })
            }
            PaperModel::Certificate { number, rows, valid_from, valid_until, issued_at } => {
                let rows = rows.into_iter().map(|row| CertificateRow { label: row.label, value: row.value }).collect();
                self.result(
                    IssuedResult { number, rows, valid_from, valid_until, issued_on: hall_date(issued_at) },
                    assigned,
                )
            }
        }
    }

    /// What a grant results in, on the paper that the item has for it.
    fn result(&self, issued: IssuedResult, assigned: TaskAssigned) -> Box<dyn Paper + Send> {
        let IssuedResult { number, rows, valid_from, valid_until, issued_on } = issued;
        let profile = &self.0.profile;
        let seal = Seal { authority: profile.name.clone(), kind: profile.seal.clone() };
        let title = assigned.item.result.certificate_title.clone().unwrap_or_else(|| assigned.item.name.clone());
        let (authority, link, note) = (profile.name.clone(), assigned.progress_url.clone(), SCAN.to_owned());
        let (unverified, specimen) = (assigned.item.unverified_notes.clone(), self.0.config.demo);
        match assigned.item.result.template {
            ResultTemplate::Certificate => Box::new(Certificate {
                title,
                edition: "正本".to_owned(),
                number,
                rows,
                valid_from,
                valid_until,
                authority,
                issued_on,
                link,
                seal,
                note,
                specimen,
            }),
            ResultTemplate::Approval => Box::new(Approval {
                title,
                number,
                applicant: assigned.applicant.name.clone(),
                text: content(&assigned.item.name, &assigned.item.papers.granted.ruling, None),
                rows,
                valid_from,
                valid_until,
                authority,
                issued_on,
                link,
                seal,
                note,
                copies: COPIES.to_owned(),
                unverified,
                specimen,
            }),
            ResultTemplate::Registration => Box::new(Registration {
                title,
                edition: String::new(),
                number,
                register_number: String::new(),
                rows,
                valid_from,
                valid_until,
                authority,
                issued_on,
                link,
                seal,
                statement: String::new(),
                note,
                unverified,
                specimen,
            }),
            ResultTemplate::CardReceipt => Box::new(CardReceipt {
                card: title,
                title: String::new(),
                number,
                rows,
                valid_from,
                valid_until,
                place: assigned.hall.name.clone(),
                from: None,
                hours: String::new(),
                bring: String::new(),
                phone: profile.contact.clone(),
                authority,
                issued_on,
                link,
                seal,
                note,
                unverified,
                specimen,
            }),
        }
    }
}

/// A result with its number.
struct IssuedResult {
    number: String,
    rows: Vec<CertificateRow>,
    valid_from: Date,
    valid_until: Option<Date>,
    issued_on: Date,
}

/// What the code on a result is for.
const SCAN: &str = "扫描二维码可以查询办理情况。";

/// What is marked as unverified where nobody has held the remedies against the law.
const REMEDIES: &str = "救济途径与期限";

/// That a notice has told everything (一次性告知).
const NOTHING_ELSE: &str = "以上为需要补正的全部内容。";

const COPIES: &str = "一式两份，一份交申请人，一份存档。";

/// The short number in groups, as it is said; what is none stays as it is.
fn spoken(number: &str) -> String {
    CaseNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.spoken())
}

/// A thing that is missing, with the name of its material where the application has it.
fn missing(point: MissingPoint, assigned: &TaskAssigned) -> SupplementPoint {
    let MissingPoint { code: _, material, reason } = point;
    let known = assigned.materials.iter().find(|known| Some(&known.code) == material.as_ref());
    SupplementPoint { material: known.map(|known| known.name.clone()).unwrap_or_default(), reason }
}

fn materials(assigned: &TaskAssigned) -> Vec<Material> {
    let materials = assigned.materials.iter().map(|material| Material {
        name: material.name.clone(),
        copies: material.copies,
        form: match (material.original, material.sha256.is_some()) {
            (true, _) => MaterialForm::Original,
            (false, true) => MaterialForm::Electronic,
            (false, false) => MaterialForm::Copy,
        },
    });
    materials.collect()
}

/// A limit as a paper says it; empty where the item has none, of which the paper then says nothing.
fn limit(assigned: &TaskAssigned, clock: ClockKind) -> String {
    let found = assigned.item.limits.iter().find(|limit| limit.clock == clock);
    found.map(|limit| rule(limit).in_words()).unwrap_or_default()
}

/// What the examination found. Nobody has said more of it than the reason, which has a section of its own.
fn facts(item: &str, granted: bool) -> String {
    let found = if granted { "审查意见见第二部分" } else { "查明的事实连同理由见第二部分" };
    format!("本机关对你（单位）提交的“{item}”申请材料进行了审查，{found}。")
}

/// What is granted, in the words of the item's ruling.
fn content(item: &str, ruling: &str, certificate: Option<&str>) -> String {
    let issued = certificate.map(|title| format!("，颁发《{title}》")).unwrap_or_default();
    format!("对你（单位）的“{item}”申请，{ruling}{issued}。")
}

/// The articles as a decision cites them.
fn basis(articles: &[Article]) -> String {
    let cited = articles.iter().map(|Article { law, article, .. }| format!("《{law}》{article}"));
    cited.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_written_in_whole_sentences_with_the_verb_of_its_ruling() {
        let item = "食品经营许可（新办）";
        let granted = "对你（单位）的“食品经营许可（新办）”申请，准予行政许可，颁发《食品经营许可证》。";
        assert_eq!(content(item, "准予行政许可", Some("食品经营许可证")), granted);
        assert_eq!(content("养老机构备案", "予以确认", None), "对你（单位）的“养老机构备案”申请，予以确认。");
        for outcome in [true, false] {
            let facts = facts(item, outcome);
            assert!(facts.ends_with("见第二部分。") && !facts.contains("如下"), "{facts}");
            assert!(!facts.contains("齐全") && !facts.contains("符合"), "nobody said so: {facts}");
        }
    }
}
