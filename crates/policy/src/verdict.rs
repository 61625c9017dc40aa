use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// The name of a check, as configuration, waivers and output write it: `milestone`, `visible:npm:@acme/tool`.
///
/// ```
/// use tminus_policy::CheckName;
///
/// let name: CheckName = "milestone".parse()?;
/// assert_eq!(name, CheckName::MILESTONE);
/// assert!("two words".parse::<CheckName>().is_err());
/// # Ok::<(), tminus_policy::CheckNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CheckName(Cow<'static, str>);

impl CheckName {
    /// The check of [`crate::milestone_ready`].
    pub const MILESTONE: Self = Self(Cow::Borrowed("milestone"));
    /// The check of [`crate::pull_requests_labelled`].
    pub const LABELS: Self = Self(Cow::Borrowed("labels"));
    /// The check of [`crate::bugs_decided`].
    pub const BUGS: Self = Self(Cow::Borrowed("bugs"));

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CheckName {
    type Err = CheckNameError;

    /// Reads a name.
    ///
    /// # Errors
    /// An empty text, white space or control characters, more than 200 characters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if text.is_empty() || text.chars().count() > 200 || text.contains(odd) {
            return Err(CheckNameError(text.chars().take(60).collect()));
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}

impl fmt::Display for CheckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that cannot be the name of a check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of a check; one word without spaces, as `tminus check` prints it")]
pub struct CheckNameError(String);

/// One thing that stands in the way, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Finding {
    /// The thing: `issue #12 "Flaky decoder"`.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.what, self.why, self.remedy)
    }
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing stands in the way.
    Go,
    /// Something does.
    NoGo {
        /// Every reason, not only the first.
        reasons: Vec<Finding>,
    },
    /// Something does, or could not be known, and a person decided to go on.
    Waived {
        /// Who decided.
        by: String,
        /// Why.
        why: String,
        /// The last day on which the waiver counts; `None` has no end.
        until: Option<Date>,
        /// What was waived; empty where the check had been unknown.
        reasons: Vec<Finding>,
    },
    /// The facts could not be had.
    Unknown {
        /// Why not.
        why: String,
    },
}

/// The answer of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The check.
    pub check: CheckName,
    /// What it came to.
    pub outcome: Outcome,
    /// What a reader should know although it decides nothing.
    pub notes: Vec<String>,
}

impl Verdict {
    /// A verdict from the reasons against: none is a go.
    ///
    /// Reasons keep their order; a repeated one is told once.
    pub fn from_reasons(check: CheckName, given: Vec<Finding>) -> Self {
        let mut reasons: Vec<Finding> = Vec::with_capacity(given.len());
        for reason in given {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let outcome = if reasons.is_empty() { Outcome::Go } else { Outcome::NoGo { reasons } };
        Self { check, outcome, notes: Vec::new() }
    }

    /// A verdict from findings about numbered things, in the order of their numbers whatever order they came in.
    pub(crate) fn from_numbered(check: CheckName, mut reasons: Vec<(u64, Finding)>) -> Self {
        reasons.sort();
        Self::from_reasons(check, reasons.into_iter().map(|(_, reason)| reason).collect())
    }

    /// A verdict for facts that could not be had.
    pub fn unknown(check: CheckName, why: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Unknown { why: why.into() }, notes: Vec::new() }
    }

    /// With notes.
    #[must_use]
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Whether the release stops here: a no-go, or something that nobody knows.
    pub fn blocks(&self) -> bool {
        matches!(self.outcome, Outcome::NoGo { .. } | Outcome::Unknown { .. })
    }
}

/// Whether no verdict blocks.
pub fn all_clear(verdicts: &[Verdict]) -> bool {
    !verdicts.iter().any(Verdict::blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_checks() {
        for good in ["milestone", "ci", "visible:pypi:demo", "visible:npm:@acme/tool", "größe"] {
            assert_eq!(good.parse::<CheckName>().unwrap().to_string(), good);
        }
        for bad in ["", " ", "a b", "a\n", "a\u{7}", &"x".repeat(201)] {
            assert!(bad.parse::<CheckName>().is_err(), "{bad:?}");
        }
        assert_eq!(
            "a b".parse::<CheckName>().unwrap_err().to_string(),
            "\"a b\" is not the name of a check; one word without spaces, as `tminus check` prints it"
        );
    }

    #[test]
    fn unknown_blocks_and_waived_does_not() {
        let unknown = Verdict::unknown(CheckName::BUGS, "no forge");
        assert!(unknown.blocks());
        let waived =
            Outcome::Waived { by: "ada".into(), why: "late".into(), until: None, reasons: Vec::new() };
        let waived = Verdict { outcome: waived, ..unknown.clone() };
        assert!(!waived.blocks());
        assert!(all_clear(&[]));
        assert!(all_clear(std::slice::from_ref(&waived)));
        assert!(!all_clear(&[waived, unknown]));
    }
}
