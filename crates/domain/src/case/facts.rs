//! The facts of a case: what was taken, said, decided and handed over.

use jiff::{Timestamp, civil::Date};

use crate::{
    ids::{DepartmentId, EnquiryId, FilingId, Sealed},
    item::{ItemKey, Seat},
    number::{CaseNumber, OfficialNumber, WindowNumber},
    paper::{NumberedPaper, PaperKind},
};

/// What was taken at the window (收件).
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// The filing it belongs to.
    pub filing: FilingId,
    /// Short number (办件短号).
    pub number: CaseNumber,
    /// Official number (办件编号).
    pub official: OfficialNumber,
    /// The item, in the version it was taken under.
    pub item: ItemKey,
    /// The department that decides.
    pub department: DepartmentId,
    /// The window that took it.
    pub window: WindowNumber,
    /// When (收件时间).
    pub taken_at: Timestamp,
    /// From when the limit for acceptance runs: when it was taken, or supplemented last.
    pub received_at: Timestamp,
    /// Who applies.
    pub applicant: Sealed,
    /// Who acts for the applicant (代理人).
    pub agent: Option<Sealed>,
    /// What the form says.
    pub form: Sealed,
    /// What was asked about the situation, and what was looked at (情形与审查要点). Cases of before have none.
    pub checked: Option<Sealed>,
    /// What was handed in.
    pub materials: Vec<HandedMaterial>,
    /// The receipt (收件凭证).
    pub receipt: NumberedPaper,
}

impl Intake {
    /// What was taken, with what was handed in later in its place.
    pub(super) fn supplemented(mut self, supplement: Supplement) -> Self {
        let Supplement { received_at, materials, form, checked, receipt: _ } = supplement;
        self.received_at = received_at;
        self.form = form.unwrap_or(self.form);
        self.checked = Some(checked);
        for handed in materials {
            match self.materials.iter_mut().find(|earlier| earlier.code == handed.code) {
                Some(earlier) => *earlier = handed,
                None => self.materials.push(handed),
            }
        }
        self
    }
}

/// A material as it was handed in (已收材料).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedMaterial {
    /// Its code within the item.
    pub code: String,
    /// The file's name, type, size and content hash.
    pub file: Sealed,
    /// Whether the hall holds the original (原件留存) and has to account for it.
    pub kept: bool,
}

/// How a case came to be accepted (受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceptedBy {
    /// The department said so.
    Department(Acceptance),
    /// The department said nothing until the limit was over (视为受理): the case counts as accepted from the receipt on.
    Silence {
        /// When the materials were received.
        accepted_at: Timestamp,
        /// When the limit was over.
        deemed_at: Timestamp,
        /// What the department said after the limit. It changes no date.
        confirmed: Option<Acceptance>,
    },
}

impl AcceptedBy {
    /// From when the clocks of the decision run (受理时间).
    pub fn accepted_at(&self) -> Timestamp {
        match self {
            Self::Department(Acceptance { accepted_at, .. }) | Self::Silence { accepted_at, .. } => *accepted_at,
        }
    }

    /// When the clock of the intake ended: with acceptance in time, or because it had run out.
    pub fn intake_ended_at(&self) -> Timestamp {
        match self {
            Self::Department(Acceptance { accepted_at, .. }) => *accepted_at,
            Self::Silence { deemed_at, .. } => *deemed_at,
        }
    }

    /// Whether it was silence that accepted (视为受理).
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Silence { .. })
    }

    /// What the department said, if it did.
    pub fn said(&self) -> Option<&Acceptance> {
        match self {
            Self::Department(acceptance) => Some(acceptance),
            Self::Silence { confirmed, .. } => confirmed.as_ref(),
        }
    }
}

/// The department's acceptance (受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// When (受理时间).
    pub accepted_at: Timestamp,
    /// Who, as the department names them.
    pub officer: Sealed,
    /// The acceptance notice (受理通知书).
    pub notice: NumberedPaper,
    /// The agreement by which the window accepted for the department (委托受理协议); none: the department itself did.
    pub agreement: Option<String>,
}

/// The department's decision (决定).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When (决定时间).
    pub decided_at: Timestamp,
    /// Granted or denied.
    pub outcome: Outcome,
    /// Who decided, with the reason.
    pub reason: Sealed,
    /// The decision document (决定书).
    pub document: NumberedPaper,
    /// The certificate (证照) of a granted case.
    pub certificate: Option<Certificate>,
    /// The agreement by which the window decided for the department; none: the department itself did.
    pub agreement: Option<String>,
}

impl Decision {
    /// What it is written on, in the order in which it is made.
    pub fn papers(&self) -> impl Iterator<Item = (PaperKind, &NumberedPaper)> {
        let certificate = self.certificate.iter();
        std::iter::once((PaperKind::Decision, &self.document))
            .chain(certificate.map(|certificate| (PaperKind::Certificate, &certificate.paper)))
    }
}

/// What a department decided (办理结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// 准予.
    Granted,
    /// 不予.
    Denied,
}

impl Outcome {
    /// The outcome's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
        }
    }

    /// The outcome of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Granted, Self::Denied].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A certificate (证照) that a granted case produced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The paper, with the certificate's number (证照编号).
    pub paper: NumberedPaper,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; none for an unlimited one.
    pub valid_until: Option<Date>,
}

/// A notice of everything that is missing (一次性告知, 补正告知), 行政许可法 art. 32(4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementNotice {
    /// When it was given.
    pub asked_at: Timestamp,
    /// The window, or the department.
    pub by: Seat,
    /// Who gave it, and each thing that is missing with its reason.
    pub content: Sealed,
    /// The notice (补正告知书).
    pub paper: NumberedPaper,
    /// Who allowed it and why, where it is not the first.
    pub allowed: Option<Sealed>,
}

