//! The words after `cargo xtask`.

use std::collections::VecDeque;
use std::str::FromStr;

/// Words that are taken one by one; what is left at the end was not understood.
#[derive(Debug)]
pub(crate) struct Arguments(VecDeque<String>);

/// A command line that cannot be carried out.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

impl Arguments {
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self(words.into_iter().collect())
    }

    /// The next word that is no option.
    pub(crate) fn word(&mut self) -> Option<String> {
        let at = self.0.iter().position(|word| !word.starts_with('-'))?;
        self.0.remove(at)
    }

    /// Whether this option is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let at = self.0.iter().position(|word| word == name);
        at.and_then(|at| self.0.remove(at)).is_some()
    }

    /// The value of an option. To be asked before [`Arguments::word`], which would take the value.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, Usage> {
        let Some(at) = self.0.iter().position(|word| word == name) else { return Ok(None) };
        self.0.remove(at);
        let text = self.0.remove(at).ok_or_else(|| Usage(format!("{name} needs a value")))?;
        text.parse().map(Some).map_err(|_| Usage(format!("{name} {text}: not a value that it takes")))
    }

    /// Refuses what nobody asked for.
    pub(crate) fn end(self) -> Result<(), Usage> {
        match self.0.front() {
            None => Ok(()),
            Some(word) => Err(Usage(format!("`{word}` is not understood; `cargo xtask` lists what is"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn words_flags_and_values_are_told_apart() {
        let mut given = arguments("matrix --seed 7 --fast --every 3 name");
        assert_eq!(given.word().as_deref(), Some("matrix"));
        assert_eq!(given.value::<u64>("--seed").unwrap(), Some(7));
        assert_eq!(given.value::<usize>("--every").unwrap(), Some(3));
        assert_eq!(given.value::<usize>("--runs").unwrap(), None);
        assert!(given.flag("--fast"));
        assert!(!given.flag("--fast"));
        assert_eq!(given.word().as_deref(), Some("name"));
        given.end().unwrap();
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(arguments("--what").end().unwrap_err().to_string().contains("--what"));
        assert!(arguments("--seed").value::<u64>("--seed").is_err());
        assert!(arguments("--seed x").value::<u64>("--seed").is_err());
    }
}
