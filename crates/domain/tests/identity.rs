//! Identity numbers: published vectors, and what their check characters promise.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use yichuang_domain::identity::{CitizenId, CreditCode, IdentityError as E, Phone, Sex, Warning, mask_person};

const TODAY: Date = date(2026, 11, 21);

fn citizen(text: &str) -> Result<CitizenId, E> {
    CitizenId::parse(text, TODAY)
}

#[test]
fn the_published_citizen_number_is_read() {
    let id = citizen("11010519491231002X").unwrap();
    assert_eq!(id.division(), "110105");
    assert_eq!(id.birth_date(), date(1949, 12, 31));
    assert_eq!(id.sex(), Sex::Female);
    assert_eq!(id.warning(), None);
    assert_eq!(id.to_string(), "11010519491231002X");
}

#[test]
fn a_number_typed_with_a_small_x_or_a_wide_keyboard_is_the_same() {
    let id = citizen("11010519491231002X").unwrap();
    assert_eq!(citizen(" 11010519491231002x\n").unwrap(), id);
    assert_eq!(citizen("１１０１０５１９４９１２３１００２ｘ").unwrap(), id);
}

#[test]
fn an_error_names_what_is_wrong_and_never_the_number() {
    assert_eq!(citizen("").unwrap_err(), E::Length { expected: 18, found: 0 });
    assert_eq!(citizen("110105491231002").unwrap_err(), E::Length { expected: 18, found: 15 });
    assert_eq!(citizen("1101O519491231002X").unwrap_err(), E::Character { position: 5, found: 'O' });
    assert_eq!(citizen("11010519491231X02X").unwrap_err(), E::Character { position: 15, found: 'X' });
    assert_eq!(citizen("11010519490229002X").unwrap_err(), E::NoSuchBirthDate);
    assert_eq!(citizen("110105194912310021").unwrap_err(), E::CheckCharacter { expected: 'X', found: '1' });
    let code = CreditCode::parse("91350100M000100I43").unwrap_err();
    assert_eq!(code, E::Character { position: 16, found: 'I' });
    let letter_in_division = CreditCode::parse("913501A0M000100Y43").unwrap_err();
    assert_eq!(letter_in_division, E::Character { position: 7, found: 'A' });
}

#[test]
fn nobody_is_born_tomorrow() {
    let born_today = with_check("1101052026112100");
    assert!(citizen(&born_today).is_ok());
    assert_eq!(CitizenId::parse(&born_today, TODAY.yesterday().unwrap()), Err(E::BirthInFuture));
}

#[test]
fn an_unknown_province_warns_and_does_not_block() {
    for known in ["71", "81", "82", "83"] {
        assert_eq!(citizen(&with_check(&format!("{known}000019900307"))).unwrap().warning(), None);
    }
    let unknown = citizen(&with_check("99000019900307")).unwrap();
    assert_eq!(unknown.warning(), Some(Warning::UnknownProvince { code: 99 }));
    let code = |division: &str| CreditCode::parse(&credit_with_check(&format!("91{division}MA0001234"))).unwrap();
    for known in ["350100", "100000", "830000"] {
        assert_eq!(code(known).warning(), None, "{known}");
    }
    for (unknown, province) in [("990100", 99), ("100100", 10)] {
        assert_eq!(code(unknown).warning(), Some(Warning::UnknownProvince { code: province }));
    }
}

#[test]
fn the_published_credit_codes_are_read() {
    let codes =
        ["91350100M000100Y43", "11371302MB2861293F", "12441500196720244T", "11440100696927671X", "91110000600037341L"];
    for code in codes {
        assert_eq!(CreditCode::parse(&code.to_lowercase()).unwrap().as_str(), code);
    }
    assert_eq!(CreditCode::parse(codes[0]).unwrap().division(), "350100");
}

#[test]
fn a_number_shown_for_debugging_is_masked() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        citizen("11010519491231002X").unwrap(),
        CreditCode::parse("91350100M000100Y43").unwrap(),
        Phone::parse("13812345678").unwrap(),
        Phone::parse("010-62345678").unwrap(),
    );
    insta::assert_snapshot!(shown, @"CitizenId(1101**********002X) CreditCode(9135**********0Y43) Phone(138****5678) Phone(010-****5678)");
}

#[test]
fn a_phone_is_read_however_it_is_grouped() {
    let shown = |text: &str| Phone::parse(text).unwrap().to_string();
    assert_eq!(shown("+86 138-1234-5678"), "13812345678");
    assert_eq!(shown("１３８１２３４５６７８"), "13812345678");
    assert_eq!(shown("(010) 6234 5678"), "010-62345678");
    assert_eq!(shown("05516234567"), "0551-6234567");
    assert_eq!(shown("0551－62345678"), "0551-62345678");
    assert!(Phone::parse("13812345678").unwrap().is_mobile());
    assert!(!Phone::parse("0551-62345678").unwrap().is_mobile());
    assert_eq!(Phone::parse("13812345678").unwrap().masked(), "138****5678");
    assert_eq!(Phone::parse("0551-62345678").unwrap().masked(), "0551-****5678");
}

