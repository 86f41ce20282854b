//! A hall in a process of its own.

use std::{future::Future, sync::Arc};

use hall::{DepartmentPeer, HallConfig};
use store::StoreConfig;
use web::{
    Clock, SystemClock,
    gateway::{Backend, Gateway, Remote},
    server::{Metrics, serve},
    source::Chance,
};

use crate::{
    CatalogueFiles, DemoDate, ServerError, demo,
    folder::DataFolder,
    service::{HallService, Surroundings, beside, listen},
    settings::{Database, HallSettings, PeerSettings},
};

/// Serves a hall, with the pages, until `shutdown` is done.
///
/// # Errors
/// When it cannot start, or serving ends by itself.
pub async fn serve_hall(
    settings: HallSettings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let folder = DataFolder::take(&settings.data).await?;
    let names = settings.departments.iter().map(|(id, peer)| (*id, peer.name.clone())).collect();
    let files = match &settings.catalogue {
        Some(catalogue) => CatalogueFiles::read(catalogue)?,
        None if settings.demo => CatalogueFiles::built_in().of(&names),
        // The items of a fictional city are nothing for people.
        None => CatalogueFiles::calendar_alone(),
    };
    let mut gateway = Gateway::new();
    if let Some(address) = &settings.department_service {
        gateway = gateway.department(Backend::Remote(Remote::new(address)?));
    }
    let (listener, address) = listen(settings.listen).await?;

    let surroundings = Surroundings {
        clock: clock_of(&folder, settings.demo, settings.demo_date)?,
        chance: Chance::system(),
        calendar: files.calendar()?,
        metrics: Metrics::new(),
        https: settings.https,
    };
    let database = database_of(&folder, settings.database.as_ref(), "hall.db");
    let service = HallService::start(config_of(settings, &folder), files.items(), &database, surroundings).await?;
    let whole = service.whole();
    let pages = gateway.hall(Backend::Local(whole.clone())).router();
    let router = beside(pages, &["/healthz", "/metrics", "/protocol/{*path}"], &whole);
    tracing::info!(%address, "the hall is served");
    let outcome = serve(listener, router, shutdown).await;
    service.stop().await;
    tracing::info!("the hall has ended");
    outcome.map_err(ServerError::Serving)
}

fn config_of(settings: HallSettings, folder: &DataFolder) -> HallConfig {
    let peer = |PeerSettings { name, url, secret, delegation }| DepartmentPeer {
        name,
        url,
        secrets: vec![secret],
        delegation,
    };
    HallConfig {
        id: settings.id,
        name: settings.name,
        address: settings.address,
        phone: settings.phone,
        divisions: settings.divisions,
        number: settings.number,
        receipt_mark: settings.receipt_mark,
        windows: settings.windows,
        public_url: settings.public_url,
        files: folder.join("hall-files"),
        departments: settings.departments.into_iter().map(|(id, settings)| (id, peer(settings))).collect(),
        printers: settings.printers,
        demo: settings.demo,
    }
}

/// The time of a service: the computer's, or the demo's.
pub(crate) fn clock_of(folder: &DataFolder, demo: bool, date: Option<DemoDate>) -> Result<Arc<dyn Clock>, ServerError> {
    Ok(if demo { Arc::new(demo::clock(folder, date)?) } else { Arc::new(SystemClock) })
}

/// The address of the database: that of the settings, or a file in the data folder.
pub(crate) fn database_of(folder: &DataFolder, database: Option<&Database>, file: &str) -> StoreConfig {
    database.map_or_else(|| StoreConfig::file(&folder.join(file)), |database| StoreConfig::new(database.url()))
}
