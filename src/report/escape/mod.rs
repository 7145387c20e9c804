//! One file a medium: what an attacker's text can do there, and how it is made inert.
//!
//! Every free-text field of a log may be chosen by the attacker. Nothing here decides what is shown; it decides
//! only that what is shown is text and stays text.

pub mod csv;
mod hidden;
pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;
