//! Who signed a tag or commit, as git and the user's keys judge it.

use super::call::Call;
use super::error::stderr;
use super::{Git, GitError};
use crate::names::{CommitId, RefName, TagName};
use crate::process::Output;

/// What kind of signature something carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureFormat {
    /// OpenPGP, made by gpg.
    OpenPgp,
    /// An ssh key.
    Ssh,
    /// X.509 (S/MIME), made by gpgsm or the like.
    X509,
}

/// What a signature is worth here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signature {
    /// There is none; a light tag cannot carry one.
    Unsigned,
    /// The content is what the key's owner signed, and the key is known to be theirs.
    Good {
        /// Its kind.
        format: SignatureFormat,
        /// The principal of `gpg.ssh.allowedSignersFile`, or the user id of the key (`Ann <ann@example.org>`).
        signer: String,
        /// The key: a fingerprint, in ssh's or gpg's form.
        key: String,
        /// Whether the key ring trusts the key fully. Keys of `gpg.ssh.allowedSignersFile` are trusted.
        trusted: bool,
    },
    /// Nothing can be said: the key is not known here, or not trusted as much as `gpg.minTrustLevel` demands.
    Unknown {
        /// Its kind.
        format: SignatureFormat,
        /// The key, as far as the signature tells.
        key: Option<String>,
        /// What is missing.
        why: String,
    },
    /// The content is not what was signed, or the key or signature has expired or been revoked.
    Bad {
        /// Its kind.
        format: SignatureFormat,
        /// What is wrong.
        why: String,
    },
}

impl Signature {
    /// Whether the signature is good.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Good { .. })
    }
}

impl Git {
    /// Verifies the signature of a tag of this repository with the user's keys (`git verify-tag`).
    ///
    /// # Errors
    ///
    /// There is no such tag; the object is unreadable.
    pub fn verify_tag(&self, name: &TagName) -> Result<Signature, GitError> {
        let full = RefName::from(name);
        let kind = self.line(&Call::new(["cat-file", "-t"]).arg(&full).question())?;
        if kind != "tag" {
            return Ok(Signature::Unsigned);
        }
        let content = self.run(&Call::new(["cat-file", "tag"]).arg(&full).question())?.stdout;
        let verify = Call::new(["verify-tag", "--raw", "--end-of-options"]).arg(&full).question();
        self.verify(&String::from_utf8_lossy(&content), &verify)
    }

    /// Verifies the signature of a commit with the user's keys (`git verify-commit`).
    ///
    /// # Errors
    ///
    /// There is no such commit; the object is unreadable.
    pub fn verify_commit(&self, commit: &CommitId) -> Result<Signature, GitError> {
        let content = self.run(&Call::new(["cat-file", "commit"]).arg(commit).question())?.stdout;
        let content = String::from_utf8_lossy(&content);
        // In the header the signature is a field whose other lines begin with a space; the message may quote anything.
        let header = content.split_once("\n\n").map_or(&*content, |(header, _)| header);
        let field =
            header.lines().find_map(|line| line.strip_prefix("gpgsig").and_then(|it| it.split_once(' ')));
        let verify = Call::new(["verify-commit", "--raw", "--end-of-options"]).arg(commit).question();
        self.verify(field.map_or("", |(_, first)| first), &verify)
    }

    fn verify(&self, signed: &str, verify: &Call) -> Result<Signature, GitError> {
        let Some(format) = format(signed) else { return Ok(Signature::Unsigned) };
        let output = self.output(verify)?;
        let judgement = match format {
            SignatureFormat::Ssh => ssh(&output),
            SignatureFormat::OpenPgp | SignatureFormat::X509 => gnupg(format, &output),
        };
        Ok(judgement)
    }
}

