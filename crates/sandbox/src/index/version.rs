use std::{cmp::Ordering, fmt};

/// A version as PEP 440 reads it: compared by value, printed in normal form.
///
/// Written here a second time on purpose: the index is the referee of what the rest of the workspace uploads.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    epoch: u64,
    release: Vec<u64>,
    pre: Option<(PreRelease, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PreRelease {
    Alpha,
    Beta,
    Candidate,
}

impl Version {
    /// Reads any spelling that PEP 440 allows; `None` for everything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let mut scan = Scan { rest: text.strip_prefix('v').unwrap_or(&text) };
        let mut epoch = 0;
        let mut release = vec![scan.number()?];
        if let (Some(after), [only]) = (scan.rest.strip_prefix('!'), release.as_slice()) {
            epoch = *only;
            scan.rest = after;
            release = vec![scan.number()?];
        }
        while let Some(next) = scan.attempt(|scan| {
            scan.rest = scan.rest.strip_prefix('.')?;
            scan.number()
        }) {
            release.push(next);
        }
        let pre = scan.attempt(|scan| {
            scan.separator();
            let kind = scan.word(&[
                ("alpha", PreRelease::Alpha),
                ("a", PreRelease::Alpha),
                ("beta", PreRelease::Beta),
                ("b", PreRelease::Beta),
                ("preview", PreRelease::Candidate),
                ("pre", PreRelease::Candidate),
                ("rc", PreRelease::Candidate),
                ("c", PreRelease::Candidate),
            ])?;
            Some((kind, scan.optional_number()?))
        });
        let bare_post = scan.attempt(|scan| {
            scan.rest = scan.rest.strip_prefix('-')?;
            scan.number()
        });
        let post = bare_post.or_else(|| scan.suffix(&[("post", ()), ("rev", ()), ("r", ())]));
        let dev = scan.suffix(&[("dev", ())]);
        let local = match scan.rest.strip_prefix('+') {
            Some(local) => {
                scan.rest = "";
                let pieces: Vec<&str> = local.split(['-', '_', '.']).collect();
                let alphanumeric =
                    |piece: &&str| !piece.is_empty() && piece.chars().all(|c| c.is_ascii_alphanumeric());
                Some(pieces.iter().all(alphanumeric).then(|| pieces.join("."))?)
            }
            None => None,
        };
        scan.rest.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }

    /// Whether there is a local part, which a public index refuses.
    pub(crate) fn is_local(&self) -> bool {
        self.local.is_some()
    }

    /// Whether it is a pre-release or a development release.
    pub(crate) fn is_pre_release(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn significant(&self) -> &[u64] {
        let zeros = self.release.iter().rev().take_while(|number| **number == 0).count();
        self.release.get(..self.release.len() - zeros).unwrap_or_default()
    }

    /// A development release sorts before the pre-releases of the same release, a final one after them.
    fn pre_key(&self) -> (u8, Option<(PreRelease, u64)>) {
        match (self.pre, self.post, self.dev) {
            (Some(pre), ..) => (1, Some(pre)),
            (None, None, Some(_)) => (0, None),
            (None, ..) => (2, None),
        }
    }
}

/// Both name the same version, whatever their spelling: `1.0` and `1.0.0` are equal.
impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |version: &Self| (version.dev.is_none(), version.dev);
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.significant().cmp(other.significant()))
            .then_with(|| self.pre_key().cmp(&other.pre_key()))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| key(self).cmp(&key(other)))
            .then_with(|| self.local.cmp(&other.local))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 {
            write!(formatter, "{}!", self.epoch)?;
        }
        for (index, number) in self.release.iter().enumerate() {
            write!(formatter, "{}{number}", if index == 0 { "" } else { "." })?;
        }
        if let Some((kind, number)) = self.pre {
            let letters = match kind {
                PreRelease::Alpha => "a",
                PreRelease::Beta => "b",
                PreRelease::Candidate => "rc",
            };
            write!(formatter, "{letters}{number}")?;
        }
        if let Some(number) = self.post {
            write!(formatter, ".post{number}")?;
        }
        if let Some(number) = self.dev {
            write!(formatter, ".dev{number}")?;
        }
        if let Some(local) = &self.local {
            write!(formatter, "+{local}")?;
        }
        Ok(())
    }
}

struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    /// Goes back to where it stood when this does not fit.
    fn attempt<T>(&mut self, fits: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.rest;
        let found = fits(self);
        if found.is_none() {
            self.rest = before;
        }
        found
    }

    fn number(&mut self) -> Option<u64> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    fn separator(&mut self) {
        self.rest = self.rest.strip_prefix(['.', '-', '_']).unwrap_or(self.rest);
    }

    fn word<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        let (rest, value) =
            words.iter().find_map(|(word, value)| self.rest.strip_prefix(word).map(|rest| (rest, *value)))?;
        self.rest = rest;
        Some(value)
    }

    /// A number with its separator; none means 0, also after a separator that leads to nothing.
    fn optional_number(&mut self) -> Option<u64> {
        self.separator();
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) { self.number() } else { Some(0) }
    }

    fn suffix(&mut self, words: &[(&str, ())]) -> Option<u64> {
        self.attempt(|scan| {
            scan.separator();
            scan.word(words)?;
            scan.optional_number()
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, normal: Option<&str>) {
        assert_eq!(Version::parse(text).map(|version| version.to_string()).as_deref(), normal, "{text}");
    }

    #[test]
    fn normal_forms() {
        check("1.0", Some("1.0"));
        check(" v1.0-RC.1 ", Some("1.0rc1"));
        check("1.0alpha", Some("1.0a0"));
        check("1.0.preview_2", Some("1.0rc2"));
        check("1.0-1", Some("1.0.post1"));
        check("1.0r4", Some("1.0.post4"));
        check("1.0a.dev3", Some("1.0a0.dev3"));
        // The pattern of PEP 440's appendix allows these, and so does the packaging library.
        check("1.0a.", Some("1.0a0"));
        check("1.0.post-", Some("1.0.post0"));
        check("1.0a-.post1", Some("1.0a0.post1"));
        check("2!01.002.dev", Some("2!1.2.dev0"));
        check("1.0+Ubuntu-1", Some("1.0+ubuntu.1"));
        for wrong in [
            "",
            "v",
            "1.",
            "1.0-",
            "1.0x",
            "1.0+",
            "1.0+a..b",
            "1.0a1b1",
            "1.0a-+",
            "1!",
            "99999999999999999999",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn order() {
        let chain = [
            "0.9",
            "1.0.dev1",
            "1.0a1.dev1",
            "1.0a1",
            "1.0b2",
            "1.0rc1",
            "1.0",
            "1.0.post1.dev1",
            "1.0.post1",
            "1.0.1",
            "1.10",
            "1!0.1",
        ];
        let versions: Vec<Version> = chain.iter().map(|text| Version::parse(text).unwrap()).collect();
        assert!(versions.is_sorted_by(|a, b| a < b));
        assert_eq!(Version::parse("1.0"), Version::parse("1"));
    }

    proptest! {
        #[test]
        fn normal_form_is_a_fixed_point(text in "[0-9]{1,3}(\\.[0-9]{1,2}){0,2}([-_.]?(a|rc|beta)[-_.]?[0-9]?)?([-_.]?post[0-9]?)?(\\.dev[0-9])?") {
            let version = Version::parse(&text).unwrap();
            let again = Version::parse(&version.to_string()).unwrap();
            prop_assert_eq!(&version, &again);
            prop_assert_eq!(version.to_string(), again.to_string());
        }
    }
}
