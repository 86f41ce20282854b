//! What a granted application ends with, besides a certificate.

use jiff::civil::date;

use super::{HALL, rows};
use crate::documents::{Approval, CardReceipt, Registration, Seal};

pub(crate) fn approval() -> Approval {
    let authority = "安市文化广电旅游局";
    Approval {
        title: "营业性演出批准文件".into(),
        number: "安文演〔2026〕8号".into(),
        applicant: "安市锦瑟文化传播有限公司".into(),
        text: "你单位报送的营业性演出申请材料收悉。经审查，申请符合《营业性演出管理条例》规定的条件，同意你单位举办下列演出活动：".into(),
        rows: rows(&[
            ("举办单位", "安市锦瑟文化传播有限公司"),
            ("演出名称", "“澜江春晓”民族音乐会"),
            ("演出场所", "安市人民会堂大剧场（安市澜江路18号）"),
            ("场次", "3场"),
            ("演出日期", "2026年4月10日至2026年4月12日"),
            ("核定观众人数", "每场不超过1200人"),
        ]),
        valid_from: date(2026, 3, 20),
        valid_until: Some(date(2026, 4, 12)),
        authority: authority.into(),
        issued_on: date(2026, 3, 20),
        link: "https://hall.anshi.example/v/AWY20260008#51b7".into(),
        seal: Seal { authority: authority.into(), kind: "行政许可专用章".into() },
        note: "请按照批准的内容举办演出，变更演出时间、场所、节目的，应当重新报批；演出前落实消防和安全保卫措施。".into(),
        copies: "本文件一式两份，一份送达申请人，一份存档。".into(),
        unverified: vec!["《营业性演出管理条例》的条款".into()],
        specimen: true,
    }
}

pub(crate) fn registration() -> Registration {
    let authority = "安市卫生健康委员会";
    Registration {
        title: "生育登记证明".into(),
        edition: String::new(),
        number: "安卫登〔2026〕26号".into(),
        register_number: "990102202603000026".into(),
        rows: rows(&[
            ("申请人", "欧阳𬱖"),
            ("配偶", "王建国"),
            ("登记孩次", "一孩"),
            ("结婚登记日期", "2024年10月1日"),
            ("居住地址", "安市城关区老街街道桂花街12号3栋1单元502室"),
            ("备注", ""),
        ]),
        valid_from: date(2026, 3, 9),
        valid_until: None,
        authority: authority.into(),
        issued_on: date(2026, 3, 9),
        link: "https://hall.anshi.example/v/AWD20260026#a90c".into(),
        seal: Seal { authority: authority.into(), kind: "公共服务专用章".into() },
        statement: "上列事项已经登记，特此证明。".into(),
        note: "本证明遗失的，可以到安市政务服务中心申请补发。".into(),
        unverified: Vec::new(),
        specimen: true,
    }
}

pub(crate) fn card_receipt() -> CardReceipt {
    let authority = "安市民政局";
    CardReceipt {
        card: "老年人优待证".into(),
        title: "老年人优待证领卡凭证".into(),
        number: "AYZ2026000123".into(),
        rows: rows(&[
            ("姓名", "李秀兰"),
            ("身份证号码", "110105********0028"),
            ("证件类别", "70周岁以上"),
            ("居住地址", "安市城关区老街街道桂花街12号"),
        ]),
        valid_from: date(2026, 3, 16),
        valid_until: None,
        place: format!("{HALL}出证窗口（安市澜江路1号一层）"),
        from: Some(date(2026, 3, 23)),
        hours: "工作日9:00—12:00，14:00—17:30".into(),
        bring: "本凭证和本人身份证；代领的，另带代领人身份证和委托书。".into(),
        phone: "0990-8000001".into(),
        authority: authority.into(),
        issued_on: date(2026, 3, 16),
        link: "https://hall.anshi.example/v/AYZ2026000123#77e2".into(),
        seal: Seal { authority: authority.into(), kind: "公共服务专用章".into() },
        note: "卡证制好后凭本凭证领取，凭证请妥善保管。".into(),
        unverified: Vec::new(),
        specimen: true,
    }
}
