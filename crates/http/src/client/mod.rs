use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use url::Url;

use crate::origin::is_loopback;
use crate::{
    Credential, HttpError, Limits, Origin, Problem, RetryPolicy, SystemTimer, Timer, Transport,
    TransportError,
};

const MAX_REDIRECTS: usize = 5;
const WORDS_LIMIT: usize = 4096;
const SHOWN_CHARACTERS: usize = 300;
/// What is dropped at the end of a body that is longer than what is looked at: more than any token.
const CUT_CHARACTERS: usize = 1024;

/// Whether a request may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Sending it again changes nothing more.
    Safe,
    /// Sending it again might do the thing twice; the caller probes instead.
    Once,
}

/// Sends requests under the rules that the crate's front page lists.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    timer: Arc<dyn Timer>,
    retry: RetryPolicy,
    limits: Limits,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A response of any status, its body read whole.
#[derive(Debug, Clone)]
pub struct Response {
    /// The method that was used.
    pub method: Method,
    /// The URL that answered, after redirects. Relative links resolve against it.
    pub url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    words: String,
}

impl Response {
    /// The response itself for 2xx and 3xx, an error with the server's words otherwise.
    pub fn success(self) -> Result<Self, HttpError> {
        if self.status.is_client_error() || self.status.is_server_error() {
            Err(self.refusal())
        } else {
            Ok(self)
        }
    }

    /// This response as an error.
    pub fn refusal(&self) -> HttpError {
        let problem = Problem::Status { status: self.status.as_u16(), words: self.words.clone() };
        HttpError::new(&self.method, &self.url, problem)
    }

    /// An error saying that the answer is not what the protocol asks for.
    pub fn malformed(&self, what: impl Into<String>) -> HttpError {
        HttpError::new(&self.method, &self.url, Problem::Malformed(what.into()))
    }

    /// The server's own words: the start of the body, as text, secrets removed.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// A header as text.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Client {
    /// A client with default limits and retries.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            timer: Arc::new(SystemTimer),
            retry: RetryPolicy::default(),
            limits: Limits::default(),
        }
    }

    /// With another retry policy.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// With another timer.
    #[must_use]
    pub fn with_timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = timer;
        self
    }

    /// With other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The timer, for callers that poll.
    pub fn timer(&self) -> &Arc<dyn Timer> {
        &self.timer
    }

    /// `GET url`, retried.
    pub async fn get(
        &self,
        url: &Url,
        credential: Option<&Credential>,
        accept: &str,
    ) -> Result<Response, HttpError> {
        let request = Request::get(url.as_str()).header(header::ACCEPT, accept).body(Bytes::new());
        let request = request.map_err(|error| unsendable(&Method::GET, url, &error))?;
        self.send(request, credential, Safety::Safe).await
    }

    /// Sends `request`, with `credential` where it belongs to the request's origin.
    ///
    /// Redirects are followed for GET and HEAD, never to another origin while a credential is attached.
    ///
    /// # Errors
    /// Network failures and 5xx or 429 answers after the retries are spent; plain http beyond loopback; refused
    /// redirects; oversized answers. Every other status is a [`Response`].
    pub async fn send(
        &self,
        request: Request<Bytes>,
        credential: Option<&Credential>,
        safety: Safety,
    ) -> Result<Response, HttpError> {
        let method = request.method().clone();
        let text = request.uri().to_string();
        let mut url = Url::parse(&text).map_err(|error| HttpError {
            method: method.clone(),
            url: "(no URL)".to_owned(),
            problem: Problem::Unsendable(error.to_string()),
        })?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_one(&request, &url, credential, safety).await?;
            let Some(target) = redirect_target(&response) else { return Ok(response) };
            let harmless = method == Method::GET || method == Method::HEAD;
            let carries = credential.is_some_and(|credential| credential.fits(&url));
            let leaves = Origin::of(&target) != Origin::of(&url);
            if !harmless || (carries && leaves) {
                return Err(HttpError::new(&method, &url, Problem::Redirect(crate::redacted(&target))));
            }
            url = target;
        }
        Err(HttpError::new(&method, &url, Problem::RedirectLoop))
    }

    async fn send_one(
        &self,
        request: &Request<Bytes>,
        url: &Url,
        credential: Option<&Credential>,
        safety: Safety,
    ) -> Result<Response, HttpError> {
        let method = request.method();
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(url) => {}
            "http" => return Err(HttpError::new(method, url, Problem::Insecure)),
            other => {
                let problem = Problem::Unsendable(format!("{other} is neither http nor https"));
                return Err(HttpError::new(method, url, problem));
            }
        }
        let mut spent = Duration::ZERO;
        let mut attempt = 1;
        loop {
            let outgoing = build(request, url, credential)?;
            let answer = self.transport.send(outgoing, self.limits).await;
            let (again, asked, error) = match answer {
                Ok(raw) => {
                    let response = finish(method, url, raw, credential);
                    let status = response.status.as_u16();
                    let passing = matches!(status, 429 | 500 | 502 | 503 | 504);
                    if !passing {
                        return Ok(response);
                    }
                    (
                        safety == Safety::Safe || status == 429,
                        retry_after(&response.headers),
                        response.refusal(),
                    )
                }
                Err(failure) => {
                    let again = match &failure {
                        TransportError::Connect(_) => true,
                        TransportError::Broken(_) | TransportError::TimedOut(_) => safety == Safety::Safe,
                        TransportError::TooLarge(_) | TransportError::Stopped => false,
                    };
                    (again, None, transport_error(method, url, &failure))
                }
            };
            match self.retry.delay(attempt, asked, spent).filter(|_| again) {
                None => return Err(error),
                Some(delay) => {
                    self.timer.sleep(delay).await;
                    spent += delay;
                    attempt += 1;
                }
            }
        }
    }
}

