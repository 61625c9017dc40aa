use std::collections::BTreeMap;

use serde::Deserialize;
use tminus_manifests::{Pattern, RelPath, VersionFile};

use super::parse::{from_text, text_or_table};
use super::workspace::{Id, PinRule};

/// `[[package]]`: something built and published.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Its name on the registry.
    pub name: String,
    /// The train it belongs to, where there are several.
    #[serde(default)]
    pub train: Option<String>,
    /// Where it lives, relative to the repository. Default: the root.
    #[serde(default)]
    pub path: Option<RelativeDir>,
    /// Every place that states its version.
    #[serde(default)]
    pub version: Vec<VersionSite>,
    /// How its constraints on other packages follow their versions: `{ "pypi:demo-core" = "exact" }`.
    #[serde(default)]
    pub pins: BTreeMap<Id, PinRule>,
    /// Packages of the project that it needs although no manifest says so, such as `npm:@demo/ui`.
    #[serde(default)]
    pub depends: Vec<Id>,
    /// The command that builds it.
    #[serde(default)]
    pub build: Option<Build>,
    /// Where it is published.
    #[serde(default)]
    pub publish: Vec<Publish>,
}

/// A directory below the repository; `.` is the repository itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativeDir(pub Option<RelPath>);

impl<'de> Deserialize<'de> for RelativeDir {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let trimmed = text.trim_end_matches('/');
        if trimmed.is_empty() || trimmed == "." {
            return Ok(Self(None));
        }
        trimmed.parse().map(|path| Self(Some(path))).map_err(serde::de::Error::custom)
    }
}

/// A place that states the version: a path, or `{ file = "docs/conf.py", pattern = 'release = "{version}"' }`; with
/// `key = "image.tag"` a key of the file, with `image = "registry.example/demo"` the tag of a container image.
#[derive(Debug, Clone)]
pub struct VersionSite(pub VersionFile);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteTable {
    #[serde(deserialize_with = "from_text")]
    file: RelPath,
    #[serde(default, deserialize_with = "super::parse::optional_from_text")]
    pattern: Option<Pattern>,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    image: Option<String>,
}

impl SiteTable {
    fn site(self) -> Result<VersionSite, String> {
        let file = self.file;
        Ok(VersionSite(match (self.pattern, self.key, self.image) {
            (Some(pattern), None, None) => VersionFile::with_pattern(file, pattern),
            (None, Some(key), None) => VersionFile::with_key(file, key),
            (None, None, Some(image)) => VersionFile::with_image(file, image),
            _ => {
                return Err(format!(
                    "{file}: one of `pattern`, `key` and `image` says where the version stands"
                ));
            }
        }))
    }
}

text_or_table!(VersionSite, "a path or a table with `file` and one of `pattern`, `key` and `image`",
    |text| Ok(VersionSite(VersionFile::auto(text.parse().map_err(|error: tminus_manifests::ParsePathError| error.to_string())?))),
    table SiteTable => |table| table.site().map_err(serde::de::Error::custom)?);

/// `build = ["python", "-m", "build"]`, or a table with `command`, `artifacts` and `env`.
///
/// The command runs in a clean checkout of the release commit. `{out}` in an argument is the directory that
/// the artifacts are taken from; without it they are taken from `dist/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Program and arguments; no shell.
    pub command: Vec<String>,
    /// Which files it leaves.
    pub artifacts: Artifacts,
    /// Variables that it gets beside the allow-listed environment.
    pub env: BTreeMap<String, String>,
}

/// Which files a build leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifacts {
    /// The directory, relative to the package.
    pub dir: String,
}

impl Default for Artifacts {
    fn default() -> Self {
        Self { dir: "dist".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildTable {
    command: Vec<String>,
    #[serde(default, deserialize_with = "super::parse::optional_from_text")]
    artifacts: Option<RelPath>,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

text_or_table!(Build, "a command as a list of words, or a table with `command`, `artifacts` and `env`",
    |text| Err(format!("`{text}`: write the command as a list of words, for example [\"python\", \"-m\", \"build\"]; no shell is involved")),
    table BuildTable => |table| Build {
        command: table.command,
        artifacts: table.artifacts.map_or_else(Artifacts::default, |dir| Artifacts { dir: dir.as_str().to_owned() }),
        env: table.env,
    },
    list Vec<String> => |command| Build { command, artifacts: Artifacts::default(), env: BTreeMap::new() });

/// `publish = ["pypi"]`, or `publish = [{ to = "pypi", by = "ci" }]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The destination's name.
    pub to: String,
    /// Who uploads.
    pub by: Publisher,
}

/// Who uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Publisher {
    /// tminus.
    #[default]
    Oneself,
    /// A CI job that the tag starts; tminus waits for the result.
    Ci,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishTable {
    to: String,
    #[serde(default)]
    by: PublisherWord,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum PublisherWord {
    #[default]
    #[serde(rename = "self")]
    Oneself,
    Ci,
}

text_or_table!(Publish, "a destination or a table with `to` and `by`",
|text| Ok(Publish { to: text.to_owned(), by: Publisher::Oneself }),
table PublishTable => |table| Publish {
    to: table.to,
    by: match table.by { PublisherWord::Oneself => Publisher::Oneself, PublisherWord::Ci => Publisher::Ci },
});
