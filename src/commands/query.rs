//! `query`: the tables of a case, asked in SQL.

use super::last::Last;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{grid, moment};
use crate::cli::{Format, QueryArgs};
use crate::clock;
use crate::reconstruct::{self, Engine, NamedQuery};
use std::collections::BTreeMap;

/// Whether the first word after comments asks for rows.
fn reads_only(sql: &str) -> bool {
    let first = sql.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
    let word: String = first.unwrap_or_default().chars().take_while(char::is_ascii_alphabetic).collect();
    ["SELECT", "WITH"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Runs the verb.
pub(super) fn run(args: &QueryArgs, screen: &Screen) -> Result<Status, Failure> {
    let Some(sql) = &args.sql else {
        let list = reconstruct::named_queries();
        screen.result(&list.iter().map(listed).collect::<String>());
        return Ok(Status::Answered);
    };
    let params = params(&args.param)?;
    let sql = match sql.strip_prefix('@') {
        None => sql.clone(),
        Some(name) => {
            let known: Vec<_> = reconstruct::named_queries().iter().map(|q| format!("@{}", q.name)).collect();
            let unknown = || Failure::usage(format!("no question @{name}; there are {}", known.join(", ")));
            let query = reconstruct::named(name).ok_or_else(unknown)?;
            check_told(&query, &params)?;
            query.sql.to_owned()
        }
    };
    if !reads_only(&sql) {
        return Err(Failure::usage("a query begins with SELECT or WITH: tables are asked, never changed"));
    }
    let Last { profile, question, loaded } = Last::of(&args.case)?;
    let judged = reconstruct::judged(&loaded.tables, &profile, question.as_ref());
    let mut engine = Engine::new(&loaded.tables, &judged)?;
    if !params.is_empty() {
        engine.tell(&params)?;
    }
    let answer = engine.ask(&sql)?;
    let format = if args.output.json { Format::Ndjson } else { args.format };
    screen.result(&grid::render(&answer, format, screen.is_terminal())?);
    let quarantined = loaded.tables.quarantine.len();
    if quarantined == 0 {
        return Ok(Status::Answered);
    }
    screen.note(&format!("{quarantined} records lie in quarantine and are in no row above"));
    Ok(Status::LowerBound)
}

/// One line of the list of questions.
fn listed(query: &NamedQuery) -> String {
    let told = query.parameters.iter().fold(String::new(), |told, name| told + " --param " + name + "=...");
    format!("{:<24} {}{told}\n", format!("@{}", query.name), query.question)
}

/// What a question is told. A name that ends in `_us` is a time and becomes microseconds.
fn params(flags: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let now = clock::now();
    let mut params = BTreeMap::new();
    for flag in flags {
        let bad = || Failure::usage(format!("--param {flag:?} is not NAME=VALUE, with a name of a-z, 0-9 and _"));
        let (name, value) = flag.split_once('=').ok_or_else(bad)?;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.bytes().all(plain) {
            return Err(bad());
        }
        let value = if name.ends_with("_us") {
            let time = moment::parse(value, now).map_err(|error| Failure::usage(format!("--param {name}: {error}")))?;
            time.micros().to_string()
        } else {
            value.to_owned()
        };
        if params.insert(name.to_owned(), value).is_some() {
            return Err(Failure::usage(format!("--param {name} is given twice")));
        }
    }
    Ok(params)
}

/// A question is told exactly what it asks for: a parameter too few or too many would answer something else.
fn check_told(query: &NamedQuery, params: &BTreeMap<String, String>) -> Result<(), Failure> {
    let wanted = || query.parameters.iter();
    if params.len() == query.parameters.len() && wanted().all(|name| params.contains_key(name)) {
        return Ok(());
    }
    let flags: Vec<String> = wanted().map(|name| format!("--param {name}=...")).collect();
    let needs = if flags.is_empty() { "takes no --param".to_owned() } else { format!("needs {}", flags.join(" ")) };
    Err(Failure::usage(format!("@{} {needs}", query.name)))
}
