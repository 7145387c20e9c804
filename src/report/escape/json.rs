//! JSON files are opened in editors and terminals, where raw bidi and control characters deceive.
//!
//! A serializer already escapes what JSON demands. The rest is legal inside a string and stays dangerous to the eye.

use super::hidden::is_hidden;

/// Rewrites finished JSON so that hidden characters inside its strings stand as `\u` escapes.
///
/// Outside strings JSON holds ASCII only, and its line breaks and spaces stay; so every other hidden character
/// lies in a string, where an escape means the same text.
pub fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.extend([format!("\\u{unit:04x}")]);
            }
        } else {
            out.push(c);
        }
    }
    out
}
