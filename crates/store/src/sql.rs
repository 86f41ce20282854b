//! One statement, two drivers.
//!
//! `run!(self.fetch_all(SQL, bind, bind))` runs a statement on whichever database the write is open on. There are
//! `execute` (the number of rows changed), `fetch_all`, `fetch_one` and `fetch_optional` (rows as any `FromRow`).
//! A failed statement is remembered in the `Tx`, so that the write is not committed, and is perhaps run again.

/// Runs a statement with its binds on the database of a `Tx`.
macro_rules! run {
    ($tx:ident.execute($sql:expr $(, $bind:expr)* $(,)?)) => {{
        let outcome = match &mut $tx.connection {
            $crate::engine::Connection::Sqlite(db) => $crate::sql::query::<::sqlx::Sqlite>($sql)
                $(.bind($bind))*.execute(&mut **db).await.map(|done| done.rows_affected()),
            $crate::engine::Connection::Postgres(db) => $crate::sql::query::<::sqlx::Postgres>($sql)
                $(.bind($bind))*.execute(&mut **db).await.map(|done| done.rows_affected()),
        };
        $tx.noted(outcome)
    }};
    ($tx:ident.$fetch:ident($sql:expr $(, $bind:expr)* $(,)?)) => {{
        let outcome = match &mut $tx.connection {
            $crate::engine::Connection::Sqlite(db) => $crate::sql::query_as::<::sqlx::Sqlite, _>($sql)
                $(.bind($bind))*.$fetch(&mut **db).await,
            $crate::engine::Connection::Postgres(db) => $crate::sql::query_as::<::sqlx::Postgres, _>($sql)
                $(.bind($bind))*.$fetch(&mut **db).await,
        };
        $tx.noted(outcome)
    }};
}

pub(crate) use run;

use sqlx::query::{Query, QueryAs};
use sqlx::{Database, FromRow};

pub(crate) fn query<'q, DB: Database>(sql: &'static str) -> Query<'q, DB, DB::Arguments> {
    #[cfg(test)]
    crate::tests::statements::note(DB::NAME, sql);
    sqlx::query(sql)
}

pub(crate) fn query_as<'q, DB, Row>(sql: &'static str) -> QueryAs<'q, DB, Row, DB::Arguments>
where
    DB: Database,
    Row: for<'r> FromRow<'r, DB::Row>,
{
    #[cfg(test)]
    crate::tests::statements::note(DB::NAME, sql);
    sqlx::query_as(sql)
}
