//! URLs without what must not be shown.

use std::borrow::Cow;

/// A remote's URL without the login that it may hold: `https://me:secret@host/x` becomes `https://host/x`. A user name alone
/// stays where ssh needs it.
pub(crate) fn without_login(url: &str) -> String {
    let shown = redacted(url);
    shown.replacen("://***@", "://", 1)
}

/// The same text with the credentials of every URL in it replaced by `***`.
///
/// Over `http` and `https` everything before the `@` goes, because forges take a bare token as the user name; elsewhere
/// (`ssh://git@host`) a user name alone is no secret and stays.
///
/// ```
/// use tminus_vcs::redacted;
///
/// assert_eq!(
///     redacted("fatal: unable to access 'https://me:s3cret@forge.example/x.git/'"),
///     "fatal: unable to access 'https://***@forge.example/x.git/'"
/// );
/// assert_eq!(redacted("ssh://git@forge.example/x.git"), "ssh://git@forge.example/x.git");
/// assert_eq!(redacted("git@forge.example:x.git"), "git@forge.example:x.git");
/// ```
pub fn redacted(text: &str) -> Cow<'_, str> {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        result.push_str(before);
        result.push_str("://");
        // The authority ends at the first of these; a password with one of them in it must be percent-encoded. The last
        // `@` before that counts, since people forget to encode the ones in a password.
        let end = after
            .find(|c: char| c == '/' || c == '?' || c == '#' || c.is_whitespace())
            .unwrap_or(after.len());
        let (authority, _) = after.split_at(end);
        if let Some((secret, _)) = authority.rsplit_once('@') {
            let scheme = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            if web || secret.contains(':') {
                result.push_str("***");
                rest = after.get(secret.len()..).unwrap_or_default();
                continue;
            }
        }
        rest = after;
    }
    if result.is_empty() {
        return Cow::Borrowed(text);
    }
    result.push_str(rest);
    Cow::Owned(result)
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(redacted(text), expected);
        assert_eq!(redacted(expected), expected, "redacting twice changes nothing");
    }

    #[test]
    fn credentials_go_and_the_rest_stays() {
        check("no url", "no url");
        check("https://forge.example/x", "https://forge.example/x");
        check("https://token@forge.example/x", "https://***@forge.example/x");
        check("https://a:b@forge.example", "https://***@forge.example");
        check("https://a:b@c@forge.example/x", "https://***@forge.example/x");
        check("HTTPS https://a:b@h/ and http://c@h/", "HTTPS https://***@h/ and http://***@h/");
        check("'HTTPS://token@h/'", "'HTTPS://***@h/'");
        check("ssh://git@h/x", "ssh://git@h/x");
        check("ssh://git:pw@h/x", "ssh://***@h/x");
        check("https://h/path/with@at", "https://h/path/with@at");
        check("ext::x ://", "ext::x ://");
    }
}
