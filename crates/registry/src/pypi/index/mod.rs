//! One index: reading listings and files, uploading, waiting until uploads are seen.

mod form;
mod upload;
mod wait;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use tminus_http::{Client, Credential, HttpError, Limits, Problem, Response, Safety, Url};

use super::listing::{ACCEPT, plain_words};
use super::{File, Listing, ProjectName};
use crate::Sha256;

pub use upload::{UploadError, Uploaded};
pub use wait::{Poll, Visible, Wait, WaitError};

/// Where an index is written and where it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The upload API (`…/legacy/`); `None` for an index that is only read.
    pub upload: Option<Url>,
    /// The simple API (`…/simple/`).
    pub simple: Url,
}

/// One package index.
///
/// Every method is safe to call again: reads change nothing, and [`Index::upload`] compares with what is there.
///
/// ```
/// use std::sync::Arc;
/// use bytes::Bytes;
/// use tminus_http::{BoxFuture, Client, Limits, Transport, TransportError, Url};
/// use tminus_registry::pypi::{Endpoints, Index};
///
/// struct Empty; // A transport for the example; `tminus_http::SystemTransport` is the real one.
/// impl Transport for Empty {
///     fn send(
///         &self,
///         _: http::Request<Bytes>,
///         _: Limits,
///     ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
///         Box::pin(async {
///             let answer = http::Response::builder().status(404).body(Bytes::new());
///             answer.map_err(|error| TransportError::Broken(error.to_string()))
///         })
///     }
/// }
///
/// let simple = Url::parse("https://pypi.example/simple/")?;
/// let index = Index::new(Client::new(Arc::new(Empty)), Endpoints { upload: None, simple }, None);
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let listing = runtime.block_on(index.listing(&"demo".parse()?))?;
/// assert!(!listing.exists && listing.files.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Index {
    client: Client,
    /// As `client`, with the limits for whole artifacts.
    file_client: Client,
    endpoints: Endpoints,
    credential: Option<Credential>,
}

/// A question to an index that has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The request failed, was refused, or its answer is not what the protocol asks for.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The index is only read.
    #[error("no upload endpoint is configured for the index {simple}")]
    NoUploadEndpoint {
        /// The simple API.
        simple: String,
    },
    /// The bytes that came are not those that the listing states.
    #[error("{filename} from {url}: the listing states sha256 {stated}, the download has {actual}")]
    WrongDigest {
        /// The file.
        filename: String,
        /// Where it came from.
        url: String,
        /// In the listing.
        stated: Sha256,
        /// Of the bytes.
        actual: Sha256,
    },
}

impl IndexError {
    /// The outside world failed in a way that may pass: running again later is all that can be done.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Http(error) if error.is_passing())
    }
}

/// What an index says to a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialCheck {
    /// It was not refused.
    Accepted {
        /// The status of the answer, usually 400: the form was empty on purpose.
        status: u16,
    },
    /// It was refused.
    Refused {
        /// 401 or 403.
        status: u16,
        /// The server's words.
        words: String,
    },
}

impl Index {
    /// An index. `credential` is attached to requests to its own origin only.
    pub fn new(client: Client, endpoints: Endpoints, credential: Option<Credential>) -> Self {
        let limits = Limits { timeout: std::time::Duration::from_secs(900), body_bytes: 2 << 30 };
        Self { file_client: client.clone().with_limits(limits), client, endpoints, credential }
    }

    /// With other limits for one artifact, up or down; the default is 2 GiB and 15 minutes.
    #[must_use]
    pub fn with_file_limits(mut self, limits: Limits) -> Self {
        self.file_client = self.file_client.with_limits(limits);
        self
    }

