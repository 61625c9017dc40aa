use super::error::{ScmError, ScmWarning};
use super::version::ScmVersion;
use crate::DateTime;

/// The variables of the environment that setuptools-scm reads, for one distribution.
///
/// A variable is looked for in this order, and the first that is set counts, even if it is empty:
///
/// 1. `SETUPTOOLS_SCM_NAME_FOR_DISTRIBUTION`
/// 2. `VCS_VERSIONING_NAME_FOR_DISTRIBUTION`
/// 3. `SETUPTOOLS_SCM_NAME`
/// 4. `VCS_VERSIONING_NAME`
/// 5. 1 and 2 with the distribution's name in another spelling: `SETUPTOOLS_SCM_NAME_FOR_my.package`
///
/// The proper spelling is the normalised name of the distribution in capitals, with `_` for `-`. The first two and the
/// last are left out where the distribution is unknown.
///
/// ```
/// use tminus_versioning::DateTime;
/// use tminus_versioning::scm::{Environment, Settings};
///
/// let variables = [("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_PACKAGE".to_owned(), "1.0-rc1".to_owned())];
/// let environment = Environment::new(&variables, Some("My.Package"));
/// let now = DateTime::from_unix_seconds(0).unwrap();
/// let pretended = environment.pretended_version(now)?.unwrap();
/// assert_eq!(pretended.format(&Settings::default())?.as_str(), "1.0-rc1");
/// # Ok::<(), tminus_versioning::scm::ScmError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Environment<'e> {
    variables: &'e [(String, String)],
    distribution: Option<&'e str>,
}

/// A variable that is set.
#[derive(Clone, PartialEq, Eq)]
pub struct Variable<'e> {
    /// Its name.
    pub name: &'e str,
    /// Its value.
    pub value: &'e str,
    /// What there is to say about its name.
    pub warning: Option<ScmWarning>,
}

/// The prefixes of names, in the order in which they count.
const TOOLS: [&str; 2] = ["SETUPTOOLS_SCM", "VCS_VERSIONING"];

impl<'e> Environment<'e> {
    /// The environment for a distribution, whose name can be in any spelling.
    pub fn new(variables: &'e [(String, String)], distribution: Option<&'e str>) -> Self {
        Self { variables, distribution }
    }

    /// The version in `SETUPTOOLS_SCM_PRETEND_VERSION`, which wins over everything else.
    ///
    /// It is printed as it is written. Nothing for an empty one.
    ///
    /// # Errors
    ///
    /// - a text that is no version: [`ScmError::Pretended`]
    pub fn pretended_version(&self, time: DateTime) -> Result<Option<ScmVersion>, ScmError> {
        let Some(found) = self.read("PRETEND_VERSION").filter(|found| !found.value.is_empty()) else {
            return Ok(None);
        };
        let version = ScmVersion::pretended(found.value, time)?;
        Ok(Some(version.with_warnings(found.warning)))
    }

    /// The TOML text in `SETUPTOOLS_SCM_PRETEND_METADATA`, to be read into
    /// [`MetadataOverrides`](super::MetadataOverrides): a document, or an inline table where it starts with `{`.
    ///
    /// setuptools-scm reports text that is not TOML and goes on without it.
    pub fn pretended_metadata(&self) -> Option<Variable<'e>> {
        self.read("PRETEND_METADATA").filter(|found| !found.value.is_empty())
    }

    /// The TOML text in `SETUPTOOLS_SCM_OVERRIDES`: keys of the configuration that win over the project's own.
    pub fn overrides(&self) -> Option<Variable<'e>> {
        self.read("OVERRIDES").filter(|found| !found.value.is_empty())
    }

    fn read(&self, name: &str) -> Option<Variable<'e>> {
        let specific = self.distribution.into_iter().flat_map(|distribution| {
            let suffix = canonical(distribution).replace('-', "_").to_uppercase();
            TOOLS.map(|tool| format!("{tool}_{name}_FOR_{suffix}"))
        });
        let generic = TOOLS.map(|tool| format!("{tool}_{name}"));
        let proper = specific.chain(generic).find_map(|expected| {
            let (name, value) = self.variables.iter().find(|(name, _)| *name == expected)?;
            Some(Variable { name, value, warning: None })
        });
        proper.or_else(|| self.read_misspelt(name))
    }

    fn read_misspelt(&self, name: &str) -> Option<Variable<'e>> {
        let canonical_name = canonical(self.distribution?);
        TOOLS.into_iter().find_map(|tool| {
            let prefix = format!("{tool}_{name}_FOR_");
            let (found, value) = self.variables.iter().find(|(name, _)| {
                name.strip_prefix(prefix.as_str()).is_some_and(|suffix| canonical(suffix) == canonical_name)
            })?;
            let expected = format!("{prefix}{}", canonical_name.replace('-', "_").to_uppercase());
            let warning = ScmWarning::VariableSpelling { found: found.clone(), expected };
            Some(Variable { name: found, value, warning: Some(warning) })
        })
    }
}

/// The normalised name of a distribution: lower case, runs of `-`, `_` and `.` a single `-`.
fn canonical(name: &str) -> String {
    let mut canonical = String::with_capacity(name.len());
    for next in name.to_lowercase().chars() {
        match next {
            '-' | '_' | '.' if canonical.ends_with('-') => {}
            '-' | '_' | '.' => canonical.push('-'),
            _ => canonical.push(next),
        }
    }
    canonical
}

/// Without the values, which are no business of a log.
impl std::fmt::Debug for Environment<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Environment")
            .field("distribution", &self.distribution)
            .finish_non_exhaustive()
    }
}

/// Without the value, which is no business of a log.
impl std::fmt::Debug for Variable<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Variable").field("name", &self.name).finish_non_exhaustive()
    }
}
