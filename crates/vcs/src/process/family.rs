//! The processes that a child has started: ssh, helpers, hooks.
//!
//! A process group of its own would be the usual way to end them all. But a group in the background is stopped when it reads
//! the terminal, where ssh, gpg's pinentry and hooks ask for passphrases, and an interrupt typed there no longer reaches it:
//! a push would go on after the user has stopped it. So the child stays in the caller's group, and who descends from it is
//! looked up when its time is up. Daemons (gpg-agent, an ssh master connection) have left the family by then, as they should.

use std::collections::HashSet;

use rustix::process::{Pid, Signal, kill_process};

/// A process, told from a later one with the same number by when it started.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Process {
    pid: i32,
    parent: i32,
    started: String,
}

/// The descendants that a process had at one moment.
pub(super) struct Family(Vec<Process>);

impl Family {
    /// The descendants of a process that has not been waited for; none where the system does not tell.
    pub(super) fn of(root: u32) -> Self {
        let all = running();
        let mut known: HashSet<i32> = i32::try_from(root).into_iter().collect();
        let mut family = Vec::new();
        // Each round finds at least one more generation.
        loop {
            let children: Vec<_> = all
                .iter()
                .filter(|it| known.contains(&it.parent) && !known.contains(&it.pid))
                .cloned()
                .collect();
            if children.is_empty() {
                return Self(family);
            }
            known.extend(children.iter().map(|it| it.pid));
            family.extend(children);
        }
    }

    /// Whether there is nobody in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets those who have ended.
    pub(super) fn refresh(&mut self) {
        if self.0.is_empty() {
            return;
        }
        let running = running();
        // The parent may have ended since, so it does not count.
        let same = |one: &Process, other: &Process| one.pid == other.pid && one.started == other.started;
        self.0.retain(|member| running.iter().any(|other| same(member, other)));
    }

    /// Sends a signal to those who still run.
    pub(super) fn signal(&mut self, signal: Signal) {
        self.refresh();
        for member in &self.0 {
            if let Some(pid) = Pid::from_raw(member.pid) {
                // Gone in this moment, or somebody else's (sudo): nothing more can be done.
                let _ = kill_process(pid, signal);
            }
        }
    }
}

/// All processes, but no zombies.
#[cfg(target_os = "linux")]
fn running() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read(entry.path().join("stat")).ok()?;
            parse_stat(pid, &String::from_utf8_lossy(&stat))
        })
        .collect()
}

/// See proc_pid_stat(5): `PID (NAME) STATE PPID …`, of which the 22nd is the start time. The name may contain anything.
#[cfg(target_os = "linux")]
fn parse_stat(pid: i32, stat: &str) -> Option<Process> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<_> = rest.split(' ').collect();
    if fields.first().is_none_or(|state| *state == "Z" || *state == "X") {
        return None;
    }
    let (parent, started) = (fields.get(1)?.parse().ok()?, (*fields.get(19)?).to_owned());
    Some(Process { pid, parent, started })
}

#[cfg(not(target_os = "linux"))]
fn running() -> Vec<Process> {
    let listed =
        std::process::Command::new("/bin/ps").args(["-A", "-o", "pid=,ppid=,stat=,lstart="]).output();
    let text = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let parse = |line: &str| {
        let mut words = line.split_whitespace();
        let (pid, parent) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let state = words.next()?;
        (!state.starts_with('Z')).then(|| Process {
            pid,
            parent,
            started: words.collect::<Vec<_>>().join(" "),
        })
    };
    text.lines().filter_map(parse).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::parse_stat;

    #[test]
    fn names_may_contain_anything() {
        let fields = "0 ".repeat(18);
        let process = parse_stat(7, &format!("7 (a) S 1 (b) R 42 {fields}99 1 2\n")).unwrap();
        assert_eq!((process.pid, process.parent, process.started.as_str()), (7, 42, "0"));
        let process = parse_stat(7, &format!("7 (x) S 42 {}99 1", "0 ".repeat(17))).unwrap();
        assert_eq!(process.started, "99");
        assert!(parse_stat(7, &format!("7 (x) Z 42 {fields}99")).is_none());
        assert!(parse_stat(7, "nonsense").is_none());
    }
}
