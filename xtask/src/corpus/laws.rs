//! What holds for every manifest that is read, whatever it says.

use std::ops::Range;

use tminus_manifests::{Dependency, Manifest, Notation, RelPath, Site, Version, splice};
use tminus_versioning::constraint::Ecosystem;
use tminus_versioning::constraint::pep508::Requirement;
use tminus_versioning::npm;

use crate::conformance::Random;

/// What became of one file.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Places that were edited.
    pub(super) sites: usize,
    /// Edits that the place refused.
    pub(super) unfit: usize,
    /// Why a tool must do it instead.
    pub(super) left: Vec<String>,
    /// Laws that do not hold.
    pub(super) failures: Vec<String>,
}

/// A place of a manifest, and what it is about.
struct Slot {
    /// What it is, and what must not change with it.
    is: String,
    /// What may change with its own text: where the package comes from.
    about: String,
    site: Option<Site>,
    new: String,
}

/// Checks one manifest that was read; of more than `limit` places, some are drawn.
pub(super) fn check(
    path: &RelPath,
    source: &str,
    manifest: &Manifest,
    limit: usize,
    random: &mut Random,
) -> Verdict {
    let mut verdict = Verdict::default();
    let slots = slots(manifest);
    let with_site: Vec<usize> =
        slots.iter().enumerate().filter(|(_, slot)| slot.site.is_some()).map(|(at, _)| at).collect();
    for slot in &slots {
        own_text(source, slot, &mut verdict);
    }
    for at in chosen(&with_site, limit, random) {
        verdict.sites += 1;
        if let Err(failure) = one(path, source, &slots, at, &mut verdict.unfit) {
            verdict.failures.push(failure);
        }
    }
    if let Err(failure) = all(path, source, &slots) {
        verdict.failures.push(failure);
    }
    verdict
}

/// A few of many, each with the same chance.
pub(super) fn chosen<T: Copy>(all: &[T], limit: usize, random: &mut Random) -> Vec<T> {
    let mut left = all.to_vec();
    while left.len() > limit {
        let at = usize::try_from(random.below(left.len() as u64)).unwrap_or(0);
        left.swap_remove(at);
    }
    left
}

fn slots(manifest: &Manifest) -> Vec<Slot> {
    let name = match manifest.kind.ecosystem() {
        tminus_manifests::Ecosystem::Go => "module.example/other",
        _ => "other-name",
    };
    let mut slots = vec![Slot {
        is: "name".to_owned(),
        about: String::new(),
        site: manifest.name.clone(),
        new: name.to_owned(),
    }];
    let version = |is: &str, site: Option<&Site>| Slot {
        is: is.to_owned(),
        about: String::new(),
        site: site.cloned(),
        new: "9.8.7".to_owned(),
    };
    slots.push(match &manifest.version {
        Version::Here(site) => version("version", Some(site)),
        Version::Elsewhere { source, fallback } => {
            Slot { about: format!("{source:?}"), ..version("version from elsewhere", fallback.as_ref()) }
        }
        _ => version("no version", None),
    });
    slots.extend(manifest.dependencies.iter().map(dependency));
    slots
}

fn dependency(dependency: &Dependency) -> Slot {
    Slot {
        is: format!("{:?} {}", dependency.kind, dependency.name),
        about: format!("{:?} {:?}", dependency.source, dependency.notation),
        site: dependency.constraint.clone(),
        new: dependency.constraint.as_ref().map(|site| other(dependency, site.text())).unwrap_or_default(),
    }
}

/// Another constraint for the same package, in the notation that stands there.
fn other(dependency: &Dependency, text: &str) -> String {
    match dependency.notation {
        Notation::Requirement => requirement(text),
        Notation::Range(Ecosystem::Go) => {
            let (major, rest) = text.split_once('.').unwrap_or((text, ""));
            let end = if rest.ends_with("+incompatible") { "+incompatible" } else { "" };
            format!("{major}.98.7{end}")
        }
        _ => {
            let (kept, range) = prefix(text);
            let operator: String = range.chars().take_while(|c| "^~<>=!".contains(*c)).collect();
            format!("{kept}{operator}9.8.7")
        }
    }
}

