use std::fmt;

use tminus_http::{Credential, Origin, Scheme, Secret, Url, redacted};

use super::variables::{Login, Own, PYPI, TOKEN_USER, login, secrets_set};
use super::{Environment, Netrc, NetrcError, Pypirc, PypircError, Section};
use crate::percent::percent_decoded;

/// The endpoints that one source names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedEndpoints {
    /// The upload API.
    pub upload: Option<Url>,
    /// The simple API, for reading back.
    pub index: Option<Url>,
}

/// The endpoints that were compiled into the program, as `option_env!` has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompiledEndpoints<'a> {
    /// The upload API.
    pub upload: Option<&'a str>,
    /// The simple API, for reading back.
    pub index: Option<&'a str>,
}

/// What an installed client says when it is asked for its default endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAnswer {
    /// Which client, for people: `twine 7.0.0`.
    pub client: String,
    /// The upload API.
    pub upload: String,
    /// The simple API, for reading back.
    pub index: Option<String>,
}

/// Everything that endpoints and credentials are resolved from, highest first.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// From the command line.
    pub flags: &'a NamedEndpoints,
    /// The environment.
    pub environment: &'a Environment,
    /// From `tminus.toml`. It is part of the repository, and gets no ambient credential.
    pub configured: &'a NamedEndpoints,
    /// The text of the user's `.pypirc`.
    pub pypirc: Option<&'a str>,
    /// The text of the user's netrc file.
    pub netrc: Option<&'a str>,
    /// Asks an installed client for its default endpoints of a destination. Called when nothing above names any.
    pub ask: &'a dyn Fn(&str) -> Option<ClientAnswer>,
    /// The last resort, for this destination.
    pub compiled: CompiledEndpoints<'a>,
}

impl fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs").field("environment", self.environment).finish_non_exhaustive()
    }
}

/// What kind of source named an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceKind {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// `tminus.toml`.
    Configuration,
    /// The user's `.pypirc`.
    Pypirc,
    /// An installed client.
    Client,
    /// The build of this program.
    Compiled,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved<T> {
    /// The value.
    pub value: T,
    /// The kind of source.
    pub kind: SourceKind,
    /// The source, for people: `environment TMINUS_PYPI_UPLOAD_URL`, `.pypirc [testpypi]`.
    pub source: String,
}

/// A destination that can be uploaded to and read back.
#[derive(Debug, Clone)]
pub struct ResolvedDestination {
    /// The upload API, without user name and password.
    pub upload: Resolved<Url>,
    /// The simple API, without user name and password.
    pub index: Resolved<Url>,
    /// What to show, bound to the origin of the upload API.
    pub credential: Option<Credential>,
    /// Where the credential came from, or `none`.
    pub credential_source: String,
    /// What people should know: derived URLs, settings that were passed over and why.
    pub notes: Vec<String>,
}

