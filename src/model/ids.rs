//! Identities, compared byte for byte: no case folding, no trimming.

use serde::{Deserialize, Serialize};

/// An organisation's id exactly as the log writes it; never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct OrgId(String);

impl OrgId {
    /// Takes an id; an empty one names nobody.
    pub fn new(id: impl Into<String>) -> Option<Self> {
        let id = id.into();
        (!id.is_empty()).then_some(Self(id))
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for OrgId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for OrgId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(d)?).ok_or_else(|| serde::de::Error::custom("an organisation id is empty"))
    }
}

/// A thing that an organisation owns: its type and its canonical id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct RecordKey {
    /// The kind of record, in the provider's words.
    pub record_type: String,
    /// The id in the profile's canonical form.
    pub record_id: String,
}

/// Where an event's bytes lie: acquisition, page, offset and length in the decoded body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceRef {
    /// Number of the acquisition, from 1.
    pub acquisition: u32,
    /// Number of the page within it, from 1.
    pub page: u32,
    /// First byte of the record in the decoded body.
    pub offset: u64,
    /// Length of the record in bytes.
    pub length: u64,
}

impl EvidenceRef {
    /// Reads `acq-0001/000001@OFFSET+LENGTH`.
    pub fn parse(text: &str) -> Option<Self> {
        let (acquisition, rest) = text.strip_prefix("acq-")?.split_once('/')?;
        let (page, rest) = rest.split_once('@')?;
        let (offset, length) = rest.split_once('+')?;
        let (acquisition, page) = (acquisition.parse().ok()?, page.parse().ok()?);
        Some(Self { acquisition, page, offset: offset.parse().ok()?, length: length.parse().ok()? })
    }
}

impl std::fmt::Display for EvidenceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { acquisition, page, offset, length } = self;
        write!(f, "acq-{acquisition:04}/{page:06}@{offset}+{length}")
    }
}

impl Serialize for EvidenceRef {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EvidenceRef {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a place is not acq-NNNN/NNNNNN@OFFSET+LENGTH"))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A length as the papers count.
pub fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
