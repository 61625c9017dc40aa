use proptest::prelude::*;

use super::yaml::{parse, parse_all};
use super::yaml_style::{Style, reads_as_text};
use super::{Node, Value};
use crate::Unfit;
use crate::locate::{Failure, line_at};
use crate::site::splice;

/// What a tree says, without places.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Text(String),
    Other(String),
    List(Vec<Said>),
    Map(Vec<(String, Said)>),
}

fn said(node: &Node<'_>) -> Said {
    match &node.value {
        Value::Text { text, .. } => Said::Text(text.to_string()),
        Value::Other(spelled) => Said::Other((*spelled).to_owned()),
        Value::List(items) => Said::List(items.iter().map(said).collect()),
        Value::Map(entries) => {
            Said::Map(entries.iter().map(|entry| (entry.key.to_string(), said(&entry.value))).collect())
        }
    }
}

/// Every value that is neither a list nor a map, in the order of the text.
fn scalars<'n, 'a>(node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    match &node.value {
        Value::List(items) => items.iter().flat_map(scalars).collect(),
        Value::Map(entries) => entries.iter().flat_map(|entry| scalars(&entry.value)).collect(),
        _ => vec![node],
    }
}

fn set(said: &mut Said, index: &mut usize, text: &str) {
    match said {
        Said::List(items) => items.iter_mut().for_each(|item| set(item, index, text)),
        Said::Map(entries) => entries.iter_mut().for_each(|(_, value)| set(value, index, text)),
        _ => {
            if *index == 0 {
                *said = Said::Text(text.to_owned());
            }
            *index = index.wrapping_sub(1);
        }
    }
}

/// Each value that can be replaced is, by each of these texts: it reads back, and nothing else changes.
fn check_edits(source: &str, news: &[&str]) -> Result<usize, TestCaseError> {
    let Ok(documents) = parse_all(source) else { return Ok(0) };
    // The parser refuses a letter or a digit behind a tab there, and takes other characters.
    if source.contains(":\t") {
        return Ok(0);
    }
    let mut edits = 0;
    for (number, document) in documents.iter().enumerate() {
        check_spans(source, document)?;
        for (index, scalar) in scalars(document).into_iter().enumerate() {
            let Ok(site) = scalar.site() else { continue };
            for &new in news.iter().chain([&site.text()]).filter(|new| !new.chars().any(char::is_control)) {
                let Ok(edit) = site.replaced(new) else { continue };
                let edited = splice(source, &[edit]).unwrap();
                let mut expected: Vec<Said> = documents.iter().map(said).collect();
                set(&mut expected[number], &mut index.clone(), new);
                let again = parse_all(&edited).map_err(|failure| {
                    TestCaseError::fail(format!("{source:?} became {edited:?}: {:?}", failure.problem))
                })?;
                let again: Vec<Said> = again.iter().map(said).collect();
                prop_assert_eq!(&again, &expected, "{:?} became {:?}", source, edited);
                edits += 1;
            }
        }
    }
    Ok(edits)
}

/// A value lies in what holds it, and a scalar without quotes spells itself.
fn check_spans(source: &str, node: &Node<'_>) -> Result<(), TestCaseError> {
    let spelled = source.get(node.span.clone());
    prop_assert!(spelled.is_some(), "{:?} of {:?}", node.span, source);
    for child in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
        let empty = child.value == Value::Other("");
        let inside = node.span.start <= child.span.start && child.span.end <= node.span.end;
        prop_assert!(empty || inside, "{:?} in {:?} of {:?}", child, node, source);
        check_spans(source, child)?;
    }
    if let Ok(site) = node.site() {
        let spelled = &source[site.span()];
        let before = source[..site.span().start].chars().next_back();
        let after = source[site.span().end..].chars().next();
        match site.quoting {
            crate::site::Quoting::Yaml(Style::Single) => {
                prop_assert_eq!((before, after), (Some('\''), Some('\'')));
                prop_assert_eq!(spelled.replace("''", "'"), site.text());
            }
            crate::site::Quoting::Yaml(Style::Double) => {
                prop_assert_eq!((before, after), (Some('"'), Some('"')));
            }
            _ => prop_assert_eq!(spelled, site.text()),
        }
    }
    Ok(())
}

