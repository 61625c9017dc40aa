use bytes::Bytes;

use super::{
    filename,
    state::{IndexFile, Project, is_project_name, normalized},
    version::Version,
};
use crate::{
    digest,
    server::{Access, Context, Reply, Request, Upload, World, escaped},
};

const NO_CREDENTIALS: &str =
    "Invalid or non-existent authentication information. See /help/#invalid-auth for more information.";
const METADATA_VERSIONS: &[&str] = &["1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5"];

/// Why an upload was refused.
struct Refusal(u16, String);

/// What became of an upload that was not refused.
enum Outcome {
    Accepted,
    Duplicate,
}

/// Answers `POST /legacy/`.
pub(crate) fn answer(
    world: &mut World,
    context: &Context,
    request: &Request,
    upload: Option<Upload>,
) -> Reply {
    let filename =
        upload.as_ref().and_then(|upload| upload.content.as_ref()).map(|(filename, _)| filename.clone());
    let result = accept(world, context, request.access, upload);
    if let Some(filename) = filename {
        let tally = world.state.index.uploads.entry(filename.clone()).or_default();
        tally.filename = filename;
        match &result {
            Ok(Outcome::Accepted) => tally.accepted += 1,
            Ok(Outcome::Duplicate) => tally.duplicate += 1,
            Err(_) => tally.refused += 1,
        }
    }
    match result {
        Ok(_) => Reply::text(200, ""),
        Err(refusal) => refused(request, &refusal),
    }
}

/// An error page in the form that the client prefers, as the real index writes it.
fn refused(request: &Request, Refusal(status, message): &Refusal) -> Reply {
    let (title, lead) = match status {
        403 => ("Forbidden", "Access was denied to this resource."),
        _ => (
            "Bad Request",
            "The server could not comply with the request since it is either malformed or otherwise incorrect.",
        ),
    };
    if request.header("accept").is_none() {
        return Reply::text(*status, format!("{status} {message}\n\n{lead}\n\n\n{message}\n\n"));
    }
    let json = request.quality("application/json");
    if json > 0 && json > request.quality("text/html") {
        let body = serde_json::json!({
            "message": format!("{lead}\n\n\n{message}\n\n"),
            "code": format!("{status} {message}"),
            "title": title,
        });
        return Reply::json(*status, &body);
    }
    let html = escaped(message);
    Reply::html(
        *status,
        format!(
            "<html>\n <head>\n  <title>{status} {html}</title>\n </head>\n <body>\n  <h1>{status} {html}</h1>\n  \
             {lead}<br/><br/>\n{html}\n\n </body>\n</html>"
        ),
    )
}

fn accept(
    world: &mut World,
    context: &Context,
    access: Access,
    upload: Option<Upload>,
) -> Result<Outcome, Refusal> {
    let bad = |message: String| Refusal(400, message);
    if access != Access::Right {
        return Err(Refusal(403, NO_CREDENTIALS.into()));
    }
    let upload =
        upload.ok_or_else(|| bad("The request body is not a complete multipart/form-data form.".into()))?;
    let form = Form::read(&upload).map_err(bad)?;
    let (filename, content) =
        upload.content.as_ref().ok_or_else(|| bad("Upload payload does not have a file.".into()))?;
    filename::check(filename, form.filetype, form.name, &form.parsed_version).map_err(bad)?;
    let file = form.describe(filename, content, context.now());
    for (field, actual) in
        [("md5_digest", &file.md5), ("sha256_digest", &file.sha256), ("blake2_256_digest", &file.blake2_256)]
    {
        if let Some(claimed) = form.optional(field)
            && !claimed.eq_ignore_ascii_case(actual)
        {
            return Err(bad(
                "The digest supplied does not match a digest calculated from the uploaded file.".into(),
            ));
        }
    }
    add(world, form.name, file, content.clone()).map_err(bad)
}

/// Adds a file whose form was checked, unless it is there already.
fn add(world: &mut World, name: &str, mut file: IndexFile, content: Bytes) -> Result<Outcome, String> {
    let mut known = world.state.index.projects.values().flat_map(|project| &project.files);
    if let Some(known) = known.find(|known| known.filename == file.filename || known.sha256 == file.sha256) {
        if known.filename == file.filename && known.sha256 == file.sha256 {
            return Ok(Outcome::Duplicate);
        }
        return Err(format!(
            "File already exists ('{}', with blake2_256 hash '{}'). See /help/#file-name-reuse for more information.",
            file.filename, file.blake2_256
        ));
    }
    let normal = normalized(name);
    let project = world
        .state
        .index
        .projects
        .entry(normal.clone())
        .or_insert_with(|| Project { name: name.to_owned(), files: Vec::new() });
    let version = Version::parse(&file.version);
    if file.filetype == "sdist"
        && project
            .files
            .iter()
            .any(|other| other.filetype == "sdist" && Version::parse(&other.version) == version)
    {
        return Err("Only one sdist may be uploaded per release.".into());
    }
    file.hidden_listings = world.faults.lag(&normal).unwrap_or(0);
    project.files.push(file);
    world.blobs.insert(content);
    Ok(Outcome::Accepted)
}

