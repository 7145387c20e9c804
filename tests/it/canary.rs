//! A secret looked for in every form in which bytes may carry it.

use aho_corasick::AhoCorasick;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A secret, ready to be searched for.
pub(super) struct Canary {
    names: Vec<&'static str>,
    search: AhoCorasick,
}

impl Canary {
    /// Every form of a secret: as it is, in a URL, in JSON, in HTML, base64 at any offset, hex, UTF-16, and its halves.
    pub(super) fn new(secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let each = |form: fn(u8) -> String| bytes.iter().copied().map(form).collect::<String>().into_bytes();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let some = |form: fn(u8) -> String| -> Vec<u8> {
            let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { form(byte) };
            bytes.iter().copied().map(one).collect::<String>().into_bytes()
        };
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let wide = |order: fn(u16) -> [u8; 2]| secret.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let mut forms = vec![
            ("as it is", bytes.to_vec()),
            ("its first half", first.to_vec()),
            ("its second half", second.to_vec()),
            ("backwards", bytes.iter().rev().copied().collect()),
            ("in a URL", some(|byte| format!("%{byte:02X}"))),
            ("in a URL, small", some(|byte| format!("%{byte:02x}"))),
            ("in a URL, wholly", each(|byte| format!("%{byte:02X}"))),
            ("in JSON", secret.replace('/', "\\/").into_bytes()),
            ("in JSON, escaped", each(|byte| format!("\\u{byte:04x}"))),
            ("in HTML", some(|byte| format!("&#{byte};"))),
            ("in HTML, hexadecimal", some(|byte| format!("&#x{byte:X};"))),
            ("in hex", each(|byte| format!("{byte:02x}"))),
            ("in HEX", each(|byte| format!("{byte:02X}"))),
            ("in UTF-16", wide(u16::to_le_bytes)),
            ("in UTF-16, big end first", wide(u16::to_be_bytes)),
        ];
        for offset in 0..3 {
            forms.push(("in base64", base64(bytes, offset, *b"+/")));
            forms.push(("in base64 for URLs", base64(bytes, offset, *b"-_")));
        }
        let (names, forms): (Vec<_>, Vec<_>) = forms.into_iter().unzip();
        Self { names, search: AhoCorasick::new(forms).unwrap() }
    }

    /// In which form the bytes hold the secret, gzip undone; none if they do not.
    pub(super) fn find(&self, bytes: &[u8]) -> Option<&'static str> {
        let found = |bytes: &[u8]| self.search.find(bytes).map(|found| self.names[found.pattern().as_usize()]);
        found(bytes).or_else(|| {
            let mut decoded = Vec::new();
            // What breaks off is searched as far as it goes.
            drop(flate2::bufread::MultiGzDecoder::new(bytes).take(64 << 20).read_to_end(&mut decoded));
            found(&decoded)
        })
    }

    /// The files below a folder that hold the secret, in the name or in the bytes.
    pub(super) fn files(&self, folder: &Path) -> Vec<(PathBuf, &'static str)> {
        let mut held = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = path.symlink_metadata().unwrap();
            if let Some(form) = self.find(path.file_name().unwrap().as_encoded_bytes()) {
                held.push((path.clone(), form));
            } else if kind.is_dir() {
                held.extend(self.files(&path));
            } else if kind.is_file() {
                held.extend(self.find(&std::fs::read(&path).unwrap()).map(|form| (path.clone(), form)));
            }
        }
        held
    }
}

/// What of the secret is the same in any text in which it stands `offset` bytes behind a group's beginning.
fn base64(secret: &[u8], offset: usize, last: [u8; 2]) -> Vec<u8> {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last).collect();
    let bits = [vec![0; offset], secret.to_vec()].concat().iter().fold(String::new(), |mut bits, byte| {
        write!(bits, "{byte:08b}").unwrap();
        bits
    });
    let groups = bits.as_bytes().chunks_exact(6).skip((offset * 8).div_ceil(6));
    let digit = |group: &[u8]| usize::from_str_radix(std::str::from_utf8(group).unwrap(), 2).unwrap();
    groups.map(|group| alphabet[digit(group)]).collect()
}

#[test]
fn every_form_is_found() {
    let canary = Canary::new("s3cret/t0ken+0123456789");
    for (text, form) in [
        ("x s3cret/t0ken+0123456789 x", "as it is"),
        ("x s3cret%2ft0ken%2b0123456789", "in a URL, small"),
        ("s3cret\\/t0ken+0123456789", "in JSON"),
        ("czNjcmV0L3Qwa2VuKzAxMjM0NTY3ODk=", "in base64"),
        ("eHMzY3JldC90MGtlbiswMTIzNDU2Nzg5", "in base64"),
        ("eHhzM2NyZXQvdDBrZW4rMDEyMzQ1Njc4OQ==", "in base64"),
        ("7333637265742f74306b656e2b30313233343536373839", "in hex"),
        ("s3cret&#47;t0ken&#43;0123456789", "in HTML"),
        ("en+0123456789", "its second half"),
    ] {
        assert!(canary.find(text.as_bytes()).is_some(), "{form}: {text}");
    }
    assert_eq!(canary.find(b"s3cret of another kind, and 0123456789"), None);
    let wide: Vec<u8> = "s3cret/t0ken+0123456789".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(canary.find(&wide).is_some());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, b"you sent s3cret/t0ken+0123456789 to us").unwrap();
    assert!(canary.find(&packed.finish().unwrap()).is_some());
}
