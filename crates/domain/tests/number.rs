//! Numbers of cases, items and papers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use insta::assert_snapshot;
use jiff::civil::date;
use proptest::prelude::*;
use yichuang_domain::identity::CreditCode;
use yichuang_domain::number::{NumberError as E, *};

fn number(sequence: u16) -> Result<CaseNumber, E> {
    let hall = HallNumber::new(1).unwrap();
    CaseNumber::new(hall, date(2026, 11, 21), WindowNumber::new(3).unwrap(), sequence)
}

#[test]
fn a_case_number_is_sixteen_digits_and_can_be_said_aloud() {
    let number = number(1).unwrap();
    assert_snapshot!(number, @"0001261121030014");
    assert_snapshot!(number.spoken(), @"0001-261121-03-001-4");
    assert_eq!(number.to_string().len(), CaseNumber::LENGTH);
}

#[test]
fn a_case_number_is_read_as_printed_as_said_and_as_typed() {
    let number = number(42).unwrap();
    let wide: String =
        number.to_string().bytes().map(|digit| char::from_u32(0xFEE0 + u32::from(digit)).unwrap()).collect();
    for text in [number.to_string(), number.spoken(), number.spoken().replace('-', "  "), wide] {
        assert_eq!(CaseNumber::parse(&text).unwrap(), number);
    }
    assert_eq!((number.hall().get(), number.window().get()), (1, 3));
    assert_eq!((number.date(), number.sequence()), (date(2026, 11, 21), 42));
}

#[test]
fn an_error_tells_length_character_and_check_digit_apart() {
    let right = number(1).unwrap().to_string();
    let error = |text: &str| CaseNumber::parse(text).unwrap_err();
    assert_eq!(error(&right[..15]), E::Length { expected: 16, found: 15 });
    assert_eq!(error(&format!("{right}0")), E::Length { expected: 16, found: 17 });
    assert_eq!(error("0001-261l21-03-001-0"), E::Character { position: 9, found: 'l' });
    let expected = number(1).unwrap().check_digit();
    let found = (expected + 1) % 10;
    assert_eq!(error(&format!("{}{found}", &right[..15])), E::CheckDigit { expected, found });
}

#[test]
fn the_parts_of_a_case_number_keep_their_ranges() {
    let range = |part, min, max, found| E::Range { part, min, max, found };
    assert_eq!(number(0), Err(range(NumberPart::Sequence, 1, 999, 0)));
    assert_eq!(number(1000), Err(range(NumberPart::Sequence, 1, 999, 1000)));
    assert_eq!(HallNumber::new(0), Err(range(NumberPart::Hall, 1, 9999, 0)));
    assert_eq!(HallNumber::new(10_000), Err(range(NumberPart::Hall, 1, 9999, 10_000)));
    assert_eq!(WindowNumber::new(0), Err(range(NumberPart::Window, 1, 99, 0)));
    assert_eq!(WindowNumber::new(100), Err(range(NumberPart::Window, 1, 99, 100)));
    let hall = HallNumber::new(1).unwrap();
    let early = CaseNumber::new(hall, date(1999, 12, 31), WindowNumber::new(1).unwrap(), 1);
    assert_eq!(early, Err(range(NumberPart::Year, 2000, 2099, 1999)));
}

#[test]
fn halls_and_windows_are_read_as_they_are_shown() {
    let (hall, window) = (HallNumber::new(7).unwrap(), WindowNumber::new(7).unwrap());
    assert_eq!(HallNumber::parse(&hall.to_string()), Ok(hall));
    assert_eq!(WindowNumber::parse(&window.to_string()), Ok(window));
    assert_eq!(HallNumber::parse("7"), Err(E::Length { expected: 4, found: 1 }));
    assert_eq!(WindowNumber::parse("0x"), Err(E::Character { position: 2, found: 'x' }));
    assert!(WindowNumber::parse("00").is_err());
}

#[test]
fn a_case_number_with_a_date_that_never_was_is_refused() {
    let refused = (0..10).map(|check| CaseNumber::parse(&format!("000126023003001{check}")));
    let no_date = refused.filter(|read| read == &Err(E::Date)).count();
    assert_eq!(no_date, 1, "the one with the right check digit");
}

#[test]
fn the_implementation_codes_of_real_authorities_are_read() {
    for text in
        ["11371302MB2861293F4000117129007", "12441500196720244T3442199806003", "11440100696927671X3442011817001"]
    {
        let code = ImplementationCode::parse(text).unwrap();
        assert_eq!(code.to_string(), text);
        let again = ImplementationCode::new(code.authority().clone(), code.level(), code.basic().clone());
        assert_eq!(again.unwrap(), code);
    }
}

