//! Lists, searches, exports, bulk changes, pages of a walk, and jobs.

use super::deeds::{Deed, class};
use super::world::{KINDS, Person, World};
use crate::oracle::method::bulk::digest;
use crate::oracle::method::targets::canonical_id;
use serde_json::{Value, json};

/// One bulk action, or the pages of a walk.
pub(crate) fn scene(w: &mut World) {
    let a = w.attacker();
    let who = w.user(&a);
    let owner = if w.chance.percent(75) { w.victim() } else { a };
    let verb = w.chance.pick(&["list", "list", "search", "export", "bulk_update", "read"]);
    let (kind, in_folder) = place(w);
    let parent = in_folder.then(|| w.folder(&owner));
    let all = living(w, &owner, kind, parent);
    if w.chance.percent(20) && verb == "list" {
        walk(w, &who, &owner, kind, &all);
        return;
    }
    let filtered = w.chance.percent(20);
    let matching: Vec<usize> = all.iter().copied().filter(|_| !filtered || w.chance.percent(60)).collect();
    let cut = if w.chance.percent(25) { w.chance.below(matching.len() + 1) } else { matching.len() };
    let mut deed = over(&who, verb, kind, &owner, parent, &matching[..cut]);
    if filtered {
        deed.more.push(("metadata.filter", "status=open".into()));
    }
    tell(w, &mut deed, &matching[..cut], matching.len());
    w.emit(deed.clone());
    if w.chance.percent(20) {
        w.later();
        w.emit(Deed { request: String::new(), ..deed });
    }
}

/// A type, and whether only one folder is looked at.
fn place(w: &mut World) -> (&'static str, bool) {
    let kind = w.chance.pick(&KINDS);
    (kind, kind == "file" && w.chance.percent(40))
}

/// The living things of a type, in a folder if one is named.
fn living(w: &World, owner: &str, kind: &str, parent: Option<usize>) -> Vec<usize> {
    (0..w.things.len())
        .filter(|i| {
            let t = &w.things[*i];
            t.alive && t.owner == owner && t.kind == kind && (parent.is_none() || t.parent == parent)
        })
        .collect()
}

/// A deed over many things.
fn over(who: &Person, verb: &str, kind: &str, owner: &str, parent: Option<usize>, things: &[usize]) -> Deed {
    Deed {
        who: who.clone(),
        action: format!("{kind}.{verb}"),
        kind: kind.to_owned(),
        owner: owner.to_owned(),
        parent,
        took: true,
        touched: things.iter().map(|t| (*t, class(verb))).collect(),
        ..Deed::default()
    }
}

/// How much the log tells of what was handed out.
fn tell(w: &mut World, deed: &mut Deed, things: &[usize], matching: usize) {
    let changes = deed.action.ends_with("update");
    let (list, count) = if changes {
        ("metadata.affected_ids", "metadata.affected_count")
    } else {
        ("metadata.returned_ids", "metadata.returned_count")
    };
    let n = i64::try_from(things.len()).unwrap();
    let style = w.chance.below(8);
    // Where a list names a record twice, its count covers every entry.
    let twice = style < 3 && !things.is_empty() && w.chance.percent(8);
    let n = n + i64::from(twice);
    if style <= 3 {
        let mut ids: Vec<Value> = things.iter().map(|t| w.spell(*t)).collect();
        if twice {
            ids.push(ids[0].clone());
        }
        if style == 3 {
            ids.truncate(w.chance.below(ids.len() + 1));
        }
        if w.chance.percent(10) {
            ids = ids.into_iter().map(|id| json!({ "id": id })).collect();
        }
        deed.more.push((list, ids.into()));
    }
    let count_told = if style == 3 && w.honest { 100 } else { 75 };
    if w.chance.percent(count_told) {
        deed.more.push((count, n.into()));
    }
    if w.chance.percent(35) {
        deed.more.push(("metadata.total_count", i64::try_from(matching).unwrap().into()));
    }
    if style == 4 {
        let ids = things.iter().map(|t| canonical_id(&w.things[*t].id)).collect();
        deed.more.push(("metadata.returned_hash", digest(&ids).into()));
    }
}

/// The pages of one walk, some of them read twice.
fn walk(w: &mut World, who: &Person, owner: &str, kind: &'static str, all: &[usize]) {
    let name = format!("walk-{}", w.number());
    for (n, page) in all.chunks(2).enumerate() {
        let mut deed = over(who, "list", kind, owner, None, page);
        deed.more.push(("metadata.page_of", name.clone().into()));
        deed.more.push(("metadata.cursor", format!("p{n}").into()));
        deed.more.push(("metadata.returned_count", i64::try_from(page.len()).unwrap().into()));
        if w.chance.percent(30) {
            deed.more.push(("metadata.total_count", i64::try_from(all.len()).unwrap().into()));
        }
        w.now += 1_000_000;
        let again = w.chance.percent(20);
        w.emit(deed.clone());
        if again {
            w.now += 1_000_000;
            w.emit(Deed { request: String::new(), ..deed });
        }
    }
}

/// A job: asked for, carried out by a worker, fetched.
pub(crate) fn job(w: &mut World) {
    let asker = if w.chance.percent(80) { w.attacker() } else { w.anyone() };
    let who = w.user(&asker);
    let owner = if w.chance.percent(80) { w.victim() } else { asker.clone() };
    let kind = w.chance.pick(&KINDS);
    let all = living(w, &owner, kind, None);
    let job = format!("job-{}", w.number());
    let named = ("metadata.job_id", Value::from(job));
    let mut ask = over(&who, "export", kind, &owner, None, &all);
    ask.more.push(named.clone());
    w.emit(ask);
    w.now += 1_000_000;
    w.later();
    let worker = Person {
        id: w.chance.pick(&["", "worker-1"]).to_owned(),
        kind: w.chance.pick(&["worker", "system", "job", ""]),
        truly: who.truly.clone(),
        ..Person::default()
    };
    let mut work = over(&worker, "export", kind, &owner, None, &all);
    work.more.push(named.clone());
    tell(w, &mut work, &all, all.len());
    w.emit(work);
    if w.chance.percent(60) {
        w.later();
        let fetcher = if w.chance.percent(70) || w.honest {
            who
        } else {
            let org = w.anyone();
            w.user(&org)
        };
        let thing = w.some_thing(&owner);
        let mut fetch = w.act(&fetcher, "download", thing);
        fetch.more.push(named);
        w.emit(fetch);
    }
}
