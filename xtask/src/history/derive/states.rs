//! What a work tree can be like when somebody builds in it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

use super::super::git::Git;
use crate::conformance::Random;

/// A state that a work tree is brought into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Clean,
    /// On a branch of that name, as far as it could be made; the others have no branch.
    Branch(&'static str),
    Modified,
    Staged,
    /// Changed in the index, and back in the work tree.
    StagedAndBack,
    Deleted,
    Removed,
    Executable,
    /// Written anew with the same bytes.
    Touched,
    Untracked,
    /// A new file that is only intended (`git add -N`).
    Intended,
    Added,
}

pub(super) const STATES: [State; 18] = [
    State::Clean,
    State::Branch("main"),
    State::Branch("feature/new-reader"),
    State::Branch("release/1.2"),
    State::Branch("release-3.4.x"),
    State::Branch("v2.0"),
    State::Branch("1.x-LTS"),
    State::Modified,
    State::Modified,
    State::Staged,
    State::StagedAndBack,
    State::Deleted,
    State::Removed,
    State::Executable,
    State::Touched,
    State::Untracked,
    State::Intended,
    State::Added,
];

impl State {
    /// One of them.
    pub(super) fn drawn(random: &mut Random) -> Self {
        let at = usize::try_from(random.below(STATES.len() as u64)).unwrap_or(0);
        STATES.get(at).copied().unwrap_or(Self::Clean)
    }

    /// Brings the work tree of `git` to a commit, and into this state.
    ///
    /// # Errors
    /// Git fails, or a file cannot be written.
    pub(super) fn apply(self, git: &Git, commit: &str, random: &mut Random) -> anyhow::Result<()> {
        git.ask(&["reset", "--quiet", "--hard"])?;
        git.ask(&["checkout", "--quiet", "--force", "--detach", commit])?;
        git.ask(&["clean", "--quiet", "-ffdx"])?;
        let new = "a file of nobody.txt";
        match self {
            Self::Clean => return Ok(()),
            Self::Branch(name) => {
                git.ask(&["switch", "--quiet", "--force-create", name])?;
                return Ok(());
            }
            Self::Untracked | Self::Intended | Self::Added => {
                let path = git.dir.join(new);
                fs::write(&path, "new\n").with_context(|| path.display().to_string())?;
                match self {
                    Self::Intended => drop(git.ask(&["add", "--force", "--intent-to-add", "--", new])?),
                    Self::Added => drop(git.ask(&["add", "--force", "--", new])?),
                    _ => {}
                }
                return Ok(());
            }
            _ => {}
        }
        let Some(name) = file(git, random)? else { return Ok(()) };
        self.spoil(git, &name).with_context(|| name.clone())
    }

    fn spoil(self, git: &Git, name: &str) -> anyhow::Result<()> {
        let path = git.dir.join(name);
        let before = fs::read(&path)?;
        match self {
            Self::Modified => append(&path)?,
            Self::Staged => {
                append(&path)?;
                git.ask(&["add", "--", name])?;
            }
            Self::StagedAndBack => {
                append(&path)?;
                git.ask(&["add", "--", name])?;
                fs::write(&path, before)?;
            }
            Self::Deleted => fs::remove_file(&path)?,
            Self::Removed => drop(git.ask(&["rm", "--quiet", "--cached", "--", name])?),
            Self::Executable => executable(&path)?,
            Self::Touched => {
                fs::remove_file(&path)?;
                fs::write(&path, before)?;
            }
            Self::Clean | Self::Branch(_) | Self::Untracked | Self::Intended | Self::Added => {}
        }
        Ok(())
    }
}

fn append(path: &Path) -> anyhow::Result<()> {
    fs::OpenOptions::new().append(true).open(path)?.write_all(b"\nmore\n")?;
    Ok(())
}

#[cfg(unix)]
fn executable(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(not(unix))]
fn executable(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// An ordinary file of the commit; not the one that says how a version is derived.
fn file(git: &Git, random: &mut Random) -> anyhow::Result<Option<String>> {
    let output = git.ask(&["ls-files", "-z", "--stage"])?;
    let names: Vec<&str> = output
        .split(|byte| *byte == 0)
        .filter_map(|entry| std::str::from_utf8(entry).ok())
        .filter_map(|entry| entry.strip_prefix("100644 ")?.split_once('\t').map(|(_, name)| name))
        .filter(|name| !name.ends_with("pyproject.toml") && !name.contains(".git"))
        .collect();
    Ok((!names.is_empty()).then(|| random.pick(&names).to_owned()))
}
