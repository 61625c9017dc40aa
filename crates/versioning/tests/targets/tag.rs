//! Patterns of tags and branches.

use tminus_versioning::{
    BranchName, BranchPattern, Scheme, TagIndex, TagKind, TagName, TagPattern, TagPatterns, TagRule,
    TagVariables,
};

const VARIABLES: TagVariables<'_> = TagVariables { package: Some("demo"), path: Some("pkg/demo") };

/// A pattern on the first line and tags on the others: what is formed is read, what is read is formed, and a list
/// accounts for every tag.
pub(crate) fn tag_pattern(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let Ok(pattern) = lines.next().unwrap_or_default().parse::<TagPattern>() else { return };
    let tags: Vec<&str> = lines.take(64).collect();
    for tag in &tags {
        if let Some(version) = pattern.parse(tag, &VARIABLES) {
            assert!(tag.contains(version));
            match pattern.format(version, &VARIABLES) {
                Ok(formed) => assert_eq!(formed.as_str(), *tag),
                Err(_) => assert!(tag.parse::<TagName>().is_err()),
            }
        }
        if let Ok(formed) = pattern.format(tag, &VARIABLES) {
            assert_eq!(pattern.parse(formed.as_str(), &VARIABLES), Some(*tag));
        }
    }
    list(&pattern, &tags);
}

fn list(pattern: &TagPattern, tags: &[&str]) {
    let other = |text: &str| text.parse::<TagPattern>().expect("it is a pattern");
    let rules = [
        TagRule::version(pattern.clone(), Scheme::Semver),
        TagRule::version(pattern.clone(), Scheme::Pep440),
        TagRule::version(other("v{version}"), Scheme::Go),
        TagRule::development(other("v{version}-dev"), Scheme::Pep440),
    ];
    let patterns = TagPatterns::new(rules, &VARIABLES).expect("every variable has a value");
    let index = TagIndex::new(&patterns, tags);
    assert!(index.entries().is_sorted_by(|left, right| left.version <= right.version));
    for tag in tags {
        let entries = index.entries().iter().filter(|entry| entry.tag == *tag).count();
        match patterns.read(tag) {
            Ok(read) => {
                assert_eq!(entries, 1);
                assert!(tag.contains(read.text));
                assert!(index.of(&read.version).iter().any(|entry| entry.tag == *tag));
                if let Ok(formed) = read.rule.format(&read.version, &VARIABLES) {
                    let again = patterns.read(formed.as_str());
                    // The formed tag may be one of a more specific rule, and still states the version.
                    assert!(again.is_ok_and(|again| again.version == read.version
                        || read.rule.kind() != again.rule.kind()
                        || read.rule.pattern() != again.rule.pattern()));
                }
                assert!(read.rule.kind() == TagKind::Version || read.version.is_prerelease());
            }
            Err(error) => {
                assert_eq!(entries, 0);
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

/// A pattern on the first line and branches on the others: a line that is read gives the same branch again.
pub(crate) fn branch_pattern(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let Ok(pattern) = lines.next().unwrap_or_default().parse::<BranchPattern>() else { return };
    for branch in lines.take(64) {
        for scheme in Scheme::ALL {
            let Some(found) = pattern.parse(branch, scheme) else { continue };
            match found.version {
                Some(version) => {
                    assert!(pattern.names_version() && found.line.contains(&version));
                    if let Ok(formed) = pattern.format(&version, scheme) {
                        let again = pattern.parse(formed.as_str(), scheme).expect("what is formed is read");
                        assert_eq!(again.version, Some(version));
                    }
                }
                None => match pattern.format_line(found.line) {
                    Ok(formed) => assert_eq!(formed.as_str(), branch),
                    Err(_) => assert!(branch.parse::<BranchName>().is_err()),
                },
            }
        }
    }
}
