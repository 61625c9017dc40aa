#![doc = include_str!("../README.md")]

pub mod credentials;
mod digest;
mod percent;
pub mod pypi;

pub use digest::{ParseDigestError, Sha256};
