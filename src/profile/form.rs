//! Ids that may be written in several ways, and the one way in which they are compared.

use regex::Regex;

/// How the ids of some kinds of record are compared.
#[derive(Clone, Debug)]
pub struct IdForm {
    /// The kinds of record.
    pub record_type: Regex,
    /// The way.
    pub form: Form,
}

/// One way of writing an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 8-4-4-4-12 hexadecimal digits in lower case (RFC 9562, section 4); other ids stay.
    Uuid,
    /// A number without leading zeros; other ids stay.
    Digits,
    /// ASCII letters in lower case.
    Lower,
}

/// Lengths of the five groups of a UUID.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

impl Form {
    /// The form of a name.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "uuid" => Some(Self::Uuid),
            "digits" => Some(Self::Digits),
            "lower" => Some(Self::Lower),
            _ => None,
        }
    }

    /// An id written this way.
    pub fn apply(self, id: String) -> String {
        match self {
            Self::Uuid if is_uuid(&id) => id.to_ascii_lowercase(),
            Self::Digits if id.bytes().all(|byte| byte.is_ascii_digit()) => match id.trim_start_matches('0') {
                "" if id.is_empty() => id,
                "" => "0".to_owned(),
                digits => digits.to_owned(),
            },
            Self::Lower => id.to_ascii_lowercase(),
            Self::Uuid | Self::Digits => id,
        }
    }
}

fn is_uuid(id: &str) -> bool {
    let groups: Vec<&str> = id.split('-').collect();
    let hexadecimal = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.iter().map(|group| group.len()).eq(GROUPS) && groups.iter().all(hexadecimal)
}
