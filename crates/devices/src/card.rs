//! The resident identity card (居民身份证), as its chip tells it.

use std::fmt;

use domain::identity::{self, CitizenId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the chip of a second-generation card (第二代居民身份证, GA 467) holds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdCard {
    /// 姓名.
    pub name: String,
    /// 性别.
    pub sex: Sex,
    /// 民族, without 族: `汉`.
    pub nation: String,
    /// 出生.
    pub birth_date: Date,
    /// 住址.
    pub address: String,
    /// 公民身份号码.
    pub number: String,
    /// 签发机关.
    pub authority: String,
    /// The first day of 有效期限.
    pub valid_from: Date,
    /// The last day of 有效期限; none means 长期.
    pub valid_until: Option<Date>,
    /// The portrait as JPEG in base64. A bridge whose reader has no decoder for portraits leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// 性别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// What of a card cannot be right, so that it was not read properly. Says nothing of whose card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// The reader says so itself.
    #[error("the reader reports a read error")]
    Reader,
    /// A name, a number, an address or an authority is not there.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// Not 17 digits with their check character, or no date in it.
    #[error("the number fails its check")]
    Number,
    /// The date of birth is not that of the number.
    #[error("the date of birth is not that of the number")]
    BirthDate,
    /// The sex is not that of the number.
    #[error("the sex is not that of the number")]
    Sex,
    /// It ends before it begins.
    #[error("its validity ends before it begins")]
    Validity,
}

impl IdCard {
    /// Holds the fields against each other: a reader that slips on one bit must not fill in an applicant.
    ///
    /// # Errors
    /// The first [`Misread`] that is found.
    pub fn check(&self) -> Result<(), Misread> {
        let texts = [("name", &self.name), ("address", &self.address), ("authority", &self.authority)];
        if let Some((what, _)) = texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(Misread::Missing(what));
        }
        let number = CitizenId::parse(&self.number, Date::MAX).map_err(|_| Misread::Number)?;
        if number.birth_date() != self.birth_date {
            return Err(Misread::BirthDate);
        }
        let sex = match number.sex() {
            identity::Sex::Male => Sex::Male,
            identity::Sex::Female => Sex::Female,
        };
        if sex != self.sex {
            return Err(Misread::Sex);
        }
        if self.valid_until.is_some_and(|until| until < self.valid_from) {
            return Err(Misread::Validity);
        }
        Ok(())
    }
}

impl fmt::Debug for IdCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A log must not say who was read.
        f.write_str("IdCard(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::people;

    #[test]
    fn every_card_of_the_simulator_is_in_order() {
        for card in people() {
            assert_eq!(card.check(), Ok(()), "{}", card.name);
            assert!(card.number.starts_with("990100"), "a division that exists nowhere");
        }
    }

    #[test]
    fn one_wrong_field_is_a_misread() {
        let wrong = |change: fn(&mut IdCard)| {
            let mut card = people().remove(0);
            change(&mut card);
            card.check().unwrap_err()
        };
        assert_eq!(wrong(|card| card.name = " ".into()), Misread::Missing("name"));
        assert_eq!(wrong(|card| card.number = "990100198802140024".into()), Misread::Number);
        assert_eq!(wrong(|card| card.birth_date = jiff::civil::date(1988, 2, 15)), Misread::BirthDate);
        assert_eq!(wrong(|card| card.sex = Sex::Male), Misread::Sex);
        assert_eq!(wrong(|card| card.valid_until = Some(jiff::civil::date(2000, 1, 1))), Misread::Validity);
    }

    #[test]
    fn a_log_does_not_say_who_was_read() {
        assert_eq!(format!("{:?}", people()[0]), "IdCard(..)");
    }
}
