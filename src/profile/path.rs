//! The way to a value inside a record.
//!
//! Members are joined by dots: `actor.id`; a leading dot begins at the item of an `each`. `[]` stands for every item
//! of a list, `[name=doc_id]` for the item whose member `name` is `doc_id`: `parameters[name=doc_id].value`.

use super::Scope;
use crate::wire::Json;

/// A way through a record, parsed.
#[derive(Clone, Debug)]
pub struct Path {
    relative: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The member of this name.
    Member(String),
    /// The item whose member has this value.
    Named { member: String, value: String },
    /// Every item.
    Every,
}

impl Path {
    /// Reads a path; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let relative = text.starts_with('.');
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (step, after) = if rest.starts_with('[') { bracket(rest, text)? } else { member(rest, text)? };
            steps.extend(step);
            rest = after;
        }
        if steps.is_empty() && !relative {
            return Err("an expression is empty".to_owned());
        }
        Ok(Self { relative, steps })
    }

    /// The value there; none where the path has `[]`, which leads to several.
    pub fn one<'r>(&self, scope: Scope<'r>) -> Option<&'r Json> {
        self.steps.iter().try_fold(self.start(scope), |value, step| match step {
            Step::Member(key) => value.get(key),
            Step::Named { member, value: wanted } => named(value, member, wanted),
            Step::Every => None,
        })
    }

    /// Every value there, in the order of the record.
    pub fn all<'r>(&self, scope: Scope<'r>) -> Vec<&'r Json> {
        self.steps.iter().fold(vec![self.start(scope)], |found, step| {
            let found = found.into_iter();
            match step {
                Step::Member(key) => found.filter_map(|value| value.get(key)).collect(),
                Step::Named { member, value: wanted } => {
                    found.filter_map(|value| named(value, member, wanted)).collect()
                }
                Step::Every => found.flat_map(items).collect(),
            }
        })
    }

    /// The text there; where the path leads to several values, all of them joined by `;`.
    pub fn text(&self, scope: Scope<'_>) -> Option<String> {
        if !self.leads_to_several() {
            return self.one(scope)?.scalar();
        }
        let texts: Vec<String> = self.all(scope).into_iter().filter_map(Json::scalar).collect();
        (!texts.is_empty()).then(|| texts.join(";"))
    }

    /// Whether there may be several values.
    pub fn leads_to_several(&self) -> bool {
        self.steps.contains(&Step::Every)
    }

    fn start<'r>(&self, scope: Scope<'r>) -> &'r Json {
        if self.relative { scope.item } else { scope.record }
    }
}

/// What a path begins with, and what follows it.
type Begun<'t> = Result<(Option<Step>, &'t str), String>;

fn bracket<'t>(rest: &'t str, text: &str) -> Begun<'t> {
    let closed = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (inside, after) = closed.ok_or_else(|| format!("a bracket is not closed in {text:?}"))?;
    if !after.is_empty() && !after.starts_with(['.', '[']) {
        return Err(format!("neither a dot nor a bracket follows [{inside}] in {text:?}"));
    }
    match inside.split_once('=') {
        None if inside.is_empty() => Ok((Some(Step::Every), after)),
        Some((member, value)) if !member.is_empty() && !value.is_empty() => {
            Ok((Some(Step::Named { member: member.to_owned(), value: value.to_owned() }), after))
        }
        _ => Err(format!("[{inside}] in {text:?} is neither [] nor [member=value]")),
    }
}

fn member<'t>(rest: &'t str, text: &str) -> Begun<'t> {
    let (name, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
    if name.contains(']') {
        return Err(format!("a bracket is not opened in {text:?}"));
    }
    let step = (!name.is_empty()).then(|| Step::Member(name.to_owned()));
    Ok((step, after.strip_prefix('.').unwrap_or(after)))
}

/// The items of a list. Where one item stands instead of a list, it is a list of one.
pub fn items(value: &Json) -> &[Json] {
    match value {
        Json::Array(items) => items,
        Json::Null => &[],
        Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Object(_) => std::slice::from_ref(value),
    }
}

/// The item of a name. Two different items of one name say two things, and so nothing.
fn named<'r>(list: &'r Json, member: &str, wanted: &str) -> Option<&'r Json> {
    let is_wanted = |item: &&Json| match item.get(member) {
        Some(Json::Text(text) | Json::Number(text)) => text == wanted,
        Some(Json::Bool(value)) => wanted == if *value { "true" } else { "false" },
        Some(Json::Null | Json::Array(_) | Json::Object(_)) | None => false,
    };
    let mut found = items(list).iter().filter(is_wanted);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}
