use std::sync::Mutex;

use super::*;
use crate::{BoxFuture, Scheme, Secret};

/// Answers from a script and remembers what was asked.
struct Script {
    answers: Mutex<Vec<Result<http::Response<Bytes>, TransportError>>>,
    asked: Mutex<Vec<(String, bool)>>,
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Bytes>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let authorised = request.headers().contains_key(header::AUTHORIZATION);
        self.asked.lock().unwrap().push((request.uri().to_string(), authorised));
        let answer = self.answers.lock().unwrap().remove(0);
        Box::pin(async move { answer })
    }
}

struct NoWait;

impl Timer for NoWait {
    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

#[expect(clippy::unnecessary_wraps, reason = "an item of the script")]
fn answer(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<http::Response<Bytes>, TransportError> {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Ok(response.body(Bytes::from(body.to_owned())).unwrap())
}

#[track_caller]
fn run(
    url: &str,
    method: Method,
    safety: Safety,
    answers: Vec<Result<http::Response<Bytes>, TransportError>>,
) -> (Result<Response, HttpError>, Vec<(String, bool)>) {
    let script = Arc::new(Script { answers: Mutex::new(answers), asked: Mutex::new(Vec::new()) });
    let client = Client::new(script.clone()).with_timer(Arc::new(NoWait));
    let credential = Credential::new(
        Origin::of(&Url::parse("https://pypi.example/").unwrap()),
        Scheme::Bearer(Secret::new("s3cret-token")),
    );
    let request = Request::builder().method(method).uri(url).body(Bytes::new()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runtime.block_on(client.send(request, Some(&credential), safety));
    let asked = script.asked.lock().unwrap().clone();
    (result, asked)
}

const HOME: &str = "https://pypi.example/simple/";

#[test]
fn safe_requests_outlive_passing_failures() {
    let (result, asked) = run(
        HOME,
        Method::GET,
        Safety::Safe,
        vec![
            Err(TransportError::Broken("reset".into())),
            answer(503, &[], "busy"),
            answer(429, &[("retry-after", "1")], ""),
            answer(200, &[], "here"),
        ],
    );
    assert_eq!(result.unwrap().body, "here");
    assert_eq!(asked.len(), 4);
    assert!(asked.iter().all(|(_, authorised)| *authorised));
}

#[test]
fn a_request_that_may_have_acted_is_not_repeated() {
    for failure in [Err(TransportError::Broken("reset".into())), answer(503, &[], "busy")] {
        let (result, asked) = run(HOME, Method::POST, Safety::Once, vec![failure]);
        assert!(result.unwrap_err().is_passing());
        assert_eq!(asked.len(), 1);
    }
    let refused = vec![Err(TransportError::Connect("refused".into())), answer(200, &[], "")];
    assert_eq!(run(HOME, Method::POST, Safety::Once, refused).1.len(), 2, "nothing was sent the first time");
}

#[test]
fn refused_credentials_are_never_retried_nor_shown() {
    for status in [401, 403] {
        let (result, asked) =
            run(HOME, Method::GET, Safety::Safe, vec![answer(status, &[], "no: s3cret-token is bad")]);
        let error = result.unwrap().success().unwrap_err();
        assert_eq!(asked.len(), 1);
        assert!(error.is_refused());
        assert_eq!(error.to_string(), format!("GET {HOME}: the server answered {status}: no: *** is bad"));
        assert!(!format!("{error:?}").contains("s3cret"));
    }
}

#[test]
fn credentials_do_not_leave_their_origin() {
    let away = answer(302, &[("location", "https://elsewhere.example/x")], "");
    let (result, asked) = run(HOME, Method::GET, Safety::Safe, vec![away]);
    assert!(
        matches!(result.unwrap_err().problem, Problem::Redirect(to) if to == "https://elsewhere.example/x")
    );
    assert_eq!(asked.len(), 1);

    let (result, asked) =
        run("https://other.example/", Method::GET, Safety::Safe, vec![answer(200, &[], "")]);
    assert!(result.is_ok());
    assert!(!asked[0].1, "a credential of another origin is not attached");

    let near = answer(301, &[("location", "/simple/demo/")], "");
    let (result, asked) = run(HOME, Method::GET, Safety::Safe, vec![near, answer(200, &[], "ok")]);
    assert_eq!(result.unwrap().url.as_str(), "https://pypi.example/simple/demo/");
    assert!(asked[1].1);
}

#[test]
fn uploads_are_not_redirected_and_plain_http_stays_home() {
    let moved = answer(308, &[("location", "/legacy/")], "");
    let (result, _) = run("https://pypi.example/legacy", Method::POST, Safety::Safe, vec![moved]);
    assert!(matches!(result.unwrap_err().problem, Problem::Redirect(_)));
    let (result, asked) = run("http://pypi.example/simple/", Method::GET, Safety::Safe, vec![]);
    assert!(matches!(result.unwrap_err().problem, Problem::Insecure));
    assert!(asked.is_empty(), "nothing was sent");
}

#[test]
fn retry_after_may_be_a_date() {
    let mut headers = HeaderMap::new();
    headers.insert("date", "Fri, 20 Nov 2026 10:00:00 GMT".parse().unwrap());
    headers.insert("retry-after", "Fri, 20 Nov 2026 10:00:09 GMT".parse().unwrap());
    assert_eq!(retry_after(&headers), Some(Duration::from_secs(9)));
}

#[test]
fn a_secret_across_the_cut_is_not_shown_in_part() {
    for (before, after) in [(290, 0), (4090, 9000)] {
        let body = format!("{}s3cret-token{}", "x ".repeat(before / 2), "y".repeat(after));
        let (result, _) = run(HOME, Method::GET, Safety::Safe, vec![answer(401, &[], &body)]);
        let shown = result.unwrap().success().unwrap_err().to_string();
        assert!(!shown.contains("s3"), "{shown}");
    }
}
