use proptest::prelude::*;

use super::json::parse;
use super::json_text::{Json, Style};
use super::{Node, Value};

/// What node 20 says (`JSON.parse`), as is all of RFC 8259.
const ACCEPTED: [&str; 40] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "0.0",
    "1.5e10",
    "1E+2",
    "1e-2",
    "123456789012345678901234567890",
    "1e999",
    "\"\"",
    "\"a\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0000\"",
    "\"\\uD834\\uDD1E\"",
    "\"\\ud834\"",
    "\"\\udd1e\\ud834\"",
    "\"\\ud834\\u0041\"",
    "\"\\uAbCd\"",
    "\"\u{7f}\"",
    "\"\u{2028}\"",
    "\"\u{feff}\"",
    "\"😀\"",
    "[]",
    "[ ]",
    "{}",
    "{\t}",
    "[1,2]",
    "[[[]]]",
    "{\"\":0}",
    "{\"a\":1,\"a\":2}",
    " \t\r\n1\r\n",
    "{\"a\":{\"b\":[null]}}",
    "{\"__proto__\":1}",
    "[\"\\u002d\"]",
    "[-0.0e-0]",
];

const REFUSED: [&str; 72] = [
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "NaN",
    "Infinity",
    "-",
    "+1",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "-.5",
    "1.e1",
    "1e",
    "1e+",
    "0x1",
    "1_0",
    "1 2",
    "'a'",
    "\"",
    "\"a",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\u+123\"",
    "\"\\U0041\"",
    "\"\\u 123\"",
    "\"\\\n\"",
    "\"\n\"",
    "\"\t\"",
    "\"\0\"",
    "\"\u{1f}\"",
    "\"\\'\"",
    "\"\\0\"",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,,2]",
    "[1}",
    "{",
    "}",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{,}",
    "{a:1}",
    "{1:2}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\"::1}",
    "{\"a\":1]",
    "// c\n1",
    "1 // c",
    "/**/1",
    "1\u{a0}",
    "\u{a0}1",
    "\u{b}1",
    "\u{c}1",
    "1\u{2028}",
    "{}{}",
    "[]\0",
    "\u{1}[]",
];

#[test]
fn the_grammar_is_the_one_of_javascript() {
    for text in ACCEPTED {
        parse(text).unwrap_or_else(|failure| panic!("{text:?}: {failure:?}"));
        parse(&format!("\u{feff}{text}")).unwrap();
    }
    for text in REFUSED {
        assert!(parse(text).is_err(), "{text:?}");
    }
    assert!(parse("\u{feff}\u{feff}1").is_err());
}

#[test]
fn texts_are_decoded() {
    for (spelled, text) in [
        ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"),
        ("\"\\uD834\\uDD1E\"", "\u{1d11e}"),
        ("\"\\ud834x\"", "\u{fffd}x"),
        ("\"\\udd1e\\ud834\"", "\u{fffd}\u{fffd}"),
        ("\"\\ud834\\ud834\\udd1e\"", "\u{fffd}\u{1d11e}"),
        ("\"1\\u002e0\"", "1.0"),
        ("\"é\\u00e9\"", "éé"),
    ] {
        assert_eq!(parse(spelled).unwrap().as_str(), Some(text), "{spelled}");
    }
}

#[test]
fn a_failure_says_where() {
    for (text, offset, message) in [
        ("{\"a\": 1,\n}", 9, "not JSON: a text in `\"` was expected"),
        ("[1 2]", 3, "not JSON: `,` or `]` was expected"),
        ("{\"a\" 1}", 5, "not JSON: `:` was expected"),
        ("\"a\tb\"", 2, "not JSON: a control character stands in a text"),
        ("\"a", 2, "not JSON: a text is not closed"),
        ("1 x", 2, "not JSON: nothing may follow the value"),
        ("tru", 0, "not JSON: a value was expected"),
    ] {
        let failure = parse(text).unwrap_err();
        assert_eq!(
            (failure.offset, failure.problem.to_string().as_str()),
            (Some(offset), message),
            "{text:?}"
        );
    }
}

#[test]
fn nesting_is_limited_and_length_is_not() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(512)).is_ok());
    assert!(parse(&nested(513)).is_err());
    assert!(parse(&"[".repeat(1_000_000)).is_err());
    assert!(parse(&"{\"a\":".repeat(1_000_000)).is_err());
    // Siblings are not nested.
    assert!(parse(&format!("[{}[]]", "[],".repeat(100_000))).is_ok());

    let long = "x".repeat(4_000_000);
    let spelled = format!("{{\"{long}\": \"\\u0078{long}\"}}");
    let document = parse(&spelled).unwrap();
    assert_eq!(document.get(&long).unwrap().as_str().unwrap().len(), long.len() + 1);
    let escapes = format!("\"{}\"", "\\n".repeat(1_000_000));
    assert_eq!(parse(&escapes).unwrap().as_str().unwrap().len(), 1_000_000);
}

