//! What the commands need of a scheme, the same for each.

use std::cmp::Ordering;
use std::fmt::Display;

use serde_json::{Map, Value, json};
use tminus_versioning::{ReleaseVersion, Scheme, calver, cargo, go, npm, oci, pep440, semver};

/// Why a text is not what it should be, for people.
pub(super) type Fault = String;

type Parts = Map<String, Value>;

/// The rules of one scheme.
pub(super) trait Grammar {
    type Version: Send;
    type Requirement;

    /// A version that has a place in the order.
    fn version(text: &str) -> Result<Self::Version, Fault>;

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering;

    /// The canonical form and its parts, for JSON.
    fn describe(text: &str) -> Result<Parts, Fault>;

    fn requirement(text: &str, prereleases: bool) -> Result<Self::Requirement, Fault>;

    /// Whether the requirement admits the version.
    fn admits(requirement: &Self::Requirement, version: &str, prereleases: bool) -> Result<bool, Fault>;
}

fn fault(error: impl Display) -> Fault {
    error.to_string()
}

fn parts(value: Value) -> Parts {
    match value {
        Value::Object(parts) => parts,
        _ => Parts::new(),
    }
}

/// A requirement of a scheme that has none.
pub(super) enum Never {}

fn no_requirements<T>(scheme: Scheme, instead: &str) -> Result<T, Fault> {
    Err(format!("{scheme} has no requirements that a version could match: {instead}"))
}

pub(super) struct Pep440;

impl Grammar for Pep440 {
    type Version = pep440::Version;
    type Requirement = pep440::SpecifierSet;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn describe(text: &str) -> Result<Parts, Fault> {
        let version = Self::version(text)?;
        let pre = version.pre().map(|(kind, number)| {
            let word = match kind {
                pep440::PreKind::Alpha => "a",
                pep440::PreKind::Beta => "b",
                pep440::PreKind::Rc => "rc",
            };
            json!([word, number])
        });
        Ok(parts(json!({
            "canonical": version.to_string(),
            "epoch": version.epoch(),
            "release": version.release().to_vec(),
            "pre": pre,
            "post": version.post(),
            "dev": version.dev(),
            "local": version.local(),
            "prerelease": version.is_prerelease(),
        })))
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

            fn describe(text: &str) -> Result<Parts, Fault> {
                let version = Self::version(text)?;
                let (pre, build) = (version.pre(), version.build());
                Ok(three_numbers(&version, [version.major(), version.minor(), version.patch()], pre, build))
            }

            fn requirement(text: &str, prereleases: bool) -> Result<Self::Requirement, Fault> {
                let options = npm::Options { mode: $mode, include_prerelease: prereleases };
                npm::Range::parse(text, options).map_err(fault)
            }

            fn admits(requirement: &Self::Requirement, version: &str, _: bool) -> Result<bool, Fault> {
                Ok(requirement.satisfies(&Self::version(version)?))
            }
        }
    };
}

npm_grammar!(Npm, npm::Mode::Strict);
npm_grammar!(NpmLoose, npm::Mode::Loose);

fn three_numbers(canonical: &impl Display, numbers: [u64; 3], pre: &str, build: &str) -> Parts {
    let [major, minor, patch] = numbers;
    parts(json!({
        "canonical": canonical.to_string(),
        "major": major,
        "minor": minor,
        "patch": patch,
        "pre": pre,
        "build": build,
        "prerelease": !pre.is_empty(),
    }))
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

    fn describe(text: &str) -> Result<Parts, Fault> {
        let version = Self::version(text)?;
        // SemVer sets no limit to its numbers; JSON readers do.
        let number = |number: Option<u64>, text: &str| number.map_or_else(|| json!(text), |number| json!(number));
        Ok(parts(json!({
            "canonical": version.to_string(),
            "major": number(version.major(), version.major_text()),
            "minor": number(version.minor(), version.minor_text()),
            "patch": number(version.patch(), version.patch_text()),
            "pre": version.pre(),
            "build": version.build(),
            "prerelease": version.is_prerelease(),
        })))
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

    fn describe(text: &str) -> Result<Parts, Fault> {
        let version = Self::version(text)?;
        let (pre, build) = (version.pre(), version.build());
        Ok(three_numbers(&version, [version.major(), version.minor(), version.patch()], pre, build))
    }

    fn requirement(text: &str, prereleases: bool) -> Result<Self::Requirement, Fault> {
        if prereleases {
            return Err("Cargo's requirements admit a pre-release only where they name one of the same version: \
                        leave out --prereleases"
                .to_owned());
        }
        text.parse().map_err(fault)
    }

    fn admits(requirement: &Self::Requirement, version: &str, _: bool) -> Result<bool, Fault> {
        Ok(requirement.matches(&Self::version(version)?))
    }
}

pub(super) struct Go;

impl Grammar for Go {
    type Version = go::Version;
    type Requirement = Never;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp_precedence(right)
    }

    fn describe(text: &str) -> Result<Parts, Fault> {
        let version = Self::version(text)?;
        Ok(parts(json!({
            "canonical": version.to_string(),
            "major": version.major(),
            "minor": version.minor(),
            "patch": version.patch(),
            "pre": version.pre(),
            "incompatible": version.is_incompatible(),
            "pseudo": version.is_pseudo(),
            "prerelease": version.is_prerelease(),
        })))
    }

    fn requirement(_: &str, _: bool) -> Result<Never, Fault> {
        no_requirements(Scheme::Go, "a require line names the least version; compare with it")
    }

    fn admits(requirement: &Never, _: &str, _: bool) -> Result<bool, Fault> {
        match *requirement {}
    }
}

pub(super) struct Oci;

impl Grammar for Oci {
    type Version = ReleaseVersion;
    type Requirement = Never;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        ReleaseVersion::parse(Scheme::Oci, text).map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn describe(text: &str) -> Result<Parts, Fault> {
        // Any tag is answered; one that moves, such as `latest`, stands for no version.
        let tag: oci::Tag = text.parse().map_err(fault)?;
        let version = ReleaseVersion::parse(Scheme::Oci, text).ok();
        Ok(parts(json!({
            "canonical": tag.as_str(),
            "version": version.as_ref().and_then(|version| version.render(Scheme::Oci).ok()),
            "prerelease": version.is_some_and(|version| version.is_prerelease()),
        })))
    }

    fn requirement(_: &str, _: bool) -> Result<Never, Fault> {
        no_requirements(Scheme::Oci, "a tag is taken as it is written")
    }

    fn admits(requirement: &Never, _: &str, _: bool) -> Result<bool, Fault> {
        match *requirement {}
    }
}

pub(super) struct Calver;

impl Grammar for Calver {
    type Version = calver::Version;
    type Requirement = Never;

    fn version(text: &str) -> Result<Self::Version, Fault> {
        text.parse().map_err(fault)
    }

    fn order(left: &Self::Version, right: &Self::Version) -> Ordering {
        left.cmp(right)
    }

    fn describe(text: &str) -> Result<Parts, Fault> {
        let version = Self::version(text)?;
        Ok(parts(json!({
            "canonical": version.to_string(),
            "year": version.year(),
            "release": version.numbers(),
            "modifier": version.modifier().map(|modifier| modifier.to_string()),
            "prerelease": version.is_prerelease(),
        })))
    }

    fn requirement(_: &str, _: bool) -> Result<Never, Fault> {
        no_requirements(Scheme::Calver, "compare with it, or match it in the scheme of its packages")
    }

    fn admits(requirement: &Never, _: &str, _: bool) -> Result<bool, Fault> {
        match *requirement {}
    }
}
