//! What happens: business as usual, reaching across, owners that change, what fails.

use super::deeds::Deed;
use super::world::{KINDS, World};
use super::{bulk_scenes, trust_scenes};
use serde_json::Value;

/// One scene.
pub(crate) fn scene(w: &mut World) {
    w.later();
    match w.chance.below(30) {
        0..=3 => business(w),
        4..=8 => reach(w),
        9 => creation(w),
        10..=11 => transfer(w),
        12 => second_life(w),
        13 => login(w),
        14..=15 if w.calm => reach(w),
        14..=15 => failing(w),
        16 => refused(w),
        17 => many_in_one_request(w),
        18 => retry(w),
        19 if !w.calm => phases(w),
        19..=23 => bulk_scenes::scene(w),
        24 => bulk_scenes::job(w),
        _ => trust_scenes::scene(w),
    }
}

/// Somebody works on what is his own.
fn business(w: &mut World) {
    let org = w.anyone();
    let who = w.user(&org);
    let thing = w.some_thing(&org);
    let verb = w.chance.pick(&["read", "read", "update", "edit", "view", "export"]);
    let deed = w.act(&who, verb, thing);
    w.emit(deed);
}

/// A reaches for V's things, or, where that leaves no doubt, for those of another.
fn reach(w: &mut World) {
    let a = w.attacker();
    let mut who = w.user(&a);
    let v = if w.chance.percent(85) { w.victim() } else { w.other(&a) };
    let thing = w.some_thing(&v);
    let verb = w.chance.pick(&["read", "read", "get", "export", "download", "update", "delete", "frobnicate", "read"]);
    let verb = if w.calm && verb == "frobnicate" { "read" } else { verb };
    if w.chance.percent(4) {
        who.kind = "api_key";
    }
    let mut deed = w.act(&who, verb, thing);
    if w.chance.percent(10) {
        deed.more.push(("metadata.suppressed_repeats", w.chance.between(1, 9).into()));
    }
    w.emit(deed);
    if verb == "delete" {
        w.end(thing);
    }
}

/// Somebody makes something, in his own place or in another's folder.
fn creation(w: &mut World) {
    let maker = w.anyone();
    let who = w.user(&maker);
    let inside = w.chance.percent(30).then(|| w.anyone());
    let owner = inside.clone().unwrap_or_else(|| maker.clone());
    let parent = inside.map(|org| w.folder(&org)).filter(|folder| w.things[*folder].owner == owner);
    if parent.is_none() && owner != maker {
        return;
    }
    let kind = if parent.is_some() { "file" } else { w.chance.pick(&KINDS) };
    let born = w.now;
    if parent.is_some_and(|p| w.honest && w.things[p].owner != maker) {
        // That the folder is its owner's must be known: he works on it, just before.
        let (folder, org) = (parent.unwrap(), owner.clone());
        let user = w.user(&org);
        let deed = Deed { key: true, ..w.act(&user, "create", folder) };
        w.emit(deed);
        w.later();
    }
    let thing = w.thing(kind, &owner, parent, Some(w.now.max(born)));
    let verb = w.chance.pick(&["create", "create", "import"]);
    let deed = Deed { key: true, ..w.act(&who, verb, thing) };
    w.emit(deed);
}

/// A thing changes hands: by the loser, the gainer, a third, or nobody known.
fn transfer(w: &mut World) {
    let from = w.anyone();
    let to = w.other(&from);
    let thing = w.some_thing(&from);
    let mover = match w.chance.below(6) {
        0..=2 => from.clone(),
        3 => to.clone(),
        4 => w.anyone(),
        _ => String::new(),
    };
    // Who takes or hands over what is not his has not shown whose it is; the truth is then unclear.
    let honest_mover = mover == from || (mover != to && !mover.is_empty() && !w.is_attacker(&mover));
    if w.honest && !honest_mover {
        return;
    }
    let who = if mover.is_empty() { super::world::Person::default() } else { w.user(&mover) };
    let mut deed = Deed { key: true, also: vec![from.clone(), to.clone()], ..w.act(&who, "transfer", thing) };
    deed.more.push(("metadata.from_org", from.into()));
    deed.more.push(("metadata.to_org", to.clone().into()));
    w.emit(deed);
    w.hand_over(thing, &to);
}

/// An id is deleted, and made again by whoever comes first.
fn second_life(w: &mut World) {
    let org = w.anyone();
    let thing = w.some_thing(&org);
    let killer = if w.chance.percent(75) { org.clone() } else { w.anyone() };
    if w.honest && killer != org {
        return;
    }
    let who = w.user(&killer);
    let deed = Deed { key: true, ..w.act(&who, "delete", thing) };
    w.emit(deed);
    w.end(thing);
    if w.chance.percent(70) {
        w.later();
        let heir = w.anyone();
        let who = w.user(&heir);
        let now = w.now;
        w.things[thing].spans.push((Some(now), None, heir.clone()));
        w.things[thing].owner = heir;
        w.things[thing].alive = true;
        w.things[thing].parent = None;
        let deed = Deed { key: true, ..w.act(&who, "create", thing) };
        w.emit(deed);
    }
}

