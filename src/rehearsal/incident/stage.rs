//! The stage: clock, logs, tables and the truth book, which every scene writes to.

use super::book::Book;
use super::cast::{Cast, KINDS, Person, Record};
use super::tables::{CatalogueRow, GrantRow};
use super::wire::{Actor, Event, Http, Metadata, Resource};
use crate::model::{Moment, Outcome};
use crate::rehearsal::random::Random;
use crate::rehearsal::{LoggedEvent, Planted};
use std::collections::BTreeMap;

/// A second in the unit of `Moment`.
pub(super) const SECOND: i64 = 1_000_000;
/// An hour in the unit of `Moment`.
pub(super) const HOUR: i64 = 3_600 * SECOND;
/// A day in the unit of `Moment`.
pub(super) const DAY: i64 = 24 * HOUR;
/// 2026-03-02T00:00:00Z, a Monday: a fixed past week, so that nothing depends on the day of the rehearsal.
pub(super) const FROM: Moment = Moment::from_micros(1_772_409_600 * SECOND);
/// A week later.
pub(super) const TO: Moment = FROM.saturating_add(7 * DAY);

/// In whose log an event lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Logs {
    /// The attacker's only.
    A,
    /// The victim's only.
    V,
    /// In both, under one id.
    Both,
}

/// What the scenes share.
pub(super) struct Stage {
    pub(super) random: Random,
    pub(super) cast: Cast,
    pub(super) book: Book,
    pub(super) catalogue: Vec<CatalogueRow>,
    pub(super) grants: Vec<GrantRow>,
    /// Records that background traffic inside the window shows to be the victim's.
    pub(super) victims_known: Vec<Record>,
    /// Records that background traffic inside the window shows to be the attacker's.
    pub(super) attackers_known: Vec<Record>,
    logs: BTreeMap<String, Vec<LoggedEvent>>,
    planted: Vec<Planted>,
    number: u64,
}

impl Stage {
    /// An empty stage.
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let cast = Cast::new(&mut random);
        let number = random.between(100_000, 500_000);
        Self {
            random,
            cast,
            number,
            book: Book::default(),
            catalogue: Vec::new(),
            grants: Vec::new(),
            victims_known: Vec::new(),
            attackers_known: Vec::new(),
            logs: BTreeMap::new(),
            planted: Vec::new(),
        }
    }

    /// The id of the attacker.
    pub(super) fn a(&self) -> String {
        self.cast.attacker.id.clone()
    }

    /// The id of the victim.
    pub(super) fn v(&self) -> String {
        self.cast.victim.id.clone()
    }

    /// A record id that nothing else bears; all organisations draw from one sequence, as in a shared database.
    pub(super) fn fresh(&mut self, kind: &'static str) -> Record {
        self.number = self.number.saturating_add(self.random.between(1, 3));
        let prefix = KINDS.iter().find(|(name, _)| *name == kind).map_or(kind, |(_, prefix)| prefix);
        Record { kind, id: format!("{prefix}_{:06}", self.number) }
    }

    /// A fresh record of any kind.
    pub(super) fn any_fresh(&mut self) -> Record {
        let kind = self.random.pick(KINDS).map_or("document", |(kind, _)| kind);
        self.fresh(kind)
    }

    /// A record that the victim's own traffic shows to be the victim's and that no scene has used.
    pub(super) fn known(&mut self, kind: &'static str) -> Record {
        let place = self.victims_known.iter().position(|r| r.kind == kind);
        match place {
            Some(place) => self.victims_known.swap_remove(place),
            None => Record { kind, id: "exhausted".to_owned() },
        }
    }

    /// Several such records.
    pub(super) fn some_known(&mut self, kind: &'static str, count: u64) -> Vec<Record> {
        (0..count).map(|_| self.known(kind)).collect()
    }

    /// A moment in the small hours of a day of the window, days counted from 0.
    pub(super) fn night(&mut self, day: u64) -> Moment {
        let micros = self.random.between(3_600_000_000, 18_000_000_000);
        let day = i64::try_from(day).unwrap_or(0).saturating_mul(DAY);
        FROM.saturating_add(day).saturating_add(i64::try_from(micros).unwrap_or(0))
    }

    /// An id that no other event bears.
    pub(super) fn event_id(&mut self) -> String {
        format!("evt_{:016x}", self.random.next())
    }

    /// A request id that no other request bears.
    pub(super) fn request_id(&mut self) -> String {
        format!("req_{:016x}", self.random.next())
    }

    /// A successful action of a person, aimed at nothing yet.
    pub(super) fn event(&mut self, person: &Person, kind: &str, word: &str, time: Moment) -> Event {
        let (method, status) = request_of(word);
        Event {
            id: self.event_id(),
            timestamp: time,
            org_id: String::new(),
            actor: Actor::of(person),
            action: format!("{kind}.{word}"),
            resource: Resource { kind: kind.to_owned(), id: None, org_id: None, parent: None },
            outcome: Outcome::Success,
            http: Some(Http { method, path: format!("/api/v1/{kind}s/{{id}}"), status }),
            request_id: self.request_id(),
            source_ip: person.ip.clone(),
            user_agent: person.agent.clone(),
            metadata: Metadata::default(),
        }
    }

    /// Writes the event into the logs of attacker, victim or both.
    pub(super) fn deliver(&mut self, event: &Event, logs: Logs) {
        if logs != Logs::V {
            self.deliver_to(event, &self.a());
        }
        if logs != Logs::A {
            self.deliver_to(event, &self.v());
        }
    }

    /// Writes the event into one log.
    pub(super) fn deliver_to(&mut self, event: &Event, org: &str) {
        self.deliver_edited(event, org, |json| json);
    }

    /// Writes the event into one log with its text edited.
    pub(super) fn deliver_edited(&mut self, event: &Event, org: &str, edit: impl Fn(String) -> String) {
        let event = Event { org_id: org.to_owned(), ..event.clone() };
        // Strings and numbers always serialise; an empty line would fail the tests at once.
        let json = edit(serde_json::to_string(&event).unwrap_or_default());
        let logged = LoggedEvent { time: event.timestamp, id: event.id, json };
        self.logs.entry(org.to_owned()).or_default().push(logged);
    }

    /// Notes in words what a scene planted.
    pub(super) fn note(&mut self, what: &'static str, count: usize) {
        self.planted.push(Planted { what, count });
    }

    /// The logs, each in the order in which the API serves it, and what was noted.
    pub(super) fn close(self) -> (BTreeMap<String, Vec<LoggedEvent>>, Vec<Planted>, Book) {
        let mut logs = self.logs;
        for events in logs.values_mut() {
            events.sort_by(|x, y| (y.time, &y.id).cmp(&(x.time, &x.id)));
        }
        (logs, self.planted, self.book)
    }
}

/// The request behind an action, and the status of its success.
fn request_of(word: &str) -> (&'static str, u16) {
    match word {
        "create" | "login" => ("POST", 201),
        "update" | "edit" | "bulk_update" => ("PATCH", 200),
        "delete" => ("DELETE", 204),
        "export" | "logout" => ("POST", 200),
        _ => ("GET", 200),
    }
}
