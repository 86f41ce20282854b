//! Identity numbers of people and organisations, and telephone numbers.
//!
//! They are personal: `Debug` shows the masked form only, and errors never contain the number. What cannot be decided
//! without a table that ages, such as abolished counties, warns and does not block.

use std::fmt;

use jiff::civil::Date;

use crate::number::half_width;

/// Why a text is no such number. No variant contains more than one character of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Too short or too long.
    #[error("{expected} characters are needed, not {found}")]
    Length {
        /// How many characters such a number has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A character that such a number does not have at this place.
    #[error("“{found}” cannot stand at position {position}")]
    Character {
        /// The place in the text, from 1, blanks around it dropped.
        position: usize,
        /// The character.
        found: char,
    },
    /// The birth date in a citizen's number does not exist.
    #[error("the birth date in the number does not exist")]
    NoSuchBirthDate,
    /// The birth date in a citizen's number is still to come.
    #[error("the birth date in the number lies in the future")]
    BirthInFuture,
    /// The last character does not fit: a character is wrong or two were exchanged.
    #[error("the check character is {found} where {expected} belongs")]
    CheckCharacter {
        /// What the other characters ask for.
        expected: char,
        /// What was given.
        found: char,
    },
    /// A telephone number that begins neither like a mobile number (13 to 19) nor with an area code.
    #[error("the number begins neither like a mobile number nor with an area code")]
    Prefix,
    /// The part after the area code does not have the 7 or 8 digits of a local number, or begins with 0 or 1.
    #[error("what follows the area code is no local number")]
    LocalNumber,
}

impl IdentityError {
    /// The short name on which callers act.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "wrong-length",
            Self::Character { .. } => "wrong-character",
            Self::NoSuchBirthDate => "no-such-birth-date",
            Self::BirthInFuture => "birth-in-future",
            Self::CheckCharacter { .. } => "wrong-check-character",
            Self::Prefix => "wrong-prefix",
            Self::LocalNumber => "wrong-local-number",
        }
    }
}

/// Something unusual that a person has to look at; no reason to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Warning {
    /// The first two digits are no province's.
    UnknownProvince {
        /// The two digits as a number.
        code: u8,
    },
}

/// Provinces (GB/T 2260), with the cards for residents from Hong Kong (81), Macao (82) and Taiwan (83).
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

/// Sex as it is coded in a citizen's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 女: an even sequence.
    Female,
    /// 男: an odd sequence.
    Male,
}

/// A citizen's identity number (公民身份号码, GB 11643-1999): 17 digits and a check character (ISO 7064 MOD 11-2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId {
    number: String,
    birth_date: Date,
}

impl CitizenId {
    /// How many characters such a number has.
    pub const LENGTH: usize = 18;

    /// Reads a number whose bearer is born by `today`. Blanks around it are dropped, a small x and the wide characters of
    /// Chinese input methods are understood.
    ///
    /// # Errors
    /// The first of length, characters, birth date, check character that is wrong.
    pub fn parse(text: &str, today: Date) -> Result<Self, IdentityError> {
        let number = capitals(text, Self::LENGTH, |position, character| {
            character.is_ascii_digit() || (position == Self::LENGTH && character == 'X')
        })?;
        let digits = |range: std::ops::Range<usize>| number[range].parse::<i16>().unwrap_or_default();
        let birth_date = Date::new(digits(6..10), digits(10..12) as i8, digits(12..14) as i8)
            .map_err(|_| IdentityError::NoSuchBirthDate)?;
        if birth_date > today {
            return Err(IdentityError::BirthInFuture);
        }
        check_last(&number, citizen_check)?;
        Ok(Self { number, birth_date })
    }

    /// The whole number, with a capital X.
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// The county-level division of the first registration (行政区划代码), 6 digits; it may be abolished by now.
    pub fn division(&self) -> &str {
        &self.number[..6]
    }

    /// The date of birth.
    pub fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// The sex by the sequence number.
    pub fn sex(&self) -> Sex {
        match self.number.as_bytes()[16] % 2 {
            0 => Sex::Female,
            _ => Sex::Male,
        }
    }

