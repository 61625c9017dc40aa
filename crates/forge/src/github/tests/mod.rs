mod failures;
mod people;
mod queries;
mod release;
mod work;

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tminus_http::{
    BoxFuture, Client, Credential, Limits, Origin, Scheme, Secret, Timer, Transport, TransportError, Url,
};

use super::*;

const API: &str = "https://api.forge.example/";

/// What was sent: method, URL below the API, body.
#[derive(Debug, Clone, PartialEq)]
struct Asked(String, String, Value);

type Answered = Result<http::Response<Bytes>, TransportError>;

/// Answers from a script and remembers what was asked.
struct Script {
    answers: Mutex<VecDeque<Answered>>,
    asked: Mutex<Vec<Asked>>,
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>, _: Limits) -> BoxFuture<'_, Answered> {
        assert_eq!(request.headers()["accept"], "application/vnd.github+json");
        assert_eq!(request.headers()["x-github-api-version"], "2022-11-28");
        assert_eq!(request.headers().contains_key("content-type"), !request.body().is_empty());
        let url = request.uri().to_string();
        let body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        let asked = Asked(request.method().to_string(), url.replacen(API, "/", 1), body);
        self.asked.lock().unwrap().push(asked);
        let answer = self.answers.lock().unwrap().pop_front().expect("the script has an answer");
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
fn answer(status: u16, headers: &[(&str, &str)], body: &Value) -> Answered {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Ok(response.body(Bytes::from(body.to_string())).unwrap())
}

fn ok(body: &Value) -> Answered {
    answer(200, &[], body)
}

/// A page that has another one after it.
fn page(body: &Value, next: &str) -> Answered {
    answer(200, &[("link", &format!("<{next}>; rel=\"next\", </last>; rel=\"last\""))], body)
}

fn forge(api: &str, credential: bool, answers: Vec<Answered>) -> (GitHub, Arc<Script>) {
    let script = Arc::new(Script { answers: Mutex::new(answers.into()), asked: Mutex::default() });
    let client = Client::new(script.clone()).with_timer(Arc::new(NoWait));
    let origin = Origin::of(&Url::parse(API).unwrap());
    let credential = credential.then(|| Credential::new(origin, Scheme::Bearer(Secret::new("s3cret-token"))));
    let api = Url::parse(api).unwrap();
    (GitHub::new(client, api, credential, "acme/demo".parse().unwrap()), script)
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Runs one method against a script; the whole script must have been used.
#[track_caller]
fn run<T>(
    answers: Vec<Answered>,
    method: impl AsyncFnOnce(&GitHub) -> Result<T, ForgeError>,
) -> (Result<T, ForgeError>, Vec<Asked>) {
    let (forge, script) = forge(API, true, answers);
    let result = wait(method(&forge));
    assert!(script.answers.lock().unwrap().is_empty(), "an answer is left over");
    let asked = script.asked.lock().unwrap().clone();
    (result, asked)
}

fn asked(method: &str, path: &str, body: Value) -> Asked {
    Asked(method.into(), path.into(), body)
}

fn got(path: &str) -> Asked {
    asked("GET", path, Value::Null)
}
