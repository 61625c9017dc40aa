use std::io::ErrorKind;
use std::time::Duration;

use super::{Channel, Invocation, Output, Run, SystemRunner};

fn shell(script: &str) -> Invocation {
    let mut command = Invocation::new("/bin/sh", std::path::Path::new("/"));
    command.args = vec!["-c".into(), script.into()];
    command
}

fn lines_of(runner: &dyn Run, script: &str) -> (Vec<(Channel, String)>, Output) {
    let mut lines = Vec::new();
    let output =
        runner.run_with_lines(&shell(script), &mut |channel, line| lines.push((channel, line.to_owned())));
    (lines, output.unwrap())
}

#[test]
fn code_and_both_outputs_come_back() {
    let output = SystemRunner::default().run(&shell("echo out; echo err >&2; exit 7")).unwrap();
    assert_eq!(output.status, Some(7));
    assert_eq!(output.stdout, b"out\n");
    assert_eq!(output.stderr, b"err\n");
    assert!(!output.truncated && !output.success());
}

#[test]
fn a_signal_is_not_a_code() {
    assert_eq!(SystemRunner::default().run(&shell("kill -9 $$")).unwrap().status, None);
}

#[test]
fn nothing_is_inherited() {
    let mut command = shell("echo ${HOME-unset} ${CARGO_MANIFEST_DIR-unset} $GIVEN; cat");
    command.environment = vec![("GIVEN".into(), "yes".into())];
    let output = SystemRunner::default().run(&command).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "unset unset yes\n");
}

#[test]
fn much_in_both_directions_does_not_block() {
    let mut command = shell("cat; head -c 300000 /dev/zero >&2");
    command.stdin = Some(vec![b'x'; 1 << 20]);
    let output = SystemRunner::default().run(&command).unwrap();
    assert_eq!((output.stdout.len(), output.stderr.len()), (1 << 20, 300_000));
}

#[test]
fn unread_input_is_no_error() {
    let mut command = shell("exit 0");
    command.stdin = Some(vec![b'x'; 1 << 20]);
    assert!(SystemRunner::default().run(&command).unwrap().success());
}

#[test]
fn limits_keep_the_head_of_stdout_and_the_tail_of_stderr() {
    let runner = SystemRunner { stdout_limit: 4, stderr_limit: 4 };
    let output = runner.run(&shell("printf 123456789; printf 123456789 >&2")).unwrap();
    assert_eq!(
        (output.stdout.as_slice(), output.stderr.as_slice()),
        (b"1234".as_slice(), b"6789".as_slice())
    );
    assert!(output.truncated);
}

#[test]
fn lines_are_cut_at_every_kind_of_end() {
    let (lines, output) =
        lines_of(&SystemRunner::default(), "printf 'a\\r\\nb\\rc\\n\\nd'; printf 'e\\n' >&2");
    let of = |wanted| lines.iter().filter(|(c, _)| *c == wanted).map(|(_, l)| l.as_str()).collect::<Vec<_>>();
    assert_eq!(of(Channel::Stdout), ["a", "b", "c", "", "d"]);
    assert_eq!(of(Channel::Stderr), ["e"]);
    assert_eq!(output.stdout, b"a\r\nb\rc\n\nd");
}

#[test]
fn the_default_reports_the_same_lines_afterwards() {
    struct Wrapped;
    impl Run for Wrapped {
        fn run(&self, command: &Invocation) -> std::io::Result<Output> {
            SystemRunner::default().run(command)
        }
    }
    let script = "printf 'a\\r\\nb'; printf 'c\\n' >&2";
    let (mut direct, _) = lines_of(&SystemRunner::default(), script);
    direct.sort_by_key(|(channel, _)| *channel == Channel::Stderr);
    assert_eq!(lines_of(&Wrapped, script).0, direct);
}

