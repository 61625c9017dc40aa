use proptest::prelude::*;

use super::*;
use crate::tree::{Entry, Value};

/// What a tree says, without the places of tables, which the judge gives otherwise.
fn said(node: &Node<'_>) -> String {
    match &node.value {
        Value::Text { text, inner, quoting } => format!("{text:?}@{inner:?}{quoting:?}"),
        Value::Other(spelled) => format!("{spelled}@{:?}", node.span),
        Value::List(items) => format!("[{}]", items.iter().map(said).collect::<Vec<_>>().join(",")),
        Value::Map(entries) => {
            let mut entries: Vec<&Entry<'_>> = entries.iter().collect();
            entries.sort_by(|left, right| left.key.cmp(&right.key));
            let said = |entry: &&Entry<'_>| format!("{:?}:{}", entry.key, said(&entry.value));
            format!("{{{}}}", entries.iter().map(said).collect::<Vec<_>>().join(","))
        }
    }
}

/// The line that a refusal points at.
fn duplicated<'t>(text: &'t str, failure: &Failure) -> &'t str {
    let at = failure.offset.unwrap_or_default();
    text.lines().nth(text[..at].matches('\n').count()).unwrap_or_default()
}

#[track_caller]
fn check(text: &str) {
    match (parse(text), judge::parse(text)) {
        (Ok(ours), Ok(theirs)) => assert_eq!(said(&ours), said(&theirs), "{text}"),
        (Err(_), Err(_)) => {}
        // The judge lets a key with dots add to the last table of a list; the standard and Python's tomllib do not.
        (Err(failure), Ok(_)) if text.contains("[[") && duplicated(text, &failure).contains('.') => {}
        (ours, theirs) => {
            panic!("{text}\nours {:?}\ntheirs {:?}", ours.map(|n| said(&n)), theirs.map(|n| said(&n)))
        }
    }
}

#[test]
fn tables_are_opened_as_the_standard_says() {
    for text in [
        "",
        "\u{feff}a = 1\r\n",
        "a = 1\na = 2",
        "a.b = 1\na.c = 2",
        "a = 1\na.b = 2",
        "a.b = 1\na = 2",
        "[a]\nb = 1\n[a]\nc = 2",
        "[a.b]\nx = 1\n[a]\ny = 2\n[a.c]\nz = 3",
        "[a]\nb.c = 1\n[a.b]\nd = 2",
        "[a]\nb.c = 1\n[a.b.d]\ne = 2",
        "[a.b]\nx = 1\n[a]\nb.y = 2",
        "[a.b.c]\nx = 1\n[a]\nb.c.y = 2",
        "a = {b = 1}\n[a]\nc = 1",
        "a = {b = 1}\n[a.c]\nd = 1",
        "a = {b = 1}\na.c = 2",
        "a = {b.c = 1, b.d = 2}",
        "a = {b = 1, b = 2}",
        "a = {b = {c = 1}, b.d = 2}",
        "[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 1\n[[a.c]]\nz = 1\n[[a]]\n[a.b]\n",
        "[a]\n[[a]]",
        "[[a]]\n[a]",
        "[a.b]\n[[a]]",
        "a = []\n[[a]]",
        "a = [{b = 1}]\n[a.c]",
        "a = [{b = 1}]\n[[a.c]]",
        "a = 1\n[a.b]",
        "a = [\n  1, # one\n  [2, '3'],\n]\n",
        "a = \"\"\"\nx\"\"\"\nb = '''y'''\n",
        "a = \"\\u00e9\\n\\\"\"",
        "\"a.b\".'c' . d = 2026-11-20",
        "[ a . \"b\" ]\nc = inf",
        "a = 1 b = 2",
        "a = 01",
        "a = \n",
        "[a\nb = 1",
        "a = {b = 1,\n c = 2,\n}",
        "[]\n",
        "[[]]\n",
        "a = 1\n[b]\n[[b.c]]\n[b.c.d]\ne = 1\n[[b.c]]\n[b.c.d]\ne = 2",
        "a.b.c = 1\n[a]\n",
        "a.b.c = 1\n[a.b]\n",
        "a.b.c = 1\n[a.x]\n",
        "[a]\nb = 1\n[a.b]\nc = 1",
    ] {
        check(text);
    }
    let wide: String = (0..1000).map(|n| format!("k{n} = {n}\n")).collect();
    check(&wide);
    check(&format!("{wide}k500 = 1\n"));
    check(&format!("a = {}1{}", "[".repeat(79), "]".repeat(79)));
    check(&format!("a = {}1{}", "[".repeat(400), "]".repeat(400)));
    assert!(parse(&format!("{}a = 1", "a.".repeat(10_000))).is_err());
    assert!(parse(&format!("a = {}", "[".repeat(100_000))).is_err());
}

/// Documents of few keys, so that they meet.
fn document() -> impl Strategy<Value = String> {
    let key = prop_oneof![6 => "[abc]", 1 => "\"[abc]\"", 1 => "'[abc]'"];
    let keys = proptest::collection::vec(key, 1..4).prop_map(|keys| keys.join("."));
    let scalar = prop_oneof![
        Just("1".to_owned()),
        Just("'x'".to_owned()),
        Just("\"y\\t\"".to_owned()),
        Just("[1, {a = 2}]".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        keys.clone().prop_map(|keys| format!("{{{keys} = 1, b.c = 2}}")),
    ];
    let line = prop_oneof![
        3 => (keys.clone(), scalar).prop_map(|(keys, value)| format!("{keys} = {value} # c")),
        3 => keys.clone().prop_map(|keys| format!("[{keys}]")),
        2 => keys.prop_map(|keys| format!("[[{keys}]]")),
    ];
    (proptest::collection::vec(line, 0..9), prop_oneof![Just("\n"), Just("\r\n")])
        .prop_map(|(lines, end)| lines.join(end))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_judge_agrees(text in document()) {
        check(&text);
    }

    #[test]
    fn damaged_texts_are_refused_alike(text in document(), at in 0_usize..200, with in "[\\[\\]{}=.,\"'#a \n]?") {
        let mut text = text;
        let at = at.min(text.len());
        text.replace_range(at..at, &with);
        check(&text);
    }
}
