//! Names the commands that the pages may be allowed to call; `capabilities/` allows them per window.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "open_desk",
        "open_screen",
        "has_screen",
        "subscribe",
        "unsubscribe",
    ]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo::error={error:#}");
    }
}
