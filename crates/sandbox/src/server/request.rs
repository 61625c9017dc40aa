use bytes::Bytes;
use http::HeaderMap;
use url::form_urlencoded;

use super::access::Access;

/// A request, read completely, with its path taken apart.
#[derive(Debug)]
pub(crate) struct Request {
    /// The method, in capitals; HEAD is handled as GET.
    pub(crate) method: String,
    /// The path as sent.
    pub(crate) path: String,
    /// The path's segments, decoded. `/a/` has two, of which the second is empty.
    pub(crate) segments: Vec<String>,
    /// The query as sent.
    pub(crate) raw_query: String,
    /// The query's pairs, decoded.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) access: Access,
}

impl Request {
    pub(crate) fn new(parts: &http::request::Parts, body: Bytes, access: Access) -> Self {
        let method = if parts.method == http::Method::HEAD { "GET" } else { parts.method.as_str() };
        let path = parts.uri.path().to_owned();
        let segments = path.trim_start_matches('/').split('/').map(decoded).collect();
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        let query = form_urlencoded::parse(raw_query.as_bytes()).into_owned().collect();
        Self {
            method: method.to_owned(),
            path,
            segments,
            raw_query,
            query,
            headers: parts.headers.clone(),
            body,
            access,
        }
    }

    /// The first value of this header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The first value of this query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// How much the client wants this media type, in thousandths, by its `Accept` header (RFC 9110 section 12.5.1).
    pub(crate) fn quality(&self, media: &str) -> u16 {
        quality(self.header("accept"), media)
    }
}

fn quality(accept: Option<&str>, media: &str) -> u16 {
    let Some(accept) = accept else { return 1000 };
    let family = media.split('/').next().unwrap_or_default();
    let mut best = (0, 0);
    for item in accept.split(',') {
        let mut pieces = item.split(';').map(str::trim);
        let range = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let specificity = match range.as_str() {
            range if range == media => 3,
            "*/*" => 1,
            range if range.strip_suffix("/*") == Some(family) => 2,
            _ => continue,
        };
        let weight = pieces
            .find_map(|piece| piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q=")))
            .map_or(1000, thousandths);
        if specificity > best.0 {
            best = (specificity, weight);
        }
    }
    best.1
}

/// A weight between 0 and 1 with at most three digits after the point; anything else counts as 0.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, padded.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(value)) => value,
        _ => 0,
    }
}

/// One path segment without its percent-encoding.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = (*first == b'%').then(|| after.split_at_checked(2)).flatten();
        let byte =
            pair.and_then(|(digits, _)| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        let (byte, after) = match (byte, pair) {
            (Some(byte), Some((_, after))) => (byte, after),
            _ => (*first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One path segment, encoded where a URL needs it. A slash stays, as in the names of tags on web pages.
pub(crate) fn encoded(segment: &str) -> String {
    let mut text = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'@'
            | b'/'
            | b'!'
            | b'+' => {
                text.push(char::from(byte));
            }
            _ => {
                text.push('%');
                text.push_str(&crate::digest::hexadecimal(&[byte]).to_ascii_uppercase());
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_quality(accept: &str, media: &str, expected: u16) {
        assert_eq!(quality(Some(accept), media), expected, "{accept}");
    }

    #[test]
    fn accept_header() {
        let json = "application/vnd.pypi.simple.v1+json";
        check_quality("*/*", json, 1000);
        check_quality("text/html", json, 0);
        check_quality("application/vnd.pypi.simple.v1+json, text/html;q=0.01", "text/html", 10);
        check_quality("application/*;q=0.5, */*;q=0.1", json, 500);
        check_quality("*/*;q=0.1, application/vnd.pypi.simple.v1+json;q=0", json, 0);
        check_quality("text/html; q=0.8", "text/html", 800);
        check_quality("text/html;q=nonsense", "text/html", 0);
        check_quality("", json, 0);
        assert_eq!(quality(None, json), 1000);
    }

    #[test]
    fn percent_encoding() {
        for (raw, plain) in
            [("a%20b", "a b"), ("%C3%A9", "é"), ("100%", "100%"), ("%zz", "%zz"), ("a+b", "a+b")]
        {
            assert_eq!(decoded(raw), plain, "{raw}");
        }
        assert_eq!(encoded("v1.0 beta/ä"), "v1.0%20beta/%C3%A4");
    }
}
