//! The list by package, as LlamaIndex has it, beside what the published rules give for the same history.
//!
//! One difference is meant: of `Revert "…(#1)" (#2)` the number at the end counts, which is that of the pull request. The
//! published script takes the first one it sees.

use std::collections::{BTreeMap, BTreeSet};

use super::super::bed::{Bed, TODAY};
use super::{commit, forged, merged, page};

const MARK: &str = "<!--- generated changelog --->";
const OLD: &str =
    "\n## [2026-04-01]\n\n### llama-index-core [0.12.2]\n- Begin ([#1](https://forge.example/1))\n";
const CONFIG: &str = "[project]\nname = \"llama-index\"\nforge = \"github:octo/demo\"\n\n[changelog]\n\
    format = \"by-package\"\nnames = \"directory\"\nplaceholder = \"<!--- generated changelog --->\"\n\
    tags = \"v[0-9]*\"\n";
const MERGED: &str = "2026-05-04T12:00:00Z";
const PACKAGES: usize = 40;
const PULLS: u64 = 20;

/// The directories of packages, in the places where LlamaIndex has them.
fn directories() -> Vec<String> {
    let one = |at: usize| match at % 5 {
        _ if at == 0 => "llama-index-core".to_owned(),
        0 => format!("llama-index-packs/llama-index-packs-p{at}"),
        1 => format!("llama-index-integrations/storage/docstore/llama-index-storage-docstore-s{at}"),
        2 => format!("llama-index-utils/llama-index-utils-u{at}"),
        _ => format!("llama-index-integrations/llms/llama-index-llms-m{at}"),
    };
    (0..PACKAGES).map(one).collect()
}

/// The tree at the release, tagged; tags of other lines are in the way.
fn released() -> Bed {
    let bed = forged();
    bed.write("tminus.toml", CONFIG);
    bed.write("CHANGELOG.md", &format!("# ChangeLog\n\n{MARK}\n{OLD}"));
    bed.write("pyproject.toml", "[project]\nname = \"llama-index\"\nversion = \"0.12.3\"\n");
    for (at, directory) in directories().iter().enumerate() {
        bed.write(&format!("{directory}/pyproject.toml"), &manifest(at, 0));
    }
    commit(&bed, "Before (#9)");
    bed.git(&["tag", "v0.12.3"]);
    bed.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    bed
}

/// Every seventh package is called otherwise than its directory.
fn manifest(at: usize, patch: u64) -> String {
    let other = if at % 7 == 3 { "another-name-" } else { "" };
    format!("[project]\nname = \"{other}llama-index-x{at}\"\nversion = \"0.{at}.{patch}\"\n")
}

/// Merges pull requests and gives the entry that the rules ask for.
fn grown(bed: &Bed) -> String {
    let directories = directories();
    let mut told: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    let mut versions: BTreeMap<String, String> = BTreeMap::new();
    for (at, directory) in directories.iter().enumerate() {
        let name = directory.rsplit('/').next().unwrap();
        versions.insert(name.to_owned(), format!("0.{at}.0"));
    }
    let mut drawn: u64 = 7;
    for pull in 0..PULLS {
        let number = 100 + 3 * pull;
        for _ in 0..pull % 4 {
            drawn = (drawn * 1_103 + 331) % 65_537;
            let at = usize::try_from(drawn).unwrap() % PACKAGES;
            let directory = &directories[at];
            let name = directory.rsplit('/').next().unwrap().to_owned();
            bed.write(&format!("{directory}/src/module{pull}.py"), "x = 1\n");
            if pull % 2 == 0 {
                bed.write(&format!("{directory}/pyproject.toml"), &manifest(at, pull));
                versions.insert(name.clone(), format!("0.{at}.{pull}"));
            }
            told.entry(name).or_default().insert(number);
        }
        // Files of no package, also beside those of packages.
        bed.write("docs/index.md", &format!("{pull}\n"));
        let subject = if pull == 5 { "wip".to_owned() } else { title(number) };
        commit(bed, &format!("{subject} (#{number})"));
        merged(bed, number, &title(number), "ada", MERGED);
        if pull == 7 {
            bed.git(&["tag", "vector-1"]);
            bed.git(&["tag", "llama-index-core-0.12.4"]);
            bed.write("llama-index-core/late.py", "y = 1\n");
            commit(bed, "Push without a review");
        }
    }
    bed.git(&["push", "--quiet", "origin", "main"]);
    let mut entry = format!("\n## [{TODAY}]\n");
    for (name, numbers) in told {
        entry += &format!("\n### {name} [{}]\n", versions[&name]);
        for number in numbers {
            entry += &format!("- {} ([#{number}]({}))\n", title(number), page(bed, number));
        }
    }
    entry
}

fn title(number: u64) -> String {
    match number % 4 {
        0 => format!("[BUG] fix: *emphasis* {number}"),
        1 => format!("feat(core): naïve 検索 | {number}"),
        2 => format!("Bump `x` from 1.0 to 2.0, \\n {number}"),
        _ => format!("Revert \"an idea (#{})\"", number - 1),
    }
}

#[test]
fn it_is_what_the_published_rules_give() {
    let bed = released();
    let entry = grown(&bed);
    assert!(entry.matches("\n### ").count() > 15, "{entry}");
    bed.run(&["changelog", "--write"]).exits(0);
    let expected = format!("# ChangeLog\n\n{MARK}\n{entry}{OLD}");
    assert_eq!(bed.read("CHANGELOG.md"), expected);
    let asked = bed.sandbox.events().iter().filter(|event| event.path.ends_with("/graphql")).count();
    assert_eq!(asked, 1, "twenty pull requests are one question");
}

#[test]
fn without_pull_requests_the_file_stays_as_it_is() {
    let bed = released();
    bed.write("llama-index-core/late.py", "y = 1\n");
    commit(&bed, "Push without a review");
    let before = bed.read("CHANGELOG.md");
    bed.run(&["changelog", "--write"]).exits(1).says(&["nothing to tell since v0.12.3"]);
    assert_eq!(bed.read("CHANGELOG.md"), before);
}

#[test]
fn without_its_place_the_file_stays_as_it_is() {
    let bed = released();
    grown(&bed);
    let before = format!("# ChangeLog\n{OLD}");
    bed.write("CHANGELOG.md", &before);
    bed.run(&["changelog", "--write"]).exits(2).says(&["CHANGELOG.md", MARK]);
    assert_eq!(bed.read("CHANGELOG.md"), before);
}

#[test]
fn a_pull_request_that_cannot_be_had_is_named_and_left_out() {
    let bed = released();
    for (number, known) in [(21, true), (22, false), (23, true)] {
        bed.write("llama-index-core/a.py", &format!("{number}\n"));
        commit(&bed, &format!("Change {number} (#{number})"));
        if known {
            merged(&bed, number, &format!("Changed {number}"), "ada", MERGED);
        }
    }
    let answer = bed.run(&["changelog", "--write"]);
    answer.exits(0).says(&["warning: ", "#22 could not be fetched"]);
    let list: String =
        [21, 23].map(|number| format!("- Changed {number} ([#{number}]({}))\n", page(&bed, number))).concat();
    let expected =
        format!("# ChangeLog\n\n{MARK}\n\n## [{TODAY}]\n\n### llama-index-core [0.0.0]\n{list}{OLD}");
    assert_eq!(bed.read("CHANGELOG.md"), expected);
}
