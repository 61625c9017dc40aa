use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Sources as a test names them; everything else is absent.
#[derive(Default)]
struct Given {
    flags: NamedEndpoints,
    environment: Vec<(&'static str, &'static str)>,
    configured: NamedEndpoints,
    pypirc: Option<&'static str>,
    netrc: Option<&'static str>,
    answer: Option<ClientAnswer>,
    compiled: CompiledEndpoints<'static>,
}

impl Given {
    fn resolve(&self, destination: &str) -> Result<ResolvedDestination, EndpointError> {
        let environment = self.environment.iter().copied().collect();
        resolve_pypi(
            destination,
            &Inputs {
                flags: &self.flags,
                environment: &environment,
                configured: &self.configured,
                pypirc: self.pypirc,
                netrc: self.netrc,
                ask: &|_| self.answer.clone(),
                compiled: self.compiled,
            },
        )
    }
}

const COMPILED: CompiledEndpoints<'static> = CompiledEndpoints {
    upload: Some("https://upload.pypi.example/legacy/"),
    index: Some("https://pypi.example/simple/"),
};

fn pair(upload: &str, index: Option<&str>) -> NamedEndpoints {
    NamedEndpoints { upload: Some(url(upload)), index: index.map(url) }
}

fn answer() -> ClientAnswer {
    ClientAnswer {
        client: "twine 7.0.0".to_owned(),
        upload: "https://asked.example/legacy/".to_owned(),
        index: Some("https://asked.example/simple/".to_owned()),
    }
}

/// Upload URL, its source, index URL, its source.
#[track_caller]
fn check(destination: &str, given: &Given, expected: [&str; 4]) {
    let resolved = given.resolve(destination).unwrap();
    let seen = [
        resolved.upload.value.as_str(),
        &resolved.upload.source,
        resolved.index.value.as_str(),
        &resolved.index.source,
    ];
    assert_eq!(seen, expected);
    assert_eq!(resolved.upload.kind, resolved.index.kind, "one pair from one source");
}

#[test]
fn the_highest_source_wins_with_its_whole_pair() {
    let mut given = Given { compiled: COMPILED, ..Given::default() };
    check(
        "pypi",
        &given,
        [
            "https://upload.pypi.example/legacy/",
            "compiled default",
            "https://pypi.example/simple/",
            "compiled default",
        ],
    );
    given.answer = Some(answer());
    check(
        "pypi",
        &given,
        [
            "https://asked.example/legacy/",
            "twine 7.0.0, when asked",
            "https://asked.example/simple/",
            "twine 7.0.0, when asked",
        ],
    );
    given.pypirc = Some("[pypi]\nrepository = https://rc.example/up/\nindex = https://rc.example/i/\n");
    check(
        "pypi",
        &given,
        ["https://rc.example/up/", ".pypirc [pypi]", "https://rc.example/i/", ".pypirc [pypi]"],
    );
    given.configured = pair("https://toml.example/legacy/", Some("https://toml.example/read/"));
    check(
        "pypi",
        &given,
        ["https://toml.example/legacy/", "tminus.toml", "https://toml.example/read/", "tminus.toml"],
    );
    given.environment = vec![("TWINE_REPOSITORY_URL", "https://twine.example/legacy/")];
    check(
        "pypi",
        &given,
        [
            "https://twine.example/legacy/",
            "environment TWINE_REPOSITORY_URL",
            "https://twine.example/simple/",
            "derived from environment TWINE_REPOSITORY_URL",
        ],
    );
    given.environment.push(("UV_PUBLISH_URL", "https://uv.example/upload"));
    given.environment.push(("UV_PUBLISH_CHECK_URL", "https://uv.example/check/"));
    check(
        "pypi",
        &given,
        [
            "https://uv.example/upload",
            "environment UV_PUBLISH_URL",
            "https://uv.example/check/",
            "environment UV_PUBLISH_CHECK_URL",
        ],
    );
    given.environment.push(("TMINUS_PYPI_UPLOAD_URL", "https://own.example/legacy/"));
    given.environment.push(("TMINUS_PYPI_INDEX_URL", "https://own.example/read/"));
    check(
        "pypi",
        &given,
        [
            "https://own.example/legacy/",
            "environment TMINUS_PYPI_UPLOAD_URL",
            "https://own.example/read/",
            "environment TMINUS_PYPI_INDEX_URL",
        ],
    );
    given.flags = pair("https://flag.example/legacy/", None);
    check(
        "pypi",
        &given,
        [
            "https://flag.example/legacy/",
            "command line",
            "https://flag.example/simple/",
            "derived from command line",
        ],
    );
}

