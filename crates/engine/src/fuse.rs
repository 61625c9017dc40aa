//! Where a run can be cut, so that tests can cut it everywhere.
//!
//! Everything a run does to the world goes through `Fuse::reach` before and after: journal lines, record
//! writes, requests, child processes. A fuse that has blown lets nothing more happen, as a killed process would.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tminus_http::{BoxFuture, Limits, Transport, TransportError};
use tminus_vcs::{Channel, Invocation, Output, Run};

/// The kinds of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum At {
    /// Before a step's `begin` line.
    Before,
    /// After its `begin` line, before it acts.
    Begun,
    /// Before a request that changes something is sent.
    Request,
    /// After its answer has come.
    Answered,
    /// Before a child process starts.
    Child,
    /// After it has ended.
    Ended,
    /// Before the record is saved.
    Save,
    /// After it was saved.
    Saved,
    /// After the step has acted, before its `end` line.
    Performed,
    /// After its `end` line.
    After,
}

impl At {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Before,
        Self::Begun,
        Self::Request,
        Self::Answered,
        Self::Child,
        Self::Ended,
        Self::Save,
        Self::Saved,
        Self::Performed,
        Self::After,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Begun => "begun",
            Self::Request => "request",
            Self::Answered => "answered",
            Self::Child => "child",
            Self::Ended => "ended",
            Self::Save => "save",
            Self::Saved => "saved",
            Self::Performed => "performed",
            Self::After => "after",
        }
    }
}

/// One place that a run passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The step, empty outside of steps.
    pub step: String,
    /// Where in it.
    pub at: At,
}

/// What happens when the fuse blows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// Everything from there on fails, in this process.
    Refuse,
    /// The process sends itself SIGKILL.
    Kill,
}

/// Where a fuse blows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// Nowhere.
    Never,
    /// At the place of that number, counted from 0.
    Number(usize),
    /// At the first place of that kind in that step: `push:performed`.
    Named(Place),
}

impl std::str::FromStr for Limit {
    type Err = String;

    /// Reads `17`, or a step and a kind of place: `publish:pypi:demo:performed`.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Number(number));
        }
        let (step, word) = text.rsplit_once(':').ok_or("write a number, or STEP:PLACE")?;
        let at = At::ALL.into_iter().find(|at| at.as_str() == word);
        let at = at
            .ok_or_else(|| format!("`{word}` is no kind of place: {}", At::ALL.map(At::as_str).join(", ")))?;
        Ok(Self::Named(Place { step: step.to_owned(), at }))
    }
}

/// Counts places and blows at one of them.
#[derive(Debug)]
pub struct Fuse {
    limit: Limit,
    blow: Blow,
    state: Mutex<Passed>,
}

#[derive(Debug, Default)]
struct Passed {
    step: String,
    places: Vec<Place>,
    blown: bool,
}

/// The fuse has blown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped at a place where a test asked for it")]
pub struct Stopped;

impl Fuse {
    /// A fuse that never blows, and remembers the places.
    pub fn endless() -> Arc<Self> {
        Arc::new(Self { limit: Limit::Never, blow: Blow::Refuse, state: Mutex::default() })
    }

    /// A fuse that blows at `limit`.
    pub fn new(limit: Limit, blow: Blow) -> Arc<Self> {
        Arc::new(Self { limit, blow, state: Mutex::default() })
    }

    /// The places passed so far.
    pub fn places(&self) -> Vec<Place> {
        self.state().places.clone()
    }

    /// Whether it has blown.
    pub fn blown(&self) -> bool {
        self.state().blown
    }

    /// Names the step that the following places belong to.
    pub(crate) fn enter(&self, step: &str) {
        step.clone_into(&mut self.state().step);
    }

    /// Passes a place.
    pub(crate) fn reach(&self, at: At) -> Result<(), Stopped> {
        let mut state = self.state();
        if state.blown {
            return Err(Stopped);
        }
        let place = Place { step: state.step.clone(), at };
        let here = match &self.limit {
            Limit::Never => false,
            Limit::Number(number) => *number == state.places.len(),
            Limit::Named(named) => *named == place,
        };
        if here {
            if self.blow == Blow::Kill {
                let me = rustix::process::getpid();
                // Nothing to handle: either the signal arrives, or the run goes on and refuses below.
                let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
            }
            state.blown = true;
            return Err(Stopped);
        }
        state.places.push(place);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, Passed> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transport that passes the fuse.
pub(crate) struct FusedTransport {
    pub(crate) inner: Arc<dyn Transport>,
    pub(crate) fuse: Arc<Fuse>,
}

impl Transport for FusedTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            // Reading changes nothing, so cutting before or after it is the same as cutting at the next place.
            let reads = matches!(*request.method(), http::Method::GET | http::Method::HEAD);
            if reads {
                return if self.fuse.blown() {
                    Err(TransportError::Stopped)
                } else {
                    self.inner.send(request, limits).await
                };
            }
            self.fuse.reach(At::Request).map_err(|Stopped| TransportError::Stopped)?;
            let answer = self.inner.send(request, limits).await?;
            self.fuse.reach(At::Answered).map_err(|Stopped| TransportError::Stopped)?;
            Ok(answer)
        })
    }
}

/// A runner that passes the fuse.
pub(crate) struct FusedRunner {
    pub(crate) inner: Arc<dyn Run>,
    pub(crate) fuse: Arc<Fuse>,
}

impl Run for FusedRunner {
    fn run(&self, command: &Invocation) -> std::io::Result<Output> {
        if reads_only(command) {
            return if self.fuse.blown() {
                Err(std::io::Error::other(Stopped))
            } else {
                self.inner.run(command)
            };
        }
        let stopped = |Stopped| std::io::Error::new(std::io::ErrorKind::Interrupted, Stopped);
        self.fuse.reach(At::Child).map_err(stopped)?;
        let output = self.inner.run(command)?;
        self.fuse.reach(At::Ended).map_err(stopped)?;
        Ok(output)
    }

    fn run_with_lines(
        &self,
        command: &Invocation,
        on_line: &mut dyn FnMut(Channel, &str),
    ) -> std::io::Result<Output> {
        let stopped = |Stopped| std::io::Error::new(std::io::ErrorKind::Interrupted, Stopped);
        self.fuse.reach(At::Child).map_err(stopped)?;
        let output = self.inner.run_with_lines(command, on_line)?;
        self.fuse.reach(At::Ended).map_err(stopped)?;
        Ok(output)
    }
}

/// A git command that changes nothing: cutting around it is the same as cutting at the next place.
fn reads_only(command: &Invocation) -> bool {
    let reads = [
        "ls-remote",
        "rev-parse",
        "--version",
        "version",
        "rev-list",
        "cat-file",
        "status",
        "var",
        "list",
        "--get",
        "--dry-run",
    ];
    let git = command.program.file_name().is_some_and(|name| name == "git");
    git && command.args.iter().any(|arg| reads.iter().any(|word| arg == word))
}
