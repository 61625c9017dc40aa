//! What holds for every text that is read as a version of a Go module, or as the path of one.

use std::cmp::Ordering;

use tminus_versioning::go::{PseudoVersion, Version, check_path_major, split_path_version};

/// Versions, pseudo-versions and paths, one a line.
pub(crate) fn go_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut versions: Vec<Version> = Vec::new();
    for line in text.split('\n').take(8) {
        match line.parse::<Version>() {
            Ok(version) => {
                assert_eq!(version.to_string(), line);
                assert_eq!(Version::canonical(line).as_ref(), Ok(&version));
                versions.push(version);
            }
            Err(error) => {
                assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{error}");
            }
        }
        if let Ok(version) = Version::canonical(line) {
            assert_eq!(version.as_str().parse::<Version>().as_ref(), Ok(&version));
        }
        match line.parse::<PseudoVersion>() {
            Ok(pseudo) => check_pseudo(&pseudo, line),
            Err(error) => {
                assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{error}");
            }
        }
        match split_path_version(line) {
            Ok((prefix, suffix)) => {
                assert_eq!(format!("{prefix}{suffix}"), line);
                let fitting =
                    versions.iter().filter(|version| check_path_major(version, suffix).is_ok()).count();
                assert!(fitting == 0 || suffix.major().is_none_or(|major| major.starts_with('v')));
            }
            Err(error) => assert!(line.is_char_boundary(error.offset()), "{error}"),
        }
    }
    for a in &versions {
        for b in &versions {
            assert_eq!(a.cmp(b), b.cmp(a).reverse());
            assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
            assert!(versions.iter().all(|c| a > b || b > c || a <= c));
        }
    }
}

fn check_pseudo(pseudo: &PseudoVersion, text: &str) {
    assert_eq!(pseudo.to_string(), text);
    assert!(pseudo.version().is_pseudo());
    match (pseudo.base(), pseudo.version().major()) {
        (Some(base), _) => {
            assert!(base < pseudo.version());
            assert_eq!(PseudoVersion::after(base, pseudo.time(), pseudo.revision()).as_ref(), Ok(pseudo));
        }
        (None, Some(major)) => {
            assert_eq!(
                PseudoVersion::without_base(major, pseudo.time(), pseudo.revision()).as_ref(),
                Ok(pseudo)
            );
        }
        (None, None) => {}
    }
}
