/// Undoes percent-encoding (RFC 3986, section 2.1); `None` where the result is not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let coded =
            digits.filter(|_| byte == b'%').filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(decoded) = coded.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            bytes.push(decoded);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent() {
        for (text, expected) in [
            ("a%2Bb", Some("a+b")),
            ("%C3%A9", Some("\u{e9}")),
            ("100%", Some("100%")),
            ("%zz%4", Some("%zz%4")),
            ("%2525", Some("%25")),
            ("%ff", None),
            ("%+1", Some("%+1")),
        ] {
            assert_eq!(percent_decoded(text).as_deref(), expected, "{text}");
        }
    }
}