    /// The endpoints.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// What the index lists under `project` now, past caches.
    ///
    /// JSON (PEP 691) where the index has it, else HTML (PEP 503). An unknown project is an empty listing.
    ///
    /// # Errors
    /// Network failures, 401 and 403, and answers that are no listing.
    pub async fn listing(&self, project: &ProjectName) -> Result<Listing, IndexError> {
        let url = self.listing_url(project)?;
        let request = Request::get(url.as_str())
            .header(header::ACCEPT, ACCEPT)
            .header(header::CACHE_CONTROL, "no-cache")
            .body(Bytes::new())
            .map_err(|error| unsendable(&Method::GET, &url, &error))?;
        let response = self.client.send(request, self.credential.as_ref(), Safety::Safe).await?;
        if response.status == StatusCode::NOT_FOUND {
            return Ok(Listing::absent(project));
        }
        Ok(Listing::read(project, &usable(response)?)?)
    }

    /// The bytes of a listed file, compared with the digest that the listing states.
    ///
    /// # Errors
    /// Network failures, refusals, a file beyond the limits, [`IndexError::WrongDigest`].
    pub async fn download(&self, file: &File) -> Result<Bytes, IndexError> {
        let response = self.file_client.get(&file.url, self.credential.as_ref(), "*/*").await?;
        let bytes = usable(response)?.body;
        let actual = Sha256::of(&bytes);
        match file.sha256 {
            Some(stated) if stated != actual => Err(IndexError::WrongDigest {
                filename: file.filename.clone(),
                url: tminus_http::redacted(&file.url),
                stated,
                actual,
            }),
            _ => Ok(bytes),
        }
    }

    /// The digest of a listed file: as stated, or else of its bytes, which are then downloaded.
    ///
    /// # Errors
    /// As [`Index::download`].
    pub async fn sha256_of(&self, file: &File) -> Result<Sha256, IndexError> {
        match file.sha256 {
            Some(stated) => Ok(stated),
            None => Ok(Sha256::of(&self.download(file).await?)),
        }
    }

    /// Whether the index takes the credential, without writing anything.
    ///
    /// An upload form with nothing in it is sent. Indexes authenticate before they look at the form, so 401 and 403
    /// are about the credential and everything else, usually 400, about the form. A token that is limited to other
    /// projects passes here: the project is in the part that is left out.
    ///
    /// # Errors
    /// No upload endpoint, network failures, 5xx and 429.
    pub async fn check_credential(&self) -> Result<CredentialCheck, IndexError> {
        let url = self.upload_url()?;
        let form = form::Form::new("credential-check", &[(":action", "file_upload")], None);
        // Safe: it changes nothing however often it is sent.
        let response = self.client.send(form.request(url)?, self.credential.as_ref(), Safety::Safe).await?;
        let status = response.status.as_u16();
        Ok(match status {
            401 | 403 => CredentialCheck::Refused { status, words: plain_words(response.words()) },
            _ => CredentialCheck::Accepted { status },
        })
    }

    fn upload_url(&self) -> Result<&Url, IndexError> {
        self.endpoints.upload.as_ref().ok_or_else(|| IndexError::NoUploadEndpoint {
            simple: tminus_http::redacted(&self.endpoints.simple),
        })
    }

    /// `…/simple/NAME/`, whether or not the endpoint ends with a slash; its query is kept.
    fn listing_url(&self, project: &ProjectName) -> Result<Url, HttpError> {
        let mut url = self.endpoints.simple.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => {
                segments.pop_if_empty().push(project.normalized()).push("");
            }
            Err(()) => return Err(unsendable(&Method::GET, &self.endpoints.simple, &"the URL has no path")),
        }
        Ok(url)
    }
}

/// A 2xx answer; others become errors.
fn usable(response: Response) -> Result<Response, HttpError> {
    let response = response.success()?;
    if response.status.is_success() { Ok(response) } else { Err(response.refusal()) }
}

fn unsendable(method: &Method, url: &Url, problem: &dyn std::fmt::Display) -> HttpError {
    HttpError::new(method, url, Problem::Unsendable(problem.to_string()))
}

#[cfg(test)]
mod tests;
