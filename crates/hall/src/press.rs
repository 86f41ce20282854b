//! Renders the hall's own papers after the write that numbered them.

use std::{error::Error, time::Duration};

use documents::{Fonts, IntakeReceipt, Material, MaterialForm, Original, OriginalFate, Paper};
use domain::{
    clock::{Budget, ClockKind, ClockRule, SilenceEffect, hall_datetime},
    identity::{mask_number, mask_phone},
    ids::CaseId,
    paper::PaperKind,
};
use jiff::Timestamp;
use store::{PaperRow, Tx};
use uuid::Uuid;
use web::{
    ProblemCode,
    workers::{Stop, work},
};

use crate::{
    Hall, HallConfig, HallError,
    paper_models::{CaseFacts, PaperModel},
    records::{ApplicantKind, MaterialRecord, ReceiptModel},
    step_views::originals,
    take_filing::sha256_of,
    views::read,
};

/// How many papers are rendered in one round.
const AT_ONCE: u32 = 50;

/// How soon a paper that could not be rendered is tried again.
const AGAIN: Duration = Duration::from_secs(60);

pub(crate) async fn run(hall: Hall, stop: Stop) {
    let round = || async {
        if let Err(error) = render_all(&hall).await {
            tracing::warn!(error = &error as &dyn Error, "papers to be rendered could not be read");
        }
        AGAIN
    };
    work(stop, &hall.0.wake.press, round).await;
}

