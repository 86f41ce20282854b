//! The applicant's screens (客户屏): each belongs to the desk that opened it, and shows what the desk shows to the applicant.

use axum::body::Body;
use http::{Method, Request};
use tauri::{AppHandle, Manager, Monitor, State, WebviewWindow, WebviewWindowBuilder};

use crate::{Shell, desk, scheme};

/// How the label of a screen begins: `screen-2` belongs to `desk-2`.
const SCREEN: &str = "screen-";

/// Opens the screen of the calling desk, on another monitor where there is one; one that is open comes to the front.
///
/// Async because a window that is opened inside a synchronous command can lock up on Windows.
#[tauri::command]
pub(crate) async fn open_screen(app: AppHandle, window: WebviewWindow) -> Result<(), String> {
    open(&app, &window).map_err(|error| error.to_string())
}

/// Whether the screen of the calling desk is open.
#[tauri::command]
pub(crate) async fn has_screen(app: AppHandle, window: WebviewWindow) -> Result<bool, ()> {
    Ok(screen_of(window.label()).is_some_and(|label| app.get_webview_window(&label).is_some()))
}

fn open(app: &AppHandle, desk: &WebviewWindow) -> tauri::Result<()> {
    let Some(label) = screen_of(desk.label()) else { return Ok(()) };
    if let Some(open) = app.get_webview_window(&label) {
        open.show()?;
        open.unminimize()?;
        open.set_always_on_top(true)?;
        return open.set_always_on_top(false);
    }
    let shell: State<'_, Shell> = app.state();
    // The hand stays at the desk.
    let builder = WebviewWindowBuilder::new(app, label, scheme::page("window/screen")).focused(false);
    let screen = desk::dressed(builder, &shell.data).build()?;
    if let Some(monitor) = other_monitor(desk)? {
        screen.set_position(*monitor.position())?;
        screen.set_fullscreen(true)?;
    }
    Ok(())
}

fn other_monitor(desk: &WebviewWindow) -> tauri::Result<Option<Monitor>> {
    let here = desk.current_monitor()?.map(|monitor| *monitor.position());
    Ok(desk.available_monitors()?.into_iter().find(|monitor| here.is_some_and(|here| *monitor.position() != here)))
}

/// Closes the screen of a desk that has closed.
pub(crate) fn close_with(app: &AppHandle, desk: &str) {
    let open = screen_of(desk).and_then(|label| app.get_webview_window(&label));
    if let Some(Err(error)) = open.map(|screen| screen.close()) {
        tracing::warn!(error = &error as &dyn std::error::Error, "a screen could not be closed");
    }
}

fn screen_of(desk: &str) -> Option<String> {
    Some(format!("{SCREEN}{}", desk.strip_prefix(desk::DESK)?))
}

/// The desk by whose session a window asks: its own, or that of the screen's desk.
pub(crate) fn desk_of(window: &str) -> String {
    match window.strip_prefix(SCREEN) {
        Some(number) => format!("{}{number}", desk::DESK),
        None => window.to_owned(),
    }
}

/// Whether a window may ask this. Who stands before a screen sees what is shown to them and confirms it, and nothing else
/// that whoever sits at the desk may.
pub(crate) fn may_ask(window: &str, request: &Request<Body>) -> bool {
    let path = request.uri().path();
    if !window.starts_with(SCREEN) || !path.starts_with("/api/") {
        return true;
    }
    let read = [Method::GET, Method::HEAD].contains(request.method());
    match path {
        "/api/hall/session" | "/api/hall/window/screen" | "/api/hall/events" => read,
        "/api/hall/window/screen/confirm" => request.method() == Method::POST,
        _ => false,
    }
}
