//! The rules of `git check-ref-format`, <https://git-scm.com/docs/git-check-ref-format>, in its numbering.

/// Longer names cannot be stored as loose references on common file systems.
const SHORT_LIMIT: usize = 255;
const FULL_LIMIT: usize = 1024;

pub(super) fn branch(text: &str) -> Result<String, &'static str> {
    // `git branch HEAD` is refused too: nobody could tell which one a command means.
    if text == "HEAD" {
        return Err("it is the name of the current commit");
    }
    short(text)
}

pub(super) fn tag(text: &str) -> Result<String, &'static str> {
    // Newer versions of git refuse `git tag HEAD`, for the same reason.
    if text == "HEAD" {
        return Err("it is the name of the current commit");
    }
    short(text)
}

pub(super) fn remote(text: &str) -> Result<String, &'static str> {
    short(text)
}

pub(super) fn full(text: &str) -> Result<String, &'static str> {
    if text.len() > FULL_LIMIT {
        return Err("it is longer than 1024 bytes");
    }
    match text.strip_prefix("refs/") {
        Some(rest) => parts(rest)?,
        None => return Err("it does not begin with `refs/`"),
    }
    Ok(text.to_owned())
}

fn short(text: &str) -> Result<String, &'static str> {
    if text.len() > SHORT_LIMIT {
        return Err("it is longer than 255 bytes");
    }
    // Not part of check-ref-format for tags, but such a name could be taken for an option.
    if text.starts_with('-') {
        return Err("it begins with `-`");
    }
    parts(text)?;
    Ok(text.to_owned())
}

/// What may follow `refs/` or `refs/heads/`.
fn parts(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    for part in text.split('/') {
        match part {
            "" => return Err("it has an empty part between slashes"), // rule 6
            _ if part.starts_with('.') => return Err("a part begins with `.`"), // rule 1
            _ if part.strip_suffix(".lock").is_some() => return Err("a part ends with `.lock`"), // rule 1
            _ => {}
        }
    }
    if text.contains("..") {
        return Err("it contains `..`"); // rule 3
    }
    if text.chars().any(|c| c.is_ascii_control()) {
        return Err("it contains a control character"); // rule 4
    }
    if text.contains([' ', '~', '^', ':', '?', '*', '[', '\\']) {
        return Err("it contains a space or one of ~ ^ : ? * [ \\"); // rules 4, 5 and 10
    }
    if text.ends_with('.') {
        return Err("it ends with `.`"); // rule 7
    }
    if text.contains("@{") {
        return Err("it contains `@{`"); // rule 8
    }
    if text == "@" {
        return Err("it is `@`, another word for the current commit"); // rule 9
    }
    Ok(())
}
