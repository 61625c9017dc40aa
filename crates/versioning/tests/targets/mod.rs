//! What every parser must hold for any input, valid or not. Fed by `tests/corpus.rs` and by `cargo xtask fuzz`.

pub mod calver;
pub mod go;
pub mod oci;
pub mod release;
pub mod scm;
pub mod semver;
pub mod tag;

/// Every target by its name, which is also the directory of its corpus.
pub const TARGETS: &[(&str, fn(&[u8]))] = &[
    ("branch_pattern", tag::branch_pattern),
    ("calver_format", calver::calver_format),
    ("calver_version", calver::calver_version),
    ("cargo_req", semver::cargo_req),
    ("go_version", go::go_version),
    ("oci_tag", oci::oci_tag),
    ("release_version", release::release_version),
    ("scm_describe", scm::scm_describe),
    ("semver_version", semver::semver_version),
    ("tag_pattern", tag::tag_pattern),
];
