use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, FromRequest as _, Multipart, State},
    response::Response,
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderValue, header::CONTENT_LENGTH};

use super::{Access, Reply, Request, Shared, connection::Cut};
use crate::{event::Event, fault::FaultAction};

/// The fields of an upload form. `None` in place of one: the body was not such a form.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    pub(crate) fields: Vec<(String, String)>,
    /// The file's name and bytes.
    pub(crate) content: Option<(String, Bytes)>,
}

/// Answers every request there is: reads it, lets faults strike, hands it on, writes it into the log.
pub(crate) async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Result<Response, Infallible> {
    let (parts, body) = request.into_parts();
    let access = Access::of(&parts.headers, &shared.context.token);
    let limit = shared.context.max_body_bytes;
    let body = read_body(body, limit).await;
    let (body, refusal) = match body {
        Ok(body) => (body, None),
        Err(refusal) => (Bytes::new(), Some(refusal)),
    };
    let request = Request::new(&parts, body.clone(), access);
    let upload = if request.method == "POST" && request.path == "/legacy/" {
        read_form(axum::extract::Request::from_parts(parts.clone(), Body::from(body))).await
    } else {
        None
    };

    let fault = shared.world().faults.strike(parts.method.as_str(), &request.path);
    if let Some(FaultAction::Delay(delay)) = &fault {
        tokio::time::sleep(*delay).await;
    }
    let reply = match (&fault, refusal) {
        (Some(FaultAction::ResetBefore), _) => {
            cut.now();
            Reply::empty(0)
        }
        (Some(FaultAction::Status { code, headers, body }), _) => Reply {
            status: if (200..600).contains(code) { *code } else { 500 },
            headers: headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect(),
            body: Bytes::from(body.clone()),
        },
        (_, Some(refusal)) => refusal,
        (_, None) => perform(&shared, &request, upload),
    };
    if matches!(fault, Some(FaultAction::ResetAfter)) {
        cut.now();
    }
    shared.world().events.push(
        Event {
            seq: 0,
            method: parts.method.as_str().to_owned(),
            path: request.path,
            query: request.raw_query,
            status: reply.status,
            authorised: access == Access::Right,
            fault: fault.as_ref().map(FaultAction::name),
        },
        &shared.context.token,
    );
    let truncate = matches!(fault, Some(FaultAction::Truncate));
    Ok(response(reply, truncate, parts.method == http::Method::HEAD))
}

/// Reads a whole body of at most this many bytes.
///
/// What is beyond the limit is read and thrown away, up to a second limit: a client that is still sending when the
/// connection closes would get a reset in place of the refusal.
async fn read_body(body: Body, limit: usize) -> Result<Bytes, Reply> {
    let mut stream = body.into_data_stream();
    let mut content = Vec::new();
    let mut total = 0_usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Reply::text(400, "400 Bad Request: the body ended early"))?;
        total = total.saturating_add(chunk.len());
        if total <= limit {
            content.extend_from_slice(&chunk);
        } else if total > limit.saturating_mul(4) {
            break;
        }
    }
    if total > limit {
        return Err(Reply::text(413, format!("413 Content Too Large: the limit is {limit} bytes")));
    }
    Ok(content.into())
}

/// Answers and, when something may have changed, writes it down before the client hears of it.
fn perform(shared: &Shared, request: &Request, upload: Option<Upload>) -> Reply {
    let mut world = shared.world();
    let reply = world.answer(&shared.context, request, upload);
    if request.method != "GET"
        && let Err(error) = world.save()
    {
        return Reply::text(500, format!("500 Internal Server Error: {error}"));
    }
    reply
}

fn response(reply: Reply, truncate: bool, head: bool) -> Response {
    let length = reply.body.len();
    let (announced, body) = if truncate {
        (length.max(1), half(&reply.body))
    } else if head {
        (length, Body::empty())
    } else {
        (length, Body::from(reply.body))
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(reply.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    if !matches!(reply.status, 204 | 304) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(announced));
    }
    response
}

/// A body that breaks off in the middle. The pause lets what there is leave before the connection is dropped.
fn half(body: &Bytes) -> Body {
    let first = body.slice(..body.len() / 2);
    Body::from_stream(stream::unfold(Some(first), async |first| match first {
        Some(first) if !first.is_empty() => Some((Ok(first), Some(Bytes::new()))),
        Some(_) => {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Err(io::Error::from(io::ErrorKind::UnexpectedEof)), None))
        }
        None => None,
    }))
}

/// Reads an upload form; the size of the whole body is limited already.
async fn read_form(request: axum::extract::Request) -> Option<Upload> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let data = field.bytes().await.ok()?;
        match filename {
            Some(filename) if name == "content" => upload.content = Some((filename, data)),
            Some(_) => {}
            None => upload.fields.push((name, String::from_utf8_lossy(&data).into_owned())),
        }
    }
    Some(upload)
}
