//! Versions of Python packages and their specifiers, beside the library `packaging`.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use tminus_versioning::pep440::{
    ParseSpecifierError, ParseVersionError, PreKind, Prereleases, Specifier, SpecifierSet, Version,
};

use super::large::{self, Names};
use super::random::Random;
use super::{Reference, Subject};

mod generate;

pub(crate) const SUBJECT: Subject = Subject {
    name: "pep440",
    reference: Reference::Python { packages: &["packaging"], script: include_str!("reference.py") },
    case,
    answer,
    deviation,
    reasons: &[(LARGE, 30), (LETTERS, 1)],
};

const LARGE: &str = "a number beyond 64 bits is refused";
const LETTERS: &str = "letters beyond ASCII are refused in a `~=` clause";

/// The next case.
///
/// | question | further texts |
/// |---|---|
/// | `version` | a version |
/// | `compare` | two versions |
/// | `contains` | a set, a mode, a version that is handed over parsed |
/// | `contains-text` | a set, a mode, a text |
/// | `filter` | a set, a mode, versions that are handed over parsed |
/// | `filter-text` | a set, a mode, texts |
/// | `set` | a set |
/// | `equal` | two sets |
/// | `clause` | a single clause |
/// | `clause-equal` | two single clauses |
/// | `clause-contains` | a single clause, a mode, a text |
/// | `unsatisfiable` | a set, a mode |
///
/// The mode is what is done with pre-releases: `default`, `allow` or `exclude`.
pub(crate) fn case(random: &mut Random) -> Vec<String> {
    let question = random.pick(&[
        "version",
        "version",
        "compare",
        "compare",
        "contains",
        "contains",
        "contains",
        "contains-text",
        "filter",
        "filter-text",
        "set",
        "equal",
        "clause",
        "clause-equal",
        "clause-contains",
        "unsatisfiable",
    ]);
    let mut case = vec![question.to_owned()];
    let mode = random.pick(&["default", "allow", "exclude"]).to_owned();
    match question {
        "version" => case.push(generate::version(random)),
        "compare" => case.extend(generate::related_versions(random, 2)),
        "contains" | "contains-text" => {
            let (set, version) = generate::set_and_versions(random, 1);
            case.extend([set, mode]);
            case.extend(version);
        }
        "filter" | "filter-text" => {
            let count = 1 + random.below(6);
            let (set, versions) = generate::set_and_versions(random, count);
            case.extend([set, mode]);
            case.extend(versions);
        }
        "set" => case.push(generate::set(random)),
        "equal" => {
            let set = generate::set(random);
            let other =
                if random.chance(1, 3) { generate::set(random) } else { generate::respell(random, &set) };
            case.extend([set, other]);
        }
        "clause" => case.push(generate::clause(random)),
        "clause-equal" => {
            let clause = generate::clause(random);
            let other = generate::respell(random, &clause);
            case.extend([clause, other]);
        }
        "clause-contains" => {
            let (clause, version) = generate::clause_and_version(random);
            case.extend([clause, mode, version]);
        }
        _ => {
            let narrow = random.chance(2, 3);
            let set = if narrow { generate::narrow_set(random) } else { generate::set(random) };
            case.extend([set, mode]);
        }
    }
    case
}

/// What this crate answers.
pub(crate) fn answer(case: &[String]) -> String {
    let texts: Vec<&str> = case.iter().map(String::as_str).collect();
    answer_to(&texts).unwrap_or_else(str::to_owned)
}

