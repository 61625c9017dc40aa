//! Which index a destination is, and what to show it: endpoints and credentials from data that the caller has read.
//!
//! Nothing here reads the environment, a file or the network. [`resolve_pypi`] is given everything, and says of
//! everything where it came from.

mod environment;
mod netrc;
mod pypirc;
mod resolve;
mod variables;

pub use environment::Environment;
pub use netrc::{Machine, Netrc, NetrcError};
pub use pypirc::{Pypirc, PypircError, Section};
pub use resolve::{
    ClientAnswer, CompiledEndpoints, EndpointError, Inputs, NamedEndpoints, Resolved, ResolvedDestination,
    SourceKind, resolve_pypi,
};

/// The largest `.pypirc` or netrc file that is read, in bytes.
const MAX_FILE_BYTES: usize = 1 << 20;
