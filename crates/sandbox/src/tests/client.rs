use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use serde_json::Value;

use crate::Sandbox;

/// An answer as it came over the wire.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The value, when the status is this one.
    #[track_caller]
    pub(super) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Whether fewer bytes came than were announced.
    pub(super) fn cut_short(&self) -> bool {
        self.header("content-length").unwrap().parse::<usize>().unwrap() > self.body.len()
    }
}

/// Sends one request on a connection of its own and reads until the server closes it.
pub(super) fn try_send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let port = sandbox.base_url().port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    let end = raw
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?;
    let head = String::from_utf8(raw[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Ok(Answer { status, headers, body: raw[end + 4..].to_vec() })
}

#[track_caller]
pub(super) fn send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    try_send(sandbox, method, target, headers, body).unwrap()
}

#[track_caller]
pub(super) fn get(sandbox: &Sandbox, target: &str, headers: &[(&str, &str)]) -> Answer {
    send(sandbox, "GET", target, headers, b"")
}

/// A request to the forge with the right token; the path is below `/api/v3`.
#[track_caller]
pub(super) fn api(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {}", sandbox.token());
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(sandbox, method, &format!("/api/v3{path}"), &[("Authorization", &authorization)], body.as_bytes())
}

/// `Authorization` of an upload.
pub(super) fn basic(password: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    format!("Basic {}", STANDARD.encode(format!("__token__:{password}")))
}

/// An upload form with these fields, on top of those that every form has.
pub(super) fn form(fields: &[(&str, &str)], filename: &str, content: &[u8]) -> Vec<u8> {
    let sha256 = crate::digest::sha256(content);
    let defaults = [
        (":action", "file_upload"),
        ("protocol_version", "1"),
        ("metadata_version", "2.1"),
        ("filetype", "sdist"),
        ("pyversion", "source"),
        ("sha256_digest", sha256.as_str()),
    ];
    let unset = defaults.iter().filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
    let mut body = Vec::new();
    for (name, value) in unset.chain(fields) {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if !filename.is_empty() {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    body
}

/// Sends an upload form with the right token.
#[track_caller]
pub(super) fn upload(sandbox: &Sandbox, fields: &[(&str, &str)], filename: &str, content: &[u8]) -> Answer {
    let authorization = basic(sandbox.token());
    let headers =
        [("Authorization", authorization.as_str()), ("Content-Type", "multipart/form-data; boundary=edge")];
    send(sandbox, "POST", "/legacy/", &headers, &form(fields, filename, content))
}
