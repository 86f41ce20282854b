//! PostgreSQL stopped and started in the middle of a case.

use yichuang_faults::{outage, postgres, storm::Storm};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_the_hall_says_so_and_afterwards_everything_goes_on() {
    let outage = outage::pass().await.unwrap();
    println!("{outage:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_storm_every_case_is_whole_on_postgresql() {
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else { return };
    let databases = postgres::schemas(&url).await.unwrap();
    Storm::short(3).pass(&databases).await.unwrap();
}
