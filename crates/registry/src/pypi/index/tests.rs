use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tminus_http::{BoxFuture, Origin, Scheme, Secret, Timer, Transport, TransportError};

use super::*;
use crate::pypi::inspect::tests::{SDIST_NAME, WHEEL_NAME, sdist, wheel};
use crate::pypi::{Artifact, Listing};

const UPLOAD: &str = "https://upload.pypi.example/legacy/";
const TOKEN: &str = "pypi-s3cret";

/// What goes wrong with one upload.
#[derive(Clone, Copy)]
enum Fault {
    /// The file is stored, and the answer is lost.
    LostAfter,
    /// Nothing is stored, and there is no answer.
    LostBefore,
    /// This answer, and nothing is stored.
    Status(u16, &'static str),
    /// The file is stored, with this answer.
    StoredStatus(u16),
}

#[derive(Default)]
struct State {
    /// Name, content, and the number of listings that do not show it yet.
    files: Vec<(String, Bytes, u32)>,
    faults: VecDeque<Fault>,
    /// Statuses of the next listings, in place of an answer.
    listing_faults: VecDeque<u16>,
    no_digests: bool,
    uploads: Vec<Bytes>,
    requests: Vec<String>,
    slept: Vec<Duration>,
    lag: u32,
}

/// An index in memory, and the clock of its client.
#[derive(Default)]
struct Server(Mutex<State>);

impl Server {
    fn with(change: impl FnOnce(&mut State)) -> Arc<Self> {
        let server = Self::default();
        change(&mut server.0.lock().unwrap());
        Arc::new(server)
    }

    fn index(self: &Arc<Self>) -> Index {
        let transport: Arc<dyn Transport> = self.clone();
        let timer: Arc<dyn Timer> = self.clone();
        let retry = tminus_http::RetryPolicy { attempts: 2, ..tminus_http::RetryPolicy::default() };
        let client = Client::new(transport).with_timer(timer).with_retry(retry);
        let upload = Url::parse(UPLOAD).unwrap();
        let scheme = Scheme::Basic { user: "__token__".to_owned(), password: Secret::new(TOKEN) };
        let credential = Credential::new(Origin::of(&upload), scheme);
        let simple = Url::parse("https://pypi.example/simple").unwrap();
        Index::new(client, Endpoints { upload: Some(upload), simple }, Some(credential))
    }

    fn uploads(&self) -> usize {
        self.0.lock().unwrap().uploads.len()
    }
}

impl Timer for Server {
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().slept.push(duration);
        Box::pin(async {})
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: Request<Bytes>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let answer = self.0.lock().unwrap().answer(&request);
        Box::pin(async move { answer })
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let authorised =
            request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
        self.requests.push(format!("{} {}", request.method(), request.uri()));
        let respond = |status: u16, content_type: &str, body: Bytes| {
            Ok(http::Response::builder()
                .status(status)
                .header("content-type", content_type)
                .body(body)
                .unwrap())
        };
        if request.method() == Method::GET {
            assert_eq!(authorised, None, "the token belongs to the upload origin");
            if let Some(filename) = request.uri().path().strip_prefix("/files/") {
                let file = self.files.iter().find(|(name, ..)| name == filename).unwrap();
                return respond(200, "application/octet-stream", file.1.clone());
            }
            assert_eq!(request.uri().path(), "/simple/demo/");
            assert_eq!(request.headers().get("cache-control").unwrap(), "no-cache");
            if let Some(status) = self.listing_faults.pop_front() {
                return respond(status, "text/plain", Bytes::from("busy"));
            }
            let mut files = Vec::new();
            for (filename, content, hidden) in &mut self.files {
                if *hidden > 0 {
                    *hidden -= 1;
                    continue;
                }
                let digest = Sha256::of(content).to_string();
                let hashes = if self.no_digests {
                    serde_json::json!({})
                } else {
                    serde_json::json!({ "sha256": digest })
                };
                let url = format!("/files/{filename}");
                files.push(serde_json::json!({ "filename": filename, "url": url, "hashes": hashes }));
            }
            if files.is_empty() {
                return respond(404, "text/plain", Bytes::from("404 Not Found"));
            }
            let body =
                serde_json::json!({ "meta": { "api-version": "1.1" }, "name": "demo", "files": files });
            return respond(200, "application/vnd.pypi.simple.v1+json", Bytes::from(body.to_string()));
        }
        assert_eq!(request.uri(), UPLOAD);
        assert!(authorised.unwrap().starts_with("Basic "));
        self.uploads.push(request.body().clone());
        let fault = self.faults.pop_front();
        if let Some(Fault::LostBefore) = fault {
            return Err(TransportError::Broken("reset".to_owned()));
        }
        if let Some(Fault::Status(status, words)) = fault {
            return respond(status, "text/html", Bytes::from(words));
        }
        let (filename, content) = content_of(request);
        match self.files.iter().find(|(name, ..)| *name == filename) {
            Some((_, theirs, _)) if *theirs == content => {}
            Some(_) => return respond(400, "text/plain", Bytes::from("no")),
            None => self.files.push((filename, content, self.lag)),
        }
        match fault {
            Some(Fault::LostAfter) => Err(TransportError::Broken("reset".to_owned())),
            Some(Fault::StoredStatus(status)) => respond(status, "text/plain", Bytes::new()),
            _ => respond(200, "text/plain", Bytes::new()),
        }
    }
}