fn build(
    request: &Request<Bytes>,
    url: &Url,
    credential: Option<&Credential>,
) -> Result<Request<Bytes>, HttpError> {
    let method = request.method();
    let mut outgoing = Request::builder().method(method.clone()).uri(url.as_str());
    if let Some(headers) = outgoing.headers_mut() {
        *headers = request.headers().clone();
        if let Some(credential) = credential.filter(|credential| credential.fits(url)) {
            let problem = "the credential has characters that no header can hold";
            let value = credential
                .header()
                .ok_or_else(|| HttpError::new(method, url, Problem::Unsendable(problem.to_owned())))?;
            headers.insert(header::AUTHORIZATION, value);
        }
    }
    outgoing.body(request.body().clone()).map_err(|error| unsendable(method, url, &error))
}

fn finish(
    method: &Method,
    url: &Url,
    raw: http::Response<Bytes>,
    credential: Option<&Credential>,
) -> Response {
    let (parts, body) = raw.into_parts();
    let start = body.get(..WORDS_LIMIT.min(body.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    // Secrets go before anything is cut; of a body that is cut, its end goes too, where one may be cut in two.
    let clean = credential.map_or_else(|| text.to_string(), |credential| credential.secret().scrub(&text));
    let cut = if start.len() < body.len() { CUT_CHARACTERS } else { 0 };
    let kept = clean.chars().count().saturating_sub(cut);
    let words = plain(&clean.chars().take(kept).collect::<String>());
    Response {
        method: method.clone(),
        url: url.clone(),
        status: parts.status,
        headers: parts.headers,
        body,
        words,
    }
}

/// The start of a body as one line for people: no tags, no control characters, not too long.
fn plain(body: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    let html = body.trim_start().starts_with('<');
    for c in body.chars() {
        match c {
            '<' if html => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if inside => {}
            c => text.push(if c.is_control() { ' ' } else { c }),
        }
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN_CHARACTERS {
        return line;
    }
    line.chars().take(SHOWN_CHARACTERS).chain(['…']).collect()
}

fn redirect_target(response: &Response) -> Option<Url> {
    if !matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    response.header(header::LOCATION).and_then(|location| response.url.join(location).ok())
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    // The server's own clock, where it says what time it is, else a delay that the policy bounds.
    let now =
        headers.get(header::DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())?;
    at.duration_since(now).ok()
}

fn transport_error(method: &Method, url: &Url, failure: &TransportError) -> HttpError {
    let problem = match failure {
        TransportError::TimedOut(after) => Problem::TimedOut(*after),
        TransportError::TooLarge(limit_bytes) => Problem::TooLarge { limit_bytes: *limit_bytes },
        TransportError::Stopped => Problem::Stopped,
        TransportError::Connect(_) | TransportError::Broken(_) => Problem::Network(failure.to_string()),
    };
    HttpError::new(method, url, problem)
}

fn unsendable(method: &Method, url: &Url, error: &dyn std::fmt::Display) -> HttpError {
    HttpError::new(method, url, Problem::Unsendable(error.to_string()))
}

#[cfg(test)]
mod tests;