#[test]
fn the_last_of_two_keys_counts() {
    let document = parse("{\"a\": 1, \"b\": 2, \"\\u0061\": 3}").unwrap();
    assert_eq!(document.get("a").unwrap().value, Value::Other("3"));
    assert_eq!(document.entries().len(), 3);
}

fn json() -> impl Strategy<Value = Json> {
    let text = "[ -~\t\né\u{7f}\u{2028}😀]{0,8}";
    let word =
        prop_oneof![Just("null"), Just("true"), Just("-0.5e+3"), Just("0"), Just("12345678901234567890")];
    let leaf = prop_oneof![text.prop_map(Json::Text), word.prop_map(|word| Json::Word(word.to_owned()))];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            prop::collection::vec((text, inner), 0..6).prop_map(Json::Map),
        ]
    })
}

/// A node says what was spelled, and its spans lie where it is spelled.
fn check(source: &str, node: &Node<'_>, value: &Json) {
    let spelled = &source[node.span.clone()];
    match (&node.value, value) {
        (Value::Text { text, inner, .. }, Json::Text(expected)) => {
            assert_eq!(text, expected);
            assert_eq!(spelled, format!("\"{}\"", &source[inner.clone()]));
            assert_eq!(parse(spelled).unwrap().as_str(), Some(expected.as_str()));
        }
        (Value::Other(word), Json::Word(expected)) => {
            assert_eq!((*word, spelled), (expected.as_str(), *word));
        }
        (Value::List(items), Json::List(expected)) => {
            assert!(spelled.starts_with('[') && spelled.ends_with(']') && items.len() == expected.len());
            items.iter().zip(expected).for_each(|(item, expected)| check(source, item, expected));
        }
        (Value::Map(entries), Json::Map(expected)) => {
            assert!(spelled.starts_with('{') && spelled.ends_with('}') && entries.len() == expected.len());
            for (entry, (key, value)) in entries.iter().zip(expected) {
                assert_eq!(&entry.key, key);
                assert_eq!(parse(&source[entry.key_span.clone()]).unwrap().as_str(), Some(key.as_str()));
                check(source, &entry.value, value);
            }
        }
        (found, expected) => panic!("{found:?} is not {expected:?}"),
    }
}

proptest! {
    #[test]
    fn what_is_spelled_is_read(value in json(), style in Style::any()) {
        let source = style.spell(&value);
        check(&source, &parse(&source).unwrap(), &value);
    }

    #[test]
    fn a_text_is_replaced_alone(
        value in json(),
        style in Style::any(),
        new in "[ -~éß😀]{0,12}",
        pick in any::<prop::sample::Index>(),
    ) {
        let value = Json::List(vec![Json::text("first"), value]);
        let source = style.spell(&value);
        let document = parse(&source).unwrap();
        let texts = texts(&document);
        let site = texts[pick.index(texts.len())].site().unwrap();
        let edit = site.replaced(&new).unwrap();
        let edited = crate::splice(&source, std::slice::from_ref(&edit)).unwrap();
        prop_assert_eq!(&edited[..site.span.start], &source[..site.span.start]);
        prop_assert_eq!(&edited[site.span.start + edit.new.len()..], &source[site.span.end..]);
        let again = parse(&edited).unwrap();
        let read = self::texts(&again);
        prop_assert_eq!(read.len(), texts.len());
        for (index, (old, read)) in texts.iter().zip(&read).enumerate() {
            let expected = if index == pick.index(texts.len()) { Some(new.as_str()) } else { old.as_str() };
            prop_assert_eq!(read.as_str(), expected);
        }
        let twice = read[pick.index(texts.len())].site().unwrap().replaced(&new).unwrap();
        prop_assert_eq!(crate::splice(&edited, &[twice]).unwrap(), edited.clone());
    }

    #[test]
    fn nothing_stops_the_reader(noise in "[\\[\\]{}\",:0-9eE+.\\\\untrfals \n-]{0,40}") {
        let _ = parse(&noise);
    }
}

/// Every text in a value, keys left out.
fn texts<'n, 'a>(node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    match &node.value {
        Value::Text { .. } => vec![node],
        Value::Other(_) => Vec::new(),
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Map(entries) => entries.iter().flat_map(|entry| texts(&entry.value)).collect(),
    }
}