#[track_caller]
fn check_at(source: &str, keys: &[&str], text: &str, spelled: &str) {
    let document = parse(source).unwrap_or_else(|failure| panic!("{failure:?}"));
    let node = document.at(keys).unwrap();
    assert_eq!((node.as_str(), &source[node.span.clone()]), (Some(text), spelled), "{source:?}");
}

#[track_caller]
fn check_refused(source: &str, line: u32, message: &str) {
    let Failure { offset, problem } = parse_all(source).unwrap_err();
    assert_eq!(problem.to_string(), format!("not YAML: {message}"));
    assert_eq!(line_at(source.as_bytes(), offset.unwrap()), line);
}

/// The value of `a` in a text, after it was replaced.
fn edited(source: &str, new: &str) -> Result<String, Unfit> {
    let site = parse(source).unwrap().get("a").unwrap().site().unwrap();
    Ok(splice(source, &[site.replaced(new)?]).unwrap())
}

#[test]
fn scalars_have_the_bytes_that_spell_them() {
    check_at("a: b\n", &["a"], "b", "b");
    check_at("a: b", &["a"], "b", "b");
    check_at("a:   b c \t # d\n", &["a"], "b c", "b c");
    check_at("\u{feff}# é\r\nа: \u{1f600}x # ü\r\nb: \"y\\u0041\"  # z\r\n", &["b"], "yA", "\"y\\u0041\"");
    check_at("a: 'it''s' # '\nb: 1\n", &["a"], "it's", "'it''s'");
    check_at("a: \"x\\\"#\" # \"\n", &["a"], "x\"#", "\"x\\\"#\"");
    check_at("{a: 'b', \"c\": {d: e}, f: [1, 2]}", &["c", "d"], "e", "e");
    check_at("{\"a\":\"b\",\"c\":{\"d\":\"e\"}}\n", &["c", "d"], "e", "\"e\"");
    check_at("a:\r\n  b:\r\n    - x\r\n  c: y\r\n", &["a", "c"], "y", "y");
    check_at("a: \tb\n", &["a"], "b", "b");
    check_at("a: 1.0\n", &["a"], "1.0", "1.0");
    check_at("a: &x !!str b # c\n", &["a"], "b", "&x !!str b");
    check_at("a: &x # c\n  'b'\n", &["a"], "b", "&x # c\n  'b'");
    check_at("? a\n: b\n", &["a"], "b", "b");
    check_at("--- # first\na: b\n...\n", &["a"], "b", "b");
    check_at("a: x:y@1.0\n", &["a"], "x:y@1.0", "x:y@1.0");
}

#[test]
fn every_value_has_a_span() {
    let source = "a: 1\nb:\n- c\n- d: [x, {y: z}]\n  e: |\n    long\n    text\nf: *g\n";
    let anchored = source.replace("a: 1", "a: &g 1");
    let document = parse(&anchored).unwrap();
    let spelled = |keys: &[&str]| &anchored[document.at(keys).unwrap().span.clone()];
    assert_eq!(spelled(&["a"]), "&g 1");
    assert_eq!(spelled(&["f"]), "*g");
    assert_eq!(document.get("f").unwrap().value, Value::Other("*g"));
    let item = &document.get("b").unwrap().items()[1];
    assert_eq!(&anchored[item.get("d").unwrap().span.clone()], "[x, {y: z}]");
    assert_eq!(item.text_at(&["e"]), Some("long\ntext\n"));
    let keys: Vec<&str> = document.entries().iter().map(|entry| &anchored[entry.key_span.clone()]).collect();
    assert_eq!(keys, ["a", "b", "f"]);
}

#[test]
fn nothing_is_no_text() {
    for source in ["a:\n", "a: # b\n", "a: ~\n", "a: null\n", "{a: }", "{a}", "a: !!str\n", "a: &x\nb: c\n"] {
        let document = parse(source).unwrap();
        let value = document.get("a").unwrap();
        assert!(matches!(value.value, Value::Other(_)), "{source:?}");
        assert_eq!(value.site().unwrap_err().problem.to_string(), "the version must be a text in quotes");
    }
    assert_eq!(parse("").unwrap().value, Value::Other(""));
    assert_eq!(parse("# only this\n").unwrap().value, Value::Other(""));
    assert_eq!(parse_all("\u{feff}").unwrap(), []);
}

