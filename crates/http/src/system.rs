use std::error::Error as _;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::{BoxFuture, Limits, Transport, TransportError};

/// Makes ring the process's TLS provider. Call it once in `main`; later calls do nothing.
pub fn install_tls_provider() {
    // The error case is "a provider is installed already", which is what we want.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// The real network: reqwest with rustls, system roots, `HTTPS_PROXY` and `SSL_CERT_FILE` honoured.
#[derive(Debug, Clone)]
pub struct SystemTransport {
    client: reqwest::Client,
    /// For this machine, which no proxy can reach for us.
    direct: reqwest::Client,
}

impl SystemTransport {
    /// Builds the transport.
    ///
    /// # Errors
    /// No TLS provider and no trusted root certificates on this machine.
    pub fn new(user_agent: &str) -> Result<Arc<Self>, TransportError> {
        install_tls_provider();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(std::time::Duration::from_secs(20))
        };
        let failed = |error: reqwest::Error| TransportError::Connect(words(&error));
        let client = builder().build().map_err(failed)?;
        let direct = builder().no_proxy().build().map_err(failed)?;
        Ok(Arc::new(Self { client, direct }))
    }
}

impl Transport for SystemTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let failed = |error: &reqwest::Error| {
                if error.is_connect() {
                    TransportError::Connect(words(error))
                } else if error.is_timeout() {
                    TransportError::TimedOut(limits.timeout)
                } else {
                    TransportError::Broken(words(error))
                }
            };
            let (parts, body) = request.into_parts();
            let here =
                url::Url::parse(&parts.uri.to_string()).is_ok_and(|url| crate::origin::is_loopback(&url));
            let client = if here { &self.direct } else { &self.client };
            let mut outgoing = client
                .request(parts.method, parts.uri.to_string())
                .headers(parts.headers)
                .timeout(limits.timeout);
            if !body.is_empty() {
                outgoing = outgoing.body(body);
            }
            let incoming = outgoing.send().await.map_err(|error| failed(&error))?;
            if incoming.content_length().is_some_and(|length| length > limits.body_bytes) {
                return Err(TransportError::TooLarge(limits.body_bytes));
            }
            let mut response = http::Response::builder().status(incoming.status());
            if let Some(headers) = response.headers_mut() {
                *headers = incoming.headers().clone();
            }
            let mut whole = BytesMut::new();
            let mut chunks = incoming.bytes_stream();
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk.map_err(|error| failed(&error))?;
                if (whole.len() + chunk.len()) as u64 > limits.body_bytes {
                    return Err(TransportError::TooLarge(limits.body_bytes));
                }
                whole.extend_from_slice(&chunk);
            }
            response.body(whole.freeze()).map_err(|error| TransportError::Broken(error.to_string()))
        })
    }
}

/// The innermost cause: the outer layers repeat the URL, which may hold a query.
fn words(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if error.source().is_none() { "the request failed".to_owned() } else { cause.to_string() }
}