/// Why a destination has no endpoints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// The name makes no variable name.
    #[error("destination {destination:?}: a name is made of ASCII letters, digits, `-` and `_`")]
    Destination {
        /// The destination.
        destination: String,
    },
    /// A source names something that is no URL. It is not quoted: it may hold a password.
    #[error("{named_by}: not a URL for an index: {problem}")]
    Url {
        /// The source.
        named_by: String,
        /// What is wrong.
        problem: String,
    },
    /// The two endpoints are one pair from one source, and a source names the second half only.
    #[error(
        "{named_by} names the read-back URL of destination {destination:?} and not the upload URL; name both there"
    )]
    HalfPair {
        /// The destination.
        destination: String,
        /// The source.
        named_by: String,
    },
    /// No source names anything.
    #[error(
        "no endpoint is known for destination {destination:?}: set {upload}=https://… and {index}=https://… \
         (the simple API), or write `repository = https://…` and `index = https://…` under [{destination}] in .pypirc"
    )]
    Unknown {
        /// The destination.
        destination: String,
        /// The variable that names the upload URL.
        upload: String,
        /// The variable that names the read-back URL.
        index: String,
    },
    /// The `.pypirc` is malformed.
    #[error(transparent)]
    Pypirc(#[from] PypircError),
    /// The netrc file is malformed.
    #[error(transparent)]
    Netrc(#[from] NetrcError),
}

/// The endpoints as one source names them.
struct Pair {
    kind: SourceKind,
    upload: Url,
    upload_source: String,
    index: Option<(Url, String)>,
}

/// Finds endpoints and credential of a destination of the kind `pypi`.
///
/// Endpoints, first source that names the upload URL: flags; `TMINUS_<DESTINATION>_UPLOAD_URL` with `…_INDEX_URL`; for
/// the destination `pypi` `UV_PUBLISH_URL` with `UV_PUBLISH_CHECK_URL`, `TWINE_REPOSITORY_URL`; `tminus.toml`; the
/// section of `.pypirc`; the installed client; the compiled pair. Both endpoints come from that one source. Where it
/// names the upload URL only, the read-back URL is that of the compiled pair with the same upload URL, or else derived:
/// `…/legacy/` becomes `…/simple/`, anything else gets `simple/` appended. `PIP_INDEX_URL` and `UV_DEFAULT_INDEX` say
/// where to install from and are never used.
///
/// Credentials: in the URL itself; `TMINUS_<DESTINATION>_TOKEN`; for `pypi` those of uv and twine; a section of
/// `.pypirc` whose `repository` has the origin of the upload URL (for endpoints that the client or the build knew, also
/// the destination's own section without `repository`); a netrc entry of that host. An endpoint that `tminus.toml` names
/// gets none from the environment: otherwise a pull request could send a token anywhere.
///
/// # Errors
/// Nothing names an upload URL, a source names half a pair or something that is no http(s) URL, a malformed file.
pub fn resolve_pypi(destination: &str, inputs: &Inputs<'_>) -> Result<ResolvedDestination, EndpointError> {
    let own = Own::of(destination)
        .ok_or_else(|| EndpointError::Destination { destination: destination.chars().take(80).collect() })?;
    let pypirc = inputs.pypirc.map(Pypirc::parse).transpose()?.unwrap_or_default();
    let netrc = inputs.netrc.map(Netrc::parse).transpose()?.unwrap_or_default();
    let mut notes = Vec::new();
    let Some(mut pair) = find_pair(destination, &own, inputs, &pypirc)? else {
        let destination = destination.to_owned();
        return Err(EndpointError::Unknown { destination, upload: own.upload, index: own.index });
    };
    let embedded = take_login(&mut pair.upload, &pair.upload_source);
    if let Some(login) = &embedded
        && pair.kind == SourceKind::Configuration
    {
        notes.push(format!("{} holds a password: whoever reads the repository has it", login.source));
    }
    let (index, index_source) = match pair.index.take() {
        Some((mut index, source)) => {
            if take_login(&mut index, &source).is_some() {
                notes.push(format!("the user name and password in {source} are not used"));
            }
            (index, source)
        }
        None => read_back(&pair, inputs.compiled, &mut notes)?,
    };
    if pair.kind == SourceKind::Pypirc
        && pypirc.index_servers().is_some_and(|servers| !servers.iter().any(|server| server == destination))
    {
        notes.push(format!(
            "[distutils] index-servers in .pypirc does not list {destination}; twine insists on it"
        ));
    }
    let login = embedded
        .or_else(|| find_login(destination, &own, inputs.environment, &pypirc, &netrc, &pair, &mut notes));
    let credential_source = login.as_ref().map_or_else(|| "none".to_owned(), |login| login.source.clone());
    let origin = Origin::of(&pair.upload);
    let credential =
        login.map(|Login { user, password, .. }| Credential::new(origin, Scheme::Basic { user, password }));
    if credential.is_none() {
        notes.push(no_credential(&own, &pair));
    }
    let kind = pair.kind;
    Ok(ResolvedDestination {
        upload: Resolved { value: pair.upload, kind, source: pair.upload_source },
        index: Resolved { value: index, kind, source: index_source },
        credential,
        credential_source,
        notes,
    })
}

fn find_pair(
    destination: &str,
    own: &Own,
    inputs: &Inputs<'_>,
    pypirc: &Pypirc,
) -> Result<Option<Pair>, EndpointError> {
    if let Some(pair) = from_urls(destination, inputs.flags, SourceKind::Flag, "command line")? {
        return Ok(Some(pair));
    }
    let mut variables = vec![(own.upload.as_str(), Some(own.index.as_str()), true)];
    if destination == PYPI {
        // A check URL alone says nothing about publishing: uv uses it beside its own default.
        variables.push(("UV_PUBLISH_URL", Some("UV_PUBLISH_CHECK_URL"), false));
        variables.push(("TWINE_REPOSITORY_URL", None, false));
    }
    for (upload, index, whole) in variables {
        let named = index.and_then(|index| Some((index, inputs.environment.get(index)?)));
        match (inputs.environment.get(upload), named) {
            (Some(text), named) => {
                let upload_source = format!("environment {upload}");
                let index = named.map(|(name, text)| sourced(text, &format!("environment {name}")));
                return Ok(Some(Pair {
                    kind: SourceKind::Environment,
                    upload: parse(text, &upload_source)?,
                    upload_source,
                    index: index.transpose()?,
                }));
            }
            (None, Some((name, _))) if whole => {
                return Err(half(destination, format!("environment {name}")));
            }
            (None, _) => {}
        }
    }
    if let Some(pair) = from_urls(destination, inputs.configured, SourceKind::Configuration, "tminus.toml")? {
        return Ok(Some(pair));
    }
    if let Some(section) = pypirc.section(destination) {
        let source = format!(".pypirc [{destination}]");
        let (upload, index) = (section.repository.as_deref(), section.index.as_deref());
        if let Some(upload) = upload {
            return from_texts(upload, index, SourceKind::Pypirc, &source).map(Some);
        }
        if index.is_some() {
            return Err(half(destination, source));
        }
    }
    if let Some(answer) = (inputs.ask)(destination) {
        let source = format!("{}, when asked", answer.client);
        return from_texts(&answer.upload, answer.index.as_deref(), SourceKind::Client, &source).map(Some);
    }
    match (inputs.compiled.upload, inputs.compiled.index) {
        (Some(upload), index) => {
            from_texts(upload, index, SourceKind::Compiled, "compiled default").map(Some)
        }
        _ => Ok(None),
    }
}

fn from_urls(
    destination: &str,
    named: &NamedEndpoints,
    kind: SourceKind,
    source: &str,
) -> Result<Option<Pair>, EndpointError> {
    let Some(upload) = &named.upload else {
        return if named.index.is_some() { Err(half(destination, source.to_owned())) } else { Ok(None) };
    };
    let index = named.index.as_ref().map(Url::as_str);
    from_texts(upload.as_str(), index, kind, source).map(Some)
}

fn from_texts(
    upload: &str,
    index: Option<&str>,
    kind: SourceKind,
    source: &str,
) -> Result<Pair, EndpointError> {
    Ok(Pair {
        kind,
        upload: parse(upload, source)?,
        upload_source: source.to_owned(),
        index: index.map(|index| sourced(index, source)).transpose()?,
    })
}

fn sourced(text: &str, source: &str) -> Result<(Url, String), EndpointError> {
    Ok((parse(text, source)?, source.to_owned()))
}

fn half(destination: &str, named_by: String) -> EndpointError {
    EndpointError::HalfPair { destination: destination.to_owned(), named_by }
}

fn parse(text: &str, named_by: &str) -> Result<Url, EndpointError> {
    let refuse = |problem: String| EndpointError::Url { named_by: named_by.to_owned(), problem };
    let mut url = Url::parse(text.trim()).map_err(|error| refuse(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse(format!("the scheme is {:.20}, neither https nor http", url.scheme())));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Takes user name and password out of a URL, so that it can be shown.
fn take_login(url: &mut Url, source: &str) -> Option<Login> {
    let user = percent_decoded(url.username()).unwrap_or_default();
    let password = url.password().and_then(percent_decoded).map(Secret::new);
    // Neither can fail for http and https, which have a host.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let password = password.filter(|password| !password.is_empty())?;
    let user = if user.is_empty() { TOKEN_USER.to_owned() } else { user };
    Some(Login { user, password, source: format!("the URL in {source}") })
}

/// The read-back URL that belongs to an upload URL which was named alone.
fn read_back(
    pair: &Pair,
    compiled: CompiledEndpoints<'_>,
    notes: &mut Vec<String>,
) -> Result<(Url, String), EndpointError> {
    if let (Some(upload), Some(index)) = (compiled.upload, compiled.index) {
        let source = "compiled default";
        if parse(upload, source)? == pair.upload {
            return Ok((
                parse(index, source)?,
                format!("{source}, for the upload URL of {}", pair.upload_source),
            ));
        }
    }
    let mut index = pair.upload.clone();
    let path = index.path().trim_end_matches('/');
    let path = format!("{}/simple/", path.strip_suffix("/legacy").unwrap_or(path));
    index.set_path(&path);
    index.set_query(None);
    notes.push(format!(
        "{} names no read-back URL; {} is derived from the upload URL",
        pair.upload_source,
        redacted(&index)
    ));
    Ok((index, format!("derived from {}", pair.upload_source)))
}

fn find_login(
    destination: &str,
    own: &Own,
    environment: &Environment,
    pypirc: &Pypirc,
    netrc: &Netrc,
    pair: &Pair,
    notes: &mut Vec<String>,
) -> Option<Login> {
    let origin = Origin::of(&pair.upload);
    if pair.kind == SourceKind::Configuration {
        let passed_over = secrets_set(own, environment);
        if !passed_over.is_empty() {
            notes.push(format!(
                "{} not sent to {origin}: tminus.toml names that endpoint, and only a credential stored for its host \
                 goes there; set {} to vouch for it",
                passed_over.join(", "),
                own.upload
            ));
        }
    } else if let Some(login) = login(destination, own, environment, &pair.upload, notes) {
        return Some(login);
    }
    if let Some(login) = from_pypirc(destination, pypirc, pair, &origin) {
        return Some(login);
    }
    netrc.machine(origin.host()).map(|machine| Login {
        user: if machine.login.is_empty() { TOKEN_USER.to_owned() } else { machine.login.clone() },
        password: machine.password.clone(),
        source: format!("netrc machine {}", machine.host),
    })
}

/// The same URL first, then the destination's own section, then any other of the same origin.
fn from_pypirc(destination: &str, pypirc: &Pypirc, pair: &Pair, origin: &Origin) -> Option<Login> {
    let known_default = matches!(pair.kind, SourceKind::Client | SourceKind::Compiled);
    let rank = |section: &Section| match section.repository.as_deref() {
        Some(repository) => {
            let mut url = Url::parse(repository).ok()?;
            url.set_username("").and(url.set_password(None)).ok()?;
            let own = section.name == destination;
            (Origin::of(&url) == *origin).then_some((url != pair.upload, !own))
        }
        // Twine and its like mean their own default by a section without a repository.
        None => (known_default && section.name == destination).then_some((true, false)),
    };
    let sections = pypirc.sections().iter().filter_map(|section| {
        let password = section.password.clone().filter(|password| !password.is_empty())?;
        Some((rank(section)?, section, password))
    });
    let (_, section, password) = sections.min_by_key(|(rank, ..)| *rank)?;
    Some(Login {
        user: section.username.clone().unwrap_or_else(|| TOKEN_USER.to_owned()),
        password,
        source: format!(".pypirc [{}]", section.name),
    })
}

fn no_credential(own: &Own, pair: &Pair) -> String {
    let url = redacted(&pair.upload);
    let stored = format!(
        "`repository = {url}` with username and password into .pypirc, or a machine entry into netrc"
    );
    if pair.kind == SourceKind::Configuration {
        format!("no credential for {url}: write {stored}")
    } else {
        format!("no credential for {url}: set {}, or write {stored}", own.token)
    }
}

#[cfg(test)]
mod tests;
