//! The scheme `calver-by-date`.

use super::error::{ScmError, ScmWarning};
use super::scheme::Base;
use super::settings::Settings;
use super::tag::{TagVersion, match_text, raise};
use crate::Date;

/// A version of the form `YEAR.MONTH.DAY[.PATCH]`, the year of two or four digits.
struct DateVersion<'v> {
    /// `v`, `V` or nothing.
    prefix: &'v str,
    date: &'v str,
    year: &'v str,
    month: &'v str,
    day: &'v str,
    patch: &'v str,
}

impl<'v> DateVersion<'v> {
    fn read(version: &'v str) -> Option<Self> {
        let version = version.strip_suffix('\n').unwrap_or(version);
        let without_prefix = version.strip_prefix(['v', 'V']).unwrap_or(version);
        let prefix = version.get(..version.len() - without_prefix.len())?;
        let mut parts = without_prefix.split('.');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let patch = parts.next();
        let date = version.get(..prefix.len() + year.len() + month.len() + day.len() + 2)?;
        let shape = matches!(year.len(), 2 | 4)
            && matches!(month.len(), 1 | 2)
            && matches!(day.len(), 1 | 2)
            && parts.next().is_none();
        let patch = patch.unwrap_or_default();
        let digits = [year, month, day, patch];
        let is_date = shape && digits.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        is_date.then_some(Self { prefix, date, year, month, day, patch })
    }

    fn day(&self) -> Option<Date> {
        let year = self.year.parse::<u16>().ok()?;
        // Of two digits, POSIX counts 69 to 99 to the twentieth century.
        let year = match (self.year.len(), year) {
            (2, 0..=68) => year + 2000,
            (2, _) => year + 1900,
            _ => year,
        };
        Date::new(year, self.month.parse().ok()?, self.day.parse().ok()?).ok().filter(|date| date.year() > 0)
    }
}

/// The version in the name of a branch `release-VERSION`, as it is written there.
pub(super) fn version_of_branch(
    branch: Option<&str>,
    settings: &Settings<'_>,
) -> Result<Option<String>, ScmError> {
    let Some(branch) = branch.filter(|branch| branch.starts_with("release-")) else {
        return Ok(None);
    };
    let last = branch.rsplit('-').next().unwrap_or_default();
    let found = match_text(last, settings)?;
    Ok(found
        .map(|found| found.version)
        .filter(|version| DateVersion::read(version).is_some())
        .map(str::to_owned))
}

/// The day of the commit, with the patch number of the tag raised if that is of the same day.
pub(super) fn next(
    base: &Base<'_>,
    settings: &Settings<'_>,
    warnings: &mut Vec<ScmWarning>,
) -> Result<String, ScmError> {
    let head = base.head_date;
    let mut patch = "0".to_owned();
    let mut prefix = "";
    let mut short_year = true;
    if let Some(tag) = DateVersion::read(&base.text) {
        let day = tag.day().ok_or_else(|| ScmError::NoSuchDay { text: tag.date.to_owned() })?;
        if day == head {
            patch = raise(tag.patch);
        } else if day > head {
            warnings.push(ScmWarning::TagAheadOfCommit { tag: day, commit: head });
        }
        prefix = tag.prefix;
        short_year = tag.year.len() == 2;
    } else {
        warnings.push(ScmWarning::TagIsNotADate { version: base.text.clone() });
    }
    let year = if short_year { format!("{:02}", head.year() % 100) } else { format!("{:04}", head.year()) };
    let text = format!("{prefix}{year}.{:02}.{:02}.{patch}", head.month(), head.day());
    match TagVersion::read(&text, settings.normalize) {
        Ok(version) => Ok(version.text()),
        Err(_) => Err(ScmError::BeyondLimits { what: "the next version by date", text }),
    }
}
