//! Characters that change how other text looks without being seen themselves.

/// Whether a character is a control, reorders its line, takes no width, or breaks a line unseen.
pub(super) const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'                                 // C0, DEL, C1
        | '\u{ad}' | '\u{34f}' | '\u{61c}'                                    // soft hyphen, joiner, Arabic mark
        | '\u{115f}'..='\u{1160}' | '\u{3164}' | '\u{ffa0}'                   // fillers that look like spaces
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'                   // inherent vowels, Mongolian selectors
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'                   // zero width, separators, bidi
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'      // invisible operators, isolates, BOM
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'                 // variation selectors, tags
        | '\u{1d173}'..='\u{1d17a}' | '\u{1bca0}'..='\u{1bca3}') // invisible notation
}

/// The text with every hidden character written out: `\n`, `\u{1b}`, `\u{202e}`.
pub(super) fn show(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}
