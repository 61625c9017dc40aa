use serde_json::json;

use super::{
    client::{Answer, basic, form, get, send, upload},
    start,
};
use crate::{FileSeed, Options, Sandbox, Url, digest};

const DEMO: &[(&str, &str)] = &[("name", "Demo.Pkg"), ("version", "1.0")];
const DEMO_FILE: &str = "demo_pkg-1.0.tar.gz";

fn json_accept() -> [(&'static str, &'static str); 1] {
    [("Accept", "application/vnd.pypi.simple.v1+json")]
}

#[test]
fn upload_again_and_other_content() {
    let sandbox = start();
    let first = upload(&sandbox, DEMO, DEMO_FILE, b"one");
    assert_eq!((first.status, first.text().as_str()), (200, ""));
    assert_eq!(upload(&sandbox, DEMO, DEMO_FILE, b"one").status, 200);
    let other = upload(&sandbox, DEMO, DEMO_FILE, b"two");
    assert_eq!(other.status, 400);
    let hash = digest::blake2b_256(b"two");
    assert!(
        other.text().contains(&format!("File already exists ('{DEMO_FILE}', with blake2_256 hash '{hash}')"))
    );
    let tally = &sandbox.uploads()[0];
    assert_eq!((tally.accepted, tally.duplicate, tally.refused), (1, 1, 1));
    assert_eq!(sandbox.file_content(DEMO_FILE).unwrap(), "one");
    assert_eq!(sandbox.projects(), ["demo-pkg"]);
}

#[track_caller]
fn check_refused(sandbox: &Sandbox, fields: &[(&str, &str)], filename: &str, message: &str) {
    let answer = upload(sandbox, fields, filename, b"content");
    assert_eq!(answer.status, 400, "{fields:?}");
    assert!(answer.text().contains(message), "{fields:?}: {}", answer.text());
    assert_eq!(sandbox.files("demo-pkg"), []);
}

#[test]
fn forms_are_checked() {
    let sandbox = start();
    let with = |name: &'static str, value: &'static str| [DEMO, &[(name, value)]].concat();
    let zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    check_refused(&sandbox, &with(":action", "submit"), DEMO_FILE, "Unknown action");
    check_refused(&sandbox, &with("protocol_version", "2"), DEMO_FILE, "Unknown protocol version");
    check_refused(&sandbox, &with("metadata_version", "9.9"), DEMO_FILE, "not a valid metadata version");
    check_refused(&sandbox, &with("filetype", "bdist_egg"), DEMO_FILE, "Use a known file type");
    check_refused(&sandbox, &with("pyversion", "py3"), DEMO_FILE, "Use 'source'");
    check_refused(&sandbox, &with("sha256_digest", zeros), DEMO_FILE, "digest supplied does not match");
    check_refused(&sandbox, &with("sha256_digest", ""), DEMO_FILE, "at least one message digest");
    check_refused(&sandbox, &with("blake2_256_digest", zeros), DEMO_FILE, "digest supplied does not match");
    check_refused(&sandbox, &with("md5_digest", "00"), DEMO_FILE, "digest supplied does not match");
    check_refused(&sandbox, DEMO, "", "does not have a file");
    check_refused(&sandbox, DEMO, "other-1.0.tar.gz", "Start filename for");
    check_refused(&sandbox, DEMO, "demo_pkg-1.1.tar.gz", "Version in filename");
    check_refused(&sandbox, &[("name", "-x"), ("version", "1.0")], DEMO_FILE, "is invalid for 'name'");
    check_refused(
        &sandbox,
        &[("name", "demo-pkg"), ("version", "one")],
        DEMO_FILE,
        "is invalid for 'version'",
    );
    check_refused(&sandbox, &[("name", "demo-pkg"), ("version", "1.0+a")], DEMO_FILE, "local versions");
    check_refused(&sandbox, &[("name", "demo-pkg")], DEMO_FILE, "invalid value for Version");
}

#[test]
fn credentials_come_first() {
    let sandbox = start();
    let wrong = basic("pypi-wrong");
    let form = form(&[(":action", "nonsense")], DEMO_FILE, b"x");
    for headers in [vec![], vec![("Authorization", wrong.as_str())]] {
        let mut headers = headers;
        headers.push(("Content-Type", "multipart/form-data; boundary=edge"));
        let answer = send(&sandbox, "POST", "/legacy/", &headers, &form);
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("403 Invalid or non-existent authentication information."));
    }
    assert_eq!(sandbox.uploads()[0].refused, 2);
    assert!(sandbox.events().iter().all(|event| !event.authorised && event.status == 403));
    assert_eq!(send(&sandbox, "POST", "/legacy", &[], b"").header("location"), Some("/legacy/"));
    assert_eq!(get(&sandbox, "/legacy/", &[]).status, 405);
}