/// The parts of a multipart body, read as the standard says: header and content of each.
fn parts(request: &Request<Bytes>) -> Vec<(String, Vec<u8>)> {
    let content_type = request.headers().get("content-type").unwrap().to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    // Latin-1 there and back keeps every byte.
    let body: String = request.body().iter().map(|&byte| byte as char).collect();
    let body = format!("\r\n{body}");
    let mut parts: Vec<&str> = body.split(&format!("\r\n--{boundary}")).collect();
    assert_eq!(parts.remove(0), "");
    assert_eq!(parts.pop(), Some("--\r\n"), "the last boundary");
    let parts =
        parts.into_iter().map(|part| part.strip_prefix("\r\n").unwrap().split_once("\r\n\r\n").unwrap());
    parts.map(|(head, content)| (head.to_owned(), content.chars().map(|c| c as u8).collect())).collect()
}

fn content_of(request: &Request<Bytes>) -> (String, Bytes) {
    let (head, content) = parts(request).pop().unwrap();
    let filename =
        head.strip_prefix("Content-Disposition: form-data; name=\"content\"; filename=\"").unwrap();
    let (filename, rest) = filename.split_once('"').unwrap();
    assert_eq!(rest, "\r\nContent-Type: application/octet-stream");
    (filename.to_owned(), Bytes::from(content))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn demo() -> ProjectName {
    "demo".parse().unwrap()
}

fn artifact() -> Artifact {
    Artifact::new(wheel(), WHEEL_NAME).unwrap()
}

#[test]
fn an_upload_is_what_indexes_read() {
    let server = Server::with(|_| {});
    let index = server.index();
    assert_eq!(run(index.upload(&artifact())).unwrap(), Uploaded::Accepted);
    assert_eq!(run(index.upload(&Artifact::new(sdist(), SDIST_NAME).unwrap())).unwrap(), Uploaded::Accepted);
    let state = server.0.lock().unwrap();
    assert_eq!(state.files[0].1, wheel());
    assert_eq!(state.files[1].1, sdist());
    let form =
        form::Form::new(WHEEL_NAME, &[("a", "1"), ("a", "two\r\nlines"), ("b", "")], Some(&artifact()));
    let request = form.request(&Url::parse(UPLOAD).unwrap()).unwrap();
    let fields = parts(&request);
    let named = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
    assert_eq!(fields[0], (named("a"), b"1".to_vec()));
    assert_eq!(fields[1], (named("a"), b"two\r\nlines".to_vec()));
    assert_eq!(fields[2], (named("b"), Vec::new()));
    let first = String::from_utf8_lossy(&state.uploads[0]).into_owned();
    let digest = Sha256::of(&wheel()).to_string();
    for (name, value) in [
        (":action", "file_upload"),
        ("protocol_version", "1"),
        ("filetype", "bdist_wheel"),
        ("pyversion", "py3"),
        ("sha256_digest", digest.as_str()),
        ("metadata_version", "2.4"),
        ("name", "Demo"),
        ("version", "1.0"),
        ("requires_python", ">=3.9"),
        ("description", "A demo.\n"),
    ] {
        assert!(first.contains(&format!("{}\r\n\r\n{value}\r\n", named(name))), "{name}");
    }
    let second = String::from_utf8_lossy(&state.uploads[1]).into_owned();
    assert!(second.contains(&format!("{}\r\n\r\nsource\r\n", named("pyversion"))));
}

/// The outcome in a word, and how often the form was sent.
#[track_caller]
fn check_upload(change: impl FnOnce(&mut State), expected: Result<Uploaded, &str>, uploads: usize) {
    let server = Server::with(change);
    let outcome = run(server.index().upload(&artifact()));
    assert_eq!(
        outcome.as_ref().map_err(ToString::to_string),
        expected.as_ref().map_err(|error| (*error).to_owned())
    );
    assert_eq!(server.uploads(), uploads);
}

#[test]
fn a_lost_answer_is_looked_up_before_anything_is_sent_again() {
    let faults = |faults: &[Fault]| {
        let faults: VecDeque<Fault> = faults.iter().copied().collect();
        move |state: &mut State| state.faults = faults
    };
    check_upload(faults(&[Fault::LostAfter]), Ok(Uploaded::AlreadyThere), 1);
    check_upload(faults(&[Fault::StoredStatus(504)]), Ok(Uploaded::AlreadyThere), 1);
    check_upload(faults(&[Fault::LostBefore]), Ok(Uploaded::Accepted), 2);
    check_upload(faults(&[Fault::Status(503, "busy")]), Ok(Uploaded::Accepted), 2);
    check_upload(
        faults(&[Fault::LostBefore; 3]),
        Err("demo-1.0-py3-none-any.whl: sent 3 times without an answer, and the index does not show it"),
        3,
    );
    // The listing lags behind: the same bytes once more, which the index takes.
    let lagging = |state: &mut State| {
        state.lag = 5;
        state.faults.push_back(Fault::LostAfter);
    };
    check_upload(lagging, Ok(Uploaded::Accepted), 2);
}

#[test]
fn a_rejection_is_decided_by_the_listing() {
    let there = |content: Bytes| {
        move |state: &mut State| {
            state.files.push((WHEEL_NAME.to_owned(), content, 0));
            state.faults.push_back(Fault::Status(400, "<h1>400 Bad Request</h1> no"));
        }
    };
    check_upload(there(wheel()), Ok(Uploaded::AlreadyThere), 1);
    let conflict = format!(
        "{WHEEL_NAME} is on the index with other content: ours has sha256 {}, theirs {}",
        Sha256::of(&wheel()),
        Sha256::of(b"other")
    );
    check_upload(there(Bytes::from("other")), Err(&conflict), 1);
    let without_digests = |state: &mut State| {
        there(Bytes::from("other"))(state);
        state.no_digests = true;
    };
    check_upload(without_digests, Err(&conflict), 1);
    let lagging = |state: &mut State| {
        state.files.push((WHEEL_NAME.to_owned(), wheel(), 2));
        state.faults.push_back(Fault::Status(409, "exists"));
    };
    check_upload(lagging, Ok(Uploaded::AlreadyThere), 1);
    let plain =
        |state: &mut State| state.faults.push_back(Fault::Status(400, "<p>The name is <b>taken</b></p>"));
    check_upload(plain, Err("demo-1.0-py3-none-any.whl: the index rejected it (400): The name is taken"), 1);
    let large = |state: &mut State| state.faults.push_back(Fault::Status(413, "too large"));
    check_upload(large, Err("demo-1.0-py3-none-any.whl: the index rejected it (413): too large"), 1);
    let unreadable = |state: &mut State| {
        state.faults.push_back(Fault::Status(400, "no"));
        state.listing_faults.extend([500, 500]);
    };
    check_upload(
        unreadable,
        Err(
            "demo-1.0-py3-none-any.whl: the index rejected it (400): no; whether it has it could not be read",
        ),
        1,
    );
}

#[test]
fn a_refused_credential_is_never_tried_again_nor_shown() {
    for status in [401, 403] {
        let server =
            Server::with(|state| state.faults.push_back(Fault::Status(status, "pypi-s3cret is invalid")));
        let error = run(server.index().upload(&artifact())).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{WHEEL_NAME}: {UPLOAD} refused the credential ({status}): *** is invalid")
        );
        assert!(!error.is_passing());
        assert!(!format!("{error:?}").contains(TOKEN));
        assert_eq!(server.0.lock().unwrap().requests.len(), 1);
    }
}

