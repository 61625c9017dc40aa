//! What reaches git's command line, whatever the caller says.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use tminus_vcs::{
    BranchName, CommitId, Expected, FetchMode, FileChange, FileKind, Git, GitOptions, Invocation, NewCommit,
    Output, PushMode, RefName, RefUpdate, RemoteName, Run, TagName,
};

/// Answers every call with an id, and remembers it.
#[derive(Default)]
struct Recorder(Mutex<Vec<Invocation>>);

impl Run for Recorder {
    fn run(&self, command: &Invocation) -> std::io::Result<Output> {
        self.0.lock().unwrap().push(command.clone());
        Ok(Output { status: Some(0), stdout: "a".repeat(40).into_bytes(), ..Output::default() })
    }
}

/// Texts that would do harm: options, control characters, quotes, and all of them mixed into names.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "(--upload-pack=touch x|--exec=x|-c|--|-|-u x|--output=/tmp/x|--receive-pack=x)",
        "[-+^:]{0,2}[a-z/.@{}*~ \\n\\x00\\x1b\"'$;|&-]{0,12}",
        "-?[a-z]{1,8}(/[a-z]{1,4})?",
        any::<String>(),
    ]
}

/// Calls everything that takes a text, as far as the text is accepted.
fn call_everything(git: &Git, text: &str) {
    let id: CommitId = "a".repeat(40).parse().unwrap();
    let dir = std::path::Path::new("/none").join("x");
    if let Ok(name) = text.parse::<BranchName>() {
        let _ = git.create_branch(&name, &id);
        let _ = git.move_branch(&name, &id, &id);
        let _ = git.delete_branch(&name, &id);
        let _ = git.fast_forward(&name, &id);
    }
    if let Ok(name) = text.parse::<TagName>() {
        let _ = git.tag_annotated(&name, &id, text);
        let _ = git.tag_signed(&name, &id, text);
        let _ = git.tag_light(&name, &id);
        let _ = git.delete_tag(&name, &(&id).into());
        let _ = git.verify_tag(&name);
    }
    if let Ok(remote) = text.parse::<RemoteName>() {
        let _ = git.ls_remote(&remote);
        let _ = git.fetch(&remote, &[]);
        let _ = git.push(&remote, &[], PushMode::default());
    }
    let origin = RemoteName::origin();
    if let Ok(name) = text.parse::<RefName>() {
        let _ = git.update_ref(&name, &(&id).into(), Some(&Expected::Absent));
        let _ = git.delete_remote_ref(&origin, &name, &(&id).into(), PushMode::default());
        let update = RefUpdate { local: (&id).into(), remote_ref: name, expect: Some(Expected::Absent) };
        let _ = git.push(&origin, &[update], PushMode::default());
    }
    let _ = git.fetch_with(&origin, &[text], FetchMode { prune: true, ..FetchMode::default() });
    let _ = git.has_hook(text);
    let _ = git.commit_in(&dir, &[text], text);
    let _ = git.verify_commit(&id);
    let changes = [
        FileChange::Write { path: text, kind: FileKind::Plain, content: text.as_bytes() },
        FileChange::Remove { path: text },
    ];
    for change in changes {
        let new =
            NewCommit { parents: std::slice::from_ref(&id), changes: &[change], message: text, author: None };
        let _ = git.commit_files(&new);
    }
}

proptest! {
    #[test]
    fn no_text_becomes_an_option(text in hostile()) {
        let recorder = Arc::new(Recorder::default());
        let git = Git::new(recorder.clone(), GitOptions::new("/none", Vec::new()));
        call_everything(&git, "plain");
        let ours: Vec<_> = recorder.0.lock().unwrap().drain(..).flat_map(|call| call.args).collect();
        call_everything(&git, &text);
        for call in recorder.0.lock().unwrap().iter() {
            for arg in &call.args {
                let shown = arg.to_str().unwrap();
                prop_assert!(!shown.contains(|c: char| c.is_control()), "{:?}", call.args);
                // Every option is one of ours; a lease is one that holds a checked name.
                let lease = shown.strip_prefix("--force-with-lease=").is_some_and(|it| it.starts_with("refs/"));
                prop_assert!(!shown.starts_with('-') || lease || ours.contains(arg), "{:?}", call.args);
            }
        }
    }
}
