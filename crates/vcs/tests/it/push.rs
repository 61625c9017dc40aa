use tminus_vcs::{
    Expected, Git, ObjectId, PushError, PushMode, PushReport, RefName, RefOutcome, RefUpdate, Refusal,
    RemoteName,
};

use crate::fixture::Fixture;

const SINGLY: PushMode = PushMode { atomic: false, dry_run: false, verify_hooks: true };

fn name(text: &str) -> RefName {
    text.parse().unwrap()
}

fn update(local: impl Into<ObjectId>, remote_ref: &str) -> RefUpdate {
    RefUpdate { local: local.into(), remote_ref: name(remote_ref), expect: None }
}

fn leased(local: impl Into<ObjectId>, remote_ref: &str, expect: Expected) -> RefUpdate {
    RefUpdate { expect: Some(expect), ..update(local, remote_ref) }
}

fn push(git: &Git, updates: &[RefUpdate], mode: PushMode) -> Result<PushReport, PushError> {
    git.push(&RemoteName::origin(), updates, mode)
}

/// The outcomes by reference, as a person would write them down.
fn outcomes(report: &PushReport) -> Vec<(&str, &RefOutcome)> {
    let mut all: Vec<_> = report.refs.iter().map(|one| (one.remote_ref.as_str(), &one.outcome)).collect();
    all.sort_by_key(|(name, _)| *name);
    all
}

/// What `origin` holds, as the real git lists it.
fn origin(fixture: &Fixture) -> String {
    fixture.sh("git --git-dir=../origin.git for-each-ref --format='%(refname) %(objectname:short=4)'")
}

