//! Numbers of cases, items and papers: what is printed, scanned, said aloud and typed again.

use std::fmt;

use jiff::civil::Date;

use crate::identity::{CreditCode, IdentityError};

/// Why a number is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Too short or too long.
    #[error("{expected} characters are needed, not {found}")]
    Length {
        /// How many characters such a number has.
        expected: usize,
        /// How many were given, separators not counted.
        found: usize,
    },
    /// A character that such a number does not have at this place.
    #[error("“{found}” cannot stand at position {position}")]
    Character {
        /// The place in the text as given, from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// The check digit does not fit: a digit is wrong or two were exchanged.
    #[error("the check digit is {found} where {expected} belongs")]
    CheckDigit {
        /// What the other digits ask for.
        expected: u8,
        /// What was given.
        found: u8,
    },
    /// The digits of the date name no day.
    #[error("the number contains a date that does not exist")]
    Date,
    /// A part lies outside its range.
    #[error("the {part} has to be from {min} to {max}, not {found}")]
    Range {
        /// Which part.
        part: NumberPart,
        /// The smallest value.
        min: u32,
        /// The greatest value.
        max: u32,
        /// The value given.
        found: u32,
    },
    /// The authority's credit code within the number is wrong.
    #[error("the authority's credit code in the number is wrong")]
    Authority(#[source] IdentityError),
    /// A paper number without its prefix, its 〔year〕 or its 号.
    #[error("a paper number reads like 云审受〔2026〕12号")]
    PaperNumber,
}

/// A part of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberPart {
    /// The hall (大厅).
    Hall,
    /// The window (窗口).
    Window,
    /// The sequence within window and day, or within the day or the year (流水号).
    Sequence,
    /// The year.
    Year,
    /// The level of the authority (行使层级).
    Level,
}

impl fmt::Display for NumberPart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Hall => "hall",
            Self::Window => "window",
            Self::Sequence => "sequence",
            Self::Year => "year",
            Self::Level => "level",
        })
    }
}

/// The number of a hall within its city or province: 0001 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HallNumber(u16);

impl HallNumber {
    /// A number from 1 to 9999.
    ///
    /// # Errors
    /// [`NumberError::Range`].
    pub fn new(number: u16) -> Result<Self, NumberError> {
        in_range(NumberPart::Hall, number.into(), 1, 9999).map(|()| Self(number))
    }

    /// The plain number.
    pub fn get(self) -> u16 {
        self.0
    }

    /// Reads a number as it is displayed: exactly 4 digits.
    ///
    /// # Errors
    /// [`NumberError::Length`], [`NumberError::Character`] or [`NumberError::Range`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let digits: [u8; 4] = exactly(half_width(text))?;
        Self::new(value(&digits))
    }
}

impl fmt::Display for HallNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}", self.0)
    }
}

/// The number of a window in its hall: 01 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowNumber(u8);

impl WindowNumber {
    /// A number from 1 to 99.
    ///
    /// # Errors
    /// [`NumberError::Range`].
    pub fn new(number: u8) -> Result<Self, NumberError> {
        in_range(NumberPart::Window, number.into(), 1, 99).map(|()| Self(number))
    }

    /// The plain number.
    pub fn get(self) -> u8 {
        self.0
    }

    /// Reads a number as it is displayed: exactly 2 digits.
    ///
    /// # Errors
    /// [`NumberError::Length`], [`NumberError::Character`] or [`NumberError::Range`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let digits: [u8; 2] = exactly(half_width(text))?;
        Self::new(value(&digits) as u8)
    }
}

impl fmt::Display for WindowNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}", self.0)
    }
}

/// The short number of a case (办件短号): 16 digits, easy to print as Code 128 and to say aloud.
///
/// Hall 4, date 6 (YYMMDD, from 2000 to 2099), window 2, sequence 3, and a check digit after Damm, which finds every
/// wrong digit and every exchange of two neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber {
    hall: HallNumber,
    date: Date,
    window: WindowNumber,
    sequence: u16,
}

impl CaseNumber {
    /// How many digits a case number has.
    pub const LENGTH: usize = 16;
    /// The last sequence number of a window on one day.
    pub const LAST_SEQUENCE: u16 = 999;

