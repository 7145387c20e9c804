//! One connection: requests in, answers out, until either side has had enough.

use super::reply::{Manner, Reply};
use super::shared::{Seen, Shared};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Longest head of a request.
const MAX_HEAD: usize = 64 << 10;

/// Answers requests until the connection ends.
pub(super) fn serve(mut stream: TcpStream, shared: &Shared) {
    // Small answers to small requests: waiting to fill a packet would cost 40 ms a page.
    drop(stream.set_nodelay(true));
    let mut buffer = Vec::new();
    loop {
        let reply = match read_request(&mut stream, &mut buffer) {
            Ok(Some((method, seen))) => shared.answer(&method, &seen),
            Ok(None) => break,
            // Whatever this is, TLS perhaps, it is told so and let go.
            Err(_) => Reply { manner: Manner::Cut(usize::MAX), ..Reply::error(400, "bad_request", "not HTTP/1.1") },
        };
        if !matches!(write_reply(&mut stream, &reply), Ok(true)) {
            break;
        }
    }
    drop(stream.shutdown(Shutdown::Both));
}

/// One request without a body; what follows it stays in the buffer.
fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<(String, Seen)>> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        let parsed = request.parse(buffer).map_err(io::Error::other)?;
        if let httparse::Status::Complete(length) = parsed {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let headers = request.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
            let seen = Seen { target: request.path.unwrap_or_default().to_owned(), headers };
            let method = request.method.unwrap_or_default().to_owned();
            buffer.drain(..length);
            return Ok(Some((method, seen)));
        }
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk)?;
        if count == 0 || buffer.len() > MAX_HEAD {
            return Ok(None);
        }
        buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
    }
}

/// Writes an answer; tells whether the connection may serve another request.
fn write_reply(stream: &mut TcpStream, reply: &Reply) -> io::Result<bool> {
    let length = reply.body.len();
    match reply.manner {
        Manner::Whole => stream.write_all(&[head(reply, &sized(length))?, reply.body.clone()].concat())?,
        Manner::Raw => stream.write_all(&reply.body)?,
        Manner::Told(length) => stream.write_all(&[head(reply, &sized(length))?, reply.body.clone()].concat())?,
        Manner::Cut(after) => stream.write_all(&beginning(reply, after)?)?,
        Manner::Reset(after) => {
            stream.write_all(&beginning(reply, after)?)?;
            // Closed without lingering, a connection is reset instead of ended.
            socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO))?;
        }
        Manner::Silent(after) => {
            stream.write_all(&beginning(reply, after)?)?;
            wait_for_end(stream)?;
        }
        Manner::Drip(millis) => {
            stream.write_all(&head(reply, &sized(length))?)?;
            for byte in &reply.body {
                stream.write_all(std::slice::from_ref(byte))?;
                std::thread::sleep(Duration::from_millis(millis));
            }
        }
        Manner::Late(millis) => {
            std::thread::sleep(Duration::from_millis(millis));
            stream.write_all(&[head(reply, &sized(length))?, reply.body.clone()].concat())?;
        }
        Manner::Chunked(cut) => stream.write_all(&chunked(reply, cut)?)?,
        Manner::UntilClose(cut) => {
            let sent = reply.body.get(..cut.unwrap_or(length)).unwrap_or(&reply.body);
            stream.write_all(&[&head(reply, "Connection: close\r\n")?, sent].concat())?;
        }
        Manner::Endless => {
            stream.write_all(&[&head(reply, "Connection: close\r\n")?, reply.body.as_slice()].concat())?;
            // Ends when the client leaves.
            loop {
                stream.write_all(&[b' '; 8 << 10])?;
            }
        }
        Manner::Never => wait_for_end(stream)?,
    }
    Ok(reply.manner == Manner::Whole)
}

fn sized(length: usize) -> String {
    format!("Content-Length: {length}\r\n")
}

/// In chunks of a hundred bytes; cut, it lacks the chunk that ends it.
fn chunked(reply: &Reply, cut: Option<usize>) -> io::Result<Vec<u8>> {
    let mut out = head(reply, "Transfer-Encoding: chunked\r\n")?;
    let sent = reply.body.get(..cut.unwrap_or(reply.body.len())).unwrap_or(&reply.body);
    for chunk in sent.chunks(100) {
        write!(out, "{:x}\r\n", chunk.len())?;
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    if cut.is_none() {
        out.extend_from_slice(b"0\r\n\r\n");
    }
    Ok(out)
}

fn beginning(reply: &Reply, after: usize) -> io::Result<Vec<u8>> {
    let head = head(reply, &sized(reply.body.len()))?;
    Ok([&head, reply.body.get(..after).unwrap_or(&reply.body)].concat())
}

fn head(reply: &Reply, length: &str) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    write!(head, "HTTP/1.1 {} {}\r\n{length}", reply.status, reason(reply.status))?;
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n")?;
    }
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

/// Says nothing more until the client gives up or the server stops.
fn wait_for_end(stream: &mut TcpStream) -> io::Result<()> {
    let mut ignored = [0; 64];
    while stream.read(&mut ignored)? > 0 {}
    Ok(())
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