#[test]
fn truth_values_are_known() {
    let document = parse("a: true\nb: false\nc: 'true'\nd: yes\n").unwrap();
    let read: Vec<_> = document.entries().iter().map(|entry| entry.value.as_bool()).collect();
    assert_eq!(read, [Some(true), Some(false), None, None]);
}

#[test]
fn several_documents() {
    let source = "a: 1\n---\nb: 2\n---\n- c\n";
    let documents = parse_all(source).unwrap();
    assert_eq!(documents.len(), 3);
    assert_eq!(documents[1].text_at(&["b"]), Some("2"));
    assert_eq!(&source[documents[2].items()[0].span.clone()], "c");
    let failure = parse(source).unwrap_err();
    assert_eq!(failure.problem.to_string(), "there is more than one YAML document in the file");
}

#[test]
fn broken_texts_are_refused_with_their_line() {
    check_refused("a: 1\nb: 2\n'a': 3\n", 3, "the key \"a\" stands there twice");
    check_refused("x: {a: 1,\n  a: 2}\n", 2, "the key \"a\" stands there twice");
    check_refused("a: 1\n[b]: 2\n", 2, "a key that is no text is not read: write it out");
    check_refused("a: &x b\n*x : 2\n", 2, "a key that is no text is not read: write it out");
    check_refused("a: 1\nb: \0\n", 2, "a NUL character");
    for source in
        ["a: [1, 2\n", "a: 'b\n", "a: \"b", "a: b: c\n", "a: *b\n", "a: \"\\q\"\n", "a:\n\tb: c\n", "a: @b\n"]
    {
        assert!(parse(source).is_err(), "{source:?}");
    }
}

#[test]
fn nesting_is_limited() {
    check_refused(&"- ".repeat(100_000), 1, "it is nested too deeply");
    for source in ["[".repeat(100_000), "{a: ".repeat(100_000), "? ".repeat(100_000), "- [".repeat(100_000)] {
        assert!(parse(&source).is_err());
    }
    assert!(parse(&"- ".repeat(512)).is_ok());
    assert!(parse(&("[".repeat(255) + &"]".repeat(255))).is_ok());
    let steps =
        |deepest: usize| (0..deepest).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>();
    assert!(parse(&steps(512)).is_ok());
    assert!(parse(&steps(513)).is_err());
}

#[test]
fn large_texts_are_read() {
    let package =
        "  '@é/package-1@1.0.0(peer@2.0.0)':\n    resolution: {integrity: sha512-AAAA}\n    dev: true\n\n";
    let block: String = (0..40_000).map(|number| package.replace("-1@", &format!("-{number}@"))).collect();
    let source = format!("packages:\n{block}last: 1.0.0\n");
    check_at(&source, &["last"], "1.0.0", "1.0.0");
    let list: String = (0..200_000).map(|number| format!("{{\"a\": \"{number}\"}}, ")).collect();
    let source = format!("{{\"é\": [{list}], \"last\": \"x\"}}");
    check_at(&source, &["last"], "x", "\"x\"");
}

#[test]
fn some_spellings_are_not_edited() {
    for source in ["a: |\n  b\n", "a: >-\n  b\n", "a: 'b\n  c'\n", "a: \"b\\\n  c\"\n", "a: b\n  c\n"] {
        let failure = parse(source).unwrap().get("a").unwrap().site().unwrap_err();
        assert!(failure.problem.to_string().contains("(a text on several lines)"), "{source:?}");
    }
    for source in ["a: &x b\n", "a: !!str b\n", "a: !<tag:x> \"b\"\n"] {
        let failure = parse(source).unwrap().get("a").unwrap().site().unwrap_err();
        assert!(failure.problem.to_string().contains("(with an anchor or a tag)"), "{source:?}");
    }
}

