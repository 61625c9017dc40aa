use std::collections::BTreeMap;
use std::ffi::OsString;

/// The process environment, as a value: it enters once, at the command line.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

/// What children get beside `LC_*`, `GIT_*` identity and configuration, `PIP_*`, `UV_*`, `CARGO_*` and friends.
const ALLOWED: [&str; 33] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "TMPDIR",
    "TMP",
    "TEMP",
    "LANG",
    "LANGUAGE",
    "TZ",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "SSH_AUTH_SOCK",
    "GNUPGHOME",
    "GPG_TTY",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "VIRTUAL_ENV",
    "SOURCE_DATE_EPOCH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "CI",
    "SYSTEMROOT",
];

const ALLOWED_PREFIXES: [&str; 9] =
    ["LC_", "PIP_", "UV_", "PYTHON", "PYENV_", "CARGO_", "RUSTUP_", "NODE_", "NPM_CONFIG_"];

const GIT_ALLOWED: [&str; 15] = [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "GIT_SSL_CAINFO",
    "GIT_EXEC_PATH",
];

impl std::fmt::Debug for Environment {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    /// An environment of these variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// A variable that is set to something.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// The same with `name` set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// All of it.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// What a build or another program of the project gets: a list of what is allowed, and nothing whose name says
    /// that it is a secret.
    pub fn for_children(&self) -> Vec<(OsString, OsString)> {
        self.select(|name| {
            let known = ALLOWED.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
            known || ALLOWED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
    }

    /// What git gets: the same, the user's identity and configuration, and how it asks for credentials.
    pub fn for_git(&self) -> Vec<(OsString, OsString)> {
        let mut variables = self.for_children();
        variables.extend(self.select(|name| GIT_ALLOWED.contains(&name) || name.starts_with("GIT_CONFIG_")));
        variables
    }

    fn select(&self, allowed: impl Fn(&str) -> bool) -> Vec<(OsString, OsString)> {
        self.0
            .iter()
            .filter(|(name, _)| allowed(name) && !is_secret(name))
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}

/// Whether a variable's name says that its value is a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["TOKEN", "PASSWORD", "PASSWD", "SECRET", "CREDENTIAL", "API_KEY", "APIKEY"]
        .iter()
        .any(|word| name.contains(word))
        || name.ends_with("_AUTH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_get_what_they_need_and_no_secret() {
        let environment = Environment::new(
            [
                ("PATH", "/bin"),
                ("PIP_INDEX_URL", "https://pypi.example/simple"),
                ("UV_PUBLISH_TOKEN", "t"),
                ("CARGO_REGISTRIES_X_TOKEN", "t"),
                ("GITHUB_TOKEN", "t"),
                ("TWINE_PASSWORD", "t"),
                ("GIT_DIR", "/x"),
                ("GIT_AUTHOR_NAME", "me"),
                ("RANDOM", "x"),
                ("NPM_CONFIG__AUTH", "t"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let names = |variables: Vec<(OsString, OsString)>| -> Vec<String> {
            variables.into_iter().map(|(name, _)| name.into_string().unwrap()).collect()
        };
        assert_eq!(names(environment.for_children()), ["PATH", "PIP_INDEX_URL"]);
        assert_eq!(names(environment.for_git()), ["PATH", "PIP_INDEX_URL", "GIT_AUTHOR_NAME"]);
    }
}
