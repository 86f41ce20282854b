//! The hand-over of a result.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use jiff::civil::date;

use super::{DEPARTMENT, HALL, seal};
use crate::documents::{Collector, DeliveredDocument, DeliveryProof, Original, OriginalFate, Posting};

pub(crate) fn delivery_proof() -> DeliveryProof {
    let document =
        |title: &str, number: &str| DeliveredDocument { title: title.into(), number: number.into(), copies: 1 };
    DeliveryProof {
        authority: DEPARTMENT.into(),
        hall: "安市政务服务中心出证窗口".into(),
        number: "安政服送〔2026〕9号".into(),
        case_number: "4401260305030012".into(),
        case_number_spoken: "4401 2603 0503 0012".into(),
        documents: vec![
            document("准予行政许可决定书", "安市监食许〔2026〕12号"),
            document("食品经营许可证（正本）", "JY24403990000017"),
        ],
        addressee: "安市老街坊餐饮服务有限公司".into(),
        place: format!("{HALL}出证窗口"),
        way: "直接送达".into(),
        delivered_at: Some(date(2026, 3, 17).at(9, 35, 0, 0)),
        posting: None,
        collector: Some(Collector {
            name: "欧阳𬱖".into(),
            id: "110105********002X".into(),
            relation: "代理人".into(),
            authority: "授权委托书（2026年3月1日），代收文书".into(),
        }),
        originals: vec![Original { name: "房屋租赁合同".into(), copies: 1, fate: OriginalFate::Returned }],
        signature: Some(scribble()),
        deliverer: "赵明".into(),
        note: String::new(),
        seal: Some(seal()),
        issued_on: date(2026, 3, 17),
        copies: String::new(),
        unverified: Vec::new(),
        specimen: true,
    }
}

/// The same sent by post, before the addressee has signed for it.
pub(crate) fn posted_proof() -> DeliveryProof {
    DeliveryProof {
        way: "邮寄送达".into(),
        place: "安市城关区老街街道老街12号".into(),
        delivered_at: None,
        posting: Some(Posting {
            carrier: "中国邮政".into(),
            tracking_number: "1234567890123".into(),
            posted_at: date(2026, 3, 17).at(16, 5, 0, 0),
        }),
        collector: None,
        originals: Vec::new(),
        signature: None,
        note: "申请人于2026年3月5日选择邮寄送达，并确认了地址。".into(),
        ..delivery_proof()
    }
}

/// A line as from a pad for signatures, on white.
pub(crate) fn scribble() -> Vec<u8> {
    let mut pad = GrayImage::from_pixel(480, 200, Luma([255]));
    for step in 0..6_000_u16 {
        let along = f32::from(step) / 6_000.0;
        let x = 60.0 + 340.0 * along + 22.0 * (along * 41.0).sin();
        let y = 100.0 + 55.0 * (along * 27.0).sin() * (1.0 - along * 0.6);
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (1, 2)] {
            pad.put_pixel(x as u32 + dx, y as u32 + dy, Luma([20]));
        }
    }
    let mut png = Cursor::new(Vec::new());
    pad.write_to(&mut png, ImageFormat::Png).expect("a picture");
    png.into_inner()
}
