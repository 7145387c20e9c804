//! Records shared with A beforehand, and shares that do not reach.

use super::{day, touch};
use crate::model::{Moment, Standing};
use crate::rehearsal::incident::cast::Record;
use crate::rehearsal::incident::stage::{Logs, Stage};
use crate::rehearsal::incident::tables::GrantRow;

pub(super) fn play(stage: &mut Stage) {
    shared(stage);
    shared_for_a_while(stage);
    not_reaching(stage);
}

fn grant(stage: &mut Stage, grantee: &str, record: &Record, from: Option<Moment>, to: Option<Moment>) {
    stage.grants.push(GrantRow { grantee: grantee.to_owned(), record: record.clone(), from, to });
}

/// A reads by right: listed apart.
fn authorised(stage: &mut Stage, record: &Record, time: Moment) {
    let (person, v) = (stage.cast.second.clone(), stage.v());
    let event = stage.event(&person, record.kind, "read", time).on(record).named(&v);
    stage.deliver(&event, Logs::Both);
    stage.book.standing(record, Standing::Authorised);
}

fn shared(stage: &mut Stage) {
    let a = stage.a();
    for n in 0..4 {
        let (record, time) = (stage.known("document"), stage.night(3));
        grant(stage, &a, &record, Some(day(-30)), if n % 2 == 0 { None } else { Some(day(30)) });
        authorised(stage, &record, time);
    }
    stage.note("records shared with the attacker beforehand", 4);
}

/// Read while the share held, and again after its end: by right once, without once.
fn shared_for_a_while(stage: &mut Stage) {
    let (a, record, person) = (stage.a(), stage.known("document"), stage.cast.lead.clone());
    grant(stage, &a, &record, Some(day(-30)), Some(day(3)));
    let (early, late) = (stage.night(1), stage.night(5));
    authorised(stage, &record, early);
    touch(stage, &person, &record, "read", late, Logs::Both);
    stage.note("records read during a share and after it", 1);
}

/// Ended, not begun, somebody else's, or for a record of another kind with the same id.
fn not_reaching(stage: &mut Stage) {
    let (a, person) = (stage.a(), stage.cast.lead.clone());
    let third = stage.cast.thirds.get(1).map(|org| org.id.clone()).unwrap_or_default();
    for case in 0..4 {
        let (record, time) = (stage.known("document"), stage.night(4));
        match case {
            0 => grant(stage, &a, &record, Some(day(-30)), Some(day(2))),
            1 => grant(stage, &a, &record, Some(day(6)), None),
            2 => grant(stage, &third, &record, Some(day(-30)), None),
            _ => {
                let other = Record { kind: "report", id: record.id.clone() };
                grant(stage, &a, &other, Some(day(-30)), None);
            }
        }
        touch(stage, &person, &record, "read", time, Logs::Both);
    }
    stage.note("records read beside a share that does not reach", 4);
}
