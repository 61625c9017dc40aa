use crate::{CheckName, Finding, Verdict, label};

/// A pull request as the rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestFacts {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub author: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whether it was merged.
    pub merged: bool,
}

/// Pull requests that the rule leaves out, as release notes leave them out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exclusions {
    /// Those with one of these labels.
    pub labels: Vec<String>,
    /// Those of one of these authors; `dependabot` also names `dependabot[bot]`.
    pub authors: Vec<String>,
}

impl Exclusions {
    fn cover(&self, pull_request: &PullRequestFacts) -> bool {
        let account = |name: &str| name.strip_suffix("[bot]").unwrap_or(name).to_owned();
        let author = account(&pull_request.author);
        label::any_of(&pull_request.labels, &self.labels)
            || self.authors.iter().any(|name| label::same(&account(name), &author))
    }
}

/// Whether every merged pull request has a label: one of `accepted` where that is given, any otherwise.
///
/// Labels compare without case, as forges compare them. An empty `accepted` accepts no label at all.
pub fn pull_requests_labelled(
    pull_requests: &[PullRequestFacts],
    accepted: Option<&[String]>,
    exclude: &Exclusions,
) -> Verdict {
    let fine = |pull_request: &PullRequestFacts| match accepted {
        None => !pull_request.labels.is_empty(),
        Some(accepted) => label::any_of(&pull_request.labels, accepted),
    };
    let reasons = pull_requests
        .iter()
        .filter(|pull_request| pull_request.merged && !exclude.cover(pull_request) && !fine(pull_request))
        .map(|pull_request| (pull_request.number, unlabelled(pull_request, accepted)))
        .collect();
    Verdict::from_numbered(CheckName::LABELS, reasons)
}

fn unlabelled(pull_request: &PullRequestFacts, accepted: Option<&[String]>) -> Finding {
    let what = format!("pull request #{} \"{}\"", pull_request.number, pull_request.title);
    let (why, remedy) = match accepted {
        None => ("it has no label", "give it one".to_owned()),
        Some([]) => ("it has none of the accepted labels", "name accepted labels in tminus.toml".to_owned()),
        Some(accepted) => {
            let mut names: Vec<&str> = accepted.iter().map(String::as_str).collect();
            names.sort_unstable();
            names.dedup();
            ("it has none of the accepted labels", format!("give it one of {}", names.join(", ")))
        }
    };
    Finding { what, why: why.to_owned(), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use proptest::prelude::*;

    fn pull(number: u64, author: &str, labels: &[&str]) -> PullRequestFacts {
        PullRequestFacts {
            number,
            title: "Title".into(),
            author: author.into(),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            merged: true,
        }
    }

    fn names(labels: &[&str]) -> Vec<String> {
        labels.iter().map(|label| (*label).to_owned()).collect()
    }

    #[track_caller]
    fn check(
        pull: &PullRequestFacts,
        accepted: Option<&[&str]>,
        exclude: &Exclusions,
        expected: Option<&str>,
    ) {
        let accepted = accepted.map(names);
        let verdict = pull_requests_labelled(std::slice::from_ref(pull), accepted.as_deref(), exclude);
        let told = match &verdict.outcome {
            Outcome::Go => None,
            Outcome::NoGo { reasons } => Some(reasons[0].to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(told.as_deref(), expected, "{pull:?}");
    }

    #[test]
    fn every_merged_pull_request_needs_a_label() {
        let all = Exclusions::default();
        let bare = Some("pull request #4 \"Title\": it has no label; give it one");
        check(&pull(4, "ada", &[]), None, &all, bare);
        check(&pull(4, "ada", &["odd"]), None, &all, None);
        check(&PullRequestFacts { merged: false, ..pull(4, "ada", &[]) }, None, &all, None);
        let odd =
            "pull request #4 \"Title\": it has none of the accepted labels; give it one of bug, feature";
        check(&pull(4, "ada", &["odd"]), Some(&["feature", "bug"]), &all, Some(odd));
        check(&pull(4, "ada", &["odd", "Bug"]), Some(&["feature", "bug"]), &all, None);
        let none = "pull request #4 \"Title\": it has none of the accepted labels; \
                    name accepted labels in tminus.toml";
        check(&pull(4, "ada", &["odd"]), Some(&[]), &all, Some(none));
    }

    #[test]
    fn exclusions_go_by_label_and_author() {
        let exclude = Exclusions { labels: names(&["ignore-for-release"]), authors: names(&["Dependabot"]) };
        check(&pull(4, "dependabot[bot]", &[]), None, &exclude, None);
        check(&pull(4, "dependabot", &[]), None, &exclude, None);
        check(&pull(4, "ada", &["Ignore-for-release"]), Some(&["bug"]), &exclude, None);
        let bare = Some("pull request #4 \"Title\": it has no label; give it one");
        check(&pull(4, "dependabot-fan", &[]), None, &exclude, bare);
    }

    fn pulls() -> impl Strategy<Value = Vec<PullRequestFacts>> {
        let labels = prop::collection::vec(prop::sample::select(vec!["bug", "feature", "odd"]), 0..3);
        let one = (prop::sample::select(vec!["ada", "bot"]), labels, any::<bool>());
        prop::collection::vec(one, 0..8).prop_map(|all| {
            all.into_iter()
                .zip(1..)
                .map(|((author, labels, merged), number)| PullRequestFacts {
                    merged,
                    ..pull(number, author, &labels)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn order_changes_nothing_and_accepting_more_never_hurts(
            (all, mixed) in pulls().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        ) {
            let exclude = Exclusions { labels: Vec::new(), authors: names(&["bot"]) };
            let (few, more) = (names(&["bug"]), names(&["bug", "feature"]));
            let verdict = pull_requests_labelled(&all, Some(&few), &exclude);
            prop_assert_eq!(&verdict, &pull_requests_labelled(&mixed, Some(&few), &exclude));
            prop_assert!(verdict.blocks() || !pull_requests_labelled(&all, Some(&more), &exclude).blocks());
            let bad = all.iter().filter(|pull| {
                pull.merged && pull.author != "bot" && !pull.labels.contains(&"bug".to_owned())
            });
            let reasons = match verdict.outcome {
                Outcome::NoGo { reasons } => reasons.len(),
                _ => 0,
            };
            prop_assert_eq!(reasons, bad.count());
        }
    }
}
