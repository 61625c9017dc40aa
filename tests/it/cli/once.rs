//! What can be done once only: begun and not known to have ended, it is unknown, and a person settles it.

use tminus_sandbox::{Fault, FaultAction};

use super::bed::Bed;

/// The demo, one command before its announcement.
fn ready_to_announce() -> Bed {
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes"]).exits(5);
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5);
    bed.run(&["gate", "pass", "announce"]).exits(0);
    bed
}

/// How often the announcement was sent, whether or not the answer arrived.
fn attempts(bed: &Bed) -> usize {
    bed.sandbox.events().iter().filter(|event| event.path.starts_with("/hooks/")).count()
}

/// The name of the announcement, as `status` lists it.
#[track_caller]
fn name_in_doubt(bed: &Bed) -> String {
    let plan = bed.run(&["plan", "minor", "--json"]);
    let plan = plan.exits(0).json();
    let once: Vec<_> =
        plan["steps"].as_array().unwrap().iter().filter(|step| step["class"] == "once").collect();
    assert_eq!(once.len(), 1, "{plan:#}");
    let name = once[0]["id"].as_str().unwrap().to_owned();
    bed.run(&["status"]).exits(0).says(&[&name]);
    name
}

/// Loses the answer, or the request, of the announcement, and asserts that it is not tried again.
#[track_caller]
fn in_doubt(action: FaultAction) -> (Bed, String) {
    let bed = ready_to_announce();
    bed.sandbox.add_fault(Fault::new("POST", "/hooks/", action));
    // What to do about it is said at once, and each time again.
    for words in [&["resume"][..], &["resume"], &["release", "minor", "--yes"]] {
        bed.run(words).exits(5).says(&["tminus gate pass announce", "tminus gate retry announce"]);
        assert_eq!(attempts(&bed), 1, "never repeated by itself");
    }
    let name = name_in_doubt(&bed);
    (bed, name)
}

#[test]
fn the_answer_is_lost() {
    let (bed, name) = in_doubt(FaultAction::ResetAfter);
    bed.run(&["gate", "pass", &name]).exits(0);
    bed.run(&["resume"]).exits(0);
    assert_eq!(bed.sandbox.webhooks("team").len(), 1);
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
}

#[test]
fn the_request_is_lost() {
    let (bed, name) = in_doubt(FaultAction::ResetBefore);
    assert!(bed.sandbox.webhooks("team").is_empty());
    bed.run(&["gate", "retry", &name]).exits(0);
    bed.run(&["resume"]).exits(0);
    assert_eq!(bed.sandbox.webhooks("team").len(), 1);
    assert_eq!(attempts(&bed), 2);
}