/// The last beginning of a signature counts, as in git.
fn format(text: &str) -> Option<SignatureFormat> {
    text.lines().rev().find_map(|line| match line {
        _ if line.starts_with("-----BEGIN PGP SIGNATURE-----") => Some(SignatureFormat::OpenPgp),
        _ if line.starts_with("-----BEGIN PGP MESSAGE-----") => Some(SignatureFormat::OpenPgp),
        _ if line.starts_with("-----BEGIN SSH SIGNATURE-----") => Some(SignatureFormat::Ssh),
        _ if line.starts_with("-----BEGIN SIGNED MESSAGE-----") => Some(SignatureFormat::X509),
        _ => None,
    })
}

/// What `ssh-keygen -Y verify` writes, see its `sshsig.c`: `Good "git" signature for PRINCIPAL with TYPE key HASH`, without
/// the principal where the key is not in the file of allowed signers. All of the words before git's `Good` line are its own.
fn ssh(output: &Output) -> Signature {
    let format = SignatureFormat::Ssh;
    let words = stderr(output);
    let good = words.lines().find_map(|line| line.strip_prefix("Good \"git\" signature "));
    let key = |line: &str| line.rsplit_once(" key ").map(|(_, key)| key.trim().to_owned());
    match good {
        Some(line) if output.success() => {
            // A principal may contain spaces, even ` with `: the last one counts.
            let signer = line.strip_prefix("for ").and_then(|rest| rest.rsplit_once(" with "));
            match (signer, key(line)) {
                (Some((signer, _)), Some(key)) => {
                    Signature::Good { format, signer: signer.to_owned(), key, trusted: true }
                }
                (_, key) => Signature::Unknown { format, key, why: words },
            }
        }
        Some(line) => {
            let why =
                "the key is not in the file that gpg.ssh.allowedSignersFile names, or not for that time";
            Signature::Unknown { format, key: key(line), why: why.to_owned() }
        }
        None if words.contains("allowedSignersFile needs to be configured") => {
            let why = "set gpg.ssh.allowedSignersFile to a file that says whose keys are whose";
            Signature::Unknown { format, key: None, why: why.to_owned() }
        }
        None if words.contains("cannot run") => Signature::Unknown { format, key: None, why: words },
        None => Signature::Bad { format, why: words },
    }
}

/// The status lines of GnuPG (`doc/DETAILS`, "Format of the --status-fd output").
fn gnupg(format: SignatureFormat, output: &Output) -> Signature {
    let words = stderr(output);
    let status = |wanted: &str| {
        let lines = words.lines().filter_map(|line| line.strip_prefix("[GNUPG:] "));
        lines
            .filter_map(|line| line.strip_prefix(wanted))
            .find(|rest| rest.is_empty() || rest.starts_with(' '))
            .map(str::trim)
    };
    let first = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
    let bad = |why: &str| Signature::Bad { format, why: why.to_owned() };
    if status("BADSIG").is_some() {
        return bad("the content is not what was signed");
    }
    for (word, why) in [
        ("REVKEYSIG", "the key was revoked"),
        ("EXPKEYSIG", "the key has expired"),
        ("EXPSIG", "the signature has expired"),
    ] {
        if status(word).is_some() {
            return bad(why);
        }
    }
    if let Some(rest) = status("GOODSIG") {
        let (id, signer) = rest.split_once(' ').unwrap_or((rest, ""));
        let key = status("VALIDSIG").map_or_else(|| id.to_owned(), first);
        if !output.success() {
            let why = "the key is not trusted as much as gpg.minTrustLevel demands".to_owned();
            return Signature::Unknown { format, key: Some(key), why };
        }
        let trusted = status("TRUST_FULLY").is_some() || status("TRUST_ULTIMATE").is_some();
        return Signature::Good { format, signer: signer.to_owned(), key, trusted };
    }
    if let Some(rest) = status("ERRSIG").or_else(|| status("NO_PUBKEY")) {
        let key = first(rest);
        let why = format!("the key {key} is not in the key ring");
        return Signature::Unknown { format, key: Some(key), why };
    }
    if status("NODATA").is_some() {
        return bad("it is no signature");
    }
    Signature::Unknown { format, key: None, why: words }
}
