//! What the hall's papers beside the receipt of materials are rendered from.

use documents::{
    AcceptanceNotice, Again, Approval, CardReceipt, Certificate, CertificateRow, Collector, DecisionDocument,
    DeliveredDocument, DeliveryProof, Original, OriginalFate, Paper, Posting, Registration, Rejection, Seal,
    SupplementNotice, SupplementPoint, SupplementReceipt, WithdrawalConfirmation,
};
use domain::{
    clock::{hall_date, hall_datetime},
    identity::mask_number,
    item::ResultTemplate,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Hall,
    press::{material, receipt_of},
    records::{AgentRecord, ApplicantRecord, CollectorRecord, MaterialRecord, PostRecord},
};

/// Which notice a model is of that was kept without it, where it says why there is another.
fn second() -> usize {
    2
}

/// What is printed on a paper of the hall, besides what the case says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "kebab-case")]
pub(crate) enum PaperModel {
    /// 补正告知书 / 一次性告知书.
    SupplementNotice {
        number: String,
        title: String,
        authority: String,
        seal: Option<String>,
        points: Vec<PointModel>,
        basis: String,
        place: String,
        phone: String,
        /// Which of the case it is, from 1.
        #[serde(default = "second")]
        nth: usize,
        second_because: Option<String>,
        asked_at: Timestamp,
    },
    /// 补正材料收件凭证.
    SupplementReceipt {
        number: String,
        notice_number: String,
        window: String,
        clerk: String,
        materials: Vec<MaterialRecord>,
        received_at: Timestamp,
        statement: String,
    },
    /// 不予受理决定书.
    Rejection {
        number: String,
        title: String,
        authority: String,
        seal: String,
        ground: String,
        reason: String,
        competent_authority: String,
        basis: String,
        remedies: String,
        remedies_verified: bool,
        rejected_at: Timestamp,
    },
    /// 受理通知书, by delegation.
    AcceptanceNotice {
        number: String,
        title: String,
        authority: String,
        seal: String,
        basis: String,
        statutory_limit: String,
        promised_limit: String,
        contact: String,
        accepted_at: Timestamp,
        decision_by: Option<Date>,
    },
    /// 决定书, by delegation.
    Decision {
        number: String,
        title: String,
        ruling: String,
        granted: bool,
        authority: String,
        seal: String,
        reason: String,
        basis: String,
        certificate: Option<String>,
        remedies: String,
        remedies_verified: bool,
        decided_at: Timestamp,
    },
    /// 证照, by delegation.
    Certificate {
        number: String,
        title: String,
        template: String,
        authority: String,
        seal: String,
        contact: String,
        rows: Vec<RowModel>,
        valid_from: Date,
        valid_until: Option<Date>,
        issued_at: Timestamp,
    },
    /// 撤回申请确认书.
    Withdrawal { number: String, window: String, clerk: String, reason: String, withdrawn_at: Timestamp },
    /// 送达回证.
    DeliveryProof {
        number: String,
        authority: String,
        documents: Vec<ServedModel>,
        place: String,
        collector: Option<Box<CollectorRecord>>,
        post: Option<Box<PostRecord>>,
        returned: Vec<String>,
        signature: Option<String>,
        deliverer: String,
        delivered_at: Timestamp,
        print_for: Option<Uuid>,
    },
}

/// A document that was served, as printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServedModel {
    /// What it is called.
    pub title: String,
    /// Its number.
    pub number: String,
}

/// A thing that is missing, as printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PointModel {
    /// The material's name; empty for what is about none.
    pub material: String,
    /// What is missing or wrong.
    pub reason: String,
}

/// A row of a certificate, as printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RowModel {
    /// The printed label.
    pub label: String,
    /// What is printed beside it.
    pub value: String,
}

/// What a paper says of its case.
pub(crate) struct CaseFacts {
    pub(crate) number: String,
    pub(crate) number_spoken: String,
    pub(crate) item: String,
    pub(crate) applicant: ApplicantRecord,
    pub(crate) agent: Option<AgentRecord>,
    pub(crate) materials: Vec<MaterialRecord>,
    pub(crate) originals: Vec<documents::Original>,
    pub(crate) taken_at: Timestamp,
    pub(crate) unverified: Vec<String>,
    /// The signature that the model names, as PNG.
    pub(crate) signature: Option<Vec<u8>>,
}

const TWO_COPIES: &str = "一式两份，一份交申请人，一份存档。";

