//! A loopback server, quick bounds, and one look at everything that a walk yields.

pub(super) use irforensics::collect::{
    Client, CollectError, ErrorClass, Fetched, Kind, Options, Pages, Retry, Scope, Token, pages,
};
pub(super) use irforensics::model::{Moment, OrgId, Window};
pub(super) use irforensics::profile::{Profile, load};
pub(super) use irforensics::rehearsal::{Fault, LoggedEvent, OrgLog, Server, Trouble};
pub(super) use irforensics::wire::{Coding, Limits, decode, page_facts};
pub(super) use std::collections::BTreeSet;
pub(super) use std::time::{Duration, Instant};

pub(super) const TOKEN: &str = "s3cret-canary/t0ken+0123456789";
pub(super) const START: i64 = 1_760_000_000_000_000;

/// Events one second apart, in pairs that share an instant.
pub(super) fn log(org: &str, count: i64) -> OrgLog {
    let row = |n: i64| {
        let time = Moment::from_micros(START + n / 2 * 1_000_000);
        let id = format!("{org}-{n:04}");
        let json = format!(r#"{{"id":"{org}-{n:04}","timestamp":"{time}","org_id":"{org}","action":"file.read"}}"#);
        LoggedEvent { time, id, json }
    };
    OrgLog { org: org.to_owned(), events: (0..count).map(row).collect() }
}

pub(super) fn serve(faults: Vec<Fault>) -> Server {
    Server::start(vec![log("org_a", 25), log("org_b", 25)], TOKEN, faults).unwrap()
}

pub(super) fn quick() -> Options {
    let retry = Retry { attempts: 4, base: Duration::from_millis(2), longest: Duration::from_millis(50) };
    Options { idle: Duration::from_millis(400), total: Duration::from_secs(2), retry, ..Options::default() }
}

pub(super) fn native() -> Profile {
    load("native", None).unwrap()
}

pub(super) fn window() -> Window {
    Window::new(Some(Moment::from_micros(START)), Some(Moment::from_micros(START + 100_000_000))).unwrap()
}

pub(super) fn scope<'a>(profile: &'a Profile, org: Option<&str>) -> Scope<'a> {
    let org = org.map(|org| OrgId::new(org).unwrap());
    Scope { org, aliases: BTreeSet::new(), window: window(), limit: 10, profile, token: Token::new(TOKEN).unwrap() }
}

/// Everything that a walk yields, and how it ended.
pub(super) struct Walk {
    pub(super) pages: Vec<Fetched>,
    pub(super) attempts: Vec<Fetched>,
    pub(super) error: Option<CollectError>,
    pub(super) walked: bool,
    pub(super) gap_to: Option<Moment>,
}

impl Walk {
    pub(super) fn of(mut pages: Pages<'_>) -> Self {
        let mut walk = Self { pages: vec![], attempts: vec![], error: None, walked: false, gap_to: None };
        for step in &mut pages {
            match step {
                Ok(fetched) if fetched.kind == Kind::Page => walk.pages.push(fetched),
                Ok(fetched) => walk.attempts.push(fetched),
                Err(error) => walk.error = Some(error),
            }
        }
        walk.walked = pages.walked();
        assert_eq!(walk.walked, walk.error.is_none(), "a walk ends whole or with an error");
        walk.gap_to = walk.error.as_ref().and_then(|error| pages.gap(error).to);
        let told = format!("{:?} {:?} {:?}", walk.error, walk.attempts, walk.pages);
        assert!(!told.contains(TOKEN), "the token is printed");
        for attempt in &walk.attempts {
            assert!(!String::from_utf8_lossy(&attempt.body).contains(TOKEN), "the token stands in an attempt");
        }
        walk
    }

    pub(super) fn run(server: &Server, org: Option<&str>) -> Self {
        let profile = native();
        let client = Client::new(&server.base_url(), quick()).unwrap();
        Self::of(pages(&client, scope(&profile, org)))
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.pages.iter().flat_map(|page| page.facts.as_ref().unwrap().ids.clone()).collect()
    }

    pub(super) fn reasons(&self) -> Vec<&str> {
        let reason = |fetched: &'_ Fetched| match &fetched.kind {
            Kind::Attempt { reason } => reason.clone(),
            Kind::Page => unreachable!("attempts only"),
        };
        self.attempts.iter().map(|a| &*reason(a).leak()).collect()
    }

    pub(super) fn message(&self) -> String {
        self.error.as_ref().expect("the walk should have ended with an error").to_string()
    }

    pub(super) fn class(&self) -> ErrorClass {
        self.error.as_ref().expect("the walk should have ended with an error").class()
    }
}

/// Ids of one organisation in the order of the contract: newest first.
pub(super) fn expected(org: &str) -> Vec<String> {
    (0..25).rev().map(|n| format!("{org}-{n:04}")).collect()
}

/// One fault, healed by asking again: every event exactly once, and the failed attempt kept.
pub(super) fn heals(trouble: &Trouble, cause: &str) {
    for k in 1..=3 {
        let server = serve(vec![Fault::once(k, trouble.clone())]);
        let walk = Walk::run(&server, Some("org_a"));
        assert!(walk.error.is_none(), "{:?}", walk.error);
        assert_eq!(walk.ids(), expected("org_a"));
        assert_eq!(walk.attempts.len(), 1, "request {k}");
        let reasons = walk.reasons();
        assert!(reasons[0].contains(cause), "{reasons:?}");
        assert_eq!(u64::from(k), walk.attempts[0].page);
    }
}

/// One fault that stays: the walk ends with an error of that class, whose message says so.
pub(super) fn ends(fault: Fault, class: ErrorClass, says: &[&str]) -> Walk {
    let server = serve(vec![fault]);
    let walk = Walk::run(&server, Some("org_a"));
    assert_eq!(walk.class(), class, "{}", walk.message());
    for words in says {
        assert!(walk.message().contains(words), "{words:?} not in {:?}", walk.message());
    }
    assert!(!walk.message().chars().any(char::is_control));
    walk
}