#[test]
fn a_plain_text_stays_plain_only_where_it_reads_as_one() {
    let check = |source: &str, new: &str, expected: &str| assert_eq!(edited(source, new).unwrap(), expected);
    check("a: 1.2.3 # b\r\n", "1.2.4-rc.1+build", "a: 1.2.4-rc.1+build # b\r\n");
    check("a: 1.2.3\n", "1.10", "a: \"1.10\"\n");
    check("a: 1.2.3\n", "v1.10", "a: v1.10\n");
    check("a: ^1.2.3\n", "^1.3.0 || >=2 <3", "a: ^1.3.0 || >=2 <3\n");
    check("a: ^1.2.3\n", ">=2", "a: \">=2\"\n");
    check("a: 1.2.3\n", "*", "a: \"*\"\n");
    check("a: x:1.2.3\n", "x:1.2.4", "a: x:1.2.4\n");
    check("{a: x:1.2.3}\n", "x:1.2.4", "{a: \"x:1.2.4\"}\n");
    check("{a: 1.2.3}\n", "1.2.4", "{a: 1.2.4}\n");
    check("a: 1.2.3\n", "b \"c\" # \\d", "a: \"b \\\"c\\\" # \\\\d\"\n");
    check("a: 1.2.3\n", "", "a: \"\"\n");
    // Where the old value was a number for its readers, a number may follow, unless it loses digits.
    check("a: 1.0\n", "1.1", "a: 1.1\n");
    check("a: 1.0\n", "2.0", "a: 2.0\n");
    check("a: 1.9\n", "1.10", "a: \"1.10\"\n");
    check("a: 3\n", "4", "a: 4\n");
    check("a: 3\n", "1e5", "a: \"1e5\"\n");
    check("a: 1.0\n", "1.0.1", "a: 1.0.1\n");
    check("a: y\n", "2.0", "a: \"2.0\"\n");
    check("a: '1.0'\n", "it's", "a: 'it''s'\n");
    check("a: \"1.0\"\n", "\"\\", "a: \"\\\"\\\\\"\n");
    assert_eq!(edited("a: b\n", "c\nd"), Err(Unfit::White));
    assert_eq!(edited("a: \"b\"\n", "c\u{2028}d"), Err(Unfit::White));
}

#[test]
fn what_a_reader_takes_for_something_else_is_no_text() {
    let others = "1 -1 +1 0 08 0777 0o17 0o-1 0x1F 0b11 1_000 1,000 1. .5 1.10 -1.5e3 1e5 1E5 e10 0x_ 1234e567 1:30 1:30:00.5 \
                  190:20:30 .inf -.INF .NaN 2024-01-05 2024-1-5 2024-01-05T10:00:00Z true True YES no On off y N ~ \
                  null NULL = <<";
    for value in others.split(' ').chain(["", "2024-01-05 10:00:00"]) {
        assert!(!reads_as_text(value), "{value:?}");
    }
    let texts = "1.2.3 v1 1.0rc1 1.0-1 1.0.post1 2024.01.05 2024-01-05-1 0.1.0 1.2.3+4 ^1 ~1 >=1 1.x a ea5 0xg 0b2 1e \
                 1:a abc 1!2.0 none yess nan inf";
    for value in texts.split(' ') {
        assert!(reads_as_text(value), "{value:?}");
    }
}

#[test]
fn a_part_gets_no_quotes() {
    let check = |source: &str, part: &str, new: &str, expected: Option<Result<&str, Unfit>>| {
        let site = parse(source).unwrap().get("a").unwrap().site().unwrap();
        let start = site.text().find(part).unwrap();
        let part = site.part(source, start..start + part.len());
        let edited = part.map(|part| part.replaced(new).map(|edit| splice(source, &[edit]).unwrap()));
        assert_eq!(edited, expected.map(|expected| expected.map(str::to_owned)), "{source:?}");
    };
    check("a: x/y:1.0 # z\n", "1.0", "1.10", Some(Ok("a: x/y:1.10 # z\n")));
    check("a: v1.0\n", "1.0", "1.10", Some(Ok("a: v1.10\n")));
    check("a: x:1.0\n", "1.0", "1.1 # b", Some(Err(Unfit::ReadsDifferently)));
    check("a: x:1.0\n", "1.0", "1.1: b", Some(Err(Unfit::ReadsDifferently)));
    check("a: x:1.0\n", "1.0", "", Some(Err(Unfit::Empty)));
    check("{a: ^1.0}\n", "1.0", "1,1", Some(Err(Unfit::ReadsDifferently)));
    check("a: 'x:1.0'\n", "1.0", "it's", Some(Ok("a: 'x:it''s'\n")));
    check("a: 1.0.0\n", "1.0.0", "1.10", Some(Ok("a: \"1.10\"\n")));
    // `1` in place of `x` would make a number of the whole, `yes` of `yxs`.
    check("a: 1.x\n", "x", "1", None);
    check("a: yxs\n", "x", "e", None);
}

