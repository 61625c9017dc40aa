//! How a Cargo.lock names a package in a list: `name`, `name version` or `name version (source)`.

use std::fmt;

/// The name of a package as it stands in a list. The order is Cargo's: of texts, part by part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) source: Option<String>,
}

impl Entry {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.splitn(3, ' ');
        let name = parts.next().unwrap_or_default().to_owned();
        let version = parts.next().map(str::to_owned);
        let source =
            parts.next().map(|source| source.trim_start_matches('(').trim_end_matches(')').to_owned());
        Self { name, version, source }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        if let Some(version) = &self.version {
            write!(formatter, " {version}")?;
        }
        self.source.as_ref().map_or(Ok(()), |source| write!(formatter, " ({source})"))
    }
}