/// What was handed in upon a notice (补正).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    /// When: from then on the limit for acceptance runs anew.
    pub received_at: Timestamp,
    /// The materials that are new, or in place of earlier ones.
    pub materials: Vec<HandedMaterial>,
    /// The form, where it was changed.
    pub form: Option<Sealed>,
    /// What was looked at this time.
    pub checked: Sealed,
    /// The receipt (补正材料收件凭证).
    pub receipt: NumberedPaper,
}

/// On what ground an application is not accepted (不予受理), 行政许可法 art. 32(1) and (2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectionGround {
    /// By law nothing is needed (依法不需要取得行政许可).
    NotNeeded,
    /// Another authority is competent (依法不属于本行政机关职权范围).
    NotCompetent,
    /// Something else that the law names.
    Other,
}

impl RejectionGround {
    /// Every ground.
    pub const ALL: [Self; 3] = [Self::NotNeeded, Self::NotCompetent, Self::Other];

    /// The ground's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotNeeded => "not-needed",
            Self::NotCompetent => "not-competent",
            Self::Other => "other",
        }
    }

    /// The ground of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.name() == name)
    }

    /// As a document says it, in the words of 行政许可法 art. 32(1) and (2), which speak of a licence; what is none is not called
    /// one.
    pub const fn in_words(self, licence: bool) -> &'static str {
        match (self, licence) {
            (Self::NotNeeded, true) => "申请事项依法不需要取得行政许可。",
            (Self::NotNeeded, false) => "申请事项依法不需要办理。",
            (Self::NotCompetent, _) => "申请事项依法不属于本行政机关职权范围。",
            (Self::Other, _) => "依法不予受理的其他情形。",
        }
    }
}

/// That an application is not accepted (不予受理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// When.
    pub rejected_at: Timestamp,
    /// The window, or the department.
    pub by: Seat,
    /// On what ground.
    pub ground: RejectionGround,
    /// Who said so, why, who is competent, and how it can be challenged.
    pub content: Sealed,
    /// The document (不予受理决定书).
    pub paper: NumberedPaper,
}

/// That the applicant takes the application back (撤回申请).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub withdrawn_at: Timestamp,
    /// Who took it back, and why.
    pub content: Sealed,
    /// The confirmation (撤回申请确认书).
    pub paper: NumberedPaper,
}

/// How far the department has come (办理进展).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When.
    pub at: Timestamp,
    /// The step, who is at it, and what they say.
    pub content: Sealed,
}

/// What the department has taken into its own system (部门接收回执).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentReceipt {
    /// When.
    pub at: Timestamp,
    /// Field by field.
    pub content: Sealed,
}

/// A question between window and department (前后台咨询).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enquiry {
    /// The question.
    pub id: EnquiryId,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Who asks; the other one answers.
    pub by: Seat,
    /// Who, and what.
    pub content: Sealed,
}

/// The answer to an enquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnquiryAnswer {
    /// The question.
    pub enquiry: EnquiryId,
    /// When it was answered.
    pub answered_at: Timestamp,
    /// Who answers.
    pub by: Seat,
    /// Who, and what.
    pub content: Sealed,
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It was decided.
    Decided {
        /// How it was accepted, and when.
        accepted: AcceptedBy,
        /// What was decided.
        decision: Decision,
    },
    /// It was not accepted (不予受理).
    Rejected(Rejection),
    /// The applicant took it back (撤回申请).
    Withdrawn {
        /// How it had been accepted, if it was.
        accepted: Option<AcceptedBy>,
        /// When, and why.
        withdrawal: Withdrawal,
    },
}

/// The hand-over of the result (送达).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When (送达时间).
    pub delivered_at: Timestamp,
    /// Who collected it (领取人), or where it was posted to.
    pub collector: Sealed,
    /// Handed over, or posted.
    pub way: DeliveryWay,
    /// The proof of service (送达回证). Cases of before have none.
    pub proof: Option<NumberedPaper>,
}

/// How a result reached the applicant (送达方式).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeliveryWay {
    /// Over the counter (窗口领取).
    #[default]
    Counter,
    /// By post (邮寄).
    Post,
}

impl DeliveryWay {
    /// The way's stable name in stores and interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Post => "post",
        }
    }

    /// The way of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Counter, Self::Post].into_iter().find(|way| way.name() == name)
    }
}

/// What became of originals that the hall held (原件去向).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalsAccount {
    /// When.
    pub at: Timestamp,
    /// The codes of the materials whose originals were given back (退还).
    pub returned: Vec<String>,
    /// The codes of those that stay in the file (归档).
    pub archived: Vec<String>,
    /// Who took what was given back (领回人), where it was not who collected the result.
    pub receiver: Option<Sealed>,
}

/// An original that the hall has taken (原件).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldOriginal {
    /// The code of its material.
    pub code: String,
    /// What became of it; none: the hall holds it.
    pub fate: Option<OriginalFate>,
    /// Who took it, where it was not who collected the result.
    pub receiver: Option<Sealed>,
}

/// What became of an original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginalFate {
    /// Given back (退还).
    Returned,
    /// Stays in the file (归档).
    Archived,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_licence_is_called_one() {
        assert!(RejectionGround::NotNeeded.in_words(true).contains("行政许可"));
        for ground in RejectionGround::ALL {
            let words = ground.in_words(false);
            assert!(!words.contains("许可") && words.ends_with('。'), "{words}");
        }
    }
}
