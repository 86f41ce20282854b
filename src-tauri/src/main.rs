//! The desktop program `yichuang`: windows over an embedded hall and its department.
//!
//! Pages and interfaces come from one custom scheme, so that the pages use relative addresses only and cannot tell the
//! desktop from a browser. The shell keeps the sessions; scripts never see them. It holds no rule of the office.

mod desk;
mod devices;
mod events;
mod gateway;
mod scheme;
mod screen;
mod sessions;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use gateway::Gateway;
use server::embedded::{self, Embedded, EmbeddedConfig};
use tauri::{AppHandle, Manager, RunEvent};
use tokio::sync::Mutex;

/// How long the embedded services may take to end when the last window has closed.
const LONGEST_END: Duration = Duration::from_secs(10);

/// What the windows share.
struct Shell {
    gateway: Arc<Gateway>,
    subscriptions: Arc<events::Subscriptions>,
    desks: desk::Desks,
    data: PathBuf,
    embedded: Mutex<Option<Embedded>>,
}

fn main() -> ExitCode {
    #[cfg(not(feature = "e2e"))]
    if std::env::var_os(AUTOMATION).is_some() {
        return without_automation();
    }
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("YICHUANG_LOG").unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();

    match program() {
        Ok(program) => {
            program.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the desktop program cannot start");
            ExitCode::FAILURE
        }
    }
}

/// The variable that lets a WebDriver command the windows, honoured by Tauri in release builds too.
#[cfg(not(feature = "e2e"))]
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Starts the program again without [`AUTOMATION`]: what people get is not to be commanded from outside.
#[cfg(not(feature = "e2e"))]
fn without_automation() -> ExitCode {
    let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1)).env_remove(AUTOMATION);
    #[cfg(unix)]
    {
        // Comes back only when it fails.
        let error = std::os::unix::process::CommandExt::exec(&mut again);
        eprintln!("the program cannot be started again without {AUTOMATION}: {error}");
        ExitCode::FAILURE
    }
    #[cfg(not(unix))]
    match again.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn program() -> tauri::Result<tauri::App> {
    tauri::Builder::default()
        .register_asynchronous_uri_scheme_protocol(scheme::NAME, |context, request, responder| {
            let gateway = Arc::clone(&context.app_handle().state::<Shell>().gateway);
            let window = context.webview_label().to_owned();
            tauri::async_runtime::spawn(async move {
                responder.respond(scheme::answer(&gateway, &window, request).await);
            });
        })
        .invoke_handler(tauri::generate_handler![
            desk::open_desk,
            screen::open_screen,
            screen::has_screen,
            events::subscribe,
            events::unsubscribe
        ])
        .on_window_event(|window, event| {
            if matches!(event, tauri::WindowEvent::Destroyed) {
                desk::closed(window.app_handle(), window.label());
            }
        })
        .setup(|app| {
            let data = data_folder(app.handle())?;
            app.manage(Shell {
                gateway: Arc::new(Gateway::with_devices(devices::of_this_computer(&data))),
                subscriptions: Arc::default(),
                desks: desk::Desks::default(),
                data,
                embedded: Mutex::new(None),
            });
            end_on_signal(app.handle().clone());
            start_embedded(app.handle().clone());
            desk::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// `YICHUANG_DATA`, or `yichuang` in the person's own data folder.
fn data_folder(app: &AppHandle) -> tauri::Result<PathBuf> {
    match std::env::var_os("YICHUANG_DATA") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(app.path().data_dir()?.join("yichuang")),
    }
}

/// Starts hall and department beside the first window, which waits for them at its first request.
fn start_embedded(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        match embedded::start(EmbeddedConfig::demo(shell.data.join("demo"))).await {
            Ok(embedded) => {
                shell.gateway.open(embedded.gateway.clone());
                *shell.embedded.lock().await = Some(embedded);
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "hall and department cannot start");
                shell.gateway.open(scheme::failure_page(&error));
            }
        }
    });
}

/// Ends the program in good order when the system asks for it.
fn end_on_signal(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        app.exit(0);
    });
}

fn on_event(app: &AppHandle, event: RunEvent) {
    if !matches!(event, RunEvent::Exit) {
        return;
    }
    tauri::async_runtime::block_on(async {
        let Some(embedded) = app.state::<Shell>().embedded.lock().await.take() else { return };
        if tokio::time::timeout(LONGEST_END, embedded.shutdown()).await.is_err() {
            tracing::warn!("hall and department did not end in time");
        }
    });
}
