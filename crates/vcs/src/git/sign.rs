//! Why something could not be signed.

use super::call::Call;
use super::error::stderr;
use super::{Git, GitError};
use crate::process::Output;

/// What git and the signing programs write, and what helps. The first that fits counts. The words are stable because the
/// locale is fixed to C; they change the advice only.
const ADVICE: [(&str, &str); 11] = [
    (
        "either user.signingkey or gpg.ssh.defaultKeyCommand needs to be configured",
        "set user.signingKey to the file of a public key, as in `git config --global user.signingKey ~/.ssh/id_ed25519.pub`",
    ),
    ("Couldn't load public key", "user.signingKey names a file that is not there or not a key"),
    ("Couldn't find key in agent", "the key of user.signingKey is not in the ssh agent; run `ssh-add`"),
    ("invalid value for 'gpg.format'", "gpg.format must be openpgp, x509 or ssh"),
    ("gpg.format", "gpg.format must be openpgp, x509 or ssh"),
    (
        "cannot run",
        "the signing program is not installed; see gpg.program, gpg.ssh.program and gpg.x509.program",
    ),
    (
        "cannot exec",
        "the signing program is not installed; see gpg.program, gpg.ssh.program and gpg.x509.program",
    ),
    (
        "No secret key",
        "there is no secret key for user.signingKey, or for the committer where that is not set; see `gpg --list-secret-keys`",
    ),
    (
        "Inappropriate ioctl",
        "gpg could not ask for the passphrase; set GPG_TTY, or unlock the key in gpg-agent first",
    ),
    ("inentry", "gpg could not ask for the passphrase; set GPG_TTY, or unlock the key in gpg-agent first"),
    ("incorrect passphrase", "the key needs its passphrase; load it into the ssh agent with `ssh-add`"),
];

impl Git {
    /// The error for a commit or tag that was not made: its signature, if that is what failed.
    pub(super) fn commit_failed(&self, call: &Call, output: &Output) -> GitError {
        let words = stderr(output);
        let about_signing = [
            "failed to sign",
            "unable to sign",
            "user.signingkey",
            "gpg.format",
            "public key",
            "key in agent",
        ];
        // `git commit` says only the first, `git commit-tree` nothing of its own, after the words of the signing program.
        let started = words.contains("failed to write commit object") || words.contains("cannot exec");
        let written = started && self.signs_commits();
        if !written && !about_signing.iter().any(|part| words.contains(part)) {
            return GitError::failed(call, output);
        }
        let format = self.config("gpg.format").ok().flatten().unwrap_or_else(|| "openpgp".to_owned());
        let advice = ADVICE.iter().find(|(part, _)| words.contains(part));
        let advice = advice.map_or("the signing program gave no signature", |(_, advice)| advice);
        GitError::Signing { format, advice, stderr: words }
    }

    fn signs_commits(&self) -> bool {
        self.config_is_on("commit.gpgSign").unwrap_or(false)
    }
}
