//! go.mod, by the [reference of Go modules](https://go.dev/ref/mod#go-mod-file).
//!
//! A module has no version of its own in the file: tags state it. What `require` lists is [`DependencyKind::Normal`],
//! with and without `// indirect`: the comment says why a line stands there, and a minimum version counts the same.
//! `replace` says where a required module is taken from, and is an [`DependencyKind::Override`] itself. Everything else
//! (`go`, `toolchain`, `exclude`, `retract`, `tool`, `godebug`, `ignore`) names no dependency.

mod scan;

use std::borrow::Cow;

use self::scan::{Kind, Token, scan};
use super::{Dependency, DependencyKind, Manifest, ManifestKind, Notation, Source, Version};
use crate::locate::{Elsewhere, Failure};
use crate::site::Quoting;
use crate::tree::malformed;
use crate::{RelPath, Site};

/// Reads a go.mod.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::GoMod);
    let mut replacements = Vec::new();
    for line in lines(&scan(text)?)? {
        match (line.verb(text), line.arguments.as_slice()) {
            ("module", [name]) => {
                if manifest.name.is_some() {
                    return Err(malformed(
                        Some(line.start),
                        "the module is named twice: remove one of the lines",
                    ));
                }
                manifest.name = Some(site(text, name)?);
            }
            ("module", _) => {
                return Err(malformed(Some(line.start), "`module` must be followed by one path"));
            }
            ("require", [name, version]) => manifest.dependencies.push(requirement(text, name, version)?),
            ("require", _) => {
                return Err(malformed(
                    Some(line.start),
                    "`require` must be followed by a path and a version",
                ));
            }
            ("replace", arguments) => replacements.push(replacement(text, line.start, arguments)?),
            _ => {}
        }
    }
    manifest.version = Version::Elsewhere {
        source: Elsewhere::VersionControl { tool: "git tags".to_owned() },
        fallback: None,
    };
    // One for the version counts before one for all versions, and of several the last one.
    replacements.sort_by_key(|replacement: &Replacement| replacement.old_version.is_some());
    for dependency in &mut manifest.dependencies {
        if let Some(replacement) = replacements.iter().rfind(|replacement| replacement.replaces(dependency)) {
            dependency.source = replacement.target();
        }
    }
    manifest.dependencies.extend(replacements.into_iter().map(|replacement| replacement.dependency));
    manifest.dependencies.sort_by_key(|dependency| dependency.offset);
    Ok(manifest)
}

/// A directive with its arguments, on its own or as a line of a block.
struct Line<'t> {
    verb: &'t Token,
    start: usize,
    arguments: Vec<&'t Token>,
}

impl Line<'_> {
    fn verb<'s>(&self, text: &'s str) -> &'s str {
        text.get(self.verb.span.clone()).unwrap_or_default()
    }
}

/// The directives of a file; those of blocks without their parentheses.
fn lines(tokens: &[Token]) -> Result<Vec<Line<'_>>, Failure> {
    let mut found = Vec::new();
    let mut block: Option<&Token> = None;
    for line in tokens.split(|token| token.kind == Kind::End) {
        match (block, line) {
            (Some(_), [Token { kind: Kind::Mark(b')'), .. }]) => block = None,
            (Some(_), [Token { kind: Kind::Mark(b')'), .. }, next, ..]) => {
                return Err(malformed(Some(next.span.start), "a line must end behind the `)` of a block"));
            }
            (Some(verb), [first, ..]) => {
                found.push(Line { verb, start: first.span.start, arguments: line.iter().collect() });
            }
            (None, [verb, Token { kind: Kind::Mark(b'('), .. }]) => block = Some(verb),
            (_, [])
            | (None, [_, Token { kind: Kind::Mark(b'('), .. }, Token { kind: Kind::Mark(b')'), .. }]) => {}
            (None, [verb, arguments @ ..]) => {
                found.push(Line { verb, start: verb.span.start, arguments: arguments.iter().collect() });
            }
        }
    }
    match block {
        Some(verb) => Err(malformed(Some(verb.span.start), "a block is not closed: `)` is missing")),
        None => Ok(found),
    }
}

