//! People who do not exist, of a division that exists nowhere (990100), with valid check digits.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::civil::{Date, date};

use crate::{IdCard, Sex};

/// Drawn for this purpose; nobody's portrait.
const PORTRAITS: [&[u8]; 2] = [include_bytes!("pictures/portrait-1.jpg"), include_bytes!("pictures/portrait-2.jpg")];

/// The cards that the simulated reader finds, one after the other. The third has expired by the demo's date.
pub fn people() -> Vec<IdCard> {
    let card = |name: &str, nation: &str, number: &str, address: &str, valid_from: Date, valid_until: Option<Date>| {
        let digit = |at: usize| number[at..=at].parse::<i8>().unwrap_or_default();
        let sex = if digit(16) % 2 == 0 { Sex::Female } else { Sex::Male };
        let part = |range: std::ops::Range<usize>| number[range].parse::<i16>().unwrap_or_default();
        let portrait = PORTRAITS[usize::from(sex == Sex::Male)];
        IdCard {
            name: name.to_owned(),
            sex,
            nation: nation.to_owned(),
            birth_date: date(part(6..10), part(10..12) as i8, part(12..14) as i8),
            address: address.to_owned(),
            number: number.to_owned(),
            authority: "安澜市公安局".to_owned(),
            valid_from,
            valid_until,
            photo: Some(BASE64_STANDARD.encode(portrait)),
        }
    };
    vec![
        card(
            "白晓兰",
            "汉",
            "990100198802140023",
            "安澜市桂花街12号3栋201室",
            date(2015, 3, 2),
            Some(date(2035, 3, 2)),
        ),
        card("顾启明", "回", "990100197511030110", "安澜市澜江路88号", date(2022, 1, 10), None),
        card("陆思雨", "汉", "990100199607200048", "安澜市望湖里5号602室", date(2016, 5, 5), Some(date(2026, 5, 5))),
        card("何守正", "满", "990100196212250039", "安澜市石桥镇清溪村3组", date(2013, 8, 20), None),
    ]
}