/// What names another package or the workspace in a constraint of npm, and the range behind it.
fn prefix(text: &str) -> (String, &str) {
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme @ ("workspace" | "npm"), rest)) => (format!("{scheme}:"), rest),
        _ => return (String::new(), text),
    };
    // The first letter of a name with a scope is `@` too.
    match rest.rsplit_once('@').filter(|(name, _)| !name.is_empty()) {
        Some((name, range)) => (format!("{scheme}{name}@"), range),
        // A range alone, as yarn writes it, is one of the package itself.
        None if scheme == "npm:" && rest.parse::<npm::Range>().is_err() => (format!("{scheme}{rest}@"), ""),
        None => (scheme, rest),
    }
}

fn requirement(text: &str) -> String {
    let parsed = text.parse::<Requirement>().ok().filter(|requirement| requirement.url().is_none());
    if let Some(changed) = parsed.and_then(|requirement| requirement.with_specifiers(">=9.8.7,<10").ok()) {
        return changed.as_str().to_owned();
    }
    let name = |c: &char| c.is_ascii_alphanumeric() || "._-".contains(*c);
    format!("{}>=9.8.7,<10", text.chars().take_while(name).collect::<String>())
}

/// A place spelled as it is spelled changes nothing.
fn own_text(source: &str, slot: &Slot, verdict: &mut Verdict) {
    let Some(site) = &slot.site else { return };
    let Some(spelled) = source.get(site.span()) else {
        verdict.failures.push(format!("{}: its bytes {:?} are not in the text", slot.is, site.span()));
        return;
    };
    // Escapes are spelled anew.
    if spelled != site.text() {
        return;
    }
    match site.replaced(site.text()) {
        Ok(edit) if splice(source, std::slice::from_ref(&edit)).as_deref() == Some(source) => {}
        Ok(edit) => verdict.failures.push(format!("{}: its own text becomes {:?}", slot.is, edit.new)),
        Err(unfit) => verdict.failures.push(format!("{}: its own text does not fit: {unfit}", slot.is)),
    }
}

/// One place gets another value: that and nothing else changes, and once more changes nothing.
fn one(path: &RelPath, source: &str, slots: &[Slot], at: usize, unfit: &mut usize) -> Result<(), String> {
    let Some((slot, site)) = slots.get(at).and_then(|slot| Some((slot, slot.site.as_ref()?))) else {
        return Ok(());
    };
    let Ok(edit) = site.replaced(&slot.new) else {
        *unfit += 1;
        return Ok(());
    };
    let (span, length) = (edit.span.clone(), edit.new.len());
    let failed = |what: String| Err(format!("{} {:?} to {:?}: {what}", slot.is, site.text(), slot.new));
    let Some(changed) = splice(source, &[edit]) else { return failed("the edit lies outside".to_owned()) };
    let again = match Manifest::read(path, changed.as_bytes()) {
        Ok(manifest) => self::slots(&manifest),
        Err(error) => return failed(format!("is not read again: {error}")),
    };
    if again.len() != slots.len() {
        return failed(format!("{} places became {}", slots.len(), again.len()));
    }
    for (number, (before, after)) in slots.iter().zip(&again).enumerate() {
        let (Some(old), new) = (&before.site, &after.site) else {
            if after.site.is_some() || before.is != after.is || (at != 0 && before.about != after.about) {
                return failed(format!("{} became {}", before.is, after.is));
            }
            continue;
        };
        let Some(new) = new else { return failed(format!("{} is gone", before.is)) };
        let same_place = old.span() == site.span();
        if same_place {
            if new.text() != slot.new {
                return failed(format!("reads back as {:?}", new.text()));
            }
            if new.span() != (span.start..span.start + length) && old.span() == span {
                return failed(format!("is found at {:?} again", new.span()));
            }
        } else if new.text() != old.text() || new.span() != moved(&old.span(), &span, length) {
            return failed(format!("{} {:?} became {:?}", before.is, old.text(), new.text()));
        }
        // flit takes the version from the module that is called like the package.
        let about_name = at == 0;
        if before.is != after.is
            || (!about_name && number != at && !same_place && before.about != after.about)
        {
            return failed(format!("{} {} became {} {}", before.is, before.about, after.is, after.about));
        }
    }
    let found = again.get(at).and_then(|slot| slot.site.as_ref());
    let twice =
        found.and_then(|site| site.replaced(&slot.new).ok()).and_then(|edit| splice(&changed, &[edit]));
    if twice.as_ref() != Some(&changed) {
        return failed("once more, it changes again".to_owned());
    }
    Ok(())
}

