//! Runs that are cut at every place.
//!
//! The table of places comes from an uninterrupted run of the plan, so a new step is covered as soon as it is
//! planned. Cutting in this process refuses everything that comes after the place, as a killed process would; true
//! SIGKILL is in [`sigkill`], the full matrix of it in `cargo xtask matrix`.

mod sigkill;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tminus_engine::fuse::{At, Blow, Fuse, Limit, Place};
use tminus_engine::{Exit, ReleaseError};

use crate::bed::Bed;

#[test]
fn a_run_that_is_cut_anywhere_and_run_again_ends_the_same() {
    // The first build of the process is a real one; those after it are copies and pass fewer places.
    Bed::new().release(Fuse::endless()).unwrap();
    let (places, expected) = {
        let bed = Bed::new();
        let fuse = Fuse::endless();
        let report = bed.release(fuse.clone()).unwrap();
        assert_eq!(report.exit, Exit::Done, "{:?}", report.steps);
        bed.check_invariants();
        let acted: BTreeSet<String> = fuse
            .places()
            .into_iter()
            .filter(|place| place.at == At::Performed)
            .map(|place| place.step)
            .collect();
        let checks = |step: &&str| !step.starts_with("require:");
        let steps =
            report.steps.iter().map(|step| step.id.as_str()).filter(checks).map(str::to_owned).collect();
        assert_eq!(acted, steps, "every step that does something has places");
        (fuse.places(), bed.state())
    };
    assert!(places.len() > 100, "{}", places.len());
    // Two workers, as CI has two cores; each place is a world of its own.
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(place) = places.get(number) else { return };
                    if catch_unwind(AssertUnwindSafe(|| cut_at(number, place, &expected))).is_err() {
                        failed.lock().unwrap().push(format!(
                            "{number}: {} {}",
                            place.step,
                            place.at.as_str()
                        ));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} places:\n{}", failed.len(), places.len(), failed.join("\n"));
}

fn cut_at(number: usize, place: &Place, expected: &std::collections::BTreeMap<String, serde_json::Value>) {
    let bed = Bed::new();
    let fuse = Fuse::new(Limit::Number(number), Blow::Refuse);
    let outcome = bed.release(fuse.clone());
    assert!(fuse.blown(), "place {number} ({place:?}) was not reached: {outcome:?}");
    match outcome {
        Err(
            ReleaseError::Step { .. }
            | ReleaseError::Refused(_)
            | ReleaseError::Record(_)
            | ReleaseError::Observe(_)
            | ReleaseError::Git(_),
        ) => {}
        other => panic!("cut at {number} ({place:?}) the run went on: {other:?}"),
    }
    bed.finish(number.is_multiple_of(2));
    bed.check_invariants();
    let state = bed.state();
    for (name, value) in expected {
        assert_eq!(state.get(name), Some(value), "{name} differs after a cut at {number} ({place:?})");
    }
}

#[test]
fn a_run_may_be_cut_again_and_again() {
    let bed = Bed::new();
    let mut cuts = 0;
    // Each run gets a few places further than the one before it.
    for length in (3..).step_by(4) {
        let fuse = Fuse::new(Limit::Number(length), Blow::Refuse);
        let outcome = bed.release(fuse.clone());
        if !fuse.blown() {
            if outcome.is_ok_and(|report| report.exit == Exit::Incomplete) {
                bed.settle_announcement();
                continue;
            }
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 5, "{cuts}");
    bed.check_invariants();
}
