use crate::{CheckName, Finding, Verdict, label};

/// An open issue as the rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueFacts {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// Whether it is a pull request, which forges list among the issues.
    pub is_pull_request: bool,
}

/// What makes an issue a bug, and a bug decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BugRule {
    /// The label of a bug.
    pub bug_label: String,
    /// Labels that say that somebody decided: it may wait, it will not be fixed.
    pub decided_labels: Vec<String>,
}

/// Whether somebody decided about every open bug.
///
/// A bug is decided when it has one of the decided labels, or sits in a milestone other than `releasing`: then it was
/// put off on purpose. With `releasing` absent any milestone does. Pull requests are no bugs.
pub fn bugs_decided(open: &[IssueFacts], rule: &BugRule, releasing: Option<&str>) -> Verdict {
    let undecided = |issue: &&IssueFacts| {
        let is_bug = issue.labels.iter().any(|name| label::same(name, &rule.bug_label));
        let put_off = issue.milestone.as_deref().is_some_and(|title| Some(title) != releasing);
        !issue.is_pull_request && is_bug && !put_off && !label::any_of(&issue.labels, &rule.decided_labels)
    };
    let reasons = open.iter().filter(undecided).map(|issue| (issue.number, finding(issue, rule))).collect();
    Verdict::from_numbered(CheckName::BUGS, reasons)
}

fn finding(issue: &IssueFacts, rule: &BugRule) -> Finding {
    let mut names: Vec<&str> = rule.decided_labels.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let label = if names.is_empty() { String::new() } else { format!("label it {}, ", names.join(" or ")) };
    let place = match &issue.milestone {
        Some(title) => format!("move it out of milestone {title}"),
        None => "put it into a later milestone".to_owned(),
    };
    Finding {
        what: format!("issue #{} \"{}\"", issue.number, issue.title),
        why: format!("it is labelled {} and nobody decided about it", rule.bug_label),
        remedy: format!("fix and close it, {label}or {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use proptest::prelude::*;

    fn issue(number: u64, labels: &[&str], milestone: Option<&str>) -> IssueFacts {
        IssueFacts {
            number,
            title: "Crash".into(),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            milestone: milestone.map(str::to_owned),
            is_pull_request: false,
        }
    }

    fn rule() -> BugRule {
        BugRule { bug_label: "bug".into(), decided_labels: vec!["wontfix".into(), "known-issue".into()] }
    }

    #[track_caller]
    fn check(issue: &IssueFacts, releasing: Option<&str>, expected: Option<&str>) {
        let verdict = bugs_decided(std::slice::from_ref(issue), &rule(), releasing);
        let told = match &verdict.outcome {
            Outcome::Go => None,
            Outcome::NoGo { reasons } => Some(reasons[0].to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(told.as_deref(), expected, "{issue:?}");
    }

    #[test]
    fn a_bug_is_decided_by_label_or_by_another_milestone() {
        let now = Some("1.2.0");
        let why = "issue #3 \"Crash\": it is labelled bug and nobody decided about it; fix and close it, label it \
                   known-issue or wontfix, or ";
        let loose = format!("{why}put it into a later milestone");
        let inside = format!("{why}move it out of milestone 1.2.0");
        check(&issue(3, &["Bug"], None), now, Some(&loose));
        check(&issue(3, &["bug"], now), now, Some(&inside));
        check(&issue(3, &["bug"], Some("1.3.0")), now, None);
        check(&issue(3, &["bug"], Some("1.2.0")), None, None);
        check(&issue(3, &["bug"], None), None, Some(&loose));
        check(&issue(3, &["bug", "WontFix"], now), now, None);
        check(&issue(3, &["docs"], now), now, None);
        check(&IssueFacts { is_pull_request: true, ..issue(3, &["bug"], now) }, now, None);
    }

    #[test]
    fn bugs_are_told_by_number() {
        let bugs: Vec<_> = [100, 9, 10].map(|number| issue(number, &["bug"], None)).into();
        let Outcome::NoGo { reasons } = bugs_decided(&bugs, &rule(), None).outcome else { panic!() };
        let told: Vec<&str> = reasons.iter().map(|reason| reason.what.as_str()).collect();
        assert_eq!(told, ["issue #9 \"Crash\"", "issue #10 \"Crash\"", "issue #100 \"Crash\""]);
    }

    #[test]
    fn without_decided_labels_the_remedy_names_none() {
        let rule = BugRule { decided_labels: Vec::new(), ..rule() };
        let verdict = bugs_decided(&[issue(3, &["bug"], None)], &rule, None);
        let Outcome::NoGo { reasons } = verdict.outcome else { panic!("{verdict:?}") };
        assert_eq!(reasons[0].remedy, "fix and close it, or put it into a later milestone");
    }

    fn issues() -> impl Strategy<Value = Vec<IssueFacts>> {
        let labels = prop::collection::vec(prop::sample::select(vec!["bug", "docs", "wontfix"]), 0..3);
        let milestone = prop::option::of(prop::sample::select(vec!["1.2.0", "1.3.0"]));
        prop::collection::vec((labels, milestone), 0..8).prop_map(|all| {
            all.into_iter().zip(1..).map(|((labels, at), number)| issue(number, &labels, at)).collect()
        })
    }

    proptest! {
        #[test]
        fn order_changes_nothing_and_each_undecided_bug_is_told_once(
            (all, mixed) in issues().prop_flat_map(|all| {
                let twice: Vec<_> = all.iter().chain(&all).cloned().collect();
                (Just(all), Just(twice).prop_shuffle())
            }),
        ) {
            let verdict = bugs_decided(&all, &rule(), Some("1.2.0"));
            prop_assert_eq!(&verdict, &bugs_decided(&mixed, &rule(), Some("1.2.0")));
            let has = |issue: &IssueFacts, name: &str| issue.labels.iter().any(|label| label == name);
            let expected = all.iter().filter(|issue| {
                has(issue, "bug") && !has(issue, "wontfix") && issue.milestone.as_deref() != Some("1.3.0")
            });
            let told = match verdict.outcome {
                Outcome::NoGo { reasons } => reasons.len(),
                _ => 0,
            };
            prop_assert_eq!(told, expected.count());
        }
    }
}
