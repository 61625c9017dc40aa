//! Figures of one format, and the table of all.

use std::collections::BTreeMap;
use std::time::Duration;

/// The figures of one format.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    pub(super) files: usize,
    pub(super) distinct: usize,
    pub(super) bytes: usize,
    pub(super) read: usize,
    /// Reasons for refusing, without what is particular to one file.
    pub(super) refused: BTreeMap<String, usize>,
    pub(super) sites: usize,
    pub(super) unfit: usize,
    /// Reasons for leaving an edit to the tool of a lock file.
    pub(super) left: BTreeMap<String, usize>,
    pub(super) failures: usize,
    /// How long reading each file once took, and everything.
    pub(super) reading: Duration,
    pub(super) whole: Duration,
}

/// A Markdown table with a line for each format, and what was refused below.
pub(super) fn table(figures: &BTreeMap<&'static str, Figures>) -> String {
    let mut text =
        "| format | files | distinct | MB | read | refused | edited | left to a tool or unfit | failures \
                    | MB/s | s |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for (name, figures) in figures {
        let megabytes = megabytes(figures.bytes);
        let seconds = figures.reading.as_secs_f64();
        let speed = if seconds > 0.0 { megabytes / seconds } else { 0.0 };
        text.push_str(&format!(
            "| {name} | {} | {} | {megabytes:.1} | {} | {} | {} | {} | {} | {speed:.0} | {:.1} |\n",
            figures.files,
            figures.distinct,
            figures.read,
            figures.refused.values().sum::<usize>(),
            figures.sites,
            figures.unfit + figures.left.values().sum::<usize>(),
            figures.failures,
            figures.whole.as_secs_f64(),
        ));
    }
    for (name, figures) in figures {
        for (what, reasons) in [("refused", &figures.refused), ("left to its tool", &figures.left)] {
            let mut reasons: Vec<(&String, &usize)> = reasons.iter().collect();
            reasons.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), (*reason).clone()));
            for (reason, count) in reasons {
                text.push_str(&format!("\n{name}: {count} {what}: {reason}"));
            }
        }
    }
    text
}

fn megabytes(bytes: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let bytes = bytes as f64;
    bytes / 1e6
}

/// A message without what is particular to one file: quoted text and numbers.
pub(super) fn reason(message: &str) -> String {
    let line = message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut text = String::new();
    let mut quote = None;
    for c in line.chars().take(300) {
        match quote {
            Some(end) if c == end => {
                quote = None;
                text.push('…');
                text.push(c);
            }
            Some(_) => {}
            None if c == '`' || c == '"' => {
                quote = Some(c);
                text.push(c);
            }
            None if c.is_ascii_digit() => {
                if !text.ends_with('N') {
                    text.push('N');
                }
            }
            None => text.push(c),
        }
    }
    text.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::{Figures, reason, table};

    #[test]
    fn a_reason_has_nothing_of_one_file() {
        assert_eq!(reason("line 12, column 7: `demo` twice\nmore"), "line N, column N: `…` twice");
        assert_eq!(reason("\n\"a\" is no version"), "\"…\" is no version");
        assert_eq!(reason(""), "");
    }

    #[test]
    fn the_table_has_a_line_for_each_format() {
        let figures = Figures {
            files: 3,
            distinct: 2,
            bytes: 4_000_000,
            read: 1,
            refused: BTreeMap::from([("no".to_owned(), 1)]),
            sites: 5,
            unfit: 1,
            left: BTreeMap::from([("moves".to_owned(), 2)]),
            failures: 0,
            reading: Duration::from_millis(500),
            whole: Duration::from_secs(2),
        };
        let text = table(&BTreeMap::from([("go.mod", figures)]));
        assert!(text.contains("| go.mod | 3 | 2 | 4.0 | 1 | 1 | 5 | 3 | 0 | 8 | 2.0 |"), "{text}");
        assert!(text.ends_with("\ngo.mod: 1 refused: no\ngo.mod: 2 left to its tool: moves"), "{text}");
    }
}
