use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use tminus_manifests::{Locator, ParsePatternError, RelPath, VersionFile};
use tminus_vcs::{BranchName, TagName};

use crate::config::{CheckNames, ReleaseKind};

/// The name of a step, unique in its plan and the same from plan to plan: `publish:pypi:demo`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(String);

impl StepId {
    /// A step that there is once.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first part of the name: what kind of step it is, and how a group of steps is selected.
    pub fn phase(&self) -> &str {
        self.0.split(':').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What decides whether a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A probe of the world. Running it again is always safe.
    Convergent,
    /// Nothing can be asked. Begun and not known to have ended is *unknown*, and never repeated by itself.
    Once,
    /// A person.
    Gate,
}

/// A value that is known now, or the output of an earlier step: `${commit.id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Input(String);

impl Input {
    /// A value that is known now.
    pub fn literal(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The output `name` of `step`.
    pub fn output(step: &StepId, name: &str) -> Self {
        Self(format!("${{{step}.{name}}}"))
    }

    /// The step and the name of a reference, `None` for a literal.
    pub fn reference(&self) -> Option<(&str, &str)> {
        self.0.strip_prefix("${")?.strip_suffix('}')?.rsplit_once('.')
    }

    /// As it stands in the plan.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub id: StepId,
    /// What decides whether it is done.
    pub class: Class,
    /// Whether others can see it and it cannot be taken back.
    pub irreversible: bool,
    /// What must be done before.
    pub needs: Vec<StepId>,
    /// What it does.
    pub action: Action,
}

/// What a step does. A closed set: every executor matches all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Checks a precondition; NO-GO ends the run before anything is written.
    Require {
        /// The precondition.
        requirement: Requirement,
    },
    /// Makes the commit that states the version, off the user's work tree. Binds `id`.
    Commit {
        /// The branch it belongs to.
        branch: BranchName,
        /// What is edited.
        edits: Vec<PlannedEdit>,
        /// The whole message.
        message: String,
    },
    /// Builds a package in a clean checkout, inspects and stores what came out. Binds `artifacts`.
    Build {
        /// The package.
        package: String,
        /// The commit that is built.
        commit: Input,
        /// The directory of the package in the repository.
        dir: Option<String>,
        /// Program and arguments.
        command: Vec<String>,
        /// Where the artifacts appear.
        artifacts: String,
        /// Additional variables.
        env: BTreeMap<String, String>,
    },
    /// Makes the annotated tag, locally. Binds `object`.
    Tag {
        /// Its name.
        name: TagName,
        /// The commit.
        commit: Input,
        /// Its message.
        message: String,
    },
    /// Pushes branch and tag in one atomic push.
    Push {
        /// The branch.
        branch: BranchName,
        /// What it must contain.
        commit: Input,
        /// The tag.
        tag: TagName,
        /// The tag object.
        object: Input,
    },
    /// Waits until the commit's checks are green.
    AwaitChecks {
        /// The commit.
        commit: Input,
        /// Which checks.
        names: CheckNames,
        /// How long one run waits, in minutes.
        timeout_minutes: u32,
    },
    /// Uploads the artifacts of a package.
    Publish {
        /// The package.
        package: String,
        /// The destination.
        destination: String,
        /// The artifacts.
        artifacts: Input,
    },
    /// Waits until the index serves the artifacts with the right hashes.
    AwaitVisible {
        /// The package.
        package: String,
        /// The destination.
        destination: String,
        /// The artifacts; `None` where CI publishes and any file of the version will do.
        artifacts: Option<Input>,
        /// How long one run waits, in minutes.
        timeout_minutes: u32,
    },
    /// Drafts the release on the forge with generated notes. Binds `notes` and `id`.
    DraftRelease {
        /// The tag.
        tag: TagName,
        /// The commit, for notes.
        commit: Input,
        /// The tag of the release before.
        previous: Option<TagName>,
        /// Its title.
        title: String,
        /// Whether it is marked as a pre-release.
        prerelease: bool,
    },
    /// Waits for a person.
    Gate {
        /// The gate's name.
        name: String,
        /// What the person has to do.
        ask: String,
    },
    /// Publishes the drafted release. Binds `url`.
    PublishRelease {
        /// The tag.
        tag: TagName,
        /// The category of the discussion that is opened for it.
        discussion: Option<String>,
        /// Whether the forge may call it the latest: decided by version order, not by time.
        latest: bool,
    },
    /// Says it in a chat, once.
    Announce {
        /// The environment variable that holds the webhook's URL.
        webhook: String,
        /// What is said.
        text: String,
    },
    /// Sets the next development version on the branch, computed at its tip. Only ever raises. Binds `commit`.
    NextVersion {
        /// The branch.
        branch: BranchName,
        /// The version, in the project's spelling.
        version: String,
        /// What is edited; `from` is what the release commit states.
        edits: Vec<PlannedEdit>,
        /// The whole message.
        message: String,
    },
    /// Creates the next milestone.
    CreateMilestone {
        /// Its title.
        title: String,
        /// When it is due.
        due: Option<String>,
    },
    /// Moves the open issues of a milestone to the next one.
    DeferIssues {
        /// From here.
        from: String,
        /// To there.
        to: String,
    },
    /// Closes the milestone.
    CloseMilestone {
        /// Its title.
        title: String,
    },
    /// Moves the user's own branch forward, where that needs no merge.
    SyncLocal {
        /// The branch.
        branch: BranchName,
    },
}

/// A precondition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Requirement {
    /// The milestone has no open issue, or they will be deferred.
    Milestone {
        /// Its title.
        title: String,
        /// Whether open issues are moved to the next one.
        defer: bool,
    },
    /// Every merged pull request since the last release carries a label.
    Labels {
        /// Which labels count; none: any.
        accepted: Vec<String>,
        /// The commit of the last release.
        since: Option<String>,
        /// The last commit that the forge knows; what was not pushed came in with no pull request.
        until: Option<String>,
    },
    /// Every open bug is decided.
    Bugs {
        /// The label of bugs.
        label: String,
        /// Labels that mean a decision was taken.
        decided: Vec<String>,
        /// The milestone of this release, which decides nothing.
        milestone: Option<String>,
    },
}

