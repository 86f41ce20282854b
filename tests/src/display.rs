//! A screen of the test's own: X server, window manager, session bus, home folder, and where wanted Chinese input.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::{HarnessError, Result, traces, wait};

/// How long a program may take to end.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// A screen that nobody looks at. All its programs end with it.
pub struct Display {
    home: PathBuf,
    number: String,
    bus: String,
    idle_input: Option<String>,
    // Ended in this order: whoever needs the X server goes before it.
    programs: Vec<Child>,
}

impl Display {
    /// Opens a screen of the given size.
    ///
    /// # Errors
    /// Where a program is missing or does not come up.
    pub async fn open(width: u32, height: u32) -> Result<Self> {
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"]).arg(format!("{width}x{height}x24"));
        let (number, xvfb) = first_line(xvfb).await?;

        let home = std::env::temp_dir().join(format!("yichuang-e2e-{}-{number}", std::process::id()));
        std::fs::create_dir_all(home.join("run"))?;
        let mut display =
            Self { home, number: format!(":{number}"), bus: String::new(), idle_input: None, programs: vec![xvfb] };

        let mut bus = display.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let (address, bus) = first_line(bus).await?;
        display.bus = address;
        display.programs.insert(0, bus);

        let openbox = start(display.command("openbox").stdout(Stdio::null()))?;
        display.programs.insert(0, openbox);
        wait::until("the window manager", async || {
            let managed = display.run("xdotool", &["get_num_desktops"]).await.ok()?;
            managed.status.success().then_some(())
        })
        .await?;
        Ok(display)
    }

    /// Starts Chinese input: what is typed with [`crate::keyboard`] from now on goes through libpinyin.
    ///
    /// # Errors
    /// Where a program is missing or does not come up.
    pub async fn start_pinyin(&mut self) -> Result<()> {
        // The panel chooses the engine that the settings name, and would undo a choice made before it is up.
        let settings = self.home.join("config/glib-2.0/settings");
        std::fs::create_dir_all(&settings)?;
        std::fs::write(settings.join("keyfile"), "[desktop/ibus/general]\npreload-engines=['libpinyin']\n")?;

        let mut daemon = self.command("ibus-daemon");
        daemon.args(["--panel=default", "--emoji-extension=disable", "--config=default"]).stdout(Stdio::null());
        let daemon = start(&mut daemon)?;
        self.programs.insert(0, daemon);
        wait::until("the input method libpinyin", async || {
            let now = self.run("ibus", &["engine"]).await.ok()?;
            now.stdout.starts_with(b"libpinyin").then_some(())
        })
        .await?;
        self.idle_input = self.input_context().await;
        Ok(())
    }

    /// Waits until a field has the keyboard through the input method; keys that come earlier go in as they are.
    ///
    /// # Errors
    /// Where no field ever has it.
    pub async fn until_pinyin_listens(&self) -> Result<()> {
        wait::until("a field that takes Chinese input", async || {
            let now = self.input_context().await;
            (now.is_some() && now != self.idle_input).then_some(())
        })
        .await
    }

    /// Whose keys the input method gets.
    async fn input_context(&self) -> Option<String> {
        let address = self.run("ibus", &["address"]).await.ok()?;
        let address = String::from_utf8_lossy(&address.stdout);
        let get = [
            "call",
            "--address",
            address.trim(),
            "--dest",
            "org.freedesktop.IBus",
            "--object-path",
            "/org/freedesktop/IBus",
        ];
        let what = ["--method", "org.freedesktop.DBus.Properties.Get", "org.freedesktop.IBus", "CurrentInputContext"];
        let context = self.run("gdbus", &[get.as_slice(), what.as_slice()].concat()).await.ok()?;
        context.status.success().then(|| String::from_utf8_lossy(&context.stdout).into_owned())
    }

    /// A program on this screen, in this home.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("HOME", &self.home)
            .env("XDG_CONFIG_HOME", self.home.join("config"))
            .env("XDG_CACHE_HOME", self.home.join("cache"))
            .env("XDG_DATA_HOME", self.home.join("data"))
            .env("XDG_RUNTIME_DIR", self.home.join("run"))
            .env("LANG", "C.UTF-8")
            .env("GSETTINGS_BACKEND", "keyfile")
            .env("NO_AT_BRIDGE", "1")
            .env("GTK_IM_MODULE", "ibus")
            .env("XMODIFIERS", "@im=ibus")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a program on this screen to its end.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub async fn run(&self, program: &str, arguments: &[&str]) -> Result<Output> {
        let output = self.command(program).args(arguments).output().await;
        output.map_err(|error| HarnessError::Start(program.to_owned(), error))
    }

    /// The home folder of the programs on this screen.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Takes a picture of the whole screen into `target/e2e/<name>.png`.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let file = traces()?.join(format!("{name}.png"));
        let output = self.run("import", &["-window", "root", &file.to_string_lossy()]).await?;
        succeeded("import", &output)?;
        Ok(file)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // One after the other and in good order: an X server that is killed leaves its number taken.
        for program in &mut self.programs {
            end(program);
        }
        // A folder that stays behind in the temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// Asks a program to end and waits until it has; what does not listen is killed.
pub(crate) fn end(program: &mut Child) {
    let Some(id) = program.id() else { return };
    let asked = std::process::Command::new("kill").arg(id.to_string()).stderr(Stdio::null()).status();
    let begun = std::time::Instant::now();
    while asked.is_ok() && begun.elapsed() < PATIENCE {
        if !matches!(program.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // One that has ended meanwhile needs no end.
    let _ = program.start_kill();
}

/// Refuses the output of a program that failed.
pub(crate) fn succeeded(program: &str, output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    Err(HarnessError::Failed(program.to_owned(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

pub(crate) fn start(command: &mut Command) -> Result<Child> {
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    command.stderr(Stdio::null()).kill_on_drop(true).spawn().map_err(|error| HarnessError::Start(name, error))
}

/// Starts a program that says one thing about itself.
pub(crate) async fn first_line(mut command: Command) -> Result<(String, Child)> {
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let mut child = start(command.stdout(Stdio::piped()))?;
    let output = child.stdout.take().ok_or_else(|| HarnessError::InVain(format!("the output of {name}")))?;
    let mut lines = BufReader::new(output).lines();
    let line = tokio::time::timeout(wait::LONG, lines.next_line()).await;
    match line {
        Ok(Ok(Some(line))) => Ok((line.trim().to_owned(), child)),
        _ => Err(HarnessError::InVain(format!("the first line of {name}"))),
    }
}
