//! Desks: the windows in which people work. Each is signed in for itself.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use tauri::webview::{DownloadEvent, NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, State, WebviewWindow, WebviewWindowBuilder, Wry};

use crate::{Shell, scheme, screen};

/// How the label of a desk begins.
pub(crate) const DESK: &str = "desk-";

/// How many desks this program has opened, so that no label comes twice.
#[derive(Default)]
pub(crate) struct Desks(AtomicU32);

/// Opens one more desk, where someone else can sign in.
///
/// Async because a window that is opened inside a synchronous command can lock up on Windows.
#[tauri::command]
pub(crate) async fn open_desk(app: AppHandle) -> Result<(), String> {
    open(&app).map_err(|error| error.to_string())
}

/// Opens a desk. Its title follows the title of its page.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let shell: State<'_, Shell> = app.state();
    let number = shell.desks.0.fetch_add(1, Ordering::Relaxed) + 1;
    let window = WebviewWindowBuilder::new(app, format!("{DESK}{number}"), scheme::page(""));
    let window = dressed(window, &shell.data).build()?;
    tell_compositions(&window)?;
    Ok(())
}

/// What every window of the program has.
pub(crate) fn dressed<'a>(
    window: WebviewWindowBuilder<'a, Wry, AppHandle>,
    data: &Path,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    window
        .title("一窗")
        .inner_size(1280.0, 800.0)
        .min_inner_size(1024.0, 680.0)
        .data_directory(data.join("web-view"))
        .devtools(cfg!(feature = "e2e"))
        // Ctrl with plus, minus and zero: the words must be readable for every pair of eyes.
        .zoom_hotkeys_enabled(true)
        // Files that are dropped on a page go to the page, not to the shell.
        .disable_drag_drop_handler()
        .initialization_script(include_str!("guard.js"))
        .on_navigation(scheme::is_inside)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_document_title_changed(|window, title| {
            if let Err(error) = window.set_title(&title) {
                tracing::warn!(error = &error as &dyn std::error::Error, "a window's title could not be set");
            }
        })
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Started {
                window.state::<Shell>().subscriptions.end_all(window.label());
            }
        })
        .on_download(|view, event| {
            if let DownloadEvent::Requested { destination, .. } = event
                && let (Ok(folder), Some(name)) = (view.path().download_dir(), destination.file_name())
            {
                *destination = folder.join(name);
            }
            true
        })
}

/// Ends what a closed desk had going on.
pub(crate) fn closed(app: &AppHandle, label: &str) {
    let shell: State<'_, Shell> = app.state();
    shell.subscriptions.end_all(label);
    screen::close_with(app, label);
    let (gateway, label) = (shell.gateway.clone(), label.to_owned());
    tauri::async_runtime::spawn(async move { gateway.leave(&label).await });
}

/// Lets pages see that something is being composed: the web view's library hides it, and then a shortcut would fire in the
/// middle of a Chinese word.
#[cfg(target_os = "linux")]
fn tell_compositions(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{InputMethodContextExt as _, WebViewExt as _};

    window.with_webview(|view| {
        if let Some(context) = view.inner().input_method_context() {
            context.set_enable_preedit(true);
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn tell_compositions(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
