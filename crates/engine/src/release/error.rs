use tminus_vcs::{GitError, RepositoryError};

use crate::Exit;
use crate::apply::StepError;
use crate::config::{ConfigError, FILE_NAME, TrainError};
use crate::lock::LockError;
use crate::observe::ObserveError;
use crate::plan::{PlanFileError, Refusal, SelectionError, StepId};
use crate::record::RecordError;

/// Why a command of the engine did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// tminus.toml.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// tminus.toml is not there.
    #[error("there is no {FILE_NAME} in {dir}")]
    NoConfig {
        /// Where it was looked for.
        dir: String,
    },
    /// The configuration cannot be read.
    #[error("{path}: {source}")]
    ConfigFile {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A train that cannot be chosen.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A tag pattern names something that has no one value.
    #[error("the tags of the train cannot be read: {0}")]
    Tags(#[from] tminus_versioning::tag::FormatTagError),
    /// The repository.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// git.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The world could not be looked at.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// Something stands against it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The lock.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A plan file.
    #[error("{path}: {source}")]
    Plan {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: PlanFileError,
    },
    /// Another release is on its way.
    #[error("release {version} is on its way and has left this machine; it comes first")]
    OtherOpen {
        /// Its version.
        version: String,
    },
    /// What was begun is not what would be released now.
    #[error(
        "release {begun} had begun and nothing has left this machine; since then the project has moved on, and what follows now is {now}"
    )]
    Overtaken {
        /// The version that was begun.
        begun: String,
        /// The version that would be released now.
        now: String,
    },
    /// The addresses that a plan rests on are others here.
    #[error("{what} of this release is {planned}, and here it is {here}")]
    Elsewhere {
        /// What.
        what: String,
        /// As the plan has it.
        planned: String,
        /// As it is here.
        here: String,
    },
    /// There is nothing to go on with.
    #[error("no release is on its way")]
    NoneOpen,
    /// No such gate.
    #[error("release {version} has no gate, precondition or once-step `{name}` (it has: {known})")]
    NoGate {
        /// The name.
        name: String,
        /// The version.
        version: String,
        /// The names there are.
        known: String,
    },
    /// A gate action that does not fit what it is about.
    #[error("{0}")]
    GateMisfit(String),
    /// A selector.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A step.
    #[error("{step}: {source}")]
    Step {
        /// Which.
        step: StepId,
        /// What happened.
        source: Box<StepError>,
    },
}

impl ReleaseError {
    /// The exit code that this leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::ConfigFile { .. }
            | Self::NoConfig { .. }
            | Self::Train(_)
            | Self::Tags(_)
            | Self::Plan { .. }
            | Self::Selection(_)
            | Self::NoGate { .. }
            | Self::GateMisfit(_) => Exit::Usage,
            Self::Observe(error) => error.exit(),
            Self::Refused(refusal) => refusal.exit(),
            Self::Step { source, .. } => source.exit(),
            Self::File { .. }
            | Self::Repository(_)
            | Self::Git(_)
            | Self::Lock(_)
            | Self::Record(_)
            | Self::OtherOpen { .. }
            | Self::Overtaken { .. }
            | Self::Elsewhere { .. }
            | Self::NoneOpen => Exit::NoGo,
        }
    }

    /// What to do about it, a line each.
    pub fn remedies(&self) -> Vec<String> {
        match self {
            Self::NoConfig { .. } => vec!["`tminus init` writes one".to_owned()],
            Self::OtherOpen { version } => vec![
                format!("`tminus resume` finishes {version}"),
                "a step that cannot be finished is given up by `tminus gate waive STEP --why \"…\"`"
                    .to_owned(),
            ],
            Self::Overtaken { .. } => vec!["`tminus release KIND` begins what follows now".to_owned()],
            Self::Elsewhere { .. } => {
                vec!["a release goes on where it began: set the same addresses in the environment or your files".to_owned()]
            }
            Self::Tags(_) => {
                vec!["name it with --package or --path, or mend `tag` in tminus.toml".to_owned()]
            }
            Self::NoneOpen => vec!["`tminus release minor` begins one".to_owned()],
            Self::Lock(LockError::Held { .. } | LockError::HeldByUnknown) => {
                vec!["wait until it has ended".to_owned()]
            }
            Self::Step { step, source } if source.exit() == Exit::Conflict => {
                vec![
                    source.remedy(),
                    format!(
                        "or give this step up: `tminus gate waive {step} --why \"…\"`, then `tminus resume`"
                    ),
                ]
            }
            Self::Step { source, .. } => vec![source.remedy()],
            Self::Observe(error) if error.exit() == Exit::World => {
                vec!["nothing was changed; safe to run again".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}
