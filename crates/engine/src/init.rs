//! A first `tminus.toml`, from what the repository shows. Every guess is named.

use tminus_forge::RepositoryId;
use tminus_manifests::Locator;
use tminus_manifests::discover::{Discovery, version_files};
use tminus_vcs::{Repository, TagName};
use tminus_versioning::{Bump, Phase, ReleaseVersion, Scheme, TagPattern, TagVariables};

use crate::config::{Config, FILE_NAME};
use crate::context::Context;
use crate::edits::LIMIT_BYTES;
use crate::observe::ObserveError;
use crate::plan::{Finding, Refusal};
use crate::{Exit, ReleaseError};

/// A configuration and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text of `tminus.toml`.
    pub text: String,
    /// What was guessed, and from what; a line each.
    pub guesses: Vec<String>,
}

/// Patterns that tags are tried against, the most usual first.
const PATTERNS: [&str; 5] =
    ["v{version}", "{version}", "release-{version}", "{name}-{version}", "{name}@{version}"];

/// Reads the repository and proposes a configuration. Writes nothing.
///
/// # Errors
/// No repository, no commit, no project that can be built, no file that states a version.
pub fn draft(context: &Context) -> Result<Draft, ReleaseError> {
    let repository = Repository::open(&context.root)?;
    let head = repository.head()?.commit.ok_or(ObserveError::Empty)?;
    let names: Vec<String> =
        repository.files(&head)?.into_iter().filter(|file| !file.lossy).map(|file| file.path).collect();
    let read = |path: &str| repository.read_file(&head, path, LIMIT_BYTES).ok().flatten();
    let found = version_files(&read, &names);
    let mut guesses = Vec::new();
    let name = project_name(&repository, &found, &mut guesses)?;
    let sites = sites(&found, &mut guesses)?;
    let written = found.candidates.first().map(|candidate| candidate.text.clone()).unwrap_or_default();
    let tags: Vec<TagName> = repository.tags()?.into_iter().map(|tag| tag.name).collect();
    let tag = tag(&repository, &name, &tags, &mut guesses)?;
    let after = after(&written, &mut guesses);
    let (forge, remote) = forge(&repository, &mut guesses)?;
    let build = build(&names, &mut guesses)?;
    let workflows = names.iter().filter(|path| is_workflow(path)).filter_map(|path| read(path));
    let on_tag = forge && workflows.into_iter().any(|text| String::from_utf8_lossy(&text).contains("tags:"));

    let mut text = String::new();
    let mut line = |content: &str| {
        text.push_str(content);
        text.push('\n');
    };
    line("# How this project is released. `tminus plan minor` shows what follows from it.");
    line("");
    if remote != "origin" {
        line("[project]");
        line(&format!("remote = {}", quoted(&remote)));
        line("");
    }
    line("[train]");
    line("scheme = \"pep440\"");
    line(&tag);
    if on_tag {
        guesses.push(
            "checks: a workflow runs on tags, so all checks must be green before anything is published"
                .to_owned(),
        );
        line("checks = \"all\"");
    }
    if let Some(after) = after {
        line(&after);
    }
    if forge {
        line("");
        line("# What a minor release asks of the forge; take the marks away to use it.");
        line("[release.minor]");
        line(
            "# milestone = { title = \"{version}\", due = \"3 months\" }   # no open issue; closed at the end, the next one created",
        );
        line(
            "# labels = true                                             # every merged pull request has a label",
        );
        line(
            "# bugs = { label = \"bug\", decided = [\"wontfix\"] }           # no open bug without a decision",
        );
        line("# notes = { highlights = true, discussion = \"Announcements\" }");
        line("# announce = true");
    }
    line("");
    line("[[package]]");
    line(&format!("name = {}", quoted(&name)));
    line(&format!("version = [{}]", sites.join(", ")));
    line(&format!("build = [{}]", build.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")));
    line("publish = [\"pypi\"]");
    guesses.push("publish: pypi; its address comes from your environment or files (`tminus plan` says when it is missing)".to_owned());
    // What we write, we can read.
    Config::parse(FILE_NAME, &text)?;
    Ok(Draft { text, guesses })
}

fn refuse(what: impl Into<String>, remedy: impl Into<String>) -> ReleaseError {
    Refusal::of(Finding::new(Exit::NoGo, what, remedy)).into()
}

fn project_name(
    repository: &Repository,
    found: &Discovery,
    guesses: &mut Vec<String>,
) -> Result<String, ReleaseError> {
    if let Some(name) = &found.name {
        guesses.push(format!("package: {name}, as its metadata says"));
        return Ok(name.clone());
    }
    let dir = repository.work_dir().and_then(|dir| dir.file_name()).and_then(|name| name.to_str());
    let dir =
        dir.ok_or_else(|| refuse("the project's name stands in no file", "write tminus.toml by hand"))?;
    guesses.push(format!("package: {dir}, as the directory is called; no metadata names it"));
    Ok(dir.to_owned())
}

fn sites(found: &Discovery, guesses: &mut Vec<String>) -> Result<Vec<String>, ReleaseError> {
    for note in &found.notes {
        guesses.push(format!("note: {note}"));
    }
    if found.candidates.is_empty() {
        let seen: Vec<String> = found.notes.iter().map(ToString::to_string).collect();
        let seen = if seen.is_empty() { String::new() } else { format!(" ({})", seen.join("; ")) };
        return Err(refuse(
            format!("no file of this project states a version{seen}"),
            "tminus edits versions that stand in files; versions that git derives are not handled yet",
        ));
    }
    Ok(found
        .candidates
        .iter()
        .map(|candidate| {
            let path = candidate.file.path.as_str();
            guesses.push(format!("version: {path}:{} states {}", candidate.line, candidate.text));
            match &candidate.file.locator {
                Locator::Auto => quoted(path),
                Locator::Pattern(pattern) => {
                    format!("{{ file = {}, pattern = {} }}", quoted(path), quoted(pattern.as_str()))
                }
                Locator::Key(key) => format!("{{ file = {}, key = {} }}", quoted(path), quoted(key)),
                Locator::Image(image) => format!("{{ file = {}, image = {} }}", quoted(path), quoted(image)),
            }
        })
        .collect())
}

/// The pattern that most tags fit, and the message of the newest annotated one.
fn tag(
    repository: &Repository,
    name: &str,
    tags: &[TagName],
    guesses: &mut Vec<String>,
) -> Result<String, ReleaseError> {
    let variables = TagVariables::default();
    let best = PATTERNS
        .iter()
        .filter_map(|pattern| pattern.replace("{name}", name).parse::<TagPattern>().ok())
        .map(|pattern| {
            let newest = tags
                .iter()
                .filter_map(|tag| {
                    let text = pattern.parse(tag.as_str(), &variables)?;
                    Some((ReleaseVersion::parse_public(Scheme::Pep440, text).ok()?, text.to_owned(), tag))
                })
                .max_by(|(one, ..), (other, ..)| one.cmp(other));
            let count = tags.iter().filter(|tag| pattern.parse(tag.as_str(), &variables).is_some()).count();
            (count, pattern, newest)
        })
        // The first of equals: max_by_key would take the last.
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((count, pattern, Some((_, version, newest)))) = best else {
        guesses.push("tag: v{version}; there is no tag yet".to_owned());
        return Ok("tag = \"v{version}\"".to_owned());
    };
    guesses.push(format!(
        "tag: {pattern} fits {count} of {} tags, the newest {newest}",
        tags.len(),
        pattern = pattern.as_str()
    ));
    let message = repository.tag(newest)?.filter(|detail| detail.tag.annotated).map(|detail| detail.message);
    let message = message.as_deref().map(str::trim).filter(|message| {
        // A message that is one line with the version in it is a template; anything else is a text of its day.
        message.lines().count() == 1 && message.contains(&version) && !message.contains(['{', '}'])
    });
    Ok(match message {
        Some(message) => {
            guesses.push(format!("tag message: as in {newest}, \"{message}\""));
            let template = message.replace(&version, "{version}");
            format!("tag = {{ name = {}, message = {} }}", quoted(pattern.as_str()), quoted(&template))
        }
        None => format!("tag = {}", quoted(pattern.as_str())),
    })
}

/// A development version in the files means that main gets the next one after a release, spelt the same way.
fn after(written: &str, guesses: &mut Vec<String>) -> Option<String> {
    let version = ReleaseVersion::parse_public(Scheme::Pep440, written).ok()?;
    let Phase::Dev(_) = version.phase() else { return None };
    let release = version.next(Bump::Final).ok()?.render(Scheme::Pep440).ok()?;
    let suffix = written.strip_prefix(&release)?;
    guesses.push(format!(
        "after a release: the files state {written}, so main gets the next patch with `{suffix}`"
    ));
    Some(format!(
        "after = {{ version = {}, commit = \"Start development on version {{next_patch}}\" }}",
        quoted(&format!("{{next_patch}}{suffix}"))
    ))
}

fn forge(repository: &Repository, guesses: &mut Vec<String>) -> Result<(bool, String), ReleaseError> {
    let remotes = repository.remotes()?;
    let Some(remote) = remotes.iter().find(|remote| remote.as_str() == "origin").or(remotes.first()) else {
        return Err(refuse("the repository has no remote to release to", "git remote add origin URL"));
    };
    let url = repository.remote_url(remote)?.unwrap_or_default();
    let found = RepositoryId::from_remote_url(&url);
    guesses.push(match &found {
        Some((host, id)) => format!("forge: {id} on {host}, from the remote {remote}"),
        None => format!("forge: none, the remote {remote} is not on one; forge steps do not apply"),
    });
    Ok((found.is_some(), remote.to_string()))
}

fn build(names: &[String], guesses: &mut Vec<String>) -> Result<Vec<String>, ReleaseError> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if !["pyproject.toml", "setup.cfg", "setup.py"].iter().any(|file| has(file)) {
        return Err(refuse(
            "no pyproject.toml, setup.cfg or setup.py: this is no Python project, the only kind that init recognises so far",
            "write tminus.toml by hand",
        ));
    }
    guesses.push("build: python3 -m build, wheel and sdist by the project's own backend".to_owned());
    Ok(["python3", "-m", "build"].map(str::to_owned).to_vec())
}

fn is_workflow(path: &str) -> bool {
    let inside = path.strip_prefix(".github/workflows/");
    inside.is_some_and(|name| [".yml", ".yaml"].iter().any(|end| name.ends_with(end)) && !name.contains('/'))
}

/// A TOML string: literal where that holds it, basic otherwise.
fn quoted(text: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    if text.chars().all(plain) {
        return format!("\"{text}\"");
    }
    if !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
