use std::sync::Arc;

use bytes::Bytes;
use tminus_http::{BoxFuture, Client, Limits, Transport, TransportError};

use super::*;

/// One answer to every request.
struct One(u16, &'static str, String);

impl Transport for One {
    fn send(
        &self,
        _: http::Request<Bytes>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut response = http::Response::builder().status(self.0);
        if !self.1.is_empty() {
            response = response.header("content-type", self.1);
        }
        let response = response.body(Bytes::from(self.2.clone())).unwrap();
        Box::pin(async move { Ok(response) })
    }
}

fn read(content_type: &'static str, body: &str) -> Result<Listing, HttpError> {
    let client = Client::new(Arc::new(One(200, content_type, body.to_owned())));
    let url = Url::parse("https://pypi.example/simple/demo/").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime.block_on(client.get(&url, None, ACCEPT)).unwrap();
    Listing::read(&"demo".parse().unwrap(), &response)
}

const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn json() {
    let body = serde_json::json!({
        "meta": { "api-version": "1.4", "_last-serial": 3 },
        "name": "demo",
        "versions": ["1.0"],
        "files": [
            {
                "filename": "demo-1.0-py3-none-any.whl", "url": "https://files.example/d/demo-1.0-py3-none-any.whl",
                "hashes": { "sha256": HASH }, "size": 12, "upload-time": "2026-11-20T10:00:00.000001Z",
                "requires-python": ">=3.9", "yanked": false, "core-metadata": { "sha256": HASH },
            },
            { "filename": "demo-1.0.tar.gz", "url": "../../files/demo-1.0.tar.gz", "hashes": {}, "yanked": "broken" },
            { "filename": "demo-0.9.tar.gz", "url": "demo-0.9.tar.gz", "hashes": { "md5": "00" }, "yanked": true },
            { "filename": "../../etc/demo-1.0.tar.gz", "url": "x", "hashes": {} },
        ],
    });
    let listing = read("application/vnd.pypi.simple.v1+json", &body.to_string()).unwrap();
    let names: Vec<&str> = listing.files.iter().map(|file| file.filename.as_str()).collect();
    assert_eq!(names, ["demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz", "demo-0.9.tar.gz"]);
    let [wheel, sdist, old] = listing.files.as_slice() else { unreachable!() };
    assert_eq!(wheel.sha256, Some(HASH.parse().unwrap()));
    assert_eq!((wheel.size_bytes, wheel.requires_python.as_deref()), (Some(12), Some(">=3.9")));
    assert_eq!(wheel.upload_time.as_deref(), Some("2026-11-20T10:00:00.000001Z"));
    assert_eq!(wheel.yanked, Yanked::No);
    assert_eq!(sdist.url.as_str(), "https://pypi.example/files/demo-1.0.tar.gz");
    assert_eq!(sdist.yanked, Yanked::Yes { reason: Some("broken".to_owned()) });
    assert_eq!((old.sha256, &old.yanked), (None, &Yanked::Yes { reason: None }));
    assert_eq!(listing.files_of(&"1.0.0".parse().unwrap()).count(), 2);
    assert_eq!(listing.versions(), ["0.9".parse().unwrap(), "1.0".parse().unwrap()]);
}

#[test]
fn html() {
    let body = format!(
        r#"<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.1">
        <title>Links for <a href="demo-7.tar.gz"></title><!-- <a href="demo-8.tar.gz"> -->
        <script>'<a href="demo-9.tar.gz">'</script></head><body>
        <a href="/files/demo-1.0-py3-none-any.whl#sha256={HASH}" data-requires-python="&gt;=3.9">demo</a><br/>
        <A HREF='demo-1.0%2Blocal.tar.gz' data-yanked="bad &amp; worse">demo</A>
        <a data-yanked href = demo-0.9.tar.gz#md5=00>x</a>
        <a href="demo-1.1-py3-none-any.whl#egg=x&amp;sha256={HASH}">x</a>
        <a name="top">no link</a> <a href="..%2Fx">x</a> <a href="../">up</a> 1 < 2
        </body>"#
    );
    let listing = read("text/html; charset=utf-8", &body).unwrap();
    let seen: Vec<(&str, &str, bool, &Yanked)> = listing
        .files
        .iter()
        .map(|file| (file.filename.as_str(), file.url.path(), file.sha256.is_some(), &file.yanked))
        .collect();
    let bad = Yanked::Yes { reason: Some("bad & worse".to_owned()) };
    let expected = [
        ("demo-1.0-py3-none-any.whl", "/files/demo-1.0-py3-none-any.whl", true, &Yanked::No),
        ("demo-1.0+local.tar.gz", "/simple/demo/demo-1.0%2Blocal.tar.gz", false, &bad),
        ("demo-0.9.tar.gz", "/simple/demo/demo-0.9.tar.gz", false, &Yanked::Yes { reason: None }),
        ("demo-1.1-py3-none-any.whl", "/simple/demo/demo-1.1-py3-none-any.whl", true, &Yanked::No),
    ];
    assert_eq!(seen, expected);
    assert_eq!(listing.files[0].requires_python.as_deref(), Some(">=3.9"));
    assert!(listing.files.iter().all(|file| file.url.fragment().is_none()));
}

#[test]
fn base_moves_relative_links() {
    let body =
        r#"<base href="https://files.example/pool/"><base href="/no/"><a href="demo-1.0.tar.gz">x</a>"#;
    let listing = read("", body).unwrap();
    assert_eq!(listing.files[0].url.as_str(), "https://files.example/pool/demo-1.0.tar.gz");
}

#[test]
fn what_is_no_listing_is_refused() {
    for (content_type, body, expected) in [
        ("text/plain", "demo", "content type \"text/plain\""),
        ("application/vnd.pypi.simple.v1+json", "<html>", "a listing in JSON"),
        ("application/json", "{}", "missing field `files`"),
        (
            "application/json",
            r#"{"meta":{"api-version":"2.0"},"files":[]}"#,
            "simple API version 2.0; 1.x is understood",
        ),
        (
            "text/html",
            r#"<meta name="pypi:repository-version" content="2.0">"#,
            "simple API version 2.0; 1.x is understood",
        ),
    ] {
        let error = read(content_type, body).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.starts_with("GET https://pypi.example/simple/demo/: "), "{error}");
    }
}
