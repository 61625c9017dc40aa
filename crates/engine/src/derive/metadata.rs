//! `SETUPTOOLS_SCM_PRETEND_METADATA`: single facts from the environment.

use tminus_versioning::scm::{Environment, MetadataOverrides};
use tminus_versioning::{Date, DateTime};

use super::DeriveError;
use super::configure::variable_table;
use super::table::{Entry, Setting};

/// Reads the variable. One that is not TOML is passed over with a warning, one with a wrong type is an error: that is how
/// setuptools-scm has it.
pub(super) fn read(
    environment: &Environment<'_>,
    warnings: &mut Vec<String>,
) -> Result<Option<MetadataOverrides>, DeriveError> {
    let Some(variable) = environment.pretended_metadata() else { return Ok(None) };
    warnings.extend(variable.warning.as_ref().map(ToString::to_string));
    let entries = match variable_table(variable.name, variable.value) {
        Ok(entries) => entries,
        Err(error) => {
            warnings.push(format!("{error}; the variable is passed over"));
            return Ok(None);
        }
    };
    let mut overrides = MetadataOverrides::default();
    for (key, entry) in &entries {
        let text = || entry.text(key).map(|text| Some(text.to_owned()));
        match key.as_str() {
            "tag" => overrides.tag = text()?,
            "node" => overrides.node = text()?,
            "branch" => overrides.branch = text()?,
            "dirty" => overrides.dirty = Some(entry.flag(key)?),
            "preformatted" => overrides.preformatted = Some(entry.flag(key)?),
            "distance" => overrides.distance = Some(distance(entry)?),
            "node_date" => overrides.node_date = Some(date(key, entry)?),
            "time" => overrides.time = Some(time(key, entry)?),
            _ => warnings.push(format!("{}: `{key}` is no metadata, it is passed over", entry.place)),
        }
    }
    Ok(Some(overrides))
}

fn distance(entry: &Entry) -> Result<u64, DeriveError> {
    match entry.value {
        Setting::Number(number) => {
            u64::try_from(number).map_err(|_| entry.wrong("distance", "a number from 0 on"))
        }
        _ => Err(entry.wrong("distance", "a number")),
    }
}

fn date(key: &str, entry: &Entry) -> Result<Date, DeriveError> {
    let date = match &entry.value {
        Setting::Date(date) => date.date.and_then(|date| Date::new(date.year, date.month, date.day).ok()),
        _ => None,
    };
    date.ok_or_else(|| entry.wrong(key, "a date such as 2024-02-29"))
}

fn time(key: &str, entry: &Entry) -> Result<DateTime, DeriveError> {
    let wrong = || entry.wrong(key, "a time such as 2024-02-29T12:34:56Z");
    let time = match &entry.value {
        Setting::Date(time) => time.time,
        _ => None,
    };
    let time = time.ok_or_else(wrong)?;
    let date = date(key, entry)?;
    DateTime::new(date, time.hour, time.minute, time.second.unwrap_or(0)).map_err(|_| wrong())
}
