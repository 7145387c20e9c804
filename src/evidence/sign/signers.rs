//! Whose signatures are expected: a public key, or OpenSSH's `allowed_signers`, see `ssh-keygen(1)`.

use super::NAMESPACE;
use super::key::PublicKey;
use crate::evidence::EvidenceError;
use crate::model::Moment;
use std::path::Path;

/// The signers that a verification accepts.
#[derive(Clone, Debug)]
pub struct Signers {
    allowed: Vec<Allowed>,
}

#[derive(Clone, Debug)]
struct Allowed {
    who: String,
    key: PublicKey,
    from: Option<Moment>,
    to: Option<Moment>,
}

impl Signers {
    /// Reads a `.pub` file or an `allowed_signers` file; a line that is not understood is refused, not skipped.
    pub fn read(path: &Path) -> Result<Self, EvidenceError> {
        let unreadable = |source| EvidenceError::Input { path: path.to_owned(), source };
        let text = String::from_utf8_lossy(&std::fs::read(path).map_err(unreadable)?).into_owned();
        let refused = |problem: String| EvidenceError::Key { path: path.to_owned(), problem };
        let mut allowed = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = |problem: String| refused(format!("line {}: {problem}", number.saturating_add(1)));
            allowed.extend(entry(line).map_err(at)?);
        }
        if allowed.is_empty() {
            return Err(refused(format!("it names no key for the namespace {NAMESPACE}")));
        }
        Ok(Self { allowed })
    }

    /// Who a key belongs to at the time of a seal, or why its signature does not count.
    pub(in crate::evidence) fn who(&self, key: &PublicKey, sealed_at: Moment) -> Result<String, String> {
        let mut known = self.allowed.iter().filter(|allowed| allowed.key == *key).peekable();
        if known.peek().is_none() {
            return Err(format!("is by {}, who is not an expected signer", key.fingerprint()));
        }
        let valid = |allowed: &&Allowed| {
            allowed.from.is_none_or(|from| from <= sealed_at) && allowed.to.is_none_or(|to| sealed_at < to)
        };
        let outside = || format!("is by {}, whose key was not valid when this was sealed", key.fingerprint());
        known.find(valid).map(|allowed| allowed.who.clone()).ok_or_else(outside)
    }
}

/// One line: a bare key, or principals, options and a key. None where the key is for other namespaces only.
fn entry(line: &str) -> Result<Option<Allowed>, String> {
    let mut words = words(line);
    let mut next = || words.next().ok_or("is cut: it holds no key");
    let mut word = next()?;
    let mut allowed = Allowed { who: String::new(), key: PublicKey::from_blob(b""), from: None, to: None };
    let mut ours = true;
    if !is_kind(word) {
        word.trim_matches('"').clone_into(&mut allowed.who);
        word = next()?;
        if !is_kind(word) {
            for option in split(word, ',') {
                ours &= allowed.option(option)?;
            }
            word = next()?;
        }
    }
    let bad = || format!("{word:?} and what follows is no public key");
    allowed.key = PublicKey::parse(word, next()?).ok_or_else(bad)?;
    if allowed.who.is_empty() {
        allowed.who = words.collect::<Vec<_>>().join(" ");
    }
    Ok(ours.then_some(allowed))
}

impl Allowed {
    /// Takes an option in; whether it leaves the key to evidence.
    fn option(&mut self, option: &str) -> Result<bool, String> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => return Ok(value.split(',').any(|pattern| pattern == NAMESPACE || pattern == "*")),
            "valid-after" => self.from = Some(time(value)?),
            "valid-before" => self.to = Some(time(value)?),
            "cert-authority" => return Err("certificates are not understood here: name the keys themselves".to_owned()),
            _ => return Err(format!("the option {name:?} is not understood")),
        }
        Ok(true)
    }
}

fn is_kind(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|start| word.starts_with(start))
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, always with `Z`: without it every machine reads another time.
fn time(value: &str) -> Result<Moment, String> {
    let bad = || format!("the time {value:?} is not YYYYMMDD[HHMM[SS]]Z in UTC");
    let digits = value.strip_suffix('Z').filter(|d| d.bytes().all(|b| b.is_ascii_digit())).ok_or_else(bad)?;
    let full = match digits.len() {
        8 => format!("{digits}000000"),
        12 => format!("{digits}00"),
        14 => digits.to_owned(),
        _ => return Err(bad()),
    };
    let part = |from: usize, to: usize| full.get(from..to).unwrap_or_default();
    let (date, clock) =
        ([part(0, 4), part(4, 6), part(6, 8)].join("-"), [part(8, 10), part(10, 12), part(12, 14)].join(":"));
    Moment::parse_rfc3339(&format!("{date}T{clock}Z")).ok_or_else(bad)
}

/// Words between blanks; inside quotes a blank is a character like any other.
fn words(line: &str) -> impl Iterator<Item = &str> {
    split(line, ' ').into_iter().flat_map(|word| split(word, '\t')).filter(|word| !word.is_empty())
}

fn split(text: &str, at: char) -> Vec<&str> {
    let mut quoted = false;
    let outside = |c: char| {
        quoted ^= c == '"';
        c == at && !quoted
    };
    text.split(outside).collect()
}
