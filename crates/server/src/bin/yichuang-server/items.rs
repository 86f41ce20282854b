//! The items of a hall: imported, listed, withdrawn.

use std::error::Error;

use hall::{Publication, PublishedItem};
use server::{
    HallItems, read_paths,
    settings::{HallSettings, environment},
};
use store::ItemVersionRow;

use crate::{
    Outcome,
    cli::{ByArgs, HallArgs, ImportCommand, ItemsCommand},
    say,
};

pub(crate) async fn import(ImportCommand::Catalogue { paths, hall, by }: ImportCommand) -> Outcome {
    let (files, by) = (read_paths(&paths)?, name_of(by)?);
    let hall = open(&hall).await?;
    let imported = hall.import(files, by).await;
    hall.close().await;
    let imported = imported?;
    for PublishedItem { code, version, name, outcome } in &imported {
        let outcome = match outcome {
            Publication::New => "new".to_owned(),
            Publication::NewVersion { after } => format!("new version, after {after}"),
            Publication::Unchanged => "unchanged".to_owned(),
            Publication::Withdrawn => "stays withdrawn".to_owned(),
        };
        say(format_args!("{code}  version {version}  {name}: {outcome}"))?;
    }
    let of = |wanted: fn(Publication) -> bool| imported.iter().filter(|item| wanted(item.outcome)).count();
    let (new, changed) = (of(|it| it == Publication::New), of(|it| matches!(it, Publication::NewVersion { .. })));
    if new + changed == 0 {
        return say(format_args!("Nothing is published: everything was published before. Items: {}.", imported.len()));
    }
    say(format_args!("Published: {new} new, {changed} in a new version. Items: {}.", imported.len()))
}

pub(crate) async fn items(command: ItemsCommand) -> Outcome {
    match command {
        ItemsCommand::List { hall } => list(&hall).await,
        ItemsCommand::Withdraw { code, hall, by } => withdraw(code, &hall, by).await,
    }
}

async fn list(hall: &HallArgs) -> Outcome {
    let hall = open(hall).await?;
    let rows = hall.list().await;
    hall.close().await;
    for row in rows? {
        let ItemVersionRow { code, version, name, published_at, published_by, withdrawn, .. } = row;
        let withdrawn = withdrawn.map(|(at, by)| format!(", withdrawn {at} by {by}")).unwrap_or_default();
        say(format_args!("{code}  version {version}  {name}: published {published_at} by {published_by}{withdrawn}"))?;
    }
    Ok(())
}

async fn withdraw(code: String, hall: &HallArgs, by: ByArgs) -> Outcome {
    let by = name_of(by)?;
    let hall = open(hall).await?;
    let before = hall.withdraw(code, by).await;
    hall.close().await;
    let ItemVersionRow { code, version, name, withdrawn, .. } = before?;
    match withdrawn {
        None => say(format_args!("{code}  version {version}  {name}: withdrawn")),
        Some((at, by)) => say(format_args!("{code}  version {version}  {name}: was withdrawn {at} by {by}")),
    }
}

async fn open(HallArgs { config, desktop }: &HallArgs) -> Result<HallItems, Box<dyn Error + Send + Sync>> {
    match desktop {
        Some(folder) => Ok(HallItems::of_desktop(folder).await?),
        None => Ok(HallItems::of(&HallSettings::read(config.as_deref(), environment())?).await?),
    }
}

/// Who does it: as given, or the user of the computer.
fn name_of(ByArgs { name }: ByArgs) -> Result<String, String> {
    let user = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    name.or_else(user).filter(|name| !name.trim().is_empty()).ok_or_else(|| "say who does it: --by NAME".to_owned())
}
