use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;

/// A future that can be sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Bounds on one exchange.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first byte sent to the last byte received.
    pub timeout: Duration,
    /// The largest body that is read, in bytes.
    pub body_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), body_bytes: 64 * 1024 * 1024 }
    }
}

/// Sends one request and returns one response. No redirects, no retries, no credentials: [`crate::Client`]
/// does these, the same way over every transport.
pub trait Transport: Send + Sync {
    /// Sends `request`.
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The connection could not be made: the server saw nothing.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The connection broke: the server may have acted.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// No answer in time: the server may have acted.
    #[error("no answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The body is larger than the limit.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// The transport was told to stop.
    #[error("stopped")]
    Stopped,
}
