use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(existing: &str, generated: &str, expected: &str) {
    let written = with_generated(existing, generated);
    assert_eq!(written, expected);
    assert_eq!(with_generated(&written, generated), written, "a second time changes nothing");
}

#[test]
fn only_the_generated_part_is_written_again() {
    let block = format!("{OPEN}\n- new\n{CLOSE}");
    check("", "- new", &format!("{block}\n"));
    check("Hello", "- new\n", &format!("Hello\n\n{block}\n"));
    check("Hello\n", "\n- new", &format!("Hello\n\n{block}\n"));
    check("Hello\r\n\r\n", "- new", &format!("Hello\r\n\r\n{block}\n"));
    check(
        &format!("Hello\r\n{OPEN}\r\n- old\r\n{CLOSE}\r\nThanks!  "),
        "- new",
        &format!("Hello\r\n{block}\r\nThanks!  "),
    );
    check(&format!("{OPEN}{CLOSE}"), "- new", &block);
}

#[test]
fn markers_without_a_partner_do_not_swallow_text() {
    let block = format!("{OPEN}\n- new\n{CLOSE}");
    check(&format!("{OPEN}\nkeep"), "- new", &format!("{OPEN}\nkeep\n\n{block}\n"));
    check(&format!("{CLOSE}\nkeep"), "- new", &format!("{CLOSE}\nkeep\n\n{block}\n"));
    check(
        &format!("{CLOSE} a {OPEN} keep {OPEN} old {CLOSE} b {CLOSE}"),
        "- new",
        &format!("{CLOSE} a {OPEN} keep {block} b {CLOSE}"),
    );
}

#[test]
fn a_title_cannot_end_the_generated_part() {
    let evil = format!("- {CLOSE} by eve\n- {OPEN}");
    let body = compose(&format!("High {CLOSE}"), &evil);
    assert_eq!(body.matches(CLOSE).count(), 1);
    assert_eq!(
        generated_in(&body),
        Some("- &lt;!-- /tminus:notes --&gt; by eve\n- &lt;!-- tminus:notes --&gt;")
    );
    assert!(body.starts_with("High &lt;!-- /tminus:notes --&gt;\n\n"));
}

#[test]
fn an_editor_that_changes_line_ends_changes_nothing() {
    let body = compose("Hello", "- one\n\n- two");
    assert!(same_generated(&body, &body.replace('\n', "\r\n")));
    assert!(same_generated(&body, &format!("More.\n{body}")));
    assert!(!same_generated(&body, &compose("Hello", "- one\n- two")));
    assert!(!same_generated(&body, "Hello"));
    assert_eq!(generated_in("Hello"), None);
}

#[test]
fn a_long_list_is_cut_at_a_line_and_says_where_the_rest_is() {
    let generated: String =
        (0..9000).flat_map(|n| [format!("- Change number {n} by ada"), "\n".into()]).collect();
    let body = with_generated("Grüße", &generated);
    assert!(body.chars().count() > BODY_LIMIT);
    let short = fit(&body, "https://forge.example/compare").unwrap();
    let length = short.chars().count();
    assert!((BODY_LIMIT - 40..=BODY_LIMIT).contains(&length), "{length}");
    assert!(short.starts_with(&format!("Grüße\n\n{OPEN}\n- Change number 0 by ada\n")));
    let end = " entries. Full changelog: https://forge.example/compare*";
    assert!(generated_in(&short).unwrap().ends_with(end));
    let again = fit(&with_generated(&short, &generated), "https://forge.example/compare").unwrap();
    assert_eq!(again, short, "the next run comes to the same text");
    assert_eq!(fit(&short, "x").unwrap(), short);
}

#[test]
fn the_limit_counts_characters_not_bytes() {
    let rest = compose("", "").chars().count();
    let exact = "é".repeat(BODY_LIMIT - rest);
    let body = compose("", &exact);
    assert_eq!(fit(&body, "x").unwrap(), body);
    let one_more = fit(&compose("", &format!("{exact}é")), "x").unwrap();
    assert_eq!(generated_in(&one_more), Some("*This list is shortened. Full changelog: x*"));
}

#[test]
fn a_code_block_is_not_cut_in_half() {
    let generated = format!("- one\n```sh\n~~~\n{}```\n- end", "word\n".repeat(30_000));
    let short = fit(&compose("", &generated), "x").unwrap();
    let kept = generated_in(&short).unwrap();
    assert_eq!(kept, "- one\n\n*This list is shortened by 1 entry. Full changelog: x*");
}

#[test]
fn what_people_wrote_is_never_shortened() {
    let long = "x".repeat(BODY_LIMIT);
    let told = fit(&with_generated(&long, "- one"), "x").unwrap_err().to_string();
    let start = "the text of the release has 125053 characters and may have 125000; ";
    assert_eq!(told, format!("{start}shorten what is written outside the generated part"));
    assert!(fit(&format!("{long}x"), "x").is_err(), "no markers");
}

/// Texts made of markers, parts of markers, line ends and words.
fn texts() -> impl Strategy<Value = String> {
    let pieces = [OPEN, CLOSE, "<!-- ", "tminus:notes -->", "\n", "\r\n", "Größe ", "```\n", "- one\n", " "];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn what_people_wrote_survives(existing in texts(), generated in texts()) {
        let written = with_generated(&existing, &generated);
        let expected = inert(&generated);
        prop_assert_eq!(generated_in(&written), Some(expected.trim_matches(['\r', '\n'])));
        let (before, _, after) = split(&written).unwrap();
        if let Some((kept_before, _, kept_after)) = split(&existing) {
            prop_assert_eq!((before, after), (kept_before, kept_after));
        } else {
            let added = before.strip_prefix(existing.as_str()).unwrap();
            prop_assert_eq!(added.trim_start(), OPEN);
            prop_assert_eq!(after, format!("{CLOSE}\n"));
        }
        prop_assert_eq!(with_generated(&written, &generated), written);
    }

    #[test]
    fn text_around_the_markers_survives_any_number_of_runs(
        before in "[^<]{0,30}", after in "[^<]{0,30}", runs in prop::collection::vec(texts(), 1..4),
    ) {
        let mut body = format!("{before}{OPEN}old{CLOSE}{after}");
        for generated in &runs {
            body = with_generated(&body, generated);
        }
        let (start, end) = (format!("{before}{OPEN}\n"), format!("\n{CLOSE}{after}"));
        prop_assert!(body.starts_with(&start) && body.ends_with(&end));
    }

    #[test]
    fn lines_are_kept_whole_and_in_room(text in texts(), room in 0..60_usize) {
        let kept = shorten::first_part(&text, room);
        prop_assert!(text.starts_with(kept));
        prop_assert!(kept.chars().count() <= room);
        let rest = text.get(kept.len()..).unwrap().trim_start_matches([' ', '\r']);
        prop_assert!(kept.is_empty() || rest.is_empty() || rest.starts_with('\n'));
    }
}
