//! Browsers run what they read: tags, handlers, entities, reordered text.
//!
//! The template engine escapes every value of a `.html` template, and the one filter that adds markup of its own
//! uses [`escaped`]. What markup escaping leaves alone are the characters that a reader cannot see; [`clean`]
//! writes those out.

use super::hidden;

/// The text with hidden characters written out; `<`, `&` and quotes are left as they are.
pub fn clean(text: &str) -> String {
    hidden::show(text)
}

/// The text with everything escaped that could end it, in content and in a quoted attribute alike.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
