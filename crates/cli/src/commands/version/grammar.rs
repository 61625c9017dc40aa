//! What the commands need of a scheme, the same for each.

use std::cmp::Ordering;
use std::fmt::Display;

use serde::Serialize;
use tminus_versioning::{ReleaseLine, ReleaseVersion, Scheme, calver, cargo, go, npm, oci, pep440, semver};

/// Why a text is not what it should be, for people.
pub(super) type Fault = String;

/// The rules of one scheme.
pub(super) trait Grammar {
    type Version: Send + Display;
    type Requirement;

    /// A version that has a place in the order.
    fn version(text: &str) -> Result<Self::Version, Fault>;

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering;

    /// The canonical form.
    fn canonical(version: &Self::Version) -> String {
        version.to_string()
    }

    /// Whether the version comes before a final one.
    fn is_prerelease(version: &Self::Version) -> bool;

    /// Whether the version belongs to a line of releases, by its first one or two numbers.
    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool;

    /// Writes the canonical form and its parts as a JSON object.
    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault>;

    /// Whether requirements can be asked about in this way at all.
    fn has_requirements(_prereleases: bool) -> Result<(), Fault> {
        Ok(())
    }

    fn requirement(text: &str, prereleases: bool) -> Result<Self::Requirement, Fault>;

    /// Whether the requirement admits the version.
    fn admits(requirement: &Self::Requirement, version: &str, prereleases: bool) -> Result<bool, Fault>;
}

fn fault(error: impl Display) -> Fault {
    error.to_string()
}

fn is_of_line(major: Option<u64>, minor: Option<u64>, line: ReleaseLine) -> bool {
    major == Some(line.major) && (line.minor.is_none() || minor == line.minor)
}

/// Writes a JSON object, its fields in the order in which they are declared.
fn write(parts: &impl Serialize, out: &mut Vec<u8>) -> Result<(), Fault> {
    serde_json::to_writer(out, parts).map_err(fault)
}

const NO_REQUIREMENTS: &str = "this scheme has no requirements";

/// A requirement of a scheme that has none.
pub(super) enum Never {}

fn no_requirements(scheme: Scheme, instead: &str) -> Result<(), Fault> {
    Err(format!("{scheme} has no requirements that a version could match: {instead}"))
}

pub(super) struct Pep440;

#[derive(Serialize)]
struct Pep440Parts<'a> {
    canonical: String,
    epoch: u64,
    release: &'a [u64],
    pre: Option<(&'static str, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Option<String>,
    prerelease: bool,
}

impl Grammar for Pep440 {
    type Version = pep440::Version;
    type Requirement = pep440::SpecifierSet;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn is_prerelease(version: &Self::Version) -> bool {
        version.is_prerelease()
    }

    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
        let release = version.release();
        is_of_line(release.first().copied(), Some(release.get(1).copied().unwrap_or(0)), line)
    }

    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let version = Self::version(text)?;
        let word = |kind| match kind {
            pep440::PreKind::Alpha => "a",
            pep440::PreKind::Beta => "b",
            pep440::PreKind::Rc => "rc",
        };
        let parts = Pep440Parts {
            canonical: version.to_string(),
            epoch: version.epoch(),
            release: &version.release(),
            pre: version.pre().map(|(kind, number)| (word(kind), number)),
            post: version.post(),
            dev: version.dev(),
            local: version.local(),
            prerelease: version.is_prerelease(),
        };
        write(&parts, out)
    }

    fn requirement(text: &str, _: bool) -> Result<Self::Requirement, Fault> {
        text.parse().map_err(fault)
    }

    fn admits(requirement: &Self::Requirement, version: &str, prereleases: bool) -> Result<bool, Fault> {
        let prereleases = if prereleases { pep440::Prereleases::Allow } else { pep440::Prereleases::Default };
        requirement.contains_text(version, prereleases).map_err(fault)
    }
}

pub(super) struct Npm;
pub(super) struct NpmLoose;

