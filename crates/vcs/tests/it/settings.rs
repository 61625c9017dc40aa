use tminus_vcs::{Identity, RemoteName};

use crate::fixture::Fixture;

fn remote(name: &str) -> RemoteName {
    name.parse().unwrap()
}

#[test]
fn remotes_and_their_urls() {
    let fixture = Fixture::small();
    assert_eq!(fixture.repository().remotes().unwrap(), []);
    fixture.sh("git remote add origin gh:team/project.git
         git config url.https://forge.example/.insteadOf gh:
         git remote add split https://forge.example/a.git
         git config remote.split.pushurl ssh://git@forge.example/a.git
         git remote add rewritten https://forge.example/b.git
         git config url.git@forge.example:.pushInsteadOf https://forge.example/
         git config remote.nourl.fetch +refs/heads/*:refs/x/*
         git remote add secret https://me:hush@forge.example/c.git");
    let repository = fixture.repository();
    let names: Vec<_> = repository.remotes().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["nourl", "origin", "rewritten", "secret", "split"]);
    for name in ["origin", "split", "rewritten", "secret"] {
        let (fetch, push) =
            (repository.remote_url(&remote(name)).unwrap(), repository.push_url(&remote(name)).unwrap());
        assert_eq!(fetch.unwrap(), fixture.sh(&format!("git remote get-url {name}")), "{name}");
        assert_eq!(push.unwrap(), fixture.sh(&format!("git remote get-url --push {name}")), "{name}");
    }
    assert_eq!(
        repository.remote_url(&remote("origin")).unwrap().unwrap(),
        "https://forge.example/team/project.git"
    );
    assert_eq!(repository.remote_url(&remote("nourl")).unwrap(), None);
    assert_eq!(repository.remote_url(&remote("none")).unwrap(), None);
}

#[test]
fn what_a_branch_follows() {
    let fixture = Fixture::with_origin();
    fixture.sh("git branch --quiet --no-track alone; git branch --quiet --track local main
         git checkout --quiet -b release-0.4.x; git config branch.release-0.4.x.remote origin
         git config branch.release-0.4.x.merge refs/heads/other");
    let repository = fixture.repository();
    let follows = |name: &str| {
        let followed = repository.tracking(&name.parse().unwrap()).unwrap();
        followed.map(|(remote, branch)| format!("{remote}/{branch}"))
    };
    assert_eq!(follows("main").as_deref(), Some("origin/main"));
    assert_eq!(follows("release-0.4.x").as_deref(), Some("origin/other"));
    assert_eq!(follows("alone"), None);
    assert_eq!(follows("local"), None);
    assert_eq!(follows("none"), None);
}

#[test]
fn configuration_and_user() {
    let fixture = Fixture::small();
    assert_eq!(fixture.repository().user().unwrap(), None);
    fixture
        .sh("git config user.name Uma; git config user.email uma@example.org; git config tag.gpgSign true");
    let repository = fixture.repository();
    assert_eq!(repository.config("tag.gpgsign").unwrap().as_deref(), Some("true"));
    assert_eq!(repository.config("user.none").unwrap(), None);
    assert_eq!(repository.config("nonsense").unwrap(), None);
    let user = Identity { name: "Uma".into(), email: "uma@example.org".into() };
    assert_eq!(repository.user().unwrap(), Some(user));
}