/// Where bytes are after the ones of an edit got another length.
fn moved(span: &Range<usize>, edited: &Range<usize>, length: usize) -> Range<usize> {
    let shift = |at: usize| {
        if at >= edited.end { at + length - (edited.end - edited.start) } else { at }
    };
    shift(span.start)..shift(span.end)
}

/// All places at once: each reads back.
fn all(path: &RelPath, source: &str, slots: &[Slot]) -> Result<(), String> {
    let mut edits = Vec::new();
    let mut edited = Vec::new();
    for slot in slots {
        let edit = slot.site.as_ref().and_then(|site| site.replaced(&slot.new).ok());
        edited.push(edit.is_some());
        edits.extend(edit);
    }
    // Two names for one place, as in a table that is inherited.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edits.dedup_by_key(|edit| edit.span.clone());
    let changed = splice(source, &edits).ok_or_else(|| "all at once: places overlap".to_owned())?;
    let again = Manifest::read(path, changed.as_bytes())
        .map_err(|error| format!("all at once: is not read again: {error}"))?;
    let again = self::slots(&again);
    if again.len() != slots.len() {
        return Err(format!("all at once: {} places became {}", slots.len(), again.len()));
    }
    for ((before, after), edited) in slots.iter().zip(&again).zip(edited) {
        let text = after.site.as_ref().map(Site::text);
        if edited && text != Some(before.new.as_str()) {
            return Err(format!("all at once: {} reads back as {text:?}", before.is));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{chosen, moved, prefix, requirement};
    use crate::conformance::Random;

    #[track_caller]
    fn check_requirement(text: &str, expected: &str) {
        assert_eq!(requirement(text), expected);
    }

    #[test]
    fn a_requirement_keeps_all_but_its_versions() {
        check_requirement("demo", "demo>=9.8.7,<10");
        check_requirement("demo[x]~=1.0 ; python_version < '3'", "demo[x]>=9.8.7,<10 ; python_version < '3'");
        check_requirement("demo @ https://forge.example/demo.git", "demo>=9.8.7,<10");
    }

    #[track_caller]
    fn check_prefix(text: &str, kept: &str, range: &str) {
        assert_eq!(prefix(text), (kept.to_owned(), range));
    }

    #[test]
    fn a_range_of_npm_keeps_the_name_before_it() {
        check_prefix("^1.2.3", "", "^1.2.3");
        check_prefix("workspace:^1.2", "workspace:", "^1.2");
        check_prefix("workspace:other@*", "workspace:other@", "*");
        check_prefix("npm:@scope/name@~1.0", "npm:@scope/name@", "~1.0");
        check_prefix("npm:@scope/name", "npm:@scope/name@", "");
        check_prefix("npm:1.0.30", "npm:", "1.0.30");
    }

    #[test]
    fn what_stands_behind_an_edit_moves_with_it() {
        assert_eq!(moved(&(0..3), &(5..8), 1), 0..3);
        assert_eq!(moved(&(9..12), &(5..8), 1), 7..10);
        assert_eq!(moved(&(9..12), &(5..8), 6), 12..15);
        assert_eq!(moved(&(4..9), &(5..8), 1), 4..7);
    }

    #[test]
    fn a_few_of_many_are_drawn_without_repetition() {
        let all: Vec<usize> = (0..50).collect();
        let mut drawn = chosen(&all, 8, &mut Random::new(1));
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 8);
        assert_eq!(chosen(&all, 50, &mut Random::new(1)), all);
    }
}
