use tminus_http::{HttpError, Response, Url};

use super::json::is_version_1;
use super::{File, Yanked};
use crate::Sha256;
use crate::percent::percent_decoded;
use crate::pypi::ProjectName;

/// The files of a PEP 503 page: every `<a href>`.
///
/// The reader takes what browsers take: attributes in any case and quoting, comments, scripts, no closing tags.
pub(super) fn files(project: &ProjectName, response: &Response) -> Result<Vec<File>, HttpError> {
    let text = String::from_utf8_lossy(&response.body);
    let mut base = response.url.clone();
    let mut base_seen = false;
    let mut files = Vec::new();
    for tag in Tags::new(&text) {
        match tag.name.as_str() {
            // The first `<base>` counts (HTML, section 4.2.3).
            "base" if !base_seen => {
                if let Some(href) = tag.attribute("href") {
                    base_seen = true;
                    base = response.url.join(href.trim()).unwrap_or(base);
                }
            }
            "meta" if tag.attribute("name") == Some("pypi:repository-version") => {
                let version = tag.attribute("content").unwrap_or("1.0");
                if !is_version_1(version) {
                    return Err(
                        response.malformed(format!("simple API version {version:.20}; 1.x is understood"))
                    );
                }
            }
            "a" => files.extend(file(project, &base, &tag)),
            _ => {}
        }
    }
    Ok(files)
}

fn file(project: &ProjectName, base: &Url, tag: &Tag) -> Option<File> {
    let url = base.join(tag.attribute("href")?.trim()).ok()?;
    // The last part of the path is the file name (PEP 503); the text between the tags is for people.
    let filename = percent_decoded(url.path_segments()?.next_back()?)?;
    let sha256 = url.fragment().and_then(stated_sha256);
    let mut file = File::new(project, &filename, url)?;
    file.sha256 = sha256;
    file.requires_python = tag.attribute("data-requires-python").map(str::to_owned);
    if let Some(reason) = tag.attribute("data-yanked") {
        file.yanked = Yanked::Yes { reason: Some(reason.to_owned()).filter(|text| !text.is_empty()) };
    }
    Some(file)
}

fn stated_sha256(fragment: &str) -> Option<Sha256> {
    fragment.split('&').find_map(|part| part.strip_prefix("sha256="))?.parse().ok()
}

/// An error page as one line of text: what a server says to people, without the markup.
pub(crate) fn plain_words(words: &str) -> String {
    if !words.contains('<') {
        return words.to_owned();
    }
    let mut plain = String::new();
    let mut rest = words;
    while let Some((before, markup)) = rest.split_once('<') {
        plain.push_str(before);
        plain.push(' ');
        rest = markup.split_once('>').map_or("", |(_, after)| after);
        let hidden = ["style", "script"].into_iter().find(|name| starts_with(markup, name));
        if let Some(end) = hidden.and_then(|name| rest.find(&format!("</{name}"))) {
            rest = rest.get(end..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    let plain = decoded(&plain);
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    // The title of an error page is its heading again.
    let half = words.len() / 2;
    if words.len().is_multiple_of(2) && words.get(..half) == words.get(half..) {
        words.truncate(half);
    }
    words.join(" ")
}

fn starts_with(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The opening tags of a document.
struct Tags<'a> {
    rest: &'a str,
}

impl<'a> Tags<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn skip_to(&mut self, end: &str) {
        self.rest = self.rest.split_once(end).map_or("", |(_, after)| after);
    }

    /// Past `</name`, whatever the case.
    fn skip_element(&mut self, name: &str) {
        while let Some((_, after)) = self.rest.split_once("</") {
            self.rest = after;
            if starts_with(after, name) {
                return;
            }
        }
        self.rest = "";
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn attributes(&mut self) -> Vec<(String, String)> {
        let mut attributes = Vec::new();
        loop {
            self.take_while(|c| c.is_ascii_whitespace() || c == '/');
            let name = self.take_while(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '='));
            if name.is_empty() {
                if let Some(after) = self.rest.strip_prefix('=') {
                    self.rest = after;
                    continue;
                }
                self.rest = self.rest.strip_prefix('>').unwrap_or(self.rest);
                return attributes;
            }
            self.take_while(|c| c.is_ascii_whitespace());
            let value = match self.rest.strip_prefix('=') {
                None => "",
                Some(after) => {
                    self.rest = after;
                    self.take_while(|c| c.is_ascii_whitespace());
                    self.value()
                }
            };
            attributes.push((name.to_ascii_lowercase(), decoded(value)));
        }
    }

    fn value(&mut self) -> &'a str {
        for quote in ['"', '\''] {
            if let Some(after) = self.rest.strip_prefix(quote) {
                self.rest = after;
                let value = self.take_while(|c| c != quote);
                self.rest = self.rest.strip_prefix(quote).unwrap_or(self.rest);
                return value;
            }
        }
        self.take_while(|c| !c.is_ascii_whitespace() && c != '>')
    }
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            let (_, after) = self.rest.split_once('<')?;
            self.rest = after;
            if let Some(after) = self.rest.strip_prefix("!--") {
                self.rest = after;
                self.skip_to("-->");
                continue;
            }
            if self.rest.starts_with(['/', '!', '?']) {
                self.skip_to(">");
                continue;
            }
            if !self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let name =
                self.take_while(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>')).to_ascii_lowercase();
            let attributes = self.attributes();
            if matches!(name.as_str(), "script" | "style" | "title" | "textarea") {
                self.skip_element(&name);
            }
            return Some(Tag { name, attributes });
        }
    }
}

/// Character references: the numeric ones and those that a generator of listings writes.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        decoded.push_str(before);
        let end = reference.find(';').filter(|&end| end <= 10);
        let known = end.and_then(|end| Some((character(reference.get(..end)?)?, end)));
        if let Some((character, end)) = known {
            decoded.push(character);
            rest = reference.get(end + 1..).unwrap_or_default();
        } else {
            decoded.push('&');
            rest = reference;
        }
    }
    decoded.push_str(rest);
    decoded
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
        return char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "num" => '#',
        "equals" => '=',
        "plus" => '+',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_pages_become_words() {
        for (page, words) in [
            ("plain words", "plain words"),
            ("<html> <head> <title>400 No</title> </head> <body> <h1>400 No</h1> </body> </html>", "400 No"),
            ("<style type=x>p { a: b }</style><p>no</p>", "no"),
            ("<h1>400</h1> File &#39;a&#39; exists <b", "400 File 'a' exists"),
        ] {
            assert_eq!(plain_words(page), words, "{page}");
        }
    }

    #[test]
    fn references_are_decoded() {
        for (text, expected) in [
            ("&gt;=3.9,&lt;4", ">=3.9,<4"),
            ("a&amp;lt;b", "a&lt;b"),
            ("&#x3e;&#62;", ">>"),
            ("a&b;c&", "a&b;c&"),
            ("&#xd800;", "&#xd800;"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[<>a-c/!= '\"&;#-]{0,60}") {
            proptest::prop_assert!(Tags::new(&text).count() <= text.matches('<').count());
        }
    }
}