fn answer_to(case: &[&str]) -> Result<String, &'static str> {
    Ok(match *case {
        ["version", text] => describe(&version(text)?),
        ["compare", left, right] => {
            let (left, right) = (version(left)?, version(right)?);
            let equal_hash = hash(&left) == hash(&right);
            format!("{:?} {}", left.cmp(&right), left == right && equal_hash)
        }
        ["contains", text, how, item] => set(text)?.contains(&version(item)?, mode(how)).to_string(),
        ["contains-text", text, how, item] => {
            set(text)?.contains_text(item, mode(how)).map_err(|_| REFUSED)?.to_string()
        }
        ["filter", text, how, ref items @ ..] => {
            let set = set(text)?;
            let versions = items.iter().map(|item| version(item)).collect::<Result<Vec<_>, _>>()?;
            let chosen = set.filter(&versions, mode(how));
            chosen.iter().map(|version| version.as_written()).collect::<Vec<_>>().join(" ")
        }
        ["filter-text", text, how, ref items @ ..] => {
            let chosen = set(text)?.filter_text(items, mode(how)).map_err(|_| REFUSED)?;
            chosen.into_iter().copied().collect::<Vec<_>>().join("\n")
        }
        ["set", text] => {
            let set = set(text)?;
            let clauses: Vec<String> = set.clauses().map(|clause| clause.to_string()).collect();
            for clause in set.clauses() {
                assert_eq!(&text[clause.version_span()], clause.version());
                assert_eq!(&text[clause.operator_span()], clause.operator().as_str());
            }
            format!("{set}|{}|{}", clauses.join(","), set.names_prerelease())
        }
        ["equal", left, right] => {
            let (left, right) = (set(left)?, set(right)?);
            assert!(left != right || hash(&left) == hash(&right));
            (left == right).to_string()
        }
        ["clause", text] => {
            let clause = clause(text)?;
            format!("{}|{}|{clause}|{}", clause.operator(), clause.version(), clause.names_prerelease())
        }
        ["clause-equal", left, right] => {
            let (left, right) = (clause(left)?, clause(right)?);
            assert!(left != right || hash(&left) == hash(&right));
            (left == right).to_string()
        }
        ["clause-contains", text, how, item] => {
            clause(text)?.contains_text(item, mode(how)).map_err(|_| REFUSED)?.to_string()
        }
        ["unsatisfiable", text, how] => set(text)?.is_unsatisfiable(mode(how)).to_string(),
        _ => unreachable!("{case:?}"),
    })
}

fn describe(version: &Version) -> String {
    let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
    let pre = version.pre().map_or("-".to_owned(), |(kind, number)| {
        let word = match kind {
            PreKind::Alpha => "a",
            PreKind::Beta => "b",
            PreKind::Rc => "rc",
        };
        format!("{word}{number}")
    });
    let release: Vec<String> = version.release().iter().map(ToString::to_string).collect();
    format!(
        "{version}|{}|{}|{pre}|{}|{}|{}|{}",
        version.epoch(),
        release.join("."),
        number(version.post()),
        number(version.dev()),
        version.local().unwrap_or("-".to_owned()),
        version.is_prerelease(),
    )
}

fn mode(name: &str) -> Prereleases {
    match name {
        "allow" => Prereleases::Allow,
        "exclude" => Prereleases::Exclude,
        _ => Prereleases::Default,
    }
}

const REFUSED: &str = "refused";

fn version(text: &str) -> Result<Version, &'static str> {
    text.parse().map_err(|error: ParseVersionError| {
        assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
        REFUSED
    })
}

/// What we refuse means the same with a smaller number, or with the letter that Python takes another one for.
fn deviation(case: &[String], ours: &str, theirs: &str) -> Option<&'static str> {
    if ours != REFUSED {
        return None;
    }
    let (lower, foretold) = large::lowered(case, theirs, Names::Lowered);
    if case.iter().any(|text| large::has_large(text)) && by_clause(&answer(&lower)) == by_clause(&foretold) {
        return Some(LARGE);
    }
    let plain = |text: &str| text.replace('ſ', "s").replace(['ı', 'İ'], "i");
    let other: Vec<String> = case.iter().map(|text| plain(text)).collect();
    let is_compatible = case.iter().any(|text| text.contains("~=") && plain(text) != *text);
    // packaging reads such a clause, and fails when it is used.
    (is_compatible && (theirs == "failed" || answer(&other) == plain(theirs))).then_some(LETTERS)
}

/// A set is written in the order of its texts, which is another one with other numbers.
fn by_clause(answer: &str) -> Vec<Vec<&str>> {
    fn sorted(part: &str) -> Vec<&str> {
        let mut clauses: Vec<&str> = part.split(',').collect();
        clauses.sort_unstable();
        clauses
    }
    answer.split('|').map(sorted).collect()
}

fn set(text: &str) -> Result<SpecifierSet, &'static str> {
    text.parse().map_err(|error| refusal(text, &error))
}

fn clause(text: &str) -> Result<Specifier<'_>, &'static str> {
    Specifier::parse(text).map_err(|error| refusal(text, &error))
}

fn refusal(text: &str, error: &ParseSpecifierError) -> &'static str {
    assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
    REFUSED
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What the tests of the reference itself ask, without asking it again.
#[test]
fn the_cases_of_the_reference_suite() {
    let mut count = 0;
    for line in include_str!("suite.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cell = |cell: &str| serde_json::from_str::<String>(&format!("\"{cell}\"")).unwrap();
        let cells: Vec<String> = line.split('\t').map(cell).collect();
        let (expected, case) = cells.split_first().unwrap();
        assert_eq!(&answer(case), expected, "{case:?}");
        count += 1;
    }
    assert!(count > 6000, "{count}");
}
