use super::ScmError;
use super::settings::{LocalScheme, Settings};
use super::version::ScmVersion;

/// How many characters of a node are printed, the `g` of git among them.
const NODE_LENGTH: usize = 10;

/// The answer of the first local scheme that has one.
pub(super) fn apply(version: &ScmVersion, settings: &Settings<'_>) -> Result<String, ScmError> {
    if settings.local_schemes.is_empty() {
        return Err(ScmError::NoLocalScheme);
    }
    for &scheme in &settings.local_schemes {
        if let Some(local) = answer(scheme, version)? {
            return Ok(local);
        }
    }
    Ok("+unknown".to_owned())
}

fn answer(scheme: LocalScheme, version: &ScmVersion) -> Result<Option<String>, ScmError> {
    let local = match scheme {
        LocalScheme::NodeAndDate => node_and(version, &version.time().date().compact()),
        LocalScheme::NodeAndTimestamp => node_and(version, &version.time().compact()),
        LocalScheme::DirtyTag if version.is_dirty() => "+dirty".to_owned(),
        LocalScheme::NoLocalVersionStrict | LocalScheme::FailOnUncommittedChanges if version.is_dirty() => {
            return Err(ScmError::UncommittedChanges { scheme });
        }
        LocalScheme::FailOnUncommittedChanges => return Ok(None),
        LocalScheme::DirtyTag | LocalScheme::NoLocalVersion | LocalScheme::NoLocalVersionStrict => {
            String::new()
        }
    };
    Ok(Some(local))
}

fn node_and(version: &ScmVersion, time: &str) -> String {
    match version.node().filter(|_| !version.is_exact()) {
        Some(node) if version.is_dirty() => format!("+{}.d{time}", shortened(node)),
        Some(node) => format!("+{}", shortened(node)),
        None if version.is_dirty() => format!("+d{time}"),
        None => String::new(),
    }
}

/// The printed part of a node. The `h` of Mercurial does not count, the `g` of git does.
fn shortened(node: &str) -> &str {
    let length = if node.starts_with('h') { NODE_LENGTH + 1 } else { NODE_LENGTH };
    let end = node.char_indices().nth(length).map_or(node.len(), |(index, _)| index);
    node.get(..end).unwrap_or(node)
}
