use tminus_http::{Origin, Secret, Url};

use super::Environment;

/// The one destination that the variables of other clients speak of.
pub(super) const PYPI: &str = "pypi";
/// The user name that goes with an API token.
pub(super) const TOKEN_USER: &str = "__token__";

/// The names of our own variables for one destination.
pub(super) struct Own {
    pub(super) upload: String,
    pub(super) index: String,
    pub(super) token: String,
}

impl Own {
    /// `None` for a destination that makes no variable name.
    pub(super) fn of(destination: &str) -> Option<Self> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if destination.is_empty() || !destination.chars().all(fits) {
            return None;
        }
        let upper = destination.to_ascii_uppercase().replace('-', "_");
        Some(Self {
            upload: format!("TMINUS_{upper}_UPLOAD_URL"),
            index: format!("TMINUS_{upper}_INDEX_URL"),
            token: format!("TMINUS_{upper}_TOKEN"),
        })
    }
}

/// The variables of another publishing client.
struct Foreign {
    url: &'static str,
    token: Option<&'static str>,
    username: &'static str,
    password: &'static str,
}

const FOREIGN: [Foreign; 2] = [
    Foreign {
        url: "UV_PUBLISH_URL",
        token: Some("UV_PUBLISH_TOKEN"),
        username: "UV_PUBLISH_USERNAME",
        password: "UV_PUBLISH_PASSWORD",
    },
    Foreign {
        url: "TWINE_REPOSITORY_URL",
        token: None,
        username: "TWINE_USERNAME",
        password: "TWINE_PASSWORD",
    },
];

/// A user, a secret and where they came from.
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: Secret,
    pub(super) source: String,
}

/// A login from the environment for `upload`, with notes on what was passed over.
///
/// A client's variables are one setting: where its URL is set and names another origin, its token belongs there.
pub(super) fn login(
    destination: &str,
    own: &Own,
    environment: &Environment,
    upload: &Url,
    notes: &mut Vec<String>,
) -> Option<Login> {
    if let Some(token) = environment.get(&own.token) {
        let source = format!("environment {}", own.token);
        return Some(Login { user: TOKEN_USER.to_owned(), password: Secret::new(token), source });
    }
    let named = |client: &Foreign| environment.get(client.url).and_then(|text| Url::parse(text).ok());
    let fits = |url: &Url| Origin::of(url) == Origin::of(upload);
    let mut clients: Vec<&Foreign> = FOREIGN.iter().collect();
    // The client whose URL this is comes first.
    clients.sort_by_key(|client| !named(client).is_some_and(|url| fits(&url)));
    for client in clients {
        let secret =
            client.token.into_iter().chain([client.password]).find(|name| environment.get(name).is_some());
        let Some(secret) = secret else { continue };
        if destination != PYPI {
            notes.push(format!(
                "{secret} is not used: it serves the destination {PYPI:?} only; set {} for this one",
                own.token
            ));
            continue;
        }
        if named(client).is_some_and(|url| !fits(&url)) {
            notes
                .push(format!("{secret} is not used: {} says that it belongs to another origin", client.url));
            continue;
        }
        let user = environment.get(client.username).filter(|_| secret == client.password);
        return Some(Login {
            user: user.unwrap_or(TOKEN_USER).to_owned(),
            password: Secret::new(environment.get(secret).unwrap_or_default()),
            source: format!("environment {secret}"),
        });
    }
    None
}

/// The names of the variables that hold a secret and are set.
pub(super) fn secrets_set(own: &Own, environment: &Environment) -> Vec<String> {
    let foreign = FOREIGN.iter().flat_map(|client| client.token.into_iter().chain([client.password]));
    let names = std::iter::once(own.token.as_str()).chain(foreign);
    names.filter(|name| environment.get(name).is_some()).map(str::to_owned).collect()
}
