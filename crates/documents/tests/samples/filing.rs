//! What happens to an application before it is accepted, or instead.

use jiff::civil::date;

use super::{DEPARTMENT, HALL, receipt, seal};
use crate::documents::{
    Agent, IntakeReceipt, Material, MaterialForm, Original, OriginalFate, Rejection, SupplementNotice, SupplementPoint,
    SupplementReceipt, WithdrawalConfirmation,
};

pub(crate) fn supplement_notice() -> SupplementNotice {
    let points = [
        ("食品经营许可申请书", "申请书没有签字或者盖章，请由法定代表人（负责人）签字，单位同时加盖公章。"),
        (
            "与食品经营相适应的主要设备设施布局、操作流程等文件",
            "布局图没有做到生熟分开或者流程有交叉，请按原料进入、加工、成品供应不交叉的要求重新绘制，并标明清洗、消毒、保洁和洗手设施的位置。",
        ),
        ("从业人员健康证明", "王某、李某的健康证明已过有效期，请重新体检后补交。"),
        ("", "经营场所没有写到门牌号，请按营业执照上的地址写到门牌号。"),
    ];
    let point = |(material, reason): (&str, &str)| SupplementPoint { material: material.into(), reason: reason.into() };
    SupplementNotice {
        title: "行政许可申请材料补正告知书".into(),
        authority: DEPARTMENT.into(),
        number: "安市监许补〔2026〕3号".into(),
        case_number_spoken: "4401 2603 0503 0012".into(),
        applicant: "安市老街坊餐饮服务有限公司".into(),
        item: "食品经营许可（新办）".into(),
        applied_on: date(2026, 3, 5),
        points: points.into_iter().map(point).collect(),
        basis: "《中华人民共和国行政许可法》第三十二条第一款第四项".into(),
        place: "请携带本告知书和补正后的材料到安市政务服务中心任一综合受理窗口（安市澜江路1号）提交，也可以邮寄。"
            .into(),
        phone: "0990-8000001".into(),
        until: Some(date(2026, 3, 19)),
        statement: "以上为需要补正的全部内容。补正材料齐全、符合法定形式的，自收到全部补正材料之日起受理。".into(),
        again: None,
        progress_url: "https://hall.anshi.example/p/4401260305030012?k=7f3a".into(),
        seal: Some(seal()),
        copies: "本告知书一式两份，一份送达申请人，一份存档。".into(),
        issued_on: date(2026, 3, 6),
        unverified: vec!["补正期限".into()],
        specimen: true,
    }
}

pub(crate) fn supplement_receipt() -> SupplementReceipt {
    let material = |name: &str, form: MaterialForm| Material { name: name.into(), copies: 1, form };
    SupplementReceipt {
        receipt: IntakeReceipt {
            receipt_number: "安政服收〔2026〕7号".into(),
            materials: vec![
                material("食品经营许可申请书", MaterialForm::Original),
                material("与食品经营相适应的主要设备设施布局、操作流程等文件", MaterialForm::Original),
                material("从业人员健康证明", MaterialForm::Copy),
            ],
            received_at: date(2026, 3, 12).at(14, 40, 0, 0),
            statement: "以上补正材料已收到。补正材料齐全、符合法定形式的，自收到全部补正材料之日起受理。".into(),
            unverified: Vec::new(),
            ..receipt()
        },
        notice_number: "安市监许补〔2026〕3号".into(),
    }
}

pub(crate) fn rejection() -> Rejection {
    Rejection {
        title: "行政许可申请不予受理决定书".into(),
        authority: DEPARTMENT.into(),
        number: "安市监许不受〔2026〕1号".into(),
        applicant: "欧阳𬱖".into(),
        applicant_id: "110105********002X".into(),
        item: "食品经营许可（新办）".into(),
        applied_on: date(2026, 3, 5),
        ground: "申请事项依法不属于本行政机关职权范围。".into(),
        reason: "你申请的经营场所位于安县桂花镇，该场所的食品经营许可由安县市场监督管理局实施。".into(),
        competent_authority: "安县市场监督管理局".into(),
        basis: "《中华人民共和国行政许可法》第三十二条第一款第二项".into(),
        remedies: "如不服本决定，可以自收到本决定书之日起六十日内向安市人民政府申请行政复议，\
                   或者自收到本决定书之日起六个月内依法向安市人民法院提起行政诉讼。"
            .into(),
        seal: Some(seal()),
        decided_on: date(2026, 3, 6),
        copies: "本决定书一式两份，一份送达申请人，一份存档。".into(),
        unverified: vec!["救济途径与期限".into()],
        specimen: true,
    }
}

pub(crate) fn withdrawal() -> WithdrawalConfirmation {
    let original = |name: &str, fate: OriginalFate| Original { name: name.into(), copies: 1, fate };
    WithdrawalConfirmation {
        hall: HALL.into(),
        window: "3号综合受理窗口".into(),
        number: "安政服撤〔2026〕2号".into(),
        case_number: "4401260305030012".into(),
        case_number_spoken: "4401 2603 0503 0012".into(),
        applicant: "安市老街坊餐饮服务有限公司".into(),
        applicant_id: "91440300MA5EXAMP0X".into(),
        agent: Some(Agent {
            name: "欧阳𬱖".into(),
            id: "110105********002X".into(),
            authority: "授权委托书（2026年3月1日）：代为提交、补正和撤回申请，代收文书。".into(),
        }),
        item: "食品经营许可（新办）".into(),
        applied_on: date(2026, 3, 5),
        withdrawn_at: date(2026, 3, 10).at(10, 20, 0, 0),
        reason: "经营场所另行选址，待新址装修完成后重新申请。".into(),
        originals: vec![
            original("食品经营许可申请书", OriginalFate::Archived),
            original("营业执照（统一社会信用代码证）", OriginalFate::Returned),
            original("房屋租赁合同", OriginalFate::ToBeReturned),
        ],
        statement: "待退还的原件，请凭本确认书到安市政务服务中心领取。撤回后需要办理的，可以重新提出申请。".into(),
        clerk: "王秀兰".into(),
        seal: None,
        copies: "本确认书一式两份，一份交申请人，一份存档。".into(),
        unverified: Vec::new(),
        specimen: true,
    }
}
