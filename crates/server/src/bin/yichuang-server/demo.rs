//! The demo: served for browsers, or walked through once.

use std::{
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use server::{
    embedded::{self, Embedded, EmbeddedConfig},
    walk::{self, Carried, People, Site, Step, Walked},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use web::source::instant;

use crate::{Outcome, cli::DemoArgs, ended_by_system, say};

/// Serves until the system asks to end.
pub(crate) async fn serve(args: DemoArgs) -> Outcome {
    let data = args.data.clone().or_else(usual_folder).ok_or("there is no home folder; give --data")?;
    let mut demo = Demo::start(&args, data).await?;
    say(format_args!("http://{}", demo.address))?;
    tokio::select! {
        () = ended_by_system() => demo.end().await,
        outcome = &mut demo.served => Ok(outcome??),
    }
}

/// Walks one case and leaves its papers in a folder.
pub(crate) async fn walk(args: &DemoArgs, papers: &Path) -> Outcome {
    let began = instant();
    let temporary = tempfile::Builder::new().prefix("yichuang-demo-").tempdir()?;
    let data = args.data.clone().unwrap_or_else(|| temporary.path().join("data"));
    let demo = Demo::start(args, data).await?;
    report(&Step { what: format!("the demo hall is at http://{}", demo.address), took: began.elapsed() })?;

    let site = Site::new(&format!("http://{}", demo.address))?;
    let mut told = Ok(());
    let walked = walk::walk(&site, &People::of_the_demo(), &mut |step| {
        if told.is_ok() {
            told = report(&step);
        }
    })
    .await;
    let left = walked.map_err(Into::into).and_then(|walked| leave(&demo.embedded, &walked, papers));
    demo.end().await?;
    told?;
    left?;
    say(format_args!(
        "The whole case took {:.1} s; its papers are in {}.",
        began.elapsed().as_secs_f64(),
        papers.display()
    ))
}

fn report(Step { what, took }: &Step) -> Outcome {
    say(format_args!("{:>7} ms  {what}", took.as_millis()))
}

/// Writes what the printer got, which has to be what the hall keeps.
fn leave(embedded: &Embedded, Walked { case, papers }: &Walked, folder: &Path) -> Outcome {
    if case.state != "closed" {
        return Err(format!("the case is {}, not closed", case.state).into());
    }
    let printer = embedded.printer.as_ref().ok_or("there is no printer")?;
    let printed = printer.printed();
    std::fs::create_dir_all(folder)?;
    for (n, Carried { paper, bytes }) in papers.iter().enumerate() {
        if !printed.iter().any(|document| document.bytes == *bytes) {
            return Err(format!("{} did not come out of the printer as the hall keeps it", paper.number).into());
        }
        let name = format!("{} {} {}.pdf", n + 1, paper.title, paper.number);
        let name: String = name.chars().filter(|letter| !r#"/\:*?"<>|"#.contains(*letter)).collect();
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// The demo at an address.
struct Demo {
    address: SocketAddr,
    embedded: Embedded,
    served: JoinHandle<std::io::Result<()>>,
    end: oneshot::Sender<()>,
}

impl Demo {
    async fn start(args: &DemoArgs, data_dir: PathBuf) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let failed = |error| server::ServerError::Listen(args.listen, error);
        // The desks come after the services are there, but an address that is taken is known before.
        let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
        let mut address = listener.local_addr().map_err(failed)?;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let embedded = embedded::start(EmbeddedConfig { data_dir, demo: true, demo_date: args.date }).await?;
        let (end, ended) = oneshot::channel();
        let shutdown = async move {
            // A sender that is gone has ended too.
            let _ = ended.await;
        };
        let served = tokio::spawn(web::server::serve(listener, embedded.gateway.clone(), shutdown));
        Ok(Self { address, embedded, served, end })
    }

    async fn end(self) -> Outcome {
        // Nobody listening any more is what is wanted.
        let _ = self.end.send(());
        let outcome = self.served.await;
        self.embedded.shutdown().await;
        Ok(outcome??)
    }
}

/// Where the desktop keeps its demo: `YICHUANG_DATA`, or the person's own data folder.
fn usual_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = || {
        let home = std::env::home_dir()?;
        let data = folder("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
        Some(data.join("yichuang"))
    };
    Some(folder("YICHUANG_DATA").or_else(own)?.join("demo"))
}
