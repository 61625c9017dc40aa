//! The order of identifiers.

use std::cmp::Ordering;

use crate::semver::grammar::compare_identifiers;

/// Compares two pre-release parts, neither of which is empty.
pub(super) fn pre_releases(left: &[u8], right: &[u8]) -> Ordering {
    compare_identifiers(left, right, |_, _| Ordering::Equal)
}

/// Compares two texts of build metadata, one of which may be empty: without is before with.
pub(super) fn builds(left: &[u8], right: &[u8]) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (false, false) => pre_releases(left, right).then_with(|| left.cmp(right)),
        (left_is_empty, right_is_empty) => right_is_empty.cmp(&left_is_empty),
    }
}
