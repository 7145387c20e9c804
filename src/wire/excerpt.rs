//! Text from outside, made fit for a message.

/// Text from outside, made safe to print: cut to `max` characters, everything unusual escaped.
pub fn excerpt(bytes: &[u8], max: usize) -> String {
    // Four bytes hold any character, so the cut below is always by characters.
    let head = bytes.get(..max.saturating_mul(4)).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let mut out = String::new();
    for c in text.chars().take(max) {
        if c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ' {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    if text.chars().nth(max).is_some() || head.len() < bytes.len() {
        out.push_str("...");
    }
    out
}