/// Pieces of YAML that mean most in the wrong place.
fn noise() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b",
        "é",
        "\u{1f600}",
        "1.0",
        "x:y",
        "a: ",
        "b: ",
        "c:",
        "- ",
        "? ",
        ": ",
        "\n",
        "\n",
        "\r\n",
        "  ",
        "    ",
        "\t",
        "'",
        "''",
        "\"",
        "\\\"",
        "\\",
        "'x'",
        "\"y\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "#",
        " # c\n",
        "&x ",
        "*x",
        "!t ",
        "!!str ",
        "|\n",
        ">-\n",
        "---\n",
        "...\n",
        "\u{feff}",
        "~",
        "%",
        "<<: ",
        "\u{85}",
        "\u{2028}",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

const SPELLINGS: [(&str, &str); 14] = [
    ("b", "b"),
    ("1.2.3", "1.2.3"),
    ("1.0", "1.0"),
    ("'b'", "b"),
    ("'it''s'", "it's"),
    ("''", ""),
    ("\"b\"", "b"),
    ("\"\\u00e9\\\"\"", "é\""),
    ("\"\\\\\"", "\\"),
    ("é ü", "é ü"),
    ("x:y", "x:y"),
    ("\u{1f600}", "\u{1f600}"),
    ("'#'", "#"),
    ("a#b", "a#b"),
];

/// A text in block style or in brackets and what it says.
fn block() -> impl Strategy<Value = (String, Said)> {
    let scalar = || {
        prop::sample::select(SPELLINGS.to_vec())
            .prop_map(|(spelled, text)| (spelled.to_owned(), Said::Text(text.to_owned())))
    };
    let flow = (prop::collection::vec(scalar(), 0..4), any::<bool>()).prop_map(|(items, map)| {
        let spelled: Vec<String> = items
            .iter()
            .enumerate()
            .map(|(number, item)| if map { format!("k{number}: {}", item.0) } else { item.0.clone() })
            .collect();
        let spelled = spelled.join(",  ");
        if map {
            let said = items.into_iter().enumerate().map(|(number, item)| (format!("k{number}"), item.1));
            (format!("{{{spelled}}}"), Said::Map(said.collect()))
        } else {
            (format!("[{spelled}]"), Said::List(items.into_iter().map(|item| item.1).collect()))
        }
    });
    let leaf =
        (prop_oneof![3 => scalar(), 1 => flow], prop::sample::select(vec!["", "  ", " # é", "\t# 'c"]))
            .prop_map(|((spelled, said), end)| (format!(" {spelled}{end}\n"), said));
    leaf.prop_recursive(4, 24, 4, |inner| {
        (prop::collection::vec(inner, 1..4), any::<bool>()).prop_map(|(items, map)| {
            let mut text = "\n".to_owned();
            let (mut entries, mut list) = (Vec::new(), Vec::new());
            for (number, (spelled, said)) in items.into_iter().enumerate() {
                let key = if map { format!("k{number}:") } else { "-".to_owned() };
                text += &format!("  {key}{}", spelled.trim_end_matches('\n').replace('\n', "\n  "));
                text.push('\n');
                if map { entries.push((format!("k{number}"), said)) } else { list.push(said) }
            }
            (text, if map { Said::Map(entries) } else { Said::List(list) })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn noise_never_breaks_an_edit(source in noise()) {
        check_edits(&source, &["9.9.9", "1.10", "it's", "a: \"b\" # c"])?;
    }
}

proptest! {
    #[test]
    fn texts_say_what_was_put_into_them((text, expected) in block(), mark: bool, crlf: bool, last: bool) {
        let mut source = if mark { format!("\u{feff}{text}") } else { text };
        if crlf {
            source = source.replace('\n', "\r\n");
        }
        if !last {
            source.truncate(source.trim_end_matches(['\r', '\n']).len());
        }
        let document = parse(&source).map_err(|failure| TestCaseError::fail(format!("{source:?}: {failure:?}")))?;
        prop_assert_eq!(said(&document), expected, "{:?}", source);
        let edits = check_edits(&source, &["9.9.9", "1.10", "it's \\ \"quoted\"", "é: # x"])?;
        // Every scalar by every text.
        prop_assert_eq!(edits, scalars(&document).len() * 5, "{:?}", source);
    }
}
