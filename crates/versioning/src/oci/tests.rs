use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_accepted(text: &str) {
    let tag: Tag = text.parse().unwrap();
    assert_eq!(tag.to_string(), text);
    let json = serde_json::to_string(&tag).unwrap();
    assert_eq!(serde_json::from_str::<Tag>(&json).unwrap(), tag);
}

#[track_caller]
fn check_refused(text: &str, offset: Option<usize>, message: &str) {
    let error = text.parse::<Tag>().unwrap_err();
    assert_eq!((error.offset(), error.to_string()), (offset, message.to_owned()));
}

#[test]
fn what_the_specification_allows_is_a_tag() {
    for text in ["latest", "1.4.0", "1.4.0-rc.2", "_", "_.-", "0", "A", "a..b", "a--", "v1_linux", "x.", "1-"]
    {
        check_accepted(text);
    }
    check_accepted(&"a".repeat(128));
}

#[test]
fn what_it_does_not_allow_is_refused_with_its_place() {
    check_refused("", None, "a tag of an image must not be empty");
    check_refused(&"a".repeat(129), None, "a tag of an image is at most 128 bytes long, this text has 129");
    check_refused(".1", Some(0), "\".1\" cannot be a tag of an image: it must not start with '.'");
    check_refused("-rc", Some(0), "\"-rc\" cannot be a tag of an image: it must not start with '-'");
    check_refused(
        "1.4.0+linux",
        Some(5),
        "\"1.4.0+linux\" cannot be a tag of an image: unexpected '+' at character 6; write `_` or `-` instead of it, or \
         leave the build metadata out",
    );
    check_refused("a/b", Some(1), "\"a/b\" cannot be a tag of an image: unexpected '/' at character 2");
    check_refused("é", Some(0), "\"é\" cannot be a tag of an image: unexpected 'é' at character 1");
    check_refused("a é", Some(1), "\"a é\" cannot be a tag of an image: unexpected ' ' at character 2");
}

#[test]
fn the_order_is_that_of_the_text() {
    let mut tags: Vec<Tag> =
        ["latest", "1.9", "1.10", "_"].iter().map(|text| text.parse().unwrap()).collect();
    tags.sort();
    assert_eq!(tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["1.10", "1.9", "_", "latest"]);
}

proptest! {
    #[test]
    fn the_grammar_is_accepted(text in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}") {
        prop_assert_eq!(text.parse::<Tag>().unwrap().to_string(), text);
    }

    #[test]
    fn the_offset_is_the_first_wrong_character(text in "[ -~éß]{0,12}") {
        if let Err(error) = text.parse::<Tag>() && let Some(offset) = error.offset() {
            prop_assert!(offset < text.len() && text.is_char_boundary(offset));
            prop_assert!(offset == 0 || text[..offset].parse::<Tag>().is_ok());
        }
    }
}
