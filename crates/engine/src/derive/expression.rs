//! Tag expressions of Python, run by `fancy-regex`.
//!
//! The two syntaxes are near to each other. What means something else is translated; what has no counterpart is refused,
//! never run with another meaning. Known to differ all the same: `\w` and `\s` over a few characters beyond ASCII.

use fancy_regex::{Regex, RegexBuilder};
use tminus_versioning::scm::{TagMatch, TagReader};

use super::DeriveError;
use super::settings::refused;
use super::table::Entry;

/// An expression is no longer.
const LIMIT_BYTES: usize = 4096;
/// What it is compiled to is no larger.
const LIMIT_COMPILED: usize = 1 << 20;
/// Steps of backtracking before a tag counts as one that does not match.
const LIMIT_STEPS: usize = 1_000_000;

/// A tag expression that was read and compiled.
#[derive(Debug)]
pub(super) struct Expression {
    regex: Regex,
    group: usize,
}

impl Expression {
    /// Reads the expression under a key.
    pub(super) fn read(key: &str, entry: &Entry) -> Result<Self, DeriveError> {
        Self::new(entry.text(key)?).map_err(|why| {
            refused(
                entry,
                &format!("`{key}`: {why}"),
                "write an expression with one group, or with one that is named `version`",
            )
        })
    }

    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        if pattern.len() > LIMIT_BYTES {
            return Err(format!("the expression is longer than {LIMIT_BYTES} bytes"));
        }
        let regex = RegexBuilder::new(&translated(pattern)?)
            .backtrack_limit(LIMIT_STEPS)
            .delegate_size_limit(LIMIT_COMPILED)
            .build()
            .map_err(|error| format!("the expression cannot be read: {error}"))?;
        // The whole match is the first of them.
        let groups = regex.captures_len() - 1;
        let named = regex.capture_names().position(|name| name == Some("version"));
        let group = match (groups, named) {
            (0, _) => return Err("the expression has no group".to_owned()),
            (1, _) => 1,
            (_, Some(named)) => named,
            (_, None) => {
                return Err("the expression has several groups, none of them named `version`".to_owned());
            }
        };
        Ok(Self { regex, group })
    }
}

impl TagReader for Expression {
    fn read<'t>(&self, tag: &'t str) -> Option<TagMatch<'t>> {
        let captures = self.regex.captures(tag).ok()??;
        let whole = captures.get(0)?;
        // The search gives the leftmost match, so that one at the beginning is found if there is one: `re.match`.
        if whole.start() != 0 {
            return None;
        }
        Some(match captures.get(self.group) {
            Some(version) => {
                TagMatch { version: version.as_str(), suffix: tag.get(version.end()..whole.end())? }
            }
            None => TagMatch { version: "", suffix: "" },
        })
    }
}

/// The expression in the syntax of the other engine.
fn translated(pattern: &str) -> Result<String, String> {
    let mut translation = Translation { rest: pattern.chars().peekable(), text: String::new() };
    translation.run()?;
    Ok(translation.text)
}

struct Translation<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    text: String,
}

