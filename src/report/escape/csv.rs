//! Spreadsheets calculate what begins like a formula, and formulas can send data away.
//!
//! A cell that begins with `= + - @`, a tab, a line break or their full-width twins is a formula to some program,
//! also after blanks and quotes. Programs set to `;` as separator cut cells at it, so the text after each `;` or
//! line break is looked at too. A `'` before such text stops them; a real `'` in that place is doubled, which makes
//! the guard reversible to the byte. (OWASP, "CSV Injection"; CVE-2021-41270 shows why a tab is no guard.)

/// The guard itself.
const GUARD: char = '\'';

/// The text, guarded where a spreadsheet would calculate it. [`unguard`] is the exact inverse.
pub fn guard(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(1));
    for (index, piece) in text.split_inclusive(is_cut).enumerate() {
        if piece.starts_with(GUARD) || is_formula(piece, index == 0) {
            out.push(GUARD);
        }
        out.push_str(piece);
    }
    out
}

/// Takes the guards of [`guard`] away again.
pub fn unguard(text: &str) -> String {
    text.split_inclusive(is_cut).map(|piece| piece.strip_prefix(GUARD).unwrap_or(piece)).collect()
}

/// Several values in one cell: sorted, once each, `;` between them, `\;` and `\\` inside them.
pub fn join<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> String {
    let escape = |value: S| value.as_ref().replace('\\', "\\\\").replace(';', "\\;");
    let mut escaped: Vec<String> = values.into_iter().map(escape).collect();
    escaped.sort_unstable();
    escaped.dedup();
    escaped.join(";")
}

/// The values of a cell made by [`join`]; an empty cell holds none.
pub fn split(cell: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.extend(chars.next()),
            ';' => values.push(std::mem::take(&mut value)),
            c => value.push(c),
        }
    }
    if !cell.is_empty() {
        values.push(value);
    }
    values
}

/// Where some program may cut a cell in two.
const fn is_cut(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
}

/// Whether a spreadsheet may read this piece as a formula. A break counts only where a cell begins.
fn is_formula(piece: &str, begins_cell: bool) -> bool {
    let breaks = |c: char| matches!(c, '\t' | '\r' | '\n');
    let mut rest = piece.chars().skip_while(|c| is_skipped(*c) && !breaks(*c));
    rest.next().is_some_and(|c| match c {
        '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\0' => true,
        c => begins_cell && breaks(c),
    })
}

/// Blanks, quotes and unseen characters that a program may skip before a formula.
const fn is_skipped(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '"' | '\'' | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}
