//! What a generated tree consists of: packages, their versions, and which asks for which.

use std::collections::BTreeSet;

use super::version::{Shape, Triple};
use crate::conformance::Random;

/// What a tree looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `core/`, an umbrella at the root, `integrations/CATEGORY/NAME/pyproject.toml`.
    Py,
    /// `packages/NAME/package.json` in an npm workspace, with its lock file.
    Npm,
    /// `crates/NAME/Cargo.toml` in a Cargo workspace, with its lock file.
    Cargo,
    /// The layout of LlamaIndex, with lock files of their own in many packages.
    LlamaIndex,
}

impl Kind {
    pub(crate) const ALL: [(&'static str, Self); 4] =
        [("py", Self::Py), ("npm", Self::Npm), ("cargo", Self::Cargo), ("llamaindex", Self::LlamaIndex)];
}

/// How the versions of the packages relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// One version for all; of LlamaIndex, for the core and the umbrella.
    Lockstep,
    /// Every package has its own.
    Independent,
}

impl Style {
    pub(crate) const ALL: [(&'static str, Self); 2] =
        [("lockstep", Self::Lockstep), ("independent", Self::Independent)];
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) kind: Kind,
    pub(crate) style: Style,
    pub(crate) packages: usize,
    pub(crate) seed: u64,
    /// One shape of pin and one spelling everywhere, which regular expressions can handle too.
    pub(crate) plain: bool,
}

/// The packages of a tree. Each asks only for earlier ones; the first is the core, the last the umbrella.
#[derive(Debug)]
pub(super) struct World {
    pub(super) options: Options,
    pub(super) packages: Vec<Package>,
}

#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    /// From the root; empty for the root itself.
    pub(super) dir: String,
    pub(super) old: Triple,
    pub(super) needs: Vec<Need>,
    /// Decides how its files are written; 0 is the plainest way.
    pub(super) look: u64,
}

/// What a package asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need {
    /// Which package.
    pub(super) on: usize,
    pub(super) shape: Shape,
    pub(super) list: List,
}

/// Where it asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum List {
    Normal,
    /// An extra of Python, a peer of npm; Cargo has neither.
    Extra,
    Dev,
}

/// Before or after every package had a minor release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Before,
    After,
}

impl Package {
    pub(super) fn version(&self, when: When) -> Triple {
        match when {
            When::Before => self.old,
            When::After => self.old.next_minor(),
        }
    }

    /// Whether the look has a trait: one of 32, each in a quarter of the packages.
    pub(super) fn has(&self, feature: u32) -> bool {
        (self.look >> (2 * feature)) & 3 == 3
    }

    /// A file of the package, from the root.
    pub(super) fn file(&self, name: &str) -> String {
        if self.dir.is_empty() { name.to_owned() } else { format!("{}/{name}", self.dir) }
    }
}

const CATEGORIES: [&str; 10] = [
    "agents",
    "callbacks",
    "embeddings",
    "graphs",
    "llms",
    "readers",
    "retrievers",
    "storage",
    "tools",
    "vectors",
];
const STORES: [&str; 3] = ["chat", "docs", "kv"];
const CONSONANTS: [&str; 14] = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"];
const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];

impl World {
    /// Draws a tree; the same options give the same one.
    pub(super) fn new(options: Options) -> Self {
        let mut random = Random::new(options.seed);
        let mut packages = Vec::with_capacity(options.packages);
        for (name, dir) in places(options, &mut random) {
            let at = packages.len();
            let first_or_last = at == 0 || at + 1 == options.packages;
            let own = match (options.style, options.kind) {
                (Style::Independent, _) => true,
                (Style::Lockstep, Kind::LlamaIndex) => !first_or_last,
                (Style::Lockstep, _) => false,
            };
            let old = if own {
                Triple::new(random.below(4), 1 + random.below(15), random.below(10))
            } else {
                Triple::new(0, 12, if options.plain { 0 } else { 3 })
            };
            let needs = needs(at, options, &mut random);
            let look = random.next();
            packages.push(Package { name, dir, old, needs, look: if options.plain { 0 } else { look } });
        }
        Self { options, packages }
    }

    /// The pins of a package: the package asked for, and the constraint as it is written at that time.
    pub(super) fn pins(&self, package: &Package, when: When) -> Vec<(&Package, Need, String)> {
        let pin = |need: &Need| {
            let target = self.packages.get(need.on)?;
            let version = target.version(when);
            let text = match self.options.kind {
                Kind::Py | Kind::LlamaIndex => need.shape.python(version),
                Kind::Npm => need.shape.npm(version),
                Kind::Cargo => need.shape.cargo(version),
            };
            Some((target, *need, text))
        };
        package.needs.iter().filter_map(pin).collect()
    }
}