    /// The number of the `sequence`-th case, from 1 to 999, that a window took on a day.
    ///
    /// # Errors
    /// [`NumberError::Range`] for the sequence or the year.
    pub fn new(hall: HallNumber, date: Date, window: WindowNumber, sequence: u16) -> Result<Self, NumberError> {
        let last = u32::from(Self::LAST_SEQUENCE);
        in_range(NumberPart::Sequence, sequence.into(), 1, last)?;
        in_range(NumberPart::Year, year_of(date), 2000, 2099)?;
        Ok(Self { hall, date, window, sequence })
    }

    /// Reads a number as printed, said or typed: spaces and hyphens between the digits are skipped, and the wide digits
    /// of Chinese input methods are understood.
    ///
    /// # Errors
    /// [`NumberError::Character`], [`NumberError::Length`] and [`NumberError::CheckDigit`], in this order; then what is
    /// wrong with a part.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let typed = half_width(text).filter(|(_, character)| !matches!(character, ' ' | '-'));
        let digits: [u8; Self::LENGTH] = exactly(typed)?;

        let found = digits[15];
        let expected = damm(&digits[..15]);
        if found != expected {
            return Err(NumberError::CheckDigit { expected, found });
        }
        let hall = HallNumber::new(value(&digits[..4]))?;
        let date = date_of(2000 + value(&digits[4..6]), &digits[6..10])?;
        let window = WindowNumber::new(value(&digits[10..12]) as u8)?;
        Self::new(hall, date, window, value(&digits[12..15]))
    }

    /// The hall that took the case.
    pub fn hall(self) -> HallNumber {
        self.hall
    }

    /// The day on which it was taken, in the hall's zone.
    pub fn date(self) -> Date {
        self.date
    }

    /// The window that took it.
    pub fn window(self) -> WindowNumber {
        self.window
    }

    /// The place among the window's cases of that day, from 1 to 999.
    pub fn sequence(self) -> u16 {
        self.sequence
    }

    /// The last digit.
    pub fn check_digit(self) -> u8 {
        let digits: Vec<u8> = self.body().bytes().map(|digit| digit - b'0').collect();
        damm(&digits)
    }

    /// The number in groups, as it is said aloud: `0001-261121-03-001-7`.
    pub fn spoken(self) -> String {
        let digits = self.to_string();
        let (hall, date) = (&digits[..4], &digits[4..10]);
        let (window, sequence, check) = (&digits[10..12], &digits[12..15], &digits[15..]);
        format!("{hall}-{date}-{window}-{sequence}-{check}")
    }

    fn body(self) -> String {
        let Self { hall, date, window, sequence } = self;
        let day = date.strftime("%y%m%d");
        format!("{hall}{day}{window}{sequence:03}")
    }
}

/// All 16 digits, without separators.
impl fmt::Display for CaseNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.body(), self.check_digit())
    }
}

impl std::str::FromStr for CaseNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

/// The check digit after Damm: the totally anti-symmetric quasigroup of order 10 from H. M. Damm's dissertation (2004).
fn damm(digits: &[u8]) -> u8 {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    digits.iter().fold(0, |interim, &digit| TABLE[usize::from(interim)][usize::from(digit)])
}

/// The implementation code of an item at one authority (实施编码): 31 characters.
///
/// The authority's credit code 18, the level of the authority 1 (GB/T 39046-2020 A.2: 1 nation to 7 graded) and the basic
/// code of the item 12. GB/T 39046 still allows 24 characters only; practice has 31.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImplementationCode {
    authority: CreditCode,
    level: u8,
    basic: BasicCode,
}

impl ImplementationCode {
    /// How many characters an implementation code has.
    pub const LENGTH: usize = 31;

    /// The code of the item `basic` at an authority of a level from 1 to 7.
    ///
    /// # Errors
    /// [`NumberError::Range`] for the level.
    pub fn new(authority: CreditCode, level: u8, basic: BasicCode) -> Result<Self, NumberError> {
        in_range(NumberPart::Level, level.into(), 1, 7)?;
        Ok(Self { authority, level, basic })
    }

    /// Reads the 31 characters.
    ///
    /// # Errors
    /// [`NumberError::Length`], [`NumberError::Authority`], or what is wrong with level and basic code.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let text = compact(text, Self::LENGTH)?;
        let authority = CreditCode::parse(&text[..18]).map_err(NumberError::Authority)?;
        let level = text.as_bytes()[18];
        if !level.is_ascii_digit() {
            let (position, found) = (19, level.into());
            return Err(NumberError::Character { position, found });
        }
        let basic = BasicCode::parse(&text[19..]).map_err(|error| shifted(error, 19))?;
        Self::new(authority, level - b'0', basic)
    }

    /// The authority (实施主体).
    pub fn authority(&self) -> &CreditCode {
        &self.authority
    }

    /// The level of the authority (行使层级), from 1 to 7.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// The item, whichever authority handles it.
    pub fn basic(&self) -> &BasicCode {
        &self.basic
    }
}

