//! Where in a window the next page begins.

use crate::profile::Paging;

/// Where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// At the beginning.
    Start,
    /// Where this cursor says, which is opaque; a whole query begins with `?`.
    Cursor(String),
    /// After this many records, or at the page of this number.
    Count(u64),
}

impl Position {
    /// What is sent; nothing for a first page that needs no telling.
    pub(super) fn text(&self, paging: &Paging) -> Option<String> {
        match (self, paging) {
            (Self::Cursor(cursor), _) => Some(cursor.clone()),
            (Self::Count(count), _) => Some(count.to_string()),
            (Self::Start, Paging::Number { first, .. }) => Some(first.to_string()),
            (Self::Start, Paging::Offset { .. }) => Some("0".to_owned()),
            (Self::Start, _) => None,
        }
    }
}
