//! What holds for every text that is read as the tag of an image.

use tminus_versioning::oci::Tag;

/// A tag.
pub(crate) fn oci_tag(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match text.parse::<Tag>() {
        Ok(tag) => {
            assert_eq!(tag.as_str(), text);
            assert!((1..=128).contains(&text.len()) && !text.starts_with(['.', '-']));
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)));
        }
        Err(error) => match error.offset() {
            Some(offset) => assert!(text.get(offset..).is_some_and(|rest| !rest.is_empty()), "{error}"),
            None => assert!(text.is_empty() || text.len() > 128, "{error}"),
        },
    }
}
