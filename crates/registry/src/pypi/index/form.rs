use bytes::{BufMut as _, Bytes, BytesMut};
use http::{Method, Request, header};
use tminus_http::{HttpError, Url};

use super::unsendable;
use crate::Sha256;
use crate::pypi::Artifact;

/// A multipart form (RFC 7578).
pub(super) struct Form {
    boundary: String,
    body: Bytes,
}

impl Form {
    /// A form of `fields` and, as its last part, the content of an artifact.
    ///
    /// The boundary must occur in no part. It is derived from `seed` and the artifact's digest, so that the same form
    /// has the same bytes; a part that contained it would contain a digest of itself. Fields are looked through all
    /// the same, as they are short.
    pub(super) fn new(seed: &str, fields: &[(&str, &str)], artifact: Option<&Artifact>) -> Self {
        let mut boundary = boundary(seed, artifact);
        while fields.iter().any(|(_, value)| value.contains(&boundary)) {
            boundary = self::boundary(&boundary, artifact);
        }
        let mut body = BytesMut::with_capacity(artifact.map_or(0, |artifact| artifact.bytes().len()) + 8192);
        for (name, value) in fields {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.put(head.as_bytes());
            body.put(value.as_bytes());
            body.put("\r\n".as_bytes());
        }
        if let Some(artifact) = artifact {
            // The name has passed `FileName::parse`: it holds no quote and no line end.
            let name = artifact.filename();
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.put(head.as_bytes());
            body.put(artifact.bytes().as_ref());
            body.put("\r\n".as_bytes());
        }
        body.put(format!("--{boundary}--\r\n").as_bytes());
        Self { boundary, body: body.freeze() }
    }

    /// The form as a request; it can be asked for again and again.
    pub(super) fn request(&self, url: &Url) -> Result<Request<Bytes>, HttpError> {
        Request::post(url.as_str())
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={}", self.boundary))
            .header(header::ACCEPT, "text/plain, */*;q=0.5")
            .body(self.body.clone())
            .map_err(|error| unsendable(&Method::POST, url, &error))
    }
}

fn boundary(seed: &str, artifact: Option<&Artifact>) -> String {
    let digest = artifact.map(Artifact::sha256).map_or(String::new(), |digest| digest.to_string());
    let whole = Sha256::of(format!("tminus form {seed} {digest}").as_bytes()).to_string();
    format!("tminus-{}", whole.get(..40).unwrap_or_default())
}
