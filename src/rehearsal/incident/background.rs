//! Everyday traffic: members of each organisation at work on its own records.
//!
//! It hides the incident, and it shows whose the known records are: each is read by a member inside the
//! window, in the organisation's own log, with the row's organisation named.

use super::cast::{Org, Person, Record};
use super::hostile::HOSTILE;
use super::stage::{DAY, FROM, HOUR, Stage, TO};
use crate::model::{Moment, Outcome};

/// Events of A and V inside the window: a pull of the two alone brings more than 20,000.
const EVENTS_A: usize = 9_400;
const EVENTS_V: usize = 10_800;
const EVENTS_THIRD: usize = 600;
/// Events of each on both sides of the window.
const EVENTS_OUTSIDE: usize = 150;

/// Who works, on what, and whether lists are among it.
struct Office {
    org: Org,
    records: Vec<Record>,
    lists: bool,
}

/// Fills every log.
pub(super) fn everyday(stage: &mut Stage) {
    // A's background holds nothing without a record, so that every bulk row of the answer is a planted one.
    let attacker = Office { org: stage.cast.attacker.clone(), records: pool(stage, 600), lists: false };
    let victim = Office { org: stage.cast.victim.clone(), records: pool(stage, 900), lists: true };
    work(stage, &attacker, EVENTS_A);
    work(stage, &victim, EVENTS_V);
    for org in stage.cast.thirds.clone() {
        let office = Office { org, records: pool(stage, 60), lists: true };
        work(stage, &office, EVENTS_THIRD);
    }
    stage.attackers_known = attacker.records;
    stage.victims_known = victim.records;
    let mut known = std::mem::take(&mut stage.victims_known);
    stage.random.shuffle(&mut known);
    stage.victims_known = known;
}

fn pool(stage: &mut Stage, count: usize) -> Vec<Record> {
    (0..count).map(|_| stage.any_fresh()).collect()
}

fn work(stage: &mut Stage, office: &Office, events: usize) {
    for record in &office.records {
        let time = office_time(stage);
        act(stage, office, record, "read", time);
    }
    for _ in office.records.len()..events {
        let time = office_time(stage);
        let record = stage.random.pick(&office.records).cloned();
        if let Some(record) = record {
            anything(stage, office, &record, time);
        }
    }
    for _ in 0..EVENTS_OUTSIDE {
        let (before, after) = (outside(stage, true), outside(stage, false));
        let records = [stage.random.pick(&office.records).cloned(), stage.random.pick(&office.records).cloned()];
        for (record, time) in records.into_iter().flatten().zip([before, after]) {
            act(stage, office, &record, "read", time);
        }
    }
}

fn anything(stage: &mut Stage, office: &Office, record: &Record, time: Moment) {
    match stage.random.below(100) {
        0..3 => session(stage, office, "login", time),
        3 => session(stage, office, "logout", time),
        4..7 if office.lists => list(stage, office, record, time),
        7 => refused(stage, office, record, time),
        8..11 => made(stage, office, record.kind, time),
        11..30 => act(stage, office, record, "update", time),
        _ => {
            let word = stage.random.word(&["read", "get", "view", "show"]);
            act(stage, office, record, word, time);
        }
    }
}

fn act(stage: &mut Stage, office: &Office, record: &Record, word: &str, time: Moment) {
    let person = member(stage, office);
    let mut event = stage.event(&person, record.kind, word, time).on(record).named(&office.org.id);
    if stage.random.chance(1) {
        stage.random.word(HOSTILE).clone_into(&mut event.user_agent);
    }
    stage.deliver_to(&event, &office.org.id);
}

/// A record made and, now and then, deleted again.
fn made(stage: &mut Stage, office: &Office, kind: &'static str, time: Moment) {
    let record = stage.fresh(kind);
    act(stage, office, &record, "create", time);
    let later = time.saturating_add(HOUR);
    if later < TO && stage.random.chance(40) {
        act(stage, office, &record, "delete", later);
    }
}

/// A member without the right to see a record of the own organisation: no attempt on anybody else.
fn refused(stage: &mut Stage, office: &Office, record: &Record, time: Moment) {
    let person = member(stage, office);
    let event = stage.event(&person, record.kind, "read", time).on(record).named(&office.org.id);
    let event = event.ended(Outcome::Denied, 403, "role viewer may not read this");
    stage.deliver_to(&event, &office.org.id);
}

fn session(stage: &mut Stage, office: &Office, word: &str, time: Moment) {
    let person = member(stage, office);
    let event = stage.event(&person, "session", word, time);
    stage.deliver_to(&event, &office.org.id);
}

fn list(stage: &mut Stage, office: &Office, record: &Record, time: Moment) {
    let person = member(stage, office);
    let page: Vec<_> = office.records.iter().filter(|r| r.kind == record.kind).take(8).cloned().collect();
    let count = u64::try_from(page.len()).unwrap_or(0);
    let event = stage.event(&person, record.kind, "list", time).named(&office.org.id).returned(&page, count, 80);
    stage.deliver_to(&event, &office.org.id);
}

fn member(stage: &mut Stage, office: &Office) -> Person {
    stage.random.pick(&office.org.people).cloned().unwrap_or_default()
}

/// Mostly between 7 and 19 o'clock, on any day of the window.
fn office_time(stage: &mut Stage) -> Moment {
    let day = i64::try_from(stage.random.below(7)).unwrap_or(0).saturating_mul(DAY);
    let hours = if stage.random.chance(88) { 7..19 } else { 0..24 };
    let micros = |hour: i64| u64::try_from(hour.saturating_mul(HOUR)).unwrap_or(0);
    let last = micros(hours.end).saturating_sub(1);
    let in_day = i64::try_from(stage.random.between(micros(hours.start), last)).unwrap_or(0);
    FROM.saturating_add(day).saturating_add(in_day)
}

/// Within three days before or after the window.
fn outside(stage: &mut Stage, before: bool) -> Moment {
    let span = u64::try_from(DAY.saturating_mul(3)).unwrap_or(0);
    let distance = i64::try_from(stage.random.below(span)).unwrap_or(0);
    if before { FROM.saturating_add(distance.saturating_add(1).saturating_neg()) } else { TO.saturating_add(distance) }
}
