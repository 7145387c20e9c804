//! The program as its users meet it: command lines in, exit statuses, papers and words out.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

mod altered;
mod bad_input;
mod bad_question;
mod broken_records;
mod check;
mod collect;
mod demo;
mod discover;
mod dry_run;
mod explain;
mod faults_content;
mod forms;
mod hostile;
mod mail;
mod output;
mod own_reads;
mod profile;
mod profiles;
mod pull;
mod query;
mod questions;
mod readings;
mod real_attacks;
mod real_logs;
mod real_profiles;
mod reviewed;
mod scope;
mod support;
mod timeline;
mod tokens;
mod window;
