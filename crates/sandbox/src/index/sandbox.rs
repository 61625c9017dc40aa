use bytes::Bytes;

use super::{FileSeed, IndexFile, UploadTally, state::normalized, upload, version::Version};
use crate::{Sandbox, SandboxError};

/// The package index.
impl Sandbox {
    /// The projects that hold files, by normalised name.
    pub fn projects(&self) -> Vec<String> {
        self.world().state.index.projects.keys().cloned().collect()
    }

    /// The files of a project in the order of their arrival, those that listings still hide included.
    pub fn files(&self, project: &str) -> Vec<IndexFile> {
        let world = self.world();
        world
            .state
            .index
            .projects
            .get(&normalized(project))
            .map(|project| project.files.clone())
            .unwrap_or_default()
    }

    /// The bytes of a file of any project.
    pub fn file_content(&self, filename: &str) -> Option<Bytes> {
        let world = self.world();
        world.state.index.file(filename).and_then(|file| world.blobs.get(&file.sha256))
    }

    /// How often each file was sent and what became of it, by file name.
    pub fn uploads(&self) -> Vec<UploadTally> {
        self.world().state.index.uploads.values().cloned().collect()
    }

    /// Puts a file on the index as if it had been uploaded long ago; it is not counted as an upload.
    ///
    /// # Errors
    ///
    /// [`SandboxError::File`] with the index's own message when an upload would be refused: a name that does not fit
    /// the project, other content under the same name, a local version.
    pub fn add_file(&self, seed: FileSeed) -> Result<(), SandboxError> {
        let filename = seed.filename.clone();
        self.change(|world, context| {
            upload::seed(world, context, seed).map_err(|message| SandboxError::File { filename, message })
        })
    }

    /// Yanks the files of a version, with a reason that may be empty (PEP 592); returns how many there are.
    pub fn yank(&self, project: &str, version: &str, reason: &str) -> Result<usize, SandboxError> {
        self.set_yanked(project, version, Some(reason))
    }

    /// Takes back a yank; returns how many files the version has.
    pub fn unyank(&self, project: &str, version: &str) -> Result<usize, SandboxError> {
        self.set_yanked(project, version, None)
    }

    fn set_yanked(&self, project: &str, version: &str, yanked: Option<&str>) -> Result<usize, SandboxError> {
        let version = Version::parse(version);
        self.change(|world, _| {
            let project = world.state.index.projects.get_mut(&normalized(project));
            let files = project.into_iter().flat_map(|project| &mut project.files);
            let mut count = 0;
            for file in files.filter(|file| version.is_some() && Version::parse(&file.version) == version) {
                file.yanked = yanked.map(str::to_owned);
                count += 1;
            }
            Ok(count)
        })
    }
}