#[test]
fn a_line_without_end_comes_in_pieces() {
    let (lines, _) = lines_of(&SystemRunner::default(), "head -c 200000 /dev/zero");
    assert_eq!(lines.iter().map(|(_, l)| l.len()).collect::<Vec<_>>(), [65536, 65536, 65536, 3392]);
}

#[test]
fn time_is_limited_and_the_child_may_tidy_up() {
    let dir = tempfile::tempdir().unwrap();
    let mut command =
        shell("trap 'echo tidied > mark; exit 0' TERM; echo begun; while :; do sleep 0.05; done");
    command.dir = dir.path().to_owned();
    command.environment = vec![("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())];
    command.timeout = Some(Duration::from_millis(500));
    let error = SystemRunner::default().run(&command).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(error.to_string().contains("did not end within 0.5 s"), "{error}");
    assert_eq!(std::fs::read_to_string(dir.path().join("mark")).unwrap(), "tidied\n");
}

#[test]
fn time_is_limited_for_a_child_that_closed_its_outputs() {
    let mut command = shell("exec >&- 2>&-; exec sleep 100");
    command.timeout = Some(Duration::from_millis(100));
    assert_eq!(SystemRunner::default().run(&command).unwrap_err().kind(), ErrorKind::TimedOut);
}

/// A grandchild that holds no output, as an ssh that waits for an answer, and does not listen to SIGTERM.
#[test]
#[cfg(target_os = "linux")]
fn what_a_late_child_has_started_is_ended_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = shell("sh -c 'trap \"\" TERM; echo $$ > pid; exec sleep 300' > /dev/null 2>&1 & wait");
    command.dir = dir.path().to_owned();
    command.environment = vec![("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())];
    command.timeout = Some(Duration::from_millis(700));
    assert_eq!(SystemRunner::default().run(&command).unwrap_err().kind(), ErrorKind::TimedOut);
    let pid = std::fs::read_to_string(dir.path().join("pid")).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    // Where nobody waits for orphans it stays as a zombie.
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
}

#[test]
fn what_the_child_leaves_behind_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let waiting =
        "i=0; while [ ! -e go ]; do i=$((i+1)); [ $i -lt 400 ] || { : > waited; exit; }; sleep 0.1; done";
    let mut command = shell(&format!("({waiting}) & echo done"));
    command.dir = dir.path().to_owned();
    let output = SystemRunner::default().run(&command).unwrap();
    assert_eq!(output.stdout, b"done\n");
    assert!(!dir.path().join("waited").exists(), "the run ended only after the grandchild did");
    std::fs::write(dir.path().join("go"), "").unwrap();
}

#[test]
fn missing_program_and_missing_directory_differ() {
    let dir = tempfile::tempdir().unwrap();
    let runner = SystemRunner::default();
    let program = Invocation::new(dir.path().join("no-such-program"), dir.path());
    assert_eq!(runner.run(&program).unwrap_err().kind(), ErrorKind::NotFound);
    let directory = Invocation::new("/bin/sh", dir.path().join("no-such-directory"));
    assert_eq!(runner.run(&directory).unwrap_err().kind(), ErrorKind::NotADirectory);
}

#[test]
fn debug_shows_no_secret() {
    let mut command = Invocation::new("git", "/x");
    command.args = vec!["push".into(), "https://me:hush@forge.example/x".into()];
    command.environment = vec![("TOKEN".into(), "hush".into())];
    command.stdin = Some(b"hush".to_vec());
    let text = format!("{command:?}");
    assert!(!text.contains("hush") && text.contains("TOKEN") && text.contains("***@forge.example"), "{text}");
}

#[test]
fn the_last_words_after_a_long_silence_are_heard() {
    // The output arrives when the child has ended already, as where a machine is too busy to read it at once.
    let output = SystemRunner::default().run(&shell("sleep 2.3; (sleep 0.5; echo late) & exit 1")).unwrap();
    assert_eq!((output.status, output.stdout.as_slice()), (Some(1), b"late\n".as_slice()));
}
