use std::time::Duration;

use tminus_http::{HttpError, Safety, Url};

use super::form::Form;
use super::{Index, IndexError};
use crate::Sha256;
use crate::pypi::listing::plain_words;
use crate::pypi::{Artifact, Inspected};

/// How often a form whose answer was lost is sent in all.
const TRIES: u32 = 3;
/// How long to wait before an answer is looked for in the listing, each time that one is.
const LOOKS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(2), Duration::from_secs(5)];

/// How an upload ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uploaded {
    /// The index took the file.
    Accepted,
    /// The index has this very file, from an earlier upload or from this one, whose answer was lost.
    AlreadyThere,
}

/// How an upload ended otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The credential was refused (401, 403). Never tried again.
    #[error("{filename}: {url} refused the credential ({status}){}", said(words))]
    Refused {
        /// The artifact.
        filename: String,
        /// The upload endpoint.
        url: String,
        /// 401 or 403.
        status: u16,
        /// The server's words.
        words: String,
    },
    /// The index has another file of that name. It is never overwritten: release another version.
    #[error("{filename} is on the index with other content: ours has sha256 {ours}, theirs {theirs}")]
    Conflict {
        /// The artifact.
        filename: String,
        /// Our digest.
        ours: Sha256,
        /// The digest on the index.
        theirs: Sha256,
    },
    /// The index does not want the file, and does not have it.
    #[error("{filename}: the index rejected it ({status}){}", said(words))]
    Rejected {
        /// The artifact.
        filename: String,
        /// The status.
        status: u16,
        /// The server's words.
        words: String,
    },
    /// The index rejected the file, and whether it has it already cannot be seen.
    #[error(
        "{filename}: the index rejected it ({status}){}; whether it has it could not be read",
        said(words)
    )]
    Undecided {
        /// The artifact.
        filename: String,
        /// The status.
        status: u16,
        /// The server's words.
        words: String,
        /// Why the listing could not be read.
        source: IndexError,
    },
    /// The answers were lost, and the file is not visible. Running again is safe.
    #[error("{filename}: sent {tries} times without an answer, and the index does not show it")]
    Lost {
        /// The artifact.
        filename: String,
        /// How often it was sent.
        tries: u32,
        /// The last failure.
        source: HttpError,
    },
    /// The upload could not be sent, or its outcome could not be read from the listing.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl UploadError {
    /// The outside world failed in a way that may pass: running again is safe and may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Lost { .. } => true,
            Self::Index(source) | Self::Undecided { source, .. } => source.is_passing(),
            _ => false,
        }
    }
}

/// What the listing says about an artifact.
enum Seen {
    Same,
    Other(Sha256),
    Nothing,
}

impl Index {
    /// Uploads an artifact (the multipart form of the legacy upload API).
    ///
    /// Nothing is decided by what an answer says, since every index words it differently. After 400 or 409 and after
    /// an answer that was lost, the listing is read: this file under this name is success, another file is a
    /// conflict. A form whose answer was lost is sent again only when the file cannot be seen, three times in all. A
    /// listing that lags can so cause a second upload of the same bytes, which an index answers with 200 or 400.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub async fn upload(&self, artifact: &Artifact) -> Result<Uploaded, UploadError> {
        let url = self.upload_url()?;
        let digest = artifact.sha256().to_string();
        let form = Form::new(artifact.filename(), &fields(artifact.inspected(), &digest), Some(artifact));
        let mut tries = 0;
        loop {
            tries += 1;
            let request = form.request(url).map_err(IndexError::from)?;
            let error = match self.file_client.send(request, self.credential.as_ref(), Safety::Once).await {
                Ok(response) => {
                    let (status, words) = (response.status.as_u16(), plain_words(response.words()));
                    return self.answered(artifact, url, status, words).await;
                }
                Err(error) => error,
            };
            if !error.is_passing() || error.status() == Some(429) {
                return Err(IndexError::from(error).into());
            }
            match self.look(artifact, LOOKS.get(1..).unwrap_or_default()).await? {
                Seen::Same => return Ok(Uploaded::AlreadyThere),
                Seen::Other(theirs) => return Err(conflict(artifact, theirs)),
                Seen::Nothing if tries >= TRIES => {
                    let filename = artifact.filename().to_owned();
                    return Err(UploadError::Lost { filename, tries, source: error });
                }
                Seen::Nothing => {}
            }
        }
    }

    async fn answered(
        &self,
        artifact: &Artifact,
        url: &Url,
        status: u16,
        words: String,
    ) -> Result<Uploaded, UploadError> {
        let filename = artifact.filename().to_owned();
        match status {
            200..300 => return Ok(Uploaded::Accepted),
            401 | 403 => {
                let url = tminus_http::redacted(url);
                return Err(UploadError::Refused { filename, url, status, words });
            }
            400 | 409 => {}
            _ => return Err(UploadError::Rejected { filename, status, words }),
        }
        match self.look(artifact, &LOOKS).await {
            Ok(Seen::Same) => Ok(Uploaded::AlreadyThere),
            Ok(Seen::Other(theirs)) => Err(conflict(artifact, theirs)),
            Ok(Seen::Nothing) => Err(UploadError::Rejected { filename, status, words }),
            Err(source) => Err(UploadError::Undecided { filename, status, words, source }),
        }
    }

    /// Looks for the artifact in the listing until it is there or `waits` are over.
    async fn look(&self, artifact: &Artifact, waits: &[Duration]) -> Result<Seen, IndexError> {
        for wait in waits {
            if !wait.is_zero() {
                self.client.timer().sleep(*wait).await;
            }
            let listing = self.listing(artifact.inspected().name()).await?;
            if let Some(file) = listing.file(artifact.filename()) {
                let theirs = self.sha256_of(file).await?;
                return Ok(if theirs == artifact.sha256() { Seen::Same } else { Seen::Other(theirs) });
            }
        }
        Ok(Seen::Nothing)
    }
}

/// Every field of the form but the content.
fn fields<'a>(inspected: &'a Inspected, digest: &'a str) -> Vec<(&'static str, &'a str)> {
    let mut fields = vec![
        (":action", "file_upload"),
        ("protocol_version", "1"),
        ("filetype", inspected.kind().filetype()),
        ("pyversion", inspected.python_tag()),
        ("sha256_digest", digest),
    ];
    fields.extend(inspected.metadata.form_fields());
    fields
}

fn conflict(artifact: &Artifact, theirs: Sha256) -> UploadError {
    UploadError::Conflict { filename: artifact.filename().to_owned(), ours: artifact.sha256(), theirs }
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}
