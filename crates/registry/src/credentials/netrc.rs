use tminus_http::Secret;

use super::MAX_FILE_BYTES;

/// A netrc file: logins by host.
///
/// ```
/// use tminus_registry::credentials::Netrc;
///
/// let file = Netrc::parse("machine pypi.example login me password hunter2\ndefault login x password y\n")?;
/// assert_eq!(file.machine("pypi.example").map(|machine| machine.login.as_str()), Some("me"));
/// assert!(file.machine("elsewhere.example").is_none());
/// assert!(!format!("{file:?}").contains("hunter2"));
/// # Ok::<(), tminus_registry::credentials::NetrcError>(())
/// ```
///
/// # Deviations
/// The `default` entry is read over: a password for every host is one for any host. `macdef` bodies are skipped.
#[derive(Debug, Clone, Default)]
pub struct Netrc {
    machines: Vec<Machine>,
}

/// One `machine` entry.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The host name.
    pub host: String,
    /// The user name; empty where the entry has none.
    pub login: String,
    /// The password.
    pub password: Secret,
}

/// A netrc file that cannot be read. The line is not quoted: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("netrc:{line}: {problem}")]
pub struct NetrcError {
    /// Counted from one.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

impl Netrc {
    /// Reads the text of a netrc file.
    ///
    /// # Errors
    /// A word that is no keyword, a keyword without its value, a file beyond 1 MiB.
    pub fn parse(text: &str) -> Result<Self, NetrcError> {
        if text.len() > MAX_FILE_BYTES {
            return Err(NetrcError { line: 1, problem: "the file is larger than 1 MiB" });
        }
        let mut words = Words { rest: text, line: 1 };
        let mut file = Self::default();
        // Whether `login` and its like now belong to the last machine, and not to `default`.
        let mut in_machine = false;
        while let Some(word) = words.next() {
            if word.starts_with('#') {
                words.skip_line();
                continue;
            }
            match word.as_str() {
                "default" => in_machine = false,
                "macdef" => {
                    words.value()?;
                    words.skip_macro();
                }
                "machine" => {
                    let host = words.value()?.to_ascii_lowercase();
                    file.machines.push(Machine { host, login: String::new(), password: Secret::new("") });
                    in_machine = true;
                }
                "login" | "user" | "account" | "password" => {
                    let value = words.value()?;
                    match file.machines.last_mut().filter(|_| in_machine) {
                        Some(machine) if word == "password" => machine.password = Secret::new(value),
                        Some(machine) if word != "account" => machine.login = value,
                        _ => {}
                    }
                }
                _ => return Err(words.refuse("not a keyword of netrc files")),
            }
        }
        Ok(file)
    }

    /// The entry of that host which has a password.
    pub fn machine(&self, host: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.host == host && !machine.password.is_empty())
    }
}

struct Words<'a> {
    rest: &'a str,
    line: usize,
}

impl Words<'_> {
    fn refuse(&self, problem: &'static str) -> NetrcError {
        NetrcError { line: self.line, problem }
    }

    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        self.line += passed.matches('\n').count();
        self.rest = rest;
    }

    /// A word, or a text in double quotes with `\` before a quote or backslash.
    fn next(&mut self) -> Option<String> {
        let start = self.rest.find(|c: char| !c.is_whitespace()).unwrap_or(self.rest.len());
        self.advance(start);
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
            let word = self.rest.get(..end).unwrap_or_default().to_owned();
            self.advance(end);
            return Some(word).filter(|word| !word.is_empty());
        };
        let mut word = String::new();
        let mut escaped = false;
        for (index, character) in quoted.char_indices() {
            match character {
                '\\' if !escaped => escaped = true,
                '"' if !escaped => {
                    self.advance(index + 2);
                    return Some(word);
                }
                other => {
                    escaped = false;
                    word.push(other);
                }
            }
        }
        self.advance(self.rest.len());
        Some(word)
    }

    fn value(&mut self) -> Result<String, NetrcError> {
        self.next().ok_or_else(|| self.refuse("the last keyword has no value"))
    }

    fn skip_line(&mut self) {
        self.advance(self.rest.find('\n').unwrap_or(self.rest.len()));
    }

    /// A macro ends at the first empty line.
    fn skip_macro(&mut self) {
        let end = ["\n\n", "\n\r\n"].iter().filter_map(|end| self.rest.find(end)).min();
        self.advance(end.map_or(self.rest.len(), |end| end + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, host: &str, expected: Option<(&str, &str)>) {
        let file = Netrc::parse(text).unwrap();
        let seen = file.machine(host).map(|machine| (machine.login.as_str(), machine.password.expose()));
        assert_eq!(seen, expected, "{text:?}");
    }

    #[test]
    fn entries() {
        let host = "pypi.example";
        check("machine pypi.example login me password pw", host, Some(("me", "pw")));
        check("machine PyPI.example\n\tlogin me\n\taccount x\n\tpassword pw\n", host, Some(("me", "pw")));
        check(
            "# a comment\nmachine pypi.example # more words\npassword #pw login me",
            host,
            Some(("me", "#pw")),
        );
        check("machine pypi.example login me password \"a \\\"b\\\\\"\n", host, Some(("me", "a \"b\\")));
        check("machine other.example login a password b\n", host, None);
        check("machine pypi.example login me\n", host, None);
        check("default login a password b\n", host, None);
        check("machine pypi.example password pw\ndefault login a password b\n", host, Some(("", "pw")));
        check(
            "macdef init\nput machine x\n\nmachine pypi.example login a password b",
            host,
            Some(("a", "b")),
        );
        check("", host, None);
    }

    #[test]
    fn malformed_files_are_refused_without_quoting_them() {
        for (text, expected) in [
            ("machine a\nhunter2\n", "netrc:2: not a keyword of netrc files"),
            ("machine a password", "netrc:1: the last keyword has no value"),
        ] {
            assert_eq!(Netrc::parse(text).unwrap_err().to_string(), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "((machine|login|password|default|macdef|\"|#|\\\\|x| |\n|é){0,30})") {
            drop(Netrc::parse(&text));
        }
    }
}
