use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// The grammar in which a project writes its versions.
///
/// ```
/// use tminus_versioning::Scheme;
///
/// assert_eq!("pep440".parse(), Ok(Scheme::Pep440));
/// assert_eq!(Scheme::Semver.to_string(), "semver");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// PEP 440, what Python packages use: `0.4.0rc1`.
    Pep440,
    /// SemVer 2.0.0, what npm, Cargo and Go use: `0.4.0-rc.1`.
    Semver,
}

impl Scheme {
    /// Every scheme, in the order in which they are documented.
    pub const ALL: [Self; 2] = [Self::Pep440, Self::Semver];

    /// The name of the scheme in a configuration file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pep440 => "pep440",
            Self::Semver => "semver",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Scheme {
    type Err = ParseSchemeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scheme| scheme.as_str() == text)
            .ok_or_else(|| ParseSchemeError { text: text.chars().take(40).collect() })
    }
}

serde_as_text!(Scheme, "a version scheme, `pep440` or `semver`", |scheme| scheme.as_str().to_owned());

/// The text names no version scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown version scheme {text:?}: write `pep440` or `semver`")]
pub struct ParseSchemeError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_reads_back() {
        for scheme in Scheme::ALL {
            assert_eq!(scheme.as_str().parse(), Ok(scheme));
            let json = serde_json::to_string(&scheme).unwrap();
            assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), scheme);
        }
    }

    #[test]
    fn an_unknown_scheme_names_the_choices() {
        let error = "PEP440".parse::<Scheme>().unwrap_err();
        assert_eq!(error.to_string(), "unknown version scheme \"PEP440\": write `pep440` or `semver`");
    }
}
