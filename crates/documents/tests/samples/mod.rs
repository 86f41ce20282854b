//! One of each paper, as the demo hall would print it.

mod delivery;
mod filing;
mod guide;
mod results;

use crate::documents::{
    AcceptanceNotice, Certificate, CertificateRow, DecisionDocument, IntakeReceipt, Material, MaterialForm, Outcome,
    Paper, Seal,
};
use jiff::civil::date;

pub(crate) use delivery::{delivery_proof, posted_proof};
pub(crate) use filing::{rejection, supplement_notice, supplement_receipt, withdrawal};
pub(crate) use guide::{guide, transcription_card};
pub(crate) use results::{approval, card_receipt, registration};

const DEPARTMENT: &str = "安市市场监督管理局";
const HALL: &str = "安市政务服务中心";

/// Every paper, with a name for its file.
pub(crate) fn all() -> Vec<(&'static str, Box<dyn Paper>)> {
    vec![
        ("receipt", Box::new(receipt())),
        ("notice", Box::new(notice())),
        ("granted", Box::new(decision(Outcome::Granted))),
        ("denied", Box::new(decision(Outcome::Denied))),
        ("certificate", Box::new(certificate())),
        ("supplement-notice", Box::new(supplement_notice())),
        ("supplement-receipt", Box::new(supplement_receipt())),
        ("rejection", Box::new(rejection())),
        ("withdrawal", Box::new(withdrawal())),
        ("delivery-proof", Box::new(delivery_proof())),
        ("posted-proof", Box::new(posted_proof())),
        ("approval", Box::new(approval())),
        ("registration", Box::new(registration())),
        ("card-receipt", Box::new(card_receipt())),
        ("guide", Box::new(guide())),
        ("transcription-card", Box::new(transcription_card())),
    ]
}

pub(crate) fn materials() -> Vec<Material> {
    [
        ("食品经营许可申请书", 1, MaterialForm::Original),
        ("营业执照（统一社会信用代码证）", 1, MaterialForm::Copy),
        ("法定代表人（负责人）身份证明", 1, MaterialForm::OriginalAndCopy),
        (
            "与食品经营相适应的主要设备设施布局、操作流程等文件（含经营场所平面图、设施设备清单及食品安全自查、从业人员健康管理、进货查验记录等保证食品安全的规章制度）",
            2,
            MaterialForm::Original,
        ),
        ("授权委托书及代理人身份证明", 1, MaterialForm::Electronic),
    ]
    .into_iter()
    .map(|(name, copies, form)| Material { name: name.into(), copies, form })
    .collect()
}

pub(crate) fn receipt() -> IntakeReceipt {
    IntakeReceipt {
        receipt_number: "安政服收〔2026〕1号".into(),
        hall: HALL.into(),
        window: "3号综合受理窗口".into(),
        number: "4401260305030012".into(),
        number_spoken: "4401 2603 0503 0012".into(),
        progress_url: "https://hall.anshi.example/p/4401260305030012?k=7f3a".into(),
        applicant: "欧阳𬱖".into(),
        agent: None,
        applicant_id: "110105********002X".into(),
        phone: "138****5678".into(),
        item: "食品经营许可（新办）".into(),
        materials: materials(),
        received_at: date(2026, 3, 5).at(9, 5, 0, 0),
        statement: "以上材料已收到。依照《中华人民共和国行政许可法》第三十二条，申请材料不齐全或者不符合法定形式的，\
                    将当场或者在五个工作日内一次告知需要补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理，\
                    本凭证即为受理凭证。"
            .into(),
        clerk: "王秀兰".into(),
        seal: Some(Seal { authority: HALL.into(), kind: "收件专用章".into() }),
        copies: "本凭证一式两份，一份交申请人，一份随申请材料存档。".into(),
        unverified: vec!["承诺办结时限沿用上一版本事项目录，尚待市场监督管理局确认。".into()],
        specimen: true,
    }
}

pub(crate) fn notice() -> AcceptanceNotice {
    AcceptanceNotice {
        title: "行政许可申请受理通知书".into(),
        authority: DEPARTMENT.into(),
        number: "安市监食受〔2026〕1号".into(),
        applicant: "安市老街坊餐饮服务有限公司".into(),
        item: "食品经营许可（新办）".into(),
        applied_on: date(2026, 3, 5),
        accepted_on: date(2026, 3, 6),
        by_silence: false,
        issued_on: date(2026, 3, 6),
        basis: "《中华人民共和国行政许可法》第三十二条第一款第五项".into(),
        materials: materials(),
        statutory_limit: "20个工作日".into(),
        promised_limit: "8个工作日".into(),
        decision_by: Some(date(2026, 3, 18)),
        contact: "许可科　李建国　0755-8800 1234（工作日 9:00—12:00，14:00—17:30）".into(),
        progress_url: "https://hall.anshi.example/p/4401260305030012?k=7f3a".into(),
        seal: seal(),
        copies: "本通知书一式两份，一份送达申请人，一份存档。".into(),
        unverified: Vec::new(),
        specimen: true,
    }
}

