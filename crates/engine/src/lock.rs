//! One run at a time.
//!
//! The lock is `flock` on a file under the git directory, so the kernel gives it back when its last holder ends,
//! however it ends. Children inherit it on purpose: a build or push that outlives a killed run keeps the next run
//! out until it has ended. The file's text only tells people who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use rustix::io::{FdFlags, fcntl_setfd};
use serde::{Deserialize, Serialize};

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// The user.
    pub user: String,
    /// What it does: `release minor`.
    pub command: String,
}

/// The lock, held until it is dropped and every child that inherited it has ended.
#[derive(Debug)]
pub struct Lock {
    file: Option<File>,
    /// The run before this one, where it ended without giving the lock back in order: it was killed.
    pub stale: Option<Holder>,
}

/// The lock cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another run holds it.
    #[error("another run is going on here: `tminus {}` by {} (process {}{})", holder.command, holder.user, holder.pid,
        if *alive { "" } else { ", which has ended, but a program that it started is still running" })]
    Held {
        /// Who.
        holder: Holder,
        /// Whether that process still runs.
        alive: bool,
    },
    /// Another run holds it and has not said who it is.
    #[error("another run is going on here")]
    HeldByUnknown,
    /// The file cannot be used.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the lock below `dir`. Where its holder has ended and only a program that it started still runs, this
    /// waits for up to `patience`: such a program is usually git, about to end.
    ///
    /// # Errors
    /// It is held, or the file cannot be made.
    pub fn take(dir: &Path, holder: &Holder, patience: Duration) -> Result<Self, LockError> {
        let step = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        loop {
            match Self::try_take(dir, holder) {
                Err(LockError::Held { alive: false, .. } | LockError::HeldByUnknown) if waited < patience => {
                    std::thread::sleep(step);
                    waited += step;
                }
                outcome => return outcome,
            }
        }
    }

    fn try_take(dir: &Path, holder: &Holder) -> Result<Self, LockError> {
        let path = dir.join("lock");
        let fail = |source| LockError::File { path: path.display().to_string(), source };
        std::fs::create_dir_all(dir).map_err(fail)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(fail)?;
        let taken = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(source)) => return Err(fail(source)),
        };
        let mut text = String::new();
        // The text is for people; what cannot be read is as good as no text.
        let read = io::Read::by_ref(&mut file).take(4096).read_to_string(&mut text);
        let named: Option<Holder> = read.ok().and_then(|_| serde_json::from_str(&text).ok());
        if !taken {
            return Err(match named {
                Some(holder) => LockError::Held { alive: is_alive(holder.pid), holder },
                None => LockError::HeldByUnknown,
            });
        }
        fcntl_setfd(&file, FdFlags::empty()).map_err(|error| fail(error.into()))?;
        let text = serde_json::to_string(holder).map_err(|error| fail(error.into()))?;
        rewrite(&mut file, &text).map_err(fail)?;
        Ok(Self { file: Some(file), stale: named })
    }
}

impl Drop for Lock {
    /// Gives the lock back in order, also on behalf of daemons that a child has left behind. A run that is killed gets
    /// here no more, and its children keep the lock.
    fn drop(&mut self) {
        if let Some(mut file) = self.file.take() {
            // An empty file says that the run ended in order; failing to say so only makes the next run mention us.
            drop(rewrite(&mut file, ""));
            drop(file.unlock());
        }
    }
}

fn rewrite(file: &mut File, text: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

fn is_alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(100);

    /// A child of one test inherits the locks of all: one at a time.
    fn alone() -> std::sync::MutexGuard<'static, ()> {
        static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    impl Lock {
        /// What is left of a lock when its process is killed: nothing is said, nothing is unlocked.
        fn abandon(mut self) -> Option<File> {
            self.file.take()
        }
    }

    fn holder(command: &str) -> Holder {
        Holder { pid: std::process::id(), user: "me".to_owned(), command: command.to_owned() }
    }

    #[test]
    fn the_second_run_is_told_who_holds_it() {
        let _alone = alone();
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path(), &holder("release minor"), SHORT).unwrap();
        let error = Lock::take(dir.path(), &holder("resume"), SHORT).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "another run is going on here: `tminus release minor` by me (process {})",
                std::process::id()
            )
        );
        drop(first);
        let second = Lock::take(dir.path(), &holder("resume"), SHORT).unwrap();
        assert_eq!(second.stale, None, "the first ended in order");
    }

    #[test]
    fn a_killed_holder_is_recognised() {
        let _alone = alone();
        let dir = tempfile::tempdir().unwrap();
        let killed = Holder { pid: u32::MAX >> 1, ..holder("release minor") };
        std::fs::write(dir.path().join("lock"), serde_json::to_string(&killed).unwrap()).unwrap();
        let lock = Lock::take(dir.path(), &holder("resume"), SHORT).unwrap();
        assert_eq!(lock.stale, Some(killed));
    }

    #[test]
    fn a_child_that_outlives_the_run_keeps_the_lock() {
        let _alone = alone();
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path(), &holder("release minor"), SHORT).unwrap();
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        drop(lock.abandon());
        let error = Lock::take(dir.path(), &holder("resume"), SHORT).unwrap_err();
        assert!(matches!(error, LockError::Held { .. }), "{error}");
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(Lock::take(dir.path(), &holder("resume"), SHORT).is_ok());
    }
}
