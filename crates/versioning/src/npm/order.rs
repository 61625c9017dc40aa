//! The order of identifiers.

use std::cmp::Ordering;

/// Compares two pre-release parts, neither of which is empty.
pub(super) fn pre_releases(left: &[u8], right: &[u8]) -> Ordering {
    // Most parts differ in an identifier near the start or in a number at the end, so that one pass does both.
    let mut left = left.split(|&byte| byte == b'.');
    let mut right = right.split(|&byte| byte == b'.');
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(one), Some(other)) => match identifier(one, other) {
                Ordering::Equal => {}
                different => return different,
            },
        }
    }
}

/// Compares two texts of build metadata, one of which may be empty: without is before with.
pub(super) fn builds(left: &[u8], right: &[u8]) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (false, false) => pre_releases(left, right).then_with(|| left.cmp(right)),
        (left_is_empty, right_is_empty) => right_is_empty.cmp(&left_is_empty),
    }
}

/// Numbers are before texts and compare by value, however long they are.
pub(super) fn identifier(left: &[u8], right: &[u8]) -> Ordering {
    let is_number = |identifier: &[u8]| identifier.iter().all(u8::is_ascii_digit);
    match (is_number(left), is_number(right)) {
        (true, true) => {
            let (left, right) = (significant(left), significant(right));
            left.len().cmp(&right.len()).then_with(|| left.cmp(right))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left.cmp(right),
    }
}

fn significant(mut digits: &[u8]) -> &[u8] {
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}
