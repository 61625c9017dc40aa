use serde_json::{Value, json};

use super::{
    state::{IndexFile, Project},
    version::Version,
};
use crate::server::{Reply, Request, encoded, escaped};

const JSON: &str = "application/vnd.pypi.simple.v1+json";
const HTML: &str = "application/vnd.pypi.simple.v1+html";
const API_VERSION: &str = "1.1";

/// In which of its three forms a simple page is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    PlainHtml,
    Html,
    Json,
}

/// The form the client wants most; plain HTML wins a draw and when nothing fits, as on the real index.
fn form(request: &Request) -> Form {
    let json = request.quality(JSON).max(match request.header("accept") {
        Some(accept) if accept.contains("simple.latest+json") => {
            request.quality("application/vnd.pypi.simple.latest+json")
        }
        _ => 0,
    });
    let candidates = [
        (Form::PlainHtml, request.quality("text/html")),
        (Form::Html, request.quality(HTML)),
        (Form::Json, json),
    ];
    candidates
        .into_iter()
        .fold((Form::PlainHtml, 0), |best, next| if next.1 > best.1 { next } else { best })
        .0
}

fn page(form: Form, title: &str, lines: &[String], json: &Value) -> Reply {
    let html = || {
        format!(
            "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"{API_VERSION}\">\n    \
             <title>{title}</title>\n  </head>\n  <body>\n    <h1>{title}</h1>\n{}  </body>\n</html>\n",
            lines.concat(),
            title = escaped(title)
        )
    };
    let reply = match form {
        Form::PlainHtml => Reply::html(200, html()),
        Form::Html => Reply::bytes(200, HTML, html()),
        Form::Json => Reply::bytes(200, JSON, json.to_string()),
    };
    reply.header("vary", "Accept").header("cache-control", "max-age=600, public")
}

/// The list of all projects that show at least one file.
pub(crate) fn root<'a>(
    request: &Request,
    projects: impl Iterator<Item = (&'a String, &'a Project)>,
) -> Reply {
    let shown: Vec<(&String, &Project)> =
        projects.filter(|(_, project)| project.files.iter().any(|file| file.hidden_listings == 0)).collect();
    let lines: Vec<String> = shown
        .iter()
        .map(|(normal, project)| {
            format!("    <a href=\"/simple/{normal}/\">{}</a>\n", escaped(&project.name))
        })
        .collect();
    let names: Vec<Value> = shown.iter().map(|(_, project)| json!({ "name": project.name })).collect();
    let document = json!({ "meta": { "api-version": API_VERSION }, "projects": names });
    page(form(request), "Simple index", &lines, &document)
}

fn path(normal: &str, file: &IndexFile) -> String {
    format!("/files/{normal}/{}", encoded(&file.filename))
}

/// The files of one project (PEP 503, 592, 691, 700).
pub(crate) fn project(request: &Request, normal: &str, files: &[&IndexFile]) -> Reply {
    let lines: Vec<String> = files.iter().map(|file| line(normal, file)).collect();
    let rows: Vec<Value> = files
        .iter()
        .map(|file| {
            json!({
                "filename": file.filename,
                "url": path(normal, file),
                "hashes": { "sha256": file.sha256 },
                "requires-python": file.requires_python,
                "size": file.size,
                "upload-time": file.upload_time,
                "yanked": yanked(file),
                "core-metadata": false,
            })
        })
        .collect();
    let document = json!({
        "meta": { "api-version": API_VERSION },
        "name": normal,
        "versions": Project::versions(files),
        "files": rows,
    });
    page(form(request), &format!("Links for {normal}"), &lines, &document)
}

fn line(normal: &str, file: &IndexFile) -> String {
    let attribute = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!(" {name}=\"{}\"", escaped(value))).unwrap_or_default()
    };
    format!(
        "    <a href=\"{}#sha256={}\"{}{}>{}</a><br />\n",
        path(normal, file),
        file.sha256,
        attribute("data-requires-python", &file.requires_python),
        attribute("data-yanked", &file.yanked),
        escaped(&file.filename)
    )
}

/// `false`, the reason, or `true` when there is none (PEP 691).
fn yanked(file: &IndexFile) -> Value {
    match &file.yanked {
        None => json!(false),
        Some(reason) if reason.is_empty() => json!(true),
        Some(reason) => json!(reason),
    }
}

/// The JSON document of a project, or of one version of it; `None` when there is no such version.
pub(crate) fn legacy(
    base: &str,
    normal: &str,
    name: &str,
    files: &[&IndexFile],
    version: Option<&str>,
) -> Option<Reply> {
    let versions = Project::versions(files);
    let all_yanked =
        |version: &str| files.iter().filter(|file| file.version == version).all(|file| file.yanked.is_some());
    let chosen = match version {
        Some(wanted) => {
            let wanted = Some(Version::parse(wanted)?);
            versions.iter().find(|version| Version::parse(version) == wanted)?
        }
        None => versions
            .iter()
            .rev()
            .find(|version| {
                !all_yanked(version)
                    && Version::parse(version).is_some_and(|version| !version.is_pre_release())
            })
            .or(versions.last())?,
    };
    let row = |file: &IndexFile| {
        json!({
            "comment_text": null,
            "digests": { "blake2b_256": file.blake2_256, "md5": file.md5, "sha256": file.sha256 },
            "downloads": -1,
            "filename": file.filename,
            "has_sig": false,
            "md5_digest": file.md5,
            "packagetype": file.filetype,
            "python_version": file.python_version,
            "requires_python": file.requires_python,
            "size": file.size,
            "upload_time": file.upload_time.trim_end_matches('Z'),
            "upload_time_iso_8601": file.upload_time,
            "url": format!("{base}{}", path(normal, file)),
            "yanked": file.yanked.is_some(),
            "yanked_reason": file.yanked.as_ref().filter(|reason| !reason.is_empty()),
        })
    };
    let rows = |version: &str| -> Vec<Value> {
        files.iter().filter(|file| file.version == version).map(|file| row(file)).collect()
    };
    let newest = files.iter().rfind(|file| file.version == *chosen)?;
    let mut document = json!({
        "info": {
            "name": name,
            "version": chosen,
            "summary": newest.summary,
            "requires_python": newest.requires_python,
            "yanked": all_yanked(chosen),
            "yanked_reason": newest.yanked.as_ref().filter(|reason| !reason.is_empty()),
        },
        "last_serial": files.len(),
        "urls": rows(chosen),
        "vulnerabilities": [],
    });
    if version.is_none()
        && let Some(document) = document.as_object_mut()
    {
        let releases = versions.iter().map(|version| (version.clone(), Value::from(rows(version)))).collect();
        document.insert("releases".into(), Value::Object(releases));
    }
    Some(Reply::json(200, &document))
}