impl Hall {
    /// The paper that is rendered from a model and the facts of its case.
    pub(crate) fn drawn(&self, model: PaperModel, facts: CaseFacts) -> Box<dyn Paper + Send> {
        let config = &self.0.config;
        let specimen = config.demo;
        let progress_url = config.progress_url(&facts.number);
        let applied_on = hall_date(facts.taken_at);
        let applicant_id = mask_number(&facts.applicant.id_number);
        let mut unverified = facts.unverified.clone();
        match model {
            PaperModel::SupplementNotice {
                number,
                title,
                authority,
                seal,
                points,
                basis,
                place,
                phone,
                nth,
                second_because,
                asked_at,
            } => Box::new(SupplementNotice {
                title,
                seal: seal.map(|kind| Seal { authority: authority.clone(), kind }),
                authority,
                number,
                case_number_spoken: facts.number_spoken,
                applicant: facts.applicant.name,
                item: facts.item,
                applied_on,
                points: points
                    .into_iter()
                    .map(|PointModel { material, reason }| SupplementPoint { material, reason })
                    .collect(),
                basis,
                place,
                phone,
                until: None,
                statement: "上列各项为需要补正的全部内容，已一次告知。".to_owned(),
                again: second_because.map(|because| Again { nth, because }),
                progress_url,
                copies: TWO_COPIES.to_owned(),
                issued_on: hall_date(asked_at),
                unverified,
                specimen,
            }),
            PaperModel::SupplementReceipt {
                number,
                notice_number,
                window,
                clerk,
                materials,
                received_at,
                statement,
            } => {
                let mut receipt = receipt_of(config, facts, number, window, clerk, received_at, statement);
                receipt.materials = materials.iter().map(material).collect();
                Box::new(SupplementReceipt { receipt, notice_number })
            }
            PaperModel::Rejection {
                number,
                title,
                authority,
                seal,
                ground,
                reason,
                competent_authority,
                basis,
                remedies,
                remedies_verified,
                rejected_at,
            } => {
                if !remedies_verified {
                    unverified.push("救济途径与期限".to_owned());
                }
                Box::new(Rejection {
                    title,
                    seal: Some(Seal { authority: authority.clone(), kind: seal }),
                    authority,
                    number,
                    applicant: facts.applicant.name,
                    applicant_id,
                    item: facts.item,
                    applied_on,
                    ground,
                    reason,
                    competent_authority,
                    basis,
                    remedies,
                    decided_on: hall_date(rejected_at),
                    copies: TWO_COPIES.to_owned(),
                    unverified,
                    specimen,
                })
            }
            PaperModel::AcceptanceNotice {
                number,
                title,
                authority,
                seal,
                basis,
                statutory_limit,
                promised_limit,
                contact,
                accepted_at,
                decision_by,
            } => Box::new(AcceptanceNotice {
                title,
                seal: Seal { authority: authority.clone(), kind: seal },
                authority,
                number,
                applicant: facts.applicant.name,
                item: facts.item,
                applied_on,
                accepted_on: hall_date(accepted_at),
                by_silence: false,
                issued_on: hall_date(accepted_at),
                basis,
                materials: facts.materials.iter().map(material).collect(),
                statutory_limit,
                promised_limit,
                decision_by,
                contact,
                progress_url,
                copies: TWO_COPIES.to_owned(),
                unverified,
                specimen,
            }),
            PaperModel::Decision {
                number,
                title,
                ruling,
                granted,
                authority,
                seal,
                reason,
                basis,
                certificate,
                remedies,
                remedies_verified,
                decided_at,
            } => {
                if !granted && !remedies_verified {
                    unverified.push("救济途径与期限".to_owned());
                }
                let content = match certificate {
                    Some(certificate) => {
                        format!("对你（单位）的“{}”申请，{ruling}，颁发《{certificate}》。", facts.item)
                    }
                    None => String::new(),
                };
                Box::new(DecisionDocument {
                    title,
                    ruling,
                    outcome: if granted { documents::Outcome::Granted } else { documents::Outcome::Denied },
                    seal: Seal { authority: authority.clone(), kind: seal },
                    authority,
                    number,
                    applicant: facts.applicant.name,
                    applicant_id,
                    applied_on,
                    facts: format!("你（单位）申请办理“{}”，本机关已对申请材料进行审查，理由如下。", facts.item),
                    item: facts.item,
                    reason,
                    basis,
                    content,
                    remedies,
                    decided_on: hall_date(decided_at),
                    copies: TWO_COPIES.to_owned(),
                    unverified,
                    specimen,
                })
            }
            PaperModel::Certificate {
                number,
                title,
                template,
                authority,
                seal,
                contact,
                rows,
                valid_from,
                valid_until,
                issued_at,
            } => {
                let template = ResultTemplate::ALL.into_iter().find(|known| known.name() == template);
                let seal = Seal { authority: authority.clone(), kind: seal };
                let rows = rows.into_iter().map(|RowModel { label, value }| CertificateRow { label, value }).collect();
                let (link, issued_on) = (progress_url, hall_date(issued_at));
                let note = "扫描二维码可以查询办理情况。".to_owned();
                match template {
                    Some(ResultTemplate::Approval) => Box::new(Approval {
                        title,
                        number,
                        applicant: facts.applicant.name,
                        text: format!("你（单位）申请的“{}”，经审查，准予办理。", facts.item),
                        rows,
                        valid_from,
                        valid_until,
                        authority,
                        issued_on,
                        link,
                        seal,
                        note,
                        copies: TWO_COPIES.to_owned(),
                        unverified,
                        specimen,
                    }),
                    Some(ResultTemplate::Registration) => Box::new(Registration {
                        title,
                        edition: "正本".to_owned(),
                        register_number: number.clone(),
                        number,
                        rows,
                        valid_from,
                        valid_until,
                        authority,
                        issued_on,
                        link,
                        seal,
                        statement: "上列事项已经登记。".to_owned(),
                        note,
                        unverified,
                        specimen,
                    }),
                    Some(ResultTemplate::CardReceipt) => Box::new(CardReceipt {
                        card: title.clone(),
                        title: format!("{title}领取凭证"),
                        number,
                        rows,
                        valid_from,
                        valid_until,
                        place: contact.clone(),
                        from: None,
                        hours: "工作日办公时间".to_owned(),
                        bring: "本凭证和有效身份证件".to_owned(),
                        phone: contact,
                        authority,
                        issued_on,
                        link,
                        seal,
                        note,
                        unverified,
                        specimen,
                    }),
                    Some(ResultTemplate::Certificate) | None => Box::new(Certificate {
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
                }
            }
            PaperModel::Withdrawal { number, window, clerk, reason, withdrawn_at } => {
                Box::new(WithdrawalConfirmation {
                    hall: config.name.clone(),
                    window: format!("{window}号窗口"),
                    number,
                    case_number: facts.number,
                    case_number_spoken: facts.number_spoken,
                    applicant: facts.applicant.name,
                    applicant_id,
                    agent: facts.agent.map(|agent| documents::Agent {
                        id: mask_number(&agent.id_number),
                        name: agent.name,
                        authority: agent.authority,
                    }),
                    item: facts.item,
                    applied_on,
                    withdrawn_at: hall_datetime(withdrawn_at),
                    reason,
                    originals: facts.originals,
                    statement: "申请人已撤回上列申请，本次办理终止。".to_owned(),
                    clerk,
                    seal: None,
                    copies: TWO_COPIES.to_owned(),
                    unverified,
                    specimen,
                })
            }
            PaperModel::DeliveryProof {
                number,
                authority,
                documents,
                place,
                collector,
                post,
                returned,
                signature: _,
                deliverer,
                delivered_at,
                print_for: _,
            } => {
                let (way, posting) = match post.as_deref() {
                    Some(PostRecord { carrier, tracking_number, .. }) => {
                        let (carrier, tracking_number) = (carrier.clone(), tracking_number.clone());
                        let posted_at = hall_datetime(delivered_at);
                        ("邮寄送达", Some(Posting { carrier, tracking_number, posted_at }))
                    }
                    None => ("直接送达", None),
                };
                let note = note_of(&facts.applicant, collector.as_deref(), post.as_deref());
                let original = |name| Original { name, copies: 1, fate: OriginalFate::Returned };
                Box::new(DeliveryProof {
                    authority,
                    hall: config.name.clone(),
                    number,
                    case_number: facts.number,
                    case_number_spoken: facts.number_spoken,
                    documents: documents
                        .into_iter()
                        .map(|ServedModel { title, number }| DeliveredDocument { title, number, copies: 1 })
                        .collect(),
                    addressee: facts.applicant.name,
                    place: post.map_or(place, |post| post.address),
                    way: way.to_owned(),
                    // What is posted arrives later; who takes it puts down when.
                    delivered_at: posting.is_none().then(|| hall_datetime(delivered_at)),
                    posting,
                    collector: collector.map(|collector| Collector {
                        id: mask_number(&collector.id_number),
                        relation: collector.relation.words().to_owned(),
                        name: collector.name,
                        authority: collector.authority.unwrap_or_default(),
                    }),
                    originals: returned.into_iter().map(original).collect(),
                    signature: facts.signature,
                    deliverer,
                    note,
                    seal: None,
                    issued_on: hall_date(delivered_at),
                    copies: String::new(),
                    unverified: vec![],
                    specimen,
                })
            }
        }
    }
}

/// What else the proof of a hand-over says: to whom a parcel goes, if that is not the applicant, and what was noted.
fn note_of(applicant: &ApplicantRecord, collector: Option<&CollectorRecord>, post: Option<&PostRecord>) -> String {
    let other = post.filter(|post| post.addressee != applicant.name);
    let addressee = other.map(|post| format!("邮件收件人：{}。", post.addressee));
    let noted = collector.and_then(|collector| collector.note.clone());
    let noted = noted.or_else(|| post.and_then(|post| post.note.clone()));
    [addressee, noted].into_iter().flatten().collect()
}