pub(crate) fn decision(outcome: Outcome) -> DecisionDocument {
    let denied = outcome == Outcome::Denied;
    let ruling = if denied { "不予行政许可" } else { "准予行政许可" };
    DecisionDocument {
        title: format!("{ruling}决定书"),
        ruling: ruling.into(),
        outcome,
        authority: DEPARTMENT.into(),
        number: "安市监食许〔2026〕12号".into(),
        applicant: "安市老街坊餐饮服务有限公司".into(),
        applicant_id: "91440300MA5EXAMP0X".into(),
        item: "食品经营许可（新办）".into(),
        applied_on: date(2026, 3, 5),
        facts: if denied {
            "2026年3月12日，本机关两名执法人员对你（单位）位于安市老街12号的经营场所进行了现场核查。\
             经查，该场所食品处理区与非食品处理区未作分隔，专间未设置独立的空调和温度监测装置，粗加工区距离暴露的垃圾堆放点不足25米。"
                .into()
        } else {
            "申请材料齐全、符合法定形式。2026年3月12日，本机关两名执法人员对经营场所进行了现场核查，核查结论为符合要求。".into()
        },
        reason: if denied {
            "上述情形不符合《食品经营许可和备案管理办法》规定的经营条件，你（单位）在规定期限内未完成整改。".into()
        } else {
            "你（单位）的申请符合法定条件、标准。".into()
        },
        basis: if denied {
            "《中华人民共和国行政许可法》第三十八条第二款、《中华人民共和国食品安全法》第三十三条第一款".into()
        } else {
            "《中华人民共和国行政许可法》第三十八条第一款、《中华人民共和国食品安全法》第三十五条".into()
        },
        content: "许可事项：热食类食品制售、冷食类食品制售（含冷荤类食品制售）。\n\
                  经营场所：安市老街12号一层。\n\
                  有效期限：自2026年3月16日起至2031年3月15日止。"
            .into(),
        remedies: "如不服本决定，可以自收到本决定书之日起六十日内向安市人民政府申请行政复议，\
                   或者自收到本决定书之日起六个月内依法向安市人民法院提起行政诉讼。"
            .into(),
        decided_on: date(2026, 3, 16),
        seal: seal(),
        copies: "本决定书一式两份，一份送达申请人，一份存档。".into(),
        unverified: Vec::new(),
        specimen: true,
    }
}

pub(crate) fn certificate() -> Certificate {
    let rows = [
        ("经营者名称", "安市老街坊餐饮服务有限公司"),
        ("统一社会信用代码", "91440300MA5EXAMP0X"),
        ("法定代表人", "欧阳𬱖"),
        ("住所", "安市城关区老街街道老街12号"),
        ("经营场所", "安市城关区老街街道老街12号一层"),
        ("主体业态", "餐饮服务经营者"),
        ("经营项目", "热食类食品制售，冷食类食品制售（含冷荤类食品制售），自制饮品制售（不含自酿酒）"),
        ("日常监督管理机构", "安市市场监督管理局城关分局"),
    ];
    Certificate {
        title: "食品经营许可证".into(),
        edition: "正本".into(),
        number: "JY24403990000017".into(),
        rows: self::rows(&rows),
        valid_from: date(2026, 3, 16),
        valid_until: Some(date(2031, 3, 15)),
        authority: DEPARTMENT.into(),
        issued_on: date(2026, 3, 16),
        link: "https://hall.anshi.example/v/JY24403990000017#8d1f0c".into(),
        seal: seal(),
        note: "持证人应当将本证正本悬挂或者摆放在经营场所的显著位置。".into(),
        specimen: true,
    }
}

fn rows(rows: &[(&str, &str)]) -> Vec<CertificateRow> {
    rows.iter().map(|(label, value)| CertificateRow { label: (*label).into(), value: (*value).into() }).collect()
}

fn seal() -> Seal {
    Seal { authority: DEPARTMENT.into(), kind: "行政许可专用章".into() }
}
