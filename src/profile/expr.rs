//! The small language of a profile: where in a record a value stands.
//!
//! An expression is a list of pieces joined by ` ++ `; it has a value only if every piece has one.
//! A piece is `'literal'`, a path such as `actor.id` (a leading `.` makes it relative to the item
//! of an `each`; `.` alone is the item), or a path followed by ` ~ ` and a regex whose first group is taken.
//! `lower ` before a path takes its value in lower case, for names that are written either way.

use super::Path;
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
    Path { path: Path, lower: bool, capture: Option<Regex> },
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
                Piece::Path { path, lower, capture } => {
                    let value = path.text(scope)?;
                    let value = if *lower { value.to_lowercase() } else { value };
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
            [Piece::Path { path, lower: false, capture: None }] => match path.one(scope) {
                Some(value @ (Json::Array(_) | Json::Object(_))) => Some(value.to_string()),
                Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_)) | None => path.text(scope),
            },
            _ => self.eval(scope),
        }
    }
}

impl Expr {
    /// The list or object that stands where a plain value is expected, if one does.
    pub fn misfit<'r>(&self, scope: Scope<'r>) -> Option<&'r Json> {
        let [Piece::Path { path, .. }] = self.pieces.as_slice() else { return None };
        let container = |value: &&Json| matches!(value, Json::Array(_) | Json::Object(_));
        path.all(scope).into_iter().find(container)
    }
}

/// The value of the first alternative that has one.
pub fn first(alternatives: &[Expr], scope: Scope<'_>) -> Option<String> {
    alternatives.iter().find_map(|expr| expr.eval(scope))
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
    let (path, lower) = path.strip_prefix("lower ").map_or((path, false), |path| (path.trim(), true));
    Ok(Piece::Path { path: Path::parse(path)?, lower, capture })
}

fn capture(pattern: &str) -> Result<Regex, String> {
    let regex = Regex::new(pattern).map_err(|error| format!("bad regex {pattern:?}: {error}"))?;
    match regex.captures_len() {
        2 => Ok(regex),
        n => Err(format!("regex {pattern:?} must have exactly one group, it has {}", n.saturating_sub(1))),
    }
}
