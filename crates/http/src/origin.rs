use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Scheme, host and port of a URL: what a credential belongs to (RFC 6454, section 4).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// The origin of `url`; the default port of its scheme is filled in.
    pub fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: url.port_or_known_default(),
        }
    }

    /// The host alone, as netrc files name it.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", Some(443)) | ("http", Some(80)) | (_, None) => Ok(()),
            (_, Some(port)) => write!(f, ":{port}"),
        }
    }
}

/// Whether `url` stays on this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// `url` as it may be shown: without user name, password, query and fragment.
///
/// ```
/// let url = tminus_http::Url::parse("https://me:pw@pypi.example/simple/?token=x#y")?;
/// assert_eq!(tminus_http::redacted(&url), "https://pypi.example/simple/");
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn redacted(url: &Url) -> String {
    let mut shown = url.clone();
    let cleared = shown.set_username("").and(shown.set_password(None));
    shown.set_query(None);
    shown.set_fragment(None);
    if cleared.is_err() { format!("{}:…", url.scheme()) } else { shown.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_ports_are_one_origin() {
        let origin = |text| Origin::of(&Url::parse(text).unwrap());
        assert_eq!(origin("https://a.example/x"), origin("https://A.example:443/y"));
        assert_ne!(origin("https://a.example/"), origin("http://a.example/"));
        assert_ne!(origin("https://a.example/"), origin("https://a.example:8443/"));
        assert_eq!(origin("http://127.0.0.1:8080/").to_string(), "http://127.0.0.1:8080");
    }

    #[test]
    fn loopback_is_recognised_by_address_not_by_spelling() {
        for (url, expected) in [
            ("http://127.0.0.1:1/", true),
            ("http://127.8.9.1/", true),
            ("http://[::1]:1/", true),
            ("http://localhost/", true),
            ("http://localhost.example/", false),
            ("http://127.0.0.1.example/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
