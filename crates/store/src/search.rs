//! Finding streams by a part of a name, newest first.
//!
//! Every one and every two characters of a folded text are rows of `gram`, clustered by gram and stream. A text of one or
//! two characters is one range of them. A longer one takes its two rarest pairs, and what has both is compared as a whole.

use crate::sql::run;
use crate::{Engine, StoreError, Tx};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Longest text that is looked for: what is behind does not make it rarer.
const LONGEST: usize = 32;

/// The form of a text in which it is looked for: no spaces, small letters, full-width signs as ASCII.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(narrow).filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase).collect()
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{b7}' | '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{ff65}' => '\u{b7}',
        _ => c,
    }
}

/// The grams under which a folded text is found.
fn grams(folded: &str) -> BTreeSet<String> {
    let chars: Vec<char> = folded.chars().collect();
    chars.iter().map(char::to_string).chain(pairs(&chars)).collect()
}

fn pairs(chars: &[char]) -> impl Iterator<Item = String> {
    chars.windows(2).map(|pair| pair.iter().collect())
}

/// How a text is looked for.
pub(crate) enum Sought {
    /// Nobody has it.
    Nothing,
    /// As one gram.
    Gram(String),
    /// Among what has both pairs, as a whole.
    Text { rarest: String, second: String, whole: String },
}

/// The rows of `gram` with one gram, `a`: `$1` the office, `$2` the gram, `$3` the id they are older than.
macro_rules! has_gram_from {
    () => {
        " FROM gram AS a"
    };
}

macro_rules! has_gram_where {
    () => {
        " WHERE a.office_id = $1 AND a.gram = $2 AND a.stream_id < $3"
    };
}

/// The rows of `gram`, `a`, of what has a text: `$1` the office, `$2` and `$3` its two rarest pairs, `$4` the id they are older
/// than, `$5` the text. `replace` is the one way to look for a part that both databases have and that knows no wildcards.
macro_rules! has_text_from {
    () => {
        " FROM gram AS a
          JOIN gram AS b ON b.office_id = a.office_id AND b.gram = $3 AND b.stream_id = a.stream_id"
    };
}

macro_rules! has_text_where {
    () => {
        " WHERE a.office_id = $1 AND a.gram = $2 AND a.stream_id < $4
            AND EXISTS (SELECT 1 FROM searchable AS s
                         WHERE s.office_id = a.office_id AND s.stream_id = a.stream_id
                           AND replace(s.folded, $5, '') <> s.folded)"
    };
}

pub(crate) use {has_gram_from, has_gram_where, has_text_from, has_text_where};

impl Tx {
    /// Lets a stream be found by a text. `field` tells its texts apart; the same field again replaces its text.
    pub async fn index_name(&mut self, stream: Uuid, field: &str, text: &str) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO searchable (office_id, stream_id, field, folded)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING";
        let folded = fold(text);
        if run!(self.execute(SQL, self.office, stream, field, folded.as_str()))? == 1 {
            return self.insert_grams(stream, &grams(&folded)).await;
        }
        self.replace_text(stream, field, &folded).await
    }

    /// Forgets all texts of a stream.
    pub async fn forget_names(&mut self, stream: Uuid) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM searchable
             WHERE office_id = $1 AND stream_id = $2";
        let before = self.all_grams(stream).await?;
        run!(self.execute(SQL, self.office, stream))?;
        self.delete_grams(stream, before).await
    }

    /// How a text is looked for.
    pub(crate) async fn sought(&mut self, text: &str) -> Result<Sought, StoreError> {
        let whole = fold(text);
        let chars: Vec<char> = whole.chars().collect();
        match chars.len() {
            0 => return Ok(Sought::Nothing),
            1 | 2 => return Ok(Sought::Gram(whole)),
            _ => {}
        }
        let mut by_rarity = Vec::new();
        for pair in pairs(&chars[..chars.len().min(LONGEST)]).collect::<BTreeSet<_>>() {
            let count = self.rarity(&pair).await?;
            if count == 0 {
                return Ok(Sought::Nothing);
            }
            by_rarity.push((count, pair));
        }
        by_rarity.sort();
        let mut pairs = by_rarity.into_iter().map(|(_, pair)| pair);
        let Some(rarest) = pairs.next() else { return Ok(Sought::Nothing) };
        let second = pairs.next().unwrap_or_else(|| rarest.clone());
        Ok(Sought::Text { rarest, second, whole })
    }

    /// How many streams have a gram, as far as it matters.
    async fn rarity(&mut self, gram: &str) -> Result<i64, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) FROM (
                SELECT 1 FROM gram
                 WHERE office_id = $1 AND gram = $2
                 LIMIT 5000) AS probe";
        let (count,): (i64,) = run!(self.fetch_one(SQL, self.office, gram))?;
        Ok(count)
    }

    async fn replace_text(&mut self, stream: Uuid, field: &str, folded: &str) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE searchable SET folded = $4
             WHERE office_id = $1 AND stream_id = $2 AND field = $3";
        let before = self.all_grams(stream).await?;
        run!(self.execute(SQL, self.office, stream, field, folded))?;
        let after = self.all_grams(stream).await?;
        self.delete_grams(stream, before.difference(&after).cloned()).await?;
        self.insert_grams(stream, &after).await
    }

    async fn all_grams(&mut self, stream: Uuid) -> Result<BTreeSet<String>, StoreError> {
        const SQL: &str = "
            SELECT folded FROM searchable
             WHERE office_id = $1 AND stream_id = $2";
        let texts: Vec<(String,)> = run!(self.fetch_all(SQL, self.office, stream))?;
        Ok(texts.iter().flat_map(|(folded,)| grams(folded)).collect())
    }

    async fn delete_grams(&mut self, stream: Uuid, grams: impl IntoIterator<Item = String>) -> Result<(), StoreError> {
        const SQL: &str = "
            DELETE FROM gram
             WHERE office_id = $1 AND gram = $2 AND stream_id = $3";
        for gram in grams {
            run!(self.execute(SQL, self.office, gram, stream))?;
        }
        Ok(())
    }

    /// Many rows in one statement: the one thing the two databases have no common words for.
    async fn insert_grams(&mut self, stream: Uuid, grams: &BTreeSet<String>) -> Result<(), StoreError> {
        const SQLITE: &str = "
            INSERT INTO gram (office_id, gram, stream_id)
            SELECT $1, value, $2 FROM json_each($3) WHERE true
            ON CONFLICT DO NOTHING";
        const POSTGRES: &str = "
            INSERT INTO gram (office_id, gram, stream_id)
            SELECT $1, value, $2 FROM json_array_elements_text($3::json) AS value
            ON CONFLICT DO NOTHING";
        let sql = match self.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let list = serde_json::Value::from_iter(grams.iter().map(String::as_str)).to_string();
        run!(self.execute(sql, self.office, stream, list))?;
        Ok(())
    }
}
