//! The proposal as TOML: what is sure as keys, what is not as comments beside them.

use super::fields::Field;
use super::pick::{COLUMNS, Picked, outcome};
use super::{Found, shape, verbs};
use crate::model::{Outcome, Verb};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Ways listed that no column takes.
const LEFT_OVER: usize = 60;

pub(super) fn toml(found: &Found, fields: &[Field], picked: &Picked<'_>, from: &str) -> String {
    let mut out = String::new();
    let records = found.records.len();
    say(
        &mut out,
        &format!("# Drafted from {records} records of {}. A proposal: read every line of it.", comment(from)),
    );
    say(&mut out, "# Lines that begin with # are open questions; what a line does is told in METHODOLOGY.md.");
    say(&mut out, "name = \"draft\"");
    say(&mut out, &format!("title = {}", quoted(&format!("Drafted from {}", comment(from)))));
    let rules = verb_rules(picked);
    if rules.known.is_empty() {
        say(&mut out, "verb = []");
    }
    log(&mut out, picked);
    request(&mut out, found);
    holding(&mut out, found, picked);
    map(&mut out, picked, records);
    verb_tables(&mut out, &rules);
    outcomes(&mut out, picked);
    targets(&mut out, picked);
    left_over(&mut out, fields, picked);
    out
}

fn say(out: &mut String, line: &str) {
    writeln!(out, "{line}").unwrap_or_default();
}

/// Letters, digits and the signs of a keyboard: anything else could hide or turn what stands around it.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || c.is_ascii_graphic() || c == ' '
}

/// A text of the log in a comment: one line, nothing hidden.
fn comment(text: &str) -> String {
    text.chars().map(|c| if is_plain(c) { c } else { '?' }).take(200).collect()
}

/// A text as TOML, on one line: as it is where that can be read, else with every hidden character written out.
fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains('\'') && text.chars().all(is_plain) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_plain(c) => out.push(c),
            c => write!(out, "\\U{:08X}", u32::from(c)).unwrap_or_default(),
        }
    }
    out.push('"');
    out
}

fn log(out: &mut String, picked: &Picked<'_>) {
    say(out, "\n[log]");
    say(
        out,
        "# Whose actions does an organisation's log hold: only its own actors' (\"actor\"), or also what others did to it?",
    );
    say(out, "log_scope = \"both\"");
    say(
        out,
        "# Is the organisation named for a record read from the record (\"row\") or from the session (\"session\")?",
    );
    say(out, "resource_org = \"unknown\"");
    say(out, "# Are record ids unique everywhere (\"global\"), or only within an organisation (\"per_org\")?");
    say(out, "id_scope = \"global\"");
    if picked.best("time").is_some_and(|time| time.values.iter().any(|value| shape::lacks_zone(value))) {
        say(out, "# Times here say no zone. Which one is it?");
    }
    say(out, "zone = \"+00:00\"");
    say(out, "skew_seconds = 5");
    say(out, "# For how many days is an event kept? Then the coverage says what had expired, and what expires next.");
    say(out, "# retention_days = 90");
}

/// Nothing in one page proves how the next is asked for: the way on is for a human to fill in.
fn request(out: &mut String, found: &Found) {
    say(
        out,
        "\n# How the API is asked stands in [request]; without it, files are read. `profile show native` has an example.",
    );
    if !found.envelope.is_empty() {
        let names: Vec<String> = found.envelope.iter().map(|name| comment(name)).collect();
        say(out, &format!("# Beside the records the page has: {}", names.join(", ")));
    }
}

fn holding(out: &mut String, found: &Found, picked: &Picked<'_>) {
    let list = |name: &Option<String>| name.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    say(out, "\n[records]");
    say(out, &format!("containers = [{}]", list(&found.container)));
    if found.unwrap.is_some() {
        say(out, &format!("unwrap = [{}]", list(&found.unwrap)));
    }
    say(out, &format!("fits = [{}]", list(&picked.fits)));
}

fn map(out: &mut String, picked: &Picked<'_>, records: usize) {
    say(out, "\n[map]");
    for column in COLUMNS.iter().filter(|column| **column != "outcome") {
        let Some((best, others)) = picked.columns.get(column).and_then(|found| found.split_first()) else {
            if matches!(*column, "id" | "time" | "log_org" | "actor_id" | "action") {
                say(out, &format!("# {column}: nothing found"));
            }
            continue;
        };
        if best.count < records {
            say(out, &format!("# only in {} of {records} records:", best.count));
        }
        // Where one spelling of the time is missing, another may be there; of an id that would be two things.
        let also = others.iter().filter(|_| *column == "time" && best.count < records).take(3);
        let paths: Vec<String> = std::iter::once(best).chain(also).map(|field| quoted(&field.path)).collect();
        say(out, &format!("{column} = [{}]", paths.join(", ")));
        for other in others.iter().take(3) {
            say(out, &format!("# {column} may be {}", comment(&other.path)));
        }
    }
    for (column, of) in [("scope_org", "target_org"), ("scope_type", "target_type"), ("scope_id", "target_parent")] {
        if let Some(field) = picked.target.get(of) {
            say(out, &format!("{column} = [{}]", quoted(&field.path)));
        }
    }
}

