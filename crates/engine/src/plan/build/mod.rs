//! From configuration and world to a plan: a pure function.

use std::collections::BTreeMap;

use tminus_versioning::{ReleaseVersion, Template, Values};

use super::action::kind_word;
use super::target::Target;
use super::{
    Action, Class, FORMAT, Finding, Input, NotApplicable, Plan, PlannedEdit, Refusal, Requirement, Step,
    StepId,
};
use crate::Exit;
use crate::config::{Config, Labels, OpenIssues, Package, Publisher, ReleaseRules, Train};
use crate::observe::{ForgeFacts, ForgeWorld, Site, World};
use crate::plan::target::target;
use crate::record::Record;

mod preflight;

/// A plan, and what stands against carrying it out.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// What stands against it. A release starts only where this is empty.
    pub findings: Vec<Finding>,
}

impl Planned {
    /// The plan, where nothing stands against it.
    ///
    /// # Errors
    /// What stands against it.
    pub fn cleared(self) -> Result<Plan, Refusal> {
        if self.findings.is_empty() { Ok(self.plan) } else { Err(Refusal { findings: self.findings }) }
    }
}

/// The plan of a release. Pure: the same configuration and world give the same plan.
///
/// `open` is the record of the same release where one was begun; what it bound is not held against the plan.
///
/// # Errors
/// What makes planning itself impossible: a version site that is missing, versions that disagree, nothing to
/// release, a template that cannot be filled. What merely stands against carrying it out is in [`Planned::findings`].
pub fn plan(
    config: &Config,
    train_name: &str,
    train: &Train,
    world: &World,
    open: Option<&Record>,
) -> Result<Planned, Refusal> {
    if config.packages_of(train_name).next().is_none() {
        return Err(Refusal::of(Finding::new(
            Exit::Usage,
            format!("tminus.toml names no package of train `{train_name}`: there is nothing to release"),
            "add [[package]] with name, version, build and publish",
        )));
    }
    let sites = sites(world)?;
    let written = written(train, &sites)?;
    let tags = crate::observe::released(&world.git.tags, open);
    preflight::nothing_to_release(world, train, &tags).map_or(Ok(()), |finding| Err(Refusal::of(finding)))?;
    preflight::overtaken(config, world, train, &tags, written.as_ref())
        .map_or(Ok(()), |finding| Err(Refusal::of(finding)))?;
    let target = target(train, &world.request, &tags, written.as_ref()).map_err(Refusal::of)?;
    let rules = train.release.get(&target.kind).cloned().unwrap_or_default();
    let builder = Builder { config, train_name, train, world, target: &target, rules: &rules, sites: &sites };
    let plan = builder.plan()?;
    let mut findings = world.findings.clone();
    findings.extend(preflight::findings(&builder, &plan, open));
    Ok(Planned { plan, findings })
}

/// A site whose version could be read.
#[derive(Debug, Clone)]
struct ReadSite<'a> {
    site: &'a Site,
    line: u32,
    text: &'a str,
}

fn sites(world: &World) -> Result<Vec<ReadSite<'_>>, Refusal> {
    let mut read = Vec::new();
    let mut findings = Vec::new();
    for site in &world.sites {
        match &site.stated {
            Ok((line, text)) => read.push(ReadSite { site, line: *line, text }),
            Err(problem) => findings.push(Finding::new(
                Exit::NoGo,
                problem.clone(),
                format!(
                    "take {} out of `version` of package {} in tminus.toml, or write the version there",
                    site.path, site.package
                ),
            )),
        }
    }
    if findings.is_empty() { Ok(read) } else { Err(Refusal { findings }) }
}

