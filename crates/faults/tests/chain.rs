//! A journal that somebody has edited says so.

use server::City;
use store::{Kind, Store, StoreConfig};
use yichuang_faults::{
    tamper::Tampering,
    town::{Databases, Town},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_done_to_the_file_of_a_journal_shows() {
    let folder = tempfile::tempdir().unwrap();
    let town = Town::open(folder.path(), &Databases::files(folder.path())).await.unwrap();
    for granted in [true, false] {
        let case = town.take().await.unwrap();
        town.see_through(case, granted).await.unwrap();
    }
    town.close().await;

    let city = City::anlan().unwrap();
    let journals =
        [("hall.db", Kind::Hall, city.hall.id.0), ("department.db", Kind::Department, city.departments[0].id.0)];
    for (file, kind, office) in journals {
        let whole = folder.path().join(file);
        let verify = async |file: &std::path::Path| {
            let store = Store::open(&StoreConfig::file(file), kind, office).await.unwrap();
            let report = store.verify_journal(|_| {}).await.unwrap();
            store.close().await;
            report
        };
        let report = verify(&whole).await;
        assert!(report.faults.is_empty() && report.streams == 2, "{report:?}");

        for tampering in Tampering::ALL {
            let copy = folder.path().join(format!("{tampering:?}-{file}"));
            std::fs::copy(&whole, &copy).unwrap();
            tampering.of(&copy).await.unwrap();
            let report = verify(&copy).await;
            assert_eq!(report.faults.len(), 1, "{tampering:?} in {file}: {report:?}");
        }
    }
}
