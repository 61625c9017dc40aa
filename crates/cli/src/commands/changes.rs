//! What `changelog`, `notes` and `explain` have in common: the project, its history, and what the forge knows of it.

use std::sync::Arc;

use tminus_engine::changelog::{
    ChangesError, Facts, Form, FormError, Gathered, Scope, Span, Telling, Told, Warning, gather, tell,
};
use tminus_engine::config::ChangelogFormat;
use tminus_engine::events::Silent;
use tminus_engine::{Exit, NoForge};
use tminus_forge::Forge;
use tminus_manifests::PackageId;

use super::project;
use crate::CommandError;
use crate::args::{FormatWord, Global, Shape};
use crate::output::{Output, clean};
use crate::world::World;

/// A project whose changes are told.
pub(super) struct Changes {
    pub(super) project: tminus_engine::workspace::Project,
    pub(super) scope: Scope,
    forge: Result<Arc<dyn Forge>, NoForge>,
    /// The page of the repository.
    page: Option<String>,
}

impl Changes {
    pub(super) fn open(world: &World, global: &Global, forge: bool) -> Result<Self, CommandError> {
        let (project, config) = project::open(world)?;
        let scope = Scope::new(&project, config.as_ref(), global.train.as_deref())?;
        let context = world.context(&project.root, Arc::new(Silent))?;
        let remote = config.as_ref().map(|config| config.project.remote.clone());
        let remote = remote.unwrap_or_else(tminus_vcs::RemoteName::origin);
        let url = scope.repository.remote_url(&remote).ok().flatten();
        let access = context.forge_of(config.as_ref(), url.as_deref());
        let page = access.as_ref().ok().map(|access| access.page(url.as_deref()));
        let forge = match access {
            Ok(_) if !forge => Err(NoForge::Absent("--no-forge".to_owned())),
            Ok(access) => Ok(context.connect(&access)),
            Err(error) => Err(error),
        };
        Ok(Self { project, scope, forge, page })
    }

    pub(super) fn gather(
        &self,
        world: &World,
        span: &Span,
        to: &str,
        packages: &[String],
    ) -> Result<Gathered, CommandError> {
        let only = self.project.select(packages)?;
        Ok(gather(&self.scope, span, to, &only, world.today)?)
    }

    /// What is known beside the commits. Where the forge cannot be asked, a note says so and git has to do.
    pub(super) async fn facts(
        &self,
        output: &Output,
        gathered: &Gathered,
    ) -> Result<(Facts, Vec<Warning>), CommandError> {
        let mut facts = Facts::of_tree(&self.scope, &gathered.tip)?;
        facts.tie_files(&self.scope, gathered)?;
        facts.repository_url.clone_from(&self.page);
        let warnings = match &self.forge {
            Ok(forge) => facts.ask(forge.as_ref(), gathered).await?,
            Err(NoForge::Absent(_)) => Vec::new(),
            Err(NoForge::Broken(why)) => {
                output.note(&clean(&format!("note: no pull requests: {why}")));
                Vec::new()
            }
        };
        Ok((facts, warnings))
    }

    /// Finds out who is new, where a form wants to know.
    pub(super) async fn newcomers(
        &self,
        facts: &mut Facts,
        gathered: &Gathered,
        form: &Form,
    ) -> Result<(), CommandError> {
        let [section] = gathered.sections.as_slice() else { return Ok(()) };
        if !form.names_newcomers() {
            return Ok(());
        }
        facts.find_newcomers(&self.scope, gathered, section)?;
        if let Ok(forge) = &self.forge {
            facts.check_newcomers(forge.as_ref()).await?;
        }
        Ok(())
    }

    pub(super) fn form(
        &self,
        world: &World,
        gathered: &Gathered,
        shape: &Shape,
    ) -> Result<Form, CommandError> {
        let format = match (&shape.format, &shape.template) {
            (Some(word), _) => word.format(),
            (None, Some(path)) => return Ok(Form::template(&world.dir.join(path))?),
            (None, None) => self.scope.config.format.clone(),
        };
        Ok(Form::load(&self.scope, &gathered.tip, &format, &self.project.root)?)
    }

    /// One document for each section, with only the packages that were asked for.
    pub(super) fn tell(
        &self,
        gathered: &Gathered,
        facts: &Facts,
        telling: Telling,
        packages: &[String],
    ) -> Result<Vec<Told>, CommandError> {
        let chosen = if packages.is_empty() { None } else { Some(self.project.select(packages)?) };
        let mut all = Vec::new();
        for section in &gathered.sections {
            if let (Some(chosen), Some(package)) = (&chosen, &section.package)
                && !chosen.contains(package)
            {
                continue;
            }
            let mut told = tell(&self.scope, gathered, section, facts, telling);
            if let Some(chosen) = &chosen {
                told.document.keep_packages(chosen);
            }
            all.push(told);
        }
        Ok(all)
    }

    /// The one package that a word means.
    pub(super) fn package(&self, word: &str) -> Result<PackageId, CommandError> {
        let found = self.project.select(&[word.to_owned()])?;
        match found.as_slice() {
            [one] => Ok(one.clone()),
            several => {
                let names: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(CommandError::new(
                    Exit::Usage,
                    format!("`{word}` means several packages: {}", names.join(", ")),
                )
                .with_remedy("name one of them"))
            }
        }
    }
}

impl FormatWord {
    pub(super) fn format(self) -> ChangelogFormat {
        match self {
            Self::KeepAChangelog => ChangelogFormat::KeepAChangelog,
            Self::ByPackage => ChangelogFormat::ByPackage,
            Self::Github => ChangelogFormat::GitHub,
        }
    }
}

/// Shows what readers stumbled over.
pub(super) fn warn(output: &Output, warnings: &[Warning]) {
    /// Old histories hold hundreds of them.
    const SHOWN: usize = 10;
    let shown = if output.verbose() { warnings.len() } else { SHOWN };
    for warning in warnings.iter().take(shown) {
        let origin = warning.origin.to_string();
        let text = warning.text.strip_prefix(&origin).map_or_else(
            || format!("warning: {origin}: {}", warning.text),
            |rest| format!("warning: {origin}{rest}"),
        );
        output.note(&clean(&text));
    }
    if let Some(more) = warnings.len().checked_sub(shown).filter(|more| *more > 0) {
        output.note(&format!("and {more} more warnings; --verbose shows them"));
    }
}

impl From<ChangesError> for CommandError {
    fn from(error: ChangesError) -> Self {
        let converted = Self::new(error.exit(), error.to_string());
        match error.remedy() {
            Some(remedy) => converted.with_remedy(remedy),
            None => converted,
        }
    }
}

impl From<FormError> for CommandError {
    fn from(error: FormError) -> Self {
        let exit = match &error {
            FormError::Changes(error) => error.exit(),
            _ => Exit::Usage,
        };
        let remedy = error.remedy();
        let converted = Self::new(exit, error.to_string());
        match remedy {
            Some(remedy) => converted.with_remedy(remedy),
            None => converted,
        }
    }
}
