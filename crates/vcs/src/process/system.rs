//! The runner that starts real processes.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::capture::{Head, Lines, Tail};
#[cfg(unix)]
use super::family::Family;
use super::{Channel, Invocation, Output, Run};

/// How often the child is looked at while its outputs are silent.
const POLL: Duration = Duration::from_millis(20);
/// How long an output may stay open and silent after the child has ended, because something it started still holds it.
const AFTERMATH: Duration = Duration::from_secs(2);
/// How long a child may take to end after it was asked to, to remove its lock files.
const GRACE: Duration = Duration::from_secs(2);
/// Read buffers in flight between the reading threads and the caller.
const IN_FLIGHT: usize = 16;
const READ_SIZE: usize = 16 * 1024;

/// Runs programs as child processes, waits for them, and keeps what they write, up to a limit.
///
/// The child stays in the caller's process group, so that an interrupt typed at the terminal reaches it, and so that it can
/// ask there for a passphrase. Its environment holds only what the [`Invocation`] says. When the time is up the child gets
/// SIGTERM, which lets git remove its lock files, and two seconds later SIGKILL; so does all that it has started and that has
/// not become a daemon. Programs that the child leaves behind in time are not waited for.
///
/// ```
/// use tminus_vcs::{Invocation, Run, SystemRunner};
///
/// let dir = tempfile::tempdir()?;
/// let mut command = Invocation::new("/bin/sh", dir.path());
/// command.args = vec!["-c".into(), "read line; echo \"got $line\"; exit 3".into()];
/// command.stdin = Some(b"tea\n".to_vec());
/// let output = SystemRunner::default().run(&command)?;
/// assert_eq!((output.status, output.stdout.as_slice()), (Some(3), b"got tea\n".as_slice()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemRunner {
    /// How many bytes of standard output are kept, from its beginning.
    pub stdout_limit: usize,
    /// How many bytes of standard error are kept, up to its end.
    pub stderr_limit: usize,
}

impl Default for SystemRunner {
    /// 64 MiB of output, which holds the references of the largest public repositories, and 1 MiB of errors.
    fn default() -> Self {
        Self { stdout_limit: 64 << 20, stderr_limit: 1 << 20 }
    }
}

impl Run for SystemRunner {
    fn run(&self, command: &Invocation) -> io::Result<Output> {
        self.run_with_lines(command, &mut |_, _| {})
    }

    fn run_with_lines(
        &self,
        command: &Invocation,
        on_line: &mut dyn FnMut(Channel, &str),
    ) -> io::Result<Output> {
        let deadline = command.timeout.map(|timeout| Instant::now() + timeout);
        let mut child = start(command)?;
        let chunks = listen(&mut child, command.stdin.clone());
        let mut gathered = Gathered::new(self);
        let waited = gather(&mut child, &chunks, deadline, &mut |chunk| gathered.push(chunk, on_line));
        match waited {
            Ok(Some(status)) => Ok(gathered.finish(status, on_line)),
            Ok(None) => {
                end(&mut child)?;
                let timeout = command.timeout.unwrap_or_default();
                let text = format!("`{}` did not end within {} s", command.shown(), timeout.as_secs_f32());
                Err(io::Error::new(io::ErrorKind::TimedOut, text))
            }
            Err(error) => {
                end(&mut child)?;
                Err(error)
            }
        }
    }
}

/// Some bytes of one output, or none when it was closed.
type Chunk = (Channel, Option<Vec<u8>>);

