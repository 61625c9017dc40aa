use std::net::TcpStream;

use serde_json::json;

use super::{
    client::{api, get, send, upload},
    start,
};
use crate::{FileSeed, MilestoneSeed, Options, RepositorySeed, Sandbox, SandboxError};

#[test]
fn addresses() {
    let sandbox = start();
    let base = sandbox.base_url();
    let below = |url: url::Url| url.as_str().strip_prefix(base.as_str()).unwrap().to_owned();
    assert_eq!(below(sandbox.index_url()), "simple/");
    assert_eq!(below(sandbox.upload_url()), "legacy/");
    assert_eq!(below(sandbox.forge_url()), "api/v3");
    assert_eq!(below(sandbox.graphql_url()), "api/graphql");
    assert_eq!(below(sandbox.webhook_url("a b/c")), "hooks/a%20b%2Fc");
    assert_eq!(get(&sandbox, "/", &[]).status, 200);
}

#[test]
fn can_be_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Sandbox>();
    check::<Options>();
}

#[test]
fn webhooks_are_kept() {
    let sandbox = start();
    let url = sandbox.webhook_url("chat room");
    let answer =
        send(&sandbox, "POST", url.path(), &[("Content-Type", "application/json")], b"{\"text\":\"hi\"}");
    assert_eq!(answer.status, 204);
    let received = sandbox.webhooks("chat room");
    assert_eq!(
        (received[0].content_type.as_str(), received[0].body.as_str()),
        ("application/json", "{\"text\":\"hi\"}")
    );
    assert_eq!(get(&sandbox, url.path(), &[]).status, 405);
    assert_eq!(sandbox.snapshot()["webhooks"], json!({ "chat room": 1 }));
}

#[test]
fn stops_with_idle_connections_open() {
    let sandbox = start();
    let port = sandbox.base_url().port().unwrap();
    let idle = TcpStream::connect(("127.0.0.1", port)).unwrap();
    get(&sandbox, "/", &[]);
    sandbox.shutdown().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    drop(idle);
}

#[tokio::test]
async fn starts_and_stops_inside_a_runtime() {
    let sandbox = start();
    assert!(sandbox.base_url().port().is_some());
    drop(sandbox);
}

#[test]
fn a_taken_port_is_an_error() {
    let sandbox = start();
    let port = sandbox.base_url().port().unwrap();
    let error = Sandbox::start(Options { port, ..Options::default() }).unwrap_err();
    assert!(matches!(error, SandboxError::Start { port: taken, .. } if taken == port));
}

#[test]
fn state_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { dir: Some(folder.path().join("state")), ..Options::default() };
    let sandbox = Sandbox::start(options()).unwrap();
    upload(&sandbox, &[("name", "demo"), ("version", "1.0")], "demo-1.0.tar.gz", b"bytes");
    sandbox.add_repository(RepositorySeed::new("octo", "demo")).unwrap();
    sandbox
        .add_milestone("octo/demo", MilestoneSeed { title: "1.0".into(), ..MilestoneSeed::default() })
        .unwrap();
    let release =
        api(&sandbox, "POST", "/repos/octo/demo/releases", &json!({ "tag_name": "v1.0" })).expect(201);
    let uploads = release["upload_url"].as_str().unwrap().split_once("/api/").unwrap().1;
    let path = format!("/api/{}?name=notes.txt", uploads.split_once('{').unwrap().0);
    let token = format!("token {}", sandbox.token());
    send(&sandbox, "POST", &path, &[("Authorization", &token)], b"asset").expect(201);
    send(&sandbox, "POST", "/hooks/chat", &[], b"hello");
    let before = sandbox.snapshot();
    // As killed: nothing is written beyond what every answer had written before.
    drop(sandbox);

    let sandbox = Sandbox::start(options()).unwrap();
    assert_eq!(sandbox.snapshot(), before);
    assert_eq!(sandbox.file_content("demo-1.0.tar.gz").unwrap(), "bytes");
    assert_eq!(sandbox.asset_content("octo/demo", "v1.0", "notes.txt").unwrap(), "asset");
    assert_eq!(sandbox.webhooks("chat")[0].body, "hello");
    assert_eq!(sandbox.uploads()[0].accepted, 1);
    sandbox.shutdown().unwrap();

    let blob = folder.path().join("state/blobs").join(crate::digest::sha256(b"bytes"));
    std::fs::write(&blob, b"tampered").unwrap();
    assert!(Sandbox::start(options()).is_err());
    std::fs::write(&blob, b"BYTES").unwrap();
    assert!(matches!(Sandbox::start(options()), Err(SandboxError::Damaged { .. })));
    let document = folder.path().join("state/state.json");
    std::fs::write(&document, b"{}").unwrap();
    assert!(matches!(Sandbox::start(options()), Err(SandboxError::Malformed { .. })));
}

#[test]
fn equal_ends_have_equal_snapshots() {
    let run = |order: [usize; 2]| {
        let sandbox = start();
        sandbox.add_repository(RepositorySeed::new("octo", "demo")).unwrap();
        for index in order {
            let seed = FileSeed {
                name: "demo".into(),
                version: format!("{index}"),
                filename: format!("demo-{index}.tar.gz"),
                content: vec![u8::try_from(index).unwrap()],
                requires_python: None,
            };
            sandbox.add_file(seed).unwrap();
            let title = format!("{index}");
            sandbox.add_milestone("octo/demo", MilestoneSeed { title, ..MilestoneSeed::default() }).unwrap();
        }
        let body = format!("see {}octo/demo/pull/1", sandbox.base_url());
        api(&sandbox, "POST", "/repos/octo/demo/releases", &json!({ "tag_name": "v1", "body": body }))
            .expect(201);
        sandbox.snapshot()
    };
    let snapshot = run([1, 2]);
    assert_eq!(snapshot, run([2, 1]));
    let release = &snapshot["forge"]["octo/demo"]["releases"][0];
    assert_eq!(release["body"], "see http://sandbox.invalid/octo/demo/pull/1");
    assert_eq!(snapshot["index"]["demo"].as_array().unwrap().len(), 2);
}

#[test]
fn seeds_are_checked() {
    let sandbox = start();
    let error = sandbox.add_milestone("octo/none", MilestoneSeed::default()).unwrap_err();
    assert_eq!(error.to_string(), "there is no repository octo/none; add it first");
    sandbox.add_repository(RepositorySeed::new("octo", "demo")).unwrap();
    let milestone = MilestoneSeed { title: "2.0".into(), ..MilestoneSeed::default() };
    assert_eq!(sandbox.add_milestone("octo/demo", milestone.clone()).unwrap(), 1);
    assert!(matches!(sandbox.add_milestone("octo/demo", milestone), Err(SandboxError::TitleTaken { .. })));
    let seed = crate::IssueSeed { number: Some(7), ..crate::IssueSeed::default() };
    assert_eq!(sandbox.add_issue("octo/demo", seed.clone()).unwrap(), 7);
    assert!(matches!(
        sandbox.add_issue("octo/demo", seed.clone()),
        Err(SandboxError::NumberTaken { number: 7 })
    ));
    let seed = crate::IssueSeed { number: None, milestone: Some("1.0".into()), ..seed };
    assert!(matches!(sandbox.add_issue("Octo/Demo", seed), Err(SandboxError::UnknownMilestone { .. })));
    let pull = crate::PullRequestSeed { title: "t".into(), ..crate::PullRequestSeed::default() };
    assert_eq!(sandbox.add_pull_request("octo/demo", pull).unwrap(), 8);
}
