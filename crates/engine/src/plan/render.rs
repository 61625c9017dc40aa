use super::{Action, Class, Plan, Step};

/// The plan for a terminal: one line a step, what is irreversible marked.
pub fn text(plan: &Plan) -> String {
    let mut out = String::new();
    let from = plan.previous.as_ref().map(|previous| format!(" (after {previous})")).unwrap_or_default();
    line(&mut out, &format!("Release {} {}{from}", plan.project, plan.version));
    line(
        &mut out,
        &format!("  {} at {}, to {}, planned on {}", plan.branch, plan.base.short(), plan.remote, plan.date),
    );
    for (what, place) in &plan.places {
        line(&mut out, &format!("  {what}: {place}"));
    }
    for note in &plan.notes {
        line(&mut out, &format!("  {note}"));
    }
    line(&mut out, "");
    let width = plan.steps.iter().map(|step| step.id.as_str().chars().count()).max().unwrap_or(0);
    for step in &plan.steps {
        let summary = step.action.summary();
        line(&mut out, &format!("  {} {:width$}  {summary}", mark(step), step.id.as_str()));
        for detail in details(&step.action) {
            line(&mut out, &format!("    {:width$}    {detail}", ""));
        }
    }
    if !plan.not_applicable.is_empty() {
        line(&mut out, "");
        line(&mut out, "  not applicable");
        for absent in &plan.not_applicable {
            line(&mut out, &format!("    {}: {}", absent.what, absent.why));
        }
    }
    line(&mut out, "");
    line(
        &mut out,
        "  ! others see it and it cannot be taken back   ? waits for a person   1 sent once, never repeated",
    );
    out
}

/// The plan as a Markdown table, for a pull request or an issue.
pub fn markdown(plan: &Plan) -> String {
    let mut out = String::new();
    line(&mut out, &format!("## Release {} {}", plan.project, plan.version));
    line(&mut out, "");
    line(&mut out, &format!("`{}` at `{}`, planned on {}.", plan.branch, plan.base.short(), plan.date));
    line(&mut out, "");
    for (what, place) in &plan.places {
        line(&mut out, &format!("- {what}: {place}"));
    }
    for note in &plan.notes {
        line(&mut out, &format!("- {note}"));
    }
    if !plan.places.is_empty() || !plan.notes.is_empty() {
        line(&mut out, "");
    }
    line(&mut out, "| | step | what | after |");
    line(&mut out, "|---|---|---|---|");
    for step in &plan.steps {
        let needs: Vec<_> = step.needs.iter().map(|need| format!("`{need}`")).collect();
        let summary = step.action.summary().replace('|', "\\|");
        let details: String = details(&step.action).iter().map(|detail| format!("<br>`{detail}`")).collect();
        line(
            &mut out,
            &format!("| {} | `{}` | {summary}{details} | {} |", mark(step), step.id, needs.join(", ")),
        );
    }
    for absent in &plan.not_applicable {
        line(
            &mut out,
            &format!("| - | {} | not applicable: {} | |", absent.what, absent.why.replace('|', "\\|")),
        );
    }
    out
}

fn details(action: &Action) -> Vec<String> {
    match action {
        Action::Commit { edits, .. } => edits
            .iter()
            .map(|edit| format!("{}:{}  {} -> {}", edit.path, edit.line, edit.from, edit.to))
            .collect(),
        _ => Vec::new(),
    }
}

fn mark(step: &Step) -> char {
    match (step.class, step.irreversible) {
        (Class::Once, _) => '1',
        (Class::Gate, _) => '?',
        (Class::Convergent, true) => '!',
        (Class::Convergent, false) => ' ',
    }
}

/// Appends a line without the spaces at its end.
fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}
