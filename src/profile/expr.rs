//! The small language of a profile: where in a record a value stands.
//!
//! An expression is a list of pieces joined by ` ++ `; it has a value only if every piece has one.
//! A piece is `'literal'`, a path such as `actor.id` (a leading `.` makes it relative to the item
//! of an `each`; `.` alone is the item), or a path followed by ` ~ ` and a regex whose first group is taken.

use crate::wire::Json;
use regex::Regex;

/// One expression of a profile, parsed.
#[derive(Clone, Debug)]
pub struct Expr {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Path { path: Path, capture: Option<Regex> },
}

#[derive(Clone, Debug)]
struct Path {
    relative: bool,
    keys: Vec<String>,
}

/// Where an expression looks: the record, and the item of an `each` if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'r> {
    /// The whole record.
    pub record: &'r Json,
    /// The item, or the record itself.
    pub item: &'r Json,
}

impl Expr {
    /// Reads an expression; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pieces = text.split(" ++ ").map(piece).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { pieces })
    }

    /// The value, if every piece has one.
    pub fn eval(&self, scope: Scope<'_>) -> Option<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Path { path, capture } => {
                    let value = path.find(scope)?.scalar()?;
                    match capture {
                        None => out.push_str(&value),
                        Some(regex) => out.push_str(regex.captures(&value)?.get(1)?.as_str()),
                    }
                }
            }
        }
        (!out.is_empty()).then_some(out)
    }
}

impl Expr {
    /// The value as text, a list or an object as its JSON: for values that are shown, not joined on.
    pub fn eval_text(&self, scope: Scope<'_>) -> Option<String> {
        match self.pieces.as_slice() {
            [Piece::Path { path, capture: None }] => match path.find(scope)? {
                value @ (Json::Array(_) | Json::Object(_)) => Some(value.to_string()),
                value @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_)) => value.scalar(),
            },
            _ => self.eval(scope),
        }
    }
}

impl Expr {
    /// The list or object that stands where a plain value is expected, if one does.
    pub fn misfit<'r>(&self, scope: Scope<'r>) -> Option<&'r Json> {
        let [Piece::Path { path, .. }] = self.pieces.as_slice() else { return None };
        path.find(scope).filter(|value| matches!(value, Json::Array(_) | Json::Object(_)))
    }
}

/// The value of the first alternative that has one.
pub fn first(alternatives: &[Expr], scope: Scope<'_>) -> Option<String> {
    alternatives.iter().find_map(|expr| expr.eval(scope))
}

/// Every value that a path such as `resources[]` or `metadata.items[].id` reaches; all of them.
pub fn each<'r>(path: &str, record: &'r Json) -> Vec<&'r Json> {
    let mut found = vec![record];
    for key in path.split('.') {
        let (key, many) = key.strip_suffix("[]").map_or((key, false), |k| (k, true));
        found = found.into_iter().filter_map(|value| value.get(key)).collect();
        if many {
            found = found.into_iter().flat_map(items).collect();
        }
    }
    found
}

fn items(value: &Json) -> Vec<&Json> {
    match value {
        Json::Array(items) => items.iter().collect(),
        Json::Null => Vec::new(),
        // Where one item stands instead of a list, it is a list of one.
        Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Object(_) => vec![value],
    }
}

impl Path {
    fn find<'r>(&self, scope: Scope<'r>) -> Option<&'r Json> {
        let start = if self.relative { scope.item } else { scope.record };
        self.keys.iter().try_fold(start, |value, key| value.get(key))
    }
}

fn piece(text: &str) -> Result<Piece, String> {
    let text = text.trim();
    if let Some(literal) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
        return Ok(Piece::Literal(literal.to_owned()));
    }
    let (path, capture) = match text.split_once(" ~ ") {
        None => (text, None),
        Some((path, pattern)) => (path.trim(), Some(capture(pattern.trim())?)),
    };
    let relative = path.starts_with('.');
    let keys: Vec<_> = path.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    if keys.is_empty() && !relative {
        return Err("an expression is empty".to_owned());
    }
    Ok(Piece::Path { path: Path { relative, keys }, capture })
}

fn capture(pattern: &str) -> Result<Regex, String> {
    let regex = Regex::new(pattern).map_err(|error| format!("bad regex {pattern:?}: {error}"))?;
    match regex.captures_len() {
        2 => Ok(regex),
        n => Err(format!("regex {pattern:?} must have exactly one group, it has {}", n.saturating_sub(1))),
    }
}