impl fmt::Display for ImplementationCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}{}", self.authority.as_str(), self.level, self.basic)
    }
}

impl std::str::FromStr for ImplementationCode {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

/// The basic code of an item (基本编码): 12 characters.
///
/// Region 2 (00 nation-wide), kind of item 2, department 2, main item 3, sub-item 3: digits, and at the end a Y for a main
/// item that has sub-items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BasicCode(String);

impl BasicCode {
    /// How many characters a basic code has.
    pub const LENGTH: usize = 12;

    /// Reads the 12 characters.
    ///
    /// # Errors
    /// [`NumberError::Length`] or [`NumberError::Character`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let text = compact(text, Self::LENGTH)?;
        let fits =
            |position, character: char| character.is_ascii_digit() || (position == Self::LENGTH && character == 'Y');
        match (1..).zip(text.chars()).find(|&(position, character)| !fits(position, character)) {
            Some((position, found)) => Err(NumberError::Character { position, found }),
            None => Ok(Self(text)),
        }
    }

    /// The 12 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BasicCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The official number of a case (办件编号): 43 characters.
///
/// Implementation code 31, date 8 (YYYYMMDD) and a sequence of 4 within item and day, as in Guangdong's practice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficialNumber {
    item: ImplementationCode,
    date: Date,
    sequence: u16,
}

impl OfficialNumber {
    /// How many characters an official number has.
    pub const LENGTH: usize = 43;
    /// The last sequence number of an item on one day.
    pub const LAST_SEQUENCE: u16 = 9999;

    /// The number of the `sequence`-th case, from 1 to 9999, of an item on a day.
    ///
    /// # Errors
    /// [`NumberError::Range`] for the sequence or the year.
    pub fn new(item: ImplementationCode, date: Date, sequence: u16) -> Result<Self, NumberError> {
        let last = u32::from(Self::LAST_SEQUENCE);
        in_range(NumberPart::Sequence, sequence.into(), 1, last)?;
        in_range(NumberPart::Year, year_of(date), 2000, 9999)?;
        Ok(Self { item, date, sequence })
    }

    /// Reads the 43 characters.
    ///
    /// # Errors
    /// [`NumberError::Length`], [`NumberError::Character`], [`NumberError::Date`], or what is wrong with a part.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let text = compact(text, Self::LENGTH)?;
        let (item, tail) = text.split_at(ImplementationCode::LENGTH);
        let item = ImplementationCode::parse(item)?;
        let tail = (ImplementationCode::LENGTH + 1..).zip(tail.chars());
        let digits: [u8; 12] = exactly(tail)?;
        let date = date_of(value(&digits[..4]), &digits[4..8])?;
        Self::new(item, date, value(&digits[8..]))
    }

    /// The item at its authority.
    pub fn item(&self) -> &ImplementationCode {
        &self.item
    }

    /// The day on which the number was given.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The place among the item's cases of that day, from 1 to 9999.
    pub fn sequence(&self) -> u16 {
        self.sequence
    }
}

impl fmt::Display for OfficialNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.date.strftime("%Y%m%d");
        write!(out, "{}{day}{:04}", self.item, self.sequence)
    }
}

impl std::str::FromStr for OfficialNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

/// The number of a paper (文号): 机关代字 + 〔year〕 + sequence + 号, such as 云审受〔2026〕12号.
///
/// The year has four digits and stands in tortoise-shell brackets; the sequence has no leading zeros (GB/T 9704-2012,
/// 7.2.5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaperNumber {
    prefix: String,
    year: i16,
    sequence: u32,
}

impl PaperNumber {
    /// The last sequence number of a prefix in one year.
    pub const LAST_SEQUENCE: u32 = 9_999_999;

