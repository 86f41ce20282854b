//! Prints `citizen|credit NUMBER 1|0` for a fixed set of right and wrong numbers, 1 for one that this crate accepts.
//! `tests/judges/compare` holds this against independent implementations.

use std::error::Error;
use std::io::Write;

use jiff::Span;
use jiff::civil::date;
use yichuang_domain::identity::{CitizenId, CreditCode, IdentityError};

const NUMBERS: u64 = 400;

/// Counties that exist, one that was abolished, and the prefixes of residents from Hong Kong, Macao and Taiwan.
const DIVISIONS: [&str; 12] = [
    "110105", "120101", "310115", "340104", "440305", "510107", "650102", "371302", "110103", "810000", "820000",
    "830000",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let mut dice = Dice(20_261_121);
    for n in 0..NUMBERS {
        let number = spoiled(citizen(&mut dice), n % 8, &mut dice);
        writeln!(out, "citizen {number} {}", u8::from(read_citizen(&number).is_ok()))?;
        let number = spoiled(credit(&mut dice), n % 8, &mut dice);
        writeln!(out, "credit {number} {}", u8::from(CreditCode::parse(&number).is_ok()))?;
    }
    Ok(())
}

fn read_citizen(number: &str) -> Result<CitizenId, IdentityError> {
    CitizenId::parse(number, date(2026, 11, 21))
}

fn citizen(dice: &mut Dice) -> String {
    let division = DIVISIONS[dice.below(12) as usize];
    let born = date(1930, 1, 1) + Span::new().days(dice.below(32_000) as i64);
    let sequence = 1 + dice.below(999);
    let body = format!("{division}{}{sequence:03}", born.strftime("%Y%m%d"));
    completed(&body, |number| read_citizen(number).err())
}

fn credit(dice: &mut Dice) -> String {
    const PREFIXES: [&str; 8] = ["11", "12", "51", "91", "92", "93", "A1", "N2"];
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let prefix = PREFIXES[dice.below(8) as usize];
    let division = DIVISIONS[dice.below(8) as usize];
    let tail = (0..9).map(|_| char::from(CHARACTERS[dice.below(31) as usize]));
    let body = format!("{prefix}{division}{}", tail.collect::<String>());
    completed(&body, |code| CreditCode::parse(code).err())
}

/// The body with the check character that the reader asks for. The judges say whether it is the right one.
fn completed(body: &str, error: impl Fn(&str) -> Option<IdentityError>) -> String {
    match error(&format!("{body}0")) {
        Some(IdentityError::CheckCharacter { expected, .. }) => format!("{body}{expected}"),
        _ => format!("{body}0"),
    }
}

/// Half of the numbers stay as they are; the others are damaged in four ways, which may leave a right one.
fn spoiled(number: String, how: u64, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = number.chars().collect();
    let place = dice.below(17) as usize;
    match how {
        0 => characters[place] = char::from(b'0' + dice.below(10) as u8),
        1 => characters.swap(place, place + 1),
        2 => characters[17] = char::from(b'0' + dice.below(10) as u8),
        3 => drop(characters.remove(place)),
        _ => {}
    }
    characters.into_iter().collect()
}

/// Numbers that are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}
