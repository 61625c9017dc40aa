use std::collections::BTreeMap;

use tminus_vcs::{Landing, LedgerEntry, LedgerOptions, LedgerState, Side};

use crate::fixture::Fixture;

/// `main` and `line` after a common start, with every way for a change to land or not.
fn two_branches() -> Fixture {
    let fixture = Fixture::small();
    fixture.sh(r#"
        c() { git add -A . && git commit --quiet --allow-empty --message="$1"; }
        seq 1 60 > lines; c base; git branch line
        n() { sed -i "s/^$2\$/$1/" lines; c "$1"; git tag "$1"; }
        n same 3; n traced 10; n missing 17; n taken-back 24; n back-again 31; n never 38
        git revert --no-edit HEAD >/dev/null; git tag revert-of-never
        c empty; git tag empty; n resolved 45; n once-more 52; n last 59
        git checkout --quiet line
        c "line begins"; git cherry-pick same >/dev/null
        sed -i 's/^10$/traced otherwise/' lines
        c "traced, by hand

(cherry picked from commit $(git rev-parse traced))"
        git cherry-pick -x taken-back >/dev/null; git revert --no-edit HEAD >/dev/null; git tag took-back
        git cherry-pick -x back-again >/dev/null; git revert --no-edit HEAD >/dev/null
        git revert --no-edit HEAD >/dev/null
        sed -i 's/^45$/resolved otherwise/' lines; git commit --quiet --all -C resolved
        git checkout --quiet -b third line~1; git cherry-pick -x once-more >/dev/null
        git checkout --quiet line; sed -i 's/^52$/otherwise/' lines
        c "once more, by hand

(cherry picked from commit $(git rev-parse third | cut -c1-40))"
        git checkout --quiet main
    "#);
    fixture
}

fn ledger(fixture: &Fixture, options: &LedgerOptions) -> BTreeMap<String, LedgerEntry> {
    let history = fixture.repository().history().unwrap();
    let entries = history.ledger(&fixture.commit("main"), &fixture.commit("line"), options).unwrap();
    entries.into_iter().map(|entry| (entry.commit.subject.clone(), entry)).collect()
}

#[test]
fn each_state() {
    let fixture = two_branches();
    let found = ledger(&fixture, &LedgerOptions::default());
    let how = |name: &str| match &found[name].state {
        LedgerState::Landed { how, .. } => Some(*how),
        _ => None,
    };
    assert_eq!(how("same"), Some(Landing::Patch));
    assert_eq!(how("traced"), Some(Landing::Trailer));
    assert_eq!(how("back-again"), Some(Landing::Patch));
    assert_eq!(how("once-more"), Some(Landing::Trailer));
    assert_eq!(found["missing"].state, LedgerState::Missing);
    assert_eq!(found["last"].state, LedgerState::Missing);
    assert_eq!(found["empty"].state, LedgerState::Empty);
    let took_back = fixture.commit("took-back");
    assert_eq!(found["taken-back"].state, LedgerState::Reverted { with: took_back, on: Side::Target });
    let with = fixture.commit("revert-of-never");
    assert_eq!(found["never"].state, LedgerState::Reverted { with, on: Side::Source });
    let with = fixture.commit("never");
    assert_eq!(found["Revert \"never\""].state, LedgerState::Reverted { with, on: Side::Source });
    assert_eq!(found["resolved"].state, LedgerState::Missing);
    assert!(found["resolved"].hint.is_some());
    assert!(found["missing"].hint.is_none());
}

#[test]
fn patches_are_equal_where_git_cherry_says_so() {
    let fixture = two_branches();
    for (one, other) in [("main", "line"), ("line", "main")] {
        let history = fixture.repository().history().unwrap();
        let found = history.ledger(&fixture.commit(one), &fixture.commit(other), &LedgerOptions::default());
        let mark = |entry: &LedgerEntry| if entry.same_patch.is_some() { '-' } else { '+' };
        let mut found: Vec<_> =
            found.unwrap().iter().map(|entry| format!("{} {}", mark(entry), entry.commit.id)).collect();
        let cherry = fixture.sh(&format!("git cherry {other} {one}"));
        let mut expected: Vec<_> = cherry.lines().map(str::to_owned).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        assert!(expected.iter().any(|line| line.starts_with('-')));
    }
}

#[test]
fn since_a_tag_and_by_merges() {
    let fixture = two_branches();
    let since = LedgerOptions { since: Some(fixture.commit("once-more")), first_parent: false };
    assert_eq!(ledger(&fixture, &since).into_keys().collect::<Vec<_>>(), ["last"]);
    fixture.sh("git checkout --quiet -b topic; echo 1 > t; git add t; git commit --quiet -m one
        echo 2 > t; git commit --quiet -am two; git checkout --quiet main
        git merge --quiet --no-ff -m 'Merge topic' topic; git checkout --quiet line
        git cherry-pick -m 1 main >/dev/null; git checkout --quiet main");
    let merges = LedgerOptions { since: Some(fixture.commit("last")), first_parent: true };
    let found = ledger(&fixture, &merges);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["Merge topic"]);
    assert!(matches!(found["Merge topic"].state, LedgerState::Landed { how: Landing::Patch, .. }));
}