#[test]
fn an_implementation_code_is_refused_with_its_reason() {
    let error = |text: &str| ImplementationCode::parse(text).unwrap_err();
    assert_eq!(error("11371302MB2861293F400011712900"), E::Length { expected: 31, found: 30 });
    assert!(matches!(error("11371302MB2861293E4000117129007"), E::Authority(_)));
    assert_eq!(error("11371302MB2861293F400011712900X"), E::Character { position: 31, found: 'X' });
    assert_eq!(error("11371302MB2861293FA000117129007"), E::Character { position: 19, found: 'A' });
    let level = E::Range { part: NumberPart::Level, min: 1, max: 7, found: 9 };
    assert_eq!(error("11371302MB2861293F9000117129007"), level);
    assert_eq!(BasicCode::parse("00013112700y").unwrap().as_str(), "00013112700Y");
    assert_eq!(BasicCode::parse("Y00131127000").unwrap_err(), E::Character { position: 1, found: 'Y' });
}

#[test]
fn an_official_number_is_the_item_the_day_and_a_sequence() {
    let text = "12441500196720244T3442199806003202206230068";
    let official = OfficialNumber::parse(text).unwrap();
    assert_eq!(official.to_string(), text);
    assert_eq!((official.date(), official.sequence()), (date(2022, 6, 23), 68));
    assert_eq!(OfficialNumber::new(official.item().clone(), date(2022, 6, 23), 68).unwrap(), official);

    let error = |text: &str| OfficialNumber::parse(text).unwrap_err();
    assert_eq!(error(&text[..42]), E::Length { expected: 43, found: 42 });
    assert_eq!(error(&text.replace("20220623", "20220631")), E::Date);
    assert_eq!(error(&text.replace("0068", "OO68")), E::Character { position: 40, found: 'O' });
    let sequence = E::Range { part: NumberPart::Sequence, min: 1, max: 9999, found: 0 };
    assert_eq!(error(&text.replace("0068", "0000")), sequence);
}

#[test]
fn a_paper_number_is_written_as_the_standard_for_official_papers_wants_it() {
    let paper = PaperNumber::new("云审受", 2026, 12).unwrap();
    assert_eq!(paper.to_string(), "云审受〔2026〕12号");
    for typed in ["云审受〔2026〕12号", "云审受[2026]12号", "云审受（２０２６）１２号", "云审受 〔2026〕 012 号"]
    {
        assert_eq!(PaperNumber::parse(typed).unwrap(), paper, "{typed}");
    }
    for typed in ["", "云审受2026-12号", "云审受〔26〕12号", "〔2026〕12号", "云审受〔2026〕12", "云审受〔2026〕第12号"]
    {
        assert_eq!(PaperNumber::parse(typed), Err(E::PaperNumber), "{typed}");
    }
    let none = E::Range { part: NumberPart::Sequence, min: 1, max: PaperNumber::LAST_SEQUENCE, found: 0 };
    assert_eq!(PaperNumber::new("云审受", 2026, 0), Err(none));
}

prop_compose! {
    fn case_numbers()(hall in 1..10_000u16, days in 0..36_500i64, window in 1..100u8, sequence in 1..1000u16) -> CaseNumber {
        let date = date(2000, 1, 1) + jiff::Span::new().days(days);
        let (hall, window) = (HallNumber::new(hall).unwrap(), WindowNumber::new(window).unwrap());
        CaseNumber::new(hall, date, window, sequence).unwrap()
    }
}

proptest! {
    #[test]
    fn what_is_printed_can_be_read_again(number in case_numbers()) {
        prop_assert_eq!(CaseNumber::parse(&number.to_string()).unwrap(), number);
        prop_assert_eq!(CaseNumber::parse(&number.spoken()).unwrap(), number);
    }

    #[test]
    fn every_wrong_digit_is_found(number in case_numbers(), place in 0..16usize, add in 1..10u8) {
        let mut digits = number.to_string().into_bytes();
        digits[place] = b'0' + (digits[place] - b'0' + add) % 10;
        let read = CaseNumber::parse(&String::from_utf8(digits).unwrap());
        let found = matches!(read, Err(E::CheckDigit { .. }));
        prop_assert!(found);
    }

    #[test]
    fn every_exchange_of_neighbours_is_found(number in case_numbers(), place in 0..15usize) {
        let mut digits = number.to_string().into_bytes();
        let same = digits[place] == digits[place + 1];
        digits.swap(place, place + 1);
        let read = CaseNumber::parse(&String::from_utf8(digits).unwrap());
        prop_assert_eq!(matches!(read, Err(E::CheckDigit { .. })), !same);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "([0-9AY〔〕号-]|\\PC){0,45}") {
        let _ = (CaseNumber::parse(&text), OfficialNumber::parse(&text), PaperNumber::parse(&text));
        let _ = (ImplementationCode::parse(&text), BasicCode::parse(&text), CreditCode::parse(&text));
    }
}
