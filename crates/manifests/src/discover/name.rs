use super::{Project, python};
use crate::locate::{ini, json};
use crate::tree::toml;

/// The name of the project from the first file that states one.
pub(super) fn project_name(project: &Project<'_>) -> Option<String> {
    from_toml(project, "pyproject.toml", &[&["project", "name"], &["tool", "poetry", "name"]])
        .or_else(|| {
            let text = project.text("setup.cfg")?;
            ini::value(&text, "metadata", "name").filter(|name| !name.is_empty()).map(str::to_owned)
        })
        .or_else(|| python::setup_argument(&project.text("setup.py")?, "name"))
        .or_else(|| from_toml(project, "Cargo.toml", &[&["package", "name"]]))
        .or_else(|| json::string(&project.text("package.json")?, "name"))
}

fn from_toml(project: &Project<'_>, path: &str, keys: &[&[&str]]) -> Option<String> {
    let text = project.text(path)?;
    let document = toml::parse(&text).ok()?;
    keys.iter().find_map(|keys| document.text_at(keys)).map(str::to_owned)
}
