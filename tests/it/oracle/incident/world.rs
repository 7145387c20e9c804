//! Who is there, what they own, and what has been written down so far.

use super::{Chance, Touch};
use crate::oracle::method::ResourceOrg;
use crate::oracle::spec;
use serde_json::Value;

/// A thing that somebody owns.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub kind: &'static str,
    pub id: String,
    pub owner: String,
    pub parent: Option<usize>,
    pub alive: bool,
    /// From when to when who owned it; nothing means since ever, or still.
    pub spans: Vec<(Option<i64>, Option<i64>, String)>,
}

/// Somebody who acts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub id: String,
    pub org: String,
    pub kind: &'static str,
    pub credential: String,
    pub session: String,
    /// Who really acts, where somebody acts as this person: id and organisation.
    pub by: Option<(String, String)>,
    /// Whether nothing of this person's words may be left out, since only they tell whose the act is.
    pub fragile: bool,
    /// Whose act it really is.
    pub truly: String,
}

/// One event as it was written down.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub value: Value,
    pub deed: usize,
    pub time: i64,
    /// Whether it proves an owner: honest noise leaves it alone.
    pub key: bool,
    /// Whether its actor must stay as told.
    pub fragile: bool,
    pub delivered: bool,
}

/// Everything.
pub(crate) struct World {
    pub chance: Chance,
    pub honest: bool,
    /// Whether nothing happens that leaves a doubt, so that the answer may well be exact.
    pub calm: bool,
    pub resource_org: ResourceOrg,
    pub per_org: bool,
    /// The accessing organisations first, then the victims, then the others.
    pub orgs: Vec<String>,
    pub attackers: usize,
    pub victims: usize,
    /// Organisations whose log was obtained.
    pub logs: Vec<String>,
    pub people: Vec<Person>,
    pub things: Vec<Thing>,
    pub now: i64,
    pub raw: Vec<Raw>,
    pub deeds: usize,
    pub touches: Vec<Touch>,
    pub all_touches: Vec<(String, String)>,
    pub counter: usize,
    /// How ids of events are made: 0 one for all copies, 1 one a copy, 2 counters of each log.
    pub id_style: usize,
    pub alias: Option<(String, String)>,
    pub cut_short: bool,
}

/// Names of organisations, each family full of look-alikes.
const ORGS: [[&str; 5]; 4] = [
    ["org_1", "org_10", "org_100", "org_1a", "org_01"],
    ["acme", "Acme", "acme ", "аcme", "acme-2"],
    ["A", "V", "T", "W", "X"],
    ["6F9619FF-8B86-D011-B42D-00C04FC964FF", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "o\"1", "=org", "o;2"],
];

/// Ids that somebody chose to hurt.
const HOSTILE: [&str; 8] =
    ["=cmd|'/C calc'!A0", "a\"b", "line\nbreak", "\u{202e}drowssap", "in,v;1", "<b>1</b>", "inv 1\t", "\\u0041"];

