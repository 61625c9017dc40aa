use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use proptest::prelude::*;

use super::comparator::Comparators;
use super::desugar::{self, Reader};
use super::*;
use crate::semver::usual::usual;

const LOOSE: Options = Options { mode: Mode::Loose, include_prerelease: false };
const WITH_PRERELEASES: Options = Options { mode: Mode::Strict, include_prerelease: true };

fn version(text: &str) -> Version {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn range(text: &str) -> Range {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn hash(version: &Version) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    hasher.finish()
}

#[track_caller]
fn check(text: &str, mode: Mode, canonical: &str) {
    let version = Version::parse(text, mode).unwrap();
    assert_eq!(version.to_string(), canonical);
    assert_eq!(version.as_written(), text);
}

#[track_caller]
fn check_refused(text: &str, mode: Mode, message: &str, offset: Option<usize>) {
    let error = Version::parse(text, mode).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.offset(), offset);
}

#[track_caller]
fn check_range(text: &str, options: Options, canonical: &str) {
    assert_eq!(Range::parse(text, options).unwrap().to_string(), canonical);
}

#[track_caller]
fn check_range_refused(text: &str, options: Options, offset: usize) {
    let error = Range::parse(text, options).unwrap_err();
    assert_eq!(error.offset(), Some(offset), "{error}");
}

#[test]
fn spellings_are_read_and_kept() {
    check("1.2.3-rc.1+build.5", Mode::Strict, "1.2.3-rc.1");
    check(" \u{feff}v1.2.3\u{a0}\n", Mode::Strict, "1.2.3");
    check("= v 01.02.03beta.07+b", Mode::Loose, "1.2.3-beta.7");
    check("1.2.3-", Mode::Loose, "1.2.3--");
    check("1.2.34.5", Mode::Loose, "1.2.3-4.5");
    check("9007199254740991.2097151.2097152-a", Mode::Strict, "9007199254740991.2097151.2097152-a");
    check("1.0.0-9007199254740993", Mode::Strict, "1.0.0-9007199254740993");
}

#[test]
fn errors_point_at_the_character() {
    let strict = Mode::Strict;
    check_refused("", strict, "a version must not be empty", None);
    check_refused("1.2", strict, "\"1.2\" is not an npm version: it ends too early", Some(3));
    check_refused(
        " v01.2.3",
        strict,
        "\" v01.2.3\" is not an npm version: unexpected '1' at character 4",
        Some(3),
    );
    check_refused(
        "é1.2.3",
        strict,
        "\"é1.2.3\" is not an npm version: unexpected 'é' at character 1",
        Some(0),
    );
    check_refused(
        "\u{a0}1.2.3é",
        strict,
        "\"\\u{a0}1.2.3é\" is not an npm version: unexpected 'é' at character 7",
        Some(7),
    );
    check_refused(
        "1.2.3-a..b",
        strict,
        "\"1.2.3-a..b\" is not an npm version: unexpected '.' at character 9",
        Some(8),
    );
    check_refused(
        "1.2.3-a b",
        Mode::Loose,
        "\"1.2.3-a b\" is not an npm version: unexpected ' ' at character 8",
        Some(7),
    );
    let large = "\"1.9007199254740992.3\" is not an npm version: a number in it exceeds 9007199254740991";
    check_refused("1.9007199254740992.3", strict, large, Some(2));
    check_refused(&"1".repeat(257), strict, "a version is at most 256 characters long", None);
}

#[test]
fn the_limit_counts_as_javascript_does() {
    // 251 characters of three bytes each.
    let spaces = "\u{3000}".repeat(251);
    assert!(format!("{spaces}1.2.3").parse::<Version>().is_ok());
    assert!(format!("{spaces}1.2.30").parse::<Version>().is_err());
}

#[test]
fn what_is_no_javascript_space_is_refused() {
    for text in ["\u{85}1.2.3", "1.2.3\u{180e}", "\u{200b}1.2.3", "\u{1c}1.2.3", "1.2.3\0"] {
        assert!(text.parse::<Version>().is_err(), "{text:?}");
    }
}

