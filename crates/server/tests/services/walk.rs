//! The whole case over TCP, with hall and department in one program.

use server::{
    embedded::{self, EmbeddedConfig},
    walk::{People, Site, walk},
};
use tokio::{net::TcpListener, sync::oneshot};

use crate::papers::demand_a_closed_case;

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_from_the_window_into_the_applicants_hand() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = embedded::start(EmbeddedConfig::demo(folder.path().join("数据 ?1%"))).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = Site::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let served = tokio::spawn(web::server::serve(listener, embedded.gateway.clone(), async {
        let _ = ended.await;
    }));

    let mut steps = vec![];
    let walked = walk(&site, &People::of_the_demo(), &mut |step| steps.push(step)).await.unwrap();

    demand_a_closed_case(&walked, &embedded.printer.as_ref().unwrap().printed());
    assert_eq!(steps.len(), 13);
    assert!(walked.case.number.starts_with("000126061503"), "{}", walked.case.number);
    let files = std::fs::read_dir(folder.path().join("数据 ?1%/printer")).unwrap().count();
    assert_eq!(files, 3);
    end.send(()).unwrap();
    served.await.unwrap().unwrap();
    embedded.shutdown().await;
}
