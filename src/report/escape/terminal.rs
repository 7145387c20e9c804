//! Terminals obey what they print: colours, titles, the clipboard, text that overwrites text.
//!
//! A carriage return hides the line before it, a bidi control turns an id around, an escape sequence sets the
//! window's title or the clipboard. Stripping known sequences misses some; writing out every control misses none.

use super::hidden;

/// The text with every control, bidi and zero-width character written out; always one line.
pub fn clean(text: &str) -> String {
    hidden::show(text)
}
