//! From the text of one scheme to the text of another, without loss.

use super::{CannotExpress, ConvertError, Inexpressible, ParseReleaseError, ReleaseVersion};
use crate::npm::Mode;
use crate::{Scheme, calver, cargo, go, npm, oci, pep440, semver};

/// Writes a version of one scheme as another one writes it.
///
/// Nothing is lost on the way: the result, written in the first scheme again, is the same version there. What would
/// come back as another one is refused, as what the other scheme cannot say is.
///
/// Between the schemes that are SemVer (`semver`, `cargo`, `npm`, `npm-loose`, `go`, and image tags that are) any version
/// keeps its text, whatever its pre-release part; a scheme into itself gives the canonical form. Everywhere else the
/// version goes through [`ReleaseVersion`], and must be one of a release.
///
/// ```
/// use tminus_versioning::{ConvertError, Inexpressible, Scheme, convert};
///
/// assert_eq!(convert(Scheme::Pep440, Scheme::Npm, "0.4.5.dev20260202")?, "0.4.5-dev.20260202");
/// assert_eq!(convert(Scheme::Go, Scheme::Pep440, "v0.4.0-rc.1")?, "0.4.0rc1");
/// assert_eq!(convert(Scheme::Npm, Scheme::Go, "1.0.0-next.1")?, "v1.0.0-next.1");
///
/// match convert(Scheme::Pep440, Scheme::Npm, "0.4.5.post1") {
///     Err(ConvertError::CannotExpress(error)) => assert_eq!(error.part(), Inexpressible::PostRelease),
///     other => panic!("{other:?}"),
/// }
/// // PEP 440 has no `1.0.0-beta` beside `1.0.0-beta.0`, and npm has both.
/// let error = convert(Scheme::Npm, Scheme::Pep440, "1.0.0-beta").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"1.0.0-beta\" would be 1.0.0b0 in pep440, and that is 1.0.0-beta.0 on the way back: convert that one"
/// );
/// # Ok::<(), ConvertError>(())
/// ```
///
/// # Deviations
///
/// The words of the phases go over as they are, and their order does not: in SemVer `-dev.2` comes after `-alpha.1` and
/// `-beta.1`, in PEP 440 `.dev2` comes before `a1`. Within one phase, and against the release itself, order is kept.
///
/// # Errors
///
/// - text that cannot be read in `from`, see [`ReleaseVersion::parse`]
/// - a version that `to` cannot say, see [`ReleaseVersion::render`]
/// - a version that would come back as another one: `1.0.0-beta`, npm-loose's `1.0.0rc1`
pub fn convert(from: Scheme, to: Scheme, text: &str) -> Result<String, ConvertError> {
    if from == to {
        return canonical(from, text);
    }
    if let (Some(version), true) = (as_semver(from, text)?, is_semver(to)) {
        return write_semver(&version, to).map_err(|part| CannotExpress::of_text(text, to, part).into());
    }
    let version = ReleaseVersion::parse(from, text)?;
    let written = version.render(to).map_err(|error| CannotExpress::of_text(text, to, error.part()))?;
    let back = ReleaseVersion::parse(to, &written)?.render(from)?;
    if !is_same(from, text, &back)? {
        return Err(ConvertError::Lossy { text: text.to_owned(), scheme: to, written, back });
    }
    Ok(written)
}

/// The canonical form of a version in its own scheme.
fn canonical(scheme: Scheme, text: &str) -> Result<String, ConvertError> {
    Ok(match scheme {
        Scheme::Pep440 => text.parse::<pep440::Version>().map_err(ParseReleaseError::from)?.to_string(),
        Scheme::Calver => text.parse::<calver::Version>().map_err(ParseReleaseError::from)?.to_string(),
        Scheme::Go => text.parse::<go::Version>().map_err(ParseReleaseError::from)?.to_string(),
        Scheme::Oci => {
            if as_semver(scheme, text)?.is_none() {
                ReleaseVersion::parse(scheme, text)?;
            }
            text.to_owned()
        }
        Scheme::Semver | Scheme::Cargo | Scheme::Npm | Scheme::NpmLoose => {
            as_semver(scheme, text)?.unwrap_or_else(|| text.to_owned())
        }
    })
}

fn is_semver(scheme: Scheme) -> bool {
    !matches!(scheme, Scheme::Pep440 | Scheme::Calver)
}

/// The version as SemVer writes it, with its build metadata; nothing where the text is none.
pub(super) fn as_semver(scheme: Scheme, text: &str) -> Result<Option<String>, ParseReleaseError> {
    Ok(match scheme {
        Scheme::Pep440 | Scheme::Calver => None,
        Scheme::Semver => Some(text.parse::<semver::Version>()?.to_string()),
        Scheme::Cargo => Some(text.parse::<cargo::Version>()?.to_string()),
        Scheme::Npm => Some(with_build(&npm::Version::parse(text, Mode::Strict)?)),
        Scheme::NpmLoose => Some(with_build(&npm::Version::parse(text, Mode::Loose)?)),
        Scheme::Go => Some(text.parse::<go::Version>()?.without_v().to_owned()),
        Scheme::Oci => {
            let tag: oci::Tag = text.parse()?;
            let plain = tag.as_str().strip_prefix('v').unwrap_or(tag.as_str());
            plain.parse::<semver::Version>().ok().map(|version| version.to_string())
        }
    })
}

/// npm prints a version without its build metadata.
fn with_build(version: &npm::Version) -> String {
    match version.build() {
        "" => version.to_string(),
        build => format!("{version}+{build}"),
    }
}

fn write_semver(version: &str, to: Scheme) -> Result<String, Inexpressible> {
    let has_build = version.contains('+');
    match to {
        Scheme::Go | Scheme::Oci if has_build => Err(Inexpressible::LocalPart),
        Scheme::Go => Ok(format!("v{version}")),
        Scheme::Oci if version.len() > super::oci::MAX_TAG_BYTES => Err(Inexpressible::Length),
        Scheme::Cargo if version.parse::<cargo::Version>().is_err() => Err(Inexpressible::LargeNumber),
        Scheme::Npm | Scheme::NpmLoose if !npm_keeps(version) => Err(Inexpressible::LargeNumber),
        _ => Ok(version.to_owned()),
    }
}

/// Whether npm reads a version, and orders its pre-release part as SemVer does.
fn npm_keeps(version: &str) -> bool {
    npm::Version::parse(version, Mode::Strict).is_ok_and(|version| {
        let mut numbers =
            version.pre().split('.').filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        numbers.all(|number| {
            number.is_empty()
                || number.parse::<u64>().is_ok_and(|number| number <= super::npm::MAX_PRE_NUMBER)
        })
    })
}

/// Whether two texts are one version in their scheme.
fn is_same(scheme: Scheme, text: &str, back: &str) -> Result<bool, ParseReleaseError> {
    Ok(match scheme {
        Scheme::Pep440 => text.parse::<pep440::Version>()? == back.parse::<pep440::Version>()?,
        Scheme::Calver => text.parse::<calver::Version>()? == back.parse::<calver::Version>()?,
        _ => match (as_semver(scheme, text)?, as_semver(scheme, back)?) {
            (Some(one), Some(other)) => one == other,
            // Image tags may be spelt as PEP 440 has it.
            _ => ReleaseVersion::parse(scheme, text)? == ReleaseVersion::parse(scheme, back)?,
        },
    })
}
