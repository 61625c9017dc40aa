//! Object ids: SHA-1 in 40 hexadecimal digits.

use super::checked_text;

checked_text! {
    /// The id of a commit: 40 hexadecimal digits, kept in lower case.
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
    /// An abbreviated id (`72e6c59`), 64 digits (SHA-256), a name (`HEAD`), and forty zeros, git's way to say "none".
    CommitId, "commit id", check
}

checked_text! {
    /// The id of any object, such as that of an annotated tag: 40 hexadecimal digits, kept in lower case.
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

/// What git writes where there is no object.
pub(crate) const NULL_ID: &str = "0000000000000000000000000000000000000000";

fn check(text: &str) -> Result<String, &'static str> {
    if text.len() != NULL_ID.len() {
        return Err("it does not have 40 digits");
    }
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("it has something else than hexadecimal digits");
    }
    if text == NULL_ID {
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