#[test]
fn a_credential_is_checked_without_writing() {
    for (status, expected) in [
        (400, CredentialCheck::Accepted { status: 400 }),
        (200, CredentialCheck::Accepted { status: 200 }),
        (403, CredentialCheck::Refused { status: 403, words: "no".to_owned() }),
        (401, CredentialCheck::Refused { status: 401, words: "no".to_owned() }),
    ] {
        let server = Server::with(|state| state.faults.push_back(Fault::Status(status, "no")));
        assert_eq!(run(server.index().check_credential()).unwrap(), expected);
        let state = server.0.lock().unwrap();
        assert!(state.files.is_empty());
        let body = String::from_utf8_lossy(&state.uploads[0]).into_owned();
        assert_eq!(body.matches("Content-Disposition").count(), 1);
    }
    let server = Server::with(|state| state.faults.extend([Fault::Status(503, "busy"); 2]));
    assert!(run(server.index().check_credential()).unwrap_err().is_passing());
    let mut index = server.index();
    index.endpoints.upload = None;
    assert_eq!(
        run(index.check_credential()).unwrap_err().to_string(),
        "no upload endpoint is configured for the index https://pypi.example/simple"
    );
}

#[test]
fn downloads_are_compared_with_the_listing() {
    let server = Server::with(|state| state.files.push((WHEEL_NAME.to_owned(), wheel(), 0)));
    let index = server.index();
    let listing: Listing = run(index.listing(&demo())).unwrap();
    let mut file = listing.file(WHEEL_NAME).unwrap().clone();
    assert_eq!(run(index.download(&file)).unwrap(), wheel());
    assert_eq!(run(index.sha256_of(&file)).unwrap(), Sha256::of(&wheel()));
    file.sha256 = None;
    assert_eq!(run(index.sha256_of(&file)).unwrap(), Sha256::of(&wheel()));
    file.sha256 = Some(Sha256::of(b"other"));
    assert!(matches!(run(index.download(&file)).unwrap_err(), IndexError::WrongDigest { .. }));
}

