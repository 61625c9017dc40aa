use std::fmt;

use tminus_versioning::pep440::Version;

use super::ProjectName;
use super::name::normalize;

/// What a distribution file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A built distribution (PEP 427).
    Wheel,
    /// A source distribution (PEP 625 and the spellings before it).
    Sdist,
}

impl Kind {
    /// The `filetype` of the upload form.
    pub fn filetype(self) -> &'static str {
        match self {
            Self::Wheel => "bdist_wheel",
            Self::Sdist => "sdist",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wheel => "wheel",
            Self::Sdist => "sdist",
        })
    }
}

/// One compatibility tag of a wheel (PEP 425), each part in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    /// `py3`, `cp312`.
    pub python: String,
    /// `none`, `abi3`, `cp312`.
    pub abi: String,
    /// `any`, `manylinux_2_28_x86_64`.
    pub platform: String,
}

impl Tag {
    /// Every tag that `python-abi-platform` stands for, each part possibly several joined by dots; sorted.
    /// `None` where it has not three parts of the permitted characters.
    pub fn expand(text: &str) -> Option<Vec<Self>> {
        let lower = text.to_ascii_lowercase();
        let mut parts = lower.split('-');
        let (pythons, abis, platforms) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let every = |parts: &str| parts.split('.').all(|part| !part.is_empty() && fits(part));
        if parts.next().is_some() || ![pythons, abis, platforms].into_iter().all(every) {
            return None;
        }
        let mut tags = Vec::new();
        for python in pythons.split('.') {
            for abi in abis.split('.') {
                for platform in platforms.split('.') {
                    let (python, abi, platform) = (python.into(), abi.into(), platform.into());
                    tags.push(Self { python, abi, platform });
                }
            }
        }
        tags.sort();
        tags.dedup();
        Some(tags)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.python, self.abi, self.platform)
    }
}

/// What the name of a distribution file says.
///
/// ```
/// use tminus_registry::pypi::{FileName, Kind};
///
/// let wheel = FileName::parse("Fast_LLM-0.4.0rc1-cp312-cp312-manylinux_2_28_x86_64.whl")?;
/// assert_eq!(wheel.kind(), Kind::Wheel);
/// assert_eq!(wheel.project(), &"fast-llm".parse()?);
/// assert_eq!(wheel.version(), &"0.4.0-rc.1".parse()?);
/// assert_eq!(wheel.python_tag(), "cp312");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct FileName {
    text: String,
    kind: Kind,
    project: ProjectName,
    version: Version,
    build: Option<String>,
    tags: Vec<Tag>,
}

/// A file name that is neither of a wheel nor of an sdist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{filename:?} is not the name of a distribution: {problem}")]
pub struct ParseFileNameError {
    filename: String,
    problem: &'static str,
}

/// The first is PEP 625's; the others are on indexes from older days.
const SDIST_EXTENSIONS: [&str; 6] = [".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z"];

impl FileName {
    /// Reads a file name.
    ///
    /// An sdist is split at its last `-`, as PEP 625 makes it unambiguous; see [`FileName::parse_for`] for older ones.
    ///
    /// # Errors
    /// Another extension, a wheel without five or six parts, a part that is no name, version, build number or tag.
    pub fn parse(filename: &str) -> Result<Self, ParseFileNameError> {
        Self::read(filename, None)
    }

    /// Reads the name of a file that is listed under `project`, which settles where the name of an older sdist
    /// (`my-project-1.0-1.zip`) ends.
    ///
    /// # Errors
    /// As [`FileName::parse`], and a file of another project.
    pub fn parse_for(filename: &str, project: &ProjectName) -> Result<Self, ParseFileNameError> {
        let parsed = Self::read(filename, Some(project))?;
        if parsed.project == *project {
            Ok(parsed)
        } else {
            Err(refuse(filename, "it belongs to another project"))
        }
    }

    fn read(filename: &str, project: Option<&ProjectName>) -> Result<Self, ParseFileNameError> {
        if filename.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(refuse(filename, "it has white space or control characters"));
        }
        if let Some(stem) = filename.strip_suffix(".whl") {
            return Self::wheel(filename, stem);
        }
        let Some(stem) = SDIST_EXTENSIONS.iter().find_map(|extension| filename.strip_suffix(extension))
        else {
            return Err(refuse(filename, "the extension is neither .whl nor .tar.gz"));
        };
        let mut dashes: Vec<usize> = stem.match_indices('-').map(|(index, _)| index).collect();
        match project {
            Some(project) => dashes
                .retain(|&dash| stem.get(..dash).is_some_and(|name| normalize(name) == project.normalized())),
            // Only the last one: `parse` promises it.
            None => dashes.drain(..dashes.len().saturating_sub(1)).for_each(drop),
        }
        for dash in dashes {
            let (name, version) = stem.split_at(dash);
            let version = version.trim_start_matches('-').parse();
            if let (Ok(project), Ok(version)) = (name.parse(), version) {
                let (text, kind) = (filename.to_owned(), Kind::Sdist);
                return Ok(Self { text, kind, project, version, build: None, tags: Vec::new() });
            }
        }
        Err(refuse(filename, "it is not NAME-VERSION.tar.gz"))
    }

    fn wheel(filename: &str, stem: &str) -> Result<Self, ParseFileNameError> {
        let parts: Vec<&str> = stem.split('-').collect();
        let (name, version, build, tags) = match parts.as_slice() {
            [name, version, tags @ ..] if tags.len() == 3 => (name, version, None, tags),
            [name, version, build, tags @ ..] if tags.len() == 3 => (name, version, Some(*build), tags),
            _ => return Err(refuse(filename, "a wheel is NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl")),
        };
        if build.is_some_and(|build| !build.starts_with(|c: char| c.is_ascii_digit())) {
            return Err(refuse(filename, "the build number does not begin with a digit"));
        }
        if build.is_some_and(|build| {
            !build.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        }) {
            return Err(refuse(filename, "the build number has characters that it must not have"));
        }
        if name.contains("__") {
            return Err(refuse(filename, "the project name is not escaped: it has two `_` in a row"));
        }
        Ok(Self {
            text: filename.to_owned(),
            kind: Kind::Wheel,
            project: name.parse().map_err(|_| refuse(filename, "the first part is no project name"))?,
            version: version
                .parse()
                // Older builders put `_` where a version has `-` (PEP 427, escaping).
                .or_else(|_| version.replace('_', "-").parse())
                .map_err(|_| refuse(filename, "the second part is no PEP 440 version"))?,
            build: build.map(str::to_owned),
            tags: Tag::expand(&tags.join("-")).ok_or_else(|| refuse(filename, "a tag is malformed"))?,
        })
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Wheel or sdist.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The project.
    pub fn project(&self) -> &ProjectName {
        &self.project
    }

    /// The version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The build number of a wheel, where it has one.
    pub fn build(&self) -> Option<&str> {
        self.build.as_deref()
    }

    /// The compatibility tags of a wheel, sorted; none for an sdist.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The `pyversion` of the upload form: a wheel's Python tag as the file name has it, else `source`.
    pub fn python_tag(&self) -> &str {
        match self.kind {
            Kind::Wheel => self.text.rsplit('-').nth(2).unwrap_or_default(),
            Kind::Sdist => "source",
        }
    }
}

