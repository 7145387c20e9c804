//! `import`: files into evidence, and a first look at what they hold.

use super::facts::Facts;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, grid, place, resume, tables, take_in};
use crate::cli::{Format, ImportArgs};
use crate::model::wide;
use crate::reconstruct::{self, Engine};
use serde_json::json;
use std::fmt::Write;

/// Runs the verb.
pub(super) fn run(args: &ImportArgs, screen: &Screen) -> Result<Status, Failure> {
    ask::check_profile(args.profile.as_deref())?;
    let files = place::input_files(&args.paths)?;
    let case =
        place::open_case(&place::case_folder(args.case.as_deref()), args.sign_key.as_deref())?.used_by("import")?;
    let mut facts = Facts::load(&case)?;
    let profile = tables::profile(args.profile.as_deref(), &case, &mut facts)?;
    let left = resume::check(&case, &facts, &take_in::request(&files, &profile.name), args.again, screen)?;
    place::warn_exposed(&case, screen);
    facts.save(&case)?;
    if left == resume::Left::Everything {
        take_in::files(&case, &files, &profile.name, screen)?;
    }
    let loaded = tables::load(&case, &mut facts, &profile, None)?;
    resume::answered(&case, &mut facts)?;
    screen.done();
    let tables = &loaded.tables;
    let mut engine = Engine::new(tables, &reconstruct::judged(tables, &profile, None))?;
    let counts = [
        ("raw", tables.raw),
        ("distinct", wide(tables.events.len())),
        ("quarantined", wide(tables.quarantine.len())),
        ("time unknown", wide(tables.events.iter().filter(|e| e.time.is_none()).count())),
        ("zone assumed", wide(tables.events.iter().filter(|e| e.zone_assumed).count())),
        ("conflicts", wide(tables.conflicts.len())),
    ];
    let mut asked = Vec::new();
    for name in ["by_outcome", "by_verb"] {
        let query =
            reconstruct::named(name).ok_or_else(|| Failure::new(Status::Internal, format!("no query {name}")))?;
        asked.push((name, engine.ask(query.sql)?));
    }
    if args.output.json {
        let mut all = serde_json::Map::new();
        all.insert("case".to_owned(), json!(case.root().display().to_string()));
        all.extend(counts.iter().map(|(name, n)| (name.replace(' ', "_"), json!(n))));
        all.extend(asked.iter().map(|(name, answer)| ((*name).to_owned(), grid::pairs(answer))));
        screen.result(&format!("{}\n", serde_json::Value::from(all)));
    } else {
        let mut text = String::new();
        for (name, n) in &counts {
            writeln!(text, "{name:<14}{n:>10}").unwrap_or_default();
        }
        for (_, answer) in &asked {
            text.push_str(&grid::render(answer, Format::Table, screen.is_terminal())?);
        }
        writeln!(text, "evidence      {}", case.root().display()).unwrap_or_default();
        screen.result(&text);
    }
    for row in tables.quarantine.iter().take(5) {
        screen.note(&format!("quarantined: {} at byte {}: {}", row.file, row.place.offset, row.reason));
    }
    Ok(if tables.quarantine.is_empty() { Status::Answered } else { Status::LowerBound })
}