fn requirement(text: &str, name: &Token, version: &Token) -> Result<Dependency, Failure> {
    Ok(Dependency {
        name: site(text, name)?.text,
        kind: DependencyKind::Normal,
        constraint: Some(site(text, version)?),
        notation: Notation::Range(tminus_versioning::constraint::Ecosystem::Go),
        source: Source::Registry,
        offset: name.span.start,
    })
}

/// `replace old [version] => new [version]`.
struct Replacement {
    old: String,
    old_version: Option<String>,
    /// The new module with its version, or the old one with the directory that it is taken from.
    dependency: Dependency,
}

impl Replacement {
    fn replaces(&self, dependency: &Dependency) -> bool {
        let required = dependency.constraint.as_ref().map(Site::text);
        self.old == dependency.name
            && self.old_version.as_deref().is_none_or(|version| Some(version) == required)
    }

    fn target(&self) -> Source {
        match &self.dependency.source {
            Source::Path(directory) => Source::Path(directory.clone()),
            _ => Source::Other(self.dependency.name.clone()),
        }
    }
}

fn replacement(text: &str, start: usize, arguments: &[&Token]) -> Result<Replacement, Failure> {
    let arrow = arguments.iter().position(|token| token.kind == Kind::Arrow);
    let (left, right) =
        arrow.and_then(|arrow| Some((arguments.get(..arrow)?, arguments.get(arrow + 1..)?))).unzip();
    let (old, old_version) = match left.unwrap_or_default() {
        [old] => (old, None),
        [old, version] => (old, Some(site(text, version)?.text)),
        _ => return Err(unlike_replace(start)),
    };
    let name = site(text, old)?.text;
    let dependency = match right.unwrap_or_default() {
        [directory] => Dependency {
            name: name.clone(),
            kind: DependencyKind::Override,
            constraint: None,
            notation: Notation::Range(tminus_versioning::constraint::Ecosystem::Go),
            source: Source::Path(site(text, directory)?.text),
            offset: old.span.start,
        },
        [new, version] => Dependency {
            kind: DependencyKind::Override,
            offset: old.span.start,
            ..requirement(text, new, version)?
        },
        _ => return Err(unlike_replace(start)),
    };
    Ok(Replacement { old: name, old_version, dependency })
}

fn unlike_replace(start: usize) -> Failure {
    let message = "`replace` must read `replace OLD [VERSION] => NEW VERSION` or `replace OLD [VERSION] => ./DIRECTORY`";
    malformed(Some(start), message)
}

/// The place of a word or a quoted text.
fn site(text: &str, token: &Token) -> Result<Site, Failure> {
    let spelled = text.get(token.span.clone()).unwrap_or_default();
    let inner = token.span.start + 1..token.span.end.saturating_sub(1);
    let (span, quoting) = match token.kind {
        Kind::Word if spelled.contains(['"', '\'', '`']) => {
            return Err(malformed(
                Some(token.span.start),
                "a quote stands within a word: quote the whole word",
            ));
        }
        Kind::Word => (token.span.clone(), Quoting::Word),
        Kind::Quoted => (inner, Quoting::Escaped),
        Kind::Raw => (inner, Quoting::Quoted('`')),
        Kind::Mark(_) | Kind::Arrow | Kind::End => {
            return Err(malformed(
                Some(token.span.start),
                format!("`{spelled}` stands where a path or a version must"),
            ));
        }
    };
    let value = text.get(span.clone()).unwrap_or_default();
    let value = if quoting == Quoting::Escaped { unescaped(value) } else { Some(Cow::Borrowed(value)) };
    let Some(value) = value else {
        return Err(malformed(
            Some(token.span.start),
            "an escape that is not read here: write the character itself",
        ));
    };
    Ok(Site { span, text: value.into_owned(), quoting })
}

/// What a quoted text says. No path and no version needs another escape than those of the quote and of itself.
fn unescaped(spelled: &str) -> Option<Cow<'_, str>> {
    if !spelled.contains('\\') {
        return Some(Cow::Borrowed(spelled));
    }
    let mut text = String::with_capacity(spelled.len());
    let mut characters = spelled.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => characters.next().filter(|escaped| matches!(escaped, '\\' | '"'))?,
            other => other,
        });
    }
    Some(Cow::Owned(text))
}

#[cfg(test)]
mod tests;
