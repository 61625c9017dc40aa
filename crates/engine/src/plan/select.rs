use std::collections::BTreeSet;

use super::{Plan, StepId};
use crate::config::nearest;

/// Which steps of a plan are carried out: all, or those that the selectors name.
///
/// A selector is a step (`publish:pypi:demo`), a phase (`publish`) or a package (`demo`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these.
    pub only: Vec<String>,
    /// From the first of these on, in the order of the plan.
    pub from: Option<String>,
    /// Not these.
    pub skip: Vec<String>,
}

/// A selector that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no step, phase or package of this plan is called `{selector}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
pub struct SelectionError {
    /// The selector.
    pub selector: String,
    /// What was probably meant.
    pub near: Option<String>,
}

impl Selection {
    /// The chosen steps.
    ///
    /// # Errors
    /// A selector that matches no step.
    pub fn choose(&self, plan: &Plan) -> Result<BTreeSet<StepId>, SelectionError> {
        let matching = |selector: &str| -> Result<Vec<usize>, SelectionError> {
            let found: Vec<usize> = plan
                .steps
                .iter()
                .enumerate()
                .filter(|(_, step)| {
                    step.id.as_str() == selector
                        || step.id.phase() == selector
                        || step.action.package() == Some(selector)
                })
                .map(|(index, _)| index)
                .collect();
            if found.is_empty() {
                let names = plan.steps.iter().flat_map(|step| [step.id.as_str(), step.id.phase()]);
                let near = nearest(selector, names).map(str::to_owned);
                return Err(SelectionError { selector: selector.to_owned(), near });
            }
            Ok(found)
        };
        let mut chosen: BTreeSet<usize> = (0..plan.steps.len()).collect();
        if !self.only.is_empty() {
            chosen.clear();
            for selector in &self.only {
                chosen.extend(matching(selector)?);
            }
        }
        if let Some(selector) = &self.from {
            let first = matching(selector)?.into_iter().min().unwrap_or(0);
            chosen.retain(|index| *index >= first);
        }
        for selector in &self.skip {
            for index in matching(selector)? {
                chosen.remove(&index);
            }
        }
        Ok(chosen.into_iter().filter_map(|index| plan.steps.get(index)).map(|step| step.id.clone()).collect())
    }
}