fn refuse(filename: &str, problem: &'static str) -> ParseFileNameError {
    ParseFileNameError { filename: filename.chars().take(200).collect(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(filename: &str, project: Option<&str>, expected: Option<(Kind, &str, &str)>) {
        let parsed = match project {
            None => FileName::parse(filename),
            Some(project) => FileName::parse_for(filename, &project.parse().unwrap()),
        };
        let parsed = parsed.ok();
        let seen = parsed
            .as_ref()
            .map(|it| (it.kind(), it.project().normalized().to_owned(), it.version().to_string()));
        let expected = expected.map(|(kind, name, version)| (kind, name.to_owned(), version.to_owned()));
        assert_eq!(seen, expected, "{filename}");
    }

    #[test]
    fn wheels() {
        let wheel = |name, version| Some((Kind::Wheel, name, version));
        check("demo-1.0-py3-none-any.whl", None, wheel("demo", "1.0"));
        check("Demo_App-1.0-py2.py3-none-any.whl", None, wheel("demo-app", "1.0"));
        check("demo-1.0-1-cp39-abi3-win32.whl", None, wheel("demo", "1.0"));
        check("demo-1.0-1bar-cp39-abi3-win32.whl", None, wheel("demo", "1.0"));
        check("demo-1!2.0.post3-py3-none-any.whl", None, wheel("demo", "1!2.0.post3"));
        check("demo-1.0+abc.1-py3-none-any.whl", None, wheel("demo", "1.0+abc.1"));
        check("demo-1.0_1-py3-none-any.whl", None, wheel("demo", "1.0.post1"));
        check("demo-1.0-x1-py3-none-any.whl", None, None);
        check("demo__x-1.0-py3-none-any.whl", None, None);
        check("demo-1.0-none-any.whl", None, None);
        check("demo-my-1.0-1-py3-none-any.whl", None, None);
        check("demo-one-py3-none-any.whl", None, None);
        check("demo-1.0-py3--any.whl", None, None);
        check("demo-1.0-py3.-none-any.whl", None, None);
        check("../demo-1.0-py3-none-any.whl", None, None);
        check("demo-1.0-py3-none-any\".whl", None, None);
        check("demo-1.0 -py3-none-any.whl", None, None);
    }

    #[test]
    fn sdists() {
        let sdist = |name, version| Some((Kind::Sdist, name, version));
        check("demo_app-1.0.tar.gz", None, sdist("demo-app", "1.0"));
        check("demo-app-1.0.zip", None, sdist("demo-app", "1.0"));
        check("demo-1.0-1.tar.gz", None, sdist("demo-1-0", "1"));
        check("demo-1.0-1.tar.gz", Some("demo"), sdist("demo", "1.0.post1"));
        check("demo-2-1.0.tar.gz", Some("demo-2"), sdist("demo-2", "1.0"));
        check("Demo.2-1.0b2.tar.bz2", Some("demo-2"), sdist("demo-2", "1.0b2"));
        check("demo-1.0.tar.gz", Some("other"), None);
        check("demo-1.0-py3.8.egg", Some("demo"), None);
        check("demo-1.0.win32.exe", Some("demo"), None);
        check("demo.tar.gz", None, None);
        check("/demo-1.0.tar.gz", None, None);
    }

    #[test]
    fn tags_are_expanded() {
        let name = FileName::parse("demo-1.0-2-cp311.cp312-abi3-Linux_x86_64.any.whl").unwrap();
        let tags: Vec<String> = name.tags().iter().map(ToString::to_string).collect();
        assert_eq!(
            tags,
            ["cp311-abi3-any", "cp311-abi3-linux_x86_64", "cp312-abi3-any", "cp312-abi3-linux_x86_64"]
        );
        assert_eq!((name.build(), name.python_tag()), (Some("2"), "cp311.cp312"));
        assert_eq!(FileName::parse("demo-1.0.tar.gz").unwrap().python_tag(), "source");
    }
}
