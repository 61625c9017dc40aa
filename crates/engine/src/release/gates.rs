//! What people decide: gates, preconditions, once-steps in doubt, steps that are given up.

use super::{ReleaseError, Session, open_record, read_plan};
use crate::plan::{Action, Class, Plan, StepId};
use crate::record::{Decision, Once, Record, RecordStore as _, Verdict};

/// What a person decides about a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateAction {
    /// It is done: a gate is passed, a once-step of unknown outcome was sent.
    Pass,
    /// It is not, and the release goes on.
    Waive,
    /// Forget the decision; a once-step of unknown outcome was not sent and may be tried again.
    Retry,
}

impl Session<'_> {
    /// Records what a person decides.
    ///
    /// # Errors
    /// No release is open, or it has nothing of that name.
    pub fn gate(&self, action: GateAction, name: &str, why: Option<&str>) -> Result<String, ReleaseError> {
        let (mut record, revision) =
            open_record(&self.records, &self.train)?.ok_or(ReleaseError::NoneOpen)?;
        let plan = read_plan(&self.state, &record)?;
        let gates = Gates::of(&plan);
        let version = record.version.clone();
        // A precondition goes by its own name, also where its step is named.
        let name = name.strip_prefix("require:").unwrap_or(name);
        let once = StepId::new(name);
        let said = if gates.once.contains(&once) {
            match (action, record.once.get(&once)) {
                (GateAction::Pass, Some(Once::Begun)) | (GateAction::Waive, _) => {
                    record.once.insert(once, Once::Ended);
                    format!("{name} of {version} counts as sent")
                }
                (GateAction::Retry, Some(Once::Begun)) => {
                    record.once.remove(&once);
                    format!("{name} of {version} will be sent when the release goes on")
                }
                (GateAction::Pass | GateAction::Retry, _) => {
                    let text = format!("{name} of {version} is not in doubt: there is nothing to settle");
                    return Err(ReleaseError::GateMisfit(text));
                }
            }
        } else if gates.people.iter().any(|gate| gate == name) {
            if action == GateAction::Pass && !record.asked.contains(name) {
                return Err(ReleaseError::GateMisfit(format!(
                    "the gate `{name}` of {version} is not reached yet: what it is about does not exist"
                )));
            }
            self.decide(&mut record, action, name, why)
        } else if gates.requirements.iter().any(|gate| gate == name) {
            if action == GateAction::Pass {
                let text = format!(
                    "`{name}` is a precondition: it holds or it is waived, with a reason: `tminus gate waive {name} --why \"…\"`"
                );
                return Err(ReleaseError::GateMisfit(text));
            }
            if action == GateAction::Waive && why.is_none_or(|why| why.trim().is_empty()) {
                return Err(ReleaseError::GateMisfit(format!(
                    "waiving `{name}` needs a reason: --why \"…\""
                )));
            }
            self.decide(&mut record, action, name, why)
        } else if plan.step(&once).is_some() {
            // Any step may be given up by a named person with a reason, so that no release is stuck for good.
            if action == GateAction::Pass {
                let text = format!(
                    "`{name}` is a step: the world says whether it is done; `tminus gate waive {name} --why \"…\"` gives it up"
                );
                return Err(ReleaseError::GateMisfit(text));
            }
            if action == GateAction::Waive && carries(&plan, &once) {
                let text = format!(
                    "the rest of the release rests on `{name}`, so it cannot be given up; as long as nothing has left this machine, another `tminus release` takes this one's place"
                );
                return Err(ReleaseError::GateMisfit(text));
            }
            if action == GateAction::Waive && why.is_none_or(|why| why.trim().is_empty()) {
                return Err(ReleaseError::GateMisfit(format!(
                    "giving up `{name}` needs a reason: --why \"…\""
                )));
            }
            self.decide(&mut record, action, name, why)
        } else {
            return Err(ReleaseError::NoGate { name: name.to_owned(), version, known: gates.known() });
        };
        self.records.save(&record, Some(&revision))?;
        Ok(said)
    }

    fn decide(&self, record: &mut Record, action: GateAction, name: &str, why: Option<&str>) -> String {
        let version = record.version.clone();
        let (verdict, word) = match action {
            GateAction::Pass => (Verdict::Passed, "passed"),
            GateAction::Waive => (Verdict::Waived, "waived"),
            GateAction::Retry => {
                record.gates.remove(name);
                return format!("{name} of {version} is open again");
            }
        };
        let decision = Decision {
            verdict,
            by: self.context.user.clone(),
            on: self.context.today.to_string(),
            why: why.map(str::to_owned),
        };
        record.gates.insert(name.to_owned(), decision);
        format!("{name} of {version} is {word} by {}", self.context.user)
    }
}

/// What people can decide about in a plan.
struct Gates {
    people: Vec<String>,
    requirements: Vec<String>,
    once: Vec<StepId>,
}

impl Gates {
    fn of(plan: &Plan) -> Self {
        let mut gates = Self { people: Vec::new(), requirements: Vec::new(), once: Vec::new() };
        for step in &plan.steps {
            match &step.action {
                Action::Gate { name, .. } => gates.people.push(name.clone()),
                Action::Require { requirement } => gates.requirements.push(requirement.name().to_owned()),
                _ if step.class == Class::Once => gates.once.push(step.id.clone()),
                _ => {}
            }
        }
        gates
    }

    fn known(&self) -> String {
        let once = self.once.iter().map(StepId::as_str);
        let all: Vec<_> =
            self.people.iter().chain(&self.requirements).map(String::as_str).chain(once).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    }
}

/// Whether others rest on a step: they use its outputs, or it is the push.
fn carries(plan: &Plan, step: &StepId) -> bool {
    let reference = format!("${{{step}.");
    let used = |other: &crate::plan::Step| {
        serde_json::to_string(&other.action).is_ok_and(|action| action.contains(&reference))
    };
    matches!(plan.step(step).map(|step| &step.action), Some(Action::Push { .. }))
        || plan.steps.iter().any(used)
}
