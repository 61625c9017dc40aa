use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use proptest::prelude::*;

use crate::{Date, ReleaseVersion, Scheme};

use super::*;

/// Weeks by Python, for a whole cycle of the calendar.
const ISO_WEEKS: &str = include_str!("iso_weeks.tsv");

#[track_caller]
fn date(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[track_caller]
fn format(text: &str) -> Format {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn check_version(text: &str, numbers: &[u64], canonical: &str) {
    let version: Version = text.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((version.numbers(), version.to_string().as_str()), (numbers, canonical));
    assert_eq!(version.as_written(), text);
    assert_eq!(canonical.parse::<Version>().unwrap(), version);
    let json = serde_json::to_string(&version).unwrap();
    assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
}

#[track_caller]
fn check_no_version(text: &str, offset: Option<usize>, reason: &str) {
    let error = text.parse::<Version>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

#[track_caller]
fn check_no_format(text: &str, offset: Option<usize>, reason: &str) {
    let error = text.parse::<Format>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

#[track_caller]
fn check_dated(of: &str, text: &str, canonical: &str) {
    let version = format(of).parse(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(version.to_string(), canonical);
    assert_eq!(format(of).parse(canonical).unwrap(), version);
}

#[track_caller]
fn check_not_dated(of: &str, text: &str, offset: Option<usize>, reason: &str) {
    let error = format(of).parse(text).unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

#[track_caller]
fn check_written(of: &str, on: Date, expected: &str) {
    let counters = Counters { major: 3, minor: 4, micro: 5 };
    assert_eq!(format(of).format(on, counters, None).unwrap().to_string(), expected);
    assert_eq!(format(of).parse(expected).unwrap().to_string(), expected);
}

/// The next version of a format on a day, after versions separated by spaces.
#[track_caller]
fn check_next(of: &str, on: Date, existing: &str, expected: Result<&str, &str>) {
    let format = format(of);
    let existing: Vec<DatedVersion> =
        existing.split_whitespace().map(|text| format.parse(text).unwrap()).collect();
    let next = format.next(on, &existing);
    if let Ok(next) = &next {
        assert!(existing.iter().all(|version| version < next));
    }
    let next = next.map(|version| version.to_string()).map_err(|error| error.to_string());
    assert_eq!(next.as_deref().map_err(String::as_str), expected);
}

#[test]
fn weeks_are_those_of_python() {
    let days = [(1, 1), (1, 2), (1, 3), (1, 4), (12, 28), (12, 29), (12, 30), (12, 31)];
    let mut years = 0;
    for line in ISO_WEEKS.lines().skip(1) {
        let (year, weeks) = line.split_once('\t').unwrap();
        for ((month, day), expected) in days.into_iter().zip(weeks.split(' ')) {
            let day = date(year.parse().unwrap(), month, day);
            let (week_year, week) = day.iso_week();
            assert_eq!(format!("{week_year}-{week}"), expected, "{day}");
        }
        years += 1;
    }
    assert_eq!(years, 401);
}

#[test]
fn weeks_have_seven_days_and_follow_each_other() {
    let mut days = (1970_u16..2400).flat_map(|year| {
        (1_u8..=12).flat_map(move |month| {
            (1..=crate::date::days_in_month(year, month))
                .map(move |day| Date::new(year, month, day).unwrap().iso_week())
        })
    });
    // 1 January 1970 was a Thursday.
    let mut last = (1970, 1);
    assert!((0..4).all(|_| days.next() == Some(last)));
    while let Some(monday) = days.next() {
        assert!(monday == (last.0, last.1 + 1) || monday == (last.0 + 1, 1), "{monday:?} after {last:?}");
        assert!((0..6).all(|_| days.next().is_none_or(|week| week == monday)), "{monday:?}");
        last = monday;
    }
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for (year, month, day) in [
        (2023, 2, 29),
        (1900, 2, 29),
        (2024, 0, 1),
        (2024, 13, 1),
        (2024, 1, 0),
        (2024, 4, 31),
        (10000, 1, 1),
    ] {
        assert!(Date::new(year, month, day).is_err(), "{year} {month} {day}");
    }
    assert_eq!(date(2000, 2, 29).to_string(), "2000-02-29");
    assert_eq!(date(0, 1, 1).iso_week(), (-1, 52));
    assert_eq!(date(9999, 12, 31).iso_week(), (9999, 52));
    assert_eq!(
        Date::new(2023, 2, 29).unwrap_err().to_string(),
        "\"2023-02-29\" is no day: write year, month and day as in `2026-02-28`"
    );
}

#[test]
fn versions_are_read_without_a_format() {
    check_version("2024.1", &[2024, 1], "2024.1");
    check_version("2024.01.10", &[2024, 1, 10], "2024.1.10");
    check_version("24.04", &[24, 4], "24.4");
    check_version("06.06.1.0", &[6, 6, 1, 0], "06.6.1.0");
    check_version("106.1", &[106, 1], "106.1");
    check_version("00.1", &[0, 1], "00.1");
    check_version("1970.0", &[1970, 0], "1970.0");
    check_version("9999.18446744073709551615", &[9999, u64::MAX], "9999.18446744073709551615");
    check_version("2024.1-alpha.1", &[2024, 1], "2024.1-alpha.1");
    check_version("2024.1.0rc1", &[2024, 1, 0], "2024.1.0-rc.1");
    check_version("2024.1.dev3", &[2024, 1], "2024.1-dev.3");
    check_version("20.08B1", &[20, 8], "20.8-beta.1");
    check_version("2024.1_post", &[2024, 1], "2024.1-post.0");
    check_version("2024.1-preview_7", &[2024, 1], "2024.1-rc.7");
    check_version("2024.1.2.3.c-0", &[2024, 1, 2, 3], "2024.1.2.3-rc.0");
}

#[test]
fn what_is_no_calendar_version_is_refused_with_the_place() {
    check_no_version("", None, "must not be empty");
    check_no_version(&"1".repeat(257), None, "at most 256 bytes");
    check_no_version("2024", Some(4), "there must be a second number behind the year");
    check_no_version("2024-rc.1", Some(4), "there must be a second number behind the year");
    check_no_version("2024.1.2.3.4", Some(11), "there must be no more than four numbers");
    check_no_version(
        "1969.1",
        Some(0),
        "the year must be 1970 to 9999, or two or three digits of it: 00 to 999",
    );
    check_no_version("1.2.3", Some(0), "the year must be");
    check_no_version("6.10", Some(0), "the year must be");
    check_no_version("007.1", Some(0), "the year must be");
    check_no_version("0024.1", Some(0), "the year must be");
    check_no_version("12345.1", Some(0), "the year must be");
    check_no_version("99999999999999999999.1", Some(0), "the year exceeds");
    check_no_version("v2024.1", Some(0), "the year is missing, there is 'v'");
    check_no_version(" 2024.1", Some(0), "the year is missing, there is ' '");
    check_no_version("2024.001", Some(5), "the number must not start with a zero");
    check_no_version("2024.00", Some(5), "the number must not start with a zero");
    check_no_version("2024.1.18446744073709551616", Some(7), "the number exceeds");
    check_no_version("2024.1-final", Some(7), "\"final\" is no modifier");
    check_no_version("2024.1-1", Some(7), "a modifier must start with a letter, there is '1'");
    check_no_version("2024.1-", Some(7), "the modifier is missing");
    check_no_version("2024.1.", Some(7), "the modifier is missing");
    check_no_version("2024.1-rc.", Some(10), "the number of the modifier is missing");
    check_no_version("2024.1-rc..1", Some(10), "the number of the modifier is missing, there is '.'");
    check_no_version("2024.1-rc.01", Some(10), "the number of the modifier must not start with a zero");
    check_no_version("2024.1-rc.1 ", Some(11), "unexpected ' '");
    check_no_version("2024.1+build", Some(6), "unexpected '+'");
    check_no_version("2024.1é", Some(6), "unexpected 'é', at character 7");
}

#[test]
fn the_order_looks_at_the_meaning() {
    let texts = [
        "00.1",
        "24.1",
        "25.1",
        "98.1-dev",
        "106.1",
        "2023.12",
        "2024.1-dev",
        "2024.1-dev.1",
        "2024.1-alpha.1",
        "2024.1b1",
        "2024.1-rc.1",
        "2024.1-rc.2",
        "2024.1-rc.10",
        "2024.1",
        "2024.1-post.1",
        "2024.1.0.post2",
        "2024.1.0.1-rc.1",
        "2024.1.1",
        "2024.02",
        "2024.10",
    ];
    let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
    for (index, left) in versions.iter().enumerate() {
        for (other, right) in versions.iter().enumerate() {
            assert_eq!(left.cmp(right), index.cmp(&other), "{left} {right}");
        }
    }
    for pair in [
        ("2024.1", "2024.01"),
        ("2024.1rc1", "2024.01-C.1"),
        ("24.1", "24.1.0.0"),
        ("2024.1-dev", "2024.1.0.dev0"),
        ("2024.0", "2024.0.0"),
    ] {
        let (left, right): (Version, Version) = (pair.0.parse().unwrap(), pair.1.parse().unwrap());
        assert_eq!((&left, hash(&left)), (&right, hash(&right)));
        assert_eq!(left.cmp(&right), Ordering::Equal);
    }
}

fn hash(version: &Version) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn formats_keep_their_tokens() {
    for text in
        ["YYYY.0M.0D", "YY.MM", "0Y.0W_MICRO", "MAJOR.YYYY.MINOR-MICRO-MODIFIER", "YYYY", "YYYY-MM-DD"]
    {
        assert_eq!(format(text).to_string(), text);
        let json = serde_json::to_string(&format(text)).unwrap();
        assert_eq!(serde_json::from_str::<Format>(&json).unwrap(), format(text));
    }
    assert_eq!(format("YYYY.PATCH").to_string(), "YYYY.MICRO");
    assert_eq!(format("YYYY.PATCH").tokens().collect::<Vec<_>>(), [Token::FullYear, Token::Micro]);
}

#[test]
fn what_is_no_format_is_refused_with_the_place() {
    check_no_format("", None, "must not be empty");
    check_no_format(&"Y".repeat(257), None, "at most 256 bytes");
    check_no_format("YYYY0M", Some(0), "\"YYYY0M\" is no token");
    check_no_format("YYYY.mm", Some(5), "\"mm\" is no token");
    check_no_format("YYYY.", Some(5), "\"\" is no token");
    check_no_format(".YYYY", Some(0), "\"\" is no token");
    check_no_format("YYYY..MM", Some(5), "\"\" is no token");
    check_no_format("YYYY.é", Some(5), "\"é\" is no token");
    check_no_format("MAJOR.MINOR", None, "it has no year");
    check_no_format("YYYY.YY", Some(5), "`YY` repeats the year");
    check_no_format("YYYY.PATCH.MICRO", Some(11), "`MICRO` repeats the micro number");
    check_no_format("MM.YYYY", Some(3), "`YYYY` must stand before `MM`");
    check_no_format("YYYY.MICRO.MAJOR", Some(11), "`MAJOR` must stand before `MICRO`");
    check_no_format("MODIFIER.YYYY", Some(9), "`YYYY` must stand before `MODIFIER`");
    check_no_format("YYYY.MM.WW", Some(8), "`WW` cannot be in one format with `MM`");
    check_no_format("YYYY.WW.MM", Some(8), "`MM` must stand before `WW`");
    check_no_format("YYYY.0W.DD", Some(8), "`DD` cannot be in one format with `0W`");
    check_no_format("YYYY.DD", Some(5), "`DD` needs a month before it");
    check_no_format("YYYY.DD.MM", Some(5), "`DD` needs a month before it");
}

#[test]
fn versions_are_read_by_their_format() {
    check_dated("YYYY.0M.0D", "2024.02.29", "2024.02.29");
    check_dated("YY.MM", "24.2", "24.2");
    check_dated("YY.MM", "0.12", "0.12");
    check_dated("0Y.0M", "06.06", "06.06");
    check_dated("0Y.0M", "106.06", "106.06");
    check_dated("YYYY_0W", "2020_53", "2020_53");
    check_dated("MAJOR.YYYY-MINOR_MICRO.MODIFIER", "0.2024-10_0.RC2", "0.2024-10_0.rc.2");
    check_dated("YYYY.MICRO-MODIFIER", "2024.7", "2024.7");
    check_dated("YYYY.MODIFIER", "2024.dev", "2024.dev.0");

    check_not_dated("YYYY.0M", "", None, "must not be empty");
    check_not_dated("YYYY.0M", "2024.1", Some(5), "the month must have two digits");
    check_not_dated("YYYY.0M", "2024.001", Some(5), "the month must have two digits");
    check_not_dated("YYYY.MM", "2024.01", Some(5), "the month must not start with a zero");
    check_not_dated("YYYY.MM", "2024.13", Some(5), "the month must be 1 to 12");
    check_not_dated("YYYY.MM", "2024.0", Some(5), "the month must be 1 to 12");
    check_not_dated("YYYY.MM.DD", "2023.2.29", Some(7), "the day must be 1 to 28");
    check_not_dated("YYYY.WW", "2021.53", Some(5), "the week must be 1 to 52");
    check_not_dated("YYYY.MM", "24.1", Some(0), "the year must be 1970 to 9999");
    check_not_dated("YY.MM", "2024.1", Some(0), "the year must be 0 to 999");
    check_not_dated("0Y.MM", "6.1", Some(0), "the year must have two digits");
    check_not_dated("YYYY.MM", "2024-1", Some(4), "'.' is missing, there is '-'");
    check_not_dated("YYYY.MM", "2024", Some(4), "'.' is missing");
    check_not_dated("YYYY.MM", "2024.1.1", Some(6), "unexpected '.'");
    check_not_dated("YYYY.MM", "2024.1-rc", Some(6), "unexpected '-'");
    check_not_dated("YYYY.MICRO", "2024.x", Some(5), "the micro number is missing, there is 'x'");
    check_not_dated("YYYY.MICRO-MODIFIER", "2024.1rc1", Some(6), "'-' is missing, there is 'r'");
    check_not_dated("YYYY.MICRO-MODIFIER", "2024.1-", Some(7), "the modifier is missing");
    assert_eq!(
        format("YYYY.0M").parse("2024.1").unwrap_err().to_string(),
        "\"2024.1\" is not a version of the format YYYY.0M: the month must have two digits, the first of which may be \
         a zero, at character 6"
    );
}

#[test]
fn every_token_writes_its_part_of_a_date() {
    let day = date(2006, 2, 3);
    check_written("YYYY.MM.DD", day, "2006.2.3");
    check_written("YY.0M.0D", day, "6.02.03");
    check_written("0Y.WW", day, "06.5");
    check_written("0Y-0W", day, "06-05");
    check_written("MAJOR.YYYY.MINOR.MICRO", day, "3.2006.4.5");
    check_written("YY.MM", date(2106, 12, 31), "106.12");
    // The last days of 2024 are in the first week of 2025.
    check_written("YYYY.0W", date(2024, 12, 30), "2025.01");
    check_written("YYYY.0W", date(2021, 1, 3), "2020.53");
    check_written("YYYY.0M", date(2024, 12, 30), "2024.12");

    let modifier = Some(Modifier::new(Label::Rc, 1));
    let version = format("YYYY.MICRO-MODIFIER").format(day, Counters::default(), modifier).unwrap();
    assert_eq!((version.to_string().as_str(), version.is_prerelease()), ("2006.0-rc.1", true));
    let error = format("YYYY.MICRO").format(day, Counters::default(), modifier).unwrap_err();
    assert_eq!(error.to_string(), "the format YYYY.MICRO has no MODIFIER for rc.1");
    let error = format("YY.MM").format(date(1999, 1, 1), Counters::default(), None).unwrap_err();
    assert_eq!(error.to_string(), "`YY` cannot express the year 1999: it reaches from 2000 to 2999");
    assert!(format("YYYY.0W").format(date(9999, 12, 31), Counters::default(), None).is_ok());
    assert!(format("YYYY").format(date(1969, 12, 31), Counters::default(), None).is_err());
    // 29 December 1969 is in the first week of 1970.
    assert!(format("YYYY.WW").format(date(1969, 12, 29), Counters::default(), None).is_ok());
}

#[test]
fn the_next_version_counts_within_a_date() {
    let day = date(2024, 2, 29);
    check_next("YYYY.0M.MICRO", day, "", Ok("2024.02.0"));
    check_next("YYYY.0M.MICRO", day, "2024.01.7", Ok("2024.02.0"));
    check_next("YYYY.0M.MICRO", day, "2024.02.9 2024.02.10 2023.12.30", Ok("2024.02.11"));
    check_next("YYYY.0M.MICRO-MODIFIER", day, "2024.02.0 2024.02.1-rc.1", Ok("2024.02.1"));
    check_next("YYYY.0M.MICRO-MODIFIER", day, "2024.02.1 2024.02.1-rc.1", Ok("2024.02.2"));
    check_next("YYYY.0M.MICRO-MODIFIER", day, "2024.02.1-post.1", Ok("2024.02.2"));
    check_next("YYYY.MINOR.MICRO", day, "2024.3.1 2023.9.9", Ok("2024.3.2"));
    check_next("YYYY.MINOR.MICRO", day, "2023.9.9", Ok("2024.0.0"));
    check_next("MAJOR.YYYY.MICRO", day, "2.2023.9", Ok("2.2024.0"));
    check_next("YYYY.MINOR.0M.MICRO", day, "2024.3.01.5", Ok("2024.3.02.0"));
    check_next("YY.0M", day, "24.01", Ok("24.02"));
    check_next("YYYY.0W.MICRO", date(2024, 12, 30), "2024.52.3", Ok("2025.01.0"));
    check_next(
        "YY.0M",
        day,
        "24.02",
        Err("version 24.02 exists, and the format YY.0M has no MICRO for another one of the same date"),
    );
    check_next(
        "YYYY.0M.MICRO",
        day,
        "2024.03.0",
        Err("version 2024.03.0 is later than 2024-02-29: check the clock, or the version"),
    );
    check_next(
        "YYYY.MICRO",
        day,
        "2024.18446744073709551615",
        Err("the micro number of version 2024.18446744073709551615 is the largest there can be"),
    );
    let other = format("YYYY.MM").parse("2024.1").unwrap();
    let error = format("YYYY.0M").next(day, [&other]).unwrap_err();
    assert_eq!(error.to_string(), "version 2024.1 does not follow the format YYYY.0M");
}

fn formats() -> impl Strategy<Value = Format> {
    let year = prop::sample::select(vec!["YYYY", "YY", "0Y", "MAJOR.YYYY"]);
    let date = prop::sample::select(vec!["", ".MM", ".0M", "-0M_0D", ".MM.DD", ".WW", ".0W"]);
    let rest = prop::sample::select(vec!["", ".MICRO", ".MINOR.MICRO", "-MODIFIER", "_MICRO.MODIFIER"]);
    (year, date, rest).prop_map(|(year, date, rest)| format!("{year}{date}{rest}").parse().unwrap())
}

fn dates() -> impl Strategy<Value = Date> {
    (2001_u16..2999, 1_u8..=12, 1_u8..=31)
        .prop_filter_map("the day exists", |(year, month, day)| Date::new(year, month, day).ok())
}

proptest! {
    #[test]
    fn a_formatted_date_reads_back_and_sorts(
        format in formats(),
        days in (dates(), dates()),
        counters in (0_u64..3, 0_u64..3),
    ) {
        let (first, second) = if days.0 <= days.1 { days } else { (days.1, days.0) };
        let counters = Counters { major: 1, minor: counters.0, micro: counters.1 };
        let earlier = format.format(first, counters, None).unwrap();
        let later = format.format(second, counters, None).unwrap();
        prop_assert_eq!(&format.parse(&earlier.to_string()).unwrap(), &earlier);
        prop_assert!(earlier <= later, "{} {}", earlier, later);
        match format.next(second, [&earlier]) {
            Ok(next) => prop_assert!(next > earlier, "{} {}", next, earlier),
            Err(error) => prop_assert!(matches!(error, NextVersionError::Taken { .. }), "{}", error),
        }
    }

    #[test]
    fn the_order_is_total_and_that_of_release_versions(
        texts in prop::collection::vec("(24|2024)\\.0?[12](\\.[01]){0,2}(|-?(dev|a|rc|post)([.]?[012])?)", 3),
    ) {
        let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let (a, b, c) = (&versions[0], &versions[1], &versions[2]);
        prop_assert_eq!(a, &a.to_string().parse().unwrap());
        prop_assert_eq!(a.cmp(b), b.cmp(a).reverse());
        prop_assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
        prop_assert!(a != b || hash(a) == hash(b));
        let neutral = |version: &Version| ReleaseVersion::try_from(version).unwrap();
        prop_assert_eq!(a.cmp(b), neutral(a).cmp(&neutral(b)));
        prop_assert_eq!(a.to_string(), neutral(a).render(Scheme::Calver).unwrap());
        prop_assert!(!(a <= b && b <= c) || a <= c);
    }

    #[test]
    fn the_offset_is_inside(text in "[0-9]{0,4}[0-2.ré_-]{0,8}", tokens in "(YYYY|MM|[.Y0Mé_-]){0,4}", format in formats()) {
        let offsets = [
            text.parse::<Version>().err().and_then(|error| error.offset()),
            format.parse(&text).err().and_then(|error| error.offset()),
            text.parse::<Modifier>().err().and_then(|error| error.offset()),
        ];
        prop_assert!(offsets.into_iter().flatten().all(|offset| text.is_char_boundary(offset)));
        let offset = tokens.parse::<Format>().err().and_then(|error| error.offset());
        prop_assert!(offset.is_none_or(|offset| tokens.is_char_boundary(offset)));
    }
}