impl Translation<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(next) = self.rest.next() {
            match next {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '{' => self.brace(),
                '(' => self.group()?,
                // Python's dollar also stands before a final line feed.
                '$' => self.text.push_str("(?=\\n?\\z)"),
                '}' => self.text.push_str("\\}"),
                plain => self.text.push(plain),
            }
        }
        Ok(())
    }

    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(next) = self.rest.next() else { return Err("it ends in a backslash".to_owned()) };
        match next {
            'Z' if !in_class => self.text.push_str("\\z"),
            'b' if in_class => self.text.push_str("\\x08"),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'a' | 'f' | 'n' | 'r' | 't' | 'v' => {
                self.text.extend(['\\', next]);
            }
            'A' | 'b' | 'B' | '1'..='9' if !in_class => self.text.extend(['\\', next]),
            'x' => self.code('x', 2)?,
            'u' => self.code('u', 4)?,
            'U' => self.code('U', 8)?,
            next if next.is_ascii_alphanumeric() => return Err(format!("`\\{next}` is not understood")),
            next => self.literal(next),
        }
        Ok(())
    }

    fn code(&mut self, kind: char, digits: usize) -> Result<(), String> {
        let digits: Vec<char> =
            (0..digits).filter_map(|_| self.rest.next_if(char::is_ascii_hexdigit)).collect();
        let text: String = digits.iter().collect();
        let code = u32::from_str_radix(&text, 16).ok().and_then(char::from_u32);
        match (kind, code) {
            ('x', Some(code)) if digits.len() == 2 => self.literal(code),
            ('u', Some(code)) if digits.len() == 4 => self.literal(code),
            ('U', Some(code)) if digits.len() == 8 => self.literal(code),
            _ => return Err(format!("`\\{kind}{text}` is no character")),
        }
        Ok(())
    }

    /// A character that stands for itself, wherever it is.
    fn literal(&mut self, character: char) {
        if character.is_ascii_punctuation() && !matches!(character, '<' | '>' | '_') {
            self.text.push('\\');
        }
        self.text.push(character);
    }

    /// In a class, Python knows no classes within and no operators.
    fn class(&mut self) -> Result<(), String> {
        self.text.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.text.push('^');
        }
        let mut is_first = true;
        loop {
            let Some(next) = self.rest.next() else { return Err("a class has no end".to_owned()) };
            match next {
                ']' if !is_first => break,
                '\\' => self.escape(true)?,
                '-' => self.dash(is_first),
                next => self.literal(next),
            }
            is_first = false;
        }
        self.text.push(']');
        Ok(())
    }

    /// A dash between two characters is a range, at an end of the class or twice it is a dash.
    fn dash(&mut self, is_first: bool) {
        let is_range = !is_first && self.rest.peek().is_some_and(|next| *next != ']');
        let after_class =
            ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S"].iter().any(|end| self.text.ends_with(end));
        self.text.push_str(if is_range && !after_class { "-" } else { "\\-" });
    }

    /// A repetition, or a brace that stands for itself.
    fn brace(&mut self) {
        let ahead: String = self.rest.clone().take_while(|next| *next != '}').collect();
        let closed = self.rest.clone().nth(ahead.chars().count()) == Some('}');
        let is_count = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let count = match ahead.split_once(',') {
            _ if !closed => None,
            None if is_count(&ahead) => Some(ahead.clone()),
            Some(("", "")) => Some("0,".to_owned()),
            Some(("", most)) if is_count(most) => Some(format!("0,{most}")),
            Some((least, most)) if is_count(least) && (most.is_empty() || is_count(most)) => {
                Some(ahead.clone())
            }
            _ => None,
        };
        match count {
            Some(count) => {
                self.text.push_str(&format!("{{{count}}}"));
                for _ in 0..=ahead.chars().count() {
                    self.rest.next();
                }
            }
            None => self.text.push_str("\\{"),
        }
    }

    fn group(&mut self) -> Result<(), String> {
        self.text.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        let ahead: String = self.rest.clone().take(3).collect();
        if ahead.starts_with('#') {
            self.text.pop();
            return match self.rest.by_ref().find(|next| *next == ')') {
                Some(_) => Ok(()),
                None => Err("a comment has no end".to_owned()),
            };
        }
        let plain = [":", "=", "!", ">", "<=", "<!", "P<", "P=", "("];
        if plain.iter().any(|start| ahead.starts_with(start)) {
            self.text.push('?');
            if ahead.starts_with('(') {
                return Err("a condition, `(?(…)…)`, is not understood".to_owned());
            }
            return Ok(());
        }
        self.flags()
    }

    /// Flags for the whole expression or for a group.
    fn flags(&mut self) -> Result<(), String> {
        let mut flags = String::new();
        while let Some(next) = self.rest.next_if(|next| next.is_ascii_alphabetic() || *next == '-') {
            match next {
                'i' | 's' | '-' => flags.push(next),
                // Unicode is the rule anyway.
                'u' => {}
                other => return Err(format!("the flag `{other}` is not understood")),
            }
        }
        match self.rest.next() {
            Some(end @ (')' | ':')) => {
                if flags.is_empty() && end == ')' {
                    self.text.pop();
                } else {
                    self.text.push_str(&format!("?{flags}{end}"));
                }
                Ok(())
            }
            _ => Err("a group begins with `(?` and something that is not understood".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, tag: &str, expected: Option<(&str, &str)>) {
        let expression = Expression::new(pattern).unwrap();
        let found = expression.read(tag);
        assert_eq!(found.map(|found| (found.version, found.suffix)), expected, "{pattern} {tag}");
    }

    // Each answer is that of Python's `re.match`.
    #[test]
    fn expressions_mean_what_python_means() {
        check(r"^v(?P<version>.+)$", "v1.0", Some(("1.0", "")));
        check(r"v(\d+)", "v12-x", Some(("12", "")));
        check(r"v(\d+)", "xv12", None);
        check(r"(?P<version>\d+\.\d+)(?:-rc)?", "1.0-rc", Some(("1.0", "-rc")));
        check(r"(?P<a>x)?(?P<version>\d+)?", "x", Some(("", "")));
        check(r"(?<!a)v(?P<version>\d+)(?!\d|\.)", "v12", Some(("12", "")));
        check(r"(?P<q>['x])(?P<version>\d+)(?P=q)", "x1x", Some(("1", "x")));
        check(r"([0-9]+)\Z", "12", Some(("12", "")));
        check(r"([[a-]+)", "[a-[", Some(("[a-[", "")));
        check(r"([]x]+)", "x]", Some(("x]", "")));
        check(r"([\w-]+)", "a-b", Some(("a-b", "")));
        check(r"([a&&b~~]+)", "a&&b~", Some(("a&&b~", "")));
        check(r"(a{,2})", "aaa", Some(("aa", "")));
        check(r"(a{x})", "a{x}", Some(("a{x}", "")));
        check(r"(a{2}b{1,})", "aabb", Some(("aabb", "")));
        check(r"(?i)V(1)", "v1", Some(("1", "")));
        check(r"(?u)v(1)", "v1", Some(("1", "")));
        check(r"v(?#comment)(1)", "v1", Some(("1", "")));
        check(r"(\<1\>)", "<1>", Some(("<1>", "")));
        check(r"(\x31\u0032)", "12", Some(("12", "")));
        check(r"(1)$", "1\n", Some(("1", "")));
        check(r"release/(?P<version>[^/]+)", "release/1.0", Some(("1.0", "")));
        check(r"(?P<x>é)-(?P<version>\d)", "é-1", Some(("1", "")));
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for pattern in [
            "",
            "v.*",
            "(a)(b)",
            "(",
            r"(\p{L})",
            r"(\h)",
            r"(\K1)",
            "(?x)(1)",
            "(?a)(1)",
            "(?L)(1)",
            r"(\N{DASH})",
            r"(\012)(?P<version>1)",
            r"(a)(?(1)b|c)",
            "(a",
            "a)",
            "([a",
            r"\",
            "(?Q)",
        ] {
            assert!(Expression::new(pattern).is_err(), "{pattern}");
        }
        assert!(Expression::new(&format!("({})", "a".repeat(5000))).is_err());
        assert!(Expression::new("((((a{1000}){1000}){1000}){1000})").is_err());
    }

    #[test]
    fn backtracking_has_an_end() {
        let expression = Expression::new(r"(?=((a+)+))(?P<version>(a+)+)\1b").unwrap();
        assert_eq!(expression.read(&"a".repeat(60)), None);
    }
}
