//! What is not known, who acted, and how to check all of it.

use super::{Block, Section, paragraphs};
use crate::model::{AcquisitionSummary, ActorRow, Conflict, Impact, Lead, QuarantineRow, Unresolved};
use crate::report::reading::{Table, places, some, time};
use crate::report::text::Text;
use crate::report::{PAPERS, sentence};

/// Everything that keeps the answer from being complete.
pub(super) fn unknown(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::unresolved(&impact.summary)]);
    blocks.extend(paragraphs(sentence::resolve(&impact.summary)));
    if !impact.unresolved.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Records touched whose owner nothing shows",
            &["Type", "Record", "Access", "#Accesses", "First", "Last", "Why"],
            "unresolved.csv",
            &impact.unresolved,
            |u: &Unresolved| {
                vec![
                    Text::of(&u.record.record_type),
                    Text::of(&u.record.record_id),
                    Text::a_word(u.class.as_str()),
                    Text::own(u.access_count),
                    time(u.first),
                    time(u.last),
                    Text::from_prose(&u.why),
                ]
            },
        )));
    }
    if !impact.quarantine.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Kept and not decodable",
            &["File", "#Offset", "#Length", "Why", "Names in question"],
            "quarantine.csv",
            &impact.quarantine,
            |q: &QuarantineRow| {
                let (offset, length) = (Text::own(q.offset), Text::own(q.length));
                vec![Text::of(&q.file), offset, length, Text::from_prose(&q.reason), some(&q.mentions)]
            },
        )));
    }
    blocks.extend((!impact.conflicts.is_empty()).then(|| Block::Table(conflicts(&impact.conflicts))));
    Section { id: "unknown", title: "Unresolved and unknown", blocks }
}

fn conflicts(conflicts: &[Conflict]) -> Table {
    let columns = ["Log", "Event", "Kind", "Fields that differ", "Evidence"];
    Table::new("Deliveries under one id that differ", &columns, "conflicts.csv", conflicts, |c| {
        vec![
            Text::of(&c.log_org),
            Text::of(&c.source_id),
            Text::a_word(c.kind.as_str()),
            some(&c.fields),
            places(&c.places),
        ]
    })
}

/// Whom to revoke, what to block, and what else to look at.
pub(super) fn actors(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::revoke_first(impact)]);
    if !impact.actors.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Actors with their credentials, sessions and addresses, most records first",
            &[
                "Actor",
                "Type",
                "Organisation",
                "Credential",
                "Session",
                "From",
                "First",
                "Last",
                "#Events",
                "#Records",
                "#Denied",
            ],
            "actors.csv",
            &impact.actors,
            |a: &ActorRow| {
                vec![
                    Text::of(&a.actor_id),
                    Text::of(&a.actor_type),
                    Text::of(&a.actor_org),
                    Text::of(&a.credential_id),
                    Text::of(&a.session_id),
                    Text::of(&a.source_ip),
                    time(a.first),
                    time(a.last),
                    Text::own(a.events),
                    Text::own(a.records),
                    Text::own(a.denied),
                ]
            },
        )));
    }
    if !impact.leads.is_empty() {
        blocks.push(Block::Table(Table::new(
            "Leads: worth a look, counted nowhere",
            &["Kind", "Subject", "What was seen", "#Count", "Events"],
            "leads.csv",
            &impact.leads,
            |l: &Lead| {
                let (kind, subject) = (Text::of(&l.kind), Text::of(&l.subject));
                vec![kind, subject, Text::from_prose(&l.detail), Text::own(l.count), some(&l.event_ids)]
            },
        )));
    }
    Section { id: "revoke", title: "Whom to revoke, what to block", blocks }
}

/// How the numbers came about, and how to check them.
pub(super) fn method(impact: &Impact) -> Section {
    let mut blocks = paragraphs([sentence::method(impact), sentence::evidence(impact)]);
    blocks.push(Block::Table(Table::new(
        "Acquisitions",
        &["Name", "Source", "Sealed", "#Pages", "#Bytes", "SHA-256 of the seal"],
        "impact.json",
        &impact.acquisitions,
        |a: &AcquisitionSummary| {
            vec![
                Text::own(&a.name),
                Text::of(&a.source),
                Text::at(a.sealed_at),
                Text::own(a.pages),
                Text::own(a.bytes),
                Text::of(&a.seal_sha256),
            ]
        },
    )));
    blocks.push(Block::Heading("Verify, offline"));
    blocks.push(Block::Lines(vec![
        Text::own("irforensics verify CASE"),
        Text::own("cd CASE/evidence/acq-0001 && sha256sum -c manifest-sha256.txt"),
    ]));
    blocks.push(Block::Heading("Words"));
    blocks.push(Block::List(sentence::words()));
    blocks.push(Block::Paragraph(Text::own(format!("Papers of this answer: {}.", PAPERS.join(", ")))));
    Section { id: "method", title: "Method and how to verify", blocks }
}
