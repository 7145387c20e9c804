//! Manifests, written in one form and read in no other: what public tools let pass is told, line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Hashes by path, and everything about the text that this tool would not have written.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) hashes: BTreeMap<String, String>,
    pub(super) problems: Vec<String>,
}

/// A manifest's text for files and their hashes.
pub(super) fn write(hashes: &BTreeMap<String, String>) -> String {
    hashes.iter().fold(String::new(), |mut text, (path, hash)| {
        // Writing to a string cannot fail.
        writeln!(text, "{hash}  {path}").unwrap_or_default();
        text
    })
}

/// Reads a manifest; what can still be understood of a bad line is kept, so that files can be held against it.
pub(super) fn read(bytes: &[u8]) -> Manifest {
    let mut manifest = Manifest::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            manifest.problems.push(format!("is not UTF-8 from byte {} on", error.valid_up_to()));
            return manifest;
        }
    };
    let (text, marked) = text.strip_prefix('\u{feff}').map_or((text, false), |rest| (rest, true));
    if marked {
        manifest.problems.push("begins with a byte order mark".to_owned());
    }
    if !text.is_empty() && !text.ends_with('\n') {
        manifest.problems.push("does not end with a line end: it was cut or joined".to_owned());
    }
    let mut last = "";
    for (number, line) in text.split_terminator('\n').enumerate() {
        let mut problems = BTreeSet::new();
        if let Some((hash, path)) = self::line(line, &mut problems) {
            match manifest.hashes.insert(path.to_owned(), hash.clone()) {
                Some(other) if other == hash => problems.insert(format!("names {path} a second time")),
                Some(_) => problems.insert(format!("names {path} a second time, with another hash")),
                None => true,
            };
            if path < last {
                problems.insert("is out of order".to_owned());
            }
            last = path;
        }
        let number = number.saturating_add(1);
        manifest.problems.extend(problems.into_iter().map(|problem| format!("line {number}: {problem}")));
    }
    // Whatever the lines above do not name: one set of hashes has one text.
    if manifest.problems.is_empty() && write(&manifest.hashes) != text {
        manifest.problems.push("is not in the form in which manifests are written".to_owned());
    }
    manifest
}

/// Hash and path of a line, if they can be told at all.
fn line<'l>(line: &'l str, problems: &mut BTreeSet<String>) -> Option<(String, &'l str)> {
    let mut say = |problem: &str| {
        problems.insert(problem.to_owned());
    };
    let line = match line.strip_suffix('\r') {
        Some(rest) => {
            say("ends with CR LF");
            rest
        }
        None => line,
    };
    let parts = line.split_at_checked(64).filter(|(hash, _)| hash.bytes().all(|b| b.is_ascii_hexdigit()));
    let Some((hash, rest)) = parts else {
        say("is not `hash  path`");
        return None;
    };
    if hash.bytes().any(|b| b.is_ascii_uppercase()) {
        say("has its hash in upper case");
    }
    let path = match (rest.strip_prefix("  "), rest.strip_prefix(" *")) {
        (Some(path), _) => path,
        (None, Some(path)) => {
            say("has the binary flag `*`");
            path
        }
        (None, None) => {
            say("is not `hash  path`");
            return None;
        }
    };
    let path = match path.strip_prefix("./") {
        Some(rest) => {
            say("has a path that begins with `./`");
            rest
        }
        None => path,
    };
    bad_path(path).into_iter().for_each(say);
    Some((hash.to_ascii_lowercase(), path))
}

/// What no path of an acquisition is, each with a name of its own.
fn bad_path(path: &str) -> Option<&'static str> {
    let has = |part: &str| path.split('/').any(|found| found == part);
    let drive = path.as_bytes().get(1) == Some(&b':');
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-/".contains(&b);
    if path.starts_with(['/', '\\']) || drive {
        Some("has an absolute path")
    } else if path.starts_with('~') {
        Some("has a path in somebody's home folder")
    } else if has("..") {
        Some("has a path that leaves the acquisition by `..`")
    } else if has(".") || has("") {
        Some("has a path with an empty part or `.`")
    } else if path.contains('%') {
        Some("has a percent-encoded path")
    } else if !path.bytes().all(plain) {
        Some("has a path with a character that no file of an acquisition has")
    } else {
        None
    }
}
