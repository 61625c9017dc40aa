use http::header::LINK;
use tminus_http::Response;
use url::Url;

/// The next page, where the answer's `Link` header names one (RFC 8288, section 3).
pub(super) fn next(response: &Response) -> Option<Url> {
    let mut links = response.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let target = links.find_map(next_target)?;
    response.url.join(target).ok()
}

/// The target of the link with the relation `next`.
fn next_target(mut links: &str) -> Option<&str> {
    loop {
        let (_, rest) = links.split_once('<')?;
        let (target, rest) = rest.split_once('>')?;
        // A target may hold commas and semicolons, parameters between quotes may too: only `<` begins a link.
        let parameters = rest.split_once('<').map_or(rest, |(parameters, _)| parameters);
        if parameters.split([';', ',']).any(is_next) {
            return Some(target);
        }
        links = rest;
    }
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Option<&str>) {
        assert_eq!(next_target(header), expected, "{header}");
    }

    #[test]
    fn the_next_page_is_found() {
        let two =
            "<https://api.example/x?page=2>; rel=\"next\", <https://api.example/x?page=9>; rel=\"last\"";
        check(two, Some("https://api.example/x?page=2"));
        check("</x?page=1>; rel=\"prev\", </x?page=3,4>; title=\"a;b\"; REL=next", Some("/x?page=3,4"));
        check("</x>; rel=\"last next\"", Some("/x"));
        check("</x?rel=next>; rel=\"prev\"", None);
        check("</x>; rel=\"nextish\"", None);
        check("</x>", None);
        check("</x", None);
        check("rel=\"next\"", None);
        check("", None);
    }
}