#[test]
fn other_clients_speak_of_pypi_only_and_consumers_never() {
    let given = Given {
        environment: vec![
            ("UV_PUBLISH_URL", "https://uv.example/legacy/"),
            ("TWINE_REPOSITORY_URL", "https://twine.example/legacy/"),
            ("PIP_INDEX_URL", "https://mirror.example/simple/"),
            ("UV_DEFAULT_INDEX", "https://mirror.example/simple/"),
            ("UV_PUBLISH_TOKEN", "pypi-AgEI"),
        ],
        pypirc: Some("[test-pypi]\nrepository = https://test.example/legacy/\n"),
        ..Given::default()
    };
    check(
        "test-pypi",
        &given,
        [
            "https://test.example/legacy/",
            ".pypirc [test-pypi]",
            "https://test.example/simple/",
            "derived from .pypirc [test-pypi]",
        ],
    );
    let resolved = given.resolve("test-pypi").unwrap();
    assert_eq!(resolved.credential, None);
    let noted =
        "UV_PUBLISH_TOKEN is not used: it serves the destination \"pypi\" only; set TMINUS_TEST_PYPI_TOKEN";
    assert!(resolved.notes.iter().any(|note| note.starts_with(noted)), "{:?}", resolved.notes);
}

#[test]
fn the_read_back_url_is_derived() {
    for (upload, index) in [
        ("https://a.example/legacy/", "https://a.example/simple/"),
        ("https://a.example/legacy", "https://a.example/simple/"),
        ("https://a.example/repo/legacy/", "https://a.example/repo/simple/"),
        ("https://a.example/", "https://a.example/simple/"),
        ("https://a.example/root/dev", "https://a.example/root/dev/simple/"),
        ("http://127.0.0.1:8080/pypi/?x=1", "http://127.0.0.1:8080/pypi/simple/"),
        ("https://a.example/notlegacy/", "https://a.example/notlegacy/simple/"),
        ("https://upload.pypi.example/legacy/", "https://pypi.example/simple/"),
    ] {
        let given = Given { flags: pair(upload, None), compiled: COMPILED, ..Given::default() };
        let resolved = given.resolve("pypi").unwrap();
        assert_eq!(resolved.index.value.as_str(), index, "{upload}");
        let noted = resolved.notes.iter().any(|note| note.contains("is derived"));
        assert_eq!(noted, !upload.contains("upload.pypi"), "{upload}");
    }
}

#[track_caller]
fn check_error(destination: &str, given: &Given, expected: &str) {
    let error = given.resolve(destination).unwrap_err().to_string();
    assert_eq!(error, expected);
}

#[test]
fn errors_say_what_to_write_where() {
    check_error(
        "test-pypi",
        &Given::default(),
        "no endpoint is known for destination \"test-pypi\": set TMINUS_TEST_PYPI_UPLOAD_URL=https://… and \
         TMINUS_TEST_PYPI_INDEX_URL=https://… (the simple API), or write `repository = https://…` and \
         `index = https://…` under [test-pypi] in .pypirc",
    );
    check_error(
        "",
        &Given::default(),
        "destination \"\": a name is made of ASCII letters, digits, `-` and `_`",
    );
    check_error(
        "a b",
        &Given::default(),
        "destination \"a b\": a name is made of ASCII letters, digits, `-` and `_`",
    );
    let half = "names the read-back URL of destination \"pypi\" and not the upload URL; name both there";
    let index_only = NamedEndpoints { upload: None, index: Some(url("https://a.example/simple/")) };
    check_error(
        "pypi",
        &Given { flags: index_only.clone(), compiled: COMPILED, ..Given::default() },
        &format!("command line {half}"),
    );
    check_error(
        "pypi",
        &Given { configured: index_only, compiled: COMPILED, ..Given::default() },
        &format!("tminus.toml {half}"),
    );
    let environment = vec![("TMINUS_PYPI_INDEX_URL", "https://a.example/simple/")];
    check_error(
        "pypi",
        &Given { environment, compiled: COMPILED, ..Given::default() },
        &format!("environment TMINUS_PYPI_INDEX_URL {half}"),
    );
    let pypirc = Some("[pypi]\nindex = https://a.example/simple/\n");
    check_error("pypi", &Given { pypirc, ..Given::default() }, &format!(".pypirc [pypi] {half}"));
    let environment = vec![("UV_PUBLISH_URL", "ftp://me:hunter2@a.example/")];
    check_error(
        "pypi",
        &Given { environment, ..Given::default() },
        "environment UV_PUBLISH_URL: not a URL for an index: the scheme is ftp, neither https nor http",
    );
    let environment = vec![("UV_PUBLISH_URL", "hunter2")];
    check_error(
        "pypi",
        &Given { environment, ..Given::default() },
        "environment UV_PUBLISH_URL: not a URL for an index: relative URL without a base",
    );
    let pypirc = Some("hunter2");
    check_error(
        "pypi",
        &Given { pypirc, ..Given::default() },
        ".pypirc:1: this line belongs to no [section]",
    );
}

