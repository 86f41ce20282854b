//! What is read before an application, and what is typed after one.

use jiff::civil::date;

use super::{DEPARTMENT, HALL};
use crate::documents::{
    Guide, GuideLimit, GuideMaterial, GuideQuestion, OriginalAsked, Stated, TranscriptionCard, TranscriptionField,
};

pub(crate) fn guide() -> Guide {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let law = "《食品经营许可和备案管理办法》";
    Guide {
        hall: HALL.into(),
        address: "安市澜江路1号".into(),
        phone: "0990-8000001（工作日9:00—12:00，14:00—17:30）".into(),
        item: "食品经营许可（新办）".into(),
        aliases: words(&["食品证", "餐饮许可证", "开饭店", "开奶茶店", "食堂许可"]),
        code: "11990100MB000131013000131901001".into(),
        kind: "行政许可".into(),
        department: DEPARTMENT.into(),
        subjects: words(&["自然人", "企业法人", "事业单位法人", "社会组织法人"]),
        conditions: words(&[
            "已取得营业执照或者其他主体资格证明，登记的住所（经营场所）与申请的经营场所一致。",
            "有与经营的食品品种、数量相适应的场所、设备设施和合理的布局。",
            "有专职或者兼职的食品安全管理人员和保证食品安全的规章制度。",
            "从事接触直接入口食品工作的人员持有有效的健康证明。",
        ]),
        materials: materials(),
        fee: unverified("不收费"),
        limits: vec![
            limit("受理期限", "自收件之日起5个工作日", sourced("《中华人民共和国行政许可法》第三十二条第一款第四项")),
            limit("法定办结时限", "自受理之日起10个工作日", unverified(&format!("{law}关于许可审查期限的规定"))),
            limit("承诺办结时限", "自受理之日起5个工作日", unverified("安市政务服务承诺")),
        ],
        basis: vec![
            sourced(&format!("{law}（国家市场监督管理总局令第78号）")),
            unverified("《中华人民共和国食品安全法》第三十五条"),
        ],
        result: "食品经营许可证".into(),
        validity: sourced("五年"),
        accepts: DEPARTMENT.into(),
        decides: format!("{DEPARTMENT}（审核合一）"),
        questions: questions(),
        link: "https://hall.anshi.example/g/11990100MB000131013000131901001".into(),
        printed_on: date(2026, 3, 4),
        specimen: true,
    }
}

fn materials() -> Vec<GuideMaterial> {
    use OriginalAsked::{Kept, No, Shown};
    let of = |name: &str, source: &str, original, standard: &str, when: &str| GuideMaterial {
        name: unverified(name),
        source: source.into(),
        copies: 1,
        original,
        standard: standard.into(),
        required: true,
        when: when.into(),
    };
    let mut materials = vec![
        of("食品经营许可申请书", "申请人", Kept, "申请人签字或者盖章，内容与申请表一致。", ""),
        of(
            "营业执照",
            "市场监督管理部门",
            No,
            "复印件；能够核验电子证照的免于提交，由窗口打印核验结果。",
            "以营业执照证明主体资格的",
        ),
        of("事业单位法人证书", "事业单位登记管理部门", No, "复印件，在有效期内，加盖单位公章。", "学校、医院等的食堂"),
        of(
            "与食品经营相适应的主要设备设施布局、操作流程等文件",
            "申请人",
            Kept,
            "标明各功能区的位置、面积和主要设备，布局做到生熟分开，流程由生到熟不交叉。",
            "",
        ),
        of(
            "食品安全规章制度",
            "申请人",
            Kept,
            "列明从业人员健康管理、进货查验记录、食品安全自查、食品安全事故处置等制度，与经营项目相符。",
            "",
        ),
        of(
            "从业人员健康证明",
            "医疗机构",
            Shown,
            "接触直接入口食品的人员一人一份，在有效期内，姓名与从业人员一致。",
            "已招到人的",
        ),
        of(
            "授权委托书和代理人身份证件",
            "申请人",
            Kept,
            "写明委托事项、权限和期限，申请人签字或者盖章；代理人身份证件核验原件。",
            "委托他人办理的",
        ),
    ];
    materials[5].required = false;
    materials
}

fn questions() -> Vec<GuideQuestion> {
    let asked = [
        (
            "只卖包装好的零食、饮料，要办许可证吗？",
            "只销售预包装食品的，办理备案，不办理食品经营许可；以后要加散装食品或者现场制作的，再来办许可。",
        ),
        (
            "许可证能用几年，到期怎么办？",
            "有效期五年。需要延续的，在有效期届满前九十个工作日至十五个工作日期间提出申请。",
        ),
        (
            "还没装修好能先来申请吗？",
            "可以先来咨询布局，但场所、设备要能接受核查才受理，否则容易因为布局不合要求白跑一趟。",
        ),
        ("营业执照必须带原件吗？", "不用。能够核验电子营业执照的，由窗口核验，免于提交复印件。"),
    ];
    asked
        .into_iter()
        .map(|(question, answer)| GuideQuestion { question: question.into(), answer: answer.into() })
        .collect()
}

fn limit(name: &str, length: &str, law: Stated) -> GuideLimit {
    GuideLimit { name: name.into(), length: length.into(), law }
}

fn sourced(text: &str) -> Stated {
    Stated { text: text.into(), unverified: false }
}

fn unverified(text: &str) -> Stated {
    Stated { text: text.into(), unverified: true }
}

pub(crate) fn transcription_card() -> TranscriptionCard {
    let fields = [
        ("申请人", "SQRMC", "欧阳𬱖"),
        ("证件类型", "ZJLX", "居民身份证"),
        ("证件号码", "ZJHM", "11010519491231002X"),
        ("联系电话", "LXDH", "13800135678"),
        ("代理人", "DLRXM", ""),
        ("店铺名称", "DPMC", "安市城关区老街坊便利店"),
        ("统一社会信用代码", "TYSHXYDM", "92440300MA5EXAMP1I"),
        ("负责人", "FZR", "欧阳𬱖"),
        ("经营地址", "JYDZ", "安市城关区老街街道老街12号一层西侧临街铺面（与地铁2号线C出口相邻）"),
        ("经营面积（平方米）", "JYMJ", "86.50"),
        ("电子邮箱", "EMAIL", "laojiefang_O0Il1@mail.example"),
        ("业态", "YT", "便利店"),
        ("申请日期", "SQRQ", "2026-03-05"),
    ];
    let field = |(label, name, value): (&str, &str, &str)| TranscriptionField {
        label: label.into(),
        name: name.into(),
        value: value.into(),
    };
    TranscriptionCard {
        hall: HALL.into(),
        department: "安市烟草专卖局".into(),
        number: "4401260305030012".into(),
        number_spoken: "4401 2603 0503 0012".into(),
        item: "烟草专卖零售许可证（新办）".into(),
        applicant: "欧阳𬱖".into(),
        fields: fields.into_iter().map(field).collect(),
        printed_at: date(2026, 3, 5).at(9, 12, 0, 0),
        specimen: true,
    }
}
