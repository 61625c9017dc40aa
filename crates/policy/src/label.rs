/// Whether two labels or account names are the same to a forge, which ignores case in both.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

/// Whether `labels` has one of `wanted`.
pub(crate) fn any_of(labels: &[String], wanted: &[String]) -> bool {
    labels.iter().any(|label| wanted.iter().any(|wanted| same(label, wanted)))
}
