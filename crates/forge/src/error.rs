use std::time::Duration;

use tminus_http::HttpError;

/// A forge that did not do or did not tell. Names the thing; never a credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForgeError {
    /// The exchange itself failed, or ended in a status that has no case of its own.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The forge does not let this token do it.
    #[error("{what}: refused with {status}{}; {remedy}", after_colon(words))]
    Refused {
        /// What was asked for.
        what: String,
        /// The status of the answer.
        status: u16,
        /// The forge's own words, secrets removed.
        words: String,
        /// What to do.
        remedy: String,
    },
    /// Too many requests in too short a time.
    #[error("{what}: the forge's rate limit is reached{}", wait(*retry_after))]
    RateLimited {
        /// What was asked for.
        what: String,
        /// How long to wait, where the forge says.
        retry_after: Option<Duration>,
    },
    /// The forge has no such thing, or hides it.
    #[error("{what}: not found, or hidden from this token")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// The forge understood the request and does not accept its content.
    #[error("{what}: not accepted{}", after_colon(words))]
    Invalid {
        /// What was asked for.
        what: String,
        /// The forge's own words, secrets removed.
        words: String,
        /// The forge named the reason: the thing exists.
        already_exists: bool,
    },
    /// The answer does not have the form that the forge's description gives.
    #[error("{what}: unexpected answer: {problem}")]
    Malformed {
        /// What was asked for.
        what: String,
        /// What is wrong with it.
        problem: String,
    },
    /// More pages than are read. A part would pass for the whole, so there is none.
    #[error("{what}: more than {limit} pages")]
    TooMany {
        /// What was asked for.
        what: String,
        /// How many pages are read.
        limit: usize,
    },
}

impl ForgeError {
    /// The outside world failed in a way that may pass.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Http(error) => error.is_passing(),
            Self::RateLimited { .. } => true,
            _ => false,
        }
    }

    /// The forge refused the credential, or asks for one.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// The thing exists already: another run made it, or this one did and never heard of it.
    pub fn is_already_there(&self) -> bool {
        matches!(self, Self::Invalid { already_exists: true, .. })
    }
}

fn after_colon(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}

fn wait(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(
        || "; try again later".to_owned(),
        |delay| format!("; try again in {} s", delay.as_secs()),
    )
}
