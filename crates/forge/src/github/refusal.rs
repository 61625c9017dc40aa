//! What a status other than success means.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::Deserialize;
use tminus_http::{HttpError, Origin, Response};

use super::{Call, GitHub};
use crate::ForgeError;

/// GitHub's description of an error.
#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Vec<serde_json::Value>,
}

pub(super) fn of_exchange(error: HttpError, call: &Call) -> ForgeError {
    // The client has waited as long as it may; how long it would take was in headers that are gone.
    if error.status() == Some(429) {
        return ForgeError::RateLimited { what: call.what.clone(), retry_after: None };
    }
    ForgeError::Http(error)
}

pub(super) fn of(forge: &GitHub, response: &Response, call: &Call) -> ForgeError {
    let what = call.what.clone();
    let status = response.status.as_u16();
    match status {
        403 | 429 if is_rate_limit(response) => {
            ForgeError::RateLimited { what, retry_after: retry_after(response) }
        }
        401 | 403 => {
            let words = words(response);
            ForgeError::Refused { what, status, words, remedy: remedy(forge, status, call) }
        }
        404 | 410 => ForgeError::NotFound { what },
        422 => ForgeError::Invalid { what, words: words(response), already_exists: already_exists(response) },
        _ => ForgeError::Http(response.refusal()),
    }
}

pub(super) fn remedy(forge: &GitHub, status: u16, call: &Call) -> String {
    if !forge.has_credential() {
        format!("give a token for {}", Origin::of(&forge.api))
    } else if status == 401 {
        format!("the token for {} is wrong or has expired; make a new one", Origin::of(&forge.api))
    } else {
        format!("the token needs the permission \"{}\" on {}", call.needs, forge.repository)
    }
}

pub(super) fn is_rate_limit(response: &Response) -> bool {
    response.headers.contains_key(RETRY_AFTER)
        || response.header("x-ratelimit-remaining").is_some_and(|left| left.trim() == "0")
        // The secondary limit is also told by its documented words alone.
        || response.words().contains("secondary rate limit")
}

/// How long to wait, by the server's own clock where a moment is given.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let moment = |text: &str| DateTimeParser::new().parse_timestamp(text.trim()).ok();
    let until = |at: Timestamp| {
        let now = moment(response.header(DATE)?)?;
        Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
    };
    if let Some(text) = response.header(RETRY_AFTER) {
        let seconds = text.trim().parse().ok().map(Duration::from_secs);
        return seconds.or_else(|| until(moment(text)?));
    }
    let reset = response.header("x-ratelimit-reset")?.trim().parse().ok()?;
    until(Timestamp::from_second(reset).ok()?)
}

/// The forge's words. Taken from the client's, which has removed the secrets and shortened the rest.
fn words(response: &Response) -> String {
    let Ok(refusal) = serde_json::from_str::<Refusal>(response.words()) else {
        return response.words().to_owned();
    };
    let details: Vec<String> = refusal.errors.iter().filter_map(detail).collect();
    match (refusal.message.is_empty(), details.is_empty()) {
        (_, true) => refusal.message,
        (true, false) => details.join(", "),
        (false, false) => format!("{} ({})", refusal.message, details.join(", ")),
    }
}

fn detail(error: &serde_json::Value) -> Option<String> {
    let part = |name| error.get(name).and_then(serde_json::Value::as_str);
    let message = error.as_str().or_else(|| part("message"));
    message.map(str::to_owned).or_else(|| Some(format!("{} {}", part("field")?, part("code")?)))
}

fn already_exists(response: &Response) -> bool {
    let refusal = serde_json::from_slice::<Refusal>(&response.body);
    let code = |error: &serde_json::Value| error.get("code").is_some_and(|code| code == "already_exists");
    refusal.is_ok_and(|refusal| refusal.errors.iter().any(code))
}
