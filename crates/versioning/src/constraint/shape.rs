//! Constraints written anew.

use super::keep;
use super::scan::{Scanned, spell};
use super::target::Target;
use super::{Ecosystem, Edit, How, RewriteError, Shape, admission};

/// The replacement of the whole range.
pub(super) fn edits(scanned: &Scanned<'_>, target: &Target, how: How) -> Result<Vec<Edit>, RewriteError> {
    if how.shape != Shape::Drop && !how.allow_lowering {
        // Between alternatives the lowest one counts.
        let checks: Vec<_> = scanned
            .alternatives
            .iter()
            .map(|alternative| keep::check_bounds(scanned, &alternative.clauses, target))
            .collect();
        if checks.iter().all(Result::is_err) {
            checks.into_iter().collect::<Result<(), _>>()?;
        }
    }
    admission::check_module(scanned, target)?;
    // Behind `workspace:` a `*` means the one version of the workspace.
    let in_workspace = scanned.slice(0..scanned.inner.start).contains("workspace:");
    let new = if how.shape == Shape::Drop && in_workspace {
        ">=0.0.0".to_owned()
    } else {
        render(scanned.ecosystem, how.shape, target)?
    };
    let old = scanned.slice(scanned.inner.clone());
    if old == new {
        return Ok(Vec::new());
    }
    Ok(vec![Edit { span: scanned.inner.clone(), old: old.to_owned(), new }])
}

/// The constraint of a shape as its ecosystem writes it.
fn render(ecosystem: Ecosystem, shape: Shape, target: &Target) -> Result<String, RewriteError> {
    let epoch = (target.epoch() > 0).then(|| target.epoch());
    let version = spell(epoch, &target.numbers(target.count()), target.tail());
    let wide = spell(epoch, &target.numbers(target.count().max(3)), target.tail());
    let range = |place: usize| -> Result<String, RewriteError> {
        let overflow = || RewriteError::Overflow { version: target.text().to_owned() };
        let mut numbers = target.next(place).ok_or_else(overflow)?;
        let separator = match ecosystem {
            Ecosystem::Npm => {
                numbers.resize(3, 0);
                " "
            }
            Ecosystem::Cargo => ", ",
            Ecosystem::Python | Ecosystem::Poetry | Ecosystem::Go => ",",
        };
        Ok(format!(">={version}{separator}<{}", spell(epoch, &numbers, "")))
    };
    if ecosystem == Ecosystem::Go {
        return match shape {
            Shape::Keep | Shape::Loosen | Shape::Minimum => Ok(target.text().to_owned()),
            _ => Err(RewriteError::Inexpressible { ecosystem, what: "anything but a minimum version" }),
        };
    }
    Ok(match (shape, ecosystem) {
        (Shape::Exact, Ecosystem::Npm) | (Shape::Caret, Ecosystem::Cargo) => version,
        (Shape::Exact, Ecosystem::Cargo) => format!("={version}"),
        (Shape::Exact, _) => format!("=={version}{}", target.local()),
        // More numbers than three would hold the patch version.
        (Shape::Compatible, Ecosystem::Python) if target.count() > 3 => range(1)?,
        // Two numbers would let the minor version rise.
        (Shape::Compatible, Ecosystem::Python) => format!("~={wide}"),
        (Shape::Compatible, _) => format!("~{wide}"),
        (Shape::Caret, Ecosystem::Python) => {
            let place = (0..3).find(|&place| target.number(place) != 0);
            range(place.unwrap_or(2))?
        }
        (Shape::Caret, _) => format!("^{wide}"),
        (Shape::Minimum, _) => format!(">={version}"),
        (Shape::NextMinor, _) => range(1)?,
        (Shape::NextMajor, _) => range(0)?,
        (Shape::Drop, Ecosystem::Python) => String::new(),
        (Shape::Drop, _) => "*".to_owned(),
        (Shape::Keep | Shape::Loosen, _) => {
            return Err(RewriteError::Inexpressible { ecosystem, what: "a style without a constraint" });
        }
    })
}