/// Types of records that are read, listed and changed.
pub(crate) const KINDS: [&str; 3] = ["invoice", "file", "report"];

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let family = chance.pick(&ORGS);
        let many = 2 + chance.below(3);
        let mut orgs: Vec<String> = Vec::new();
        while orgs.len() < many {
            let org = chance.pick(&family).to_owned();
            if !orgs.contains(&org) {
                orgs.push(org);
            }
        }
        let attackers = if many == 4 && chance.percent(25) { 2 } else { 1 };
        let victims = if many == 4 && attackers == 1 && chance.percent(25) { 2 } else { 1 };
        let honest = chance.percent(50);
        let calm = honest && chance.percent(60);
        let logs = orgs
            .iter()
            .enumerate()
            .filter(|(i, _)| chance.percent(if *i < attackers + victims { if calm { 100 } else { 95 } } else { 60 }));
        let logs: Vec<String> = logs.map(|(_, org)| org.clone()).collect();
        let resource_org =
            chance.pick(&[ResourceOrg::Row, ResourceOrg::Row, ResourceOrg::Session, ResourceOrg::Unknown]);
        let alias = chance.percent(10).then(|| (format!("{}-old", orgs[attackers]), orgs[attackers].clone()));
        let id_style = chance.below(3);
        let per_org = !honest && resource_org == ResourceOrg::Row && chance.percent(10);
        let mut world = Self {
            honest,
            calm,
            resource_org,
            per_org,
            attackers,
            victims,
            logs,
            people: Vec::new(),
            things: Vec::new(),
            now: spec::BEGIN * 1_000_000,
            raw: Vec::new(),
            deeds: 0,
            touches: Vec::new(),
            all_touches: Vec::new(),
            counter: 0,
            id_style,
            alias,
            cut_short: false,
            orgs,
            chance,
        };
        world.settle();
        world
    }

    /// People and things that were there before the first event.
    fn settle(&mut self) {
        for (i, org) in self.orgs.clone().into_iter().enumerate() {
            for n in 1..=2 {
                let credential = if self.chance.percent(40) { format!("c_{i}_{n}") } else { String::new() };
                let session = if self.chance.percent(60) { format!("s_{i}_{n}") } else { String::new() };
                let id = format!("u_{i}_{n}");
                let (org, truly) = (org.clone(), org.clone());
                self.people.push(Person { id, org, truly, kind: "user", credential, session, ..Person::default() });
            }
            let folder = self.thing("folder", &org, None, None);
            for _ in 0..self.chance.below(5) {
                let kind = self.chance.pick(&KINDS);
                let parent = (kind == "file" && self.chance.percent(60)).then_some(folder);
                self.thing(kind, &org, parent, None);
            }
        }
    }

    /// Whether an organisation is asked about as the accessing one.
    pub(crate) fn is_attacker(&self, org: &str) -> bool {
        self.orgs[..self.attackers].iter().any(|a| a == org)
    }

    /// Whether an organisation is asked about as the owner.
    pub(crate) fn is_victim(&self, org: &str) -> bool {
        self.orgs[self.attackers..self.attackers + self.victims].iter().any(|v| v == org)
    }

    /// One of the accessing organisations.
    pub(crate) fn attacker(&mut self) -> String {
        let n = self.chance.below(self.attackers);
        self.orgs[n].clone()
    }

    /// One of the victims.
    pub(crate) fn victim(&mut self) -> String {
        let n = self.attackers + self.chance.below(self.victims);
        self.orgs[n].clone()
    }

    /// Any organisation.
    pub(crate) fn anyone(&mut self) -> String {
        let n = self.chance.below(self.orgs.len());
        self.orgs[n].clone()
    }

    /// Some organisation that is not this one.
    pub(crate) fn other(&mut self, org: &str) -> String {
        let others: Vec<String> = self.orgs.iter().filter(|o| *o != org).cloned().collect();
        self.chance.pick(&others)
    }

    /// A user of an organisation.
    pub(crate) fn user(&mut self, org: &str) -> Person {
        let theirs: Vec<Person> = self.people.iter().filter(|p| p.org == org && p.by.is_none()).cloned().collect();
        self.chance.pick(&theirs)
    }

    /// A new number.
    pub(crate) fn number(&mut self) -> usize {
        self.counter += 1;
        self.counter
    }

    /// Time goes on.
    pub(crate) fn later(&mut self) -> i64 {
        let step = match self.chance.below(10) {
            0 => 0,
            1..=5 => self.chance.between(1, 59),
            6..=8 => self.chance.between(60, 7_200),
            _ => self.chance.between(7_200, 90_000),
        };
        self.now += step * 1_000_000 + if self.chance.percent(30) { self.chance.between(0, 999_999) } else { 0 };
        self.now
    }

    /// A thing comes into being, logged or not.
    pub(crate) fn thing(&mut self, kind: &'static str, owner: &str, parent: Option<usize>, born: Option<i64>) -> usize {
        let n = self.number();
        let id = match self.chance.below(14) {
            0 => format!("{}{n}", self.chance.pick(&HOSTILE)),
            1 => format!("6F9619FF-8B86-D011-B42D-{n:012X}"),
            2 => format!("{n}"),
            3 => "x".repeat(300 + n),
            _ => format!("{}_{n}", &kind[..3]),
        };
        let owner = owner.to_owned();
        let spans = vec![(born, None, owner.clone())];
        self.things.push(Thing { kind, id, owner, parent, alive: true, spans });
        self.things.len() - 1
    }

    /// A living thing of an organisation, made if there is none.
    pub(crate) fn some_thing(&mut self, owner: &str) -> usize {
        let living: Vec<usize> = (0..self.things.len())
            .filter(|i| {
                self.things[*i].alive && self.things[*i].owner == owner && KINDS.contains(&self.things[*i].kind)
            })
            .collect();
        if living.is_empty() || self.chance.percent(10) {
            let kind = self.chance.pick(&KINDS);
            return self.thing(kind, owner, None, None);
        }
        self.chance.pick(&living)
    }

    /// The folder of an organisation.
    pub(crate) fn folder(&self, owner: &str) -> usize {
        self.things.iter().position(|t| t.kind == "folder" && t.owner == owner).unwrap_or(0)
    }

    /// A thing passes to another owner.
    pub(crate) fn hand_over(&mut self, thing: usize, to: &str) {
        let now = self.now;
        let thing = &mut self.things[thing];
        thing.spans.last_mut().unwrap().1 = Some(now);
        thing.spans.push((Some(now), None, to.to_owned()));
        thing.owner = to.to_owned();
    }

    /// A thing ends.
    pub(crate) fn end(&mut self, thing: usize) {
        let now = self.now;
        let thing = &mut self.things[thing];
        thing.spans.last_mut().unwrap().1 = Some(now);
        thing.alive = false;
    }
}
