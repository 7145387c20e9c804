//! The program as its users meet it: command lines in, exit statuses, papers and words out.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

mod altered;
mod bad_input;
mod bad_question;
mod broken_records;
mod demo;
mod discover;
#[cfg(unix)]
mod disk;
mod explain;
mod faults_content;
mod forms;
mod hostile;
mod mail;
mod output;
mod own_reads;
mod profiles;
mod pull;
mod query;
mod questions;
mod readings;
mod real_attacks;
mod real_logs;
mod real_profiles;
mod resume;
mod reviewed;
mod support;
mod timeline;
mod tokens;
mod verify;
mod window;
