//! `query`: the tables of a case, asked in SQL.

use super::facts::Facts;
use super::knowledge::{self, Files};
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, grid, tables};
use crate::cli::{Format, QueryArgs};
use crate::evidence::Case;
use crate::reconstruct::{self, Engine};

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
        let lines: Vec<String> = list.iter().map(|q| format!("@{:<24}{}\n", q.name, q.question)).collect();
        screen.result(&lines.concat());
        return Ok(Status::Answered);
    };
    let sql = match sql.strip_prefix('@') {
        None => sql.clone(),
        Some(name) => {
            let known: Vec<_> = reconstruct::named_queries().iter().map(|q| format!("@{}", q.name)).collect();
            let unknown = || Failure::usage(format!("no question @{name}; there are {}", known.join(", ")));
            reconstruct::named(name).ok_or_else(unknown)?.sql.to_owned()
        }
    };
    if !reads_only(&sql) {
        return Err(Failure::usage("a query begins with SELECT or WITH: tables are asked, never changed"));
    }
    let case = Case::open(&args.case)?;
    let mut facts = Facts::load(&case)?;
    let profile = tables::profile(None, &case, &mut facts)?;
    let knowledge = knowledge::load(&Files::default(), &case, &mut facts, &profile)?;
    let question = ask::last(&facts, knowledge);
    let loaded = tables::load(&case, &mut facts, &profile, question.as_ref())?;
    let judged = reconstruct::judged(&loaded.tables, &profile, question.as_ref());
    let answer = Engine::new(&loaded.tables, &judged)?.ask(&sql)?;
    let format = if args.output.json { Format::Ndjson } else { args.format };
    screen.result(&grid::render(&answer, format, screen.is_terminal())?);
    let quarantined = loaded.tables.quarantine.len();
    if quarantined == 0 {
        return Ok(Status::Answered);
    }
    screen.note(&format!("{quarantined} records lie in quarantine and are in no row above"));
    Ok(Status::LowerBound)
}