#[test]
fn what_is_no_phone_is_refused_with_the_reason() {
    let error = |text| Phone::parse(text).unwrap_err();
    assert_eq!(error("1381234567"), E::Length { expected: 11, found: 10 });
    assert_eq!(error("12812345678"), E::Prefix);
    assert_eq!(error("62345678"), E::Prefix);
    assert_eq!(error(""), E::Prefix);
    assert_eq!(error("138x2345678"), E::Character { position: 4, found: 'x' });
    assert_eq!(error("010-6234567"), E::LocalNumber);
    assert_eq!(error("0551-12345678"), E::LocalNumber);
    assert_eq!(error("0551"), E::LocalNumber);
}

/// The number that begins like this, with zeros and the check character that the reader itself asks for.
fn with_check(start: &str) -> String {
    let body = format!("{start:0<17}");
    match citizen(&format!("{body}0")) {
        Err(E::CheckCharacter { expected, .. }) => format!("{body}{expected}"),
        _ => format!("{body}0"),
    }
}

fn credit_with_check(body: &str) -> String {
    match CreditCode::parse(&format!("{body}0")) {
        Err(E::CheckCharacter { expected, .. }) => format!("{body}{expected}"),
        _ => format!("{body}0"),
    }
}

prop_compose! {
    fn citizens()(division in 110_000u32..660_000, days in 0..40_000i64, sequence in 0..1000u16) -> String {
        let born = date(1915, 1, 1) + jiff::Span::new().days(days);
        with_check(&format!("{division}{}{sequence:03}", born.strftime("%Y%m%d")))
    }
}

prop_compose! {
    fn credit_codes()(body in "[1-9AN][1-9][1-6][0-9]{5}[0-9A-HJ-NPQRTUWXY]{9}") -> String {
        credit_with_check(&body)
    }
}

/// The text with the character at `place` replaced, or with it and the next exchanged.
fn changed(text: &str, place: usize, to: char) -> String {
    (0..).zip(text.chars()).map(|(at, old)| if at == place { to } else { old }).collect()
}

fn exchanged(text: &str, place: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters.swap(place, place + 1);
    characters.into_iter().collect()
}

proptest! {
    #[test]
    fn every_wrong_character_in_a_citizen_number_is_found(id in citizens(), place in 0..18usize, to in "[0-9X]") {
        let typed = changed(&id, place, to.chars().next().unwrap());
        prop_assert_eq!(citizen(&typed).is_ok(), typed == id);
    }

    #[test]
    fn every_exchange_of_neighbours_in_a_citizen_number_is_found(id in citizens(), place in 0..17usize) {
        let typed = exchanged(&id, place);
        prop_assert_eq!(citizen(&typed).is_ok(), typed == id);
    }

    #[test]
    fn every_wrong_character_in_a_credit_code_is_found(code in credit_codes(), place in 0..18usize, to in "[0-9A-Z]") {
        let typed = changed(&code, place, to.chars().next().unwrap());
        prop_assert_eq!(CreditCode::parse(&typed).is_ok(), typed == code);
    }

    #[test]
    fn every_exchange_of_neighbours_in_a_credit_code_is_found(code in credit_codes(), place in 0..17usize) {
        let typed = exchanged(&code, place);
        prop_assert_eq!(CreditCode::parse(&typed).is_ok(), typed == code);
    }

    #[test]
    fn what_is_shown_can_be_read_again(id in citizens(), code in credit_codes(), phone in "(1[3-9][0-9]{9}|010[2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7})") {
        let id = citizen(&id).unwrap();
        prop_assert_eq!(&citizen(&id.to_string()).unwrap(), &id);
        let code = CreditCode::parse(&code).unwrap();
        prop_assert_eq!(&CreditCode::parse(&code.to_string()).unwrap(), &code);
        let phone = Phone::parse(&phone).unwrap();
        prop_assert_eq!(&Phone::parse(&phone.to_string()).unwrap(), &phone);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,24}") {
        let _ = (citizen(&text), CreditCode::parse(&text), Phone::parse(&text));
    }

    #[test]
    fn no_digits_make_a_reader_panic(text in "[+(0-9X]{0,20}") {
        let _ = (citizen(&text), CreditCode::parse(&text), Phone::parse(&text));
    }
}

#[test]
fn the_mask_of_a_name_does_not_tell_how_long_it_is() {
    let masks = ["", "王", "王明", "欧阳明", "欧阳小明", &"长".repeat(100)].map(mask_person);
    assert_eq!(masks, ["", "王", "王*", "欧*明", "欧**明", "长****长"]);
}
