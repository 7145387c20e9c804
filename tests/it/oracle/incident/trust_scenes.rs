//! Shares, keys and members left behind, staff, people of two organisations, things of unknown makers.

use super::deeds::Deed;
use super::world::{Person, World};
use serde_json::Value;

/// One of these.
pub(crate) fn scene(w: &mut World) {
    match w.chance.below(9) {
        0..=1 => share(w),
        2..=4 => mint(w),
        5 => support(w),
        6 => two_homes(w),
        7 => third_hand(w),
        _ if w.calm => mint(w),
        _ if w.chance.percent(8) => hands_on_the_log(w),
        _ => nobody(w),
    }
}

/// V shares with A, A reads, V takes the share back, A reads again.
fn share(w: &mut World) {
    let v = w.victim();
    let a = w.attacker();
    let sharer = if w.chance.percent(80) {
        w.user(&v)
    } else {
        let org = w.anyone();
        w.user(&org)
    };
    let thing = w.some_thing(&v);
    let folder = w.things[thing].parent.filter(|_| w.chance.percent(50));
    let given = folder.unwrap_or(thing);
    let with: Value =
        if w.chance.percent(70) { a.clone().into() } else { vec![a.clone(), "org_elsewhere".into()].into() };
    let mut give = Deed { key: true, ..w.act(&sharer, "share", given) };
    give.more.push(("metadata.shared_with", with.clone()));
    w.emit(give);
    for ends in [false, true] {
        w.later();
        let reader = w.user(&a);
        let deed = w.act(&reader, "read", thing);
        w.emit(deed);
        if ends || w.chance.percent(40) {
            break;
        }
        w.later();
        let mut take = Deed { key: true, ..w.act(&sharer, "unshare", given) };
        take.more.push(("metadata.shared_with", with.clone()));
        w.emit(take);
    }
}

/// Somebody makes a key, a member, a session or a webhook inside another's place, and it is used.
fn mint(w: &mut World) {
    let maker = if w.chance.percent(70) { w.attacker() } else { w.anyone() };
    let host = if w.chance.percent(70) { w.victim() } else { maker.clone() };
    let who = w.user(&maker);
    let kind = w.chance.pick(&["api_key", "token", "member", "invitation", "session", "webhook"]);
    let verb = if kind == "member" || kind == "invitation" { "invite" } else { "create" };
    let n = w.number();
    let id = format!("{kind}_{n}");
    let thing = w.thing(kind, &host, None, Some(w.now));
    w.things[thing].id = id.clone();
    let known_before = kind == "member" && w.chance.percent(20);
    let newcomer = if known_before { w.user(&host).id } else { format!("u_new_{n}") };
    let mut make = Deed { key: true, ..w.act(&who, verb, thing) };
    let used_id = match kind {
        "api_key" | "token" if w.chance.percent(50) => ("metadata.credential_id", format!("cred_{n}")),
        "member" | "invitation" => ("metadata.member_id", newcomer),
        "session" if w.chance.percent(50) => ("metadata.session_id", format!("sess_{n}")),
        _ => ("", id),
    };
    if !used_id.0.is_empty() {
        make.more.push((used_id.0, used_id.1.clone().into()));
    }
    w.emit(make);
    if known_before || kind == "webhook" {
        return;
    }
    let mut guest = Person { kind: "user", truly: maker.clone(), fragile: true, ..Person::default() };
    match kind {
        "api_key" | "token" => guest.credential = used_id.1,
        "session" => guest.session = used_id.1,
        _ => guest.id = used_id.1,
    }
    if w.chance.percent(25) {
        guest.org = host.clone();
    }
    w.now += 1_000_000;
    for _ in 0..w.chance.below(3) {
        w.later();
        let v = w.victim();
        let target = w.some_thing(&v);
        let mut deed = w.act(&guest, "read", target);
        deed.also = vec![v, host.clone()];
        w.emit(deed);
    }
    if w.chance.percent(25) {
        w.later();
        let cleaner = w.user(&host);
        let deed = w.act(&cleaner, "delete", thing);
        w.emit(deed);
        w.end(thing);
    }
}

/// Somebody acts as somebody else.
fn support(w: &mut World) {
    let customer = if w.chance.percent(60) { w.attacker() } else { w.anyone() };
    let mut who = w.user(&customer);
    let (by, org, truly) = match w.chance.below(5) {
        0 | 1 => ("sup_1".to_owned(), "vendor".to_owned(), "vendor".to_owned()),
        2 => ("sup_1".to_owned(), String::new(), "vendor".to_owned()),
        3 => {
            let a = w.attacker();
            let real = w.user(&a);
            (real.id, a.clone(), a)
        }
        _ => (String::new(), "vendor".to_owned(), "vendor".to_owned()),
    };
    who.kind = w.chance.pick(&["support", "staff", "user"]);
    who.by = Some((by, org));
    who.truly = truly;
    who.fragile = true;
    who.credential = String::new();
    who.session = String::new();
    let v = w.victim();
    let thing = w.some_thing(&v);
    let deed = w.act(&who, "read", thing);
    w.emit(deed);
}

/// One person, two organisations, a session for each.
fn two_homes(w: &mut World) {
    let a = w.attacker();
    let b = w.other(&a);
    for org in [a, b] {
        let session = format!("s_two_{org}");
        let who = Person {
            id: "u_two".into(),
            kind: "user",
            truly: org.clone(),
            session,
            fragile: true,
            org,
            ..Person::default()
        };
        let action = "user.login".to_owned();
        w.emit(Deed { who: who.clone(), action, kind: "session".into(), ..Deed::default() });
        w.now += 1_000_000;
        w.later();
        let v = w.victim();
        if w.honest && who.org != v && !w.is_attacker(&who.org) {
            continue;
        }
        let thing = w.some_thing(&v);
        let deed = w.act(&who, "read", thing);
        w.emit(deed);
    }
}

/// A third reads what is V's, in V's own log.
fn third_hand(w: &mut World) {
    let v = w.victim();
    let org = w.anyone();
    let mut who = w.user(&org);
    who.fragile = true;
    let thing = w.some_thing(&v);
    let deed = Deed { key: true, ..w.act(&who, "read", thing) };
    w.emit(deed);
}

/// Nobody is told: a system, or somebody whose name is missing.
fn nobody(w: &mut World) {
    let v = if w.chance.percent(60) { w.victim() } else { w.anyone() };
    let thing = w.some_thing(&v);
    let kind = w.chance.pick(&["", "system", "worker", "user"]);
    let who = Person { kind, ..Person::default() };
    let verb = w.chance.pick(&["read", "update", "list", "create", "delete"]);
    if w.honest && verb != "read" {
        return;
    }
    let deed = w.act(&who, verb, thing);
    w.emit(deed);
}

/// Somebody alters the audit log itself.
fn hands_on_the_log(w: &mut World) {
    let org = w.anyone();
    let who = w.user(&org);
    let kind = w.chance.pick(&["audit_log", "audit_trail", "audit_event"]);
    let action = format!("{kind}.{}", w.chance.pick(&["delete", "disable", "clear", "truncate", "update", "read"]));
    let owner = w.anyone();
    let outcome = w.chance.percent(20).then_some(("denied", Some(403)));
    w.emit(Deed { who, action, kind: kind.into(), owner, outcome, took: outcome.is_none(), ..Deed::default() });
}
