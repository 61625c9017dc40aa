use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tminus_versioning::constraint::{Ecosystem, How, rewrite};

use super::plan::{When, World};
use super::version::{Shape, Triple};
use super::{Expectation, Kind, Options, Style, files, write};
use crate::conformance::Random;

fn options(kind: Kind, style: Style) -> Options {
    Options { kind, style, packages: 60, seed: 7, plain: false }
}

fn every() -> impl Iterator<Item = Options> {
    Kind::ALL.into_iter().flat_map(|(_, kind)| Style::ALL.map(|(_, style)| options(kind, style)))
}

/// Carries out the release by the book: what is expected is written.
fn release(dir: &Path, expectation: &Expectation) {
    for (path, text) in &expectation.changed {
        fs::write(dir.join(path), text).unwrap();
    }
}

#[test]
fn the_same_seed_gives_the_same_tree_and_another_one_another() {
    for options in every() {
        let tree = |options| files(&World::new(options), When::Before);
        assert_eq!(tree(options), tree(options), "{options:?}");
        assert_ne!(tree(options), tree(Options { seed: 8, ..options }), "{options:?}");
    }
}

#[test]
fn every_package_has_a_name_and_a_directory_of_its_own() {
    for options in every() {
        let world = World::new(Options { packages: 2000, ..options });
        let names: BTreeSet<&str> = world.packages.iter().map(|package| package.name.as_str()).collect();
        let dirs: BTreeSet<&str> = world.packages.iter().map(|package| package.dir.as_str()).collect();
        assert_eq!((names.len(), dirs.len()), (2000, 2000), "{options:?}");
        let earlier =
            |(at, package): (usize, &super::plan::Package)| package.needs.iter().all(|need| need.on < at);
        assert!(world.packages.iter().enumerate().all(earlier), "{options:?}");
    }
}

#[test]
fn an_expectation_is_read_as_it_was_written() {
    for options in every() {
        let dir = tempfile::tempdir().unwrap();
        let tree = dir.path().join("tree");
        let written = write(&tree, options).unwrap();
        assert_eq!(Expectation::read(&tree).unwrap(), written, "{options:?}");
    }
}

#[test]
fn a_release_by_the_book_is_exact_and_nothing_else_is() {
    for options in every() {
        let dir = tempfile::tempdir().unwrap();
        let tree = dir.path().join("tree");
        let expectation = write(&tree, options).unwrap();
        let untouched = expectation.check(&tree, &[]).unwrap();
        assert_eq!(untouched.differences.len(), expectation.changed.len(), "{options:?}");
        release(&tree, &expectation);
        let report = expectation.check(&tree, &[]).unwrap();
        assert!(report.is_exact(), "{options:?}: {report}: {:?}", report.differences);
        assert_eq!(report.versions.0, report.versions.1, "{options:?}");
        assert_eq!(report.pins.0, report.pins.1, "{options:?}");
    }
}

#[test]
fn a_single_byte_is_found_wherever_it_is() {
    for options in every() {
        let dir = tempfile::tempdir().unwrap();
        let tree = dir.path().join("tree");
        let expectation = write(&tree, options).unwrap();
        release(&tree, &expectation);
        let mut random = Random::new(3);
        for path in expectation.changed.keys().chain(expectation.same.keys()) {
            let whole = fs::read(tree.join(path)).unwrap();
            let mut spoilt = whole.clone();
            let at = usize::try_from(random.below(spoilt.len() as u64)).unwrap();
            spoilt[at] ^= 1;
            fs::write(tree.join(path), &spoilt).unwrap();
            let report = expectation.check(&tree, &[]).unwrap();
            assert_eq!(report.differences.len(), 1, "{path}: {:?}", report.differences);
            assert!(report.differences[0].starts_with(path.as_str()), "{:?}", report.differences);
            fs::write(tree.join(path), &whole).unwrap();
        }
    }
}

#[test]
fn files_that_are_new_or_gone_are_found_and_those_of_tools_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let tree = dir.path().join("tree");
    let expectation = write(&tree, options(Kind::LlamaIndex, Style::Lockstep)).unwrap();
    release(&tree, &expectation);
    fs::write(tree.join("CHANGELOG.md"), "new\n").unwrap();
    fs::write(tree.join("tool.cfg"), "of a tool\n").unwrap();
    let gone = expectation.by_tool.first().unwrap();
    fs::remove_file(tree.join(gone)).unwrap();
    let report = expectation.check(&tree, &["tool.cfg"]).unwrap();
    assert_eq!(report.differences, [format!("{gone}: missing"), "CHANGELOG.md: new".to_owned()]);
}

#[test]
fn a_tree_is_never_written_over_another_one() {
    let dir = tempfile::tempdir().unwrap();
    assert!(write(dir.path(), options(Kind::Py, Style::Lockstep)).is_err());
}

/// The pins after were not taken from what rewrites pins; it agrees with them.
#[test]
fn every_shape_moves_as_the_rules_of_constraints_say() {
    let mut random = Random::new(5);
    for _ in 0..300 {
        let old = Triple::new(random.below(4), 1 + random.below(15), random.below(10));
        let new = old.next_minor();
        let check = |ecosystem, shapes: &[Shape], print: fn(Shape, Triple) -> String| {
            for shape in shapes {
                let before = print(*shape, old);
                let after = rewrite(ecosystem, &before, &new.to_string(), How::default()).unwrap();
                assert_eq!(after.text(), print(*shape, new), "{before} to {new}");
            }
        };
        check(Ecosystem::Python, &Shape::PYTHON, Shape::python);
        check(Ecosystem::Npm, &Shape::NPM, Shape::npm);
        check(Ecosystem::Cargo, &Shape::CARGO, Shape::cargo);
    }
}
