//! Where tokens come from: files, standard input, the environment; never a flag's value.

use super::pull::Tokens;
use super::status::Failure;
use crate::cli::{Environment, Source};
use crate::collect::Token;
use std::io::Read;

/// Longer than any token; bounds what is read from a wrong file.
const MAX_BYTES: u64 = 64 << 10;

/// Loads what the flags name; the environment serves where no common token is named.
pub(super) fn load(source: &Source, environment: &Environment) -> Result<Tokens, Failure> {
    let mut tokens = Tokens::default();
    if source.base_url.is_none() {
        return Ok(tokens);
    }
    for named in &source.token_file {
        match named.split_once('=') {
            Some((org, path)) if !std::path::Path::new(named).exists() => {
                tokens.by_org.insert(org.to_owned(), read(path)?);
            }
            _ => tokens.common = Some(read(named)?),
        }
    }
    if tokens.common.is_none() {
        tokens.common = from_environment(environment)?;
    }
    Ok(tokens)
}

/// One token, for a request that is about no organisation.
pub(super) fn common(named: &[String], environment: &Environment) -> Result<Option<Token>, Failure> {
    named.first().map_or_else(|| from_environment(environment), |name| read(name).map(Some))
}

fn from_environment(environment: &Environment) -> Result<Option<Token>, Failure> {
    let bad = |error| Failure::usage(format!("IRFORENSICS_TOKEN: {error}"));
    environment.token.as_deref().map(|text| Token::new(text).map_err(bad)).transpose()
}

fn read(path: &str) -> Result<Token, Failure> {
    let name = if path == "-" { "standard input" } else { path };
    let unreadable = |error: std::io::Error| Failure::usage(format!("cannot read the token from {name}: {error}"));
    let mut text = String::new();
    if path == "-" {
        std::io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    } else {
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(MAX_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    }
    Token::new(&text).map_err(|error| Failure::usage(format!("the token from {name}: {error}")))
}
