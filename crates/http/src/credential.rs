use base64::Engine as _;
use http::HeaderValue;
use url::Url;

use crate::{Origin, Secret};

/// How a credential is put into the `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 7617. A package index with API tokens takes `__token__` as the user.
    Basic {
        /// User name; not secret.
        user: String,
        /// Password or API token.
        password: Secret,
    },
    /// RFC 6750.
    Bearer(Secret),
}

/// A credential and the one origin that it may be sent to.
///
/// Nothing in this workspace sends an `Authorization` header in any other way, so a configuration file that
/// points a destination elsewhere gets no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    origin: Origin,
    scheme: Scheme,
}

impl Credential {
    /// Binds a credential to an origin.
    pub fn new(origin: Origin, scheme: Scheme) -> Self {
        Self { origin, scheme }
    }

    /// Whether this credential may be sent to `url`.
    pub fn fits(&self, url: &Url) -> bool {
        Origin::of(url) == self.origin
    }

    /// The origin that it belongs to.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// `text` without the secret, for words that a server sent back.
    ///
    /// ```
    /// use tminus_http::{Credential, Origin, Scheme, Secret, Url};
    ///
    /// let origin = Origin::of(&Url::parse("https://forge.example/").unwrap());
    /// let credential = Credential::new(origin, Scheme::Bearer(Secret::new("hunter2")));
    /// assert_eq!(credential.scrub("no hunter2 here"), "no *** here");
    /// ```
    pub fn scrub(&self, text: &str) -> String {
        self.secret().scrub(text)
    }

    pub(crate) fn secret(&self) -> &Secret {
        match &self.scheme {
            Scheme::Basic { password, .. } => password,
            Scheme::Bearer(token) => token,
        }
    }

    /// The header value, marked sensitive; `None` where the secret has characters no header can hold.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let text = match &self.scheme {
            Scheme::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose());
                format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
            }
            Scheme::Bearer(token) => format!("Bearer {}", token.expose()),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
