use super::{state::normalized, version::Version};

/// Checks that a file's name says what the form says (PEP 427 for wheels, PEP 625 for source distributions).
///
/// # Errors
///
/// The message to refuse it with: another ending, too few or too many parts, another project or version.
pub(crate) fn check(filename: &str, filetype: &str, name: &str, version: &Version) -> Result<(), String> {
    if filename.contains(['/', '\\']) {
        return Err("Cannot upload a file with '/' or '\\' in the name.".into());
    }
    let invalid = |reason: &str| format!("Invalid filename {filename:?}: {reason}.");
    let (project, spelt_version) = if filetype == "bdist_wheel" {
        let Some(stem) = filename.strip_suffix(".whl") else {
            return Err(invalid("a wheel ends in .whl"));
        };
        let parts: Vec<&str> = stem.split('-').collect();
        match parts.as_slice() {
            [project, version, _, _, _] => (*project, *version),
            [project, version, build, _, _, _] if build.starts_with(|c: char| c.is_ascii_digit()) => {
                (*project, *version)
            }
            _ => return Err(invalid("a wheel is NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl")),
        }
    } else {
        let Some(stem) = filename.strip_suffix(".tar.gz").or_else(|| filename.strip_suffix(".zip")) else {
            return Err(invalid("a source distribution ends in .tar.gz or .zip"));
        };
        stem.rsplit_once('-').ok_or_else(|| invalid("a source distribution is NAME-VERSION.tar.gz"))?
    };
    if project.is_empty() || normalized(project) != normalized(name) {
        return Err(format!("Start filename for {name:?} with {:?}.", normalized(name).replace('-', "_")));
    }
    match Version::parse(&spelt_version.replace('_', "-")) {
        Some(found) if found == *version => Ok(()),
        _ => Err(format!("Version in filename should be {:?} not {spelt_version:?}.", version.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_name(filename: &str, filetype: &str, problem: Option<&str>) {
        let version = Version::parse("1.0rc1").unwrap();
        let found = check(filename, filetype, "My.Project", &version).err();
        match problem {
            None => assert_eq!(found, None, "{filename}"),
            Some(part) => assert!(found.unwrap().contains(part), "{filename}"),
        }
    }

    #[test]
    fn file_names() {
        check_name("my_project-1.0rc1-py3-none-any.whl", "bdist_wheel", None);
        check_name("my_project-1.0.0rc1-1x-py3-none-any.whl", "bdist_wheel", None);
        check_name("my_project-1.0rc1.tar.gz", "sdist", None);
        check_name("My.Project-1.0rc1.zip", "sdist", None);
        check_name("my-project-1.0rc1.tar.gz", "sdist", None);
        check_name("my_project-1.0rc1.tar.gz", "bdist_wheel", Some("ends in .whl"));
        check_name("my_project-1.0rc1-py3-none-any.whl", "sdist", Some("ends in .tar.gz"));
        check_name("my_project-1.0rc1-py3.whl", "bdist_wheel", Some("NAME-VERSION"));
        check_name("my_project-1.0rc1-x-py3-none-any.whl", "bdist_wheel", Some("NAME-VERSION"));
        check_name(
            "other-1.0rc1.tar.gz",
            "sdist",
            Some("Start filename for \"My.Project\" with \"my_project\""),
        );
        check_name("my_project-1.0.tar.gz", "sdist", Some("should be \"1.0rc1\" not \"1.0\""));
        check_name("../my_project-1.0rc1.tar.gz", "sdist", Some("Cannot upload"));
        check_name("my_project.tar.gz", "sdist", Some("source distribution is"));
    }
}
