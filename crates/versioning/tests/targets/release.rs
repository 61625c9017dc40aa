//! Release versions in every scheme.

use tminus_versioning::{Date, ExistingVersions, Level, NextStep, ReleaseVersion, Scheme, convert};

/// Lines of versions: what is read is written and read back, the order is total, and what comes next is new and above.
pub(crate) fn release_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // Few lines, because every three of them are compared.
    let mut versions = Vec::new();
    for line in text.split('\n').take(6) {
        for scheme in Scheme::ALL {
            if let Some(version) = reads_back(scheme, line) {
                versions.push(version);
            }
        }
    }
    order_is_total(&versions);
    next_is_new(&versions);
}

fn reads_back(scheme: Scheme, line: &str) -> Option<ReleaseVersion> {
    let version = match ReleaseVersion::parse(scheme, line) {
        Ok(version) => version,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)));
            assert!(ReleaseVersion::parse_public(scheme, line).is_err());
            return None;
        }
    };
    let public = ReleaseVersion::parse_public(scheme, line);
    assert_eq!(public.is_ok(), version.local().is_none());
    assert_eq!(version.to_string().parse::<ReleaseVersion>().as_ref(), Ok(&version));
    for to in Scheme::ALL {
        match version.render(to) {
            Ok(there) => {
                // A spelling that would come back as another one is refused; what is converted means the same.
                if let Ok(converted) = convert(scheme, to, line) {
                    assert!(
                        ReleaseVersion::parse(to, &converted).is_ok_and(|there| there == version)
                            || scheme == Scheme::NpmLoose
                    );
                    let home = convert(to, scheme, &converted).expect("what was converted comes back");
                    assert_eq!(ReleaseVersion::parse(scheme, &home).as_ref(), Ok(&version));
                }
                let back = ReleaseVersion::parse(to, &there).expect("what is written is read");
                assert_eq!(back, version);
                assert_eq!(back.render(to).expect("what is read is written"), there);
            }
            Err(error) => {
                assert_eq!(error.scheme(), to);
                assert!(convert(scheme, to, line).is_err());
            }
        }
    }
    Some(version)
}

fn order_is_total(versions: &[ReleaseVersion]) {
    let pep440: Vec<_> =
        versions.iter().map(|version| version.to_pep440().expect("PEP 440 says every version")).collect();
    for (left, one) in versions.iter().zip(&pep440) {
        for (right, other) in versions.iter().zip(&pep440) {
            assert_eq!(one.cmp(other), left.cmp(right));
            assert_eq!(left.cmp(right), right.cmp(left).reverse());
            assert_eq!(left == right, left.cmp(right).is_eq());
            for third in versions.iter().take(4) {
                assert!(!(left <= right && right <= third) || left <= third);
            }
        }
    }
}

fn next_is_new(versions: &[ReleaseVersion]) {
    let Some(current) = versions.first() else { return };
    let existing: ExistingVersions = versions.iter().collect();
    let today = Date::new(2026, 2, 2).expect("it is a day");
    let steps = [
        NextStep::Release(Level::Patch),
        NextStep::Release(Level::Minor),
        NextStep::Release(Level::Major),
        NextStep::Alpha(None),
        NextStep::Beta(Some(Level::Patch)),
        NextStep::Candidate(Some(Level::Minor)),
        NextStep::Candidate(None),
        NextStep::Final,
        NextStep::Post,
        NextStep::Dev(Some(Level::Major)),
        NextStep::Nightly(today, Some(Level::Patch)),
        NextStep::Hotfix,
    ];
    for step in steps {
        for scheme in [Scheme::Pep440, Scheme::Semver, Scheme::Oci] {
            if let Ok(next) = existing.next(current, step, scheme) {
                assert!(next > *current);
                assert!(!existing.contains(&next));
                assert!(next.render(scheme).is_ok());
            }
        }
    }
}
