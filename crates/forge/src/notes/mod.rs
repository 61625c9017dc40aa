//! The text of a release, shared by this program and people.
//!
//! What is generated stands between two comments, which a reader of the page does not see. Only the text between them
//! is ever written again; what people write before and after it stays, byte for byte.
//!
//! ```
//! use tminus_forge::notes;
//!
//! let body = notes::compose("Faster decoding.", "- Add sparse kernels #12");
//! let edited = body.replace("Faster decoding.", "Decoding is twice as fast.");
//! let again = notes::with_generated(&edited, "- Add sparse kernels #12\n- Fix a crash #13");
//! assert!(again.starts_with("Decoding is twice as fast.\n\n"));
//! assert_eq!(notes::generated_in(&again), Some("- Add sparse kernels #12\n- Fix a crash #13"));
//! ```

mod shorten;

pub use shorten::shorten;

const OPEN: &str = "<!-- tminus:notes -->";
const CLOSE: &str = "<!-- /tminus:notes -->";

/// The longest text of a release that GitHub takes, in characters.
pub const BODY_LIMIT: usize = 125_000;

/// The longest text of a pull request that GitHub takes, in characters.
pub const PULL_REQUEST_BODY_LIMIT: usize = 65_536;

/// A text whose part outside the markers alone is too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the text of the release has {characters} characters and may have {BODY_LIMIT}; \
     shorten what is written outside the generated part"
)]
pub struct BodyTooLong {
    /// How long the whole text is.
    pub characters: usize,
}

/// The text of a new release: `highlights` and below them the generated part between its markers.
///
/// Markers inside either are written as visible text, so that a title somebody gave a pull request cannot end the
/// generated part early.
pub fn compose(highlights: &str, generated: &str) -> String {
    with_generated(inert(highlights).trim_end(), generated)
}

/// `existing` with the text between the markers replaced; everything else stays byte for byte.
///
/// Where there is no pair of markers, one is added at the end. Where there are several, or a marker lost its partner,
/// the first closing marker that has an opening one before it counts, with the nearest one.
pub fn with_generated(existing: &str, generated: &str) -> String {
    let generated = inert(generated);
    let generated = generated.trim_matches(['\r', '\n']);
    if let Some((before, _, after)) = split(existing) {
        return format!("{before}\n{generated}\n{after}");
    }
    let space = match existing {
        "" => "",
        text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{existing}{space}{OPEN}\n{generated}\n{CLOSE}\n")
}

/// The generated part of a text, without the line ends next to the markers; `None` where there are no markers.
pub fn generated_in(body: &str) -> Option<&str> {
    split(body).map(|(_, inner, _)| inner.trim_matches(['\r', '\n']))
}

/// Whether two texts have the same generated part, or both none.
///
/// Line ends and white space at the ends of lines do not count: a forge's editor writes all of them anew.
pub fn same_generated(one: &str, other: &str) -> bool {
    let lines = |body: &str| {
        generated_in(body).map(|text| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>())
    };
    lines(one) == lines(other)
}

/// `body` no longer than [`BODY_LIMIT`]: the generated part is cut at the end of a line, and `full_changelog`, a link,
/// says where the rest is.
///
/// It is cut as [`shorten`] does it.
///
/// # Errors
/// What stands outside the markers does not fit by itself, or there are no markers.
pub fn fit(body: &str, full_changelog: &str) -> Result<String, BodyTooLong> {
    let characters = body.chars().count();
    if characters <= BODY_LIMIT {
        return Ok(body.to_owned());
    }
    let too_long = || BodyTooLong { characters };
    let (before, inner, after) = split(body).ok_or_else(too_long)?;
    let link = inert(full_changelog);
    let inner = inner.trim_matches(['\r', '\n']);
    // Two line ends next to the markers.
    let taken = before.chars().count() + after.chars().count() + 2;
    let room = BODY_LIMIT.checked_sub(taken).ok_or_else(too_long)?;
    let shorter = shorten(inner, room, &link);
    if shorter.chars().count() > room { Err(too_long()) } else { Ok(format!("{before}\n{shorter}\n{after}")) }
}

/// The text up to and with the opening marker, between the markers, and from the closing marker on.
fn split(body: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let close = from + body.get(from..)?.find(CLOSE)?;
        let (before, after) = body.split_at_checked(close)?;
        if let Some(open) = before.rfind(OPEN) {
            let (before, inner) = before.split_at_checked(open + OPEN.len())?;
            return Some((before, inner, after));
        }
        from = close + CLOSE.len();
    }
}

/// `text` with its markers turned into text that marks nothing.
fn inert(text: &str) -> String {
    text.replace(OPEN, "&lt;!-- tminus:notes --&gt;").replace(CLOSE, "&lt;!-- /tminus:notes --&gt;")
}

#[cfg(test)]
mod tests;
