//! The devices at this window: what `devices.toml` in the folder of the program's data names.

use std::path::Path;

use ::devices::{DeviceSettings, WindowDevices};
use axum::Router;

const FILE: &str = "devices.toml";

/// The interface of the devices for the pages; none where nothing is set up.
///
/// Settings that cannot be used take the devices away and nothing else: cases are taken without them too.
pub(crate) fn of_this_computer(data: &Path) -> Option<Router> {
    match DeviceSettings::read(&data.join(FILE)) {
        Ok(settings) => Some(WindowDevices::new(settings?).routes()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the devices of this window cannot be used");
            Some(WindowDevices::new(DeviceSettings::default()).routes())
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn list(data: &Path) -> Option<String> {
        let router = of_this_computer(data)?;
        let request = Request::get("/api/devices").body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("an answer");
        let body = to_bytes(response.into_body(), 1000).await.expect("a body");
        Some(String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn without_a_file_there_are_none_and_a_wrong_file_takes_the_demo_s_away_too() {
        let folder = std::env::temp_dir().join(format!("yichuang-devices-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        assert_eq!(list(&folder).await, None);
        std::fs::write(folder.join(FILE), "[bridge]\nurl = \"http://192.0.2.1:1\"\ntoken = \"x\"\n").expect("a file");
        assert_eq!(list(&folder).await.as_deref(), Some(r#"{"devices":[]}"#));
        std::fs::remove_dir_all(&folder).expect("gone");
    }
}
