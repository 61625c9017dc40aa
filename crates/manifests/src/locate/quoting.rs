use crate::Unfit;

/// How a version is delimited in its file, which decides what can be written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// A TOML basic string or a JSON string: backslash escapes exist, and mean the same for what is written here.
    Escaped,
    /// A TOML literal string: no escapes, no `'`.
    Literal,
    /// A Python string in this quote, without escapes.
    Python(char),
    /// The rest of a line in an INI file.
    Line,
    /// An INI value in quotes that are a part of the value for its reader.
    Quoted(char),
    /// The text around it delimits it.
    Pattern,
}

impl Quoting {
    /// The spelling of a value in this place.
    ///
    /// Only text that could be a version in some ecosystem gets here, so that refusing is better than being clever.
    pub(crate) fn spell(self, value: &str) -> Result<String, Unfit> {
        match self {
            Self::Escaped => Ok(value.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Literal if value.contains('\'') => Err(Unfit::Quote { quote: '\'' }),
            Self::Python(quote) | Self::Quoted(quote) if value.contains(quote) => Err(Unfit::Quote { quote }),
            Self::Python(_) if value.contains('\\') => Err(Unfit::Backslash),
            Self::Line if value.starts_with(['"', '\'']) => Err(Unfit::ReadsDifferently),
            Self::Literal | Self::Python(_) | Self::Quoted(_) | Self::Line | Self::Pattern => {
                Ok(value.to_owned())
            }
        }
    }
}