#[test]
fn listings_are_asked_for_by_normalized_name() {
    let server = Server::with(|_| {});
    let listing = run(server.index().listing(&"DEMO".parse().unwrap())).unwrap();
    assert!(!listing.exists && listing.files.is_empty());
    assert_eq!(server.0.lock().unwrap().requests, ["GET https://pypi.example/simple/demo/"]);
    let server = Server::with(|state| state.listing_faults.push_back(403));
    let error = run(server.index().listing(&demo())).unwrap_err();
    assert_eq!(error.to_string(), "GET https://pypi.example/simple/demo/: the server answered 403: busy");
}

fn expected() -> Vec<(String, Sha256)> {
    vec![(WHEEL_NAME.to_owned(), Sha256::of(&wheel())), (SDIST_NAME.to_owned(), Sha256::of(&sdist()))]
}

const WAIT: Wait = Wait { interval: Duration::from_secs(2), deadline: Duration::from_secs(60), answers: 2 };

#[track_caller]
fn wait(change: impl FnOnce(&mut State)) -> (Result<Visible, WaitError>, Vec<Poll>) {
    let server = Server::with(change);
    let mut polls = Vec::new();
    let outcome = run(server.index().wait_visible(&demo(), &expected(), WAIT, &mut |poll| polls.push(poll)));
    let slept: Duration = server.0.lock().unwrap().slept.iter().sum();
    if let Ok(visible) = &outcome {
        assert!(slept >= visible.waited, "every pause is the timer's");
    }
    (outcome, polls)
}

