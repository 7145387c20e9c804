//! Hostile text in every free field, on records of V that A really read.

use super::Record;
use crate::model::AccessClass;
use crate::rehearsal::incident::book::Owner;
use crate::rehearsal::incident::hostile::{HOSTILE, very_long};
use crate::rehearsal::incident::stage::{Logs, Stage};
use crate::rehearsal::incident::wire::Parent;

pub(super) fn play(stage: &mut Stage) {
    for text in HOSTILE {
        read_of(stage, text);
    }
    let long = very_long("doc");
    read_of(stage, &long);
    stage.note("records with a hostile id", HOSTILE.len().saturating_add(1));
}

/// The id is the hostile text; agent, request id, address, parent and note are others of the kind.
fn read_of(stage: &mut Stage, id: &str) {
    let record = Record { kind: "document", id: id.to_owned() };
    let v = stage.v();
    let person = if stage.random.chance(50) { stage.cast.hostile.clone() } else { stage.cast.lead.clone() };
    let time = stage.night(6);
    let mut event = stage.event(&person, record.kind, "read", time).on(&record).named(&v);
    stage.random.word(HOSTILE).clone_into(&mut event.user_agent);
    stage.random.word(HOSTILE).clone_into(&mut event.source_ip);
    event.request_id = format!("{}{}", stage.random.word(HOSTILE), event.request_id);
    event.metadata.note = Some(stage.random.word(HOSTILE).to_owned());
    event.metadata.reason = Some(very_long(stage.random.word(HOSTILE)));
    event.metadata.filter = Some(stage.random.word(HOSTILE).to_owned());
    let parent = Record { kind: "folder", id: stage.random.word(HOSTILE).to_owned() };
    event.resource.parent = Some(Parent { kind: parent.kind.to_owned(), id: parent.id });
    if let Some(http) = &mut event.http {
        http.path.push('?');
        http.path.push_str(stage.random.word(HOSTILE));
    }
    let logs = if stage.random.chance(50) { Logs::Both } else { Logs::A };
    stage.deliver(&event, logs);
    stage.book.access(&record, AccessClass::Read, time, Owner::InLogs);
}
