//! The whole program against a server that fails, alone and in company: it ends exact, or it says what is missing.

mod alone;
mod ground;
mod list;
mod schedules;
mod secrets;
mod secure;
mod table;
mod trusting;