impl Requirement {
    /// The name that `tminus gate waive NAME` takes.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Milestone { .. } => "milestone",
            Self::Labels { .. } => "labels",
            Self::Bugs { .. } => "bugs",
        }
    }
}

/// How the place of a version is found in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Find {
    /// By the kind of file.
    #[default]
    Auto,
    /// By the text around it.
    Pattern(String),
    /// By a key, such as `image.tag` or `ARG VERSION`.
    Key(String),
    /// As the tag of a container image.
    Image(String),
}

impl Find {
    /// How a locator finds its place.
    pub fn of(locator: &Locator) -> Self {
        match locator {
            Locator::Auto => Self::Auto,
            Locator::Pattern(pattern) => Self::Pattern(pattern.as_str().to_owned()),
            Locator::Key(key) => Self::Key(key.clone()),
            Locator::Image(image) => Self::Image(image.clone()),
        }
    }

    /// The place in a file.
    ///
    /// # Errors
    /// A pattern that is none.
    pub fn in_file(&self, path: RelPath) -> Result<VersionFile, ParsePatternError> {
        Ok(match self {
            Self::Auto => VersionFile::auto(path),
            Self::Pattern(pattern) => VersionFile::with_pattern(path, pattern.parse()?),
            Self::Key(key) => VersionFile::with_key(path, key),
            Self::Image(image) => VersionFile::with_image(path, image),
        })
    }
}

/// An edit of one version site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedEdit {
    /// The file.
    pub path: String,
    /// How the place is found in it.
    #[serde(default)]
    pub find: Find,
    /// The line, for people.
    pub line: u32,
    /// What stands there.
    pub from: String,
    /// What will stand there.
    pub to: String,
}

impl Action {
    /// The package that the step belongs to, for selections.
    pub fn package(&self) -> Option<&str> {
        match self {
            Self::Build { package, .. }
            | Self::Publish { package, .. }
            | Self::AwaitVisible { package, .. } => Some(package),
            Self::Require { .. }
            | Self::Commit { .. }
            | Self::Tag { .. }
            | Self::Push { .. }
            | Self::AwaitChecks { .. }
            | Self::DraftRelease { .. }
            | Self::Gate { .. }
            | Self::PublishRelease { .. }
            | Self::Announce { .. }
            | Self::NextVersion { .. }
            | Self::CreateMilestone { .. }
            | Self::DeferIssues { .. }
            | Self::CloseMilestone { .. }
            | Self::SyncLocal { .. } => None,
        }
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        match self {
            Self::Require { requirement } => match requirement {
                Requirement::Milestone { title, defer: false } => {
                    format!("milestone {title} has no open issue")
                }
                Requirement::Milestone { title, defer: true } => {
                    format!("milestone {title} exists (open issues will be deferred)")
                }
                Requirement::Labels { accepted, .. } if accepted.is_empty() => {
                    "every merged pull request has a label".to_owned()
                }
                Requirement::Labels { accepted, .. } => {
                    format!("every merged pull request has a label of: {}", accepted.join(", "))
                }
                Requirement::Bugs { label, .. } => {
                    format!("every open issue with label `{label}` is decided")
                }
            },
            Self::Commit { branch, message, .. } => {
                let subject = message.lines().next().unwrap_or_default();
                format!("commit \"{subject}\" on {branch}")
            }
            Self::Build { package, command, .. } => format!("build {package}: {}", command.join(" ")),
            Self::Tag { name, .. } => format!("annotated tag {name}"),
            Self::Push { branch, tag, .. } => format!("push {branch} and {tag}, both or neither"),
            Self::AwaitChecks { names: CheckNames::All, .. } => {
                "all checks of the commit are green".to_owned()
            }
            Self::AwaitChecks { names: CheckNames::Named(names), .. } => {
                format!("{} green: {}", plural(names.len(), "check"), names.join(", "))
            }
            Self::Publish { package, destination, .. } => format!("upload {package} to {destination}"),
            Self::AwaitVisible { package, destination, .. } => format!("{destination} serves {package}"),
            Self::DraftRelease { tag, previous, .. } => match previous {
                Some(previous) => format!("draft the forge release {tag} with notes since {previous}"),
                None => format!("draft the forge release {tag} with notes"),
            },
            Self::Gate { ask, .. } => ask.clone(),
            Self::PublishRelease { tag, discussion, .. } => match discussion {
                Some(category) => format!("publish the forge release {tag}, discussion in {category}"),
                None => format!("publish the forge release {tag}"),
            },
            Self::Announce { webhook, text } => format!("say \"{text}\" at ${webhook}"),
            Self::NextVersion { branch, version, .. } => format!("version {version} on {branch}"),
            Self::CreateMilestone { title, due } => match due {
                Some(due) => format!("create milestone {title}, due {due}"),
                None => format!("create milestone {title}"),
            },
            Self::DeferIssues { from, to } => format!("move open issues from milestone {from} to {to}"),
            Self::CloseMilestone { title } => format!("close milestone {title}"),
            Self::SyncLocal { branch } => format!("bring the local {branch} up to date"),
        }
    }
}

/// The word that stands for a release in messages.
pub(crate) fn kind_word(kind: Option<ReleaseKind>) -> &'static str {
    kind.map_or("version", ReleaseKind::as_str)
}
