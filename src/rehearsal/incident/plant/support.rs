//! The help desk: staff acting as users of V and of A.

use super::touch;
use crate::model::{Moment, Standing};
use crate::rehearsal::incident::cast::{Person, Record};
use crate::rehearsal::incident::stage::{Logs, Stage};
use crate::rehearsal::incident::wire::Impersonator;

pub(super) fn play(stage: &mut Stage) {
    as_a_user_of_the_victim(stage);
    as_the_attacker(stage);
    as_the_attacker_and_the_attacker_too(stage);
}

/// Staff reads a record of V as somebody else.
fn impersonated(stage: &mut Stage, person: &Person, record: &Record, time: Moment, logs: Logs) {
    let v = stage.v();
    let support = stage.cast.support.clone();
    let mut event = stage.event(person, record.kind, "read", time).on(record).named(&v);
    event.actor.credential_id = None;
    event.actor.session_id = None;
    event.actor.impersonated_by = Some(Impersonator { id: support.id, org_id: support.org });
    event.source_ip = support.ip;
    stage.deliver(&event, logs);
}

/// Neither actor is A's: nothing that A did.
fn as_a_user_of_the_victim(stage: &mut Stage) {
    for _ in 0..3 {
        let (record, time) = (stage.known("customer"), stage.night(2));
        let user = stage.cast.victim.people.first().cloned().unwrap_or_default();
        impersonated(stage, &user, &record, time, Logs::V);
    }
    stage.note("records read by support as a user of the victim", 3);
}

/// A's user is the one acted as: listed, and not in the headline.
fn as_the_attacker(stage: &mut Stage) {
    for _ in 0..3 {
        let (record, time) = (stage.known("invoice"), stage.night(2));
        let lead = stage.cast.lead.clone();
        impersonated(stage, &lead, &record, time, Logs::Both);
        stage.book.standing(&record, Standing::Support);
    }
    stage.note("records read by support as the attacker", 3);
}

/// The same record later without support: one access in the ledger, not two.
fn as_the_attacker_and_the_attacker_too(stage: &mut Stage) {
    let (record, time) = (stage.known("invoice"), stage.night(2));
    let lead = stage.cast.lead.clone();
    impersonated(stage, &lead, &record, time, Logs::V);
    stage.book.standing(&record, Standing::Support);
    let time = stage.night(3);
    touch(stage, &lead, &record, "read", time, Logs::A);
    stage.note("records read by support as the attacker, and by the attacker", 1);
}
