//! What every parser must hold for any input, valid or not. Fed by `tests/corpus.rs` and by `cargo xtask fuzz`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a law that does not hold stops the run"
)]

pub(crate) mod calver;
pub(crate) mod constraint;
pub(crate) mod go;
pub(crate) mod names;
pub(crate) mod npm;
pub(crate) mod oci;
pub(crate) mod pep440;
pub(crate) mod release;
pub(crate) mod scm;
pub(crate) mod semver;
pub(crate) mod tag;

/// A target: its name, which is also the directory of its corpus, and what is called with the input.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: &[Target] = &[
    ("branch_pattern", tag::branch_pattern),
    ("calver_format", calver::calver_format),
    ("calver_version", calver::calver_version),
    ("cargo_req", semver::cargo_req),
    ("constraint_rewrite", constraint::constraint_rewrite),
    ("go_version", go::go_version),
    ("names", names::names),
    ("npm_range", npm::npm_range),
    ("npm_version", npm::npm_version),
    ("oci_tag", oci::oci_tag),
    ("pep440_specifier", pep440::pep440_specifier),
    ("pep440_version", pep440::pep440_version),
    ("release_version", release::release_version),
    ("requirement_parse", constraint::requirement_parse),
    ("scm_describe", scm::scm_describe),
    ("semver_version", semver::semver_version),
    ("tag_pattern", tag::tag_pattern),
    ("template", names::template),
];
