//! Every change of the file system, each behind a hook that tests use to fail or to end there.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

/// From how many files or directories on the whole file system is synced at once.
///
/// Of 700 files, one by one took 150 ms, in eight threads 32 ms, and the whole file system 5 ms, also beside 300 MB
/// of foreign data. For a few files it is not worth waiting for what others write.
const MANY: usize = 16;

/// A change of the file system that is about to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    MakeDirectory,
    Create,
    SyncFiles,
    SyncDirectories,
    Rename,
    Link,
    Remove,
    RemoveDirectory,
}

/// Called before each step with the path that it concerns; an error is the result of the step.
pub(super) type Hook<'a> = &'a dyn Fn(Step, &Path) -> io::Result<()>;

/// The file system.
#[derive(Clone, Copy)]
pub(super) struct Disk<'a> {
    hook: Hook<'a>,
    /// Whether to wait for the disk.
    wait: bool,
}

impl<'a> Disk<'a> {
    pub(super) fn new(hook: Hook<'a>) -> Self {
        Self { hook, wait: true }
    }

    /// One that does not wait: what only a loss of power shows cannot be tested, and waiting takes the time.
    #[cfg(test)]
    pub(super) fn hasty(hook: Hook<'a>) -> Self {
        Self { hook, wait: false }
    }

    pub(super) fn make_directory(self, path: &Path) -> io::Result<()> {
        (self.hook)(Step::MakeDirectory, path)?;
        fs::create_dir(path)
    }

    /// Writes a file that must not be there yet.
    pub(super) fn create(
        self,
        path: &Path,
        contents: &[u8],
        permissions: Option<Permissions>,
    ) -> io::Result<()> {
        (self.hook)(Step::Create, path)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // What only the owner may read must not be open to others for a moment.
        #[cfg(unix)]
        if permissions.is_some() {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(contents)?;
        permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))
    }

    /// Moves a file over another one.
    pub(super) fn rename(self, from: &Path, to: &Path) -> io::Result<()> {
        (self.hook)(Step::Rename, to)?;
        fs::rename(from, to)
    }

    /// Gives a file a second name, if nothing has that name.
    pub(super) fn link(self, from: &Path, to: &Path) -> io::Result<()> {
        (self.hook)(Step::Link, to)?;
        match fs::hard_link(from, to) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {}
            done => return done,
        }
        // Not every file system has links.
        match fs::symlink_metadata(to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::rename(from, to),
            Err(error) => Err(error),
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(self, path: &Path) -> io::Result<()> {
        (self.hook)(Step::Remove, path)?;
        absent_is_fine(fs::remove_file(path))
    }

    /// Removes a directory, if it is there and empty.
    pub(super) fn remove_directory(self, path: &Path) -> io::Result<()> {
        (self.hook)(Step::RemoveDirectory, path)?;
        match absent_is_fine(fs::remove_dir(path)) {
            // Somebody else has put something there.
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            done => done,
        }
    }

    /// Waits until files are on the disk; says whether their names are as well.
    pub(super) fn sync_files(self, paths: &[PathBuf]) -> io::Result<bool> {
        let Some(first) = paths.first() else { return Ok(true) };
        (self.hook)(Step::SyncFiles, first)?;
        if paths.len() >= MANY && self.wait && sync_file_systems(&parents(paths))? {
            return Ok(true);
        }
        self.sync_each(paths).map(|()| false)
    }

    /// Waits until the names of files are on the disk.
    pub(super) fn sync_names(self, paths: &[PathBuf]) -> io::Result<()> {
        let directories = parents(paths);
        let Some(first) = directories.first() else { return Ok(()) };
        (self.hook)(Step::SyncDirectories, first)?;
        // Other systems offer no way to sync a directory.
        if !cfg!(unix) || (directories.len() >= MANY && self.wait && sync_file_systems(&directories)?) {
            return Ok(());
        }
        self.sync_each(&directories)
    }

    fn sync_each(self, paths: &[PathBuf]) -> io::Result<()> {
        if self.wait { sync_each(paths) } else { Ok(()) }
    }
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The directories of files, each once.
fn parents(paths: &[PathBuf]) -> Vec<PathBuf> {
    let parents: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
    parents.into_iter().map(Path::to_path_buf).collect()
}

/// Syncs one by one, in as many threads as there are processors: each waits for the disk most of the time.
fn sync_each(paths: &[PathBuf]) -> io::Result<()> {
    let sync = |paths: &[PathBuf]| paths.iter().try_for_each(|path| File::open(path)?.sync_all());
    let threads = thread::available_parallelism().map_or(1, usize::from).min(paths.len());
    if threads <= 1 {
        return sync(paths);
    }
    thread::scope(|scope| {
        let chunks = paths.chunks(paths.len().div_ceil(threads));
        let running: Vec<_> = chunks.map(|chunk| scope.spawn(move || sync(chunk))).collect();
        let mut ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended.try_for_each(|end| end.unwrap_or_else(|_| Err(io::Error::other("a thread panicked"))))
    })
}

/// Syncs each file system that one of the directories is on; `false` where the system cannot.
///
/// Linux reports a failed write here since 5.8; before, it is reported by nothing but the kernel's log.
#[cfg(target_os = "linux")]
fn sync_file_systems(directories: &[PathBuf]) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let mut known = BTreeSet::new();
    for directory in directories {
        if known.insert(fs::metadata(directory)?.dev()) {
            rustix::fs::syncfs(File::open(directory)?)?;
        }
    }
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn sync_file_systems(_: &[PathBuf]) -> io::Result<bool> {
    Ok(false)
}
