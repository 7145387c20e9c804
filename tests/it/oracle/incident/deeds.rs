//! A deed: what somebody does, and the events that the logs keep of it.

use super::Touch;
use super::world::{Person, Raw, World};
use crate::oracle::method::ResourceOrg;
use crate::oracle::method::targets::canonical_id;
use crate::oracle::spec::{rfc3339, set};
use serde_json::{Value, json};

/// What is done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deed {
    pub who: Person,
    pub action: String,
    pub kind: String,
    /// The thing acted on.
    pub on: Option<usize>,
    /// Over whose things it runs; for a thing its owner.
    pub owner: String,
    pub parent: Option<usize>,
    /// Outcome and status as logged.
    pub outcome: Option<(&'static str, Option<i64>)>,
    /// More members, by path.
    pub more: Vec<(&'static str, Value)>,
    /// Things really touched, of whatever owner, and how.
    pub touched: Vec<(usize, &'static str)>,
    /// Whether it took effect.
    pub took: bool,
    /// Whether it proves an owner.
    pub key: bool,
    /// Organisations besides the actor's and the owner's whose log keeps it.
    pub also: Vec<String>,
    /// The request; one is made up where it is empty.
    pub request: String,
}

impl World {
    /// Somebody does something to a thing.
    pub(crate) fn act(&mut self, who: &Person, verb: &str, thing: usize) -> Deed {
        let it = self.things[thing].clone();
        Deed {
            who: who.clone(),
            action: format!("{}.{verb}", it.kind),
            kind: it.kind.to_owned(),
            on: Some(thing),
            owner: it.owner,
            parent: it.parent,
            took: true,
            touched: vec![(thing, class(verb))],
            ..Deed::default()
        }
    }

    /// The deed is done now, and written down.
    pub(crate) fn emit(&mut self, deed: Deed) -> usize {
        let time = self.now;
        let n = self.deeds;
        self.deeds += 1;
        let request = if deed.request.is_empty() { format!("rq-{n}") } else { deed.request.clone() };
        let id = format!("evt_{n}");
        for log in self.logs_of(&deed) {
            let skew = if log == deed.who.org { 0 } else { self.chance.pick(&[0, 0, 200_000, 1_500_000, -300_000]) };
            let mut value = self.event(&deed, &log, time + skew);
            set(&mut value, "request_id", request.clone().into());
            let style = match self.id_style {
                0 => id.clone(),
                1 => format!("{id}_{}", self.logs.iter().position(|l| *l == log).unwrap_or(9)),
                _ => self.raw.iter().filter(|r| r.value["org_id"] == log.as_str()).count().to_string(),
            };
            set(&mut value, "id", style.into());
            let (key, fragile) = (deed.key, deed.who.fragile);
            self.raw.push(Raw { value, deed: n, time: time + skew, key, fragile, delivered: false });
        }
        self.remember(&deed, n);
        n
    }

    /// Which logs keep a deed.
    fn logs_of(&mut self, deed: &Deed) -> Vec<String> {
        let mut logs = vec![deed.who.org.clone()];
        for org in [vec![deed.owner.clone()], deed.also.clone()].concat() {
            if !org.is_empty() && !logs.contains(&org) {
                logs.push(org);
            }
        }
        if logs.len() > 1 && !deed.key {
            match self.chance.below(10) {
                0..=4 => {}
                5..=6 => logs.truncate(1),
                _ => {
                    logs.remove(0);
                }
            }
        }
        logs.retain(|log| self.logs.contains(log));
        logs
    }

    /// One copy of a deed.
    fn event(&mut self, deed: &Deed, log: &str, time: i64) -> Value {
        let who = &deed.who;
        let mut v = json!({ "timestamp": rfc3339(time), "org_id": log, "action": deed.action });
        let mut tell = |path: &str, text: &str| {
            if !text.is_empty() {
                set(&mut v, path, text.into());
            }
        };
        tell("actor.id", &who.id);
        tell("actor.type", who.kind);
        tell("actor.org_id", &who.org);
        tell("actor.credential_id", &who.credential);
        tell("actor.session_id", &who.session);
        if let Some((id, org)) = &who.by {
            tell("actor.impersonated_by.id", id);
            tell("actor.impersonated_by.org_id", org);
        }
        tell("resource.type", &deed.kind);
        let (word, status) = deed.outcome.unwrap_or(("success", None));
        tell("outcome", word);
        let org = match self.resource_org {
            ResourceOrg::Row => Some(deed.owner.clone()).filter(|_| self.chance.percent(60)),
            ResourceOrg::Session => Some(who.org.clone()).filter(|_| self.chance.percent(60)),
            ResourceOrg::Unknown if self.chance.percent(50) => Some(deed.owner.clone()),
            ResourceOrg::Unknown => Some(who.org.clone()).filter(|_| self.chance.percent(50)),
        };
        if let Some(org) = org {
            tell("resource.org_id", &org);
        }
        if let Some(on) = deed.on {
            let id = self.spell(on);
            set(&mut v, "resource.id", id);
        }
        if let Some(parent) = deed.parent {
            let parent = &self.things[parent];
            set(&mut v, "resource.parent", json!({ "type": parent.kind, "id": parent.id }));
        }
        if let Some(status) = status.or_else(|| self.chance.percent(30).then_some(200).filter(|_| word == "success")) {
            set(&mut v, "http.status", status.into());
        }
        for (path, value) in &deed.more {
            set(&mut v, path, value.clone());
        }
        v
    }

    /// An id as a log may write it.
    pub(crate) fn spell(&mut self, thing: usize) -> Value {
        let id = self.things[thing].id.clone();
        if canonical_id(&id) != id && self.chance.percent(50) {
            return id.to_lowercase().into();
        }
        match id.parse::<i64>() {
            Ok(n) if self.chance.percent(30) => n.into(),
            _ => id.into(),
        }
    }

    /// What was really touched.
    fn remember(&mut self, deed: &Deed, n: usize) {
        if !deed.took || !self.is_attacker(&deed.who.truly) {
            return;
        }
        for (thing, class) in &deed.touched {
            let thing = &self.things[*thing];
            let (kind, id) = (thing.kind.to_owned(), canonical_id(&thing.id));
            self.all_touches.push((kind.clone(), id.clone()));
            if self.is_victim(&thing.owner) {
                self.touches.push(Touch { kind, id, class, deed: n });
            }
        }
    }
}

/// The class of what a verb does.
pub(crate) fn class(verb: &str) -> &'static str {
    match verb {
        "read" | "get" | "view" => "read",
        "list" => "listed",
        "search" => "searched",
        "export" | "download" => "exported",
        "create" | "import" | "invite" => "created",
        "delete" | "purge" => "deleted",
        "frobnicate" | "approve" => "unclassified",
        _ => "modified",
    }
}
