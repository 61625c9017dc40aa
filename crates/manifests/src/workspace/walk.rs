//! One walk over the tree, on all cores, that reads what it finds.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::{DiscoverError, DiscoverOptions, Note};
use crate::locate::LocateError;
use crate::lock::{LockKind, MAX_LOCK_BYTES};
use crate::{MAX_FILE_BYTES, Manifest, ManifestKind, RelPath};

/// A manifest or a lock file that was found.
pub(super) struct ReadFile {
    pub(super) path: RelPath,
    pub(super) content: Content,
}

pub(super) enum Content {
    Manifest(Vec<u8>, Box<Result<Manifest, LocateError>>),
    Lock(LockKind, Result<Vec<u8>, String>),
    /// A manifest that the system does not give.
    Unreadable(std::io::Error),
}

/// What a walk finds, in no order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) files: Vec<ReadFile>,
    pub(super) notes: Vec<Note>,
}

/// Directories that hold no sources of a project, whether git ignores them or not.
const SKIPPED: [&str; 5] = ["node_modules", "bower_components", "__pycache__", "site-packages", "venv"];

/// The mark of a directory that a tool can fill again: <https://bford.info/cachedir/>.
const CACHE_MARK: &str = "CACHEDIR.TAG";

/// Whether the name of a directory alone keeps it out.
pub(super) fn is_skipped(name: &str) -> bool {
    SKIPPED.contains(&name) || name.starts_with('.')
}

pub(super) fn walk(root: &Path, options: &DiscoverOptions) -> Result<Found, DiscoverError> {
    let unreadable = |source| DiscoverError::Root { path: root.to_path_buf(), source };
    let real_root = root.canonicalize().map_err(unreadable)?;
    std::fs::read_dir(root).map_err(unreadable)?;
    let found = Mutex::new(Found::default());
    let mut builder = WalkBuilder::new(root);
    builder
        .git_global(false)
        .parents(false)
        .require_git(false)
        .follow_links(false)
        .threads(options.threads.unwrap_or_else(cores).max(1))
        .filter_entry(is_entered);
    builder.build_parallel().run(|| {
        let mut part = Part { root, real_root: &real_root, found: Found::default(), all: &found };
        Box::new(move |entry| {
            part.visit(entry);
            WalkState::Continue
        })
    });
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn is_entered(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) || entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name();
    let is_cache = || name == "target" && entry.path().join(CACHE_MARK).is_file();
    !(name.to_str().is_some_and(is_skipped) || is_cache())
}

/// What one thread has found.
struct Part<'a> {
    root: &'a Path,
    real_root: &'a Path,
    found: Found,
    all: &'a Mutex<Found>,
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.files.append(&mut self.found.files);
        all.notes.append(&mut self.found.notes);
    }
}

impl Part<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.found.notes.push(self.unreadable(&error)),
        };
        let Some(kind) = entry.file_type() else { return };
        if kind.is_dir() {
            return;
        }
        let name = entry.file_name().to_str().unwrap_or_default();
        let wanted = ManifestKind::of_name(name).is_some() || LockKind::of_name(name).is_some();
        if kind.is_symlink() {
            self.link(entry.path(), wanted);
        } else if wanted && kind.is_file() {
            self.file(entry.path());
        }
    }

    fn unreadable(&self, error: &ignore::Error) -> Note {
        let (path, message) = match error {
            ignore::Error::WithPath { path, err } => (self.relative(path), err.to_string()),
            error => (None, error.to_string()),
        };
        Note::Unreadable {
            path: path.filter(|path| !path.is_empty()).unwrap_or_else(|| ".".to_owned()),
            message,
        }
    }

    fn link(&mut self, path: &Path, wanted: bool) {
        let Some(relative) = self.relative(path).and_then(|text| text.parse::<RelPath>().ok()) else {
            return;
        };
        if wanted {
            return self.found.notes.push(Note::Link { path: relative });
        }
        let target: Option<PathBuf> = path.canonicalize().ok();
        let outside = target.is_none_or(|target| target.is_dir() && !target.starts_with(self.real_root));
        if outside {
            self.found.notes.push(Note::LinkOutside { path: relative });
        }
    }

    fn file(&mut self, path: &Path) {
        let relative = self.relative(path).and_then(|text| text.parse::<RelPath>().ok());
        let Some(relative) = relative else {
            let path = path.to_string_lossy().into_owned();
            let message = "the path cannot be written in a configuration".to_owned();
            return self.found.notes.push(Note::Unreadable { path, message });
        };
        self.found.files.push(ReadFile::new(relative, read(path)));
    }

    /// The path from the root, with `/`.
    fn relative(&self, path: &Path) -> Option<String> {
        let parts = path.strip_prefix(self.root).ok()?.iter();
        Some(parts.map(|part| part.to_str()).collect::<Option<Vec<_>>>()?.join("/"))
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let is_lock = path.file_name().and_then(|name| LockKind::of_name(name.to_str()?)).is_some();
    let limit = if is_lock { MAX_LOCK_BYTES } else { MAX_FILE_BYTES };
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl ReadFile {
    /// What a file holds, by its name and bytes.
    pub(super) fn new(path: RelPath, bytes: std::io::Result<Vec<u8>>) -> Self {
        let lock = LockKind::of_name(path.file_name());
        let content = match (lock, bytes) {
            (Some(kind), bytes) => {
                Content::Lock(kind, bytes.map_err(|error| error.to_string()).and_then(text))
            }
            (None, Ok(bytes)) => {
                let manifest = Manifest::read(&path, &bytes);
                Content::Manifest(bytes, Box::new(manifest))
            }
            (None, Err(error)) => Content::Unreadable(error),
        };
        Self { path, content }
    }
}

/// The bytes of a lock file, if their size and encoding allow it.
fn text(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if bytes.len() > MAX_LOCK_BYTES {
        return Err(format!("the file has more than {MAX_LOCK_BYTES} bytes"));
    }
    match std::str::from_utf8(&bytes) {
        Ok(_) => Ok(bytes),
        Err(_) => Err(crate::locate::Problem::NotUtf8.to_string()),
    }
}