/// The one version that all sites state.
fn written(train: &Train, sites: &[ReadSite<'_>]) -> Result<Option<ReleaseVersion>, Refusal> {
    let mut first: Option<(ReleaseVersion, &ReadSite<'_>)> = None;
    for site in sites {
        let version = ReleaseVersion::parse_public(train.scheme, site.text).map_err(|error| {
            Refusal::of(Finding::new(
                Exit::NoGo,
                format!("{}:{}: `{}` is no version: {error}", site.site.path, site.line, site.text),
                "write a version there, or change `scheme` in tminus.toml",
            ))
        })?;
        match &first {
            None => first = Some((version, site)),
            Some((stated, other)) if *stated != version => {
                return Err(Refusal::of(Finding::new(
                    Exit::NoGo,
                    format!(
                        "the files disagree on the version: {}:{} states {}, {}:{} states {}",
                        other.site.path, other.line, other.text, site.site.path, site.line, site.text
                    ),
                    "make them agree, then plan again",
                )));
            }
            Some(_) => {}
        }
    }
    Ok(first.map(|(version, _)| version))
}

struct Builder<'a> {
    config: &'a Config,
    train_name: &'a str,
    train: &'a Train,
    world: &'a World,
    target: &'a Target,
    rules: &'a ReleaseRules,
    sites: &'a [ReadSite<'a>],
}

/// Steps in the making.
#[derive(Default)]
struct Steps {
    steps: Vec<Step>,
    not_applicable: Vec<NotApplicable>,
    notes: Vec<String>,
}

impl Steps {
    fn add(
        &mut self,
        id: &str,
        class: Class,
        irreversible: bool,
        needs: &[StepId],
        action: Action,
    ) -> StepId {
        let id = StepId::new(id);
        self.steps.push(Step { id: id.clone(), class, irreversible, needs: needs.to_vec(), action });
        id
    }

    fn without(&mut self, what: &str, why: &str) {
        self.not_applicable.push(NotApplicable { what: what.to_owned(), why: why.to_owned() });
    }
}

const CONVERGENT: Class = Class::Convergent;

