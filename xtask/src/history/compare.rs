//! Two lists of answers, and the table of all.

use std::time::{Duration, Instant};

use anyhow::bail;

use super::side::NotBuilt;
use crate::command::Took;

/// What came of one subject in one repository.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) repository: String,
    pub(super) commits: usize,
    pub(super) tags: usize,
    pub(super) subject: String,
    pub(super) asked: usize,
    pub(super) differing: usize,
    pub(super) ours: Duration,
    pub(super) theirs: Duration,
    /// Why nothing was compared.
    pub(super) lacking: Option<String>,
    /// What else is to be said.
    pub(super) notes: Vec<String>,
}

/// One answer beside the other.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// What was asked, and how a person asks the same of git.
    pub(super) about: String,
    pub(super) again: String,
    pub(super) theirs: Option<String>,
    pub(super) ours: Option<String>,
}

/// Counts, and shows what differs.
pub(super) struct Tally {
    pub(super) shown: usize,
    pub(super) rows: Vec<Row>,
}

impl Tally {
    /// Asks git, then us, and compares. An answer that is not built yet is reported, nothing else.
    ///
    /// # Errors
    /// A side fails.
    pub(super) fn subject<A>(
        &mut self,
        mut row: Row,
        theirs: impl FnOnce() -> anyhow::Result<A>,
        ours: impl FnOnce() -> anyhow::Result<A>,
        pairs: impl FnOnce(A, A) -> Vec<Pair>,
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        let our = match ours() {
            Ok(answers) => answers,
            Err(error) if error.is::<NotBuilt>() => {
                row.lacking = Some(error.to_string());
                self.end(row);
                return Ok(());
            }
            // A failure of ours is a finding: other subjects are asked all the same.
            Err(error) => {
                row.lacking = Some(format!("failed: {error:#}"));
                self.end(row);
                return Ok(());
            }
        };
        row.ours = start.elapsed();
        let start = Instant::now();
        let their = theirs()?;
        row.theirs = start.elapsed();
        self.counted(row, pairs(their, our));
        Ok(())
    }

    /// Counts answers that are there already.
    pub(super) fn counted(&mut self, mut row: Row, pairs: Vec<Pair>) {
        for pair in pairs {
            row.asked += 1;
            if pair.theirs != pair.ours {
                row.differing += 1;
                if row.differing <= self.shown {
                    println!("{}, {}: {}", row.repository, row.subject, pair);
                }
            }
        }
        self.end(row);
    }

    /// A row that is done.
    pub(super) fn end(&mut self, row: Row) {
        println!("{}", line(&row));
        self.rows.push(row);
    }

    /// The table; an error where something differs or was not asked.
    ///
    /// # Errors
    /// As it says.
    pub(super) fn close(&self) -> anyhow::Result<()> {
        println!("\n{}", table(&self.rows));
        let differing: usize = self.rows.iter().map(|row| row.differing).sum();
        let lacking = self.rows.iter().filter(|row| row.lacking.is_some()).count();
        let asked: usize = self.rows.iter().map(|row| row.asked).sum();
        if differing > 0 || lacking > 0 {
            bail!("{differing} of {asked} answers differ; {lacking} subjects were not compared");
        }
        println!("{asked} answers, all the same");
        Ok(())
    }
}

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |answer: &Option<String>| match answer {
            None => "nothing".to_owned(),
            Some(text) if text.chars().count() > 600 => {
                format!("{:?}…", text.chars().take(600).collect::<String>())
            }
            Some(text) => format!("{text:?}"),
        };
        write!(f, "{}\n  theirs: {}\n  ours:   {}", self.about, text(&self.theirs), text(&self.ours))?;
        if !self.again.is_empty() {
            write!(f, "\n  $ {}", self.again)?;
        }
        Ok(())
    }
}

fn line(row: &Row) -> String {
    let mut text = format!("{}, {}: ", row.repository, row.subject);
    match &row.lacking {
        Some(lacking) => text.push_str(lacking),
        None => text.push_str(&format!(
            "{} asked, {} differ; ours {}, git {}",
            row.asked,
            row.differing,
            Took(row.ours),
            Took(row.theirs)
        )),
    }
    for note in &row.notes {
        text.push_str("; ");
        text.push_str(note);
    }
    text
}

/// A Markdown table, with the sums of each subject below.
fn table(rows: &[Row]) -> String {
    let mut text =
        "| repository | commits | tags | subject | asked | equal | differing | ours, s | git, s |\n\
                    |---|---:|---:|---|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for row in rows {
        let figures = match &row.lacking {
            Some(lacking) => format!("{} | | | | ", lacking.replace('|', "/").replace('\n', " ")),
            None => format!(
                "{} | {} | {} | {:.2} | {:.2}",
                row.asked,
                row.asked.saturating_sub(row.differing),
                row.differing,
                row.ours.as_secs_f64(),
                row.theirs.as_secs_f64()
            ),
        };
        text.push_str(&format!(
            "| {} | {} | {} | {} | {figures} |\n",
            row.repository, row.commits, row.tags, row.subject
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::side::NotBuilt;
    use super::{Pair, Row, Tally, table};

    fn row(subject: &str) -> Row {
        Row { repository: "r".to_owned(), commits: 3, tags: 1, subject: subject.to_owned(), ..Row::default() }
    }

    fn pairs(theirs: Vec<&str>, ours: Vec<&str>) -> Vec<Pair> {
        let pair = |(theirs, ours): (&str, &str)| Pair {
            about: "x".to_owned(),
            again: "git x".to_owned(),
            theirs: Some(theirs.to_owned()),
            ours: Some(ours.to_owned()),
        };
        theirs.into_iter().zip(ours).map(pair).collect()
    }

    #[test]
    fn what_differs_is_counted_and_fails() {
        let mut tally = Tally { shown: 1, rows: Vec::new() };
        tally.subject(row("s"), || Ok(vec!["a", "b"]), || Ok(vec!["a", "b"]), pairs).unwrap();
        tally.close().unwrap();
        tally.subject(row("s"), || Ok(vec!["a", "b"]), || Ok(vec!["a", "c"]), pairs).unwrap();
        assert_eq!((tally.rows[1].asked, tally.rows[1].differing), (2, 1));
        let error = tally.close().unwrap_err().to_string();
        assert_eq!(error, "1 of 4 answers differ; 0 subjects were not compared");
    }

    #[test]
    fn what_is_not_built_fails_too_and_git_is_not_asked() {
        let mut tally = Tally { shown: 1, rows: Vec::new() };
        let theirs = || -> anyhow::Result<Vec<&str>> { panic!("nobody asks") };
        tally.subject(row("s"), theirs, || Err(NotBuilt("x").into()), pairs).unwrap();
        assert!(tally.close().unwrap_err().to_string().contains("1 subjects"), "{:?}", tally.rows);
        let figures = Row { asked: 9, differing: 2, ours: Duration::from_millis(1500), ..row("log") };
        assert!(table(&[figures]).contains("| r | 3 | 1 | log | 9 | 7 | 2 | 1.50 | 0.00 |"));
    }
}