/// Both readings of npm, which differ in one value.
macro_rules! npm_grammar {
    ($name:ident, $mode:expr) => {
        impl Grammar for $name {
            type Version = npm::Version;
            type Requirement = npm::Range;

            fn version(text: &str) -> Result<Self::Version, Fault> {
                npm::Version::parse(text, $mode).map_err(fault)
            }

            fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
                left.cmp_precedence(right)
            }

            fn is_prerelease(version: &Self::Version) -> bool {
                version.is_prerelease()
            }

            fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
                is_of_line(Some(version.major()), Some(version.minor()), line)
            }

            fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
                let version = Self::version(text)?;
                let numbers = [version.major(), version.minor(), version.patch()].map(Number::Small);
                write(&SemverParts::new(version.to_string(), numbers, version.pre(), version.build()), out)
            }

            fn requirement(text: &str, prereleases: bool) -> Result<Self::Requirement, Fault> {
                let options = npm::Options { mode: $mode, include_prerelease: prereleases };
                npm::Range::parse(text, options).map_err(fault)
            }

            fn admits(requirement: &Self::Requirement, version: &str, _: bool) -> Result<bool, Fault> {
                // As `Range.test` and `satisfies` of node-semver answer for a text that is no version.
                Ok(Self::version(version).is_ok_and(|version| requirement.satisfies(&version)))
            }
        }
    };
}

npm_grammar!(Npm, npm::Mode::Strict);
npm_grammar!(NpmLoose, npm::Mode::Loose);

#[derive(Serialize)]
struct SemverParts<'a> {
    canonical: String,
    major: Number<'a>,
    minor: Number<'a>,
    patch: Number<'a>,
    pre: &'a str,
    build: &'a str,
    prerelease: bool,
}

impl<'a> SemverParts<'a> {
    fn new(canonical: String, numbers: [Number<'a>; 3], pre: &'a str, build: &'a str) -> Self {
        let [major, minor, patch] = numbers;
        Self { canonical, major, minor, patch, pre, build, prerelease: !pre.is_empty() }
    }
}

/// SemVer sets no limit to its numbers: those beyond 64 bits are text.
#[derive(Serialize)]
#[serde(untagged)]
enum Number<'a> {
    Small(u64),
    Large(&'a str),
}

pub(super) struct Semver;

impl Grammar for Semver {
    type Version = semver::Version;
    type Requirement = cargo::VersionReq;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp_precedence(right)
    }

    fn is_prerelease(version: &Self::Version) -> bool {
        version.is_prerelease()
    }

    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
        is_of_line(version.major(), version.minor(), line)
    }

    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let version = Self::version(text)?;
        let number = |number: Option<u64>, text| number.map_or(Number::Large(text), Number::Small);
        let numbers = [
            number(version.major(), version.major_text()),
            number(version.minor(), version.minor_text()),
            number(version.patch(), version.patch_text()),
        ];
        write(&SemverParts::new(version.to_string(), numbers, version.pre(), version.build()), out)
    }

    fn has_requirements(prereleases: bool) -> Result<(), Fault> {
        Cargo::has_requirements(prereleases)
    }

    fn requirement(text: &str, prereleases: bool) -> Result<Self::Requirement, Fault> {
        Cargo::requirement(text, prereleases)
    }

    fn admits(requirement: &Self::Requirement, version: &str, prereleases: bool) -> Result<bool, Fault> {
        Cargo::admits(requirement, version, prereleases)
    }
}

pub(super) struct Cargo;

impl Grammar for Cargo {
    type Version = cargo::Version;
    type Requirement = cargo::VersionReq;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn is_prerelease(version: &Self::Version) -> bool {
        version.is_prerelease()
    }

    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
        is_of_line(Some(version.major()), Some(version.minor()), line)
    }

    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let version = Self::version(text)?;
        let numbers = [version.major(), version.minor(), version.patch()].map(Number::Small);
        write(&SemverParts::new(version.to_string(), numbers, version.pre(), version.build()), out)
    }

    fn has_requirements(prereleases: bool) -> Result<(), Fault> {
        if prereleases {
            return Err(format!("{} has no such rule: leave out --prereleases", Scheme::Cargo));
        }
        Ok(())
    }

    fn requirement(text: &str, _: bool) -> Result<Self::Requirement, Fault> {
        text.parse().map_err(fault)
    }

    fn admits(requirement: &Self::Requirement, version: &str, _: bool) -> Result<bool, Fault> {
        Ok(requirement.matches(&Self::version(version)?))
    }
}

pub(super) struct Go;