fn start(command: &Invocation) -> io::Result<Child> {
    // Without this look a missing directory and a missing program give the same error.
    if !command.dir.is_dir() {
        let text = format!("{} is not a directory", command.dir.display());
        return Err(io::Error::new(io::ErrorKind::NotADirectory, text));
    }
    Command::new(&command.program)
        .args(&command.args)
        .current_dir(&command.dir)
        .env_clear()
        .envs(command.environment.iter().map(|(name, value)| (name, value)))
        .stdin(if command.stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Starts the threads that feed and drain the child. They end by themselves when the other end of their pipe closes, which a
/// stray grandchild may delay beyond the run, so nobody joins them.
fn listen(child: &mut Child, input: Option<Vec<u8>>) -> Receiver<Chunk> {
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        // A child that closes its input early does not want the rest: not our error.
        thread::spawn(move || pipe.write_all(&input).is_ok());
    }
    let (sender, receiver) = sync_channel(IN_FLIGHT);
    if let Some(pipe) = child.stdout.take() {
        drain(Channel::Stdout, pipe, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        drain(Channel::Stderr, pipe, sender);
    }
    receiver
}

fn drain(channel: Channel, mut pipe: impl Read + Send + 'static, sender: SyncSender<Chunk>) {
    thread::spawn(move || {
        let mut buffer = vec![0; READ_SIZE];
        loop {
            let bytes = match pipe.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(0) | Err(_) => None,
                Ok(count) => buffer.get(..count).map(<[u8]>::to_vec),
            };
            let last = bytes.is_none();
            if sender.send((channel, bytes)).is_err() || last {
                return;
            }
        }
    });
}

/// Passes on what the child writes until it has ended; `None` when the time was up first.
fn gather(
    child: &mut Child,
    chunks: &Receiver<Chunk>,
    deadline: Option<Instant>,
    on_chunk: &mut dyn FnMut(Chunk),
) -> io::Result<Option<ExitStatus>> {
    let mut status = None;
    let mut open_outputs = 2;
    let mut looked = Instant::now();
    let mut heard = Instant::now();
    while open_outputs > 0 {
        match chunks.recv_timeout(POLL) {
            Ok(chunk) => {
                heard = Instant::now();
                open_outputs -= i32::from(chunk.1.is_none());
                on_chunk(chunk);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if looked.elapsed() < POLL {
            continue;
        }
        looked = Instant::now();
        match status {
            None => {
                status = child.try_wait()?;
                // However long it was silent before, what it wrote last may still be on its way.
                heard = Instant::now();
                if status.is_none() && passed(deadline) {
                    return Ok(None);
                }
            }
            Some(_) if heard.elapsed() > AFTERMATH || passed(deadline) => break,
            Some(_) => {}
        }
    }
    if status.is_some() {
        return Ok(status);
    }
    wait_until(child, deadline)
}

fn passed(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}

/// Waits for a child that has closed its outputs.
fn wait_until(child: &mut Child, deadline: Option<Instant>) -> io::Result<Option<ExitStatus>> {
    if deadline.is_none() {
        return child.wait().map(Some);
    }
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if passed(deadline) {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(POLL);
    }
}

/// Ends the child and what it has started, gently first.
#[cfg(unix)]
fn end(child: &mut Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let mut family = Family::of(child.id());
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    // The child has not been waited for, so its id cannot belong to another process yet.
    let asked = pid.is_some_and(|pid| kill_process(pid, Signal::TERM).is_ok());
    if !asked || wait_until(child, Some(Instant::now() + GRACE))?.is_none() {
        child.kill()?;
        child.wait()?;
    }
    // git ends most of what it starts, but not an ssh that waits for an answer.
    for signal in [Signal::TERM, Signal::KILL] {
        family.signal(signal);
        let patience = Instant::now() + GRACE;
        while !family.is_empty() && Instant::now() < patience {
            thread::sleep(POLL);
            family.refresh();
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn end(child: &mut Child) -> io::Result<()> {
    child.kill()?;
    child.wait().map(drop)
}

/// What has arrived so far.
struct Gathered {
    stdout: Head,
    stderr: Tail,
    stdout_lines: Lines,
    stderr_lines: Lines,
}

impl Gathered {
    fn new(limits: &SystemRunner) -> Self {
        Self {
            stdout: Head::new(limits.stdout_limit),
            stderr: Tail::new(limits.stderr_limit),
            stdout_lines: Lines::default(),
            stderr_lines: Lines::default(),
        }
    }

    fn push(&mut self, (channel, bytes): Chunk, on_line: &mut dyn FnMut(Channel, &str)) {
        let bytes = bytes.unwrap_or_default();
        match channel {
            Channel::Stdout => {
                self.stdout.push(&bytes);
                self.stdout_lines.push(&bytes, &mut |line| on_line(channel, line));
            }
            Channel::Stderr => {
                self.stderr.push(&bytes);
                self.stderr_lines.push(&bytes, &mut |line| on_line(channel, line));
            }
        }
    }

    fn finish(self, status: ExitStatus, on_line: &mut dyn FnMut(Channel, &str)) -> Output {
        self.stdout_lines.end(&mut |line| on_line(Channel::Stdout, line));
        self.stderr_lines.end(&mut |line| on_line(Channel::Stderr, line));
        Output {
            status: status.code(),
            stdout: self.stdout.bytes,
            stderr: self.stderr.into_bytes(),
            truncated: self.stdout.truncated,
        }
    }
}
