//! Markdown turns text into links, images, headings, mentions and raw HTML, and a hosted page loads them.
//!
//! Backslashes and entities are not enough: hosts look for mentions and addresses in the text *after* those are
//! resolved, but never inside code. So a value is a code span, and the two characters that could leave one, the
//! backtick and the table's pipe, stand outside it as entities. What a reader sees equals the data.

use super::hidden;

/// A value of the log as an inert code span; an empty value is empty.
pub fn value(text: &str) -> String {
    let shown = hidden::show(text);
    let mut out = String::with_capacity(shown.len().saturating_add(2));
    for piece in shown.split_inclusive(['`', '|']) {
        let (code, cut) = match piece.strip_suffix('`') {
            Some(code) => (code, "&#96;"),
            None => piece.strip_suffix('|').map_or((piece, ""), |code| (code, "&#124;")),
        };
        out.push_str(&span(code));
        out.push_str(cut);
    }
    out
}

/// Prose that may hold values: readable as it stands, with everything active put out of action.
pub fn prose(text: &str) -> String {
    let shown = hidden::show(text);
    let mut out = String::with_capacity(shown.len());
    let mut code = String::new();
    let mut last = ' ';
    let mut rest = shown.chars().peekable();
    while let Some(c) = rest.next() {
        if is_sought(c, last, rest.peek().copied()) {
            code.push(c);
        } else {
            out.push_str(&span(&std::mem::take(&mut code)));
            push_text(&mut out, c, last);
        }
        last = c;
    }
    out.push_str(&span(&code));
    out
}

/// Whether hosts look for this character after escapes are resolved: mentions, issue numbers, addresses.
fn is_sought(c: char, last: char, next: Option<char>) -> bool {
    match c {
        '@' | '#' => true,
        ':' => next == Some('/'),
        '.' => last.eq_ignore_ascii_case(&'w'),
        _ => false,
    }
}

/// Punctuation that a sentence needs stays as it is wherever it cannot begin a construct.
fn push_text(out: &mut String, c: char, last: char) {
    match c {
        '`' => out.push_str("&#96;"),
        '|' => out.push_str("&#124;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        ',' | ';' | '\'' | '"' | '?' | '%' | '/' | '(' => out.push(c),
        '-' | ':' | '+' if last.is_alphanumeric() => out.push(c),
        '.' | ')' if last.is_alphabetic() => out.push(c),
        c if c.is_ascii_punctuation() => out.extend(['\\', c]),
        c => out.push(c),
    }
}

/// A code span around text without backticks; a renderer strips one space from both ends if both have one.
fn span(code: &str) -> String {
    if code.is_empty() {
        String::new()
    } else if code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty() {
        format!("` {code} `")
    } else {
        format!("`{code}`")
    }
}