impl Builder<'_> {
    fn plan(&self) -> Result<Plan, Refusal> {
        let world = self.world;
        let mut steps = Steps::default();
        let required = self.requirements(&mut steps)?;
        let (commit, commit_needs) = self.commit(&mut steps, &required)?;
        let builds = self.builds(&mut steps, &commit, &commit_needs);
        let pushed = self.tag_and_push(&mut steps, &commit, &builds, &commit_needs)?;
        let green = self.checks(&mut steps, &commit, &pushed);
        let published = self.publish(&mut steps, &green);
        let released = self.forge_release(&mut steps, &commit, &published)?;
        self.announce(&mut steps, &released)?;
        let next = self.next_version(&mut steps, &published)?;
        self.milestones(&mut steps, &released)?;
        let mut last = pushed;
        last.extend(next);
        let branch = world.git.main.clone();
        steps.add("local", CONVERGENT, false, &last, Action::SyncLocal { branch: branch.clone() });
        self.describe(&mut steps);
        Ok(Plan {
            format: FORMAT,
            project: self.config.name().to_owned(),
            train: self.train_name.to_owned(),
            kind: world.request.kind(),
            version: self.target.text.clone(),
            previous: self.target.previous.as_ref().map(|(version, _)| version.to_string()),
            tag: self.target.tag.clone(),
            remote: self.config.project.remote.clone(),
            branch,
            base: world.git.head.clone(),
            date: world.date.to_string(),
            places: world.places.clone(),
            steps: steps.steps,
            not_applicable: steps.not_applicable,
            notes: steps.notes,
        })
    }

    fn packages(&self) -> impl Iterator<Item = &Package> {
        self.config.packages_of(self.train_name)
    }

    fn forge(&self) -> Result<&ForgeFacts, &str> {
        match &self.world.forge {
            ForgeWorld::Present(facts) => Ok(facts),
            ForgeWorld::Absent(why) => Err(why),
        }
    }

    fn values(&self) -> Result<Values, Refusal> {
        let values = Values::of(&self.target.version, self.train.scheme)
            .map_err(|error| refused(&error))?
            .package(self.config.name())
            .date(self.world.date.to_string());
        Ok(match &self.target.previous {
            Some((previous, _)) => values.previous(previous.to_string()),
            None => values,
        })
    }

    fn render(&self, template: &Template) -> Result<String, Refusal> {
        template.render(&self.values()?).map_err(|error| refused(&error))
    }

    fn requirements(&self, steps: &mut Steps) -> Result<Vec<StepId>, Refusal> {
        let mut wanted = Vec::new();
        let milestone = self.rules.milestone.as_ref();
        let title = milestone.map(|milestone| self.render(&milestone.title)).transpose()?;
        if let (Some(milestone), Some(title)) = (milestone, &title) {
            let defer = milestone.open == OpenIssues::Defer;
            wanted.push(Requirement::Milestone { title: title.clone(), defer });
        }
        match &self.rules.labels {
            Labels::Unchecked => {}
            checked => wanted.push(Requirement::Labels {
                accepted: if let Labels::OneOf(labels) = checked { labels.clone() } else { Vec::new() },
                since: self.previous_commit(),
                until: self.world.git.remote_tip.as_ref().map(ToString::to_string),
            }),
        }
        if let Some(bugs) = &self.rules.bugs {
            wanted.push(Requirement::Bugs {
                label: bugs.label.clone(),
                decided: bugs.decided.clone(),
                milestone: title,
            });
        }
        let mut ids = Vec::new();
        for requirement in wanted {
            let name = format!("require:{}", requirement.name());
            match self.forge() {
                Ok(_) => ids.push(steps.add(&name, CONVERGENT, false, &[], Action::Require { requirement })),
                Err(why) => steps.without(&name, why),
            }
        }
        Ok(ids)
    }

    fn previous_commit(&self) -> Option<String> {
        let (_, tag) = self.target.previous.as_ref()?;
        let places = self.world.git.tags.get(tag)?;
        places.local.as_ref().or(places.remote.as_ref()).map(ToString::to_string)
    }

    /// The commit that is released: a new one that states the version, or the base where it states it already.
    fn commit(&self, steps: &mut Steps, required: &[StepId]) -> Result<(Input, Vec<StepId>), Refusal> {
        let edits = self.edits(&self.target.text);
        if edits.is_empty() {
            return Ok((Input::literal(self.world.git.head.to_string()), required.to_vec()));
        }
        let message = self.message(&self.train.commit, "commit")?;
        let branch = self.world.git.main.clone();
        let id = steps.add("commit", CONVERGENT, false, required, Action::Commit { branch, edits, message });
        Ok((Input::output(&id, "id"), vec![id]))
    }

    /// Every site that does not state `version` letter for letter.
    fn edits(&self, version: &str) -> Vec<PlannedEdit> {
        let unequal = self.sites.iter().filter(|site| site.text != version);
        unequal
            .map(|site| PlannedEdit {
                path: site.site.path.clone(),
                find: site.site.find.clone(),
                line: site.line,
                from: site.text.to_owned(),
                to: version.to_owned(),
            })
            .collect()
    }

    /// A commit message: the project's subject, and the trailer by which the commit is known again.
    fn message(&self, subject: &Template, step: &str) -> Result<String, Refusal> {
        let subject = self.render(subject)?;
        Ok(format!("{}\n\n{}: {} {step}\n", subject.trim_end(), crate::TRAILER, self.target.tag))
    }

    fn builds(&self, steps: &mut Steps, commit: &Input, needs: &[StepId]) -> Vec<StepId> {
        let mut ids = Vec::new();
        for package in self.packages() {
            let Some(build) = &package.build else { continue };
            let action = Action::Build {
                package: package.name.clone(),
                commit: commit.clone(),
                dir: package.path.as_ref().and_then(|dir| dir.0.as_ref()).map(ToString::to_string),
                command: build.command.clone(),
                artifacts: build.artifacts.dir.clone(),
                env: build.env.clone(),
            };
            ids.push(steps.add(&build_id(package), CONVERGENT, false, needs, action));
        }
        ids
    }

    fn tag_and_push(
        &self,
        steps: &mut Steps,
        commit: &Input,
        builds: &[StepId],
        commit_needs: &[StepId],
    ) -> Result<Vec<StepId>, Refusal> {
        let needs: Vec<_> = commit_needs.iter().chain(builds).cloned().collect();
        let message = self.render(&self.train.tag.message)?;
        let name = self.target.tag.clone();
        let action = Action::Tag { name: name.clone(), commit: commit.clone(), message };
        let tag = steps.add("tag", CONVERGENT, false, &needs, action);
        let object = Input::output(&tag, "object");
        let branch = self.world.git.main.clone();
        let action = Action::Push { branch, commit: commit.clone(), tag: name, object };
        Ok(vec![steps.add("push", CONVERGENT, true, &[tag], action)])
    }

    fn checks(&self, steps: &mut Steps, commit: &Input, pushed: &[StepId]) -> Vec<StepId> {
        let Some(checks) = &self.train.checks else { return pushed.to_vec() };
        if let Err(why) = self.forge() {
            steps.without("checks", why);
            return pushed.to_vec();
        }
        let action = Action::AwaitChecks {
            commit: commit.clone(),
            names: checks.names.clone(),
            timeout_minutes: checks.timeout_minutes,
        };
        vec![steps.add("checks", CONVERGENT, false, pushed, action)]
    }

    fn publish(&self, steps: &mut Steps, green: &[StepId]) -> Vec<StepId> {
        let mut visible = Vec::new();
        for package in self.packages() {
            for publish in &package.publish {
                let at = format!("{}:{}", publish.to, package.name);
                let artifacts = Input::output(&StepId::new(build_id(package)), "artifacts");
                let (needs, artifacts) = match publish.by {
                    Publisher::Oneself => {
                        let action = Action::Publish {
                            package: package.name.clone(),
                            destination: publish.to.clone(),
                            artifacts: artifacts.clone(),
                        };
                        (
                            vec![steps.add(&format!("publish:{at}"), CONVERGENT, true, green, action)],
                            Some(artifacts),
                        )
                    }
                    Publisher::Ci => (green.to_vec(), None),
                };
                let action = Action::AwaitVisible {
                    package: package.name.clone(),
                    destination: publish.to.clone(),
                    artifacts,
                    timeout_minutes: VISIBLE_WITHIN_MINUTES,
                };
                visible.push(steps.add(&format!("visible:{at}"), CONVERGENT, false, &needs, action));
            }
        }
        if visible.is_empty() { green.to_vec() } else { visible }
    }

    fn forge_release(
        &self,
        steps: &mut Steps,
        commit: &Input,
        published: &[StepId],
    ) -> Result<Vec<StepId>, Refusal> {
        if !self.rules.notes.release {
            steps.without("forge release", "tminus.toml says notes = false");
            return Ok(published.to_vec());
        }
        if let Err(why) = self.forge() {
            steps.without("forge release", why);
            return Ok(published.to_vec());
        }
        let tag = self.target.tag.clone();
        let title = match &self.rules.notes.title {
            Some(title) => self.render(title)?,
            None => tag.to_string(),
        };
        let draft = Action::DraftRelease {
            tag: tag.clone(),
            commit: commit.clone(),
            previous: self.target.previous.as_ref().map(|(_, tag)| tag.clone()),
            title,
            prerelease: self.target.version.is_prerelease(),
        };
        let mut last = steps.add("draft", CONVERGENT, true, published, draft);
        if self.rules.notes.highlights {
            let ask =
                format!("write the highlights into the draft {tag}, then `tminus gate pass highlights`");
            last = steps.add(
                "gate:highlights",
                Class::Gate,
                false,
                &[last],
                Action::Gate { name: "highlights".to_owned(), ask },
            );
        }
        let action = Action::PublishRelease {
            tag,
            discussion: self.rules.notes.discussion.clone(),
            latest: self.is_latest(),
        };
        Ok(vec![steps.add("release", CONVERGENT, true, &[last], action)])
    }

    /// By version order over all finals, never by time.
    fn is_latest(&self) -> bool {
        let tags = self.world.git.tags.keys();
        let tagged = super::target::tagged(self.train.scheme, &self.train.tag.name, tags);
        let version = &self.target.version;
        version.is_final() && tagged.keys().filter(|tagged| tagged.is_final()).all(|tagged| tagged <= version)
    }

    fn announce(&self, steps: &mut Steps, released: &[StepId]) -> Result<(), Refusal> {
        let Some(announce) = &self.rules.announce else { return Ok(()) };
        let mut needs = released.to_vec();
        if announce.gate {
            let place = if self.rules.notes.discussion.is_some() {
                "announce it in the discussion"
            } else {
                "announce it"
            };
            let ask = format!("{place}, then `tminus gate pass announce`");
            needs = vec![steps.add(
                "gate:announce",
                Class::Gate,
                false,
                &needs,
                Action::Gate { name: "announce".to_owned(), ask },
            )];
        }
        if let Some(webhook) = &announce.webhook {
            let text = self.render(&announce.text)?;
            steps.add(
                "announce:webhook",
                Class::Once,
                true,
                &needs,
                Action::Announce { webhook: webhook.clone(), text },
            );
        }
        Ok(())
    }

    fn next_version(&self, steps: &mut Steps, published: &[StepId]) -> Result<Option<StepId>, Refusal> {
        let Some(after) = &self.train.after else { return Ok(None) };
        if self.sites.is_empty() {
            steps.without("next version", "no file states a version");
            return Ok(None);
        }
        let version = self.render(&after.version)?;
        let above = ReleaseVersion::parse_public(self.train.scheme, &version);
        if above.as_ref().map_or(true, |above| *above <= self.target.version) {
            return Err(Refusal::of(Finding::new(
                Exit::Usage,
                format!("after.version gives `{version}`, which is no version above {}", self.target.text),
                "mend `after` in tminus.toml, for example version = \"{next_patch}-dev\"",
            )));
        }
        let edits = self
            .sites
            .iter()
            .map(|site| PlannedEdit {
                path: site.site.path.clone(),
                find: site.site.find.clone(),
                line: site.line,
                from: self.target.text.clone(),
                to: version.clone(),
            })
            .collect();
        let message = self.message(&after.commit, "next")?;
        let action = Action::NextVersion { branch: self.world.git.main.clone(), version, edits, message };
        Ok(Some(steps.add("next", CONVERGENT, true, published, action)))
    }

    fn milestones(&self, steps: &mut Steps, released: &[StepId]) -> Result<(), Refusal> {
        let Some(milestone) = &self.rules.milestone else { return Ok(()) };
        if let Err(why) = self.forge() {
            steps.without("milestones", why);
            return Ok(());
        }
        let title = self.render(&milestone.title)?;
        let next = match &milestone.next {
            Some(next) => self.render(next)?,
            None => self.render(&next_of_kind(self.target, &milestone.title)?)?,
        };
        let due = milestone.due.map(|due| due.after(self.world.date).to_string());
        let create = Action::CreateMilestone { title: next.clone(), due };
        let mut last = steps.add("milestone:next", CONVERGENT, true, released, create);
        if milestone.open == OpenIssues::Defer {
            let action = Action::DeferIssues { from: title.clone(), to: next };
            last = steps.add("milestone:defer", CONVERGENT, true, &[last], action);
        }
        steps.add("milestone:close", CONVERGENT, true, &[last], Action::CloseMilestone { title });
        Ok(())
    }

    fn describe(&self, steps: &mut Steps) {
        let git = &self.world.git;
        if let crate::observe::RemoteBranch::Ahead(count) = git.remote {
            let commits = if count == 1 { "commit".to_owned() } else { format!("{count} commits") };
            steps.notes.push(format!("the push takes your unpushed {commits} on {} along", git.main));
        }
        let theirs = git.unreleased.iter().filter(|commit| !commit.ours).count();
        match &self.target.previous {
            Some((_, tag)) => steps.notes.push(format!(
                "{} since {tag}: {theirs} commit{}",
                kind_word(self.world.request.kind()),
                if theirs == 1 { "" } else { "s" }
            )),
            None => steps.notes.push("the first release: no earlier tag fits the pattern".to_owned()),
        }
    }
}

/// How long one run waits for an index, in minutes.
const VISIBLE_WITHIN_MINUTES: u32 = 15;

fn build_id(package: &Package) -> String {
    format!("build:{}", package.name)
}

/// `{version}` of the milestone after this one: the next version of the same kind.
fn next_of_kind(target: &Target, title: &Template) -> Result<Template, Refusal> {
    let placeholder = match target.kind {
        crate::config::ReleaseKind::Major => "{next_major}",
        crate::config::ReleaseKind::Minor => "{next_minor}",
        crate::config::ReleaseKind::Patch => "{next_patch}",
    };
    title.as_str().replace("{version}", placeholder).parse().map_err(|error| refused(&error))
}

fn refused(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::of(Finding::new(Exit::Usage, error.to_string(), "mend tminus.toml"))
}

/// Sites by file, in order, for executors that edit file by file.
pub(crate) fn edits_by_file(edits: &[PlannedEdit]) -> BTreeMap<&str, Vec<&PlannedEdit>> {
    let mut files: BTreeMap<&str, Vec<&PlannedEdit>> = BTreeMap::new();
    for edit in edits {
        files.entry(&edit.path).or_default().push(edit);
    }
    files
}
