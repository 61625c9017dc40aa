//! Object ids: SHA-1 in 40 hexadecimal digits, SHA-256 in 64.

use super::checked_text;

checked_text! {
    /// The id of a commit: 40 hexadecimal digits (64 in a SHA-256 repository), kept in lower case.
    ///
    /// ```
    /// use tminus_vcs::CommitId;
    ///
    /// let id: CommitId = "72E6C59F0F9E1D8A8C6C3D6C4D2B1A0F9E8D7C6B".parse()?;
    /// assert_eq!(id.as_str(), "72e6c59f0f9e1d8a8c6c3d6c4d2b1a0f9e8d7c6b");
    /// assert_eq!(id.short(), "72e6c59f0f");
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    ///
    /// # Errors
    ///
    /// An abbreviated id (`72e6c59`), a name (`HEAD`), and zeros only, git's way to say "none".
    CommitId, "commit id", check
}

checked_text! {
    /// The id of any object, such as that of an annotated tag: 40 hexadecimal digits (64 in a SHA-256 repository), kept in
    /// lower case.
    ///
    /// ```
    /// use tminus_vcs::{CommitId, ObjectId};
    ///
    /// let commit: CommitId = "72e6c59f0f9e1d8a8c6c3d6c4d2b1a0f9e8d7c6b".parse()?;
    /// assert_eq!(ObjectId::from(&commit).as_str(), commit.as_str());
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`CommitId`].
    ObjectId, "object id", check
}

/// The digits of a SHA-1, the hash of nearly all repositories.
const SHA1_DIGITS: usize = 40;
/// The digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

fn check(text: &str) -> Result<String, &'static str> {
    if text.len() != SHA1_DIGITS && text.len() != SHA256_DIGITS {
        return Err("it has neither 40 nor 64 digits");
    }
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("it has something else than hexadecimal digits");
    }
    if text.bytes().all(|b| b == b'0') {
        return Err("it stands for no object");
    }
    Ok(text.to_ascii_lowercase())
}

impl CommitId {
    /// The first ten digits, for people.
    pub fn short(&self) -> &str {
        self.as_str().get(..10).unwrap_or(self.as_str())
    }

    pub(crate) fn from_gix(id: &gix::oid) -> Self {
        Self(id.to_string())
    }
}

impl ObjectId {
    /// The first ten digits, for people.
    pub fn short(&self) -> &str {
        self.as_str().get(..10).unwrap_or(self.as_str())
    }

    pub(crate) fn from_gix(id: &gix::oid) -> Self {
        Self(id.to_string())
    }
}

impl From<CommitId> for ObjectId {
    fn from(id: CommitId) -> Self {
        Self(id.into())
    }
}

impl From<&CommitId> for ObjectId {
    fn from(id: &CommitId) -> Self {
        Self(id.as_str().to_owned())
    }
}
