//! What the versions of setuptools-scm have to keep to, whatever git says.

use tminus_versioning::DateTime;
use tminus_versioning::scm::{
    Describe, Facts, Fragments, LocalScheme, ScmError, Settings, VersionScheme, derive,
};

/// Lines: the output of describe, the name of a branch, names of changelog fragments.
pub(crate) fn scm_describe(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let (output, branch) = (lines.next().unwrap_or_default(), lines.next());
    let fragments = Fragments::from_file_names(lines);
    let Ok(described) = Describe::parse(output) else { return };
    describe_reads_back(&described);

    let now = DateTime::from_unix_seconds(1_709_210_096).unwrap();
    let on_tag = described.distance == 0 && !described.dirty;
    let facts = Facts { branch: branch.map(str::to_owned), ..Facts::described(described) };
    for normalize in [true, false] {
        let mut on_tag_texts = Vec::new();
        for version_scheme in VersionScheme::ALL {
            for local_scheme in LocalScheme::ALL {
                let local_schemes = vec![local_scheme];
                let settings =
                    Settings { version_scheme, local_schemes, normalize, fragments, ..Settings::default() };
                let derived = derive(&facts, &settings, now);
                assert_eq!(derived, derive(&facts, &settings, now));
                match derived {
                    Ok(derived) => {
                        if on_tag && local_scheme != LocalScheme::FailOnUncommittedChanges {
                            on_tag_texts.push(derived.as_str().to_owned());
                        }
                        if normalize
                            && version_scheme == VersionScheme::GuessNextDev
                            && derived.version().is_some()
                        {
                            next_is_not_before_the_tag(&facts, derived.as_str(), now);
                        }
                    }
                    Err(ScmError::UncommittedChanges { .. }) => assert!(facts.dirty),
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
        // On the tag itself, no scheme has a say.
        assert!(on_tag_texts.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

fn describe_reads_back(described: &Describe) {
    let Describe { tag, distance, node: Some(node), dirty } = described else { return };
    let dirty = if *dirty { "-dirty" } else { "" };
    assert_eq!(Describe::parse(&format!("{tag}-{distance}-{node}{dirty}")).as_ref(), Ok(described));
}

fn next_is_not_before_the_tag(facts: &Facts, next: &str, now: DateTime) {
    let public =
        |text: &str| text.split('+').next().unwrap().parse::<tminus_versioning::pep440::Version>().unwrap();
    let facts = Facts { distance: 0, dirty: false, ..facts.clone() };
    let tag = derive(&facts, &Settings::default(), now).unwrap();
    assert!(public(tag.as_str()) <= public(next), "{tag} {next}");
}
