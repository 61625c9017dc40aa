use std::ops::Range;

use crate::{Format, Locator, MAX_FILE_BYTES, Pattern, VersionFile};

pub(crate) mod cargo;
pub(crate) mod dockerfile;
mod error;
pub(crate) mod go;
mod image;
pub(crate) mod ini;
pub(crate) mod json;
mod key;
pub(crate) mod pyproject;
pub(crate) mod python;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_yaml;
mod yaml;

pub(crate) use crate::site::{Quoting, Site};
pub use error::{Elsewhere, LocateError, Problem};

/// A version in the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    file: VersionFile,
    line: u32,
    site: Site,
    /// Other places of the same version, in the order of the file.
    others: Vec<Site>,
}

impl Found {
    /// The file and how the version was found in it.
    pub fn file(&self) -> &VersionFile {
        &self.file
    }

    /// The bytes that spell the version, without quotes around it; of the first place where it stands in several.
    pub fn span(&self) -> Range<usize> {
        self.site.span()
    }

    /// The bytes of every place that says this version, in the order of the file: more than one only for an image.
    pub fn spans(&self) -> impl Iterator<Item = Range<usize>> {
        self.sites().map(Site::span)
    }

    /// The version as text, with the escapes of the format resolved.
    pub fn text(&self) -> &str {
        self.site.text()
    }

    /// The line on which the version stands, from 1; of the first place.
    pub fn line(&self) -> u32 {
        self.line
    }

    pub(crate) fn sites(&self) -> impl Iterator<Item = &Site> {
        std::iter::once(&self.site).chain(&self.others)
    }
}

/// Why a format finds no version, and at which byte when there is one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) offset: Option<usize>,
    pub(crate) problem: Problem,
}

impl Failure {
    pub(crate) fn at(offset: usize, problem: Problem) -> Self {
        Self { offset: Some(offset), problem }
    }

    pub(crate) fn without_place(problem: Problem) -> Self {
        Self { offset: None, problem }
    }
}

/// Finds the version in the bytes of a file.
///
/// # Errors
///
/// - the file is larger than [`MAX_FILE_BYTES`], is not UTF-8, or breaks the grammar of its format
/// - no version in the place, or more than one
/// - the value is not a text, or the program computes it
/// - the version comes from elsewhere: [`Elsewhere`] says from where
/// - the name of the file tells no format, and there is no pattern
/// - an image that has a digest, or several tags
pub fn locate(file: &VersionFile, bytes: &[u8]) -> Result<Found, LocateError> {
    let result = read(bytes).and_then(|text| locate_in(file, text));
    match result {
        Ok((site, others)) => {
            Ok(Found { file: file.clone(), line: line_at(bytes, site.span.start), site, others })
        }
        Err(failure) => Err(LocateError::new(
            file.path.clone(),
            failure.offset.map(|offset| line_at(bytes, offset)),
            failure.problem,
        )),
    }
}

/// The bytes of a file as text, if their size and encoding allow it.
pub(crate) fn read(bytes: &[u8]) -> Result<&str, Failure> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Failure::without_place(Problem::TooLarge { bytes: bytes.len(), limit: MAX_FILE_BYTES }));
    }
    std::str::from_utf8(bytes).map_err(|error| Failure::at(error.valid_up_to(), Problem::NotUtf8))
}

/// The first place of the version, and the others.
fn locate_in(file: &VersionFile, text: &str) -> Result<(Site, Vec<Site>), Failure> {
    let only = match &file.locator {
        Locator::Auto => by_format(file, text),
        Locator::Pattern(pattern) => by_pattern(pattern, text),
        Locator::Key(key) => key::locate(&file.path, text, key),
        Locator::Image(name) => return image::locate(text, name),
    };
    Ok((only?, Vec::new()))
}

fn by_pattern(pattern: &Pattern, text: &str) -> Result<Site, Failure> {
    let spans = pattern.find_all(text);
    match spans.as_slice() {
        [] => Err(Failure::without_place(Problem::NotFound { looked_for: format!("text like `{pattern}`") })),
        [span] => {
            let version = text.get(span.clone()).unwrap_or_default().to_owned();
            Ok(Site { span: span.clone(), text: version, quoting: Quoting::Pattern })
        }
        [first, ..] => Err(several(text, first.start, spans.iter().map(|span| span.start))),
    }
}

fn by_format(file: &VersionFile, text: &str) -> Result<Site, Failure> {
    match Format::of(&file.path) {
        Some(Format::Pyproject) => pyproject::locate(text),
        Some(Format::CargoToml) => cargo::locate(text),
        Some(Format::SetupCfg) => ini::locate_version(text),
        Some(Format::PackageJson) => json::locate_version(text),
        Some(format @ (Format::Chart | Format::Citation)) => yaml::locate_version(text, format),
        Some(Format::Python) => python::locate_version(text),
        None => Err(Failure::without_place(Problem::UnknownFormat)),
    }
}

/// The failure of finding more than one version.
pub(crate) fn several(text: &str, first: usize, offsets: impl Iterator<Item = usize>) -> Failure {
    // A message that lists thousands of lines helps nobody.
    const SHOWN: usize = 10;
    let lines = offsets.take(SHOWN).map(|offset| line_at(text.as_bytes(), offset)).collect();
    Failure::at(first, Problem::Several { lines })
}

/// The failure of finding none.
pub(crate) fn not_found(format: Format) -> Failure {
    Failure::without_place(Problem::NotFound { looked_for: format.looks_for().to_owned() })
}

/// The line of a byte, from 1; LF, CRLF and a lone CR end a line.
pub(crate) fn line_at(bytes: &[u8], offset: usize) -> u32 {
    let head = bytes.get(..offset).unwrap_or(bytes);
    let mut line = 1_u32;
    let mut after_return = false;
    for &byte in head {
        if byte == b'\r' || (byte == b'\n' && !after_return) {
            line = line.saturating_add(1);
        }
        after_return = byte == b'\r';
    }
    line
}
