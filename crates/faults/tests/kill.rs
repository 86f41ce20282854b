//! kill -9 at any moment: every case whose number was shown is there, no number twice, chains whole, everything arrives.

use yichuang_faults::kills::Kills;

/// `FAULTS_SEED=n` draws other moments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_that_is_killed_again_and_again_loses_nothing_that_was_shown() {
    let seed = std::env::var("FAULTS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let folder = tempfile::tempdir().unwrap();
    let kills = Kills { rounds: 50, seed, windows: 2, program: env!("CARGO_BIN_EXE_yichuang-faults").into() };
    let survived = kills.run(folder.path()).await.unwrap();
    println!("{survived}");
    assert!(survived.shown > 10, "hardly anybody worked: {survived}");
}
