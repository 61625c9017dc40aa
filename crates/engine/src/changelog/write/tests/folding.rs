use super::*;

fn commit(id: &str, kind: Kind, text: &str, body: &str) -> Change {
    let template = examples::document().changes[0].clone();
    Change {
        kind,
        text: text.to_owned(),
        body: body.to_owned(),
        pull_request: None,
        commits: vec![id.repeat(8)],
        origin: Origin::Commit(id.repeat(8)),
        ..template
    }
}

fn candidate(changes: Vec<Change>) -> Document {
    let own = examples::document();
    document(own.release, changes, own.pull_requests, &[const { None }; 4], own.newcomers)
}

fn left(candidates: &[Document]) -> Vec<String> {
    let folded = fold(candidates, examples::document().release);
    folded.changes.into_iter().map(|change| change.text).collect()
}

#[test]
fn what_is_taken_back_goes() {
    let one = commit("aaaaa", Kind::Added, "Add a door", "");
    let undo = |id: &str, text: &str, body: &str| commit(id, Kind::Reverted, text, body);
    let by_id = undo("bbbbb", "Add a door", "This reverts commit aaaaaaaaaaaa.");
    let again = undo("ccccc", "Add a door again", "This reverts commit bbbbbbbbbbbb.");
    let quoted = commit("ddddd", Kind::Unknown, "Revert \"feat(x): Add a door (#4)\"", "");
    let other = undo("eeeee", "Add a window", "");
    let texts = |changes: Vec<Vec<Change>>| left(&changes.into_iter().map(candidate).collect::<Vec<_>>());
    assert_eq!(texts(vec![vec![one.clone()], vec![by_id.clone()]]), [""; 0]);
    assert_eq!(texts(vec![vec![one.clone()], vec![by_id.clone()], vec![again.clone()]]), ["Add a door"]);
    assert_eq!(texts(vec![vec![one.clone(), by_id.clone(), again]]), ["Add a door"]);
    assert_eq!(texts(vec![vec![one.clone()], vec![quoted]]), [""; 0]);
    assert_eq!(texts(vec![vec![one.clone()], vec![other]]), ["Add a door", "Add a window"]);
    assert_eq!(texts(vec![vec![by_id], vec![one]]), ["Add a door", "Add a door"], "only what comes before");
    let pull = examples::document();
    let mut undo = undo("fffff", "Take it out", "Reverts demo#7");
    undo.pull_request = Some(10);
    undo.origin = Origin::PullRequest(10);
    let folded = fold(&[pull.clone(), candidate(vec![undo])], pull.release.clone());
    assert_eq!(folded.changes, pull.changes[1..]);
    assert_eq!(folded.pull_requests, pull.pull_requests[1..], "a pull request without a change goes too");
}

#[test]
fn the_newest_words_count_in_the_oldest_place() {
    let mut newer = examples::document();
    newer.changes.reverse();
    newer.changes[1].text = "Add a wide door".to_owned();
    newer.pull_requests[0].title = "feat: add a wide door".to_owned();
    let folded = fold(&[examples::document(), newer.clone()], newer.release.clone());
    let words: Vec<&str> = folded.changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(words, ["Add a wide door", "A crash"]);
    assert_eq!(folded.pull_requests[0].title, "feat: add a wide door");
    assert_eq!(folded.newcomers.len(), 1);
}

#[test]
fn a_picked_commit_is_one_change() {
    let mut picked = commit("bbbbb", Kind::Added, "add a  door", "");
    let one = commit("aaaaa", Kind::Added, "Add a door", "");
    assert_eq!(left(&[candidate(vec![one.clone()]), candidate(vec![picked.clone()])]), ["Add a door"]);
    picked.packages = BTreeSet::new();
    assert_eq!(left(&[candidate(vec![one.clone()]), candidate(vec![picked])]).len(), 2, "of another package");
    let numbered = |number| Change {
        pull_request: Some(number),
        origin: Origin::PullRequest(number),
        commits: Vec::new(),
        ..one.clone()
    };
    assert_eq!(
        left(&[candidate(vec![numbered(1)]), candidate(vec![numbered(2)])]).len(),
        2,
        "two pull requests"
    );
}

proptest! {
    #[test]
    fn folding_repeats_and_loses_nothing(documents in prop::collection::vec(documents(), 0..4)) {
        let release = examples::document().release;
        let folded = fold(&documents, release.clone());
        let again = fold(&[documents.clone(), documents.clone()].concat(), release.clone());
        prop_assert_eq!(&again, &folded);
        prop_assert_eq!(&fold(std::slice::from_ref(&folded), release), &folded);
        for package in &folded.packages {
            for at in &package.changes {
                prop_assert!(folded.changes[*at].packages.contains(&package.id));
            }
        }
        let placed: BTreeSet<usize> = folded.packages.iter().flat_map(|p| &p.changes).chain(&folded.elsewhere).copied().collect();
        prop_assert_eq!(placed.len(), folded.changes.len());
    }

    #[test]
    fn nothing_is_new_twice(one in documents(), two in documents()) {
        let new = since(&two, std::slice::from_ref(&one));
        prop_assert!(since(&two, &[one.clone(), two.clone()]).changes.is_empty());
        for change in &new.changes {
            prop_assert!(!one.changes.iter().any(|other| other.origin == change.origin));
            prop_assert!(two.changes.contains(change));
        }
    }
}