#[derive(Serialize)]
struct GoParts<'a> {
    canonical: &'a str,
    major: Option<u64>,
    minor: Option<u64>,
    patch: Option<u64>,
    pre: &'a str,
    incompatible: bool,
    pseudo: bool,
    prerelease: bool,
}

impl Grammar for Go {
    type Version = go::Version;
    type Requirement = Never;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp_precedence(right)
    }

    fn is_prerelease(version: &Self::Version) -> bool {
        version.is_prerelease()
    }

    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
        is_of_line(version.major(), version.minor(), line)
    }

    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let version = Self::version(text)?;
        let parts = GoParts {
            canonical: version.as_str(),
            major: version.major(),
            minor: version.minor(),
            patch: version.patch(),
            pre: version.pre(),
            incompatible: version.is_incompatible(),
            pseudo: version.is_pseudo(),
            prerelease: version.is_prerelease(),
        };
        write(&parts, out)
    }

    fn has_requirements(_: bool) -> Result<(), Fault> {
        no_requirements(Scheme::Go, "a require line names the least version; compare with it")
    }

    fn requirement(_: &str, _: bool) -> Result<Never, Fault> {
        Err(NO_REQUIREMENTS.to_owned())
    }

    fn admits(requirement: &Never, _: &str, _: bool) -> Result<bool, Fault> {
        match *requirement {}
    }
}

pub(super) struct Oci;

#[derive(Serialize)]
struct OciParts<'a> {
    canonical: &'a str,
    version: Option<String>,
    prerelease: Option<bool>,
}

impl Grammar for Oci {
    type Version = ReleaseVersion;
    type Requirement = Never;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        ReleaseVersion::parse(Scheme::Oci, text).map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn canonical(version: &Self::Version) -> String {
        version.render(Scheme::Oci).unwrap_or_else(|_| version.to_string())
    }

    fn is_prerelease(version: &Self::Version) -> bool {
        version.is_prerelease()
    }

    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
        line.contains(version)
    }

    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        // Any tag is answered; one that moves, such as `latest`, stands for no version.
        let tag: oci::Tag = text.parse().map_err(fault)?;
        let version = ReleaseVersion::parse(Scheme::Oci, text).ok();
        let parts = OciParts {
            canonical: tag.as_str(),
            version: version.as_ref().and_then(|version| version.render(Scheme::Oci).ok()),
            prerelease: version.map(|version| version.is_prerelease()),
        };
        write(&parts, out)
    }

    fn has_requirements(_: bool) -> Result<(), Fault> {
        no_requirements(Scheme::Oci, "a tag is taken as it is written")
    }

    fn requirement(_: &str, _: bool) -> Result<Never, Fault> {
        Err(NO_REQUIREMENTS.to_owned())
    }

    fn admits(requirement: &Never, _: &str, _: bool) -> Result<bool, Fault> {
        match *requirement {}
    }
}

pub(super) struct Calver;

#[derive(Serialize)]
struct CalverParts<'a> {
    canonical: String,
    year: u16,
    release: &'a [u64],
    modifier: Option<String>,
    prerelease: bool,
}

impl Grammar for Calver {
    type Version = calver::Version;
    type Requirement = Never;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn is_prerelease(version: &Self::Version) -> bool {
        version.is_prerelease()
    }

    fn is_of_line(version: &Self::Version, line: ReleaseLine) -> bool {
        let numbers = version.numbers();
        is_of_line(numbers.first().copied(), numbers.get(1).copied(), line)
    }

    fn describe(text: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let version = Self::version(text)?;
        let parts = CalverParts {
            canonical: version.to_string(),
            year: version.year(),
            release: version.numbers(),
            modifier: version.modifier().map(|modifier| modifier.to_string()),
            prerelease: version.is_prerelease(),
        };
        write(&parts, out)
    }

    fn has_requirements(_: bool) -> Result<(), Fault> {
        no_requirements(Scheme::Calver, "compare with it, or match it in the scheme of its packages")
    }

    fn requirement(_: &str, _: bool) -> Result<Never, Fault> {
        Err(NO_REQUIREMENTS.to_owned())
    }

    fn admits(requirement: &Never, _: &str, _: bool) -> Result<bool, Fault> {
        match *requirement {}
    }
}