/// User, password and where they came from; `none` for no credential.
#[track_caller]
fn check_login(destination: &str, given: &Given, user: &str, password: &str, source: &str) {
    let resolved = given.resolve(destination).unwrap();
    assert_eq!(resolved.credential_source, source, "{:?}", resolved.notes);
    let origin = Origin::of(&resolved.upload.value);
    let expected = (source != "none").then(|| {
        Credential::new(origin, Scheme::Basic { user: user.to_owned(), password: Secret::new(password) })
    });
    assert_eq!(resolved.credential, expected);
    assert_eq!(
        resolved.credential.is_none(),
        resolved.notes.iter().any(|note| note.starts_with("no credential for"))
    );
    assert!(!format!("{resolved:?}").contains(&format!("{password}!")), "secrets end with ! in these tests");
}

#[test]
fn credentials_of_endpoints_that_the_user_vouches_for() {
    let environment = vec![
        ("TWINE_USERNAME", "me"),
        ("TWINE_PASSWORD", "twine!"),
        ("UV_PUBLISH_TOKEN", "uv!"),
        ("UV_PUBLISH_PASSWORD", "uv-password!"),
        ("TMINUS_PYPI_TOKEN", " own! \n"),
    ];
    let mut given = Given { environment, compiled: COMPILED, ..Given::default() };
    check_login("pypi", &given, "__token__", "own!", "environment TMINUS_PYPI_TOKEN");
    given.environment.pop();
    check_login("pypi", &given, "__token__", "uv!", "environment UV_PUBLISH_TOKEN");
    given.environment.remove(2);
    check_login("pypi", &given, "__token__", "uv-password!", "environment UV_PUBLISH_PASSWORD");
    given.environment.push(("UV_PUBLISH_USERNAME", "uv-user"));
    check_login("pypi", &given, "uv-user", "uv-password!", "environment UV_PUBLISH_PASSWORD");
    given.environment.truncate(2);
    check_login("pypi", &given, "me", "twine!", "environment TWINE_PASSWORD");
    given.environment = vec![("UV_PUBLISH_TOKEN", "")];
    check_login("pypi", &given, "", "", "none");
    given.flags = pair("https://you:flag%21@flag.example/legacy/", None);
    check_login("pypi", &given, "you", "flag!", "the URL in command line");
}

#[test]
fn a_client_s_token_belongs_to_its_own_url() {
    let given = Given {
        flags: pair("https://flag.example/legacy/", None),
        environment: vec![("UV_PUBLISH_URL", "https://uv.example/legacy/"), ("UV_PUBLISH_TOKEN", "uv!")],
        ..Given::default()
    };
    check_login("pypi", &given, "", "", "none");
    let resolved = given.resolve("pypi").unwrap();
    assert!(
        resolved.notes.contains(
            &"UV_PUBLISH_TOKEN is not used: UV_PUBLISH_URL says that it belongs to another origin".to_owned()
        ),
        "{:?}",
        resolved.notes
    );
}

#[test]
fn the_token_of_the_client_whose_url_it_is_comes_first() {
    let given = Given {
        environment: vec![
            ("TWINE_REPOSITORY_URL", "https://twine.example/legacy/"),
            ("TWINE_PASSWORD", "twine!"),
            ("UV_PUBLISH_TOKEN", "uv!"),
        ],
        ..Given::default()
    };
    check_login("pypi", &given, "__token__", "twine!", "environment TWINE_PASSWORD");
}

#[test]
fn credentials_of_the_users_files() {
    let pypirc = Some(
        "[pypi]\nusername = rc\npassword = default!\n[other]\nrepository = https://flag.example/b/\npassword = other!\n",
    );
    let known = Given { pypirc, compiled: COMPILED, ..Given::default() };
    check_login("pypi", &known, "rc", "default!", ".pypirc [pypi]");
    let named = Given { pypirc, flags: pair("https://flag.example/a/", None), ..Given::default() };
    check_login("pypi", &named, "__token__", "other!", ".pypirc [other]");
    let elsewhere = Given { pypirc, flags: pair("https://elsewhere.example/a/", None), ..Given::default() };
    check_login("pypi", &elsewhere, "", "", "none");
    let port = Given { pypirc, flags: pair("https://flag.example:8443/b/", None), ..Given::default() };
    check_login("pypi", &port, "", "", "none");
    let netrc = Some("machine flag.example login me password net!\ndefault login x password y");
    let by_host = Given { netrc, flags: pair("https://flag.example/a/", None), ..Given::default() };
    check_login("pypi", &by_host, "me", "net!", "netrc machine flag.example");
    let by_default = Given { netrc, flags: pair("https://elsewhere.example/a/", None), ..Given::default() };
    check_login("pypi", &by_default, "", "", "none");
    let several = Some(
        "[x]\nrepository=https://flag.example/c/\npassword=x!\n[a]\nrepository=https://flag.example/a/\npassword=a!\n\
         [pypi]\nrepository=https://flag.example/b/\npassword=p!\n",
    );
    let exact = Given { pypirc: several, flags: pair("https://flag.example/a/", None), ..Given::default() };
    check_login("pypi", &exact, "__token__", "a!", ".pypirc [a]");
    let own = Given { pypirc: several, flags: pair("https://flag.example/d/", None), ..Given::default() };
    check_login("pypi", &own, "__token__", "p!", ".pypirc [pypi]");
}

