use std::process::Command;

use super::{BESIDE_THE_POINT, floor, peers};
use crate::monorepo::{Kind, Options, Style, write};

/// A floor that leaves something out would be no floor.
#[test]
fn floors_and_scripts_do_the_whole_work() {
    let dir = tempfile::tempdir().unwrap();
    let floor = floor(dir.path()).unwrap();
    for (word, kind) in [("py", Kind::Py), ("npm", Kind::Npm)] {
        for (_, style) in Style::ALL {
            let options = Options { kind, style, packages: 40, seed: 2, plain: true };
            let tree = dir.path().join("tree");
            let mut programs = vec![("rename", floor.clone(), vec![word.to_owned(), "rename".to_owned()])];
            programs.push(("sync", floor.clone(), vec![word.to_owned(), "sync".to_owned()]));
            let script = dir.path().join("bump.py");
            std::fs::write(&script, peers::SCRIPT).unwrap();
            let words = vec![script.display().to_string(), word.to_owned()];
            programs.push(("script", "python3".into(), words));
            for (name, program, words) in programs {
                let expectation = write(&tree, options).unwrap();
                let status = Command::new(program).args(words).current_dir(&tree).status().unwrap();
                assert!(status.success(), "{name}");
                let report = expectation.check(&tree, &BESIDE_THE_POINT).unwrap();
                assert!(report.is_exact(), "{name}, {options:?}: {report}: {:?}", report.differences);
                std::fs::remove_dir_all(&tree).unwrap();
            }
        }
    }
}

#[test]
fn sed_does_it_where_all_versions_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let tree = dir.path().join("tree");
    let options = Options { kind: Kind::Py, style: Style::Lockstep, packages: 40, seed: 2, plain: true };
    let expectation = write(&tree, options).unwrap();
    let sed = peers::sed(&tree, expectation.core()).unwrap();
    let status = Command::new(sed.program).args(sed.arguments).current_dir(&tree).status().unwrap();
    assert!(status.success());
    let report = expectation.check(&tree, &BESIDE_THE_POINT).unwrap();
    assert!(report.is_exact(), "{report}: {:?}", report.differences);
}
