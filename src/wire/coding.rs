//! Content codings undone under our own limits, with the whole input used up.

use flate2::bufread::GzDecoder;
use std::borrow::Cow;
use std::io::{BufRead, Read};

/// How much a body may grow; beyond it lies a decompression bomb.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most decoded bytes of one page.
    pub max_decoded: u64,
    /// Most decoded bytes for one coded byte, once the body is no longer small.
    pub max_ratio: u64,
}

/// Decoded bytes up to which any ratio is believed: so much memory is never a danger.
const SMALL: u64 = 16 << 20;

impl Limits {
    /// Most decoded bytes of a body of that length.
    fn most(self, coded: usize) -> u64 {
        let coded = u64::try_from(coded).unwrap_or(u64::MAX);
        self.max_decoded.min(coded.saturating_mul(self.max_ratio).max(SMALL))
    }

    /// For a page from an API: far above any sane page, far below the memory of a laptop.
    ///
    /// Audit records, alike as they are, shrink 10 to 40 times; gzip cannot shrink anything more than 1,032 times.
    pub const PAGE: Self = Self { max_decoded: 256 << 20, max_ratio: 200 };
    /// For an imported file, which may hold months.
    pub const FILE: Self = Self { max_decoded: 8 << 30, max_ratio: u64::MAX };
}

/// A coding that a body may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Identity,
    /// Gzip, of one or more members.
    Gzip,
    /// Zstandard, of one or more frames.
    Zstd,
}

/// Why a body could not be decoded. The wire bytes stay in evidence.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// The coded bytes are damaged, cut, or followed by something else.
    #[error("the {coding:?} body is damaged after {decoded} decoded bytes")]
    Damaged {
        /// The coding.
        coding: Coding,
        /// Bytes decoded before the damage.
        decoded: u64,
        /// What the decoder says.
        #[source]
        source: std::io::Error,
    },
    /// The body grows beyond the limit.
    #[error("the body grows beyond {limit} bytes when decoded")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The header names a coding that is not understood.
    #[error("the body has the unknown content coding {name:?}")]
    Unknown {
        /// The name in the header.
        name: String,
    },
}

impl Coding {
    /// The coding that an HTTP header names.
    pub fn from_header(name: &str) -> Result<Self, CodingError> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "zstd" => Ok(Self::Zstd),
            _ => Err(CodingError::Unknown { name: name.to_owned() }),
        }
    }

    /// The coding that a file's first bytes show: RFC 1952 and RFC 8878 magic numbers.
    pub fn sniff(bytes: &[u8]) -> Self {
        match bytes {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Identity,
        }
    }
}

/// Undoes a coding; plain bodies are borrowed.
pub fn decode(bytes: &[u8], coding: Coding, limits: Limits) -> Result<Cow<'_, [u8]>, CodingError> {
    match coding {
        Coding::Identity => Ok(Cow::Borrowed(bytes)),
        Coding::Gzip => gzip(bytes, limits).map(Cow::Owned),
        Coding::Zstd => zstandard(bytes, limits).map(Cow::Owned),
    }
}

fn gzip(mut bytes: &[u8], limits: Limits) -> Result<Vec<u8>, CodingError> {
    let (mut out, most) = (Vec::new(), limits.most(bytes.len()));
    // Member after member: a reader that stops at the first would drop the rest in silence.
    while !bytes.is_empty() {
        let mut member = GzDecoder::new(bytes);
        bounded(&mut member, Coding::Gzip, most, &mut out)?;
        bytes = member.into_inner();
    }
    Ok(out)
}

fn zstandard(bytes: &[u8], limits: Limits) -> Result<Vec<u8>, CodingError> {
    let (mut out, most) = (Vec::new(), limits.most(bytes.len()));
    let damaged = |source| CodingError::Damaged { coding: Coding::Zstd, decoded: 0, source };
    let mut decoder = zstd::Decoder::with_buffer(bytes).map_err(damaged)?;
    bounded(&mut decoder, Coding::Zstd, most, &mut out)?;
    let mut rest = decoder.finish();
    match rest.fill_buf() {
        Ok([]) => Ok(out),
        Ok(_) => Err(damaged(std::io::Error::other("bytes follow the last frame"))),
        Err(error) => Err(damaged(error)),
    }
}

fn bounded(reader: &mut impl Read, coding: Coding, most: u64, out: &mut Vec<u8>) -> Result<(), CodingError> {
    let length = |out: &Vec<u8>| u64::try_from(out.len()).unwrap_or(u64::MAX);
    let room = most.saturating_sub(length(out)).saturating_add(1);
    if let Err(source) = reader.take(room).read_to_end(out) {
        return Err(CodingError::Damaged { coding, decoded: length(out), source });
    }
    if length(out) > most {
        return Err(CodingError::TooLarge { limit: most });
    }
    Ok(())
}