#[test]
fn an_endpoint_of_the_repository_gets_no_ambient_credential() {
    let hostile = Given {
        configured: pair("https://hostile.example/legacy/", Some("https://hostile.example/simple/")),
        environment: vec![
            ("TMINUS_PYPI_TOKEN", "own!"),
            ("UV_PUBLISH_TOKEN", "uv!"),
            ("UV_PUBLISH_USERNAME", "me"),
            ("UV_PUBLISH_PASSWORD", "uv-password!"),
            ("TWINE_USERNAME", "me"),
            ("TWINE_PASSWORD", "twine!"),
        ],
        pypirc: Some(
            "[pypi]\npassword = default!\n[real]\nrepository = https://pypi.example/legacy/\npassword = real!\n",
        ),
        netrc: Some("machine pypi.example login me password net!\ndefault login me password any!\n"),
        answer: Some(answer()),
        compiled: COMPILED,
        ..Given::default()
    };
    check_login("pypi", &hostile, "", "", "none");
    let resolved = hostile.resolve("pypi").unwrap();
    assert_eq!(resolved.upload.kind, SourceKind::Configuration);
    let noted = "TMINUS_PYPI_TOKEN, UV_PUBLISH_TOKEN, UV_PUBLISH_PASSWORD, TWINE_PASSWORD not sent to \
                 https://hostile.example: tminus.toml names that endpoint";
    assert!(resolved.notes.iter().any(|note| note.starts_with(noted)), "{:?}", resolved.notes);
}

#[test]
fn an_endpoint_of_the_repository_gets_what_is_stored_for_its_host() {
    let configured = || pair("https://internal.example/legacy/", None);
    let environment = vec![("UV_PUBLISH_TOKEN", "uv!")];
    let stored = Given {
        configured: configured(),
        environment: environment.clone(),
        pypirc: Some("[work]\nrepository = https://internal.example:443/\nusername = me\npassword = work!\n"),
        ..Given::default()
    };
    check_login("pypi", &stored, "me", "work!", ".pypirc [work]");
    let netrc = Some("machine internal.example login me password net!\n");
    let stored = Given { configured: configured(), netrc, ..Given::default() };
    check_login("pypi", &stored, "me", "net!", "netrc machine internal.example");
    // The environment may vouch for the very endpoint that the repository names.
    let environment = environment
        .into_iter()
        .chain([("TMINUS_PYPI_UPLOAD_URL", "https://internal.example/legacy/")])
        .collect();
    let vouched = Given { configured: configured(), environment, ..Given::default() };
    check_login("pypi", &vouched, "__token__", "uv!", "environment UV_PUBLISH_TOKEN");
}

#[test]
fn no_message_shows_a_secret() {
    let given = Given {
        configured: pair(
            "https://me:hunter2@a.example/legacy/",
            Some("https://me:hunter2@a.example/simple/"),
        ),
        environment: vec![("UV_PUBLISH_TOKEN", "hunter2")],
        ..Given::default()
    };
    let resolved = given.resolve("pypi").unwrap();
    assert_eq!(resolved.credential_source, "the URL in tminus.toml");
    assert!(!format!("{resolved:?}").contains("hunter2"));
    assert_eq!(resolved.upload.value.as_str(), "https://a.example/legacy/");
    assert_eq!(resolved.notes.len(), 2, "{:?}", resolved.notes);
}

#[test]
fn the_client_is_asked_only_when_nothing_is_named() {
    let asked = std::cell::Cell::new(0);
    let (environment, nothing) = (Environment::default(), NamedEndpoints::default());
    let mut inputs = Inputs {
        flags: &nothing,
        environment: &environment,
        configured: &nothing,
        pypirc: Some("[staging]\nrepository = https://a.example/legacy/\n"),
        netrc: None,
        ask: &|_| {
            asked.set(asked.get() + 1);
            None
        },
        compiled: COMPILED,
    };
    resolve_pypi("staging", &inputs).unwrap();
    assert_eq!(asked.get(), 0);
    inputs.pypirc = None;
    resolve_pypi("staging", &inputs).unwrap();
    assert_eq!(asked.get(), 1);
}
