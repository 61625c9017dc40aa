//! What holds for every text.

use proptest::prelude::*;

use super::super::{Author, Kind, Level, PullRequestFacts};
use super::files::{ChangeFile, changesets, towncrier};
use super::{Overrides, Policy, Rules, combine, commit, pull_request};

fn ada() -> Author {
    Author { name: "Ada".into(), email: None, login: None }
}

/// Texts made of what readers look for.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("* feat: ".to_owned()),
        Just("fix(a)!: ".to_owned()),
        Just("BREAKING CHANGE".to_owned()),
        Just(": ".to_owned()),
        Just(" #".to_owned()),
        Just("```release-note".to_owned()),
        Just("```".to_owned()),
        Just("~~~~".to_owned()),
        Just("<!-- ".to_owned()),
        Just(" -->".to_owned()),
        Just("---".to_owned()),
        Just("Revert \"".to_owned()),
        Just("This reverts commit 1234567".to_owned()),
        Just("Co-authored-by: A <a@b>".to_owned()),
        Just("# Conflicts:".to_owned()),
        Just("(#12)".to_owned()),
        Just("\"a\": minor".to_owned()),
        Just("[[override]]".to_owned()),
        Just("\0".to_owned()),
        Just("\u{fffd}".to_owned()),
        "[a-zäß😀 ():!\\[\\]]{0,8}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_stops_a_reader(text in text(), title in text()) {
        let rules = Rules::default();
        let mut readings = vec![commit(&text, "1f0c", &ada(), &rules), commit(&title, "2f0c", &ada(), &rules)];
        let facts = PullRequestFacts { number: 12, title, body: text.clone(), ..PullRequestFacts::default() };
        readings.push(pull_request(&facts, &rules));
        let file = ChangeFile { path: ".changeset/a.md", bytes: text.as_bytes() };
        readings.extend(changesets::read(&[file], &[]).readings);
        if let Ok(Some(settings)) = towncrier::Settings::parse("towncrier.toml", &text, None) {
            settings.directories();
        }
        let _ = Overrides::parse("o.toml", &text);
        combine(readings, &Policy::default());
    }

    #[test]
    fn no_body_hides_the_feature_of_the_header(body in text()) {
        let reading = commit(&format!("feat(a): answer in JSON\n\n{body}"), "1f0c", &ada(), &Rules::default());
        let told = reading.silent.is_none();
        prop_assume!(told);
        let first = reading.changes.first();
        prop_assert!(first.is_some_and(|c| c.kind == Kind::Added && c.level >= Level::Minor && c.text == "answer in JSON"));
    }

    #[test]
    fn white_space_at_the_end_changes_nothing(text in text(), space in "[ \n\t]{0,5}") {
        let rules = Rules::default();
        let read = |text: &str| commit(text, "1f0c", &ada(), &rules);
        let text = text.trim_end();
        prop_assert_eq!(read(text), read(&format!("{text}{space}")));
    }

    #[test]
    fn every_header_is_read_back(
        word in "feat|fix|perf|docs|chore",
        scope in "[a-z][a-z0-9-]{0,8}",
        bang in any::<bool>(),
        text in "[a-z][a-z ]{0,20}[a-z]",
    ) {
        let rules = Rules::default();
        let mark = if bang { "!" } else { "" };
        let reading = commit(&format!("{word}({scope}){mark}: {text}"), "1f0c", &ada(), &rules);
        let words: Vec<&str> = text.split_whitespace().collect();
        let change = reading.changes.first();
        prop_assert_eq!(change.map(|c| c.text.clone()), Some(words.join(" ")));
        prop_assert_eq!(change.and_then(|c| c.scope.clone()), Some(scope));
        prop_assert_eq!(change.is_some_and(|c| c.level == Level::Major), bang);
        prop_assert!(reading.warnings.is_empty());
    }

    #[test]
    fn a_change_is_told_once_and_nothing_is_lost(texts in prop::collection::btree_set("[a-z]{3,8}", 1..8)) {
        let rules = Rules::default();
        let mut readings = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let number = at as u64 + 1;
            let id = format!("{number:040x}");
            readings.push(commit(&format!("feat: {text} (#{number})"), &id, &ada(), &rules));
            let title = format!("feat: {text}");
            readings.push(pull_request(
                &PullRequestFacts { number, title, merge_commit: Some(id), ..PullRequestFacts::default() },
                &rules,
            ));
        }
        let all = combine(readings, &Policy::default());
        let told: Vec<&str> = all.changes.iter().map(|change| change.text.as_str()).collect();
        prop_assert_eq!(told, texts.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn a_chain_of_reverts_leaves_the_change_or_nothing(length in 0_usize..12, released in any::<bool>()) {
        let rules = Rules::default();
        let id = |at: usize| format!("{:040x}", at + 1);
        let mut readings = vec![commit("feat: x", &id(0), &ada(), &rules)];
        for at in 0..length {
            let text = format!("Revert \"x\"\n\nThis reverts commit {}.", id(at));
            readings.push(commit(&text, &id(at + 1), &ada(), &rules));
        }
        if released {
            readings.remove(0);
        }
        let told: Vec<Kind> = combine(readings, &Policy::default()).changes.iter().map(|c| c.kind.clone()).collect();
        let wanted = match (released, length % 2) {
            (false, 0) => vec![Kind::Added],
            (true, 1) => vec![Kind::Reverted],
            _ => vec![],
        };
        prop_assert_eq!(told, wanted);
    }
}
