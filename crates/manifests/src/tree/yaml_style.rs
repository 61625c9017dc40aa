//! How a value is spelled in YAML so that every reader takes it as the same text.
//!
//! Readers differ: YAML 1.1 (PyYAML, libyaml, Psych) knows `yes`, `1:30`, `0777`, `1_000` and dates, the core schema
//! of YAML 1.2 knows `0o17` and `1e5`, and Go's reader knows both. What any of them could take for something else
//! than a text is written in quotes.

use crate::Unfit;

/// What some reader takes for a truth value, for nothing, or for a mark of its own.
const WORDS: [&str; 12] = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"];

/// The style of a scalar on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// Without quotes.
    Plain {
        /// Inside of `[]` or `{}`.
        flow: bool,
        /// Whether the old value is a number for some reader.
        number: bool,
    },
    /// A part of a scalar without quotes, to which none can be given.
    Part {
        /// Inside of `[]` or `{}`.
        flow: bool,
    },
    /// In `'`, which is doubled inside.
    Single,
    /// In `"`, with backslash escapes.
    Double,
    /// With an anchor or a tag: not edited.
    Fixed,
}

impl Style {
    /// The spelling of a value in the place of one in this style.
    ///
    /// A plain scalar gets double quotes where the new value would not be read as the text that it is. Where the old
    /// value was a number for its readers already, a number stays plain if it comes back as it is written: `1.1` and
    /// `2.0` for `1.0`, but `"1.10"`.
    pub(crate) fn spell(self, value: &str) -> Result<String, Unfit> {
        // Line breaks of YAML 1.1, a byte order mark, and what no YAML text may hold.
        if value.contains(['\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{ffff}']) {
            return Err(Unfit::White);
        }
        match self {
            Self::Plain { flow, number } => {
                let reads = reads_as_text(value) || (number && is_lasting_number(value));
                let plain = fits_plain(value, flow) && reads;
                Ok(if plain { value.to_owned() } else { format!("\"{}\"", escaped(value)) })
            }
            Self::Part { .. } if value.is_empty() => Err(Unfit::Empty),
            Self::Part { flow } if fits_part(value, flow) => Ok(value.to_owned()),
            Self::Single => Ok(value.replace('\'', "''")),
            Self::Double => Ok(escaped(value)),
            Self::Part { .. } | Self::Fixed => Err(Unfit::ReadsDifferently),
        }
    }

    /// The style of a part of a value, with what stands around the part; nothing where the whole could become a number.
    pub(crate) fn part(self, before: &str, after: &str) -> Option<Self> {
        match self {
            Self::Plain { .. } if before.is_empty() && after.is_empty() => Some(self),
            Self::Plain { flow, .. } => stays_text(before, after).then_some(Self::Part { flow }),
            _ => Some(self),
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Whether the grammar of plain scalars takes a value, in any place.
fn fits_plain(value: &str, flow: bool) -> bool {
    let indicator = |first: char| "-?:,[]{}#&*!|>'\"%@`".contains(first);
    let mut characters = value.chars();
    let start = match (characters.next(), characters.next()) {
        (Some('-'), Some(second)) => !second.is_whitespace() && !"-,[]{}".contains(second),
        (Some(first), _) => !indicator(first),
        (None, _) => false,
    };
    // `---` and `...` end a document at the start of a line.
    start && !value.starts_with("...") && value.trim() == value && fits_part(value, flow)
}

fn fits_part(value: &str, flow: bool) -> bool {
    let breaks = value.contains(": ") || value.contains(" #") || value.contains('\t');
    let edge = value.starts_with(['#', ' ']) || value.ends_with([':', ' ']);
    // In brackets, old readers stop at every `:` and `?`.
    let brackets = flow && value.contains([',', '[', ']', '{', '}', ':', '?']);
    !(breaks || edge || brackets)
}

/// Whether a plain scalar says nothing.
pub(super) fn is_null(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether every reader takes a plain scalar as a text.
pub(super) fn reads_as_text(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let word = lower.is_empty() || WORDS.contains(&lower.as_str());
    !word && !is_number(&lower) && !is_date(&lower)
}

/// Whether some reader takes a plain scalar for a number.
pub(super) fn reads_as_number(value: &str) -> bool {
    is_number(&value.to_ascii_lowercase())
}

/// A number of any reader, in lower case.
fn is_number(value: &str) -> bool {
    let digits: String = value.chars().filter(|character| !matches!(character, '_' | ',')).collect();
    let digits = digits.strip_prefix(['+', '-']).unwrap_or(&digits);
    let all = |text: &str, radix: u32| text.chars().all(|digit| digit.is_digit(radix));
    let radix = |prefix: &str, radix| {
        digits.strip_prefix(prefix).is_some_and(|rest| all(rest.trim_start_matches(['+', '-']), radix))
    };
    let sixty = digits.contains(':')
        && digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|character| character.is_ascii_digit() || ":.".contains(character));
    matches!(digits, ".inf" | ".nan")
        || radix("0x", 16)
        || radix("0o", 8)
        || radix("0b", 2)
        || sixty
        || is_decimal(digits)
}

/// `1`, `1.`, `.5`, `1.5e-3`; some readers need no digit but those of the exponent: `e10`.
fn is_decimal(value: &str) -> bool {
    let (number, exponent) = value.split_once('e').unwrap_or((value, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && !exponent.is_empty()
}

/// A date, with or without a time: `2024-01-05`, `2024-1-5 10:00:00`, `2024-01-05t10:00:00z`.
fn is_date(value: &str) -> bool {
    let day = value.split(['t', ' ', '\t']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    let number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, 4) && year.len() == 4 && number(month, 2) && number(day, 2))
}

/// A number that every reader prints as it is written, but for a last `.0`.
fn is_lasting_number(value: &str) -> bool {
    // Fewer digits than a double keeps.
    const DIGITS: usize = 15;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && value.len() <= DIGITS
        && (whole == "0" || !whole.starts_with('0'))
        && (fraction == "0" || !fraction.ends_with('0'))
}

/// Whether a scalar reads as a text whatever is put between two parts of it.
fn stays_text(before: &str, after: &str) -> bool {
    let in_number =
        |character: char| character.is_ascii_hexdigit() || "xXoOtTzZiInN+-._:, \t".contains(character);
    let starts_number = before.is_empty()
        || before.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let (start, end) = (before.to_ascii_lowercase(), after.to_ascii_lowercase());
    let word = WORDS.iter().any(|word| word.starts_with(&start) && word.ends_with(&end));
    !word && (!starts_number || before.chars().chain(after.chars()).any(|character| !in_number(character)))
}
