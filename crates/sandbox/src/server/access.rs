use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};

/// What the `Authorization` header of a request is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// There is none.
    Missing,
    /// It is not our token, or cannot be read.
    Wrong,
    /// It carries the token.
    Right,
}

impl Access {
    /// Judges a request. Any user name will do with Basic: what counts is the password.
    pub(crate) fn of(headers: &HeaderMap, token: &str) -> Self {
        let Some(value) = headers.get(AUTHORIZATION) else { return Self::Missing };
        let given = value.to_str().ok().and_then(|value| {
            let (scheme, rest) = value.trim().split_once(' ')?;
            match scheme.to_ascii_lowercase().as_str() {
                "bearer" | "token" => Some(rest.trim().to_owned()),
                "basic" => {
                    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
                    pair.split_once(':').map(|(_, password)| password.to_owned())
                }
                _ => None,
            }
        });
        match given {
            Some(given) if !token.is_empty() && given == token => Self::Right,
            _ => Self::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, token: &str, expected: Access) {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header.parse().unwrap());
        assert_eq!(Access::of(&headers, token), expected, "{header}");
    }

    #[test]
    fn schemes() {
        check("Bearer sesame", "sesame", Access::Right);
        check("token sesame", "sesame", Access::Right);
        check("Basic X190b2tlbl9fOnNlc2FtZQ==", "sesame", Access::Right);
        check("Basic X190b2tlbl9fOnNlc2FtZQ==", "other", Access::Wrong);
        check("Basic !!!", "sesame", Access::Wrong);
        check("Digest sesame", "sesame", Access::Wrong);
        check("Bearer", "sesame", Access::Wrong);
        check("Bearer ", "", Access::Wrong);
        assert_eq!(Access::of(&HeaderMap::new(), "sesame"), Access::Missing);
    }
}