#[test]
fn visible_is_every_file_in_two_answers_in_a_row() {
    let files = |hidden: [u32; 2]| {
        move |state: &mut State| {
            state.files.push((WHEEL_NAME.to_owned(), wheel(), hidden[0]));
            state.files.push((SDIST_NAME.to_owned(), sdist(), hidden[1]));
        }
    };
    let (outcome, polls) = wait(files([0, 0]));
    assert_eq!(outcome.unwrap(), Visible { asked: 2, waited: Duration::from_secs(2) });
    assert_eq!(polls.iter().map(|poll| poll.good_answers).collect::<Vec<_>>(), [1, 2]);
    let (outcome, polls) = wait(files([1, 3]));
    assert_eq!(outcome.unwrap().asked, 5);
    let missing: Vec<usize> = polls.iter().map(|poll| poll.missing.len()).collect();
    assert_eq!(missing, [2, 1, 1, 0, 0]);
    // An answer that does not come starts the count again.
    let (outcome, polls) = wait(|state| {
        files([0, 0])(state);
        state.no_digests = true;
        state.listing_faults.extend([503, 503]);
    });
    assert_eq!(outcome.unwrap().asked, 3);
    assert!(polls[0].problem.as_ref().unwrap().contains("503"), "{polls:?}");
}

#[test]
fn waiting_ends() {
    let (outcome, polls) = wait(|state| state.files.push((WHEEL_NAME.to_owned(), wheel(), 0)));
    let error = outcome.unwrap_err();
    assert_eq!(error.to_string(), format!("not visible after 60 s: {SDIST_NAME}"));
    assert!(error.is_passing());
    assert_eq!(polls.last().unwrap().waited, Duration::from_secs(60));
    assert!(polls.len() < 12, "pauses grow: {}", polls.len());

    let (outcome, polls) = wait(|state| state.files.push((SDIST_NAME.to_owned(), wheel(), 0)));
    assert!(matches!(outcome.unwrap_err(), WaitError::Conflict { filename, .. } if filename == SDIST_NAME));
    assert_eq!(polls, [], "a wrong digest ends it at once");

    let (outcome, _) = wait(|state| state.listing_faults.push_back(401));
    let error = outcome.unwrap_err();
    assert!(matches!(&error, WaitError::Index(IndexError::Http(error)) if error.is_refused()));
    assert!(!error.is_passing());

    let server = Server::with(|_| {});
    let never = Wait { interval: Duration::ZERO, deadline: Duration::from_secs(1), answers: 0 };
    let outcome = run(server.index().wait_visible(&demo(), &expected(), never, &mut |_| {}));
    assert!(matches!(outcome, Err(WaitError::NotYet { missing, .. }) if missing.len() == 2));
    assert!(run(server.index().wait_visible(&demo(), &[], WAIT, &mut |_| {})).is_ok());
}

#[test]
fn futures_can_be_sent_between_threads() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let server = Server::with(|_| {});
    let (index, artifact, mut on_poll) = (server.index(), artifact(), |_| {});
    drop(sendable(index.upload(&artifact)));
    drop(sendable(index.wait_visible(&demo(), &expected(), WAIT, &mut on_poll)));
}
