use crate::{CheckName, Finding, Verdict};

/// A milestone as the rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneFacts {
    /// Its exact title.
    pub title: String,
    /// Whether it is closed.
    pub closed: bool,
    /// What is open in it: issues and pull requests.
    pub open: Vec<MilestoneItem>,
}

/// An open issue or pull request in a milestone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MilestoneItem {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Whether it is a pull request.
    pub is_pull_request: bool,
}

/// What becomes of the issues that are open when a milestone is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OpenIssues {
    /// They stop the release.
    #[default]
    MustBeClosed,
    /// They are moved to a later milestone by the release.
    Deferred,
}

/// Whether the milestone `title` lets its release go.
///
/// A closed milestone is a go whatever is open in it: somebody closed it, and a release that is run again after it
/// closed the milestone must not stop there. Facts about a milestone of another title count as a missing one.
pub fn milestone_ready(milestone: Option<&MilestoneFacts>, title: &str, open: OpenIssues) -> Verdict {
    let Some(milestone) = milestone.filter(|milestone| milestone.title == title) else {
        let missing = Finding {
            what: format!("milestone {title}"),
            why: "it does not exist".to_owned(),
            remedy: "create it, or change the milestone of this release in tminus.toml".to_owned(),
        };
        return Verdict::from_reasons(CheckName::MILESTONE, vec![missing]);
    };
    let mut items = milestone.open.clone();
    items.sort();
    items.dedup();
    let go = || Verdict::from_reasons(CheckName::MILESTONE, Vec::new());
    match open {
        _ if milestone.closed => {
            let left =
                |item: &MilestoneItem| format!("{} is open in the closed milestone {title}", named(item));
            go().with_notes(items.iter().map(left).collect())
        }
        OpenIssues::Deferred => {
            let moved = |item: &MilestoneItem| format!("{} will be moved to a later milestone", named(item));
            go().with_notes(items.iter().map(moved).collect())
        }
        OpenIssues::MustBeClosed => {
            let reasons = items.iter().map(|item| still_open(item, title)).collect();
            Verdict::from_reasons(CheckName::MILESTONE, reasons)
        }
    }
}

fn named(item: &MilestoneItem) -> String {
    let kind = if item.is_pull_request { "pull request" } else { "issue" };
    format!("{kind} #{} \"{}\"", item.number, item.title)
}

fn still_open(item: &MilestoneItem, title: &str) -> Finding {
    let end = if item.is_pull_request { "merge or close it" } else { "close it" };
    Finding {
        what: named(item),
        why: format!("it is open in milestone {title}"),
        remedy: format!("{end}, or move it to a later milestone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use proptest::prelude::*;

    fn item(number: u64, title: &str, is_pull_request: bool) -> MilestoneItem {
        MilestoneItem { number, title: title.into(), is_pull_request }
    }

    fn facts(closed: bool, open: Vec<MilestoneItem>) -> MilestoneFacts {
        MilestoneFacts { title: "1.2.0".into(), closed, open }
    }

    #[track_caller]
    fn check(milestone: Option<&MilestoneFacts>, open: OpenIssues, reasons: &[&str], notes: &[&str]) {
        let verdict = milestone_ready(milestone, "1.2.0", open);
        let told: Vec<String> = match &verdict.outcome {
            Outcome::Go => Vec::new(),
            Outcome::NoGo { reasons } => reasons.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        };
        assert_eq!((told, verdict.notes), (owned(reasons), owned(notes)));
        assert_eq!(verdict.check, CheckName::MILESTONE);
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn open_things_stop_it_unless_they_may_be_moved() {
        let both = facts(false, vec![item(9, "Add sparse", true), item(7, "Crash", false)]);
        check(
            Some(&both),
            OpenIssues::MustBeClosed,
            &[
                "issue #7 \"Crash\": it is open in milestone 1.2.0; close it, or move it to a later milestone",
                "pull request #9 \"Add sparse\": it is open in milestone 1.2.0; \
                 merge or close it, or move it to a later milestone",
            ],
            &[],
        );
        check(
            Some(&both),
            OpenIssues::Deferred,
            &[],
            &[
                "issue #7 \"Crash\" will be moved to a later milestone",
                "pull request #9 \"Add sparse\" will be moved to a later milestone",
            ],
        );
        check(Some(&facts(false, Vec::new())), OpenIssues::MustBeClosed, &[], &[]);
    }

    #[test]
    fn a_closed_milestone_is_a_go_and_tells_what_is_left() {
        let closed = facts(true, vec![item(7, "Crash", false)]);
        for open in [OpenIssues::MustBeClosed, OpenIssues::Deferred] {
            check(Some(&closed), open, &[], &["issue #7 \"Crash\" is open in the closed milestone 1.2.0"]);
        }
    }

    #[test]
    fn a_missing_one_stops_it() {
        let missing = "milestone 1.2.0: it does not exist; \
                       create it, or change the milestone of this release in tminus.toml";
        let other = MilestoneFacts { title: "1.20.0".into(), ..facts(true, Vec::new()) };
        for milestone in [None, Some(&other)] {
            check(milestone, OpenIssues::Deferred, &[missing], &[]);
        }
    }

    fn items() -> impl Strategy<Value = Vec<MilestoneItem>> {
        let one = (1..6_u64, "[a-c]{1,2}", any::<bool>());
        prop::collection::vec(one.prop_map(|(number, title, pull)| item(number, &title, pull)), 0..6)
    }

    proptest! {
        #[test]
        fn order_and_repetition_of_facts_change_nothing(
            (open, mixed) in items().prop_flat_map(|all| {
                let twice: Vec<_> = all.iter().chain(&all).cloned().collect();
                (Just(all), Just(twice).prop_shuffle())
            }),
            closed in any::<bool>(),
            rule in prop::sample::select(vec![OpenIssues::MustBeClosed, OpenIssues::Deferred]),
        ) {
            let (one, other) = (facts(closed, open), facts(closed, mixed));
            let verdict = milestone_ready(Some(&one), "1.2.0", rule);
            prop_assert_eq!(&verdict, &milestone_ready(Some(&other), "1.2.0", rule));
            let stops = !closed && rule == OpenIssues::MustBeClosed && !one.open.is_empty();
            prop_assert_eq!(verdict.blocks(), stops);
        }
    }
}