/// A commit on `origin` that the work tree does not have.
fn somebody_else_pushes(fixture: &Fixture) {
    fixture.sh("git clone --quiet ../origin.git ../other; cd ../other; git commit -q --allow-empty -m theirs
         git push --quiet origin main");
}

#[test]
fn branches_and_tags_arrive() {
    let fixture = Fixture::with_origin();
    let git = fixture.git();
    let second = fixture.advance("second");
    fixture.sh("git tag -a -m one v1; git config push.followTags true; git tag -a -m two v2");
    let v1 = fixture.object("v1");
    let updates =
        [update(&second, "refs/heads/main"), update(v1, "refs/tags/v1"), update(&second, "refs/heads/new")];
    let report = push(&git, &updates, PushMode::default()).unwrap();
    let expected = [
        ("refs/heads/main", &RefOutcome::FastForward),
        ("refs/heads/new", &RefOutcome::Created),
        ("refs/tags/v1", &RefOutcome::Created),
    ];
    assert_eq!(outcomes(&report), expected);
    let refs = git.ls_remote(&RemoteName::origin()).unwrap();
    assert_eq!(refs.branches[&"main".parse().unwrap()], second);
    assert_eq!(refs.tags.keys().map(ToString::to_string).collect::<Vec<_>>(), ["v1"]);

    let report = push(&git, &updates, PushMode::default()).unwrap();
    assert!(report.refs.iter().all(|one| one.outcome == RefOutcome::UpToDate), "{report:?}");
    assert_eq!(push(&git, &[], PushMode::default()).unwrap(), PushReport::default());
}

#[test]
fn a_dry_run_changes_nothing() {
    let fixture = Fixture::with_origin();
    let second = fixture.advance("second");
    let before = origin(&fixture);
    let mode = PushMode { dry_run: true, ..PushMode::default() };
    let report = push(&fixture.git(), &[update(&second, "refs/heads/main")], mode).unwrap();
    assert_eq!(outcomes(&report), [("refs/heads/main", &RefOutcome::FastForward)]);
    assert_eq!(origin(&fixture), before);
}

#[test]
fn the_remote_was_faster() {
    let fixture = Fixture::with_origin();
    somebody_else_pushes(&fixture);
    let before = origin(&fixture);
    let second = fixture.advance("second");
    for fetched in [false, true] {
        if fetched {
            fixture.sh("git fetch --quiet origin");
        }
        let error =
            push(&fixture.git(), &[update(&second, "refs/heads/main")], PushMode::default()).unwrap_err();
        let PushError::NotFastForward { report } = &error else { panic!("{error:?}") };
        assert_eq!(outcomes(report), [("refs/heads/main", &RefOutcome::Refused(Refusal::NotFastForward))]);
        assert_eq!(
            error.to_string(),
            "the remote has commits that are not in what was pushed: refs/heads/main"
        );
        assert_eq!(origin(&fixture), before);
    }
}

#[test]
fn one_refused_reference_holds_back_an_atomic_push_only() {
    let fixture = Fixture::with_origin();
    somebody_else_pushes(&fixture);
    let before = origin(&fixture);
    let second = fixture.advance("second");
    let updates = [update(&second, "refs/heads/main"), update(&second, "refs/tags/v1")];
    let error = push(&fixture.git(), &updates, PushMode::default()).unwrap_err();
    let PushError::NotFastForward { report } = &error else { panic!("{error:?}") };
    let expected = [
        ("refs/heads/main", &RefOutcome::Refused(Refusal::NotFastForward)),
        ("refs/tags/v1", &RefOutcome::Refused(Refusal::WithOthers)),
    ];
    assert_eq!(outcomes(report), expected);
    assert_eq!(origin(&fixture), before);

    let error = push(&fixture.git(), &updates, SINGLY).unwrap_err();
    let expected = [
        ("refs/heads/main", &RefOutcome::Refused(Refusal::NotFastForward)),
        ("refs/tags/v1", &RefOutcome::Created),
    ];
    assert_eq!(outcomes(error.report().unwrap()), expected);
}

#[test]
fn the_server_s_hook_refuses() {
    let fixture = Fixture::with_origin();
    let second = fixture.advance("second");
    let script =
        "while read old new ref; do case $ref in refs/tags/*) echo 'tags are frozen'; exit 1;; esac; done";
    fixture.hook(&fixture.beside("origin.git"), "pre-receive", script);
    let before = origin(&fixture);
    let updates = [update(&second, "refs/heads/main"), update(&second, "refs/tags/v1")];
    for mode in [PushMode::default(), SINGLY] {
        let error = push(&fixture.git(), &updates, mode).unwrap_err();
        let PushError::Rejected { report } = &error else { panic!("{error:?}") };
        let words = RefOutcome::Refused(Refusal::ByRemote("pre-receive hook declined".into()));
        assert_eq!(outcomes(report), [("refs/heads/main", &words), ("refs/tags/v1", &words)]);
        assert_eq!(report.messages, ["tags are frozen"]);
        assert!(error.to_string().ends_with(": tags are frozen"), "{error}");
        assert_eq!(origin(&fixture), before);
    }
    fixture.sh("rm ../origin.git/hooks/pre-receive");
    fixture.hook(&fixture.beside("origin.git"), "update", "case $1 in refs/tags/*) echo no; exit 1;; esac");
    let error = push(&fixture.git(), &updates, PushMode::default()).unwrap_err();
    let expected = [
        ("refs/heads/main", &RefOutcome::Refused(Refusal::WithOthers)),
        ("refs/tags/v1", &RefOutcome::Refused(Refusal::ByRemote("hook declined".into()))),
    ];
    assert!(matches!(error, PushError::Rejected { .. }));
    assert_eq!(outcomes(error.report().unwrap()), expected);
    assert_eq!(origin(&fixture), before);
}

#[test]
fn a_tag_is_never_moved() {
    let fixture = Fixture::with_origin();
    let first = fixture.commit("HEAD");
    let second = fixture.advance("second");
    push(&fixture.git(), &[update(&first, "refs/tags/v1")], PushMode::default()).unwrap();
    let error = push(&fixture.git(), &[update(&second, "refs/tags/v1")], PushMode::default()).unwrap_err();
    assert!(matches!(error, PushError::Rejected { .. }), "{error:?}");
    assert_eq!(error.to_string(), "the remote refused: refs/tags/v1 (already exists)");
}

#[test]
fn leases_hold_or_do_not() {
    let fixture = Fixture::with_origin();
    let git = fixture.git();
    let first = fixture.commit("HEAD");
    let second = fixture.advance("second");
    let at = |id: &tminus_vcs::CommitId| Expected::At(id.into());
    let record = "refs/tminus/record";
    let one = |update: RefUpdate| push(&git, &[update], PushMode::default());

    let report = one(leased(&first, record, Expected::Absent)).unwrap();
    assert_eq!(outcomes(&report), [(record, &RefOutcome::Created)]);
    for lost in [Expected::Absent, at(&second)] {
        let error = one(leased(&second, record, lost)).unwrap_err();
        assert!(matches!(error, PushError::LeaseLost { .. }), "{error:?}");
        assert_eq!(error.to_string(), format!("the remote is not as it was believed to be: {record}"));
    }
    let report = one(leased(&second, record, at(&first))).unwrap();
    assert_eq!(outcomes(&report), [(record, &RefOutcome::FastForward)]);
    let report = one(leased(&first, record, at(&second))).unwrap();
    assert_eq!(outcomes(&report), [(record, &RefOutcome::Forced)]);

    let delete = |expected: &tminus_vcs::CommitId| {
        git.delete_remote_ref(&RemoteName::origin(), &name(record), &expected.into(), PushMode::default())
    };
    assert!(matches!(delete(&second), Err(PushError::LeaseLost { .. })));
    assert_eq!(outcomes(&delete(&first).unwrap()), [(record, &RefOutcome::Deleted)]);
    assert!(matches!(delete(&first), Err(PushError::LeaseLost { .. })));
}

#[test]
fn the_user_s_hook_refuses() {
    let fixture = Fixture::with_origin();
    let git = fixture.git();
    let second = fixture.advance("second");
    let before = origin(&fixture);
    assert!(!git.has_hook("pre-push").unwrap());
    fixture.hook(&fixture.work().join(".git"), "pre-push", "echo 'tests are red' >&2; exit 1");
    assert!(git.has_hook("pre-push").unwrap());
    let updates = [update(&second, "refs/heads/main")];
    let error = push(&git, &updates, PushMode::default()).unwrap_err();
    let PushError::HookRefused { stderr } = &error else { panic!("{error:?}") };
    assert!(stderr.contains("tests are red"), "{stderr}");
    assert_eq!(origin(&fixture), before);
    push(&git, &updates, PushMode { verify_hooks: false, ..PushMode::default() }).unwrap();
    assert_ne!(origin(&fixture), before);
}

#[test]
fn several_push_urls() {
    let fixture = Fixture::with_origin();
    fixture
        .sh("git clone --quiet --bare . ../mirror.git; git remote set-url --add --push origin ../origin.git");
    fixture.sh("git remote set-url --add --push origin ../mirror.git");
    let second = fixture.advance("second");
    let report = push(&fixture.git(), &[update(&second, "refs/heads/main")], PushMode::default()).unwrap();
    assert_eq!(report.refs.len(), 2);
    assert_eq!(fixture.sh("git --git-dir=../mirror.git rev-parse main"), second.as_str());
}

#[test]
fn nobody_there() {
    let fixture = Fixture::small();
    fixture.sh("git remote add origin ../none.git");
    let head = fixture.commit("HEAD");
    let error = push(&fixture.git(), &[update(head, "refs/heads/main")], PushMode::default()).unwrap_err();
    assert!(matches!(error, PushError::Unreachable { .. }), "{error:?}");
    assert!(error.report().is_none());
}

#[test]
fn an_object_that_is_not_here() {
    let fixture = Fixture::with_origin();
    let before = origin(&fixture);
    let absent: ObjectId = "1234567890123456789012345678901234567890".parse().unwrap();
    // git takes an unknown object for something that is not a commit.
    let error =
        push(&fixture.git(), &[update(absent.clone(), "refs/heads/main")], PushMode::default()).unwrap_err();
    assert_eq!(error.to_string(), "the remote refused: refs/heads/main ([rejected] (needs force))");
    let error = push(&fixture.git(), &[update(absent, "refs/heads/new")], PushMode::default()).unwrap_err();
    assert!(matches!(error, PushError::Rejected { .. }), "{error:?}");
    assert_eq!(origin(&fixture), before);
}

#[test]
fn odd_names_arrive() {
    let fixture = Fixture::with_origin();
    let head = fixture.commit("HEAD");
    let names = [
        "refs/tags/pkg@1.0",
        "refs/tags/ünï",
        "refs/heads/a;b|c$(d)",
        "refs/heads/-dash",
        "refs/heads/q'uote\"s",
    ];
    let updates = names.map(|name| update(&head, name));
    let report = push(&fixture.git(), &updates, PushMode::default()).unwrap();
    assert_eq!(report.refs.len(), names.len());
    let refs = fixture.git().ls_remote(&RemoteName::origin()).unwrap();
    for one in names {
        assert_eq!(refs.get(&name(one)), Some((&head).into()), "{one}");
    }
}

#[test]
fn a_server_without_atomic_pushes_is_told_apart() {
    let fixture = Fixture::with_origin();
    fixture.sh("git -C ../origin.git config receive.advertiseAtomic false");
    let second = fixture.advance("second");
    let updates = [update(&second, "refs/heads/main"), update(&second, "refs/heads/new")];
    let before = origin(&fixture);
    let error = push(&fixture.git(), &updates, PushMode::default()).unwrap_err();
    assert!(matches!(error, PushError::AtomicUnsupported), "{error:?}");
    assert!(error.to_string().contains("nothing was pushed; push without `atomic`"), "{error}");
    assert_eq!(origin(&fixture), before);
    push(&fixture.git(), &updates, SINGLY).unwrap();
}

#[test]
fn a_branch_of_ours_is_renewed_only_where_it_is_as_believed() {
    let fixture = Fixture::with_origin();
    let first = fixture.commit("HEAD");
    let old = fixture.advance("old");
    let git = fixture.git();
    push(&git, &[leased(&old, "refs/heads/backport", Expected::Absent)], PushMode::default()).unwrap();
    fixture.sh(&format!("git reset -q --hard {first}"));
    let new = fixture.advance("new");
    // What a fetch has seen meanwhile is no permission: the explicit value decides.
    fixture.sh("git fetch -q origin");
    for believed in [Expected::Absent, Expected::At((&first).into())] {
        let error =
            push(&git, &[leased(&new, "refs/heads/backport", believed)], PushMode::default()).unwrap_err();
        assert!(matches!(error, PushError::LeaseLost { .. }), "{error:?}");
    }
    let believed = Expected::At((&old).into());
    let report = push(&git, &[leased(&new, "refs/heads/backport", believed)], PushMode::default()).unwrap();
    assert_eq!(outcomes(&report), [("refs/heads/backport", &RefOutcome::Forced)]);
}