/// Somebody logs in.
fn login(w: &mut World) {
    let org = w.anyone();
    let who = w.user(&org);
    let action = w.chance.pick(&["user.login", "user.login", "user.logout"]).to_owned();
    let outcome = w.chance.percent(15).then_some(("denied", Some(401)));
    w.emit(Deed { who, action, kind: "session".into(), outcome, ..Deed::default() });
}

/// Outcomes that leave a doubt, or none.
fn failing(w: &mut World) {
    let a = w.attacker();
    let who = w.user(&a);
    let v = w.victim();
    let thing = w.some_thing(&v);
    let verb = w.chance.pick(&["read", "export", "update", "delete", "frobnicate"]);
    let (word, status, reason, took) = w.chance.pick(&[
        ("failure", Some(504), "", true),
        ("failure", Some(500), "", false),
        ("failure", Some(408), "", true),
        ("failure", None, "upstream timeout", true),
        ("failure", Some(503), "deadline exceeded", false),
        ("failure", Some(422), "", false),
        ("failure", None, "", false),
        ("success", Some(403), "", true),
        ("denied", Some(200), "", true),
        ("", None, "", true),
        ("maybe", Some(200), "", true),
        ("failure", Some(200), "", true),
    ]);
    // A read that failed handed nothing out.
    let took = took && (verb != "read" || word != "failure" || status == Some(200));
    let mut deed = Deed { outcome: Some((word, status)), took, ..w.act(&who, verb, thing) };
    if !reason.is_empty() {
        deed.more.push((w.chance.pick(&["metadata.reason", "metadata.error"]), reason.into()));
    }
    w.emit(deed);
}

/// One refusal, or a row of guesses.
fn refused(w: &mut World) {
    let a = w.attacker();
    let who = w.user(&a);
    let v = w.anyone();
    let many = if w.chance.percent(20) { 22 } else { 1 };
    for n in 0..many {
        let thing = w.some_thing(&v);
        let mut deed = Deed { outcome: Some(("denied", Some(403))), took: false, ..w.act(&who, "read", thing) };
        if many > 1 {
            deed.on = None;
            deed.parent = None;
            deed.kind = "invoice".into();
            deed.action = "invoice.read".into();
            deed.more.push(("resource.id", Value::from(format!("guess_{n}"))));
        }
        if w.chance.percent(20) {
            deed.more.push(("metadata.suppressed_repeats", w.chance.between(0, 5).into()));
        }
        w.now += 1_000_000;
        w.emit(deed);
    }
}

/// One request on several records, one event each.
fn many_in_one_request(w: &mut World) {
    let a = w.attacker();
    let who = w.user(&a);
    let v = w.victim();
    let request = format!("rq-m{}", w.number());
    for _ in 0..2 + w.chance.below(3) {
        let thing = w.some_thing(&v);
        w.now += 100_000;
        let deed = Deed { request: request.clone(), ..w.act(&who, "read", thing) };
        let action = format!("{}.read", KINDS[0]);
        w.emit(Deed { action, ..deed });
    }
}

/// The same request twice.
fn retry(w: &mut World) {
    let a = w.attacker();
    let who = w.user(&a);
    let v = w.victim();
    let thing = w.some_thing(&v);
    let request = format!("rq-r{}", w.number());
    for _ in 0..2 {
        let deed = Deed { request: request.clone(), ..w.act(&who, "read", thing) };
        w.emit(deed);
        w.now += w.chance.between(900_000, 9_000_000);
    }
}

/// An intent, and perhaps its completion.
fn phases(w: &mut World) {
    let a = w.attacker();
    let who = w.user(&a);
    let v = w.victim();
    let thing = w.some_thing(&v);
    let verb = w.chance.pick(&["export", "update", "read"]);
    let request = format!("rq-p{}", w.number());
    let (word, status, took) =
        w.chance.pick(&[("success", None, true), ("failure", Some(504), true), ("denied", Some(403), false)]);
    let took = took && (verb != "read" || word == "success");
    let ends = w.chance.percent(75);
    let first = if !ends && word == "denied" { Some((word, status)) } else { None };
    let mut intent = Deed {
        request: request.clone(),
        took: took || (!ends && first.is_none()),
        outcome: first,
        ..w.act(&who, verb, thing)
    };
    intent.more.push(("metadata.phase", "intent".into()));
    w.emit(intent);
    if ends {
        w.now += w.chance.between(1_000_000, 60_000_000);
        let mut end = Deed { request, outcome: Some((word, status)), took, ..w.act(&who, verb, thing) };
        end.more.push(("metadata.phase", "completion".into()));
        w.emit(end);
    }
}