/// The fields of a form whose values can be right.
struct Form<'a> {
    upload: &'a Upload,
    name: &'a str,
    version: &'a str,
    parsed_version: Version,
    filetype: &'a str,
}

impl<'a> Form<'a> {
    fn read(upload: &'a Upload) -> Result<Self, String> {
        const SEE: &str =
            "See https://packaging.python.org/specifications/core-metadata for more information.";
        let field = |name: &str| field(upload, name).unwrap_or_default();
        if field(":action") != "file_upload" {
            return Err(format!("Unknown action {:?}.", field(":action")));
        }
        if !matches!(field("protocol_version"), "" | "1") {
            return Err("Unknown protocol version.".into());
        }
        for (name, label) in
            [("metadata_version", "Metadata-Version"), ("name", "Name"), ("version", "Version")]
        {
            if field(name).is_empty() {
                return Err(format!(
                    "'' is an invalid value for {label}. Error: This field is required. {SEE}"
                ));
            }
        }
        let metadata_version = field("metadata_version");
        if !METADATA_VERSIONS.contains(&metadata_version) {
            return Err(format!("'{metadata_version}' is not a valid metadata version. {SEE}"));
        }
        let (name, version) = (field("name"), field("version"));
        if !is_project_name(name) {
            return Err(format!("'{name}' is invalid for 'name'. {SEE}"));
        }
        let parsed_version =
            Version::parse(version).ok_or_else(|| format!("'{version}' is invalid for 'version'. {SEE}"))?;
        if parsed_version.is_local() {
            return Err(format!("The use of local versions in '{version}' is not allowed."));
        }
        let filetype = field("filetype");
        if !matches!(filetype, "sdist" | "bdist_wheel") {
            return Err("Invalid value for filetype. Error: Use a known file type.".into());
        }
        match (filetype, field("pyversion")) {
            ("bdist_wheel", "") => {
                return Err("Error: Python version is required for binary distribution uploads.".into());
            }
            ("sdist", other) if !matches!(other, "" | "source") => {
                return Err("Error: Use 'source' as Python version for an sdist.".into());
            }
            _ => {}
        }
        if ["md5_digest", "sha256_digest", "blake2_256_digest"].iter().all(|name| field(name).is_empty()) {
            return Err("Error: Include at least one message digest.".into());
        }
        Ok(Self { upload, name, version, parsed_version, filetype })
    }

    fn optional(&self, name: &str) -> Option<&'a str> {
        field(self.upload, name).filter(|value| !value.is_empty())
    }

    fn describe(&self, filename: &str, content: &Bytes, now: String) -> IndexFile {
        IndexFile {
            filename: filename.to_owned(),
            version: self.version.to_owned(),
            filetype: self.filetype.to_owned(),
            python_version: self.optional("pyversion").unwrap_or("source").to_owned(),
            size: content.len() as u64,
            sha256: digest::sha256(content),
            blake2_256: digest::blake2b_256(content),
            md5: digest::md5(content),
            requires_python: self.optional("requires_python").map(str::to_owned),
            summary: self.optional("summary").map(str::to_owned),
            upload_time: now,
            yanked: None,
            hidden_listings: 0,
        }
    }
}

/// The first value of this field, without the spaces around it.
fn field<'a>(upload: &'a Upload, name: &str) -> Option<&'a str> {
    upload.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim())
}

/// A file that is put on the index by Rust code instead of an upload.
#[derive(Clone, Debug)]
pub struct FileSeed {
    /// The project's name.
    pub name: String,
    /// The version.
    pub version: String,
    /// The file's name, which decides what kind of distribution it is.
    pub filename: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// `Requires-Python`, if any.
    pub requires_python: Option<String>,
}

/// Puts a file on the index with the checks of an upload.
///
/// # Errors
///
/// The message that the upload would have been refused with.
pub(crate) fn seed(world: &mut World, context: &Context, seed: FileSeed) -> Result<(), String> {
    let content = Bytes::from(seed.content);
    let wheel_tag = seed.filename.strip_suffix(".whl").and_then(|stem| stem.rsplit('-').nth(2));
    let mut fields = vec![
        (":action".to_owned(), "file_upload".to_owned()),
        ("metadata_version".into(), "2.1".into()),
        ("name".into(), seed.name),
        ("version".into(), seed.version),
        ("filetype".into(), if wheel_tag.is_some() { "bdist_wheel" } else { "sdist" }.into()),
        ("pyversion".into(), wheel_tag.unwrap_or("source").into()),
        ("sha256_digest".into(), digest::sha256(&content)),
    ];
    fields.extend(seed.requires_python.map(|specifier| ("requires_python".to_owned(), specifier)));
    let upload = Upload { fields, content: Some((seed.filename, content)) };
    accept(world, context, Access::Right, Some(upload)).map(|_| ()).map_err(|Refusal(_, message)| message)
}
