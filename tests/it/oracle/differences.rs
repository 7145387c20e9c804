//! Two answers side by side, and the smallest incident on which they differ.

use super::incident::Incident;
use super::method::{self, Answer, Delivered};
use super::tool;
use std::fmt::{Debug, Write};

/// Rows that only one side has, section by section; nothing, where the answers agree.
pub(super) fn differences(oracle: &Answer, tool: &Answer) -> Vec<String> {
    let mut all = Vec::new();
    rows("ledger", &oracle.ledger, &tool.ledger, &mut all);
    rows("access", &oracle.accesses, &tool.accesses, &mut all);
    let mut tried = tool.attempts.clone();
    for attempt in &mut tried {
        // A row that stands for many guesses has no outcome of its own.
        let many =
            |o: &method::answer::Attempt| o.outcome == "many" && o.events == attempt.events && o.kind == attempt.kind;
        if oracle.attempts.iter().any(many) {
            attempt.outcome = "many";
        }
    }
    tried.sort();
    rows("attempt", &oracle.attempts, &tried, &mut all);
    rows("bulk", &oracle.bulk, &tool.bulk, &mut all);
    rows("unresolved", &oracle.unresolved, &tool.unresolved, &mut all);
    rows("persistence", &oracle.persistence, &tool.persistence, &mut all);
    let numbers = |a: &Answer| -> Vec<String> { a.numbers.iter().map(|(name, n)| format!("{name} {n}")).collect() };
    rows("number", &numbers(oracle), &numbers(tool), &mut all);
    let totals = |a: &Answer| vec![("scoped", a.bulk_bound), ("unscoped", a.bulk_unscoped_bound)];
    rows("bound", &totals(oracle), &totals(tool), &mut all);
    rows("absent", &[&oracle.absent_logs], &[&tool.absent_logs], &mut all);
    if oracle.exact != tool.exact {
        all.push(format!("exact: oracle {} {:?}, tool {} {:?}", oracle.exact, oracle.because, tool.exact, tool.told));
    }
    all
}

/// Rows that only one of two lists has, each as often as it is there.
fn rows<T: PartialEq + Debug>(name: &str, oracle: &[T], tool: &[T], all: &mut Vec<String>) {
    let mut left: Vec<&T> = tool.iter().collect();
    for row in oracle {
        match left.iter().position(|other| *other == row) {
            Some(at) => drop(left.remove(at)),
            None => all.push(format!("{name}: only the oracle has {row:?}")),
        }
    }
    all.extend(left.into_iter().map(|row| format!("{name}: only the tool has {row:?}")));
}

/// What both say of an incident, where they differ.
pub(super) fn of(incident: &Incident) -> Vec<String> {
    differences(&method::answer(&incident.log, &incident.question), &tool::answer(incident))
}

/// The kind of a difference: its section and side.
fn kinds(differences: &[String]) -> Vec<String> {
    differences
        .iter()
        .map(|d| d.split(|c: char| c == '{' || c == '(' || c.is_ascii_digit()).next().unwrap_or_default().to_owned())
        .collect()
}

/// Drops records and rows of tables while a difference of the same kind as the first stays.
pub(super) fn smallest(incident: &Incident) -> Incident {
    let mut least = incident.clone();
    let Some(first) = kinds(&of(&least)).first().cloned() else { return least };
    let still = |one: &Incident| !one.log.records.is_empty() && kinds(&of(one)).contains(&first);
    let try_without = |least: &mut Incident, without: Incident| {
        if still(&without) {
            *least = without;
        }
    };
    for _ in 0..2 {
        for n in (0..least.log.records.len()).rev() {
            let mut records: Vec<Delivered> = least.log.records.clone();
            records.remove(n);
            let without = least.with(records);
            try_without(&mut least, without);
        }
        for table in 0..7 {
            let mut without = least.clone();
            let q = &mut without.question;
            match table {
                0 => q.catalogue.clear(),
                1 => q.members.clear(),
                2 => q.grants.clear(),
                3 => q.allow.clear(),
                4 => q.from = None,
                5 => q.to = None,
                _ => q.aliases.clear(),
            }
            try_without(&mut least, without);
        }
        for n in (0..least.question.catalogue.len()).rev() {
            let mut without = least.clone();
            without.question.catalogue.remove(n);
            try_without(&mut least, without);
        }
    }
    least
}

/// A report of one difference, small enough to be read.
pub(super) fn report(incident: &Incident) -> String {
    let small = smallest(incident);
    let q = &small.question;
    let mut text = format!("seed {}\n", incident.seed);
    writeln!(text, "  A {:?} V {:?} window {:?}..{:?}", q.attackers, q.victims, q.from, q.to).unwrap();
    writeln!(text, "  {:?} per_org {} aliases {:?}", q.resource_org, q.per_org, q.aliases).unwrap();
    q.catalogue.iter().for_each(|row| writeln!(text, "  {row:?}").unwrap());
    q.members.iter().for_each(|row| writeln!(text, "  {row:?}").unwrap());
    q.grants.iter().for_each(|row| writeln!(text, "  {row:?}").unwrap());
    q.allow.iter().for_each(|row| writeln!(text, "  {row:?}").unwrap());
    small.log.records.iter().for_each(|r| writeln!(text, "  {}/{} {}", r.acquisition, r.page, r.text).unwrap());
    of(&small).iter().take(6).for_each(|d| writeln!(text, "  {d}").unwrap());
    text
}