#[test]
fn order_looks_at_build_metadata_last() {
    let texts = [
        "0.0.0-0",
        "0.0.0",
        "1.0.0-1",
        "1.0.0-9007199254740992",
        "1.0.0-9007199254740993",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0",
        "1.0.0+1.5",
        "1.0.0+2",
        "1.0.0+a",
        "1.0.1",
        "1.2097150.9",
        "1.2097151.0-a",
        "1.2097151.0",
        "1.2097152.0",
        "2097151.0.0",
        "2097152.0.0",
    ];
    let versions = texts.map(version);
    for (index, one) in versions.iter().enumerate() {
        for (other_index, other) in versions.iter().enumerate() {
            assert_eq!(one.cmp(other), index.cmp(&other_index), "{one:?} {other:?}");
        }
    }
    assert_eq!(version("1.0.0").cmp_precedence(&version("1.0.0+2")), Ordering::Equal);
}

#[test]
fn ranges_come_down_to_comparators() {
    let strict = Options::default();
    check_range("^1.2.3", strict, ">=1.2.3 <2.0.0-0");
    check_range("^0.0.3-beta", strict, ">=0.0.3-beta <0.0.4-0");
    check_range("~> 1.2 || 3.x - 4", strict, ">=1.2.0 <1.3.0-0||>=3.0.0 <5.0.0-0");
    check_range("1.x >2.1+build", strict, ">=1.0.0 <2.0.0-0 >=2.2.0");
    check_range(">x || >2 <1.0.0-0 <0.0.0-0", strict, "<0.0.0-0");
    check_range("", strict, "");
    check_range("1 || * || 2", strict, "");
    check_range("1.2.3 =1.2.3", strict, "1.2.3");
    check_range("1.2*.3", strict, "1.2.3");
    check_range("1.2 - 2.3.4", WITH_PRERELEASES, ">=1.2.0-0 <2.3.5-0");
    check_range("~1.2 foo 01.2.3beta", LOOSE, ">=1.2.0 <1.3.0-0 1.2.3-beta");
    check_range("foo || > = 1.2.3", LOOSE, "1.2.3");
    check_range("foo * || 2", LOOSE, "");
    check_range("foo * foo || 2", LOOSE, ">=2.0.0 <3.0.0-0");
}

#[test]
fn range_errors_point_at_the_comparator() {
    let strict = Options::default();
    check_range_refused("latest", strict, 0);
    check_range_refused(" 1.2 || >= 1.x.3 2", strict, 8);
    check_range_refused("é", strict, 0);
    check_range_refused("1 || 2 foo", strict, 7);
    check_range_refused("1.2.3beta", strict, 0);
    check_range_refused("1 ^9007199254740991", strict, 2);
    check_range_refused("foo || bar", LOOSE, 0);
    assert_eq!(Range::parse(&" ".repeat(5000), strict).unwrap_err().offset(), None);
}

#[test]
fn prereleases_need_to_be_named() {
    assert!(range("^1.2.3-beta.2").satisfies(&version("1.2.3-beta.4")));
    assert!(!range("^1.2.3-beta.2").satisfies(&version("1.2.4-beta.4")));
    assert!(!range("*").satisfies(&version("1.2.4-beta.4")));
    assert!(Range::parse("^1.2.3", WITH_PRERELEASES).unwrap().satisfies(&version("1.2.4-beta.4")));
}

