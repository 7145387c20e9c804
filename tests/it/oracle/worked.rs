//! Every example of METHODOLOGY.md as a tiny incident with the answer that the page gives.
//! So the oracle is shown to be the page, before it is held against the tool.

mod accesses;
mod bulk;
mod copies;
mod found;
mod owners;
mod standing;
mod who;

use super::method::{self, Answer, Delivered, Log, Question, ResourceOrg};
use super::spec;

/// The page's question: what did A touch of V's?
pub(super) fn question() -> Question {
    Question {
        attackers: ["A".to_owned()].into(),
        victims: ["V".to_owned()].into(),
        aliases: [].into(),
        from: None,
        to: None,
        resource_org: ResourceOrg::Row,
        per_org: false,
        catalogue: Vec::new(),
        members: Vec::new(),
        grants: Vec::new(),
        allow: Vec::new(),
    }
}

/// Where a backend copies the record's organisation from the session.
fn session() -> Question {
    Question { resource_org: ResourceOrg::Session, ..question() }
}

/// Answers from events in short hand, one a line, each with an id of its own unless it has one.
fn ask(lines: &str, question: &Question) -> Answer {
    let text = |(i, line): (usize, &str)| spec::record(line, &format!("e{i}"));
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let record = |text| Delivered { acquisition: 1, page: 1, text };
    let records = lines.enumerate().map(text).map(record).collect();
    method::answer(&Log { records, cut_short: false }, question)
}

/// The ledger as `type/id owners class confidence count`.
fn ledger(answer: &Answer) -> Vec<String> {
    let row = |r: &method::answer::Entry| {
        let owners: Vec<_> = r.owners.iter().map(String::as_str).collect();
        format!("{}/{} {} {} {} {}", r.kind, r.id, owners.join(";"), r.class, r.confidence, r.access_count)
    };
    answer.ledger.iter().map(row).collect()
}

/// The one access of an answer.
fn access(answer: &Answer) -> &method::answer::Access {
    assert_eq!(answer.accesses.len(), 1, "{answer:#?}");
    &answer.accesses[0]
}

/// Owner and rule of A's one access, or `unresolved`, or `other` where it is nothing of V's.
fn owner(lines: &str, question: &Question) -> String {
    let answer = ask(lines, question);
    match (answer.accesses.as_slice(), answer.unresolved.as_slice()) {
        ([], []) => "other".to_owned(),
        ([], _) => "unresolved".to_owned(),
        (all, _) => {
            let one = all.last().unwrap();
            format!("{} {}", one.owners.iter().cloned().collect::<Vec<_>>().join(";"), one.owner_rule)
        }
    }
}
