//! Who sends: a hall or a department, named by a URN.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// One end of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// `urn:yichuang:hall:<uuid>`.
    Hall(Uuid),
    /// `urn:yichuang:department:<uuid>`.
    Department(Uuid),
}

/// The text names no party.
#[derive(Debug, thiserror::Error)]
#[error("a party is urn:yichuang:hall:<uuid> or urn:yichuang:department:<uuid>")]
pub struct PartyError;

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Party::Hall(id) => write!(f, "urn:yichuang:hall:{id}"),
            Party::Department(id) => write!(f, "urn:yichuang:department:{id}"),
        }
    }
}

impl FromStr for Party {
    type Err = PartyError;

    fn from_str(text: &str) -> Result<Self, PartyError> {
        let (kind, id) = text.strip_prefix("urn:yichuang:").and_then(|rest| rest.split_once(':')).ok_or(PartyError)?;
        // Only the hyphenated form, so that one party has one name.
        let id = Uuid::try_parse(id).ok().filter(|parsed| parsed.to_string() == id).ok_or(PartyError)?;
        match kind {
            "hall" => Ok(Party::Hall(id)),
            "department" => Ok(Party::Department(id)),
            _ => Err(PartyError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_reads_what_it_writes_and_nothing_else() {
        for party in [Party::Hall(Uuid::from_u128(7)), Party::Department(Uuid::from_u128(8))] {
            assert_eq!(party.to_string().parse::<Party>().unwrap(), party);
        }
        for wrong in [
            "",
            "hall",
            "urn:yichuang:hall:",
            "urn:yichuang:hall:7",
            "urn:yichuang:court:00000000-0000-0000-0000-000000000007",
            "urn:yichuang:hall:00000000000000000000000000000007",
            "urn:yichuang:hall:0000000A-0000-0000-0000-000000000007",
        ] {
            assert!(wrong.parse::<Party>().is_err(), "{wrong}");
        }
    }
}