#[test]
fn alternatives_hold_their_comparators() {
    let text = "^1.2.3 || >x || 2.0.0 || ~3.1.0 <3.1.5 || 4";
    let written: Vec<String> = range(text)
        .alternatives()
        .map(|comparators| comparators.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(written, [">=1.2.3 <2.0.0-0", "2.0.0", ">=3.1.0 <3.2.0-0 <3.1.5", ">=4.0.0 <5.0.0-0"]);
    assert_eq!(range("*").alternatives().collect::<Vec<_>>(), [&[][..]]);
}

#[test]
fn nothing_counts_beyond_the_largest_number() {
    let largest = version("1.2.9007199254740991");
    let error = largest.increment(Increment::Patch, None, IdentifierBase::Zero).unwrap_err();
    assert!(matches!(error, IncrementError::TooLarge { .. }), "{error}");
    let above = range(">1.2.9007199254740991").min_version().unwrap();
    assert_eq!(above.to_string(), "1.3.0");
}

#[test]
fn a_range_that_nothing_satisfies_stays() {
    assert_eq!(range("^2.0.0").simplify(&[version("1.0.0")]), "^2.0.0");
    assert_eq!(range("^2.0.0").simplify(&[]), "^2.0.0");
}

#[test]
fn json_holds_the_written_text() {
    let text: Version = serde_json::from_str("\"v1.2.3+b\"").unwrap();
    assert_eq!(serde_json::to_string(&text).unwrap(), "\"v1.2.3+b\"");
    let loose = Version::parse("1.2.3beta+b", Mode::Loose).unwrap();
    assert_eq!(serde_json::to_string(&loose).unwrap(), "\"1.2.3-beta+b\"");
    let text: Range = serde_json::from_str("\"^1.2 || 3\"").unwrap();
    assert_eq!(serde_json::to_string(&text).unwrap(), "\"^1.2 || 3\"");
    let loose = Range::parse("~1.2.3beta", LOOSE).unwrap();
    assert_eq!(serde_json::to_string(&loose).unwrap(), "\">=1.2.3-beta <1.3.0-0\"");
    assert!(serde_json::from_str::<Range>("\"latest\"").is_err());
}

#[test]
fn long_texts_take_no_time() {
    for piece in ["0", "1.", "v", "=", " ", "-", "~", "^ ", "+a.", "1 - ", "||", "* ", ">1.", "x.x.x-"] {
        let text = piece.repeat(MAX_RANGE_BYTES / piece.len());
        for mode in [Mode::Strict, Mode::Loose] {
            let _ = Range::parse(&text, Options { mode, include_prerelease: true });
            assert!(Version::parse(&text, mode).is_err());
        }
    }
}

/// As many times as fit into the longest range.
fn longest(joint: &str, piece: impl Fn(usize) -> String) -> Range {
    let mut text = piece(0);
    for number in 1.. {
        let next = format!("{joint}{}", piece(number));
        if text.len() + next.len() > MAX_RANGE_BYTES {
            break;
        }
        text.push_str(&next);
    }
    range(&text)
}

#[test]
fn long_ranges_are_asked_in_no_time() {
    // Time with the third power of these lengths would be minutes.
    let alternatives = longest("||", |number| format!("{number}.x"));
    let bounds = longest(" ", |number| format!(">{number}"));
    let null = longest("||", |_| String::from("1 2"));
    let same_null = longest("||", |_| String::from("1 2.x"));
    let exact = longest("||", |number| format!("1.0.{number}-a"));
    assert!(!alternatives.intersects(&bounds) && !bounds.intersects(&alternatives));
    assert!(bounds.intersects(&bounds) && !null.intersects(&same_null));
    assert!(null.is_subset(&same_null) && same_null.is_subset(&null) && null.is_subset(&bounds));
    assert!(!alternatives.is_subset(&bounds) && !exact.is_subset(&alternatives));
    assert!(!bounds.is_subset(&alternatives) && !alternatives.is_subset(&exact));
    let plain = longest("||", |number| number.to_string());
    assert!(alternatives.is_subset(&plain) && !plain.is_subset(&alternatives));
    let versions: Vec<Version> = (0..60).map(|number| version(&format!("{number}.0.0"))).collect();
    for range in [&alternatives, &bounds, &null, &same_null, &exact] {
        assert!(range.is_subset(range));
        assert_eq!(range.simplify(&versions).is_empty(), range.as_written().is_empty());
        assert_eq!(range.max_satisfying(&versions).is_some(), range.min_satisfying(&versions).is_some());
        assert!(range.min_version().is_none_or(|lowest| range.satisfies(&lowest)));
        let outside = range.is_above(&version("0.0.0-0")) || range.is_below(&version("9999.0.0"));
        assert!(outside || range.alternatives().count() == 1);
    }
}

#[test]
fn everything_crosses_threads() {
    fn assert_send_sync<T: Send + Sync + 'static>() {}
    assert_send_sync::<Version>();
    assert_send_sync::<Range>();
    assert_send_sync::<ParseVersionError>();
    assert_send_sync::<ParseRangeError>();
    assert_send_sync::<IncrementError>();
}

/// Whether a version is in a range, from the canonical text of the range and the rules of the manual.
fn is_in_by_text(range: &str, version: &Version, include_prerelease: bool) -> bool {
    range.split("||").any(|alternative| {
        let mut names_it = include_prerelease || version.pre().is_empty();
        alternative.split_whitespace().all(|comparator| {
            let text = comparator.trim_start_matches(['<', '>', '=']);
            let bound: Version = text.parse().unwrap();
            names_it |= !bound.pre().is_empty()
                && (bound.major(), bound.minor(), bound.patch())
                    == (version.major(), version.minor(), version.patch());
            let order = version.cmp_precedence(&bound);
            match &comparator[..comparator.len() - text.len()] {
                ">" => order == Ordering::Greater,
                ">=" => order != Ordering::Less,
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                _ => order == Ordering::Equal,
            }
        }) && names_it
    })
}

const VERSION: &str = "[0-3]\\.[0-3]\\.[0-3](-(alpha|beta|[0-3])(\\.(x|[0-3]))?)?(\\+[ab01])?";
const RANGE: &str = "((\\^|~|>|>=|<|<=|=|)[0-3x](\\.[0-3x](\\.[0-3](-(alpha|[0-2]))?)?)?( ?\\|\\| ?| )){0,3}(\\^|~|>=|<|)[0-3](\\.[0-3](\\.[0-3](-(alpha|[0-2]))?)?)?( - [0-3](\\.[0-3])?)?";

/// A word that the quick readers take, or one that nearly is.
const USUAL: &str = "(\\^|\\^|~|[<>]=?|=|~>|v|)([0-3]|[1-9][0-9]|00|209715[0-3]|[1-9][0-9]{13,16})\
    (\\.([0-3]|[1-9][0-9]{0,2}|[1-9]0|2097151)){2}(|||||\\.1|x)\
    (|||-(0|[0-2]|a|rc)(\\.([1-9]{1,3}|b-|01))?)(||||\\+(0[1-2]|b))";

/// A word of which two are a pair, and may say the same or nothing.
const PLAIN: &str = "(\\^|~|[<>]=?|)[0-2](\\.[0-2]){2}(|||-0|-a)";

proptest! {
    #[test]
    fn the_canonical_form_means_the_same(text in VERSION) {
        let version = version(&text);
        let again: Version = version.to_string().parse().unwrap();
        prop_assert_eq!(version.cmp_precedence(&again), Ordering::Equal);
        prop_assert_eq!(again.to_string(), version.to_string());
        prop_assert_eq!(Version::parse(&text, Mode::Loose).unwrap(), version);
    }

    #[test]
    fn order_is_total(texts in [VERSION, VERSION, VERSION]) {
        let [one, two, three] = texts.map(|text| version(&text));
        prop_assert_eq!(one.cmp(&two), two.cmp(&one).reverse());
        prop_assert_eq!(one == two, one.cmp(&two) == Ordering::Equal);
        prop_assert!(one != two || hash(&one) == hash(&two));
        let mut sorted = [&one, &two, &three];
        sorted.sort();
        prop_assert!(sorted[0] <= sorted[2]);
        prop_assert!(sorted[0].cmp_precedence(sorted[2]) != Ordering::Greater);
    }

    #[test]
    fn satisfies_agrees_with_the_canonical_text(text in RANGE, candidate in VERSION, include_prerelease: bool) {
        let candidate = version(&candidate);
        if let Ok(range) = Range::parse(&text, Options { include_prerelease, ..Options::default() }) {
            let expected = is_in_by_text(&range.to_string(), &candidate, include_prerelease);
            prop_assert_eq!(range.satisfies(&candidate), expected);
            if !include_prerelease {
                let again = Range::parse(&range.to_string(), Options::default()).unwrap();
                prop_assert_eq!(again.to_string(), range.to_string());
            }
        }
    }

    #[test]
    fn the_quick_readers_agree_with_the_general_ones(
        word in USUAL,
        pair in [PLAIN, PLAIN],
        joint in " | | - | \\|\\| | \\|\\| |  | \\|\\||\\|\\|",
        loose in any::<bool>(),
        include_prerelease in any::<bool>(),
    ) {
        let mode = if loose { Mode::Loose } else { Mode::Strict };
        let options = Options { mode, include_prerelease };
        if let Some(quick) = desugar::usual_word(&word, 0) {
            let mut general = Comparators::default();
            prop_assert_eq!(Reader::new(options, &mut general, 0).unusual(&word), Ok(desugar::Word::Comparators));
            prop_assert_eq!(quick.as_slice(), general.as_slice());
            let whole = range::read(&word, options).unwrap();
            prop_assert_eq!(whole.as_slice(), general.as_slice());
        }
        let pair = pair.join(&joint);
        if let Some(quick) = desugar::usual_pair(&pair, options) {
            let general = range::read(&pair, options).unwrap();
            prop_assert_eq!(format!("{:?}", quick.as_slice()), format!("{:?}", general.as_slice()));
        }
        let text = word.trim_start_matches(|found: char| !found.is_ascii_digit());
        if let Some(found) = usual(text.as_bytes()) {
            let (quick, general) = (Version::usual(text, &found), Version::parse_unusual(text, mode).unwrap());
            let parts = |version: &Version| (version.numbers(), version.pre().to_owned(), version.build().to_owned());
            prop_assert_eq!(parts(&quick), parts(&general));
            prop_assert_eq!(quick.key(), general.key());
            prop_assert_eq!(quick.as_written(), general.as_written());
        }
    }

    #[test]
    fn the_smallest_version_is_in_the_range(text in RANGE, candidate in VERSION) {
        let candidate = version(&candidate);
        if let Ok(range) = text.parse::<Range>() {
            if let Some(smallest) = range.min_version() {
                prop_assert!(range.satisfies(&smallest));
                prop_assert!(candidate.is_prerelease() || !range.satisfies(&candidate)
                    || smallest.cmp_precedence(&candidate) != Ordering::Greater);
            }
            prop_assert!(!(range.satisfies(&candidate) && range.is_below(&candidate)));
            prop_assert!(!(range.satisfies(&candidate) && range.is_above(&candidate)));
        }
    }

    #[test]
    fn a_subset_has_no_other_version(texts in [RANGE, RANGE], candidate in VERSION) {
        let candidate = version(&candidate);
        let [one, other] = texts.map(|text| text.parse::<Range>());
        if let (Ok(one), Ok(other)) = (one, other) {
            prop_assert!(one.is_subset(&one));
            if one.is_subset(&other) && one.satisfies(&candidate) {
                prop_assert!(other.satisfies(&candidate), "{:?} {:?} {:?}", one, other, candidate);
            }
            if one.satisfies(&candidate) && other.satisfies(&candidate) && !candidate.is_prerelease() {
                prop_assert!(one.intersects(&other) && other.intersects(&one));
            }
        }
    }

    #[test]
    fn intersection_is_symmetric_between_bounds(texts in ["[<>]=?[0-3](\\.[0-3]){2}", "(\\^|~|[<>]=?)[0-3](\\.[0-3]){2}"]) {
        let [one, other] = texts.map(|text| range(&text));
        prop_assert_eq!(one.intersects(&other), other.intersects(&one));
    }

    #[test]
    fn the_next_version_is_higher(text in VERSION, identifier in "|alpha|beta|[0-2]|alpha\\.x", base in 0..3_usize) {
        let version = version(&text);
        let base = [IdentifierBase::Zero, IdentifierBase::One, IdentifierBase::None][base];
        for kind in [Increment::Major, Increment::Minor, Increment::Patch, Increment::Release, Increment::Premajor,
            Increment::Preminor, Increment::Prepatch] {
            if let Ok(next) = version.increment(kind, Some(&identifier), base) {
                prop_assert_eq!(next.cmp_precedence(&version), Ordering::Greater);
                prop_assert_eq!(next.to_string().parse::<Version>().unwrap().cmp_precedence(&next), Ordering::Equal);
            }
        }
        if let Ok(next) = version.increment(Increment::Prerelease, None, base) {
            prop_assert_eq!(next.cmp_precedence(&version), Ordering::Greater);
        }
    }

    #[test]
    fn no_text_panics_and_every_place_is_inside(text in "\\PC{0,20}|[0-9a-z.+!*<>=~^| x-]{0,24}") {
        for mode in [Mode::Strict, Mode::Loose] {
            if let Err(error) = Version::parse(&text, mode) {
                prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
            }
            match Range::parse(&text, Options { mode, include_prerelease: false }) {
                Ok(range) => prop_assert!(range.min_version().is_none_or(|version| range.satisfies(&version))),
                Err(error) => prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset))),
            }
        }
    }
}
