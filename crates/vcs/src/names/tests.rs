use proptest::prelude::*;

use super::{BranchName, CommitId, ObjectId, RefName, RemoteName, TagName};

#[track_caller]
fn check(text: &str, tag: bool, branch: bool, remote: bool) {
    assert_eq!(text.parse::<TagName>().is_ok(), tag, "tag {text:?}");
    assert_eq!(text.parse::<BranchName>().is_ok(), branch, "branch {text:?}");
    assert_eq!(text.parse::<RemoteName>().is_ok(), remote, "remote {text:?}");
}

#[test]
fn short_names() {
    for good in
        ["v1.0", "main", "a/b/c", "pkg@1.0", "@x", "ünï", "release-0.4.x", "a-", "x.locks", "{", "a;b|c$(d)"]
    {
        check(good, true, true, true);
    }
    for bad in [
        "", "-", "-x", "--exec=x", "a..b", "a b", "a\tb", "a\nb", "a\0b", "a\u{7f}", "a~1", "a^", "a:b",
        "a?", "a*", "a[", "a\\b", ".a", "a/.b", "a.lock", "a.lock/b", "/a", "a/", "a//b", "a.", "a@{1}", "@",
    ] {
        check(bad, false, false, false);
    }
    check("HEAD", false, false, true);
    check(&"x".repeat(255), true, true, true);
    check(&"x".repeat(256), false, false, false);
}

#[test]
fn full_names() {
    #[track_caller]
    fn check(text: &str, valid: bool) {
        assert_eq!(text.parse::<RefName>().is_ok(), valid, "{text:?}");
    }
    check("refs/heads/main", true);
    check("refs/heads/-x", true);
    check("refs/tminus/record", true);
    check("refs/", false);
    check("refs", false);
    check("HEAD", false);
    check("heads/main", false);
    check("refs/heads/a..b", false);
}

#[test]
fn ids() {
    #[track_caller]
    fn check(text: &str, valid: bool) {
        assert_eq!(text.parse::<CommitId>().is_ok(), valid, "{text:?}");
        assert_eq!(text.parse::<ObjectId>().is_ok(), valid, "{text:?}");
    }
    check(&"a".repeat(40), true);
    check(&"F".repeat(40), true);
    check(&"0".repeat(40), false);
    check(&"a".repeat(39), false);
    check(&"a".repeat(64), true);
    check(&"0".repeat(64), false);
    check(&"a".repeat(63), false);
    check(&"g".repeat(40), false);
    check("HEAD", false);
    assert_eq!("F".repeat(40).parse::<CommitId>().unwrap().as_str(), "f".repeat(40));
}

#[test]
fn errors_name_the_text_and_the_rule() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<TagName>().unwrap_err().to_string(), expected);
    }
    check("a b", "`a b` is not a valid tag name: it contains a space or one of ~ ^ : ? * [ \\");
    check("a\u{1b}[31m", "`a\\u{1b}[31m` is not a valid tag name: it contains a control character");
    check(
        &"x".repeat(300),
        &format!("`{}…` is not a valid tag name: it is longer than 255 bytes", "x".repeat(80)),
    );
    check(
        "https://a:b@h/x",
        "`https://***@h/x` is not a valid tag name: it has an empty part between slashes",
    );
}

#[test]
fn serde_uses_the_text_and_the_check() {
    let name: TagName = serde_json::from_str("\"v1.0\"").unwrap();
    assert_eq!(serde_json::to_string(&name).unwrap(), "\"v1.0\"");
    assert!(serde_json::from_str::<TagName>("\"-v1\"").is_err());
    assert!(serde_json::from_str::<CommitId>("\"abc\"").is_err());
}

proptest! {
    /// What we accept as a full name gix accepts too: it was written by other people from the same rules.
    #[test]
    fn never_more_lenient_than_gix(text in "[a-z./@{~^:?*\\[\\\\ \u{7f}\u{1}é-]{0,12}") {
        let full = format!("refs/heads/{text}");
        let theirs = gix::refs::FullName::try_from(full.as_str()).is_ok();
        prop_assert_eq!(full.parse::<RefName>().is_ok(), theirs, "{:?}", full);
    }

    #[test]
    fn parsing_what_was_printed_gives_the_same(text in "[a-zA-Z0-9./@_-]{1,20}") {
        if let Ok(name) = text.parse::<TagName>() {
            prop_assert_eq!(name.to_string().parse::<TagName>().unwrap(), name);
        }
    }
}
