use super::fixtures::{id, planned, world};
use super::*;
use crate::Exit;
use crate::config::ReleaseKind;
use crate::observe::{ForgeWorld, RemoteBranch, TagPlaces, World};
use crate::record::Record;

fn names(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

#[test]
fn the_fast_llm_process_in_order() {
    let plan = planned(&world()).unwrap().cleared().unwrap();
    assert_eq!(
        (plan.version.as_str(), plan.tag.as_str(), plan.previous.as_deref()),
        ("0.2.0", "v0.2.0", Some("0.1.0"))
    );
    assert_eq!(
        names(&plan),
        [
            "require:milestone",
            "require:labels",
            "commit",
            "build:demo",
            "tag",
            "push",
            "checks",
            "publish:pypi:demo",
            "visible:pypi:demo",
            "draft",
            "gate:highlights",
            "release",
            "gate:announce",
            "announce:webhook",
            "next",
            "milestone:next",
            "milestone:close",
            "local"
        ]
    );
    let Action::NextVersion { version, message, .. } = &plan.step(&StepId::new("next")).unwrap().action
    else {
        panic!()
    };
    assert_eq!(version, "0.2.1-dev", "in the project's spelling");
    assert_eq!(message, "Start development on version 0.2.1\n\nTminus-Release: v0.2.0 next\n");
    let Action::CreateMilestone { title, due } = &plan.step(&StepId::new("milestone:next")).unwrap().action
    else {
        panic!()
    };
    assert_eq!((title.as_str(), due.as_deref()), ("0.3.0", Some("2027-02-20")));
}

#[test]
fn every_need_comes_before_and_nothing_irreversible_before_the_builds() {
    let plan = fixtures::plan();
    let mut seen = std::collections::BTreeSet::new();
    let mut departed = false;
    for step in &plan.steps {
        assert!(step.needs.iter().all(|need| seen.contains(need)), "{}", step.id);
        departed |= step.irreversible;
        assert!(
            !(departed
                && matches!(
                    step.action,
                    Action::Build { .. } | Action::Require { .. } | Action::Commit { .. }
                ))
        );
        assert!(seen.insert(step.id.clone()), "{} stands twice", step.id);
    }
}

#[test]
fn references_name_outputs_of_needed_steps() {
    let plan = fixtures::plan();
    let reaches = |from: &Step, to: &str| {
        let mut open = from.needs.clone();
        while let Some(need) = open.pop() {
            if need.as_str() == to {
                return true;
            }
            open.extend(plan.step(&need).unwrap().needs.clone());
        }
        false
    };
    let mut references = 0;
    for step in &plan.steps {
        let json = serde_json::to_string(&step.action).unwrap();
        for reference in json.split("${").skip(1) {
            let (target, _) = reference.split_once('}').unwrap().0.rsplit_once('.').unwrap();
            assert!(reaches(step, target), "{} rests on {target} without needing it", step.id);
            references += 1;
        }
    }
    assert!(references > 5, "{references}");
}

#[test]
fn the_same_world_gives_the_same_bytes_and_they_read_back() {
    let (one, two) = (fixtures::plan(), fixtures::plan());
    assert_eq!(one.to_json(), two.to_json());
    assert_eq!(Plan::from_json(&one.to_json()).unwrap(), one);
    let newer = one.to_json().replacen("\"format\": 2", "\"format\": 3", 1);
    assert_eq!(
        Plan::from_json(&newer).unwrap_err().to_string(),
        "the plan has format 3, this tminus reads format 2: plan again"
    );
}

#[test]
fn without_a_forge_its_steps_are_not_applicable() {
    let mut world = world();
    world.forge = ForgeWorld::Absent("the remote is a path".to_owned());
    let plan = planned(&world).unwrap().cleared().unwrap();
    assert_eq!(
        names(&plan),
        [
            "commit",
            "build:demo",
            "tag",
            "push",
            "publish:pypi:demo",
            "visible:pypi:demo",
            "gate:announce",
            "announce:webhook",
            "next",
            "local"
        ]
    );
    let absent: Vec<_> = plan.not_applicable.iter().map(|absent| absent.what.as_str()).collect();
    assert_eq!(absent, ["require:milestone", "require:labels", "checks", "forge release", "milestones"]);
    assert!(plan.not_applicable.iter().all(|absent| absent.why == "the remote is a path"));
}

#[track_caller]
fn stops(change: impl FnOnce(&mut World), exit: Exit, words: &str) {
    let mut world = world();
    change(&mut world);
    let refusal = match planned(&world) {
        Ok(planned) => planned.cleared().unwrap_err(),
        Err(refusal) => refusal,
    };
    assert_eq!(refusal.exit(), exit, "{refusal}");
    assert!(refusal.to_string().contains(words), "{refusal}");
    assert!(refusal.findings.iter().all(|finding| !finding.remedy.is_empty()));
}

#[test]
fn what_stands_against_a_release() {
    stops(|world| world.git.changed = vec!["a.py".into()], Exit::NoGo, "not committed: a.py");
    stops(|world| world.git.branch = Some("topic".parse().unwrap()), Exit::NoGo, "you are on branch topic");
    stops(|world| world.git.branch = None, Exit::NoGo, "no branch is checked out");
    stops(|world| world.git.remote = RemoteBranch::Behind, Exit::NoGo, "main is behind origin/main");
    stops(|world| world.git.remote = RemoteBranch::Diverged, Exit::NoGo, "have diverged");
    stops(|world| world.git.shallow = true, Exit::NoGo, "shallow");
    stops(
        |world| world.git.unreleased.remove(0).ours = true,
        Exit::NoGo,
        "nothing to release: main has no change since v0.1.0",
    );
    let tag =
        |places| move |world: &mut World| drop(world.git.tags.insert("v0.2.0".parse().unwrap(), places));
    let elsewhere = TagPlaces { remote: Some(id('d')), ..TagPlaces::default() };
    stops(tag(elsewhere), Exit::Conflict, "the tag v0.2.0 exists on origin");
    stops(
        |world| drop(world.published[0].files.insert("demo-0.2.0.tar.gz".into(), Some("00".into()))),
        Exit::Conflict,
        "demo 0.2.0 is on pypi already, and not from this release: demo-0.2.0.tar.gz",
    );
    stops(
        |world| world.sites[1].stated = Err("setup.cfg: no version".into()),
        Exit::NoGo,
        "setup.cfg: no version",
    );
    stops(
        |world| world.sites[1].stated = Ok((4, "0.1.2".into())),
        Exit::NoGo,
        "the files disagree on the version",
    );
    stops(|world| world.sites[0].stated = Ok((4, "soon".into())), Exit::NoGo, "`soon` is no version");
    stops(
        |world| {
            if let ForgeWorld::Present(facts) = &mut world.forge {
                facts.categories = Some(vec!["General".into()]);
            }
        },
        Exit::NoGo,
        "no discussion category `Announcements`",
    );
    stops(
        |world| {
            if let ForgeWorld::Present(facts) = &mut world.forge {
                facts.can_push = false;
            }
        },
        Exit::NoGo,
        "not write",
    );
}

#[test]
fn a_conflict_outweighs_what_can_be_mended() {
    let mut world = world();
    world.git.changed = vec!["a.py".into()];
    world.published[0].files.insert("demo-0.2.0.tar.gz".into(), None);
    let planned = planned(&world).unwrap();
    assert_eq!(planned.findings.len(), 2, "all of them, not only the first");
    assert_eq!(planned.cleared().unwrap_err().exit(), Exit::Conflict);
}

#[test]
fn what_the_open_record_made_is_not_held_against_it() {
    let mut world = world();
    let ours = TagPlaces { local: Some(id('e')), ..TagPlaces::default() };
    world.git.tags.insert("v0.2.0".parse().unwrap(), ours);
    let config = fixtures::config();
    let (name, train) = config.train(None).unwrap();
    let mut record = Record::open(&fixtures::plan(), "me");
    let with = |record: &Record| plan(&config, name, train, &world, Some(record)).unwrap().findings.len();
    assert_eq!(with(&record), 1);
    record.bindings.insert("commit.id".into(), id('e').to_string().into());
    assert_eq!(with(&record), 0);
}

#[track_caller]
fn version(request: &str, tags: &[&str], written: &str, expected: Result<&str, &str>) {
    let mut world = world();
    world.git.tags = tags
        .iter()
        .map(|tag| (tag.parse().unwrap(), TagPlaces { local: Some(id('a')), remote: None, reachable: true }))
        .collect();
    for site in &mut world.sites {
        site.stated = Ok((1, written.to_owned()));
    }
    world.request = match ReleaseKind::ALL.into_iter().find(|kind| kind.as_str() == request) {
        Some(kind) => Request::Kind(kind),
        None => Request::Version(request.to_owned()),
    };
    match (planned(&world), expected) {
        (Ok(planned), Ok(expected)) => assert_eq!(planned.plan.version, expected),
        (Err(refusal), Err(words)) => assert!(refusal.to_string().contains(words), "{refusal}"),
        (outcome, _) => panic!("{outcome:?}"),
    }
}

#[test]
fn the_version_counts_from_the_last_final_release() {
    version("minor", &["v0.1.0"], "0.1.1-dev", Ok("0.2.0"));
    version("patch", &["v0.1.0"], "0.1.1-dev", Ok("0.1.1"));
    version("major", &["v0.1.0"], "0.1.1-dev", Ok("1.0.0"));
    version("minor", &["v0.1.0", "v0.2.0rc1", "nightly", "v0.10.0x"], "0.1.1-dev", Ok("0.2.0"));
    version("patch", &["v0.9.0", "v0.10.0"], "0.10.0", Ok("0.10.1"));
    version("minor", &[], "0.3.0.dev0", Ok("0.3.0"));
    version("1.0.0", &["v0.1.0"], "0.1.1-dev", Ok("1.0.0"));
    version("patch", &["v0.2.0"], "0.3.0-dev", Err("0.2.1 would lower the version: the files state 0.3.0"));
    version("1..0", &["v0.1.0"], "0.1.1-dev", Err("`1..0` is no version"));
}

#[test]
fn selections_name_steps_phases_and_packages() {
    let plan = fixtures::plan();
    let choose = |selection: Selection| selection.choose(&plan).map(|chosen| chosen.len());
    assert_eq!(choose(Selection::default()).unwrap(), plan.steps.len());
    assert_eq!(choose(Selection { only: vec!["demo".into()], ..Selection::default() }).unwrap(), 3);
    assert_eq!(choose(Selection { only: vec!["gate".into()], ..Selection::default() }).unwrap(), 2);
    assert_eq!(choose(Selection { from: Some("next".into()), ..Selection::default() }).unwrap(), 4);
    assert_eq!(
        choose(Selection { skip: vec!["announce".into()], ..Selection::default() }).unwrap(),
        plan.steps.len() - 1
    );
    let error = choose(Selection { only: vec!["pubish".into()], ..Selection::default() }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no step, phase or package of this plan is called `pubish`; did you mean `publish`?"
    );
}