#[test]
fn a_body_cut_short_stores_nothing() {
    let sandbox = start();
    let authorization = basic(sandbox.token());
    let headers =
        [("Authorization", authorization.as_str()), ("Content-Type", "multipart/form-data; boundary=edge")];
    let whole = form(DEMO, DEMO_FILE, b"content");
    let answer = send(&sandbox, "POST", "/legacy/", &headers, &whole[..whole.len() - 8]);
    assert_eq!(answer.status, 400);
    assert_eq!(sandbox.files("demo-pkg"), []);
}

#[test]
fn refusals_come_in_the_form_asked_for() {
    let sandbox = start();
    let plain = send(&sandbox, "POST", "/legacy/", &[], b"");
    assert!(plain.header("content-type").unwrap().starts_with("text/plain"));
    let html = send(&sandbox, "POST", "/legacy/", &[("Accept", "*/*")], b"");
    assert!(html.text().contains("<h1>403 Invalid"));
    let json = send(&sandbox, "POST", "/legacy/", &[("Accept", "application/json, text/plain;q=0.8")], b"");
    assert!(json.json()["code"].as_str().unwrap().starts_with("403 Invalid"));
}

fn listed() -> Sandbox {
    let sandbox = start();
    let wheel = [("filetype", "bdist_wheel"), ("pyversion", "py3"), ("requires_python", ">=3.8,<4 & \"x\"")];
    for (version, file) in
        [("1.10", "demo_pkg-1.10-py3-none-any.whl"), ("1.9", "demo_pkg-1.9-py3-none-any.whl")]
    {
        let fields = [&wheel[..], &[("name", "Demo.Pkg"), ("version", version)]].concat();
        assert_eq!(upload(&sandbox, &fields, file, version.as_bytes()).status, 200);
    }
    sandbox
}

#[test]
fn json_listing() {
    let sandbox = listed();
    sandbox.yank("demo-pkg", "1.9.0", "broken <b>").unwrap();
    let answer = get(&sandbox, "/simple/demo-pkg/", &json_accept());
    assert_eq!(answer.header("content-type"), Some("application/vnd.pypi.simple.v1+json"));
    let page = answer.expect(200);
    assert_eq!(page["meta"]["api-version"], "1.1");
    assert_eq!(page["name"], "demo-pkg");
    assert_eq!(page["versions"], json!(["1.9", "1.10"]));
    assert_eq!(
        page["files"][1],
        json!({
            "filename": "demo_pkg-1.9-py3-none-any.whl",
            "url": "/files/demo-pkg/demo_pkg-1.9-py3-none-any.whl",
            "hashes": { "sha256": digest::sha256(b"1.9") },
            "requires-python": ">=3.8,<4 & \"x\"",
            "size": 3,
            "upload-time": "2026-01-01T00:00:00Z",
            "yanked": "broken <b>",
            "core-metadata": false,
        })
    );
    assert_eq!(page["files"][0]["yanked"], false);
    sandbox.yank("demo-pkg", "1.9", "").unwrap();
    assert_eq!(get(&sandbox, "/simple/demo-pkg/", &json_accept()).json()["files"][1]["yanked"], true);
    sandbox.unyank("demo-pkg", "1.9").unwrap();
    assert_eq!(get(&sandbox, "/simple/demo-pkg/", &json_accept()).json()["files"][1]["yanked"], false);
    let root = get(&sandbox, "/simple/", &json_accept()).expect(200);
    assert_eq!(root["projects"], json!([{ "name": "Demo.Pkg" }]));
}

#[test]
fn html_listing() {
    let sandbox = listed();
    sandbox.yank("demo-pkg", "1.9", "broken <b>").unwrap();
    let html = get(&sandbox, "/simple/demo-pkg/", &[]).text();
    let line = format!(
        "<a href=\"/files/demo-pkg/demo_pkg-1.9-py3-none-any.whl#sha256={}\" \
         data-requires-python=\"&gt;=3.8,&lt;4 &amp; &quot;x&quot;\" data-yanked=\"broken &lt;b&gt;\">\
         demo_pkg-1.9-py3-none-any.whl</a>",
        digest::sha256(b"1.9")
    );
    assert!(html.contains(&line), "{html}");
    assert!(get(&sandbox, "/simple/", &[]).text().contains("<a href=\"/simple/demo-pkg/\">Demo.Pkg</a>"));
}

