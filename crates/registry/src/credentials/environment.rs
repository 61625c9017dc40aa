use std::collections::BTreeMap;
use std::fmt;

/// Environment variables, as the caller hands them down. Its `Debug` shows names only.
///
/// ```
/// use tminus_registry::credentials::Environment;
///
/// let environment: Environment = [("UV_PUBLISH_TOKEN", "pypi-AgEI"), ("TWINE_PASSWORD", "")].into_iter().collect();
/// assert_eq!(environment.get("UV_PUBLISH_TOKEN"), Some("pypi-AgEI"));
/// assert_eq!(environment.get("TWINE_PASSWORD"), None);
/// assert!(!format!("{environment:?}").contains("AgEI"));
/// ```
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The value of a variable, trimmed. An empty one counts as not set: that is what a missing CI secret becomes.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