    /// The number of the `sequence`-th paper, from 1 on, under a prefix in a year.
    ///
    /// # Errors
    /// [`NumberError::PaperNumber`] for a prefix that is empty or has more than letters and Han in it;
    /// [`NumberError::Range`] for year and sequence.
    pub fn new(prefix: &str, year: i16, sequence: u32) -> Result<Self, NumberError> {
        if prefix.is_empty() || !prefix.chars().all(char::is_alphabetic) {
            return Err(NumberError::PaperNumber);
        }
        in_range(NumberPart::Year, year.max(0) as u32, 1949, 9999)?;
        in_range(NumberPart::Sequence, sequence, 1, Self::LAST_SEQUENCE)?;
        Ok(Self { prefix: prefix.to_owned(), year, sequence })
    }

    /// Reads a number as printed or typed: blanks are skipped, and `[]`, `()`, `［］` and `（）` are taken for 〔〕.
    ///
    /// # Errors
    /// [`NumberError::PaperNumber`], or what is wrong with a part.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let text: String =
            half_width(text).map(|(_, character)| character).filter(|character| !character.is_whitespace()).collect();
        let (prefix, rest) = text.split_once(['〔', '[', '(', '﹝']).ok_or(NumberError::PaperNumber)?;
        let (year, rest) = rest.split_once(['〕', ']', ')', '﹞']).ok_or(NumberError::PaperNumber)?;
        let sequence = rest.strip_suffix('号').ok_or(NumberError::PaperNumber)?;
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || !all_digits(year) || !all_digits(sequence) {
            return Err(NumberError::PaperNumber);
        }
        let year = year.parse().map_err(|_| NumberError::PaperNumber)?;
        let sequence = sequence.parse().map_err(|_| NumberError::PaperNumber)?;
        Self::new(prefix, year, sequence)
    }

    /// The short name of the authority and the kind of paper (机关代字).
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The year within which papers are counted.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The place among the papers of that prefix and year, from 1 on.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }
}

impl fmt::Display for PaperNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}〔{}〕{}号", self.prefix, self.year, self.sequence)
    }
}

impl std::str::FromStr for PaperNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

/// The characters of a text with their places from 1, wide forms (１２Ａ) turned into plain ones.
pub(crate) fn half_width(text: &str) -> impl Iterator<Item = (usize, char)> {
    (1..).zip(text.chars().map(|character| match character {
        '\u{3000}' => ' ',
        wide @ '\u{FF01}'..='\u{FF5E}' => char::from((wide as u32 - 0xFF01 + 0x21) as u8),
        plain => plain,
    }))
}

/// The ASCII text of a code in capitals, without blanks around it, if it has the expected length.
fn compact(text: &str, expected: usize) -> Result<String, NumberError> {
    let text: String = half_width(text.trim()).map(|(_, character)| character.to_ascii_uppercase()).collect();
    let found = text.chars().count();
    if found != expected {
        return Err(NumberError::Length { expected, found });
    }
    let odd = |&(_, character): &(usize, char)| !character.is_ascii_alphanumeric();
    if let Some((position, found)) = (1..).zip(text.chars()).find(odd) {
        return Err(NumberError::Character { position, found });
    }
    Ok(text)
}

fn shifted(error: NumberError, by: usize) -> NumberError {
    match error {
        NumberError::Character { position, found } => NumberError::Character { position: position + by, found },
        other => other,
    }
}

fn in_range(part: NumberPart, found: u32, min: u32, max: u32) -> Result<(), NumberError> {
    if (min..=max).contains(&found) { Ok(()) } else { Err(NumberError::Range { part, min, max, found }) }
}

/// The digits that these characters, with their places, write.
fn exactly<const N: usize>(characters: impl Iterator<Item = (usize, char)>) -> Result<[u8; N], NumberError> {
    let digits: Vec<u8> = characters
        .map(|(position, found)| match found.to_digit(10) {
            Some(digit) => Ok(digit as u8),
            None => Err(NumberError::Character { position, found }),
        })
        .collect::<Result<_, _>>()?;
    digits.try_into().map_err(|digits: Vec<u8>| NumberError::Length { expected: N, found: digits.len() })
}

/// The number written by at most four digits.
fn value(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |value, &digit| value * 10 + u16::from(digit))
}

fn date_of(year: u16, month_and_day: &[u8]) -> Result<Date, NumberError> {
    let (month, day) = (value(&month_and_day[..2]), value(&month_and_day[2..]));
    Date::new(year as i16, month as i8, day as i8).map_err(|_| NumberError::Date)
}

fn year_of(date: Date) -> u32 {
    date.year().max(0) as u32
}