    /// The number with the middle hidden: `3401**********1234`.
    pub fn masked(&self) -> String {
        masked(&self.number)
    }

    /// What a person should look at before relying on the number.
    pub fn warning(&self) -> Option<Warning> {
        unknown_province(self.division())
    }
}

/// A division (行政区划代码), or how those of a whole area begin: 2 to 6 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionPrefix(String);

/// What is no [`DivisionPrefix`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("2 to 6 digits are needed")]
pub struct NoDivision;

impl DivisionPrefix {
    /// Reads the digits.
    ///
    /// # Errors
    /// [`NoDivision`]
    pub fn parse(text: &str) -> Result<Self, NoDivision> {
        let right = (2..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| Self(text.to_owned())).ok_or(NoDivision)
    }

    /// Whether a division lies in it.
    pub fn contains(&self, division: &str) -> bool {
        division.starts_with(&self.0)
    }
}

fn unknown_province(division: &str) -> Option<Warning> {
    let code = division[..2].parse().unwrap_or_default();
    (!PROVINCES.contains(&code)).then_some(Warning::UnknownProvince { code })
}

/// The check character of the first 17 digits.
fn citizen_check(number: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

/// A unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters without I, O, S, V and Z.
///
/// Registering department 1, kind of body 1, division 6 digits, body 9, check character 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

impl CreditCode {
    /// How many characters such a code has.
    pub const LENGTH: usize = 18;

    /// Reads a code. Blanks around it are dropped; small letters and the wide characters of Chinese input methods are
    /// understood.
    ///
    /// # Errors
    /// The first of length, characters, check character that is wrong.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let code = capitals(text, Self::LENGTH, |position, character| match position {
            3..=8 => character.is_ascii_digit(),
            _ => CREDIT_CHARACTERS.contains(character),
        })?;
        check_last(&code, credit_check)?;
        Ok(Self(code))
    }

    /// The whole code, in capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division of the registering authority (登记管理机关行政区划码), 6 digits.
    pub fn division(&self) -> &str {
        &self.0[2..8]
    }

    /// What a person should look at before relying on the code. Those registered with an authority of the whole country
    /// have 100000 instead of a division.
    pub fn warning(&self) -> Option<Warning> {
        unknown_province(self.division()).filter(|_| self.division() != "100000")
    }

    /// The code with the middle hidden: `9135**********0Y43`.
    pub fn masked(&self) -> String {
        masked(&self.0)
    }
}

const CREDIT_CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The check character of the first 17 characters.
fn credit_check(code: &str) -> char {
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let value = |character| CREDIT_CHARACTERS.find(character).unwrap_or_default();
    let sum: usize = code.chars().zip(WEIGHTS).map(|(character, weight)| value(character) * weight).sum();
    char::from(CREDIT_CHARACTERS.as_bytes()[(31 - sum % 31) % 31])
}

/// A telephone number of the mainland (联系电话): mobile, or landline with its area code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    digits: String,
    /// Digits of the area code; 0 for a mobile number.
    area: usize,
}

