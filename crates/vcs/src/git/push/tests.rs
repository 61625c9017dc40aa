use super::super::GitError;
use super::porcelain::{messages, parse};
use super::{PushError, PushReport, RefOutcome, Refusal};

#[track_caller]
fn check(line: &str, expected: &RefOutcome) {
    let text = format!("To https://forge.example/x.git\n{line}\nDone\n");
    let refs = parse(&text).unwrap();
    assert_eq!(refs.len(), 1);
    assert_eq!(refs[0].remote_ref.as_str(), "refs/heads/main");
    assert_eq!(&refs[0].outcome, expected, "{line}");
}

#[test]
fn every_flag() {
    check(" \tabc:refs/heads/main\t1111111..2222222", &RefOutcome::FastForward);
    check("+\tabc:refs/heads/main\t1111111...2222222 (forced update)", &RefOutcome::Forced);
    check("*\tabc:refs/heads/main\t[new branch]", &RefOutcome::Created);
    check("-\t:refs/heads/main\t[deleted]", &RefOutcome::Deleted);
    check("=\tabc:refs/heads/main\t[up to date]", &RefOutcome::UpToDate);
    assert!(parse("?\tabc:refs/heads/main\twhat").is_err());
    assert!(parse(" \tabc:main\t1..2").is_err());
    assert_eq!(parse("To x\nDone\n").unwrap(), []);
}

#[test]
fn every_refusal() {
    #[track_caller]
    fn refused(summary: &str, expected: Refusal) {
        check(&format!("!\tabc:refs/heads/main\t{summary}"), &RefOutcome::Refused(expected));
    }
    refused("[rejected] (non-fast-forward)", Refusal::NotFastForward);
    refused("[rejected] (fetch first)", Refusal::NotFastForward);
    refused("[rejected] (already exists)", Refusal::AlreadyExists);
    refused("[rejected] (stale info)", Refusal::LeaseLost);
    refused("[rejected] (atomic push failed)", Refusal::WithOthers);
    refused("[rejected] (needs force)", Refusal::Other("[rejected] (needs force)".into()));
    refused("[no match]", Refusal::Other("[no match]".into()));
    refused(
        "[remote rejected] (pre-receive hook declined)",
        Refusal::ByRemote("pre-receive hook declined".into()),
    );
    refused("[remote rejected] (protected (by rule))", Refusal::ByRemote("protected (by rule)".into()));
    refused("[remote rejected] (atomic push failure)", Refusal::WithOthers);
    refused(
        "[remote rejected] (cannot lock ref 'refs/heads/main': is at a but expected b)",
        Refusal::LeaseLost,
    );
    refused("[remote failure]", Refusal::ByRemote(String::new()));
}

#[test]
fn the_server_s_words() {
    let stderr = "Enumerating objects: 3\nremote: error: GH006: Protected branch        \nremote:\nremote: say please\nTo x";
    assert_eq!(messages(stderr), ["error: GH006: Protected branch", "say please"]);
}

#[test]
fn a_definite_no_outweighs_the_rest() {
    #[track_caller]
    fn of(summaries: &[&str]) -> PushError {
        let lines: Vec<_> = summaries.iter().map(|s| format!("!\ta:refs/heads/main\t{s}\n")).collect();
        let refs = parse(&lines.concat()).unwrap();
        let otherwise = || GitError::NotFound { program: "git".into() };
        PushError::from_report(PushReport { refs, messages: Vec::new() }, otherwise)
    }
    let (late, stale, no, with) = (
        "[rejected] (fetch first)",
        "[rejected] (stale info)",
        "[remote rejected] (hook)",
        "[rejected] (atomic push failed)",
    );
    assert!(matches!(of(&[late, with]), PushError::NotFastForward { .. }));
    assert!(matches!(of(&[late, stale]), PushError::LeaseLost { .. }));
    assert!(matches!(of(&[late, stale, no]), PushError::Rejected { .. }));
    assert!(matches!(of(&[with]), PushError::Rejected { .. }));
    assert!(matches!(of(&[]), PushError::Git(_)));
    assert_eq!(of(&[no, with]).to_string(), "the remote refused: refs/heads/main (hook)");
}
