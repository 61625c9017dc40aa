use tminus_vcs::{CommitId, PatchIdKind};

use crate::fixture::Fixture;

#[track_caller]
fn check_all(fixture: &Fixture) -> usize {
    let ids: Vec<CommitId> = fixture.sh("git rev-list HEAD").lines().map(|id| id.parse().unwrap()).collect();
    let expected = fixture.sh(
        "git rev-list --no-merges HEAD | git diff-tree -p --root --full-index --no-ext-diff --no-textconv --stdin |
         git patch-id --stable",
    );
    let found = fixture.repository().history().unwrap().patch_ids(&ids, PatchIdKind::Printed).unwrap();
    let found = ids.iter().zip(found).filter_map(|(id, patch)| Some(format!("{} {id}", patch?)));
    let found: Vec<_> = found.collect();
    assert_eq!(found.join("\n"), expected);
    found.len()
}

#[test]
fn every_kind_of_change_is_as_git_prints_it() {
    let fixture = Fixture::small();
    fixture.sh(r#"
        c() { git add -A . && git commit --quiet --allow-empty --message="$1"; }
        seq 1 40 > lines; printf 'a\r\nb\r\n' > crlf; printf 'no end' > open; : > hollow; c one
        sed -i 's/^7$/seven/; s/^20$/  20/; /^30$/d' lines; printf 'a\nb\n' > crlf; printf 'no end\nmore' > open; c two
        chmod +x lines; c mode; chmod -x run; echo new > file; c mode-and-content
        printf 'x\0y' > blob; echo z > zz; c binary; printf 'x\0z' > blob; echo y > zz; c binary-changed
        : > empty1; echo after > empty2; c empty-then-full; git rm --quiet empty1; c empty-gone
        ln -s file link; c link; rm file; ln -s lines file; c becomes-link; rm file; echo file > file; c becomes-file
        rm -r dir; echo now > dir; c dir-becomes-file; rm dir; mkdir dir; echo x > dir/x; c file-becomes-dir
        echo odd > 'sp ace'; echo odd > 'quo"te'; echo odd > 'tä'; echo odd > "$(printf 'ta\tb')"; c names
        git mv lines moved; c rename; c nothing; rm blob; c binary-gone
        git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub
        git commit --quiet -m submodule
        git update-index --cacheinfo 160000,2222222222222222222222222222222222222222,sub
        git commit --quiet -m submodule-moved
    "#);
    assert_eq!(check_all(&fixture), 19);
    fixture.sh("git config core.quotePath false");
    check_all(&fixture);
}

#[test]
fn attributes_decide_what_is_binary_and_no_driver_runs() {
    let fixture = Fixture::small();
    fixture.sh(r"
        printf '*.dat -diff\n*.bin diff\n*.drv diff=drv\n*.txt diff=ran\n' > .gitattributes
        git config diff.drv.binary true; git config diff.ran.textconv 'touch ran;'; git config diff.ran.command 'touch ran;'
        echo a > a.dat; printf 'a\0' > a.bin; echo a > a.drv; echo a > a.txt; git add .; git commit -qm one
        echo b > a.dat; printf 'b\0' > a.bin; echo b > a.drv; echo b > a.txt; git add .; git commit -qm two
    ");
    assert_eq!(check_all(&fixture), 3);
    assert!(!fixture.work().join("ran").exists());
}

#[test]
fn merges_and_empty_commits_have_none() {
    let fixture = Fixture::small();
    fixture.sh("git checkout --quiet -b topic; echo t > t; git add t; git commit --quiet -m t
        git checkout --quiet main; git merge --quiet --no-ff -m merge topic; git commit --quiet --allow-empty -m empty");
    let ids = ["HEAD", "HEAD~1", "topic"].map(|name| fixture.commit(name));
    let history = fixture.repository().history().unwrap();
    for kind in [PatchIdKind::Printed, PatchIdKind::Cherry] {
        let found = history.patch_ids(&ids, kind).unwrap();
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true], "{kind:?}");
    }
}