async fn render_all(hall: &Hall) -> Result<(), HallError> {
    loop {
        let pending = hall.0.store.read().await?.pending_papers(AT_ONCE).await?;
        let full = pending.len() == AT_ONCE as usize;
        let mut rendered = 0;
        for paper in pending {
            match hall.render_paper(&paper).await {
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
fn unrendered(paper: &PaperRow, error: &HallError) {
    let characters = match error {
        HallError::Document(documents::DocumentError::MissingGlyphs { characters, .. }) => characters.as_slice(),
        _ => &[],
    };
    tracing::error!(paper.id = %paper.id, error = %error, ?characters, "a paper could not be rendered");
}

impl Hall {
    async fn render_paper(&self, paper: &PaperRow) -> Result<(), HallError> {
        let model = paper.model.ok_or_else(HallError::no_case)?;
        let mut tx = self.0.store.read().await?;
        let case = tx.case(paper.case).await?.ok_or_else(HallError::no_case)?;
        let entry = self.item_of(&case).ok();
        let drawn: Box<dyn Paper + Send> = if paper.kind == PaperKind::IntakeReceipt.name() {
            let model: Option<ReceiptModel> = read(&mut tx, model).await?;
            let intake = entry.as_ref().and_then(|entry| entry.item.profile.limit(ClockKind::Intake));
            Box::new(self.receipt(model.ok_or_else(HallError::no_case)?, intake))
        } else {
            let model: Option<PaperModel> = read(&mut tx, model).await?;
            let model = model.ok_or_else(HallError::no_case)?;
            let mut facts = self.facts(&mut tx, paper.case).await?;
            facts.signature = self.signature_on(&model).await?;
            self.drawn(model, facts)
        };
        drop(tx);
        let rendered = tokio::task::spawn_blocking(move || documents::render(&*drawn, Fonts::shared())).await;
        let bytes = rendered.map_err(HallError::network)??;
        self.file_paper(paper.id, paper.case, bytes).await
    }

    /// What a paper says of its case, as it stands.
    async fn facts(&self, tx: &mut Tx, id: Uuid) -> Result<CaseFacts, HallError> {
        let row = tx.case(id).await?.ok_or_else(HallError::no_case)?;
        let entry = self.item_of(&row)?;
        let case = tx.load_case(CaseId(id)).await?;
        let intake = case.intake().ok_or_else(HallError::no_case)?;
        let mut materials: Vec<MaterialRecord> = vec![];
        for handed in &intake.materials {
            materials.extend(read(tx, handed.file.record.0).await?);
        }
        let originals = originals(&case, &entry.item).into_iter().map(|original| Original {
            name: original.name,
            copies: 1,
            fate: match original.fate {
                Some("returned") => OriginalFate::Returned,
                Some(_) => OriginalFate::Archived,
                None => OriginalFate::ToBeReturned,
            },
        });
        Ok(CaseFacts {
            number: intake.number.to_string(),
            number_spoken: intake.number.spoken(),
            item: entry.item.name.clone(),
            applicant: read(tx, intake.applicant.record.0).await?.ok_or_else(HallError::no_case)?,
            agent: match intake.agent {
                Some(agent) => read(tx, agent.record.0).await?,
                None => None,
            },
            originals: originals.collect(),
            materials,
            taken_at: intake.taken_at,
            unverified: entry.item.unverified(),
            signature: None,
        })
    }

    /// The picture of the signature that stands on a paper.
    async fn signature_on(&self, model: &PaperModel) -> Result<Option<Vec<u8>>, HallError> {
        let PaperModel::DeliveryProof { signature: Some(sha256), .. } = model else { return Ok(None) };
        let none = || HallError::NotFound(ProblemCode::FileNotFound);
        let sha256 = sha256_of(sha256).ok_or_else(none)?;
        Ok(Some(self.0.files.get(sha256).await?.ok_or_else(none)?))
    }

    fn receipt(&self, model: ReceiptModel, intake: Option<&ClockRule>) -> IntakeReceipt {
        let ReceiptModel {
            receipt_number,
            number,
            window,
            clerk,
            applicant,
            agent,
            item,
            materials,
            taken_at,
            statement,
            unverified,
        } = model;
        let spoken =
            domain::number::CaseNumber::parse(&number).map_or_else(|_| number.clone(), |number| number.spoken());
        IntakeReceipt {
            receipt_number,
            hall: self.0.config.name.clone(),
            window: format!("{window}号窗口"),
            progress_url: self.0.config.progress_url(&number),
            number,
            number_spoken: spoken,
            applicant_id: mask_number(&applicant.id_number),
            phone: mask_phone(&applicant.phone),
            applicant: match applicant.kind {
                ApplicantKind::Person | ApplicantKind::Organisation => applicant.name,
            },
            agent,
            item,
            materials: materials.iter().map(material).collect(),
            received_at: hall_datetime(taken_at),
            statement: statement.unwrap_or_else(|| self::statement(LISTED, intake)),
            clerk,
            seal: None,
            copies: "本凭证一式一份，交申请人。".to_owned(),
            unverified,
            specimen: self.0.config.demo,
        }
    }
}

/// A receipt of the hall about a case.
pub(crate) fn receipt_of(
    config: &HallConfig,
    facts: CaseFacts,
    receipt_number: String,
    window: String,
    clerk: String,
    received_at: Timestamp,
    statement: String,
) -> IntakeReceipt {
    IntakeReceipt {
        receipt_number,
        hall: config.name.clone(),
        window: format!("{window}号窗口"),
        progress_url: config.progress_url(&facts.number),
        number: facts.number,
        number_spoken: facts.number_spoken,
        applicant_id: mask_number(&facts.applicant.id_number),
        phone: mask_phone(&facts.applicant.phone),
        applicant: facts.applicant.name,
        agent: facts.agent.map(|agent| agent.name),
        item: facts.item,
        materials: facts.materials.iter().map(material).collect(),
        received_at: hall_datetime(received_at),
        statement,
        clerk,
        seal: None,
        copies: "本凭证一式一份，交申请人。".to_owned(),
        unverified: facts.unverified,
        specimen: config.demo,
    }
}

pub(crate) fn material(record: &MaterialRecord) -> Material {
    Material {
        name: record.name.clone(),
        copies: u32::from(record.copies),
        form: match (record.original, record.sha256.is_some()) {
            (true, _) => MaterialForm::Original,
            (false, true) => MaterialForm::Electronic,
            (false, false) => MaterialForm::Copy,
        },
    }
}

/// That a list of materials was received.
pub(crate) const LISTED: &str = "已收到上列申请材料";

/// What was received, until when the applicant is told of acceptance, and what follows when the law gives silence a meaning.
pub(crate) fn statement(received: &str, intake: Option<&ClockRule>) -> String {
    let Some(ClockRule { budget, article, silence, .. }) = intake else {
        return format!("{received}。");
    };
    let days = match budget {
        Budget::WorkingDays(days) => format!("{days}个工作日"),
        Budget::NaturalDays(days) => format!("{days}日"),
    };
    match silence {
        Some(SilenceEffect::DeemedAccepted) => format!(
            "{received}。根据{article}，申请材料不齐全或者不符合法定形式的，将在{days}内一次告知需要补正的\
             全部内容；逾期不告知的，自收到申请材料之日起即为受理。"
        ),
        None => format!("{received}。根据{article}，将在{days}内告知是否受理或者需要补正的内容。"),
    }
}

#[cfg(test)]
mod tests {
    use domain::clock::Article;

    use super::*;

    #[test]
    fn silence_is_promised_only_where_the_item_has_it_and_in_the_days_of_its_limit() {
        let rule = ClockRule { budget: Budget::NaturalDays(7), ..ClockRule::licence_intake() };
        assert_eq!(
            statement(LISTED, Some(&rule)),
            "已收到上列申请材料。根据《中华人民共和国行政许可法》第三十二条第一款第四项，申请材料不齐全或者不符合法定形式的，\
             将在7日内一次告知需要补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理。"
        );
        assert!(statement(LISTED, Some(&ClockRule::licence_intake())).contains("将在5个工作日内"));
        let article = Article::unverified("某办法", "第十条");
        let quiet = ClockRule { silence: None, article, ..rule };
        let told = "已收到上列申请材料。根据《某办法》第十条，将在7日内告知是否受理或者需要补正的内容。";
        assert_eq!(statement(LISTED, Some(&quiet)), told);
        assert_eq!(statement(LISTED, None), "已收到上列申请材料。");
    }
}
