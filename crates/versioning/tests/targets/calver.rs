//! What holds for every text that is read as a calendar version, or as a format of one.

use std::cmp::Ordering;

use tminus_versioning::calver::{Counters, DatedVersion, Format, Version};
use tminus_versioning::{Beyond, Date, ReleaseVersion, Scheme, convert};

/// Versions, one a line.
pub(crate) fn calver_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut versions: Vec<Version> = Vec::new();
    for line in text.split('\n').take(8) {
        match line.parse::<Version>() {
            Ok(version) => {
                assert_eq!(version.as_written(), line);
                let canonical = version.to_string();
                let again: Version = canonical.parse().unwrap();
                assert_eq!(again, version);
                assert_eq!(again.to_string(), canonical);
                assert!((2..=4).contains(&version.numbers().len()));
                assert!((0..=999).contains(&version.year()) || (1970..=9999).contains(&version.year()));
                match ReleaseVersion::try_from(&version) {
                    Ok(neutral) => {
                        assert_eq!(neutral.render(Scheme::Calver).as_ref(), Ok(&canonical));
                        assert_eq!(convert(Scheme::Calver, Scheme::Calver, line).as_ref(), Ok(&canonical));
                        assert_eq!(neutral.is_prerelease(), version.is_prerelease());
                    }
                    Err(part) => assert!(part == Beyond::PaddedYear && line.starts_with('0')),
                }
                versions.push(version);
            }
            Err(error) => {
                assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{error}");
                let refused =
                    ReleaseVersion::parse(Scheme::Calver, line).expect_err("it is no calendar version");
                assert_eq!(refused.offset(), error.offset());
            }
        }
    }
    for a in &versions {
        for b in &versions {
            if let (Ok(left), Ok(right)) = (ReleaseVersion::try_from(a), ReleaseVersion::try_from(b)) {
                assert_eq!(a.cmp(b), left.cmp(&right));
            }
            assert_eq!(a.cmp(b), b.cmp(a).reverse());
            assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
            assert!(versions.iter().all(|c| a > b || b > c || a <= c));
        }
    }
}

/// A format in the first line, a date in the second, versions in the others.
pub(crate) fn calver_format(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let format: Format = match first.parse() {
        Ok(format) => format,
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| first.is_char_boundary(offset)), "{error}");
            return;
        }
    };
    assert_eq!(format.to_string().parse::<Format>().as_ref(), Ok(&format));
    let date = lines.next().and_then(read_date);
    let mut versions: Vec<DatedVersion> = Vec::new();
    for line in lines.take(8) {
        match format.parse(line) {
            Ok(version) => {
                assert_eq!(format.parse(&version.to_string()).as_ref(), Ok(&version));
                if let (Some(month), Some(day)) = (version.month(), version.day()) {
                    assert!(Date::new(version.year(), month, day).is_ok());
                }
                versions.push(version);
            }
            Err(error) => {
                assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{error}");
            }
        }
    }
    let Some(date) = date else { return };
    if let Ok(version) = format.format(date, Counters::default(), None) {
        assert_eq!(format.parse(&version.to_string()).as_ref(), Ok(&version));
    }
    if let Ok(next) = format.next(date, &versions) {
        assert_eq!(format.parse(&next.to_string()).as_ref(), Ok(&next));
        assert!(versions.iter().all(|version| *version < next), "{next}");
    }
}

fn read_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Date::new(year, month, parts.next()?.parse().ok()?).ok()
}