impl Phone {
    /// Reads `13812345678`, `+86 138-1234-5678`, `0551-6234 5678` or `(010)62345678`.
    ///
    /// # Errors
    /// [`IdentityError::Character`], [`IdentityError::Prefix`], [`IdentityError::Length`] for a mobile number,
    /// [`IdentityError::LocalNumber`] for a landline.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let mut digits = String::new();
        for (position, found) in half_width(text) {
            match found {
                '0'..='9' => digits.push(found),
                ' ' | '-' | '(' | ')' => {}
                '+' if digits.is_empty() => digits.push(found),
                _ => return Err(IdentityError::Character { position, found }),
            }
        }
        let digits = digits.strip_prefix("+86").unwrap_or(&digits).to_owned();
        match digits.as_bytes() {
            [b'1', b'3'..=b'9', ..] => Self::mobile(digits),
            [b'0', b'1', b'0', ..] | [b'0', b'2', _, ..] => Self::landline(digits, 3),
            [b'0', b'3'..=b'9', _, _, ..] => Self::landline(digits, 4),
            _ => Err(IdentityError::Prefix),
        }
    }

    /// The digits alone.
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// Whether it is a mobile number, which can get short messages.
    pub fn is_mobile(&self) -> bool {
        self.area == 0
    }

    /// The number with the middle hidden: `138****5678`, `0551-****5678`.
    pub fn masked(&self) -> String {
        let last = &self.digits[self.digits.len() - 4..];
        match self.area {
            0 => format!("{}****{last}", &self.digits[..3]),
            area => format!("{}-****{last}", &self.digits[..area]),
        }
    }

    fn mobile(digits: String) -> Result<Self, IdentityError> {
        let (expected, found) = (11, digits.len());
        if found != expected {
            return Err(IdentityError::Length { expected, found });
        }
        Ok(Self { digits, area: 0 })
    }

    fn landline(digits: String, area: usize) -> Result<Self, IdentityError> {
        let local = &digits.as_bytes()[area..];
        let length = if area == 3 { 8..=8 } else { 7..=8 };
        if !length.contains(&local.len()) || matches!(local[0], b'0' | b'1') {
            return Err(IdentityError::LocalNumber);
        }
        Ok(Self { digits, area })
    }
}

/// The whole number; an area code is set off with a hyphen.
impl fmt::Display for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits.split_at(self.area) {
            ("", mobile) => out.write_str(mobile),
            (area, local) => write!(out, "{area}-{local}"),
        }
    }
}

/// The whole number.
impl fmt::Display for CitizenId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.number)
    }
}

/// The whole code.
impl fmt::Display for CreditCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The masked number.
impl fmt::Debug for CitizenId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "CitizenId({})", self.masked())
    }
}

/// The masked code.
impl fmt::Debug for CreditCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "CreditCode({})", self.masked())
    }
}

/// The masked number.
impl fmt::Debug for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Phone({})", self.masked())
    }
}

/// The text in plain capitals without blanks around it, if it has the length and each character fits its place.
fn capitals(text: &str, expected: usize, fits: impl Fn(usize, char) -> bool) -> Result<String, IdentityError> {
    let text = text.trim();
    let found = text.chars().count();
    if found != expected {
        return Err(IdentityError::Length { expected, found });
    }
    half_width(text)
        .map(|(position, found)| match found.to_ascii_uppercase() {
            capital if fits(position, capital) => Ok(capital),
            _ => Err(IdentityError::Character { position, found }),
        })
        .collect()
}

fn check_last(number: &str, check: impl Fn(&str) -> char) -> Result<(), IdentityError> {
    let (body, last) = number.split_at(number.len() - 1);
    let expected = check(body);
    match last.chars().next() {
        Some(found) if found != expected => Err(IdentityError::CheckCharacter { expected, found }),
        _ => Ok(()),
    }
}

/// The first and the last four characters, with stars between.
fn masked(number: &str) -> String {
    let (first, rest) = number.split_at(4);
    let (hidden, last) = rest.split_at(rest.len() - 4);
    format!("{first}{}{last}", "*".repeat(hidden.len()))
}

/// A longer mask would tell how long the name is, and push the rest of a row away.
const MOST_STARS: usize = 4;

/// A person's name with all hidden between the first and, from three characters on, the last: 王*, 欧**明.
pub fn mask_person(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    match characters.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len().min(MOST_STARS))),
    }
}

/// Any identity number with all hidden but the first and the last four characters: 3401**********1234.
pub fn mask_number(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    if characters.len() <= 8 {
        return "*".repeat(characters.len());
    }
    let (head, rest) = characters.split_at(4);
    let (hidden, tail) = rest.split_at(rest.len() - 4);
    head.iter().copied().chain(hidden.iter().map(|_| '*')).chain(tail.iter().copied()).collect()
}

/// A phone number as desks show it: 138****5678. What is no number is hidden whole.
pub fn mask_phone(phone: &str) -> String {
    Phone::parse(phone).map_or_else(|_| "*".repeat(phone.chars().count()), |phone| phone.masked())
}