/// Names and directories, in order.
fn places(options: Options, random: &mut Random) -> Vec<(String, String)> {
    let mut taken = BTreeSet::new();
    let mut places = Vec::with_capacity(options.packages);
    for at in 0..options.packages {
        let place = if at == 0 {
            core(options.kind)
        } else if at + 1 == options.packages {
            umbrella(options.kind)
        } else {
            let category = random.pick(&CATEGORIES);
            let word = loop {
                let word = word(random);
                if taken.insert(format!("{category}-{word}")) {
                    break word;
                }
            };
            place(options.kind, category, &word, random)
        };
        places.push(place);
    }
    places
}

fn word(random: &mut Random) -> String {
    let syllables = 2 + random.below(3);
    (0..syllables).map(|_| format!("{}{}", random.pick(&CONSONANTS), random.pick(&VOWELS))).collect()
}

fn core(kind: Kind) -> (String, String) {
    let (name, dir) = match kind {
        Kind::Py => ("mono-core", "core"),
        Kind::Npm => ("@mono/core", "packages/core"),
        Kind::Cargo => ("mono-core", "crates/mono-core"),
        Kind::LlamaIndex => ("llama-index-core", "llama-index-core"),
    };
    (name.to_owned(), dir.to_owned())
}

fn umbrella(kind: Kind) -> (String, String) {
    let (name, dir) = match kind {
        Kind::Py => ("mono", ""),
        Kind::Npm => ("@mono/umbrella", "packages/umbrella"),
        Kind::Cargo => ("mono", "crates/mono"),
        Kind::LlamaIndex => ("llama-index", ""),
    };
    (name.to_owned(), dir.to_owned())
}

fn place(kind: Kind, category: &str, word: &str, random: &mut Random) -> (String, String) {
    match kind {
        Kind::Py => {
            let name = format!("mono-{category}-{word}");
            let dir = format!("integrations/{category}/{name}");
            (name, dir)
        }
        Kind::Npm => (format!("@mono/{category}-{word}"), format!("packages/{category}-{word}")),
        Kind::Cargo => {
            let name = format!("mono-{category}-{word}");
            let dir = format!("crates/{name}");
            (name, dir)
        }
        Kind::LlamaIndex => {
            // One in eight is a pack, one in sixteen a utility, as in the original.
            let (name, dir) = match random.below(16) {
                0 | 1 => (format!("packs-{category}-{word}"), "llama-index-packs".to_owned()),
                2 => (format!("utils-{category}-{word}"), "llama-index-utils".to_owned()),
                _ if category == "storage" => {
                    let store = random.pick(&STORES);
                    (format!("storage-{store}-{word}"), format!("llama-index-integrations/storage/{store}"))
                }
                _ => (format!("{category}-{word}"), format!("llama-index-integrations/{category}")),
            };
            let name = format!("llama-index-{name}");
            let dir = format!("{dir}/{name}");
            (name, dir)
        }
    }
}

/// Everybody asks for the core, some for a sibling, the umbrella for a dozen more.
fn needs(at: usize, options: Options, random: &mut Random) -> Vec<Need> {
    // One that asks for nobody: its lock file can follow without its tool.
    let alone = options.kind == Kind::LlamaIndex && random.chance(1, 10);
    if at == 0 {
        return Vec::new();
    }
    let last = at + 1 == options.packages;
    let mut targets = BTreeSet::from([0]);
    if last {
        targets.extend(1..at.min(13));
    } else if alone {
        targets.clear();
    } else if random.chance(1, 5) {
        targets.insert(usize::try_from(random.below(at as u64)).unwrap_or(0));
    }
    let mut needs: Vec<Need> = targets.iter().map(|on| need(*on, List::Normal, options, random)).collect();
    if !alone && !last && random.chance(1, 12) {
        needs.push(need(0, List::Extra, options, random));
    }
    if at > 1 && !alone && !last && random.chance(1, 12) {
        let on = usize::try_from(random.below(at as u64)).unwrap_or(0);
        if options.kind != Kind::Cargo && !targets.contains(&on) {
            needs.push(need(on, List::Dev, options, random));
        }
    }
    if options.kind == Kind::Cargo {
        needs.retain(|need| need.list == List::Normal);
    }
    needs
}

fn need(on: usize, list: List, options: Options, random: &mut Random) -> Need {
    let shapes: &[Shape] = match options.kind {
        Kind::Py | Kind::LlamaIndex => &Shape::PYTHON,
        Kind::Npm => &Shape::NPM,
        Kind::Cargo => &Shape::CARGO,
    };
    // The first shape is that of half of the pins.
    let drawn = usize::try_from(random.below(2 * shapes.len() as u64)).unwrap_or(0);
    let drawn = if options.plain { 0 } else { drawn };
    let shape = shapes.get(drawn).or(shapes.first()).copied().unwrap_or(Shape::Window);
    Need { on, shape, list }
}
