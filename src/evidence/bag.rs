//! The packaging around an acquisition: BagIt 1.0, RFC 8493.

pub(super) const BAGIT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// The tag files that the tag manifest lists, in its order.
pub(super) const TAGS: [&str; 4] = ["bag-info.txt", "bagit.txt", MANIFEST, "seal.json"];
/// The manifest of the payload.
pub(super) const MANIFEST: &str = "manifest-sha256.txt";
/// The manifest of the tag files; a signature signs it.
pub(super) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// The signature, in no manifest: RFC 8493 leaves a tag file out of the tag manifest where it must be.
pub(super) const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";

/// `bag-info.txt`: what the bag holds, for people.
pub(super) fn info(name: &str, sealed_at: &str, bytes: u64, files: u64) -> String {
    info_by(env!("CARGO_PKG_VERSION"), name, sealed_at, &format!("{bytes}.{files}"))
}

/// Whether a text is what some version of this tool writes; `oxum` is left out where the payload is not whole.
pub(super) fn is_info(text: &str, name: &str, sealed_at: &str, oxum: Option<(u64, u64)>) -> bool {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    let version = value("Bag-Software-Agent: irforensics ").unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".-+".contains(&b);
    let oxum = oxum.map(|(bytes, files)| format!("{bytes}.{files}"));
    let oxum = oxum.unwrap_or_else(|| value("Payload-Oxum: ").unwrap_or_default().to_owned());
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    version.bytes().all(plain)
        && !version.is_empty()
        && oxum.split_once('.').is_some_and(|(bytes, files)| digits(bytes) && digits(files))
        && text == info_by(version, name, sealed_at, &oxum)
}

fn info_by(version: &str, name: &str, sealed_at: &str, oxum: &str) -> String {
    format!(
        "Bag-Software-Agent: irforensics {version}\nBagging-Date: {}\nExternal-Identifier: {name}\nPayload-Oxum: {oxum}\n",
        sealed_at.get(..10).unwrap_or(sealed_at),
    )
}
