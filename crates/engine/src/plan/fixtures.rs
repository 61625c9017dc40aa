//! A world to plan in, for unit tests.

use std::collections::BTreeMap;

use super::{Find, Plan, Request, plan as build};
use crate::config::{Config, ReleaseKind};
use crate::observe::{
    ForgeFacts, ForgeWorld, GitWorld, Published, RemoteBranch, Site, TagPlaces, Unreleased, World,
};

pub(crate) const CONFIG: &str = r#"
[project]
forge = "github:acme/demo"
[train]
checks = ["tests"]
after  = { version = "{next_patch}-dev" }
[release.minor]
milestone = { title = "{version}", due = "3 months" }
labels = true
notes = { highlights = true, discussion = "Announcements" }
announce = { webhook = "CHAT" }
[[package]]
name = "demo"
version = ["demo/__init__.py", "setup.cfg"]
build = ["python3", "-m", "build"]
publish = ["pypi"]
"#;

pub(crate) fn config() -> Config {
    Config::parse("tminus.toml", CONFIG).unwrap()
}

pub(crate) fn id(letter: char) -> tminus_vcs::CommitId {
    letter.to_string().repeat(40).parse().unwrap()
}

pub(crate) fn world() -> World {
    let site = |path: &str, line| Site {
        package: "demo".to_owned(),
        path: path.to_owned(),
        find: Find::Auto,
        stated: Ok((line, "0.1.1-dev".to_owned())),
    };
    let tag = TagPlaces { local: Some(id('a')), remote: Some(id('a')), reachable: true };
    let commit =
        |letter, subject: &str, ours| Unreleased { id: id(letter), subject: subject.to_owned(), ours };
    World {
        request: Request::Kind(ReleaseKind::Minor),
        date: jiff::civil::date(2026, 11, 20),
        git: GitWorld {
            branch: Some("main".parse().unwrap()),
            head: id('c'),
            main: "main".parse().unwrap(),
            remote: RemoteBranch::Same,
            remote_tip: Some(id('c')),
            tags: BTreeMap::from([("v0.1.0".parse().unwrap(), tag)]),
            changed: Vec::new(),
            unreleased: vec![
                commit('c', "Count in hours (#5)", false),
                commit('b', "Start development on version 0.1.1", true),
            ],
            shallow: false,
        },
        sites: vec![site("demo/__init__.py", 3), site("setup.cfg", 4)],
        published: vec![Published {
            destination: "pypi".to_owned(),
            package: "demo".to_owned(),
            files: BTreeMap::new(),
        }],
        forge: ForgeWorld::Present(Box::new(ForgeFacts {
            repository: "acme/demo".to_owned(),
            can_push: true,
            has_discussions: true,
            categories: Some(vec!["Announcements".to_owned()]),
            release: None,
        })),
        places: BTreeMap::from([("the remote".to_owned(), "git.example:demo.git".to_owned())]),
        findings: Vec::new(),
    }
}

pub(crate) fn plan() -> Plan {
    planned(&world()).unwrap().plan
}

pub(crate) fn planned(world: &World) -> Result<super::Planned, super::Refusal> {
    let config = config();
    let (name, train) = config.train(None).unwrap();
    build(&config, name, train, world, None)
}
