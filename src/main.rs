//! Parse, call, turn the outcome into an exit status.

fn main() {}
