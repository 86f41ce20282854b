//! A department service in a process of its own.

use std::future::Future;

use department::{DepartmentConfig, DepartmentProfile, HallPeer};
use domain::ids::DepartmentId;
use web::{
    server::{Metrics, serve},
    source::Chance,
};

use crate::{
    CatalogueFiles, ServerError,
    folder::DataFolder,
    hall_service::{clock_of, database_of},
    service::{DepartmentService, Surroundings, listen},
    settings::{DepartmentEntry, DepartmentSettings, PeerSettings},
};

/// Serves a department service until `shutdown` is done. It has no pages: a hall or a desktop forwards to it.
///
/// # Errors
/// When it cannot start, or serving ends by itself.
pub async fn serve_department(
    settings: DepartmentSettings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let folder = DataFolder::take(&settings.data).await?;
    let files = match &settings.catalogue {
        Some(catalogue) => CatalogueFiles::read(catalogue)?,
        None => CatalogueFiles::built_in(),
    };
    let (listener, address) = listen(settings.listen).await?;
    let surroundings = Surroundings {
        clock: clock_of(&folder, settings.demo, settings.demo_date)?,
        chance: Chance::system(),
        calendar: files.calendar()?,
        metrics: Metrics::new(),
        https: settings.https,
    };
    let database = database_of(&folder, settings.database.as_ref(), "department.db");
    let service = DepartmentService::start(config_of(settings, &folder), &database, surroundings).await?;
    tracing::info!(%address, "the department service is served");
    let outcome = serve(listener, service.whole(), shutdown).await;
    service.stop().await;
    tracing::info!("the department service has ended");
    outcome.map_err(ServerError::Serving)
}

fn config_of(settings: DepartmentSettings, folder: &DataFolder) -> DepartmentConfig {
    let peer = |PeerSettings { name, url, secret, delegation: _ }| HallPeer { name, url, secrets: vec![secret] };
    DepartmentConfig {
        id: settings.id,
        name: settings.name,
        departments: settings.departments.into_iter().map(DepartmentProfile::from).collect(),
        halls: settings.halls.into_iter().map(|(id, settings)| (id, peer(settings))).collect(),
        files: folder.join("department-files"),
        demo: settings.demo,
    }
}

impl From<DepartmentEntry> for DepartmentProfile {
    fn from(entry: DepartmentEntry) -> Self {
        let DepartmentEntry {
            id,
            name,
            notice_mark,
            supplement_mark,
            rejection_mark,
            decision_mark,
            certificate_mark,
            seal,
            contact,
            remedies,
            remedies_verified,
        } = entry;
        Self {
            id: DepartmentId(id),
            name,
            supplement_mark: supplement_mark.unwrap_or_else(|| Self::usual_supplement_mark(&notice_mark)),
            rejection_mark: rejection_mark.unwrap_or_else(|| Self::usual_rejection_mark(&notice_mark)),
            notice_mark,
            decision_mark,
            certificate_mark,
            seal,
            contact,
            remedies,
            remedies_verified,
        }
    }
}
