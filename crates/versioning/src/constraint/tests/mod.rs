use super::*;

mod laws;
mod satisfies;
mod shapes;
mod width;

/// How [`rewrite`] ends, in the words of the tables.
fn outcome(ecosystem: Ecosystem, text: &str, to: &str, how: How) -> String {
    let error = match rewrite(ecosystem, text, to, how) {
        Ok(rewritten) => {
            let reference = match rewritten.outcome() {
                Outcome::Changed => return rewritten.text().to_owned(),
                Outcome::Unchanged => {
                    assert_eq!(rewritten.edits(), []);
                    assert_eq!(rewritten.text(), text);
                    return "=".to_owned();
                }
                Outcome::Reference(reference) => reference,
            };
            assert_eq!(rewritten.text(), text);
            assert_eq!(rewritten.admits(), None);
            let name = match reference {
                Reference::Workspace => "workspace",
                Reference::Catalog => "catalog",
                Reference::Path => "path",
                Reference::Repository => "repository",
                Reference::Url => "url",
                Reference::Tag => "tag",
                Reference::Package => "package",
            };
            return format!("= {name}");
        }
        Err(error) => error,
    };
    let name = match error {
        RewriteError::Constraint(_) => "constraint",
        RewriteError::Version(_) => "version",
        RewriteError::WouldLower { .. } => "would lower",
        RewriteError::NotAdmitted { .. } => "not admitted",
        RewriteError::Inexpressible { .. } => "inexpressible",
        RewriteError::OtherModule { .. } => "other module",
        RewriteError::Overflow { .. } => "overflow",
    };
    format!("! {name}")
}

fn ecosystem(name: &str) -> Ecosystem {
    Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.to_string().to_lowercase() == name).unwrap()
}

/// The rows of [`keep.tsv`](../keep.tsv): ecosystem, constraint, version, result.
fn rows() -> Vec<[&'static str; 4]> {
    let lines = include_str!("keep.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap()).collect()
}

#[test]
fn the_style_is_kept() {
    let mut wrong = Vec::new();
    for [name, text, to, expected] in rows() {
        let result = outcome(ecosystem(name), text, to, How::default());
        if result != expected {
            wrong.push(format!("{name} {text:?} to {to}: {result:?} instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows().len() > 150);
}
