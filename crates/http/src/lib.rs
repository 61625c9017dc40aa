#![doc = include_str!("../README.md")]

mod client;
mod credential;
mod error;
mod origin;
mod retry;
mod secret;
mod system;
mod transport;

pub use client::{Client, Response, Safety};
pub use credential::{Credential, Scheme};
pub use error::{HttpError, Problem};
pub use origin::{Origin, redacted};
pub use retry::{RetryPolicy, SystemTimer, Timer};
pub use secret::Secret;
pub use system::{SystemTransport, install_tls_provider};
pub use transport::{BoxFuture, Limits, Transport, TransportError};
pub use url::Url;
