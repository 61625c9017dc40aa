use std::time::Duration;

use http::Method;

/// A request that did not end in a usable answer. Names method and URL; never a credential.
#[derive(Debug, thiserror::Error)]
#[error("{method} {url}: {problem}")]
#[non_exhaustive]
pub struct HttpError {
    /// The method of the request.
    pub method: Method,
    /// The URL without credentials and query.
    pub url: String,
    /// What went wrong.
    pub problem: Problem,
}

impl HttpError {
    /// Builds an error; `url` is redacted here so that no caller can forget it.
    pub fn new(method: &Method, url: &url::Url, problem: Problem) -> Self {
        Self { method: method.clone(), url: crate::redacted(url), problem }
    }

    /// The status code, where the server answered.
    pub fn status(&self) -> Option<u16> {
        match &self.problem {
            Problem::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The server refused the credential (401 or 403).
    pub fn is_refused(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }

    /// The outside world failed in a way that may pass: no connection, reset, timeout, 5xx, 429.
    pub fn is_passing(&self) -> bool {
        match &self.problem {
            Problem::Network(_) | Problem::TimedOut(_) => true,
            Problem::Status { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }
}

/// What went wrong with a request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// No connection, or it broke.
    #[error("{0}")]
    Network(String),
    /// No answer in time.
    #[error("no answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The server answered with a status that the caller cannot use.
    #[error("the server answered {status}{}{words}", if words.is_empty() { "" } else { ": " })]
    Status {
        /// The status code.
        status: u16,
        /// The server's own words, shortened, secrets removed.
        words: String,
    },
    /// The answer is larger than the caller allows.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// Plain http to another machine.
    #[error("plain http is allowed on loopback only; use https")]
    Insecure,
    /// A redirect that must not be followed.
    #[error(
        "redirect to {0} refused: a request with a credential, or one that changes something, stays where it is"
    )]
    Redirect(String),
    /// More redirects than anyone needs.
    #[error("too many redirects")]
    RedirectLoop,
    /// The answer does not have the form that the protocol asks for.
    #[error("unexpected answer: {0}")]
    Malformed(String),
    /// The request could not be built.
    #[error("cannot be sent: {0}")]
    Unsendable(String),
    /// The transport was stopped on purpose (an interrupted run).
    #[error("stopped")]
    Stopped,
}
