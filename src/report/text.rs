//! A sentence before it has a medium: our words, and values that each medium must make inert.

use super::escape;
use crate::model::{EvidenceRef, Moment};
use serde::Serialize;
use std::fmt::Display;

/// One part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub(super) enum Piece {
    /// Words, numbers and times of ours.
    Own(String),
    /// A word of the closed vocabularies: an access class, a confidence, an outcome.
    Word(&'static str),
    /// A moment.
    Time(String),
    /// A place in the evidence.
    Place(String),
    /// A value of the log.
    Value(String),
    /// A sentence that another room wrote and that may hold values of the log.
    Prose(String),
}

/// A sentence, or the content of a table's cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Text(Vec<Piece>);

impl Text {
    /// A text of our words.
    pub(super) fn own(words: impl Display) -> Self {
        Self::default().say(words)
    }

    /// A text that is one value of the log; an unknown value is empty.
    pub(super) fn of(value: impl Into<String>) -> Self {
        Self::default().value(value)
    }

    /// A text that is one word of the vocabularies.
    pub(super) fn a_word(word: &'static str) -> Self {
        Self::default().word(word)
    }

    /// A text that is one moment.
    pub(super) fn at(moment: Moment) -> Self {
        Self::default().with(Piece::Time(moment.to_string()))
    }

    /// A sentence of another room.
    pub(super) fn from_prose(sentence: impl Into<String>) -> Self {
        Self(vec![Piece::Prose(sentence.into())])
    }

    /// Our words go on.
    pub(super) fn say(self, words: impl Display) -> Self {
        self.with(Piece::Own(words.to_string()))
    }

    /// A value of the log follows.
    pub(super) fn value(self, value: impl Into<String>) -> Self {
        self.with(Piece::Value(value.into()))
    }

    /// A word of the vocabularies follows.
    pub(super) fn word(self, word: &'static str) -> Self {
        self.with(Piece::Word(word))
    }

    /// Values of the log follow, with commas between them.
    pub(super) fn values<T: Display>(self, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter().enumerate();
        values.fold(self, |text, (i, value)| if i == 0 { text } else { text.say(", ") }.value(value.to_string()))
    }

    /// A moment follows, without the fraction of a second if that is zero: sentences stay short.
    pub(super) fn when(self, moment: Moment) -> Self {
        let exact = moment.to_string();
        let brief = exact.strip_suffix(".000000Z").map(|whole| format!("{whole}Z"));
        self.with(Piece::Time(brief.unwrap_or(exact)))
    }

    /// Places in the evidence follow, with commas between them.
    pub(super) fn places<'a>(self, places: impl IntoIterator<Item = &'a EvidenceRef>) -> Self {
        let places = places.into_iter().enumerate();
        let place = |text: Self, place: &EvidenceRef| text.with(Piece::Place(place.to_string()));
        places.fold(self, |text, (i, at)| place(if i == 0 { text } else { text.say(", ") }, at))
    }

    /// Another text follows.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The text for Markdown.
    pub(super) fn markdown(&self) -> String {
        self.render(escape::markdown::value, escape::markdown::prose)
    }

    /// The text for a terminal or a chat: plain, one line.
    pub(super) fn plain(&self) -> String {
        self.render(escape::terminal::clean, escape::terminal::clean)
    }

    fn with(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }

    fn render(&self, value: fn(&str) -> String, prose: fn(&str) -> String) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Own(words) | Piece::Time(words) => words.clone(),
            Piece::Word(word) => (*word).to_owned(),
            Piece::Value(text) | Piece::Place(text) => value(text),
            Piece::Prose(text) => prose(text),
        };
        self.0.iter().map(piece).collect()
    }
}

/// `1 record`, `2 records`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
