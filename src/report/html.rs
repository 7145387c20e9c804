//! `impact.html`: one file, no script, no network; answer first.

use super::ReportError;
use super::document::Document;
use super::escape::html::{clean, escaped};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, UndefinedBehavior, escape_formatter};

/// The paper's name; its ending turns automatic escaping on.
const NAME: &str = "impact.html";
/// Values up to this many characters stay on one line; longer ones may break anywhere.
const SHORT: usize = 22;
const TEMPLATE: &str = include_str!("templates/impact.html");

/// The document as one HTML file.
pub(super) fn render(document: &Document) -> Result<String, ReportError> {
    let failed = |error| ReportError::Template { paper: NAME, source: Box::new(error) };
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(failed)?);
    engine.add_filter("text", text);
    engine.add_filter("plain", plain);
    // Every value that the template prints loses its hidden characters before the engine escapes it.
    engine.set_formatter(|out, state, value| match value.as_str() {
        Some(raw) if !value.is_safe() => escape_formatter(out, state, &Value::from(clean(raw))),
        _ => escape_formatter(out, state, value),
    });
    engine.add_template(NAME, TEMPLATE).map_err(failed)?;
    engine.get_template(NAME).and_then(|template| template.render(Serde(document))).map_err(failed)
}

/// The pieces of a text as HTML; the only place where this program makes markup around values.
fn text(pieces: &Value) -> Result<Value, Error> {
    let mut html = String::new();
    for piece in pieces.try_iter()? {
        let kind = piece.get_attr("kind")?;
        let raw = piece.get_attr("text")?;
        let raw = escaped(&clean(raw.as_str().unwrap_or_default()));
        match kind.as_str() {
            Some("value") if raw.chars().count() <= SHORT => html.extend(["<code class=\"short\">", &raw, "</code>"]),
            Some("value") => html.extend(["<code>", &raw, "</code>"]),
            Some("place") => html.extend(["<code class=\"place\">", &raw, "</code>"]),
            Some("prose") => html.extend(["<span class=\"prose\">", &raw, "</span>"]),
            // A narrow column may break a time between its date and its clock, and nowhere else.
            Some("time") => {
                let shown = raw.replacen('T', "T<wbr>", 1);
                html.extend(["<time datetime=\"", &raw, "\">", &shown, "</time>"]);
            }
            Some("word") => html.extend(["<span class=\"word ", &raw, "\">", &raw, "</span>"]),
            _ => html.push_str(&raw),
        }
    }
    Ok(Value::from_safe_string(html))
}

/// The pieces of a text as text alone, for attributes and lines to copy; the engine escapes it.
fn plain(pieces: &Value) -> Result<String, Error> {
    let mut line = String::new();
    for piece in pieces.try_iter()? {
        line.push_str(piece.get_attr("text")?.as_str().unwrap_or_default());
    }
    Ok(line)
}
