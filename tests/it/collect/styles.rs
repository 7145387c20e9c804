//! Every style of paging, as a profile describes it, healthy and in trouble.

mod apis;
mod backend;
mod bounds;
mod healthy;
mod leading;
mod moving;
mod whose;

use super::support::START;
