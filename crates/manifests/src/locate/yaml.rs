//! Chart.yaml and CITATION.cff: `version` at the top.

use super::{Failure, Site, not_found};
use crate::Format;
use crate::tree::yaml;

pub(crate) fn locate_version(text: &str, format: Format) -> Result<Site, Failure> {
    yaml::parse(text)?.get("version").ok_or_else(|| not_found(format))?.site()
}
