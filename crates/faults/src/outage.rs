//! A town whose database goes away while people work, and comes back.

use std::time::Duration;

use http::StatusCode;
use web::source;

use crate::{
    Outcome,
    desk::{self, Wish},
    postgres::{self, Postgres},
    storm,
    town::Town,
};

/// What an outage was like.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// How long a request waited until it was told that there is no database.
    pub told_after: Duration,
    /// How long after the database was back everything was closed.
    pub closed_after: Duration,
}

/// Stops the database under a case that is on its way and one that is being taken, and starts it again.
///
/// # Errors
/// What is not right, before, meanwhile or afterwards.
pub async fn pass() -> Outcome<Outage> {
    let mut postgres = Postgres::start().await?;
    let folder = tempfile::tempdir()?;
    let town = Town::open(folder.path(), &postgres::schemas(postgres.url()).await?).await?;
    let first = town.take().await?;
    let task = town.task(first).await?;
    town.accept(&task).await?;

    postgres.stop().await?;
    let since = source::instant();
    let second = desk::new_id();
    let filing = desk::filing(desk::new_id(), second, &town.item, None);
    let taking = Wish::to_change("/filings", &filing);
    let seeing = Wish::to_see(format!("/cases/{first}"));
    let tasks = Wish::to_see("/tasks");
    let (taken, seen, listed) =
        tokio::join!(town.clerk.ask(&taking), town.output.ask(&seeing), town.approver.ask(&tasks));
    for answer in [taken?, seen?, listed?] {
        if answer.status != StatusCode::SERVICE_UNAVAILABLE || answer.json()["code"] != "store-unavailable" {
            return Err(format!("without a database: {}", desk::words(&answer)).into());
        }
    }
    let told_after = since.elapsed();

    postgres.start_again().await?;
    let since = source::instant();
    // The same request again, as the page sends it.
    let taken = town.clerk.change(&taking).await?;
    if taken["cases"][0]["id"] != second.to_string() {
        return Err(format!("{taken} is not what was submitted").into());
    }
    for case in [first, second] {
        let closed = town.while_time_passes(goes_on(&town, case)).await?;
        if closed["state"] != "closed" {
            return Err(format!("after the outage: {closed}").into());
        }
    }
    town.settle().await?;
    storm::whole(&town, &[first, second]).await?;
    let closed_after = since.elapsed();
    town.close().await;
    Ok(Outage { told_after, closed_after })
}

/// Goes on with a case from wherever it is.
async fn goes_on(town: &Town, case: uuid::Uuid) -> Outcome<serde_json::Value> {
    let task = town.task(case).await?;
    let task = if task["state"] == "assigned" { town.accept(&task).await? } else { task };
    town.from_decision(case, &task, true).await
}
