//! npm packages in one workspace, with its lock file.

use super::plan::{List, Package, When, World};
use super::{Files, Text};

const TABS: u32 = 0;
const NO_LAST_LINE_END: u32 = 1;

pub(super) fn files(world: &World, when: When, files: &mut Files) {
    for package in &world.packages {
        let mut text = manifest(world, package, when);
        if package.has(TABS) {
            text = text.lines().map(tabs).collect::<Vec<_>>().join("\n");
            text.push('\n');
        }
        if package.has(NO_LAST_LINE_END) {
            text.truncate(text.trim_end().len());
        }
        files.insert(package.file("package.json"), Text::own(text));
        let readme = format!("# {}\n\nSince {}.\n", package.name, package.version(When::Before));
        files.insert(package.file("README.md"), Text::own(readme));
        files.insert(package.file("index.js"), Text::own("export {};\n".to_owned()));
    }
    let root = "{\n  \"name\": \"mono-root\",\n  \"version\": \"0.0.0\",\n  \"private\": true,\n  \
                \"workspaces\": [\n    \"packages/*\"\n  ]\n}\n";
    files.insert("package.json".to_owned(), Text::own(root.to_owned()));
    files.insert("package-lock.json".to_owned(), Text::own(lock(world, when)));
}

fn tabs(line: &str) -> String {
    let rest = line.trim_start_matches(' ');
    format!("{}{rest}", "\t".repeat((line.len() - rest.len()) / 2))
}

/// The lists of a package, by the names that npm has for them.
fn lists(world: &World, package: &Package, when: When) -> Vec<(&'static str, Vec<(String, String)>)> {
    let mut lists = Vec::new();
    for (list, key) in
        [(List::Normal, "dependencies"), (List::Dev, "devDependencies"), (List::Extra, "peerDependencies")]
    {
        let pins = world.pins(package, when).into_iter().filter(|(_, need, _)| need.list == list);
        let mut pins: Vec<(String, String)> =
            pins.map(|(target, _, text)| (target.name.clone(), text)).collect();
        if list == List::Extra {
            // A stranger at our version. Nothing is installed for an optional peer.
            pins.push(("elsewhere".to_owned(), format!("^{}", package.version(When::Before))));
        }
        pins.sort();
        if !pins.is_empty() {
            lists.push((key, pins));
        }
    }
    lists
}

/// Written line by line: the order of the keys is the one that people use.
fn manifest(world: &World, package: &Package, when: When) -> String {
    let Package { name, dir, .. } = package;
    let before = package.version(When::Before);
    let mut lines = vec![
        format!("\"name\": \"{name}\""),
        format!("\"version\": \"{}\"", package.version(when)),
        format!("\"description\": \"generated package {name} \\u2014 {before}\""),
        "\"license\": \"MIT\"".to_owned(),
        format!("\"repository\": {{ \"type\": \"git\", \"directory\": \"{dir}\" }}"),
        "\"type\": \"module\"".to_owned(),
        "\"exports\": {\n    \".\": {\n      \"import\": \"./index.js\"\n    }\n  }".to_owned(),
        "\"files\": [\n    \"index.js\"\n  ]".to_owned(),
    ];
    for (key, pins) in lists(world, package, when) {
        let pins: Vec<String> =
            pins.iter().map(|(name, text)| format!("    \"{name}\": \"{text}\"")).collect();
        lines.push(format!("\"{key}\": {{\n{}\n  }}", pins.join(",\n")));
    }
    lines.push(
        "\"peerDependenciesMeta\": {\n    \"elsewhere\": {\n      \"optional\": true\n    }\n  }".to_owned(),
    );
    lines.push(format!("\"config\": {{\n    \"version\": \"{before}\"\n  }}"));
    lines.push("\"engines\": {\n    \"node\": \">=18\"\n  }".to_owned());
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// `package-lock.json`, version 3: members with what they ask for, and a link to each, in the order of npm.
fn lock(world: &World, when: When) -> String {
    let mut entries = Vec::with_capacity(2 * world.packages.len());
    for Package { name, dir, .. } in &world.packages {
        let link = format!("{{\n      \"resolved\": \"{dir}\",\n      \"link\": true\n    }}");
        entries.push((format!("node_modules/{name}"), link));
    }
    for package in &world.packages {
        entries.push((package.dir.clone(), member(world, package, when)));
    }
    entries.sort();
    let root = "\"name\": \"mono-root\",\n      \"version\": \"0.0.0\",\n      \
                \"workspaces\": [\n        \"packages/*\"\n      ]";
    entries.insert(0, (String::new(), format!("{{\n      {root}\n    }}")));
    let entries: Vec<String> = entries.iter().map(|(key, entry)| format!("    \"{key}\": {entry}")).collect();
    format!(
        "{{\n  \"name\": \"mono-root\",\n  \"version\": \"0.0.0\",\n  \"lockfileVersion\": 3,\n  \
         \"requires\": true,\n  \"packages\": {{\n{}\n  }}\n}}\n",
        entries.join(",\n")
    )
}

fn member(world: &World, package: &Package, when: When) -> String {
    let mut lines = vec![
        format!("      \"name\": \"{}\"", package.name),
        format!("      \"version\": \"{}\"", package.version(when)),
        "      \"license\": \"MIT\"".to_owned(),
    ];
    let lists = lists(world, package, when);
    let map = |key: &str| {
        let (_, pins) = lists.iter().find(|(name, _)| *name == key)?;
        let pins: Vec<String> =
            pins.iter().map(|(name, text)| format!("        \"{name}\": \"{text}\"")).collect();
        Some(format!("      \"{key}\": {{\n{}\n      }}", pins.join(",\n")))
    };
    lines.extend(map("dependencies"));
    lines.extend(map("devDependencies"));
    lines.push("      \"engines\": {\n        \"node\": \">=18\"\n      }".to_owned());
    lines.extend(map("peerDependencies"));
    lines.push(
        "      \"peerDependenciesMeta\": {\n        \"elsewhere\": {\n          \"optional\": true\n        }\n      }"
            .to_owned(),
    );
    format!("{{\n{}\n    }}", lines.join(",\n"))
}