/// Actions by what their names say that they do.
#[derive(Default)]
struct VerbRules {
    known: BTreeMap<&'static str, BTreeSet<String>>,
    unknown: BTreeSet<String>,
}

fn verb_rules(picked: &Picked<'_>) -> VerbRules {
    let mut rules = VerbRules::default();
    for action in picked.best("action").into_iter().flat_map(|field| &field.values) {
        match verbs::of(action).filter(|verb| *verb != Verb::Unclassified) {
            Some(verb) => drop(rules.known.entry(verb.as_str()).or_default().insert(action.clone())),
            None => drop(rules.unknown.insert(action.clone())),
        }
    }
    rules
}

fn verb_tables(out: &mut String, rules: &VerbRules) {
    say(
        out,
        "\n# What each action does, by its name alone. An action that no rule knows is unclassified, never ignored.",
    );
    for (verb, actions) in &rules.known {
        let actions: Vec<String> = actions.iter().map(|action| regex::escape(action)).collect();
        say(out, "[[verb]]");
        say(out, &format!("match = {}", quoted(&format!("^(?:{})$", actions.join("|")))));
        say(out, &format!("is = {}", quoted(verb)));
    }
    for action in &rules.unknown {
        say(out, &format!("# what does {} do?", comment(action)));
    }
}

fn outcomes(out: &mut String, picked: &Picked<'_>) {
    let mut rules: Vec<(String, String, Outcome)> = Vec::new();
    let mut open = Vec::new();
    if let Some(field) = picked.best("outcome") {
        for value in &field.values {
            match outcome(value) {
                Some(outcome) => rules.push((field.path.clone(), format!("^{}$", regex::escape(value)), outcome)),
                None => open.push(format!("# {} = {}: which outcome is it?", comment(&field.path), comment(value))),
            }
        }
    } else if let Some(field) = picked.best("http_status") {
        for (pattern, outcome) in
            [("^[23]", Outcome::Success), ("^40[13]$", Outcome::Denied), ("^[45]", Outcome::Failure)]
        {
            rules.push((field.path.clone(), pattern.to_owned(), outcome));
        }
    }
    say(out, "\n[outcome]");
    if rules.is_empty() {
        say(
            out,
            "# Nothing tells how an action ended. Only where the log holds nothing but what took effect is it \"success\".",
        );
    }
    say(out, "default = \"unknown\"");
    if rules.is_empty() {
        say(out, "rule = []");
    }
    for line in &open {
        say(out, line);
    }
    for (from, pattern, outcome) in rules {
        say(out, "[[outcome.rule]]");
        say(out, &format!("from = {}", quoted(&from)));
        say(out, &format!("match = {}", quoted(&pattern)));
        say(out, &format!("is = {}", quoted(outcome.as_str())));
    }
}

fn targets(out: &mut String, picked: &Picked<'_>) {
    let path = |column: &str| picked.target.get(column).map(|field| quoted(&field.path));
    say(out, "");
    if let Some(id) = path("target_id") {
        say(out, "[[target]]");
        say(out, &format!("type = [{}]", path("target_type").unwrap_or_else(|| quoted("'record'"))));
        say(out, &format!("id = [{id}]"));
        for (key, column) in
            [("org", "target_org"), ("parent_type", "target_parent_type"), ("parent_id", "target_parent")]
        {
            if let Some(path) = path(column) {
                say(out, &format!("{key} = [{path}]"));
            }
        }
        say(out, "relation = \"acted_on\"");
    } else if picked.lists.is_empty() {
        say(out, "# No record that an event acts on was found: without a [[target]] no ledger can be made.");
    }
    for list in &picked.lists {
        let below = |name: Option<&str>| name.map(|name| quoted(&format!(".{name}")));
        let kind = below(list.kind).or_else(|| path("target_type")).unwrap_or_else(|| quoted("'record'"));
        let relation = if list.returned { "returned" } else { "acted_on" };
        say(out, "# Are these the records that the event touched?");
        say(out, "[[target]]");
        say(out, &format!("each = {}", quoted(&list.each)));
        say(out, &format!("type = [{kind}]"));
        say(out, &format!("id = [{}]", below(list.id).unwrap_or_else(|| quoted("."))));
        say(out, &format!("relation = {}", quoted(relation)));
        say(out, "skip_if_named = true");
    }
}

fn left_over(out: &mut String, fields: &[Field], picked: &Picked<'_>) {
    let mut used: BTreeSet<&str> =
        picked.columns.values().filter_map(|found| found.first()).map(|f| f.path.as_str()).collect();
    used.extend(picked.target.values().map(|field| field.path.as_str()));
    let left: Vec<&Field> = fields.iter().filter(|field| !used.contains(field.path.as_str())).collect();
    if !left.is_empty() {
        say(out, "\n# What no line above reads:");
    }
    for field in left.iter().take(LEFT_OVER) {
        let shape = field.shape.map_or("of several kinds", shape::Shape::word);
        say(out, &format!("#   {} ({shape}, {} times)", comment(&field.path), field.count));
    }
    if left.len() > LEFT_OVER {
        say(out, &format!("#   and {} more", left.len().saturating_sub(LEFT_OVER)));
    }
}
