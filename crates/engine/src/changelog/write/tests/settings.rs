use super::*;

#[test]
fn settings_are_read_strictly() {
    let settings = ReleaseYml::parse(
        "r.yml",
        "changelog:\n  exclude:\n    authors: [dependabot]\n  categories:\n  - title: One # more\n    labels: bug\n    exclude: {labels: [no]}\n  - title: \"*\"\n    labels:\n    - '*'\n",
    )
    .unwrap();
    assert_eq!(settings.exclude.authors, ["dependabot"]);
    assert_eq!(settings.categories[0].labels, ["bug"]);
    assert_eq!(settings.categories[0].exclude.labels, ["no"]);
    assert_eq!(
        (settings.categories[1].title.as_str(), settings.categories[1].labels.as_slice()),
        ("*", &["*".to_owned()][..])
    );
    assert_eq!(ReleaseYml::parse("r.yml", "changelog:\n  categories:\n").unwrap().categories, []);
    for (text, expected) in [
        ("", "r.yml:1: here belong the keys `changelog`"),
        ("changlog: {}\n", "r.yml:1: unknown key \"changlog\": did you mean `changelog`?"),
        (
            "changelog:\n  exclude:\n    label: [a]\n",
            "r.yml:3: unknown key \"label\": did you mean `labels`?",
        ),
        ("changelog:\n  categories:\n  - labels: [a]\n", "r.yml:3: the category has no `title`: add it"),
        ("changelog:\n  categories:\n  - title: a\n", "r.yml:3: the category has no `labels`: add it"),
        ("changelog:\n  categories:\n  - title: [a]\n    labels: [b]\n", "r.yml:3: `title` must be a text"),
        ("changelog:\n  categories: {}\n", "r.yml:2: `categories` must be a list"),
        (
            "changelog:\n  exclude:\n    labels:\n    - a\n    - [b]\n",
            "r.yml:5: `labels` must be a list of texts",
        ),
        (
            "changelog:\n  exclude:\n    authors:\n    -\n",
            "r.yml:4: an entry of `authors` is no text: put it in quotes, as \"*\"",
        ),
        (
            "changelog: {exclude: {}, exclude: {}}\n",
            "r.yml:1: not YAML: the key \"exclude\" stands there twice",
        ),
    ] {
        assert_eq!(ReleaseYml::parse("r.yml", text).unwrap_err().to_string(), expected, "{text:?}");
    }
    assert!(ReleaseYml::parse("r.yml", "a: [b\n").unwrap_err().line >= 1);
}

#[test]
fn notes_in_the_form_of_the_forge() {
    let mut document = examples::document();
    let third = PullRequestFacts {
        number: 3,
        title: "Third".to_owned(),
        labels: Vec::new(),
        merged_at_seconds: Some(8),
        ..document.pull_requests[0].clone()
    };
    document.pull_requests.push(third);
    let text = "changelog:\n  categories:\n    - title: Bugs\n      labels: [BUG]\n    - title: News\n      labels: ['*']\n      exclude:\n        labels: [enhancement]\n";
    let mut notes = Categories {
        settings: Some(ReleaseYml::parse("r.yml", text).unwrap()),
        read_from: Some((".github/release.yml".to_owned(), "main".to_owned())),
        unmatched: Unmatched::OtherChanges,
    };
    let expected = "<!-- Release notes generated using configuration in .github/release.yml at main -->\n\n\
        ## What's Changed\n### Bugs\n* fix(core): a crash by @dependabot[bot] in https://forge.example/demo/pull/9\n\
        ### News\n* Third by @ada in https://forge.example/demo/pull/7\n\
        ### Other Changes\n* feat: add a door by @ada in https://forge.example/demo/pull/7\n\n\
        ## New Contributors\n* @ada made their first contribution in https://forge.example/demo/pull/7\n\n\
        **Full Changelog**: https://forge.example/demo/compare/v1.1.0...v1.2.0";
    assert_eq!(notes.write(&document), expected);
    notes.unmatched = Unmatched::LeftOut;
    assert!(!notes.write(&document).contains("a door by"));
    document.newcomers.clear();
    assert!(notes.write(&document).contains("/pull/7\n\n\n**Full Changelog**: "));
    document.pull_requests.clear();
    assert!(
        notes.write(&document).starts_with(&format!("{}\n\n\n\n**Full Changelog**", notes.notice().unwrap()))
    );
    document.release.compare_url = None;
    document.release.previous_tag = None;
    assert_eq!(
        Categories::default().write(&document),
        "**Full Changelog**: https://forge.example/demo/commits/v1.2.0"
    );
}

#[test]
fn accounts_are_excluded_with_and_without_the_mark_of_a_bot() {
    let exclusion = |author: &str| Exclusion { authors: vec![author.to_owned()], labels: Vec::new() };
    let facts = |author: &str| PullRequestFacts { author: author.to_owned(), ..PullRequestFacts::default() };
    for (wanted, author, expected) in [
        ("dependabot", "dependabot[bot]", true),
        ("dependabot[bot]", "dependabot[bot]", true),
        ("Dependabot[bot]", "dependabot", true),
        ("@ada", "Ada", true),
        ("ada", "adam", false),
        ("", "", false),
    ] {
        assert_eq!(exclusion(wanted).fits(&facts(author)), expected, "{wanted} {author}");
    }
}
