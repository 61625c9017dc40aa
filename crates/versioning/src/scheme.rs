use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// The grammar in which an ecosystem writes its versions.
///
/// | name | what it is | a candidate in it |
/// |---|---|---|
/// | `pep440` | what Python packages use; it can say every [`ReleaseVersion`](crate::ReleaseVersion) | `0.4.0rc1` |
/// | `npm` | SemVer as npm reads it: numbers to 2⁵³ − 1, white space and a `v` in front are ignored | `0.4.0-rc.1` |
/// | `npm-loose` | what npm reads with `loose`: `=v01.02.03`, `1.2.3rc1`; written as `npm` | `0.4.0-rc.1` |
/// | `semver` | [SemVer 2.0.0](https://semver.org/spec/v2.0.0.html) | `0.4.0-rc.1` |
/// | `cargo` | SemVer as Cargo reads it | `0.4.0-rc.1` |
/// | `go` | a canonical version of a Go module: SemVer with a `v` in front, without build metadata | `v0.4.0-rc.1` |
/// | `oci` | the tag of a container image | `0.4.0-rc.1` |
/// | `calver` | two to four numbers, a year first | `2026.4.0-rc.1` |
///
/// ```
/// use tminus_versioning::Scheme;
///
/// assert_eq!("pep440".parse(), Ok(Scheme::Pep440));
/// assert_eq!(Scheme::NpmLoose.to_string(), "npm-loose");
///
/// let error = "pep404".parse::<Scheme>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown version scheme \"pep404\": did you mean `pep440`?");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// PEP 440, what Python packages use: `0.4.0rc1`.
    Pep440,
    /// SemVer as npm reads it: `0.4.0-rc.1`.
    Npm,
    /// What npm reads where it is asked to be lenient: `0.4.0rc1`, written as `0.4.0-rc.1`.
    NpmLoose,
    /// SemVer 2.0.0: `0.4.0-rc.1`.
    Semver,
    /// SemVer as Cargo reads it: `0.4.0-rc.1`.
    Cargo,
    /// Versions of Go modules: `v0.4.0-rc.1`.
    Go,
    /// Tags of container images: `0.4.0-rc.1`, `0.4.0.post1`.
    Oci,
    /// Versions that start with a year: `2026.4.1`.
    Calver,
}

impl Scheme {
    /// Every scheme, in the order in which they are documented.
    pub const ALL: [Self; 8] = [
        Self::Pep440,
        Self::Npm,
        Self::NpmLoose,
        Self::Semver,
        Self::Cargo,
        Self::Go,
        Self::Oci,
        Self::Calver,
    ];

    /// The name of the scheme in a configuration file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pep440 => "pep440",
            Self::Npm => "npm",
            Self::NpmLoose => "npm-loose",
            Self::Semver => "semver",
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Oci => "oci",
            Self::Calver => "calver",
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

    /// Reads the name of a scheme.
    ///
    /// # Errors
    ///
    /// Any other text, also in another case: `PEP440`, `node`, an empty text.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scheme| scheme.as_str() == text)
            .ok_or_else(|| ParseSchemeError { text: text.chars().take(40).collect() })
    }
}

serde_as_text!(Scheme, "a version scheme, such as `pep440`", |scheme| scheme.as_str().to_owned());

/// The text names no version scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown version scheme {text:?}: {}", advice(text))]
pub struct ParseSchemeError {
    text: String,
}

impl ParseSchemeError {
    /// The scheme that was probably meant.
    pub fn suggestion(&self) -> Option<Scheme> {
        suggestion(&self.text)
    }
}

fn suggestion(text: &str) -> Option<Scheme> {
    // The names are short: one wrong letter of three is a misspelling, two are another word.
    const LIKELY: f64 = 0.66;
    let folded: String =
        text.to_lowercase().chars().filter(|character| !matches!(character, ' ' | '_' | '-')).collect();
    Scheme::ALL
        .into_iter()
        .map(|scheme| {
            (strsim::normalized_damerau_levenshtein(&scheme.as_str().replace('-', ""), &folded), scheme)
        })
        .filter(|(similarity, _)| *similarity >= LIKELY)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, scheme)| scheme)
}

fn advice(text: &str) -> String {
    if let Some(scheme) = suggestion(text) {
        return format!("did you mean `{scheme}`?");
    }
    let names: Vec<String> = Scheme::ALL.iter().map(|scheme| format!("`{scheme}`")).collect();
    format!("write one of {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_suggestion(text: &str, expected: Option<Scheme>) {
        let error = text.parse::<Scheme>().unwrap_err();
        assert_eq!(error.suggestion(), expected, "{text}");
    }

    #[test]
    fn every_scheme_reads_back() {
        for scheme in Scheme::ALL {
            assert_eq!(scheme.as_str().parse(), Ok(scheme));
            let json = serde_json::to_string(&scheme).unwrap();
            assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), scheme);
        }
    }

    #[test]
    fn what_was_meant_is_named() {
        check_suggestion("PEP440", Some(Scheme::Pep440));
        check_suggestion("pep-440", Some(Scheme::Pep440));
        check_suggestion("npm_loose", Some(Scheme::NpmLoose));
        check_suggestion("sem-ver", Some(Scheme::Semver));
        check_suggestion("smever", Some(Scheme::Semver));
        check_suggestion("CalVer", Some(Scheme::Calver));
        check_suggestion("carg", Some(Scheme::Cargo));
        check_suggestion("node", None);
        check_suggestion("docker", None);
        check_suggestion("", None);
        let error = "PEP440".parse::<Scheme>().unwrap_err();
        assert_eq!(error.to_string(), "unknown version scheme \"PEP440\": did you mean `pep440`?");
        assert_eq!(
            "docker".parse::<Scheme>().unwrap_err().to_string(),
            "unknown version scheme \"docker\": write one of `pep440`, `npm`, `npm-loose`, `semver`, `cargo`, \
             `go`, `oci`, `calver`"
        );
        assert!("x".repeat(10_000).parse::<Scheme>().unwrap_err().to_string().len() < 200);
    }
}
