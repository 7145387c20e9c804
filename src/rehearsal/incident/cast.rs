//! Who takes part: organisations whose names are easily confused, their people and their records.

use crate::rehearsal::random::Random;

/// The kinds of records and how the ids of each begin.
pub(super) const KINDS: &[(&str, &str)] =
    &[("invoice", "inv"), ("customer", "cus"), ("document", "doc"), ("report", "rep"), ("api_key", "key")];

/// A thing that an organisation owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    pub(super) kind: &'static str,
    pub(super) id: String,
}

/// An actor and what a log writes about it.
#[derive(Clone, Default)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) org: String,
    pub(super) email: String,
    pub(super) credential: String,
    pub(super) session: String,
    pub(super) ip: String,
    pub(super) agent: String,
}

/// An organisation with its people.
#[derive(Clone)]
pub(super) struct Org {
    pub(super) id: String,
    pub(super) people: Vec<Person>,
}

/// Everyone in the story.
pub(super) struct Cast {
    /// The accessing organisation.
    pub(super) attacker: Org,
    /// The owner asked about.
    pub(super) victim: Org,
    /// Innocent organisations: a prefix of the victim's id, an extension of it, a look-alike, a stranger.
    pub(super) thirds: Vec<Org>,
    /// The user of the attacker who does most of it.
    pub(super) lead: Person,
    /// A second user of the attacker.
    pub(super) second: Person,
    /// An API key of the attacker.
    pub(super) machine: Person,
    /// A user of the attacker whose every field is hostile.
    pub(super) hostile: Person,
    /// Staff of the operator's help desk.
    pub(super) support: Person,
}

const NAMES: &[&str] = &["meridian", "northwind", "solstice", "harbour", "lantern", "orchard", "quartz", "tundra"];
const STRANGERS: &[&str] = &["acorn", "basalt", "cobalt", "delta"];
const REGIONS: &[&str] = &["eu", "us", "ap"];
const FIRST: &[&str] = &["ada", "bo", "chen", "dara", "emil", "fay", "gus", "hana", "ivo", "june", "kai", "lin"];
const AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.3 Safari/605.1.15",
    "okhttp/4.12.0",
    "python-requests/2.32.3",
];

impl Cast {
    /// Casts the story.
    pub(super) fn new(random: &mut Random) -> Self {
        let mut names = NAMES.to_vec();
        random.shuffle(&mut names);
        let base = names.pop().unwrap_or("meridian");
        let victim = format!("org_{base}_{}", random.word(REGIONS));
        let attacker = format!("org_{}", names.pop().unwrap_or("quartz"));
        let stranger = format!("org_{}", random.word(STRANGERS));
        // A Cyrillic o: equal to the eye, another id byte for byte.
        let alike = victim.replacen('o', "\u{43e}", 1);
        let thirds = [format!("org_{base}"), format!("{victim}2"), alike, stranger];
        let attacker = Org::new(attacker, 9, random);
        let role = |n: usize| attacker.people.get(n).cloned().unwrap_or_default();
        let (lead, second) = (role(0), role(1));
        let machine = Person { kind: "api_key", id: format!("key_of_{}", role(2).id), ..role(2) };
        let hostile = hostile_person(&attacker.id);
        let help_desk = Org::new("org_helpdesk".to_owned(), 1, random);
        let support = help_desk.people.into_iter().next().unwrap_or_default();
        let victim = Org::new(victim, 14, random);
        let thirds = thirds.into_iter().map(|id| Org::new(id, 4, random)).collect();
        Self { attacker, victim, thirds, lead, second, machine, hostile, support }
    }
}

impl Org {
    fn new(id: String, people: usize, random: &mut Random) -> Self {
        let people = (0..people).map(|_| Person::new(&id, random)).collect();
        Self { id, people }
    }
}

impl Person {
    fn new(org: &str, random: &mut Random) -> Self {
        let name = random.word(FIRST);
        let number = random.below(0x00ff_ffff);
        Self {
            id: format!("usr_{name}_{number:06x}"),
            kind: "user",
            org: org.to_owned(),
            email: format!("{name}.{number:06x}@{}.example", org.trim_start_matches("org_").replace('_', "-")),
            credential: format!("cred_{:012x}", random.next() >> 16),
            session: format!("ses_{:012x}", random.next() >> 16),
            ip: format!("198.51.{}.{}", random.between(0, 99), random.between(1, 254)),
            agent: random.word(AGENTS).to_owned(),
        }
    }
}

fn hostile_person(org: &str) -> Person {
    Person {
        id: "usr_<img src=x onerror=alert(7)>\u{202e}=1+1".to_owned(),
        kind: "user",
        org: org.to_owned(),
        email: "=cmd|'/C calc'!A0@evil.example".to_owned(),
        credential: "@cred\r\n[a](javascript:alert(1))\u{0}".to_owned(),
        session: "\u{1b}[8mses;\"hidden\",\\;".to_owned(),
        ip: "<b>unknown</b>, 203.0.113.9".to_owned(),
        agent: "\u{1b}]0;owned\u{7}<script>alert(9)</script>".to_owned(),
    }
}