#[test]
fn negotiation() {
    let sandbox = listed();
    let json = "application/vnd.pypi.simple.v1+json";
    let html = "application/vnd.pypi.simple.v1+html";
    let plain = "text/html; charset=UTF-8";
    let pip =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
    for (accept, expected) in [
        (pip, json),
        ("*/*", plain),
        ("application/vnd.pypi.simple.v1+html", html),
        ("application/vnd.pypi.simple.latest+json", json),
        ("application/vnd.pypi.simple.v1+json;q=0.1, text/html", plain),
        ("image/png", plain),
    ] {
        let answer = get(&sandbox, "/simple/demo-pkg/", &[("Accept", accept)]);
        assert_eq!(answer.header("content-type"), Some(expected), "{accept}");
        assert_eq!(answer.header("vary"), Some("Accept"));
    }
}

#[test]
fn names_are_normalised_and_files_are_served() {
    let sandbox = listed();
    for path in ["/simple/Demo.Pkg/", "/simple/demo-pkg", "/simple/demo__pkg"] {
        let answer = get(&sandbox, path, &[]);
        assert_eq!((answer.status, answer.header("location")), (301, Some("/simple/demo-pkg/")), "{path}");
    }
    let file = get(&sandbox, "/files/demo-pkg/demo_pkg-1.9-py3-none-any.whl", &[]);
    assert_eq!((file.status, file.body.as_slice()), (200, b"1.9".as_slice()));
    let head = send(&sandbox, "HEAD", "/files/demo-pkg/demo_pkg-1.9-py3-none-any.whl", &[], b"");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("3"), 0));
    for path in ["/files/demo-pkg/other.whl", "/files/x/y/z", "/simple/unknown/", "/simple/a/b/", "/nowhere"]
    {
        assert_eq!(get(&sandbox, path, &[]).status, 404, "{path}");
    }
}

#[test]
fn legacy_json() {
    let sandbox = listed();
    assert_eq!(get(&sandbox, "/pypi/Demo.Pkg/json", &[]).expect(200)["info"]["version"], "1.10");
    sandbox.yank("demo-pkg", "1.10", "").unwrap();
    let page = get(&sandbox, "/pypi/demo-pkg/json", &[]).expect(200);
    assert_eq!(page["info"]["version"], "1.9");
    assert_eq!(page["releases"]["1.10"][0]["yanked"], true);
    let url = page["urls"][0]["url"].as_str().unwrap();
    assert!(url.starts_with(sandbox.base_url().as_str()));
    let one = get(&sandbox, "/pypi/demo-pkg/1.10.0/json", &[]).expect(200);
    assert_eq!((&one["info"]["version"], one.get("releases")), (&json!("1.10"), None));
    for path in ["/pypi/demo-pkg/2.0/json", "/pypi/demo-pkg/x/json", "/pypi/other/json"] {
        get(&sandbox, path, &[]).expect(404);
    }
}

#[test]
fn passthrough() {
    let passthrough = Some(Url::parse("https://pypi.example/simple").unwrap());
    let sandbox = Sandbox::start(Options { passthrough, ..Options::default() }).unwrap();
    let location = |answer: &Answer| answer.header("location").map(str::to_owned);
    let answer = get(&sandbox, "/simple/requests/", &[]);
    assert_eq!(
        (answer.status, location(&answer).as_deref()),
        (302, Some("https://pypi.example/simple/requests/"))
    );
    assert_eq!(get(&sandbox, "/simple/Requests/", &[]).status, 301);
    let seed = FileSeed {
        name: "requests".into(),
        version: "1".into(),
        filename: "requests-1.tar.gz".into(),
        content: b"x".to_vec(),
        requires_python: None,
    };
    sandbox.add_file(seed.clone()).unwrap();
    assert_eq!(get(&sandbox, "/simple/requests/", &[]).status, 200);
    assert_eq!(sandbox.uploads(), []);
    let error = sandbox.add_file(FileSeed { content: b"y".to_vec(), ..seed }).unwrap_err();
    assert!(error.to_string().contains("File already exists"));
}

#[test]
fn one_sdist_per_release_and_one_name_per_content() {
    let sandbox = start();
    assert_eq!(upload(&sandbox, DEMO, DEMO_FILE, b"one").status, 200);
    let zip = upload(&sandbox, DEMO, "demo_pkg-1.0.0.zip", b"two");
    assert!(zip.text().contains("Only one sdist may be uploaded per release."));
    let copy = upload(&sandbox, &[("name", "demo-pkg"), ("version", "2.0")], "demo_pkg-2.0.tar.gz", b"one");
    assert!(copy.text().contains("File already exists"));
}
